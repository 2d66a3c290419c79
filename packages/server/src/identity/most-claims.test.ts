import assert from "node:assert/strict";
import { after, test } from "node:test";

import { openBrowserHub } from "../browser-hub.ts";

const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, query, call, customerOf, wait } = site;
const claimsOf = async (anonymousId: string): Promise<string[]> => {
  const visitor = await customerOf("anonymous_id", anonymousId);
  const statement = "select value from claimed_identifier where visitor_id = $1 order by value";
  return (await query<{ value: string }>(statement, [visitor])).map(({ value }) => value);
};
const claims = (anonymousId: string, from: number, count: number) =>
  Array.from({ length: count }, (_, n) => call("page", { anonymousId, userId: `claimed-${100 + from + n}` }));

test("of a visitor twenty claims are kept, the newest, and of its neighbours theirs", async () => {
  await hub.send(claims("few", 0, 3), "browser");
  for (let from = 0; from < 60; from += 15) {
    wait(1_000);
    await hub.send([...claims("many", from, 15), ...claims("few", 0, 3)], "browser");
  }
  const kept = await claimsOf("many");
  assert.equal(kept.length, 20);
  assert.ok(Array.from({ length: 15 }, (_, n) => `claimed-${145 + n}`).every((newest) => kept.includes(newest)));
  assert.deepEqual(await claimsOf("few"), ["claimed-100", "claimed-101", "claimed-102"]);
});

test("also when all of them come at once", async () => {
  await hub.send(claims("at-once", 0, 60), "browser");
  assert.equal((await claimsOf("at-once")).length, 20);
});
