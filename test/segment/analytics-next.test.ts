import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { type Browser, chromium } from "playwright-core";

import { openTestHub, type TestHub } from "@rapport/server/test-hub";

const UMD = join(dirname(createRequire(import.meta.url).resolve("@segment/analytics-next/package.json")), "dist/umd");

let hub: TestHub;
let hubUrl: string;
let browser: Browser;
/** The company's own site, on another port than the hub: what the browser does between them is CORS. */
const site = createServer((request, response) => {
  const file = basename(request.url?.split("?")[0] ?? "");
  if (!file.endsWith(".js"))
    return response
      .writeHead(200, { "content-type": "text/html" })
      .end('<!doctype html><title>Shop</title><script src="/index.js"></script>');
  return response.writeHead(200, { "content-type": "text/javascript" }).end(readFileSync(join(UMD, file)));
});

before(async () => {
  const port = await freePort();
  // The SDK's settings name the address that the hub was told to be reached by.
  hub = await openTestHub({ publicUrl: `http://127.0.0.1:${port}` });
  hubUrl = await hub.app.listen({ port, host: "127.0.0.1" });
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(async () => {
  await browser.close();
  site.close();
  site.closeAllConnections();
  await hub.end();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

type Sdk = {
  AnalyticsBrowser: {
    load(
      settings: object,
      options?: object,
    ): {
      identify(userId: string, traits: object): Promise<unknown>;
      track(event: string, properties: object): Promise<unknown>;
      page(name: string): Promise<unknown>;
      group(groupId: string, traits: object): Promise<unknown>;
      alias(userId: string, previousId: string): Promise<unknown>;
    };
  };
};

/** A visit to the shop: the SDK is loaded with these options, and does what a shop's pages do. */
async function visit(who: string, options: { cdn: boolean; strategy: "standard" | "batching" }) {
  const page = await browser.newPage();
  const posted: { path: string; type: string | undefined; method: string }[] = [];
  const problems: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin === hubUrl && request.method() !== "GET")
      posted.push({ path: url.pathname, type: request.headers()["content-type"], method: request.method() });
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on(
    "console",
    (line) => line.type() === "error" && !/favicon/.test(line.location().url) && problems.push(line.text()),
  );
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  const settled = page.waitForResponse(
    (answer) =>
      /\/v1\/(t|b)$/.test(new URL(answer.url()).pathname) &&
      (answer.request().postData() ?? "").includes("Order placed"),
  );
  await page.evaluate(
    async ({ writeKey, hubUrl: address, who: userId, options: { cdn, strategy } }) => {
      const { AnalyticsBrowser } = (window as unknown as { AnalyticsNext: Sdk }).AnalyticsNext;
      const deliveryStrategy =
        strategy === "batching" ? { strategy, config: { size: 10, timeout: 200 } } : { strategy };
      const own = cdn
        ? { deliveryStrategy }
        : { apiHost: `${address.replace("http://", "")}/v1`, protocol: "http", deliveryStrategy };
      const analytics = AnalyticsBrowser.load(
        cdn
          ? { writeKey, cdnURL: address }
          : { writeKey, cdnSettings: { integrations: { "Segment.io": { apiKey: writeKey } } } },
        { integrations: { "Segment.io": own } },
      );
      const done = [
        analytics.page("Home"),
        analytics.identify(userId, { name: `Visitor ${userId}`, email: `${userId}@shop.example` }),
        analytics.group("acme", { plan: "gold" }),
        analytics.track("Order placed", { total: 12 }),
      ];
      await Promise.all(done);
    },
    { writeKey: hub.writeKey, hubUrl, who, options },
  );
  assert.equal((await settled).status(), 200);
  await page.waitForLoadState("networkidle");
  await page.close();
  await hub.idle();
  return { posted, problems };
}

async function seen(who: string) {
  const { body } = await hub.call("GET", `/api/customers?q=${who}@shop.example`);
  const [customer] = (body as { customers: { customerId: string; name: string }[] }).customers;
  const told = await hub.call("GET", `/api/customers/${customer?.customerId}/timeline`);
  const { events } = told.body as { events: { name: string; channel: string }[] };
  return { name: customer?.name, events };
}

const visits: [who: string, options: { cdn: boolean; strategy: "standard" | "batching" }][] = [
  ["standard", { cdn: true, strategy: "standard" }],
  ["batching", { cdn: true, strategy: "batching" }],
  ["by-options", { cdn: false, strategy: "standard" }],
];
for (const [who, options] of visits) {
  test(`the unmodified browser SDK in Chromium, ${options.strategy}${options.cdn ? ", set up by our settings" : ""}, tells of one customer`, async () => {
    const { posted, problems } = await visit(who, options);
    assert.deepEqual(problems, []);
    const { name, events } = await seen(who);
    assert.equal(name, `Visitor ${who}`);
    assert.deepEqual(events.map((event) => event.name).sort(), ["Home", "Order placed", "group", "identify"]);
    assert.ok(events.every((event) => event.channel === "web"));

    const paths = new Set(posted.map((request) => request.path));
    const expected = options.strategy === "batching" ? ["/v1/b"] : ["/v1/g", "/v1/i", "/v1/p", "/v1/t"];
    assert.deepEqual([...paths].filter((path) => path !== "/v1/m").sort(), expected);
    assert.ok(
      posted.every((request) => /^text\/plain/.test(request.type ?? "")),
      JSON.stringify(posted),
    );
  });
}
