import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
  const who: [userId: string, traits: Record<string, unknown>][] = [
    ["A-42", { name: "Ann" }],
    ["0815-42 (b)", { name: "Bob" }],
    ["10-20", { name: "Cid" }],
    ["london", { name: "Dan", phone: "+442079460958" }],
    ["boston", { name: "Eve", phone: "+16175550143" }],
  ];
  await hub.send(who.map(([userId, traits]) => ({ type: "identify", userId, traits })));
});
after(() => hub.end());

const found = async (q: string): Promise<(string | null)[]> => {
  const { body } = await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`);
  return (body as { customers: { name: string | null }[] }).customers.map(({ name }) => name);
};

const searches: [q: string, name: string][] = [
  ["A-42", "Ann"],
  ["a-42", "Ann"],
  ["0815-42", "Bob"],
  ["0815-42 (b)", "Bob"],
  ["10-20", "Cid"],
  ["+44 20 7946 0958", "Dan"],
  ["+44 (0)20 7946-0958", "Dan"],
  ["0044 20 7946 0958", "Dan"],
  ["tel:+44-20-7946-0958", "Dan"],
  ["+4402079460958", "Dan"],
  ["+44 20", "Dan"],
  ["(617) 555-0143", "Eve"],
  ["617.555.0143", "Eve"],
  ["1 617 555 0143", "Eve"],
  ["+1\u200b6175550143", "Eve"],
];
for (const [q, name] of searches)
  test(`a search for ${JSON.stringify(q)} finds ${name}`, async () => assert.deepEqual(await found(q), [name]));
