import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";

const UUID = "00000000-0000-4000-8000-00000000abcd";
let hub: TestHub;
let queries: Map<string, string[]>;
let answers: Map<string, string[]>;
let cookie: string;
before(async () => {
  hub = await openTestHub();
  cookie = await hub.signedIn();
  type Operation = { parameters?: { name: string; in: string }[]; responses: object };
  const { body } = await hub.call("GET", "/api/openapi.json");
  const { paths } = body as { paths: Record<string, Record<string, Operation>> };
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, told]) => [`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`, told] as const,
    ),
  );
  queries = new Map(
    described.map(([route, { parameters = [] }]) => [
      route,
      parameters.filter((one) => one.in === "query").map((one) => one.name),
    ]),
  );
  answers = new Map(described.map(([route, { responses }]) => [route, Object.keys(responses)]));
});
after(() => hub.end());

/** Calls as somebody who may: what is refused is refused for its words. */
async function asked(method: string, url: string) {
  const writer = { authorization: `Basic ${Buffer.from(`${KEYS.write}:`).toString("base64")}` };
  const headers = /^\/(v1|cloudevents)/.test(url) ? writer : { cookie };
  return hub.app.inject({ method: method as "GET", url, headers });
}
/** Streams answer without end. */
const routes = () => hub.routes.filter(({ url, method }) => url !== "/api/pulse/stream" && method !== "OPTIONS");
const filled = (url: string, value: string) => url.replaceAll(/:\w+/g, value).replace("*", value);

const WILD = [
  "%00",
  `${UUID}%00`,
  "%zz",
  "%",
  "%ff",
  "%c0%80",
  "%ed%a0%80",
  "-1",
  "0",
  "1.5",
  "1e400",
  "9223372036854775808",
  "99999999999999999999999999",
  "0x10",
  "NaN",
  "null",
  `${UUID.slice(0, -1)}g`,
  `{${UUID}}`,
  "%F0%9F%98%80",
  "%0d%0aset-cookie:%20x=1",
  "x".repeat(190),
  "x".repeat(1_000),
];
test("a wild id in the path of any route is refused or unknown, and never our fault", async () => {
  for (const { method, url } of routes()) {
    if (!/[:*]/.test(url)) continue;
    for (const wild of WILD) {
      const { statusCode, headers, body } = await asked(method, filled(url, wild));
      // What is no id at all may be the name of one of the console's pages.
      const isPage = url === "/*" && statusCode === 200;
      const isOther = statusCode >= 400 && statusCode < 500;
      assert.ok(isPage || isOther, `${method} ${filled(url, wild)}: ${statusCode} ${body}`);
      if (url !== "/*" && /%00|%zz|%ff|%c0|%ed|^%$/.test(wild))
        assert.equal(statusCode, 400, `${method} ${filled(url, wild)}: ${body}`);
      if (statusCode === 400)
        assert.match(String(headers["content-type"]), /^application\/problem\+json/, `${method} ${filled(url, wild)}`);
    }
  }
});

test("U+0000 in any parameter that a route describes, or in none of them, is refused as the route tells", async () => {
  let tried = 0;
  for (const { method, url } of routes()) {
    if (url === "/*") continue;
    for (const name of [...(queries.get(`${method} ${url}`) ?? []), "unheard-of", "%00"]) {
      const { statusCode, body } = await asked(method, `${filled(url, UUID)}?${name}=a%00b`);
      assert.equal(statusCode, 400, `${method} ${url}?${name}=a%00b: ${body}`);
      assert.ok(answers.get(`${method} ${url}`)?.includes("400") ?? true, `${method} ${url} does not tell of 400`);
      tried += 1;
    }
  }
  assert.ok(tried > 60, `${tried} were tried`);
});

test("a number of any size in a parameter is refused or used, and never our fault", async () => {
  for (const { method, url } of routes()) {
    for (const name of queries.get(`${method} ${url}`) ?? [])
      for (const wild of ["-1", "1e400", "99999999999999999999", "%zz", "%ff", "%ed%a0%80", "a&a=b", "[]", ""]) {
        const { statusCode, body } = await asked(method, `${filled(url, UUID)}?${name}=${wild}`);
        assert.ok(statusCode < 500, `${method} ${url}?${name}=${wild}: ${statusCode} ${body}`);
      }
  }
});

test("what the API says is kept by nobody, however its address is spelt", async () => {
  for (const url of [
    "/%61pi/customers",
    "/a%70i/account",
    "/api%2Fcustomers",
    "/%75/x.y",
    "/API/customers",
    "/%61pi/%zz",
  ]) {
    const { headers, statusCode } = await asked("GET", url);
    assert.equal(headers["cache-control"], "no-store", `${url} ${statusCode}`);
    assert.equal(headers["x-frame-options"], "DENY", url);
  }
});

test("every answer forbids what it does not need, and what the API says is kept by nobody", async () => {
  for (const { method, url } of [
    ...hub.routes,
    { method: "GET", url: "/api/docs" },
    { method: "GET", url: "/api/nowhere" },
  ]) {
    if (url === "/api/pulse/stream") continue;
    for (const path of [filled(url, UUID), filled(url, "%zz")]) {
      const { headers, statusCode } = await asked(method, path);
      const policy = String(headers["content-security-policy"]);
      assert.match(policy, /frame-ancestors 'none'/, `${method} ${path}`);
      assert.ok(!/script-src|'unsafe-eval'|\*/.test(policy) && /^default-src '(none|self)'/.test(policy), policy);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.match(String(headers["strict-transport-security"]), /max-age=\d{8}/);
      if (path.startsWith("/api/"))
        assert.equal(headers["cache-control"], "no-store", `${method} ${path} ${statusCode}`);
      if (/^\/(api(?!\/docs)|v1|gateways)/.test(path))
        assert.equal(policy, "default-src 'none'; frame-ancestors 'none'", `${method} ${path}`);
    }
  }
});
