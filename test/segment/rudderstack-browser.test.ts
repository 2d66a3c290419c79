import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openTestHub, type TestHub } from "@rapport/server/test-hub";

import { openShop, type Shop } from "./open-shop.ts";
import { toldOf } from "./told-of.ts";

let hub: TestHub;
let hubUrl: string;
let shop: Shop;
before(async () => {
  hub = await openTestHub();
  hubUrl = await hub.app.listen({ port: 0, host: "127.0.0.1" });
  shop = await openShop(hubUrl, {
    package: "@rudderstack/analytics-js/bundled",
    folder: "../umd",
    script: "index.js",
  });
});
after(async () => {
  await shop.close();
  await hub.end();
});

type Sdk = {
  RudderAnalytics: new () => {
    load(writeKey: string, dataPlaneUrl: string, options: object): void;
    ready(callback: () => void): void;
    page(name: string): void;
    identify(userId: string, traits: object): void;
    group(groupId: string, traits: object): void;
    track(event: string, properties: object, callback?: () => void): void;
    reset(): void;
  };
};

const visits: [who: string, options: object, paths: string[]][] = [
  ["rudder-single", {}, ["/v1/page", "/v1/identify", "/v1/group", "/v1/track"]],
  ["rudder-batch", { queueOptions: { batch: { enabled: true, flushInterval: 200 } } }, ["/v1/batch"]],
  ["rudder-beacon", { useBeacon: true, beaconQueueOptions: { flushQueueInterval: 200 } }, ["/beacon/v1/batch"]],
];
for (const [who, options, paths] of visits) {
  test(`the unmodified RudderStack SDK in Chromium (${who}) tells of one customer`, async () => {
    const { page, posted, problems, elsewhere } = await shop.visit();
    const settled = page.waitForResponse(
      (answer) => /\/v1\/(track|batch)$/.test(new URL(answer.url()).pathname) && answer.request().method() === "POST",
    );
    await page.evaluate(
      ({ writeKey, hubUrl: address, who: userId, options: more }) => {
        const { RudderAnalytics } = (window as unknown as { rudderanalytics: Sdk }).rudderanalytics;
        const analytics = new RudderAnalytics();
        analytics.load(writeKey, address, { configUrl: address, ...more });
        analytics.page("Home");
        analytics.identify(userId, { name: `Visitor ${userId}`, email: `${userId}@shop.example` });
        analytics.group("acme", { plan: "gold" });
        analytics.track("Order placed", { total: 12 });
      },
      { writeKey: hub.writeKey, hubUrl, who, options },
    );
    assert.equal((await settled).status(), 200);
    await page.waitForLoadState("networkidle");
    await page.close();

    assert.deepEqual([problems, elsewhere], [[], []]);
    const { name, events } = await toldOf(hub, `${who}@shop.example`);
    assert.equal(name, `Visitor ${who}`);
    assert.deepEqual(events.map((event) => event.name).sort(), ["Home", "Order placed", "group", "identify"]);
    assert.ok(events.every((event) => event.channel === "web"));
    assert.deepEqual(
      posted.map((request) => request.path),
      paths,
    );
  });
}
