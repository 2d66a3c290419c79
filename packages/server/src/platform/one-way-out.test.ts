import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

/** Any of these would be a way out by HTTP that the guard of outbound-http.ts does not see. */
const OTHER_WAYS =
  /(?<![.\w])fetch\(|import \{[^}]*\brequest\b[^}]*\} from "node:https?"|(?<![.\w])https?\.(?:request|get)\(|from "(?:undici|axios|got|node-fetch)"/;

test("the server speaks HTTP to others through outbound-http.ts alone", () => {
  const source = new URL("../", import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const others = files.filter((file) => OTHER_WAYS.test(readFileSync(new URL(file, source), "utf8")));
  assert.deepEqual(others, ["platform/outbound-http.ts"]);
});

test("another way out would be seen", () => {
  for (const line of ['await fetch("http://x")', "http.request(url)", 'import { Agent } from "undici"'])
    assert.match(line, OTHER_WAYS);
});
