import assert from "node:assert/strict";
import { test } from "node:test";

import { browserOf } from "./browser-of.ts";

const CHROME = "(KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
for (const [agent, told] of [
  [`Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ${CHROME}`, "Chrome Linux"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${CHROME} Edg/141.0.0.0`, "Edge Windows"],
  [`Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 ${CHROME} OPR/90.0`, "Opera Android"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox macOS"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
    "Safari iOS",
  ],
  ["curl/8.5.0", "curl "],
] as const) {
  test(`${agent} is told as ${told}`, () => {
    const found = browserOf(agent);
    assert.equal(`${found?.browser} ${found?.system ?? ""}`, told);
  });
}

test("what no browser says is told as unknown", () => {
  for (const agent of [null, "", "<script>alert(1)</script>"]) assert.equal(browserOf(agent), null);
});
