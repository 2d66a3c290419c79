import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

async function post(headers: Record<string, string>, body: string) {
  const answer = await hub.app.inject({
    method: "POST",
    url: "/cloudevents",
    headers: { authorization: `Bearer ${hub.writeKey}`, ...headers },
    payload: body,
  });
  await hub.idle();
  return { status: answer.statusCode, body: answer.body === "" ? null : JSON.parse(answer.body) };
}

type Told = { id: string; name: string; at: number; properties: Record<string, unknown> };
async function timeline(q: string): Promise<Told[]> {
  const { body } = await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`);
  const [found] = (body as { customers: { customerId: string }[] }).customers;
  if (!found) return [];
  return ((await hub.call("GET", `/api/customers/${found.customerId}/timeline`)).body as { events: Told[] }).events;
}

const anEvent = (more: Record<string, unknown> = {}) => ({
  specversion: "1.0",
  id: "1",
  source: "/billing",
  type: "invoice.paid",
  subject: "cloud-ann",
  data: { total: 12 },
  ...more,
});
const STRUCTURED = { "content-type": "application/cloudevents+json" };
const BATCH = { "content-type": "application/cloudevents-batch+json" };

test("a structured event becomes an event of its subject", async () => {
  assert.equal((await post(STRUCTURED, JSON.stringify(anEvent()))).status, 202);
  const [event] = await timeline("cloud-ann");
  assert.deepEqual([event?.name, event?.properties], ["invoice.paid", { total: 12 }]);
});

test("the same source and id are one event; another source is another", async () => {
  const twice = anEvent({ subject: "cloud-twice", id: "2" });
  await post(BATCH, JSON.stringify([twice, twice]));
  await post(STRUCTURED, JSON.stringify(twice));
  await post(STRUCTURED, JSON.stringify({ ...twice, source: "/shop" }));
  assert.equal((await timeline("cloud-twice")).length, 2);
});

test("a binary event's attributes are its headers, percent-encoded", async () => {
  const headers = {
    "ce-specversion": "1.0",
    "ce-id": "3",
    "ce-source": "/shop",
    "ce-type": "%D0%BE%D0%BF%D0%BB%D0%B0%D1%82%D0%B0",
    "ce-subject": "cloud-binary",
    "ce-time": "2026-06-01T10:00:00Z",
  };
  assert.equal((await post({ ...headers, "content-type": "application/json" }, '{"total":1}')).status, 202);
  const [event] = await timeline("cloud-binary");
  assert.deepEqual([event?.name, event?.at], ["оплата", Date.UTC(2026, 5, 1, 10)]);
});

const wrong: [field: string, more: Record<string, unknown>][] = [
  ["specversion", { specversion: "0.3" }],
  ["id", { id: undefined }],
  ["source", { source: "" }],
  ["type", { type: 7 }],
  ["time", { time: "yesterday" }],
  ["subject", { subject: undefined }],
];
for (const [field, more] of wrong) {
  test(`a CloudEvent with a wrong ${field} is 400, and says so`, async () => {
    const { status, body } = await post(STRUCTURED, JSON.stringify(anEvent(more)));
    assert.deepEqual([status, body.errors[0].field], [400, field]);
  });
}

test("an event is taken up to the 64 KB that every receiver should take, and no larger", async () => {
  const sized = (id: string, size: number) => anEvent({ id, data: { userId: "sized", x: "x".repeat(size) } });
  assert.equal((await post(STRUCTURED, JSON.stringify(sized("fits", 65_000)))).status, 202);
  assert.equal((await post(STRUCTURED, JSON.stringify(sized("too large", 66_000)))).status, 400);
  const batch = JSON.stringify([sized("beside", 10), sized("too large in a batch", 66_000)]);
  assert.equal((await post(BATCH, batch)).status, 202, "in a batch it is set aside, and its neighbours are kept");
});

const DATA = process.env.RAPPORT_DATA ?? join(import.meta.dirname, "../../../../../shared/data");
const FEATURE = join(DATA, "cloudevents/features/http-protocol-binding.feature");
const missing = existsSync(FEATURE) ? false : `${FEATURE} is absent (set RAPPORT_DATA)`;

test("the specification's own conformance scenarios for HTTP hold", { skip: missing }, async () => {
  const scenarios = scenariosOf(readFileSync(FEATURE, "utf8"));
  assert.equal(scenarios.length, 4);
  for (const [index, { request, data }] of scenarios.entries()) {
    const { headers, body } = partsOf(request);
    // The hub must be told whom an event is about, which the scenarios leave open; and one id counts once.
    const who = `conformance-${index}`;
    const isBinary = headers["ce-id"] !== undefined;
    const given = isBinary
      ? { headers: { ...headers, "ce-subject": who, "ce-id": who }, body }
      : { headers, body: JSON.stringify({ ...JSON.parse(body), subject: who, id: who }) };
    assert.equal((await post(given.headers, given.body)).status, 202, request);
    const [event] = await timeline(who);
    assert.deepEqual(
      [event?.id.replace(/^[^/]*\//, ""), event?.name, event?.at, event?.properties],
      [`["/mycontext/subcontext","${who}"]`, "com.example.someevent", Date.UTC(2018, 3, 5, 3, 56, 24), data],
    );
  }
});

/** The Gherkin outlines, each filled with each of its examples: the request given, and the data expected of it. */
function scenariosOf(feature: string): { request: string; data: unknown }[] {
  return feature
    .split("Scenario Outline:")
    .slice(1)
    .flatMap((outline) => {
      const [request = "", data = "null"] = [...outline.matchAll(/"""\n([\s\S]*?)"""/g)].map((match) => match[1] ?? "");
      const examples = (outline.split("Examples:")[1] ?? "").split("\n").slice(2);
      const types = examples.flatMap((row) => row.match(/\|\s*(.*?)\s*\|/)?.[1] ?? []);
      return types.map((type) => ({ request: request.replaceAll("<contentType>", type), data: JSON.parse(data) }));
    });
}

function partsOf(request: string): { headers: Record<string, string>; body: string } {
  const [head = "", ...body] = request.replaceAll(/^ {8}/gm, "").split("\n\n");
  const lines = head.split("\n").slice(1);
  const headers = Object.fromEntries(
    lines.flatMap((line) => {
      const colon = line.indexOf(":");
      const name = line.slice(0, colon).trim().toLowerCase();
      return ["host", "content-length", ""].includes(name) ? [] : [[name, line.slice(colon + 1).trim()]];
    }),
  );
  return { headers, body: body.join("\n\n") };
}
