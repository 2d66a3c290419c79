import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";

import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub({ rates: { browserKey: 10_000, serverKey: null, peer: 10_000, customer: 2 } });
});
after(() => hub.end());

async function passed(url: string, type: string, bodyOf: (index: number) => string): Promise<number> {
  let count = 0;
  for (let index = 0; index < 60; index++) {
    const authorization = `Basic ${Buffer.from(`${KEYS.browser}:`).toString("base64")}`;
    const headers = { authorization, "content-type": type };
    const { statusCode } = await hub.app.inject({ method: "POST", url, headers, payload: bodyOf(index) });
    if (statusCode < 300) count += 1;
  }
  await hub.idle();
  return count;
}

test("a visitor's limit counts ids with blanks around as one", async () => {
  const count = await passed("/v1/page", "application/json", (index) =>
    JSON.stringify({ anonymousId: `${" ".repeat(index)}loud` }),
  );
  assert.ok(count <= 20, String(count));
});
test("a visitor's limit counts ids that are kept as one by their broken letters as one", async () => {
  const count = await passed(
    "/v1/page",
    "application/json",
    (index) => `{"anonymousId":"broken\\ud8${(index + 16).toString(16)}"}`,
  );
  const { rows } = await hub.database.db.query(
    "select 1 from identifier where kind = 'anonymous_id' and value like 'broken%'",
  );
  assert.ok(count <= 20 || rows.length > 1, `${count} passed for ${rows.length} visitor`);
});
test("a visitor's limit holds for CloudEvents, too", async () => {
  const count = await passed("/cloudevents", "application/cloudevents+json", (index) =>
    JSON.stringify({
      ...{ specversion: "1.0", id: `c${index}`, source: "s", type: "Seen", data: { anonymousId: "cloudy" } },
    }),
  );
  assert.ok(count <= 20, String(count));
});
test("a customer's limit holds for proven visits of many anonymous ids", async () => {
  const { body } = await hub.call("GET", "/api/visitor-proof");
  const secret = (body as { secrets: { secret: string }[] }).secrets[0]?.secret ?? "";
  const userHash = createHmac("sha256", secret).update("many").digest("hex");
  const count = await passed("/v1/page", "application/json", (index) =>
    JSON.stringify({ anonymousId: `many-${index}`, userId: "many", context: { userHash } }),
  );
  assert.ok(count <= 20, String(count));
});

const many = (more: (index: number) => object) => (index: number) => JSON.stringify(more(index));
const hidden: [what: string, url: string, type: string, bodyOf: (index: number) => string][] = [
  ["who names an address alone", "/v1/identify", "json", many(() => ({ traits: { email: "alone@x.example" } }))],
  [
    "behind an attribute of a CloudEvent that nobody reads",
    "/cloudevents",
    "cloudevents+json",
    many((index) => ({
      ...{ specversion: "1.0", id: `h${index}`, source: "s", type: "Seen", data: { anonymousId: "h" } },
      anonymousId: `decoy-${index}`,
    })),
  ],
  [
    "behind a field of a call that nobody reads",
    "/v1/track",
    "json",
    many((index) => ({ userId: "hidden", event: "Seen", data: { anonymousId: `decoy-${index}` } })),
  ],
];
for (const [what, url, type, bodyOf] of hidden)
  test(`a visitor's limit holds for one ${what}`, async () => {
    assert.equal(await passed(url, `application/${type}`, bodyOf), 20);
  });

test("a proof that a batch's calls share counts for the customer's limit", async () => {
  const { body } = await hub.call("GET", "/api/visitor-proof");
  const secret = (body as { secrets: { secret: string }[] }).secrets[0]?.secret ?? "";
  const userHash = createHmac("sha256", secret).update("shared").digest("hex");
  const count = await passed(
    "/v1/batch",
    "application/json",
    many((index) => ({
      context: { userHash },
      batch: [{ type: "page", userId: "shared", anonymousId: `shared-${index}` }],
    })),
  );
  assert.equal(count, 20);
});

test("a batch larger than a visitor's whole limit passes once, and is waited for until it is paid", async () => {
  const large = many(() => ({ batch: Array.from({ length: 100 }, () => ({ type: "page", anonymousId: "large" })) }));
  const small = many(() => ({ anonymousId: "large" }));
  assert.equal(await passed("/v1/batch", "application/json", large), 1);
  for (let waited = 11; waited < 50; waited += 10) {
    hub.clock.moveTo(hub.clock.now() + 10_000);
    assert.equal(await passed("/v1/page", "application/json", small), 0, `after about ${waited} seconds`);
  }
  hub.clock.moveTo(hub.clock.now() + 11_000);
  assert.equal(await passed("/v1/page", "application/json", small), 20);
});

test("what a key or an address has no room for is refused before it is read", async () => {
  const narrow = await openTestHub({ rates: { browserKey: 10_000, serverKey: null, peer: 1, customer: 2 } });
  try {
    const send = (payload: string) => {
      const authorization = `Basic ${Buffer.from(`${KEYS.browser}:`).toString("base64")}`;
      const headers = { authorization, "content-type": "application/json" };
      return narrow.app.inject({ method: "POST", url: "/v1/batch", headers, payload });
    };
    const large = JSON.stringify({ batch: [{ type: "page", anonymousId: "n", name: "x".repeat(40_000) }] });
    assert.equal((await send(large)).statusCode, 400);
    await send(JSON.stringify({ batch: Array.from({ length: 10 }, () => ({ type: "page", anonymousId: "n" })) }));
    assert.equal((await send(large)).statusCode, 429);
  } finally {
    await narrow.end();
  }
});
