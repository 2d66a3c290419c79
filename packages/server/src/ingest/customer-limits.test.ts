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
