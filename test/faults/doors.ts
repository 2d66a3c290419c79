import { randomUUID } from "node:crypto";

import { ADMIN_KEY, openHubSite } from "../harness/hub-site.ts";
import { settled } from "../harness/ledgers.ts";
import { openLoad, post } from "../harness/load.ts";
import { checkLedgers, type Fault, rest } from "./fault.ts";

const DAY_MS = 86_400_000;

export const doorFaults: Record<string, Fault> = {
  F13: {
    title: "poison events: too long, too deep, half a character, __proto__, a number too large",
    async run({ check }) {
      const site = await openHubSite();
      try {
        const hub = await site.start("api,worker");
        const send = (body: string) => post(hub.port, "/v1/track", body).then((answer) => answer.status);
        const good = '{"type":"track","userId":"p","event":"e","messageId"';
        check(
          "ten megabytes are refused",
          (await send(`${good}:"${"x".repeat(10_000_000)}"}`).catch(() => 400)) === 400,
        );
        const poison = [
          `${good}:"deep","properties":{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}}`,
          `${good}:"half\\ud800","properties":{"a":"\\ud800"}}`,
          `${good}:"nul\\u0000","properties":{"a":"\\u0000"}}`,
          `${good}:"proto","properties":{"__proto__":{"admin":1},"constructor":{"prototype":1}}}`,
          `${good}:"huge","properties":{"mb":1e400}}`,
        ];
        const statuses = await Promise.all(poison.map(send));
        check(
          "poison is refused or taken, never a fault",
          statuses.every((status) => status < 500),
          statuses,
        );
        const load = openLoad({ ports: () => [hub.port], tag: "f13", customers: 1 });
        await rest(3_000);
        await checkLedgers(check, site, load, "f13");
        check("the process goes on", hub.isRunning());
      } finally {
        await site.close();
      }
    },
  },
  F18: {
    title: "the edge of the window of message ids, and senders whose clocks are a day off",
    async run({ check }) {
      const site = await openHubSite();
      try {
        const hub = await site.start("api,worker");
        const send = async (messageId: string, timestamp: number) => {
          const call = {
            type: "track",
            userId: "w",
            event: "e",
            messageId,
            timestamp: new Date(timestamp).toISOString(),
          };
          await post(hub.port, "/v1/track", JSON.stringify(call));
          await settled(site.db);
        };
        const count = async () => (await site.db.query<{ n: number }>("select count(*) as n from event")).rows[0]?.n;
        const at = Date.now() - 5_000;
        await send("a", at);
        await send("a", at);
        check("the same id again is one event", (await count()) === 1, await count());
        await site.db.query("delete from seen_event");
        await send("a", at);
        check("beyond the window, at the same time, it is still one event", (await count()) === 1, await count());
        await send("early", Date.now() - DAY_MS);
        await send("late", Date.now() + DAY_MS);
        check("a clock a day off loses nothing", (await count()) === 3, await count());
        const { rows } = await site.db.query<{ n: number }>("select count(*) as n from event where at > now()");
        check("nothing happened in the future", rows[0]?.n === 0, rows[0]?.n);
        const { rows: counted } = await site.db.query<{ n: number }>(
          "select (state::json->>'events')::int as n from customer",
        );
        check("the profile counts what the timeline holds", counted[0]?.n === 3, counted);
      } finally {
        await site.close();
      }
    },
  },
  F20: {
    title: "the same key on POST /api/messages: same body, other body, at once, after a refusal",
    async run({ check }) {
      const site = await openHubSite();
      try {
        const hub = await site.start("api,worker");
        await post(
          hub.port,
          "/v1/identify",
          JSON.stringify({ userId: "k", messageId: "k", traits: { email: "k@x.example" } }),
        );
        await settled(site.db);
        const { rows } = await site.db.query<{ id: string }>("select customer_id as id from customer");
        const body = { customerId: rows[0]?.id, channel: "email", purpose: "service", subject: "s", text: "one" };
        const headers = (key: string) => ({ authorization: `Bearer ${ADMIN_KEY}`, "idempotency-key": key });
        const send = (key: string, more = {}) =>
          post(hub.port, "/api/messages", JSON.stringify({ ...body, ...more }), { headers: headers(key) });
        const key = randomUUID();
        const [first, again, other] = [await send(key), await send(key), await send(key, { text: "two" })];
        check("the same key and body get the same answer", first.status === 202 && again.body === first.body);
        check("the same key and another body are refused", other.status === 422, other.status);
        const many = await Promise.all(Array.from({ length: 20 }, () => send("at-once")));
        const ids = new Set(many.filter((one) => one.status === 202).map((one) => one.body));
        check(
          "twenty at once send one",
          ids.size === 1 && many.every((one) => [202, 409].includes(one.status)),
          ids.size,
        );
        const refused = await send("late", { customerId: randomUUID() });
        const repaired = await send("late");
        check("a refused request leaves its key free", refused.status === 404 && repaired.status === 202);
        const { rows: kept } = await site.db.query<{ n: number }>("select count(*) as n from message");
        check("there are three messages", kept[0]?.n === 3, kept[0]?.n);
      } finally {
        await site.close();
      }
    },
  },
};
