import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { cursorOf } from "../../platform/http/cursor.ts";
import { insertDeadLetters } from "../../ingest/index.ts";
import { openTestHub, type TestHub } from "../../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());
beforeEach(async () => {
  await hub.database.db.query("truncate dead_letter restart identity");
});

type Letter = { deadLetterId: number; reason: string; mayReturn: boolean };
type Page = { letters: Letter[]; before: string | null; matching: number; returnable: number };
const page = async (query: Record<string, string>) =>
  (await hub.call("GET", `/api/dead-letters?${new URLSearchParams(query)}`)).body as Page;
const post = async (path: string, body: unknown) => {
  const answer = await hub.call("POST", `/api/dead-letters/${path}`, body);
  await hub.idle();
  return answer;
};
type Set = { stage: string; source: string; reason: string; at?: number };
const setAside = async (letters: Set[]) => {
  for (const { at = 0, ...letter } of letters)
    await insertDeadLetters(hub.database.db, new Date(at), [{ ...letter, body: Buffer.from("{}") }]);
};
const eventsOf = async (who: string) => {
  const { body } = await hub.call("GET", `/api/customers?q=${who}`);
  return (body as { customers: { events: number }[] }).customers[0]?.events ?? 0;
};

test("letters are found by stage, source, a part of the reason in any case, and time, alone and together", async () => {
  await setAside([
    { stage: "resolve", source: "shop", reason: "userId: must be a string", at: 1_000 },
    { stage: "resolve", source: "till", reason: "event: must be given for track", at: 2_000 },
    { stage: "apply", source: "partition 3", reason: "a fault: 100% wrong_ly", at: 3_000 },
  ]);
  const found: [query: Record<string, string>, numbers: number[]][] = [
    [{}, [3, 2, 1]],
    [{ stage: "resolve" }, [2, 1]],
    [{ source: "till" }, [2]],
    [{ source: "til" }, []],
    [{ reason: "MUST be" }, [2, 1]],
    [{ reason: "100%" }, [3]],
    [{ reason: "%" }, [3]],
    [{ reason: "wrong_ly" }, [3]],
    [{ reason: "_" }, [3]],
    [{ from: "2000" }, [3, 2]],
    [{ to: "2000" }, [1]],
    [{ from: "1500", to: "2500" }, [2]],
    [{ stage: "resolve", reason: "given", source: "till" }, [2]],
    [{ before: cursorOf([3]) }, [2, 1]],
  ];
  for (const [query, numbers] of found) {
    const { letters, matching } = await page(query);
    assert.deepEqual([query, letters.map((letter) => letter.deadLetterId)], [query, numbers]);
    if (!query.before) assert.equal(matching, numbers.length);
  }
});

test("of a hundred and twenty letters of one millisecond no page loses or repeats one", async () => {
  await insertDeadLetters(
    hub.database.db,
    new Date(5),
    Array.from({ length: 120 }, () => ({ stage: "apply", source: "s", reason: "r", body: Buffer.from("{}") })),
  );
  const seen: number[] = [];
  for (let before: string | null = cursorOf([1_000]); before !== null; ) {
    const shown: Page = await page({ before });
    assert.equal(shown.matching, 120);
    seen.push(...shown.letters.map((letter) => letter.deadLetterId));
    before = shown.before;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 120 }, (_, n) => 120 - n),
  );
});

for (const [query, why] of [
  ["stage=other", "a stage there is not"],
  ["before=0", "no number of a letter"],
  [`before=${cursorOf([1e30])}`, "a number beyond all"],
  ["from=yesterday", "no time"],
  ["to=1e300", "a time beyond all"],
  ["reason=%00", "a NUL"],
  ["reason=", "no words"],
  ["other=1", "a name that is not known"],
] as const) {
  test(`a filter of ${why} is 400`, async () => {
    assert.equal((await hub.call("GET", `/api/dead-letters?${query}`)).status, 400);
  });
}

