import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import RudderAnalytics from "@rudderstack/rudder-sdk-node";

import { openTestHub, type TestHub } from "@rapport/server/test-hub";

import { toldOf } from "./told-of.ts";

let hub: TestHub;
let hubUrl: string;
before(async () => {
  hub = await openTestHub();
  hubUrl = await hub.app.listen({ port: 0, host: "127.0.0.1" });
});
after(() => hub.end());

for (const gzip of [true, false]) {
  test(`the unmodified RudderStack SDK for Node tells of one customer, ${gzip ? "in gzip" : "as it is"}`, async () => {
    const who = `rudder-node-${gzip}`;
    const analytics = new RudderAnalytics(hub.writeKey, { dataPlaneUrl: hubUrl, flushInterval: 200, gzip });
    analytics.identify({ userId: who, traits: { name: "Ann Node", email: `${who}@node.example` } });
    analytics.track({ userId: who, event: "Order placed", properties: { total: 12 } });
    analytics.page({ userId: who, name: "Home" });
    analytics.screen({ userId: who, name: "Main" });
    analytics.group({ userId: who, groupId: "acme", traits: { plan: "gold" } });
    analytics.alias({ previousId: `${who}-before`, userId: who });
    await analytics.flush();

    const { name, events } = await toldOf(hub, `${who}@node.example`);
    assert.equal(name, "Ann Node");
    assert.deepEqual(events.map((event) => event.name).sort(), [
      "Home",
      "Main",
      "Order placed",
      "alias",
      "group",
      "identify",
    ]);
  });
}
