import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { Analytics } from "@segment/analytics-node";

import { openTestHub, type TestHub } from "@rapport/server/test-hub";

let hub: TestHub;
let host: string;
before(async () => {
  hub = await openTestHub();
  host = await hub.app.listen({ port: 0, host: "127.0.0.1" });
});
after(() => hub.end());

const search = async (q: string) => {
  const { body } = await hub.call("GET", `/api/customers?q=${encodeURIComponent(q)}`);
  return (body as { customers: { customerId: string; name: string | null; events: number }[] }).customers;
};

test("the unmodified Node SDK's six calls come to one customer each", async () => {
  const analytics = new Analytics({ writeKey: hub.writeKey, host, flushAt: 20, flushInterval: 200 });
  const faults: unknown[] = [];
  analytics.on("error", (fault) => faults.push(fault));
  analytics.identify({ userId: "node-ann", traits: { name: "Ann Node", email: "ann@node.example" } });
  analytics.track({ userId: "node-ann", event: "Order placed", properties: { total: 12 } });
  analytics.page({ userId: "node-ann", name: "Home" });
  analytics.screen({ userId: "node-ann", name: "Main" });
  analytics.group({ userId: "node-ann", groupId: "acme", traits: { plan: "gold" } });
  analytics.track({ anonymousId: "node-anon", event: "Looked" });
  analytics.alias({ previousId: "node-anon-user", userId: "node-ann" });
  await analytics.closeAndFlush();
  await hub.idle();

  assert.deepEqual(faults, []);
  const [ann] = await search("ann@node.example");
  assert.deepEqual([ann?.name, ann?.events], ["Ann Node", 6]);
  assert.equal((await search("node-anon"))[0]?.events, 1);
});

test("a thousand events of the Node SDK are all counted, once", async () => {
  const analytics = new Analytics({ writeKey: hub.writeKey, host, flushAt: 100, maxEventsInBatch: 100 } as never);
  for (let n = 0; n < 1_000; n++) analytics.track({ userId: `bulk-${n % 10}`, event: "Seen" });
  await analytics.closeAndFlush({ timeout: 20_000 });
  await hub.idle();
  const counts = await Promise.all(Array.from({ length: 10 }, async (_, n) => (await search(`bulk-${n}`))[0]?.events));
  assert.deepEqual(
    counts,
    Array.from({ length: 10 }, () => 100),
  );
});

test("the Node SDK waits as Retry-After asks and then delivers, once", async () => {
  // A door before the hub's that is too busy at first, in the hub's own words.
  let busy = 1;
  const arrivals: number[] = [];
  const door = createServer((request, response) => {
    void bodyOf(request).then(async (payload) => {
      arrivals.push(performance.now());
      if (busy-- > 0) return response.writeHead(429, { "retry-after": "1" }).end();
      const answer = await hub.app.inject({
        method: "POST",
        url: request.url ?? "",
        headers: request.headers as Record<string, string>,
        payload,
      });
      return response.writeHead(answer.statusCode).end(answer.body);
    });
  }).listen(0, "127.0.0.1");
  await once(door, "listening");
  const { port } = door.address() as AddressInfo;

  const analytics = new Analytics({ writeKey: hub.writeKey, host: `http://127.0.0.1:${port}`, flushAt: 1 });
  analytics.track({ userId: "patient", event: "Seen" });
  await analytics.closeAndFlush({ timeout: 20_000 });
  await hub.idle();
  door.close();
  assert.equal((await search("patient"))[0]?.events, 1);
  assert.equal(arrivals.length, 2);
  assert.ok((arrivals[1] ?? 0) - (arrivals[0] ?? 0) >= 900, "it came back before the second was over");
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
