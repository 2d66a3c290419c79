import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Analytics } from "@customerio/cdp-analytics-node";

import { openTestHub, type TestHub } from "@rapport/server/test-hub";

import { toldOf } from "./told-of.ts";

let hub: TestHub;
let host: string;
before(async () => {
  hub = await openTestHub();
  host = await hub.app.listen({ port: 0, host: "127.0.0.1" });
});
after(() => hub.end());

test("the unmodified Customer.io SDK for Node tells of one customer", async () => {
  const analytics = new Analytics({ writeKey: hub.writeKey, host, flushInterval: 200 });
  const faults: unknown[] = [];
  analytics.on("error", (fault) => faults.push(fault));
  analytics.identify({ userId: "cio-ann", traits: { name: "Ann Node", email: "cio-ann@node.example" } });
  analytics.track({ userId: "cio-ann", event: "Order placed", properties: { total: 12 } });
  analytics.page({ userId: "cio-ann", name: "Home" });
  analytics.screen({ userId: "cio-ann", name: "Main" });
  analytics.group({ userId: "cio-ann", groupId: "acme", traits: { plan: "gold" } });
  await analytics.closeAndFlush();

  assert.deepEqual(faults, []);
  const { name, events } = await toldOf(hub, "cio-ann@node.example");
  assert.equal(name, "Ann Node");
  assert.deepEqual(events.map((event) => event.name).sort(), ["Home", "Main", "Order placed", "group", "identify"]);
});
