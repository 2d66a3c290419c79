import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { countWaiting } from "../../ingest/index.ts";
import { fromInboxBody } from "../../partition/index.ts";
import { openTestDatabase, type TestDatabase } from "../../platform/test-database.ts";
import type { Resolver } from "../resolver.ts";
import { acceptCalls, loneResolver, resolverLease } from "../lone-resolver.ts";

let database: TestDatabase;
let resolver: Resolver;
beforeEach(async () => {
  database = await openTestDatabase();
  await begin();
});
afterEach(() => database.drop());

async function begin(): Promise<void> {
  const lease = await resolverLease(database.db);
  resolver = loneResolver({ db: database.db, lease: () => lease });
}

type Call = Record<string, unknown>;
const accept = (batch: Call[]) => acceptCalls(database.db, batch, Date.UTC(2026, 5, 10));

const AT = new Date(Date.UTC(2026, 5, 9)).toISOString();
/** Each links the hot customer with one more identifier, up to the limit of a cluster and beyond. */
const hot = (n: number): Call => ({
  type: "identify",
  userId: "hot",
  anonymousId: `hot-${n}`,
  messageId: `hot-${String(n).padStart(4, "0")}`,
  timestamp: AT,
});
const neighbour = (n: number): Call => ({
  type: "identify",
  userId: `near-${n}`,
  anonymousId: `near-a-${n}`,
  messageId: `near-${n}`,
  timestamp: AT,
});
const many = <T>(count: number, one: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => one(n));

/** Ids of the events that were given to partitions, in that order. */
async function handedOn(): Promise<string[]> {
  const { rows } = await database.db.query<{ body: Buffer }>("select body from inbox order by position");
  return rows.flatMap((row) =>
    fromInboxBody(row.body).flatMap((item) => (item.kind === "event" ? [item.event.id] : [])),
  );
}
async function holders(): Promise<unknown[]> {
  const { rows } = await database.db.query(
    'select kind, value, customer_id from identifier order by kind, value collate "C"',
  );
  return rows;
}
async function all(): Promise<number> {
  let rounds = 0;
  while ((await resolver.resolveOnce()) !== null) rounds += 1;
  return rounds;
}
const ids = (calls: Call[]) => calls.map((call) => call.messageId as string).sort();

test("a customer that costs too much work is taken aside: whoever came behind it is resolved first, and it is resolved later", async () => {
  const storm = many(400, hot);
  const others = many(20, neighbour);
  await accept([...storm, ...others]);
  await resolver.resolveOnce();

  const first = await handedOn();
  assert.deepEqual(first.filter((id) => id.startsWith("near")).sort(), ids(others));
  const aside = (await countWaiting(database.db)).events;
  assert.equal(first.length + aside, 420, "nothing is lost");
  assert.ok(aside > 200, `${aside} are aside`);

  await all();
  assert.deepEqual((await handedOn()).sort(), ids([...storm, ...others]));
  assert.deepEqual(await countWaiting(database.db), { batches: 0, events: 0, oldest: null });
});

test("while something of it is aside, news of it goes there, too, and others are still resolved at once", async () => {
  await accept(many(300, hot));
  await resolver.resolveOnce();
  const before = (await handedOn()).length;
  await accept([...many(60, (n) => hot(300 + n)), neighbour(1)]);
  await resolver.resolveOnce();

  const fresh = (await handedOn()).slice(before);
  assert.ok(fresh.includes("near-1"));
  assert.deepEqual(
    fresh.filter((id) => id >= "hot-0300" && id < "hot-9"),
    [],
  );
});

test("who is who comes out the same whether it came at once or a few at a time", async () => {
  const storm = [...many(260, hot), { type: "alias", previousId: "hot-7", userId: "other", messageId: "joined" }];
  await accept(storm);
  await all();
  const atOnce = await holders();
  const events = (await handedOn()).sort();

  await database.drop();
  database = await openTestDatabase();
  await begin();
  for (let start = 0; start < storm.length; start += 3) {
    await accept(storm.slice(start, start + 3));
    await resolver.resolveOnce();
  }
  await all();
  assert.deepEqual(atOnce, await holders());
  assert.deepEqual(events, (await handedOn()).sort());
});

test("what is aside waits while the database cannot take what becomes of it, and another resolver goes on with it: each once", async () => {
  const storm = many(300, hot);
  await accept(storm);
  await resolver.resolveOnce();
  await database.db.query("alter table inbox rename to inbox_away");
  await assert.rejects(resolver.resolveOnce());
  await database.db.query("alter table inbox_away rename to inbox");
  await database.db.query("update lease set expires_at = now() - interval '1 minute'");
  await begin();
  await all();

  assert.deepEqual((await handedOn()).sort(), ids(storm));
});

test("the same event again, while the first is aside, counts once", async () => {
  await accept(many(300, hot));
  await resolver.resolveOnce();
  await accept(many(300, hot));
  await all();
  assert.deepEqual((await handedOn()).sort(), ids(many(300, hot)));
});
