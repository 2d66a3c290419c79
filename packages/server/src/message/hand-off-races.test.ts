import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openFakeGateway } from "../channel/index.ts";
import { KEYS, openTestHub, type TestHub } from "../test-hub.ts";
import { settle } from "../platform/setting-store.ts";
import { openSender } from "./sender.ts";

const MESSAGES = 20;

/** A hub that sends nothing itself: the senders are the test's. */
let hub: TestHub;
before(async () => {
  hub = await openTestHub();
});
after(() => hub.end());

/** One message to each of these customers waits to be sent. */
async function writeToEach(users: string[], area = "312"): Promise<void> {
  await hub.send(
    users.map((userId, n) => {
      const traits = { phone: `+1${area}55501${String(n).padStart(2, "0")}` };
      return { type: "identify", userId, traits, messageId: userId };
    }),
  );
  const { body } = await hub.call("GET", `/api/customers?q=${users[0]?.split("-")[0]}`);
  for (const { customerId } of (body as { customers: { customerId: string }[] }).customers) {
    const answer = await hub.app.inject({
      method: "POST",
      url: "/api/messages",
      headers: { authorization: `Bearer ${KEYS.admin}`, "idempotency-key": customerId },
      payload: { customerId, channel: "sms", purpose: "service", text: "Hello" },
    });
    assert.equal(answer.statusCode, 202, answer.body);
  }
}

/** A sender with a gateway of its own, which hands nothing over until it is let go. */
async function aSender(owner: string) {
  const fake = openFakeGateway("sms");
  const [asked, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const gateway: typeof fake = {
    ...fake,
    takesKey: false,
    async send(handoff) {
      asked.resolve();
      await gone.promise;
      return fake.send(handoff);
    },
  };
  const sender = openSender({
    db: hub.database.db,
    clock: hub.clock,
    owner,
    secret: await settle(hub.database.db, "secret", ""),
    gateway,
    render: async () => ({ kind: "rendered", content: { kind: "sms", text: "Hello" } }),
    contactPolicyOf: () => null,
    zones: () => ["UTC"],
    surge: { count: () => undefined, holds: () => false },
    unsubscribeOf: () => null,
    dice: () => 0.5,
    wakeResolver: () => undefined,
    onFault: (_where, fault) => assert.fail(String(fault)),
  });
  return { sender, asked: asked.promise, letGo: gone.resolve, handedOver: fake.handedOver };
}

test("while one sender is handing messages over, another takes none of them: each goes once", async () => {
  await writeToEach(Array.from({ length: MESSAGES }, (_, n) => `user-${n}`));
  const first = await aSender("first");
  await first.asked;
  const second = await aSender("second");
  second.letGo();
  await second.sender.idle();
  first.letGo();
  await first.sender.idle();

  const handedOver = [...first.handedOver, ...second.handedOver].map((handoff) => handoff.to);
  assert.deepEqual([handedOver.length, new Set(handedOver).size], [MESSAGES, MESSAGES]);
  await Promise.all([first.sender.close(), second.sender.close()]);
});

test("an opt-out that comes while a message to that address is being handed over is acknowledged after it", async () => {
  await writeToEach(["late-1"], "773");
  const sender = await aSender("late");
  await sender.asked;
  const touch = { kind: "reply", gateway: "sms", channel: "sms", inReplyToKey: null, at: hub.clock.now() } as const;
  let handedOverBefore = -1;
  const heard = hub.hear([{ ...touch, from: "+17735550100", to: "RAPPORT", text: "STOP", id: "stop" }]).then(() => {
    handedOverBefore = sender.handedOver.length;
  });
  while (handedOverBefore < 0 && !(await somebodyWaits())) await new Promise((resolve) => setImmediate(resolve));
  sender.letGo();
  await heard;
  assert.equal(handedOverBefore, 1);
  await sender.sender.close();
});

/** Whether a transaction waits for another's lock. */
async function somebodyWaits(): Promise<boolean> {
  const waits =
    "select 1 as waits from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  return (await hub.database.db.query(waits)).rows.length > 0;
}
