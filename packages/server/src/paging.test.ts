import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import { appendAudit, hashOf, insertKey, insertStaff } from "./access/index.ts";
import { insertDeadLetters } from "./ingest/index.ts";
import { partitionOf } from "./partition/index.ts";
import { openTestHub, type TestHub } from "./test-hub.ts";

/** More than two pages of the longest, and all of one moment. */
const ROWS = 230;
const AT = Date.UTC(2026, 5, 10, 15);

type Case = {
  url: string;
  /** Where the rows stand in the answer, and what tells one from another. */
  rows: string;
  id: string;
  /** The ids that must come, each once. */
  wanted: () => Promise<string[]>;
};

let hub: TestHub;
let ann: string;
const ids = async (statement: string): Promise<string[]> =>
  (await hub.database.db.query<{ id: unknown }>(statement)).rows.map((row) => String(row.id));

/** Every list of the API that grows, by its route. */
const CASES: Record<string, Case[]> = {
  "/api/customers": [
    {
      url: "/api/customers",
      rows: "customers",
      id: "customerId",
      wanted: () => ids("select customer_id as id from customer"),
    },
    {
      url: "/api/customers?q=many",
      rows: "customers",
      id: "customerId",
      wanted: () => ids("select customer_id as id from customer where name like 'Many%'"),
    },
  ],
  "/api/customers/:customerId/timeline": [
    {
      url: "/api/customers/:customerId/timeline",
      rows: "events",
      id: "id",
      wanted: async () => [
        ...(await ids(`select event_id as id from event where customer_id = '${ann}'`)),
        ...(await ids(`select decision_id as id from decision where customer_id = '${ann}'`)),
      ],
    },
    {
      url: "/api/customers/:customerId/timeline?kind=decision&channel=hub",
      rows: "events",
      id: "id",
      wanted: () => ids(`select decision_id as id from decision where customer_id = '${ann}'`),
    },
  ],
  "/api/decisions": [
    {
      url: "/api/decisions",
      rows: "decisions",
      id: "decisionId",
      wanted: () => ids("select decision_id as id from decision"),
    },
    {
      url: "/api/decisions?customerId=:customerId&outcome=nothing",
      rows: "decisions",
      id: "decisionId",
      wanted: () => ids(`select decision_id as id from decision where customer_id = '${ann}'`),
    },
  ],
  "/api/keys": [
    { url: "/api/keys", rows: "keys", id: "apiKeyId", wanted: () => ids("select api_key_id as id from api_key") },
  ],
  "/api/staff": [
    { url: "/api/staff", rows: "staff", id: "staffId", wanted: () => ids("select staff_id as id from staff") },
  ],
  "/api/audit": [
    { url: "/api/audit", rows: "entries", id: "position", wanted: () => ids("select position as id from audit") },
  ],
  "/api/dead-letters": [
    {
      url: "/api/dead-letters",
      rows: "letters",
      id: "deadLetterId",
      wanted: () => ids("select dead_letter_id as id from dead_letter"),
    },
  ],
};

/** Answers with lists that do not grow with what comes in, and why. */
const BOUNDED: Record<string, string> = {
  "/api/policies": "what the installed packs hold",
  "/api/visitor-proof": "two secrets: the newest, and the one before it",
  "/api/account": "at most ten passkeys",
  "/api/account/sessions": "at most fifty of one colleague: the oldest end",
  "/api/staff/:staffId/sessions": "at most fifty of one colleague: the oldest end",
  "/api/pulse": "sixty minutes, sixty-four partitions and the last thirty happenings",
  "/api/customers/:customerId": "one customer's own traits and features",
  "/api/customers/:customerId/forecasts": "one for each usage of the installed packs",
  "/api/customers/:customerId/decisions/:decisionId": "the candidates of one decision",
};

before(async () => {
  hub = await openTestHub();
  const { db } = hub.database;
  const at = new Date(AT).toISOString();
  await hub.send([
    { type: "identify", userId: "ann", traits: { email: "ann@paging.example" }, timestamp: at, messageId: "ann-0" },
    ...Array.from({ length: ROWS }, (_, n) => ({
      type: "track",
      userId: "ann",
      event: "E",
      timestamp: at,
      messageId: `ann/${n}`,
    })),
  ]);
  // Found by name and by two identifiers, every one of them.
  for (let n = 0; n < ROWS; n += 115)
    await hub.send(
      Array.from({ length: 115 }, (_, m) => ({
        type: "identify",
        userId: `many-${n + m}`,
        traits: {
          firstName: "Many",
          lastName: "Same",
          ...((n + m) % 2 ? { email: `many${n + m}@paging.example` } : {}),
        },
        timestamp: at,
        messageId: `many-${n + m}`,
      })),
    );
  ann =
    (await ids("select customer_id as id from identifier where kind = 'email' and value = 'ann@paging.example'"))[0] ??
    "";
  for (let n = 0; n < ROWS; n++) {
    const staff = { staffId: randomUUID(), email: `c${n}@paging.example`, name: "Same Name", role: "viewer" } as const;
    await insertStaff(db, staff, new Date(AT));
    const key = {
      apiKeyId: randomUUID(),
      name: "same",
      scope: "read",
      origin: null,
      idGroup: null,
      prefix: "rk",
      createdBy: "x",
      createdAt: new Date(AT),
    } as const;
    await insertKey(db, key, hashOf(key.apiKeyId));
    await appendAudit(db, { at: new Date(AT), actor: "x", action: "key.created", subject: "x", detail: {} });
  }
  await insertDeadLetters(
    db,
    new Date(AT),
    Array.from({ length: ROWS }, () => ({
      stage: "resolve",
      source: "x",
      reason: "y",
      body: Buffer.from("z"),
      frame: null,
    })),
  );
  const record = {
    policy: { name: "p", version: "1" },
    outcome: { kind: "nothing", reason: { code: "x" } },
    event: "E",
    candidates: [],
  };
  await db.query(
    `insert into decision (partition, customer_id, decision_id, at, policy, policy_version, trigger, outcome, record)
     select $1, $2, gen_random_uuid(), $3, 'p', '1', 'E', 'nothing', $4 from generate_series(1, $5::int)`,
    [partitionOf(ann), ann, new Date(AT), JSON.stringify(record), ROWS],
  );
});
after(() => hub.end());

