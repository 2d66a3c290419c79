import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { after, before, test } from "node:test";

import { makeCertificates } from "@rapport/server/channel/peers/make-certificates";
import { openTlsFront } from "@rapport/server/channel/peers/tls-front";
import { openTestHub, type TestHub } from "@rapport/server/test-hub";

import { openShop, type Shop } from "./open-shop.ts";
import { toldOf } from "./told-of.ts";

const SEGMENT = { package: "@segment/analytics-next/package.json", folder: "dist/umd", script: "index.js" };
const CUSTOMERIO = {
  package: "@customerio/cdp-analytics-browser/package.json",
  folder: "dist/umd",
  script: "index.js",
};

/** A hub at this address, with or without a proxy before it that ends TLS, and a shop of each SDK's. */
type Site = { hub: TestHub; hubUrl: string; shops: { segment: Shop; customerio: Shop }; close(): Promise<void> };
let plain: Site;
let secured: Site;
const certificates = makeCertificates();
let front: Awaited<ReturnType<typeof openTlsFront>>;
before(async () => {
  const [port, behind] = [await freePort(), await freePort()];
  plain = await openSite(`http://127.0.0.1:${port}`, port);
  front = await openTlsFront(behind, certificates.good);
  secured = await openSite(`https://localhost:${front.port}`, behind);
});
after(async () => {
  await plain.close();
  await secured.close();
  await front.close();
  certificates.close();
});

async function openSite(publicUrl: string, port: number): Promise<Site> {
  const hub = await openTestHub({ publicUrl });
  await hub.app.listen({ port, host: "127.0.0.1" });
  const shops = { segment: await openShop(publicUrl, SEGMENT), customerio: await openShop(publicUrl, CUSTOMERIO) };
  return {
    hub,
    hubUrl: publicUrl,
    shops,
    async close() {
      await Promise.all([shops.segment.close(), shops.customerio.close()]);
      await hub.end();
    },
  };
}

/** A port nobody has: the hub must be told its public address before it opens. */
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
type Options = { sdk: "segment" | "customerio"; cdn: boolean; strategy: "standard" | "batching" };

/** A visit to the shop: the SDK is loaded with these options, and does what a shop's pages do. */
async function visit({ hub, hubUrl, shops }: Site, who: string, options: Options) {
  const { page, posted, problems, elsewhere } = await shops[options.sdk].visit();
  const settled = page.waitForResponse(
    (answer) =>
      /\/v1\/(t|b)$/.test(new URL(answer.url()).pathname) &&
      (answer.request().postData() ?? "").includes("Order placed"),
  );
  await page.evaluate(
    async ({ writeKey, hubUrl: address, who: userId, options: { sdk, cdn, strategy } }) => {
      const { AnalyticsBrowser } = (window as unknown as { AnalyticsNext: Sdk }).AnalyticsNext;
      const name = sdk === "segment" ? "Segment.io" : "Customer.io Data Pipelines";
      const deliveryStrategy =
        strategy === "batching" ? { strategy, config: { size: 10, timeout: 200 } } : { strategy };
      const [protocol, host] = address.split("://");
      const own = cdn ? { deliveryStrategy } : { apiHost: `${host}/v1`, protocol, deliveryStrategy };
      const analytics = AnalyticsBrowser.load(
        cdn
          ? { writeKey, cdnURL: sdk === "segment" ? address : `${address}/customerio` }
          : { writeKey, cdnSettings: { integrations: { [name]: { apiKey: writeKey } } } },
        { integrations: { [name]: own } },
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
  return { posted, problems, elsewhere };
}

const visits: [who: string, site: () => Site, options: Options][] = [
  ["standard", () => plain, { sdk: "segment", cdn: true, strategy: "standard" }],
  ["batching", () => plain, { sdk: "segment", cdn: true, strategy: "batching" }],
  ["by-options", () => plain, { sdk: "segment", cdn: false, strategy: "standard" }],
  ["secured", () => secured, { sdk: "segment", cdn: true, strategy: "standard" }],
  ["secured-batching", () => secured, { sdk: "segment", cdn: true, strategy: "batching" }],
  ["customerio", () => plain, { sdk: "customerio", cdn: true, strategy: "standard" }],
  ["customerio-batching", () => plain, { sdk: "customerio", cdn: true, strategy: "batching" }],
  ["customerio-secured", () => secured, { sdk: "customerio", cdn: true, strategy: "standard" }],
];
for (const [who, site, options] of visits) {
  const how = `${who}${options.cdn ? ", set up by our settings" : ""}`;
  test(`the unmodified ${options.sdk} SDK in Chromium (${how}) tells of one customer`, async () => {
    const { posted, problems, elsewhere } = await visit(site(), who, options);
    assert.deepEqual([problems, elsewhere], [[], []]);
    const { name, events } = await toldOf(site().hub, `${who}@shop.example`);
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
