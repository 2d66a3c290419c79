import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { defaultIdentityPolicy, type IdentityPolicy } from "@rapport/engine/identity/index";

import { insertIngestBatch } from "../ingest/index.ts";
import { fromInboxBody } from "../partition/index.ts";
import { openTestDatabase, type TestDatabase } from "../platform/test-database.ts";
import type { Resolver } from "./resolver.ts";
import { acceptCalls, loneResolver, resolverLease } from "./lone-resolver.ts";

/** As if the book had a bug that only identifiers of one kind meet. */
const faultyPolicy: IdentityPolicy = {
  ...defaultIdentityPolicy,
  kinds: {
    ...defaultIdentityPolicy.kinds,
    cursed: {
      limit: 5,
      sharedAbove: null,
      blocked: [],
      get priority(): number {
        throw new TypeError("a bug of the book");
      },
    },
  },
};

let database: TestDatabase;
let resolver: Resolver;
before(async () => {
  database = await openTestDatabase();
  const lease = await resolverLease(database.db);
  resolver = loneResolver({ db: database.db, policy: faultyPolicy, lease: () => lease });
});
after(() => database.drop());
afterEach(() =>
  database.db.query("truncate ingest_batch, inbox, dead_letter, seen_event, identifier, identity_cluster"),
);

type Call = Record<string, unknown>;
const seen = (userId: string, messageId: string, more: Call = {}): Call => ({
  type: "track",
  event: "Seen",
  userId,
  messageId,
  ...more,
});
const cursed = (userId: string, messageId: string): Call =>
  seen(userId, messageId, { context: { externalIds: [{ type: "cursed", id: userId, collection: "users" }] } });

const accept = (batch: Call[]) => acceptCalls(database.db, batch);

/** Ids in the order in which the partitions get them, by customer. */
async function handedOn(): Promise<string[][]> {
  const { rows } = await database.db.query<{ body: Buffer }>("select body from inbox order by lane, position");
  const items = rows.flatMap((row) => fromInboxBody(row.body));
  const ofCustomers = Map.groupBy(items, (item) => item.customerId);
  return [...ofCustomers.values()]
    .map((own) => own.flatMap((item) => (item.kind === "event" ? item.event.id : [])))
    .sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

async function setAside(): Promise<{ reason: string; body: string }[]> {
  const { rows } = await database.db.query<{ reason: string; body: Buffer }>(
    "select reason, body from dead_letter where stage = 'resolve' order by dead_letter_id",
  );
  return rows.map(({ reason, body }) => ({ reason, body: body.toString("utf8") }));
}

async function waiting(): Promise<number> {
  const { rows } = await database.db.query<{ n: number }>("select count(*) as n from ingest_batch");
  return rows[0]?.n ?? 0;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const padded = (number: number): string => String(number).padStart(4, "0");

test("an event that the resolver has a bug for is set aside with the reason; its neighbours are all handed on, each customer's in order", async () => {
  const calls = numbers(300).map((n) => (n === 137 ? cursed("u7", "poison") : seen(`u${n % 10}`, padded(n))));
  await accept(calls.slice(0, 100));
  await accept(calls.slice(100));
  await resolver.resolveOnce();

  const expected = numbers(10).map((user) =>
    numbers(300)
      .filter((n) => n % 10 === user && n !== 137)
      .map(padded),
  );
  assert.deepEqual(await handedOn(), expected);
  const letters = await setAside();
  assert.deepEqual(
    letters.map(({ reason, body }) => [reason, (JSON.parse(body) as { id: string }).id]),
    [["not resolved: TypeError: a bug of the book", "poison"]],
  );
  assert.equal(await waiting(), 0);
});

test("several of them, the first and the last among them, hold up nobody, and what comes later is resolved as ever", async () => {
  const isPoison = (n: number) => n === 0 || n === 31 || n === 32 || n === 63;
  await accept(numbers(64).map((n) => (isPoison(n) ? cursed(`c${n}`, `poison-${n}`) : seen("ann", padded(n)))));
  await resolver.resolveOnce();
  await accept([seen("ann", "later"), seen("ann", padded(1))]);
  await resolver.resolveOnce();

  assert.deepEqual(await handedOn(), [
    [
      ...numbers(64)
        .filter((n) => !isPoison(n))
        .map(padded),
      "later",
    ],
  ]);
  assert.equal((await setAside()).length, 4);
  assert.equal(await waiting(), 0);
});

test("an event that the database refuses is set aside, too, and leaves no trace of itself in the graph", async () => {
  await database.db.query("alter table identifier add constraint nobody_is_bob check (value <> 'bob')");
  await accept([seen("ann", "0001"), seen("bob", "poison"), seen("ann", "0002"), seen("eve", "0003")]);
  await resolver.resolveOnce();
  await database.db.query("alter table identifier drop constraint nobody_is_bob");

  assert.deepEqual(await handedOn(), [["0001", "0002"], ["0003"]]);
  assert.match((await setAside()).map(({ reason }) => reason).join(), /^not resolved: .*nobody_is_bob[^,]*$/);
  const { rows } = await database.db.query("select 1 as bob from identity_cluster where graph::text like '%bob%'");
  assert.equal(rows.length, 0);

  await accept([seen("bob", "poison")]);
  await resolver.resolveOnce();
  assert.deepEqual(await handedOn(), [["0001", "0002"], ["0003"], ["poison"]], "once mended it may be sent again");
});

test("a row that holds no frames is set aside as it is", async () => {
  await insertIngestBatch(database.db, new Date(), 1, Buffer.from([1, 2, 3]));
  await accept([seen("ann", "0001")]);
  await resolver.resolveOnce();
  assert.deepEqual(await handedOn(), [["0001"]]);
  assert.match((await setAside())[0]?.reason ?? "", /^not readable: /);
  assert.equal(await waiting(), 0);
});

for (const [what, breaks, mends] of [
  ["lacks a table", "alter table inbox rename to inbox_away", "alter table inbox_away rename to inbox"],
  [
    "is in the middle of a switch to a standby",
    "create function away() returns trigger language plpgsql as $$ begin raise exception 'standby' using errcode = '57P01'; end $$; create trigger away before insert on inbox execute function away()",
    "drop trigger away on inbox; drop function away()",
  ],
] as const) {
  test(`while the database ${what}, nothing is set aside and nothing lost: all waits until it is back`, async () => {
    await accept([seen("ann", "0001"), seen("eve", "0002")]);
    await database.db.query(breaks);
    await assert.rejects(resolver.resolveOnce());
    await database.db.query(mends);
    assert.deepEqual([await setAside(), await waiting()], [[], 1]);
    await resolver.resolveOnce();
    assert.deepEqual([await handedOn(), await setAside(), await waiting()], [[["0001"], ["0002"]], [], 0]);
  });
}
