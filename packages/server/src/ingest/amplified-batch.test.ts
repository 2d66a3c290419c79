import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";

import { DEFAULT_RATES } from "./index.ts";
import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub({ rates: DEFAULT_RATES });
});
after(() => hub.end());

/** One honest request by its size: 320 KB, of 150 of the 2,000 calls that the limits let through at once. */
const payload = (calls: number) =>
  JSON.stringify({
    batch: Array.from({ length: calls }, (_, index) => ({ type: "page", anonymousId: `amp-${index}` })),
    context: Object.fromEntries(Array.from({ length: 25_000 }, (_, index) => [`k${index}`, "x"])),
  });
const post = (body: string, headers: Record<string, string> = {}) =>
  hub.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: {
      authorization: `Basic ${Buffer.from(`${KEYS.browser}:`).toString("base64")}`,
      ...{ "content-type": "application/json", ...headers },
    },
    payload: body,
  });

test("what a batch shares among its calls does not become hundreds of times its size", async () => {
  const body = payload(150);
  await post(body);
  await hub.idle();
  const { rows } = await hub.database.db.query<{ bytes: number }>(
    "select coalesce(sum(octet_length(body)), 0)::float8 as bytes from event",
  );
  const bytes = rows[0]?.bytes ?? 0;
  assert.ok(bytes < 20 * body.length, `${body.length} bytes became ${bytes}`);
});
test("what a batch shares is refused whole, with its field, where it is too much for its calls", async () => {
  for (const strict of ["0", "1"]) {
    const answer = await post(payload(150), { "x-strict-mode": strict });
    const [error] = answer.json().errors;
    assert.deepEqual([answer.statusCode, error.field], [400, "context"]);
  }
});
test("what SDKs share among a hundred calls is taken", async () => {
  const context = { library: { name: "x", version: "1" }, page: { url: "y".repeat(2_000) } };
  const batch = Array.from({ length: 100 }, (_, index) => ({ type: "page", anonymousId: `sdk-${index}` }));
  assert.equal((await post(JSON.stringify({ batch, context }))).statusCode, 200);
});

test("one request within the door's bounds is read within a gigabyte of memory, whatever its calls share", () => {
  // The largest body of a batch: 80,000 empty calls beside a context of 260 KB. Read apart, so that nothing else ends with it.
  const script = `
    import { readSegmentBody } from ${JSON.stringify(new URL("./read-frame.ts", import.meta.url).href)};
    const context = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => ["k" + index, "x"]));
    const body = { batch: Array.from({ length: 80_000 }, () => ({})), context };
    if (JSON.stringify(body).length > 512_000) throw new Error("larger than the door takes");
    const frame = { format: "segment", call: null, source: "s", origin: "browser", idSpace: "x", frameId: "f", receivedAt: 1, lane: 3 };
    readSegmentBody(body, frame, { secrets: [], required: false });
  `;
  const { status, signal, stderr } = spawnSync(
    process.execPath,
    ["--max-old-space-size=1024", "--input-type=module", "-e", script],
    { encoding: "utf8", timeout: 100_000 },
  );
  const why = /heap out of memory|larger than the door takes|Error.*/.exec(stderr)?.[0] ?? "";
  assert.deepEqual([status, signal, why], [0, null, ""]);
});
