import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compileCondition, conditionToSql } from "@rapport/engine/condition/index";

import { countSegment } from "../segment/index.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

async function post(url: string, payload: string): Promise<number> {
  const headers = { authorization: `Bearer ${hub.writeKey}`, "content-type": "application/json" };
  return (await hub.app.inject({ method: "POST", url, headers, payload })).statusCode;
}

const count = async (q: string) => {
  const { body } = await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`);
  return (body as { customers: { events: number }[] }).customers[0]?.events ?? 0;
};
/** How many events were applied, and how many set aside. */
async function kept(): Promise<number> {
  const { rows } = await hub.database.db.query<{ kept: number }>(
    "select (select count(*) from event) + (select count(*) from dead_letter) as kept",
  );
  return rows[0]?.kept ?? 0;
}

const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const call = (fields: string) => `{"type":"track","userId":"poison","event":"Seen",${fields}}`;

/** Everything but what is 400 at once is either applied or set aside with its reason: nothing vanishes. */
const poisons: [what: string, body: string, status: 200 | 400][] = [
  ["a string of 10 MB", call(`"properties":{"x":"${"x".repeat(10_000_000)}"}`), 400],
  ["lists 10,000 deep", call(`"properties":{"x":${deep(10_000)}}`), 200],
  ["objects 3,000 deep", call(`"properties":${'{"a":'.repeat(3_000)}1${"}".repeat(3_000)}`), 200],
  ["traits 10,000 deep", `{"type":"identify","userId":"poison","traits":{"x":${deep(10_000)}}}`, 200],
  ["a type of an object's own", '{"type":"constructor","userId":"poison"}', 200],
  ["a lone surrogate", call('"properties":{"x":"\\ud800"}'), 200],
  [
    "a lone surrogate as a trait and its name",
    '{"type":"identify","userId":"poison","traits":{"\\ud800":"\\udfff"}}',
    200,
  ],
  ["a lone surrogate as the user id", '{"type":"track","userId":"poi\\ud800son","event":"Seen"}', 200],
  ["a lone surrogate as the event's name", '{"type":"track","userId":"poison","event":"Se\\udfffen"}', 200],
  ["a NUL in a value", call('"properties":{"x":"a\\u0000b"}'), 200],
  [
    "a NUL as a trait and its name",
    '{"type":"identify","userId":"poison","traits":{"\\u0000":"\\u0000","name":"a\\u0000b"}}',
    200,
  ],
  ["a NUL in the user id", '{"type":"track","userId":"poi\\u0000son","event":"Seen"}', 200],
  ["a NUL in the message id", call('"messageId":"a\\u0000b"'), 200],
  ["a NUL in the event's name", '{"type":"track","userId":"poison","event":"Se\\u0000en"}', 200],
  [
    "__proto__",
    call(
      '"__proto__":{"admin":true},"properties":{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
    ),
    200,
  ],
  [
    "__proto__ as a trait",
    '{"type":"identify","userId":"poison","traits":{"__proto__":{"admin":true},"constructor":1}}',
    200,
  ],
  ["__proto__ as the event's name", '{"type":"track","userId":"poison","event":"__proto__"}', 200],
  ["__proto__ as the user id", '{"type":"track","userId":"__proto__","event":"Seen"}', 200],
  ["1e400", call('"properties":{"x":1e400,"y":-1e400}'), 200],
  ["a number of 30,000 digits", call(`"properties":{"x":${"9".repeat(30_000)}}`), 200],
  ["a duplicate key", call('"userId":"poison","userId":"poison"'), 200],
  ["a byte order mark", `\ufeff${call('"properties":{}')}`, 200],
];

for (const [index, [what, body, status]] of poisons.entries()) {
  test(`${what} stops nobody: it is refused, applied or set aside, and the same customer's next event is applied`, async () => {
    const before = await kept();
    const answered = await post("/v1/track", body);
    assert.ok(answered === status || (what.includes("byte order") && answered === 400), String(answered));
    await hub.idle();
    assert.equal(await post("/v1/track", `{"userId":"after-${index}","event":"Seen"}`), 200);
    assert.equal(await post("/v1/batch", `{"batch":[{"type":"track","userId":"poison","event":"Next"}]}`), 200);
    await hub.idle();
    assert.equal(await count(`after-${index}`), 1);
    assert.equal((await kept()) - before, answered === 200 ? 3 : 2);
    assert.equal(({} as { admin?: boolean }).admin, undefined);
  });
}

/** `{"a":{"a":…}}`, too deep to be written out by recursion. */
const deepest = `${'{"a":'.repeat(40_000)}1${"}".repeat(40_000)}`;
for (const [what, url, body, headers] of [
  ["a call of a batch", "/v1/batch", `{"batch":[${call(`"properties":${deepest}`)}]}`, {}],
  ["what a batch shares", "/v1/batch", `{"batch":[${call('"properties":{}')}],"context":${deepest}}`, {}],
  ["the batch's other fields", "/v1/batch", `{"batch":[${call('"properties":{}')}],"more":${deepest}}`, {}],
  ["its time", "/v1/batch", `{"batch":[${call('"properties":{}')}],"sentAt":${deepest}}`, {}],
  [
    "a CloudEvent's data",
    "/cloudevents",
    `{"specversion":"1.0","id":"deep","source":"s","type":"t","subject":"poison","data":${deepest}}`,
    { "content-type": "application/cloudevents+json" },
  ],
  [
    "the body of a CloudEvent in binary",
    "/cloudevents",
    deepest,
    { "ce-specversion": "1.0", "ce-id": "deep-binary", "ce-source": "s", "ce-type": "t", "ce-subject": "poison" },
  ],
  ["a webhook", "/v1/webhook?writeKey=KEY", deepest, {}],
] as const)
  for (const strict of ["0", "1"])
    test(`${what} too deep to be written out is refused or set aside, and stops nobody (strict: ${strict})`, async () => {
      const { statusCode } = await hub.app.inject({
        method: "POST",
        url: url.replace("KEY", hub.writeKey),
        headers: {
          authorization: `Bearer ${hub.writeKey}`,
          "content-type": "application/json",
          "x-strict-mode": strict,
          ...headers,
        },
        payload: body,
      });
      assert.ok(statusCode === 200 || statusCode === 400, String(statusCode));
      await hub.idle();
      const name = `after-deep-${what.replaceAll(/\W/g, "-")}-${strict}`.toLowerCase();
      assert.equal(await post("/v1/track", JSON.stringify({ userId: name, event: "Seen" })), 200);
      await hub.idle();
      assert.equal(await count(name), 1);
    });