type Page = Record<string, unknown> & { before?: string | null; cursor?: string | null };

/** All rows of a list, page by page, as a caller reads it. */
async function walk({ url, rows, id }: Omit<Case, "wanted">, next = ""): Promise<string[]> {
  const found: string[] = [];
  for (let page = 0; page < 1_000; page++) {
    const { status, body } = await hub.call("GET", url.replaceAll(":customerId", ann) + next);
    assert.equal(status, 200, `${url}${next}: ${JSON.stringify(body)}`);
    const answer = body as Page;
    found.push(...(answer[rows] as Record<string, unknown>[]).map((row) => String(row[id])));
    const place = answer.before ?? answer.cursor;
    if (!place) return found;
    assert.match(place, /^[\w-]+$/, "a cursor is opaque");
    next = `${url.includes("?") ? "&" : "?"}${"before" in answer ? "before" : "cursor"}=${place}`;
  }
  throw new Error(`${url} does not end`);
}

for (const one of Object.values(CASES).flat()) {
  test(`walking ${one.url} by its cursor finds each row once`, async () => {
    const wanted = await one.wanted();
    assert.ok(wanted.length >= ROWS, `${wanted.length} rows`);
    assert.deepEqual((await walk(one)).sort(), wanted.sort());
  });
}

test("a list keeps its order over its pages, newest first", async () => {
  const { body } = await hub.call("GET", `/api/customers/${ann}/timeline`);
  const { events, before } = body as { events: { at: number; kind: string }[]; before: string };
  assert.equal(events.length, 50);
  assert.ok(before);
  const kinds = events.map((event) => event.kind);
  assert.deepEqual(kinds, Array(50).fill("decision"));
});

test("rows that come while somebody pages push none off and bring none twice", async () => {
  const first = (await hub.call("GET", `/api/customers/${ann}/timeline`)).body as {
    events: { id: string }[];
    before: string;
  };
  const at = new Date(AT).toISOString();
  await hub.send(
    Array.from({ length: 30 }, (_, n) => ({
      type: "track",
      userId: "ann",
      event: "Late",
      timestamp: at,
      messageId: `late-${n}`,
    })),
  );
  const rest = await walk(
    { url: "/api/customers/:customerId/timeline", rows: "events", id: "id" },
    `?before=${first.before}`,
  );
  const all = [...first.events.map((event) => event.id), ...rest];
  assert.equal(new Set(all).size, all.length);
  assert.equal(all.length, ROWS + 1 + ROWS + 30);
});

type Schema = { type?: string; properties?: Record<string, Schema> };
type Operation = { responses?: Record<string, { content?: Record<string, { schema?: Schema }> }> };

test("every route that answers a list is walked above, or says why it cannot grow", async () => {
  const { paths } = (await hub.call("GET", "/api/openapi.json")).body as { paths: Record<string, { get?: Operation }> };
  const lists = Object.entries(paths).flatMap(([path, { get }]) => {
    const schema = get?.responses?.["200"]?.content?.["application/json"]?.schema;
    return holdsList(schema) ? [path.replaceAll(/\{(\w+)\}/g, ":$1")] : [];
  });
  assert.deepEqual(lists.sort(), [...Object.keys(CASES), ...Object.keys(BOUNDED)].sort());
});

test("a list hidden deeper in an answer would be seen", () => {
  assert.ok(holdsList({ type: "object", properties: { a: { type: "object", properties: { b: { type: "array" } } } } }));
});

function holdsList(schema: Schema | undefined): boolean {
  return schema?.type === "array" || Object.values(schema?.properties ?? {}).some(holdsList);
}

const BAD = ["x", "%00", "", "AAAA", "1", "99999999999999999999", "[1]", Buffer.from("[9e99]").toString("base64url")];
for (const url of Object.keys(CASES)) {
  test(`a cursor that ${url} never gave is refused with the field named`, async () => {
    const field = url === "/api/customers" || url === "/api/staff" ? "cursor" : "before";
    const others = [
      ["a", 1],
      [1, "b"],
      [-1],
      [0],
      [1.5],
      [1e300],
      [null],
      {},
      [64.5, randomUUID()],
      ["name", "x"],
      [1, "event", "a\0b"],
    ];
    for (const bad of [...BAD, ...others.map((one) => Buffer.from(JSON.stringify(one)).toString("base64url"))]) {
      const { status, body } = await hub.call("GET", `${url.replaceAll(":customerId", ann)}?${field}=${bad}`);
      assert.equal(status, 400, `${bad}: ${JSON.stringify(body)}`);
      assert.equal((body as { errors: { field: string }[] }).errors[0]?.field, field);
    }
  });
}
