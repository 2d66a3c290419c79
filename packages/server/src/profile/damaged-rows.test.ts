import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { CustomerList, Timeline } from "@rapport/contract/api";

import { openTestHub, type TestHub } from "../test-hub.ts";

/** What PostgreSQL's operators for JSON refuse, as it may stand in rows from before it was kept out. */
const HALF = "\\ud83d";
let hub: TestHub;
let id: string;
before(async () => {
  hub = await openTestHub();
  await hub.send([
    { type: "identify", userId: "ann", traits: { email: "ann@town.example" }, messageId: "1" },
    { type: "track", userId: "ann", event: "Seen", properties: { x: "MARK" }, messageId: "2" },
  ]);
  const { db } = hub.database;
  await db.query("update event set body = replace(body, 'MARK', $1)", [HALF]);
  await db.query("update identity_cluster set graph = replace(graph::text, '\"merges\"', $1)::json", [
    `"${HALF}":null,"merges"`,
  ]);
  const { body } = await hub.call("GET", "/api/customers?q=ann");
  id = (body as CustomerList).customers[0]?.customerId ?? "";
});
after(() => hub.end());

test("a customer with half a character among the identifiers is found by another of them", () => {
  assert.match(id, /^[0-9a-f-]{36}$/);
});

test("an event with half a character in it hides no view of its timeline", async () => {
  for (const [asked, names] of [
    ["", ["Seen", "identify"]],
    ["?kind=track", ["Seen"]],
    ["?channel=web", []],
    ["?kind=identify", ["identify"]],
  ] as const) {
    const { status, body } = await hub.call("GET", `/api/customers/${id}/timeline${asked}`);
    assert.equal(status, 200, asked);
    assert.deepEqual((body as Timeline).events.map(({ name }) => name).toSorted(), names, asked);
  }
});