test("all of it in one batch harms none of its neighbours", async () => {
  const calls = poisons
    .filter(([, body]) => body.length < 32_000 && !body.startsWith("\ufeff"))
    .map(([, body]) => body);
  const good = (n: number) => `{"type":"track","userId":"bystander","event":"Seen","messageId":"bystander-${n}"}`;
  assert.equal(await post("/v1/batch", `{"batch":[${good(1)},${calls.join(",")},${good(2)}]}`), 200);
  await hub.idle();
  assert.equal(await count("bystander"), 2);
});

test("a write key in a body that is refused is told by no letter", async () => {
  const { writeKey } = hub;
  const bodies = [
    { userId: "keyed", event: "Paid", properties: "wrong" },
    { batch: [{ type: "track", userId: "keyed", event: "reply" }, 3] },
  ].map((body) => JSON.stringify({ ...body, writeKey }));
  bodies.push(`{"writeKey":"${writeKey}","userId":"keyed","event":"Paid","properties":{"x":${deep(3_000)}}}`);
  for (const payload of bodies) {
    const headers = { "content-type": "application/json" };
    const { statusCode } = await hub.app.inject({
      method: "POST",
      url: payload.includes("batch") ? "/v1/batch" : "/v1/track",
      headers,
      payload,
    });
    assert.equal(statusCode, 200);
    await hub.idle();
  }
  const { rows } = await hub.database.db.query<{ body: Buffer }>("select body from dead_letter where body is not null");
  assert.ok(rows.length > 2);
  assert.deepEqual(
    rows.map(({ body }) => body.toString("utf8")).filter((text) => text.includes(writeKey)),
    [],
  );
});

test("ids that no column can keep are known by their hashes: one request of them makes no letter", async () => {
  const letters = async () => (await hub.database.db.query("select 1 from dead_letter")).rows.length;
  const before = await letters();
  const calls = Array.from({ length: 50 }, (_, n) => ({
    type: "page",
    anonymousId: "odd-ids",
    messageId: `\u0000${n}`,
  }));
  for (let twice = 0; twice < 2; twice++) assert.equal(await post("/v1/batch", JSON.stringify({ batch: calls })), 200);
  await hub.idle();
  assert.deepEqual([await letters(), await count("odd-ids")], [before, 50]);
});

test("half an emoji is kept as the sign for what is no letter, and the timeline can be read by kind and channel", async () => {
  const half = '"cut \\ud83d","\\ude00 cut":"whole \\ud83d\\ude00 and \\\\ud83d"';
  const body = `{"userId":"halved","event":"Seen","properties":{"x":${half}},"context":{"y":${half}}}`;
  assert.equal(await post("/v1/track", body), 200);
  await hub.idle();
  const { body: found } = await hub.call("GET", "/api/customers?q=halved");
  const id = (found as { customers: { customerId: string }[] }).customers[0]?.customerId;
  for (const only of ["", "?kind=track", "?channel=server"]) {
    const { status, body: page } = await hub.call("GET", `/api/customers/${id}/timeline${only}`);
    assert.equal(status, 200);
    assert.deepEqual((page as { events: { properties: unknown }[] }).events[0]?.properties, {
      x: "cut \ufffd",
      "\ufffd cut": "whole 😀 and \\ud83d",
    });
  }
});

test("what PostgreSQL's JSON refuses in one customer's traits breaks no segment's count, no search and no neighbour", async () => {
  const traits = [
    '"\\ud83d cut"',
    '"a\\u0000b"',
    "1e400",
    "-1e-400",
    '{"\\udfff":["\\ud83d"]}',
    '"\\\\u0000"',
    '"\\\\ud83d"',
  ];
  const calls = traits.map((odd, n) => `{"type":"identify","userId":"odd-${n}","traits":{"odd":${odd},"plan":"rare"}}`);
  calls.push('{"type":"identify","userId":"even","traits":{"odd":"no","plan":"rare"}}');
  assert.equal(await post("/v1/batch", `{"batch":[${calls.join(",")}]}`), 200);
  await hub.idle();
  for (const [condition, customers] of [
    ['traits.plan == "rare"', calls.length],
    ['traits.plan == "rare" && traits.odd == "no"', 1],
    ['traits.plan == "rare" && traits.odd > 5', 0],
  ] as const) {
    const compiled = compileCondition(condition);
    assert.ok(compiled.kind === "condition");
    const sql = conditionToSql(compiled.condition, { features: [], now: hub.clock.now(), firstParameter: 1 });
    assert.ok(!("message" in sql));
    assert.equal((await countSegment(hub.database.db, sql)).members, customers);
  }
  for (const n of calls.keys()) assert.equal(await count(n < traits.length ? `odd-${n}` : "even"), 1);
  assert.equal((await hub.call("GET", `/api/customers?q=${encodeURIComponent("cut \ufffd")}`)).status, 200);
});
