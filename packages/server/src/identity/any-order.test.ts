import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";

import { rebuildProfiles } from "../partition/index.ts";
import { openTestHub, type TestHub } from "../test-hub.ts";
import { aSmallPack } from "./a-small-pack.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
  await hub.scenarios.install(aSmallPack);
});
after(() => hub.end());

const START = Date.UTC(2026, 5, 1);
type Call = Record<string, unknown>;

/** Few identifiers, so that they meet often. */
const aCall: fc.Arbitrary<Call> = fc
  .record({
    user: fc.option(fc.constantFrom("u1", "u2", "u3"), { nil: null, freq: 2 }),
    browser: fc.option(fc.constantFrom("b1", "b2", "b3"), { nil: null, freq: 2 }),
    email: fc.option(fc.constantFrom("e1", "e2"), { nil: null, freq: 1 }),
    previous: fc.option(fc.constantFrom("u1", "u2", "u3"), { nil: null, freq: 8 }),
    minute: fc.integer({ min: 0, max: 20_000 }),
    amount: fc.integer({ min: 1, max: 9 }),
  })
  .filter(({ user, browser }) => user !== null || browser !== null)
  .map(({ user, browser, email, previous, minute, amount }): Call => {
    const who = { userId: user ?? undefined, anonymousId: browser ?? undefined };
    const timestamp = new Date(START + minute * 60_000).toISOString();
    if (user && previous && previous !== user) return { type: "alias", userId: user, previousId: previous, timestamp };
    if (email) return { type: "identify", ...who, traits: { email, plan: `p${amount}` }, timestamp };
    return { type: "track", ...who, event: "Seen", properties: { amount, item: `i${amount % 3}` }, timestamp };
  });

const aStory = fc.array(aCall, { minLength: 2, maxLength: 14 }).chain((calls) =>
  fc.record({
    calls: fc.constant(calls),
    order: fc.shuffledSubarray(
      calls.map((_, index) => index),
      { minLength: calls.length },
    ),
    cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: calls.length, maxLength: calls.length }),
  }),
);

/** The calls about people of a town of their own: their names begin with the prefix. */
function inTown(prefix: string, calls: Call[]): Call[] {
  return calls.map((call, index) => {
    const own = (value: unknown) => (typeof value === "string" ? `${prefix}-${value}` : undefined);
    const traits = call.traits as { email: string } | undefined;
    return {
      ...call,
      userId: own(call.userId),
      anonymousId: own(call.anonymousId),
      previousId: own(call.previousId),
      ...(traits ? { traits: { ...traits, email: `${prefix}-${traits.email}@town.example` } } : {}),
      messageId: `${prefix}-m${String(index).padStart(2, "0")}`,
    };
  });
}

/** Who is who in a town, and what is known of each: customers named by their identifiers, the town's name left out. */
async function peopleOf(prefix: string): Promise<unknown[]> {
  const { rows } = await hub.database.db.query<{ keys: string[]; state: { customerId: string } }>(
    `select array_agg(kind || ':' || value order by kind, value) as keys, c.state::json
       from identifier i join customer c using (customer_id)
      where value like $1 group by c.partition, c.customer_id, c.state order by 1`,
    [`${prefix}-%`],
  );
  return rows.map(({ keys, state: { customerId: _, ...state } }) =>
    JSON.parse(JSON.stringify({ keys, state }).replaceAll(prefix, "town")),
  );
}

test("any order of the same events, in any batches, gives the same customers and the same profiles", async () => {
  let towns = 0;
  await fc.assert(
    fc.asyncProperty(aStory, async ({ calls, order, cuts }) => {
      towns += 1;
      const [first, second] = [`t${100 + towns}a`, `t${100 + towns}b`];
      await hub.send(inTown(first, calls));

      const shuffled = order.map((index) => inTown(second, calls)[index] as Call);
      for (let start = 0, turn = 0; start < shuffled.length; turn++) {
        const end = start + (cuts[turn] ?? 1);
        await hub.send(shuffled.slice(start, end));
        start = end;
      }
      assert.deepEqual(await peopleOf(second), await peopleOf(first));
    }),
    { numRuns: 30, endOnFailure: true },
  );
  const { customers, differences } = await rebuildProfiles(
    { db: hub.database.db, model: hub.scenarios.model, now: hub.clock.now },
    false,
  );
  assert.ok(customers > 30);
  assert.deepEqual(differences, []);
});
