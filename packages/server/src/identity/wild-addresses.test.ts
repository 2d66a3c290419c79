import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

const holderOf = async (kind: string, value: string): Promise<string | undefined> => {
  const statement = "select customer_id as id from identifier where kind = $1 and value = $2";
  return (await hub.database.db.query<{ id: string }>(statement, [kind, value])).rows[0]?.id;
};
const identify = (userId: string, traits: Record<string, unknown>) => hub.send([{ type: "identify", userId, traits }]);

test("a number without a country is one of the customer's country, in any form, and else of the company's", async () => {
  await identify("london", { phone: "020 7946 0958", country: "United Kingdom" });
  assert.equal(await holderOf("phone", "+442079460958"), await holderOf("user_id", "london"));
  await identify("berlin", { phone: "tel:0171 1234567", address: { country: "de" } });
  assert.equal(await holderOf("phone", "+491711234567"), await holderOf("user_id", "berlin"));
  await identify("boston", { phone: 6175550143 });
  assert.equal(await holderOf("phone", "+16175550143"), await holderOf("user_id", "boston"));
  await identify("london-by-plus", { phone: "+4402079460960" });
  assert.equal(await holderOf("phone", "+442079460960"), await holderOf("user_id", "london-by-plus"));
});

test("an address with invisible characters is the one that people see", async () => {
  await identify("seen", { email: "se\u200ben@town.example" });
  assert.equal(await holderOf("email", "seen@town.example"), await holderOf("user_id", "seen"));
});

test("an address that looks like another's joins nobody, and a call that has no other name says so", async () => {
  await identify("true-ann", { email: "ann.true@town.example" });
  await hub.send([{ type: "identify", anonymousId: "null", traits: { email: "аnn.true@town.example" } }]);
  const { letters } = (await hub.call("GET", "/api/dead-letters")).body as { letters: { reason: string }[] };
  assert.match(letters[0]?.reason ?? "", /none of the identifiers identifies anybody: anonymous_id, email/);
});
