import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { readTime } from "./read-time.ts";

const FOUR = "2026-06-10T16:00:00.000Z";
const read: [stated: unknown, time: string][] = [
  ["2026-06-10T16:00:00Z", FOUR],
  ["2026-06-10T16:00:00", FOUR],
  ["2026-06-10 16:00:00", FOUR],
  ["2026-06-10T16:00", FOUR],
  ["2026-06-10 16:00:00.000000", FOUR],
  ["2026-06-10 18:00:00+02", FOUR],
  ["2026-06-10T18:00:00+0200", FOUR],
  ["2026-06-10T12:00:00.000-04:00", FOUR],
  ["2026-06-10 16:00:00 UTC", FOUR],
  ["2026-06-10 16:00:00 +0000 UTC", FOUR],
  ["2026-06-10T18:00:00+02:00[Europe/Berlin]", FOUR],
  ["20260610T160000Z", FOUR],
  ["2026/06/10 16:00:00", FOUR],
  [" 2026-06-10T16:00:00Z\n", FOUR],
  ["Wed, 10 Jun 2026 16:00:00 GMT", FOUR],
  ["Wed, 10 Jun 2026 18:00:00 +0200", FOUR],
  ["10 Jun 2026 16:00:00", FOUR],
  ["Wed Jun 10 2026 18:00:00 GMT+0200 (Central European Summer Time)", FOUR],
  ["2026-06-10", "2026-06-10T00:00:00.000Z"],
  ["20260610", "2026-06-10T00:00:00.000Z"],
  [1_781_107_200, FOUR],
  [1_781_107_200.5, "2026-06-10T16:00:00.500Z"],
  ["1781107200", FOUR],
  [1_781_107_200_000, FOUR],
  ["1781107200000", FOUR],
  [1_781_107_200_000_000, FOUR],
  ["1781107200000000000", FOUR],
  ["2026-06-10T16:00:00.123456789Z", "2026-06-10T16:00:00.123Z"],
  ["2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000Z"],
];
const refused: unknown[] = [
  ...["12", "2026", "06/10/2026", "10.06.2026", "10/06/2026 16:00", "2026-02-30", "2026-13-01", "2026-06-10T25:00:00Z"],
  ...[
    "tomorrow",
    "",
    "now",
    "0",
    "45000.5",
    "2026-06-10T16:00:00+02:00 and more",
    "Invalid Date",
    "0000-00-00 00:00:00",
  ],
  ...[12, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e30, true, {}, null],
];

for (const [stated, time] of read)
  test(`${JSON.stringify(stated)} is ${time}`, () =>
    assert.equal(new Date(readTime(stated) ?? Number.NaN).toISOString(), time));
for (const stated of refused)
  test(`${String(stated)} is no time that can be meant`, () => assert.equal(readTime(stated), null));

test("times are the same wherever the server stands", () => {
  const here = JSON.stringify(read.map(([stated]) => readTime(stated)));
  const program = `import { readTime } from ${JSON.stringify(import.meta.resolve("./read-time.ts"))};
    process.stdout.write(JSON.stringify(${JSON.stringify(read.map(([stated]) => stated))}.map(readTime)))`;
  const run = ["--input-type=module", "--eval", program];
  const there = execFileSync(process.execPath, run, {
    env: { ...process.env, TZ: "Pacific/Auckland" },
    encoding: "utf8",
  });
  assert.equal(there, here);
});
