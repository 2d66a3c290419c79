import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { type ImportingHub, openImportingHub } from "../importing-hub.ts";
import type { TestHub } from "../test-hub.ts";

let importing: ImportingHub;
let hub: TestHub;
before(async () => {
  importing = await openImportingHub();
  hub = importing.hub;
});
after(() => importing.end());

async function post(path: string, payload: string, type = "application/json"): Promise<number> {
  const headers = { authorization: `Bearer ${hub.writeKey}`, "content-type": type };
  const answer = await hub.app.inject({ method: "POST", url: path, headers, payload });
  await hub.idle();
  return answer.statusCode;
}

const importFile = async (name: string, content: string): Promise<number> =>
  (await importing.run(importing.aFile(name, content))).code;

type Found = { customerId: string; name: string | null };
const customers = async (q: string) =>
  ((await hub.call("GET", `/api/customers?q=${q}`)).body as { customers: Found[] }).customers;

/** Both have a customer, and not the same one. */
async function assertTwo(one: string, other: string): Promise<void> {
  const [[first], [second]] = [await customers(one), await customers(other)];
  assert.ok(first && second, "each id has a customer");
  assert.notEqual(first.customerId, second.customerId);
}

const doors: [door: string, send: (one: string, other: string) => Promise<unknown>][] = [
  [
    "a single call",
    async (...ids) => {
      for (const id of ids) await post("/v1/identify", `{"userId":${id},"traits":{}}`);
    },
  ],
  [
    "a batch",
    (one, other) =>
      post("/v1/batch", `{"batch":[{"type":"identify","userId":${one}},{"type":"identify","userId": ${other}}]}`),
  ],
  [
    "CloudEvents",
    (one, other) =>
      post(
        "/cloudevents",
        `[${[one, other].map((id) => `{"specversion":"1.0","id":"${id}","source":"/s","type":"t","data":{"userId":${id}}}`).join()}]`,
        "application/cloudevents-batch+json",
      ),
  ],
  [
    "a webhook",
    (one, other) => post(`/v1/webhook?writeKey=${hub.writeKey}`, `[{"userId":${one}},{"user_id":${other}}]`),
  ],
  [
    "an NDJSON file",
    (one, other) =>
      importFile("long.ndjson", `{"type":"identify","userId":${one}}\n{"type":"identify","userId":${other}}\n`),
  ],
  ["a CSV file", (one, other) => importFile("long.csv", `userId\n${one}\n${other}\n`)],
];
for (const [index, [door, send]] of doors.entries())
  test(`two ids beyond 2^53 that ${door} says as numbers are two customers`, async () => {
    const [one, other] = [`90071992547409${index}93`, `90071992547409${index}92`];
    await send(one, other);
    await assertTwo(one, other);
  });

test("an alias from a long number joins the customer it names, and not the neighbour", async () => {
  await post("/v1/identify", '{"userId":12345678901234567891}');
  await post("/v1/identify", '{"userId":12345678901234567892}');
  await post("/v1/alias", '{"previousId":12345678901234567891,"userId":"alias-of-long"}');
  await assertTwo("12345678901234567891", "12345678901234567892");
  const [[joined], [named]] = [await customers("12345678901234567891"), await customers("alias-of-long")];
  assert.equal(joined?.customerId, named?.customerId);
});

test("a long number among traits keeps its digits", async () => {
  await post("/v1/identify", '{"userId":"long-trait","traits":{"card":9007199254740993}}');
  const [found] = await customers("long-trait");
  const { body } = await hub.call("GET", `/api/customers/${found?.customerId}`);
  assert.match(JSON.stringify(body), /"9007199254740993"/);
});

test("an id written with an exponent names nobody, and is told why", async () => {
  await post("/v1/identify", '{"userId":9.00719925474099e+22}');
  assert.deepEqual(await customers("9.00719925474099e%2B22"), []);
  const { letters } = (await hub.call("GET", "/api/dead-letters")).body as { letters: { reason: string }[] };
  assert.match(letters[0]?.reason ?? "", /userId: must be text: a number with an exponent/);
});
