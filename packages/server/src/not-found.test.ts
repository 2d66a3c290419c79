import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { isConsoleRoom } from "./console-room.ts";
import { openTestHub, type TestHub } from "./test-hub.ts";

const CONSOLE = join(import.meta.dirname, "../../console");
const notBuilt = existsSync(join(CONSOLE, "dist/index.html"))
  ? false
  : "the console is not built (script/build-console)";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

type Method = "GET" | "HEAD" | "OPTIONS" | "POST";
const ask = (method: Method, url: string, headers: Record<string, string> = {}) =>
  hub.app.inject({ method, url, headers, ...(method === "POST" ? { payload: "data=x" } : {}) });
const METHODS: Method[] = ["GET", "HEAD", "OPTIONS", "POST"];
const BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

const foreign: [url: string, protocol: string][] = [
  ["/e/?ip=1&compression=gzip-js", "PostHog"],
  ["/i/v0/e/", "PostHog"],
  ["/decide/?v=3", "PostHog"],
  ["/flags/?v=2", "PostHog"],
  ["/capture/", "PostHog"],
  ["/batch", "PostHog"],
  ["/users/track", "Braze"],
  ["/api/v3/data/", "Braze"],
  ["/track?verbose=1", "Mixpanel"],
  ["/engage", "Mixpanel"],
  ["/2/httpapi", "Amplitude"],
  ["/collect?v=1&tid=UA-1", "Google Analytics"],
  ["/g/collect?v=2", "Google Analytics"],
  ["/mp/collect", "Google Analytics"],
  ["/com.snowplowanalytics.snowplow/tp2", "Snowplow"],
  ["/api/v1/customers/5", "Customer.io"],
  ["/matomo.php?rec=1", "Matomo"],
];
for (const [url, protocol] of foreign) {
  test(`${url} is 404 for every method and whatever is sent, and says that ${protocol} is not served`, async () => {
    for (const method of METHODS)
      for (const headers of [
        {},
        BROWSER,
        { "content-type": "text/plain" },
        { "content-type": "application/x-thing" },
      ]) {
        const answer = await ask(method, url, headers);
        assert.equal(answer.statusCode, 404, `${method} ${JSON.stringify(headers)}`);
        assert.match(String(answer.headers["content-type"]), /problem\+json/);
        if (method !== "HEAD") assert.ok(answer.json().title.includes(`does not serve ${protocol}`), answer.body);
      }
  });
}

test("what is not there under a prefix of ours is 404 for every method", async () => {
  for (const url of [
    "/v1/nothing",
    "/v1/track/more",
    "/api/nothing",
    "/gateways/nothing",
    "/cloudevents/x",
    "/beacon/v1/x",
  ])
    for (const method of METHODS) {
      assert.equal((await ask(method, url)).statusCode, 404, `${method} ${url}`);
    }
});

test("every address of the console's router is a room of its", () => {
  const router = readFileSync(join(CONSOLE, "src/app/router.tsx"), "utf8");
  const paths = [...router.matchAll(/path: "([^"]+)"/g)].map((match) => match[1] ?? "");
  assert.ok(paths.length >= 10, `${paths.length}`);
  assert.deepEqual(
    paths.filter((path) => !isConsoleRoom(path)),
    [],
  );
});

test("the console's page answers its rooms, and nothing else but a browser that lost its way", {
  skip: notBuilt,
}, async () => {
  for (const url of ["/", "/pulse", "/customers/abc?tab=timeline", "/settings/dead-letters"]) {
    const answer = await ask("GET", url, BROWSER);
    assert.deepEqual([answer.statusCode, answer.headers["content-type"]], [200, "text/html; charset=utf-8"], url);
  }
  const lost = await ask("GET", "/custmers", BROWSER);
  assert.deepEqual([lost.statusCode, lost.headers["content-type"]], [404, "text/html; charset=utf-8"]);
  for (const url of ["/custmers", "/wp-login.php", "/pulse2"]) {
    const answer = await ask("GET", url, { accept: "application/json" });
    assert.equal(answer.statusCode, 404);
    assert.match(String(answer.headers["content-type"]), /problem\+json/);
  }
});
