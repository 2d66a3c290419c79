import { randomUUID } from "node:crypto";

import { ADMIN_KEY, eventually, type HubSite, openHubSite } from "../harness/hub-site.ts";
import { settled } from "../harness/ledgers.ts";
import { openLoad, post } from "../harness/load.ts";
import { seededDice } from "../harness/seeded-dice.ts";
import { openSinkLog, type SinkLog } from "../harness/sink-log.ts";
import { type Check, checkLedgers, type Fault, rest } from "./fault.ts";

const KILLS = 20;
/** What the mail gateway hands off at most. */
const PER_SECOND = 500;
/** Messages of one claim. */
const WINDOW = 50;
/** For tens of thousands of customers. */
const SETTLING_MS = 180_000;

export const killFaults: Record<string, Fault> = {
  F1: {
    title: "kill -9 of the worker and sender at twenty random instants of a campaign",
    async run({ check, size }) {
      const site = await openHubSite();
      const sink = await openSinkLog();
      try {
        const dice = seededDice(1);
        const api = await site.start("api");
        const env = { SMTP_URL: `smtp://127.0.0.1:${sink.port}` };
        const resolver = await site.start("worker");
        const messages = await writeCampaign(site, api.port, size);
        await resolver.signal("SIGINT");
        let worker = await site.start("worker,sender", { env });
        // Through the whole campaign, and now and then while a process is still starting.
        const longestMs = 2_000 + (1.6 * size * 1_000) / PER_SECOND / KILLS;
        const kills: number[] = [];
        for (let kill = 0; kill < KILLS; kill++) {
          await rest(dice() * longestMs);
          kills.push(performance.now());
          await worker.signal("SIGKILL");
          worker = await site.start("worker,sender", { env, leases: "not awaited" });
        }
        const unsent = messages.length - sink.times().size;
        check("the kills came while there was something to send", unsent > 0, { unsent, of: messages.length });
        await eventually(() => isSettled(site), "every message has ended", 120_000 + (2_000 * size) / PER_SECOND);
        await settled(site.db, SETTLING_MS);
        await checkCampaign(check, site, sink, messages);
        const resumedMs = resumptions(kills, sink.arrivals);
        const slowestMs = Math.max(...resumedMs);
        check("it goes on within ten seconds of a kill", slowestMs <= 10_000, { slowestMs, of: resumedMs.length });
      } finally {
        await site.close();
        await sink.close();
      }
    },
  },
  F2: {
    title: "kill -9 of the ingest process between the disk and the answer; clients repeat",
    async run({ check }) {
      const site = await openHubSite();
      try {
        const dice = seededDice(2);
        let api = await site.start("api");
        const { port } = api;
        await site.start("worker");
        const load = openLoad({ ports: () => [port], tag: "f2" });
        for (let kill = 0; kill < KILLS; kill++) {
          const before = load.acknowledged.size;
          await eventually(() => load.acknowledged.size > before + 40, "load flows");
          await rest(dice() * 50);
          await api.signal("SIGKILL");
          api = await site.start("api", { port });
        }
        await checkLedgers(check, site, load, "f2");
      } finally {
        await site.close();
      }
    },
  },
  F3: {
    title: "kill -9 of PostgreSQL while events come in at full rate",
    async run({ check }) {
      const site = await openHubSite();
      try {
        const hub = await site.start("api,worker");
        const load = openLoad({ ports: () => [hub.port], tag: "f3", pauseMs: 0 });
        for (let kill = 1; kill <= 5; kill++) {
          await eventually(() => load.acknowledged.size > kill * 1_000, "load flows");
          process.kill(site.postmasterPid(), "SIGKILL");
          await rest(1_000);
          await site.restartPostgres();
        }
        await checkLedgers(check, site, load, "f3");
        check("the answers are 200 and 503", [...load.statuses.keys()].sort().join() === "200,503", [...load.statuses]);
        check("each 503 says when to come again", load.withoutRetryAfter === 0);
        check("the process goes on", hub.isRunning());
      } finally {
        await site.close();
      }
    },
  },
};

/** How long after each kill the next mail came, if it came before the next kill, milliseconds. */
function resumptions(kills: number[], arrivals: readonly number[]): number[] {
  return kills.flatMap((at, index) => {
    const next = arrivals.find((arrival) => arrival > at) ?? Number.POSITIVE_INFINITY;
    return next < (kills[index + 1] ?? Number.POSITIVE_INFINITY) ? [Math.round(next - at)] : [];
  });
}

/** The API's acknowledgements, the hub's record of how each message ended, and the relay's log. */
async function checkCampaign(check: Check, site: HubSite, sink: SinkLog, messages: string[]): Promise<void> {
  const { rows } = await site.db.query<{ id: string; status: string; address: string }>(
    `select message_id as id, status, address from message_status join message using (partition, customer_id, message_id)
      where status in ('sent', 'failed', 'suppressed', 'expired')`,
  );
  const ends = Map.groupBy(rows, (row) => row.id);
  const once = messages.filter((id) => ends.get(id)?.length === 1).length;
  check("every message ends in exactly one way", once === messages.length, { once, of: messages.length });
  const seen = sink.times();
  const repeated = [...seen.values()].filter((times) => times > 1).length;
  check("the relay takes no message twice", repeated === 0, repeated);
  const claimedSent = rows.filter((row) => row.status === "sent").map((row) => row.address);
  const unseen = claimedSent.filter((id) => !seen.has(id)).length;
  check("what is told to be sent has come at the relay", unseen === 0, unseen);
  const unknown = rows.filter((row) => row.status === "failed").map((row) => row.address);
  const went = unknown.filter((address) => seen.has(address)).length;
  const isBounded = unknown.length <= KILLS * WINDOW;
  check("what is unknown is no more than one window a kill", isBounded, { unknown: unknown.length, went });
  check("the relay saw nothing else", seen.size === claimedSent.length + went, seen.size);
}

/** Customers with an address each, and a message to each by the API; answers the messages' ids. */
async function writeCampaign(site: HubSite, port: number, size: number): Promise<string[]> {
  for (let start = 0; start < size; start += 100) {
    const batch = Array.from({ length: Math.min(100, size - start) }, (_, index) => {
      const userId = `m${start + index}`;
      return { type: "identify", userId, messageId: `who-${userId}`, traits: { email: `${userId}@sink.example` } };
    });
    await post(port, "/v1/batch", JSON.stringify({ batch }));
  }
  await settled(site.db, SETTLING_MS);
  const { rows } = await site.db.query<{ id: string }>("select customer_id as id from customer order by customer_id");
  const queue = rows.map((row) => row.id);
  const messages: string[] = [];
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  async function write(): Promise<void> {
    for (let customerId = queue.pop(); customerId; customerId = queue.pop()) {
      const body = JSON.stringify({ customerId, channel: "email", purpose: "service", subject: "F1", text: "Hello." });
      const answer = await post(port, "/api/messages", body, {
        headers: { ...headers, "idempotency-key": randomUUID() },
      });
      if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`);
      messages.push((JSON.parse(answer.body) as { messageId: string }).messageId);
    }
  }
  await Promise.all(Array.from({ length: 8 }, write));
  return messages;
}

async function isSettled({ db }: HubSite): Promise<boolean> {
  return (await db.query("select 1 as waiting from outbox limit 1")).rows.length === 0;
}