test("all that match are set aside at once, a thousand a call; those that came afterwards and the others stay", async () => {
  await insertDeadLetters(
    hub.database.db,
    new Date(5),
    Array.from({ length: 1_300 }, (_, n) => ({
      stage: "resolve",
      source: n % 10 === 0 ? "other" : "flood",
      reason: "r",
      body: Buffer.from("{}"),
    })),
  );
  await setAside([{ stage: "resolve", source: "flood", reason: "came afterwards" }]);
  const said = { source: "flood", before: 1_301 };
  const first = await post("resolve", said);
  assert.deepEqual((first.body as { done: number }).done, 1_000);
  const { before } = first.body as { before: number };
  assert.deepEqual((await post("resolve", { ...said, before })).body, { done: 170, before: null });

  const left = await page({});
  assert.equal(left.matching, 131);
  assert.equal(left.letters[0]?.reason, "came afterwards");
  const { body } = await hub.call("GET", "/api/audit");
  const [last, earlier] = (body as { entries: { action: string; detail: Record<string, unknown> }[] }).entries;
  assert.deepEqual([last?.action, last?.detail.letters, last?.detail.source], ["dead-letters.resolved", 170, "flood"]);
  assert.equal(earlier?.detail.letters, 1_000);
});

test("calls that could not be read are read again as they came in, once what stood against them is mended", async () => {
  const { db } = hub.database;
  // A door that was stricter than it should have been: the calls are good by now.
  const batch = [
    { type: "track", userId: "again-ann", event: "Seen", messageId: "again-1" },
    { type: "track", userId: "again-ann", event: "Seen" },
    { type: "track", userId: "again-ann", event: "Still wrong", properties: "none" },
  ];
  const frame = {
    format: "segment",
    call: null,
    source: "shop",
    origin: "server",
    idSpace: null,
    frameId: "f",
    receivedAt: 7_000_000_000_000,
    lane: 3,
  } as const;
  await insertDeadLetters(
    db,
    new Date(5),
    batch.map((call) => ({
      stage: "resolve",
      source: "shop",
      reason: "was wrong",
      body: Buffer.from(JSON.stringify(call)),
      frame: { ...frame, receivedAt: hub.clock.now() },
    })),
  );
  assert.deepEqual([(await page({})).matching, (await page({})).returnable], [3, 3]);
  assert.deepEqual((await post("return", { reason: "was wrong", before: 4 })).body, { done: 3, before: 1 });
  assert.deepEqual((await post("return", { reason: "was wrong", before: 1 })).body, { done: 0, before: null });
  assert.equal(await eventsOf("again-ann"), 2);
  const left = await page({});
  assert.deepEqual(
    left.letters.map((letter) => [letter.reason, letter.mayReturn]),
    [["properties: must be an object", true]],
  );
});

test("what the resolver itself set aside can be tried again, one by one; what nobody can be named by cannot", async () => {
  await hub.send([{ type: "track", userId: "one-ann", event: "Seen", properties: "none" }]);
  await hub.send([{ type: "track", userId: "   ", event: "Seen" }]);
  const { letters } = await page({});
  assert.deepEqual(
    letters.map((letter) => letter.mayReturn),
    [false, true],
  );
  assert.equal((await post(`${letters[0]?.deadLetterId}/return`, undefined)).status, 404);
  assert.equal((await post(`${letters[1]?.deadLetterId}/return`, undefined)).status, 204);
  const again = await page({});
  assert.deepEqual(
    again.letters.map((letter) => letter.reason),
    ["properties: must be an object", letters[0]?.reason],
  );
});

test("a call tried again is not applied twice", async () => {
  const call = { type: "track", userId: "twice-ann", event: "Seen", messageId: "twice-1" };
  const letter = {
    stage: "resolve",
    source: "shop",
    reason: "r",
    body: Buffer.from(JSON.stringify(call)),
    frame: {
      format: "segment",
      call: null,
      source: "shop",
      origin: "server",
      idSpace: null,
      frameId: "g",
      receivedAt: hub.clock.now(),
      lane: 3,
    } as const,
  };
  await insertDeadLetters(hub.database.db, new Date(5), [letter, letter]);
  assert.equal(((await post("return", { before: 3 })).body as { done: number }).done, 2);
  assert.equal(await eventsOf("twice-ann"), 1);
});

test("one call returns no more than some megabytes, and at least one letter", async () => {
  const body = Buffer.from(
    JSON.stringify({ type: "track", userId: "wide", event: "E", properties: { x: "x".repeat(5_000_000) } }),
  );
  const frame = {
    format: "segment",
    call: null,
    source: "shop",
    origin: "server",
    idSpace: null,
    frameId: "h",
    receivedAt: 1,
    lane: 3,
  } as const;
  for (let n = 0; n < 3; n++)
    await insertDeadLetters(hub.database.db, new Date(5), [
      { stage: "resolve", source: "s", reason: "wide", body, frame },
    ]);
  const first = (await hub.call("POST", "/api/dead-letters/return", { before: 4 })).body;
  assert.deepEqual(first, { done: 2, before: 2 });
});
