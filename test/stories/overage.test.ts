import assert from "node:assert/strict";
import { test } from "node:test";

import { playOverage } from "./overage/overage.ts";

test("the story of the data limit, with a small cast and two months, ends with every check passed", async () => {
  const told: string[] = [];
  const code = await playOverage({
    data: null,
    live: false,
    say: (line) => told.push(line),
    cast: { people: 40, lastDay: "2026-04-30" },
  });
  assert.equal(code, 0, told.filter((line) => line.startsWith("✘")).join("\n"));
  assert.match(told.at(-1) ?? "", /^(1[2-9]|[2-9]\d) passed, 0 failed$/);
});
