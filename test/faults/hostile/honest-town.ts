import { randomUUID } from "node:crypto";

import { hashOf, insertKey } from "../../../packages/server/src/access/index.ts";
import { sealKey } from "../../../packages/server/src/channel/index.ts";
import { messageKey } from "../../../packages/server/src/message/index.ts";
import { settle } from "../../../packages/server/src/platform/setting-store.ts";
import { ADMIN_KEY, eventually, type HubSite } from "../../harness/hub-site.ts";
import { settled } from "../../harness/ledgers.ts";
import { post } from "../../harness/load.ts";
import type { SinkLog } from "../../harness/sink-log.ts";
import { DOMAIN, emailOf, phoneOf, rest, type Target } from "./attack.ts";
import { replyOf } from "./mail-attacks.ts";
import { smtpTalk } from "./smtp-talk.ts";

export const CUSTOMERS = 200;
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);
/** Whose "1", START and STOP are forged; and who says "1" himself. */
export const OFFERED = range(0, 20);
export const STARTED = range(20, 30);
export const STOPPED = range(40, 45);
export const ANSWERING = range(100, 105);

export const BROWSER_KEY = "rk_browser_site";
const READ_KEY = "rk_read_site";

/** Customers of a shop whom its server tells of, some of them with an offer; and one attacker, who is a customer, too. */
export async function settleTown(site: HubSite, httpPort: number, sink: SinkLog): Promise<void> {
  await insertMoreKeys(site);
  const calls = range(0, CUSTOMERS).map((number) => identify(`u${number}`, emailOf(number), phoneOf(number)));
  calls.push(identify("eve", "eve@evil.example", "+13125559000"));
  await tell(httpPort, calls);
  await settled(site.db);
  for (const number of STARTED) await withdrawConsent(site, httpPort, number);
  const offers = [...OFFERED, ...ANSWERING].map((number) => `u${number}`).concat("eve");
  await tell(
    httpPort,
    offers.map((userId) => ({ type: "track", userId, event: "Offer due", messageId: `offer-${userId}` })),
  );
  await settled(site.db);
  await eventually(() => sink.arrivals.length === offers.length, "the offers have come");
  await eventually(async () => {
    const { rows } = await site.db.query("select distinct message_id from handed_off");
    return rows.length === offers.length;
  }, "the offers are known as handed off");
  await settled(site.db);
}

export async function targetOf(site: HubSite, ports: { http: number; mail: number }): Promise<Target> {
  return {
    httpPort: ports.http,
    mailPort: ports.mail,
    browserKey: BROWSER_KEY,
    readKey: READ_KEY,
    ownToken: await offerToken(site, "eve"),
    customers: CUSTOMERS,
    stopped: STOPPED,
    started: STARTED,
    offered: OFFERED,
  };
}

/** Customers answer their offers by mail while the doors are attacked, and try again until they are heard. */
export async function answerOffers(site: HubSite, mailPort: number): Promise<void> {
  for (const number of ANSWERING) {
    const from = emailOf(number);
    const to = `reply+${await offerToken(site, `u${number}`)}@${DOMAIN}`;
    const raw = replyOf(from, to, "1", `honest-${number}`);
    const letter = { from: "honest@localhost", to, raw };
    const deliver = async () => {
      const code = await smtpTalk(mailPort, "127.0.0.1", letter);
      if (code !== "250") await rest(500);
      return code === "250";
    };
    await eventually(deliver, `the answer of u${number} is taken`, 60_000);
  }
}

async function offerToken(site: HubSite, userId: string): Promise<string> {
  const { rows } = await site.db.query<{ id: string }>(
    `select m.message_id as id from message m join identifier i using (customer_id)
      where i.kind = 'user_id' and i.value = $1 and m.body::json->>'template' = 'offer'`,
    [userId],
  );
  return sealKey(messageKey(rows[0]?.id ?? ""), await settle(site.db, "secret", ""));
}

const identify = (userId: string, email: string, phone: string) => ({
  ...{ type: "identify", userId, messageId: `who-${userId}` },
  traits: { email, phone, plan: "surf" },
});

async function tell(port: number, batch: unknown[]): Promise<void> {
  const { status, body } = await post(port, "/v1/batch", JSON.stringify({ batch }));
  if (status !== 200) throw new Error(`${status} ${body}`);
}

async function withdrawConsent(site: HubSite, port: number, number: number): Promise<void> {
  const { rows } = await site.db.query<{ id: string }>(
    "select customer_id as id from identifier where kind = 'user_id' and value = $1",
    [`u${number}`],
  );
  const said = { purpose: "marketing", channel: "email", status: "withdrawn", source: "form" };
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const { status } = await post(port, `/api/customers/${rows[0]?.id}/consent`, JSON.stringify(said), { headers });
  if (status !== 202) throw new Error(`consent: ${status}`);
}

async function insertMoreKeys({ db }: HubSite): Promise<void> {
  for (const [scope, secret, origin] of [
    ["write", BROWSER_KEY, "browser"],
    ["read", READ_KEY, null],
  ] as const) {
    const key = { apiKeyId: randomUUID(), name: `site-${origin ?? scope}`, scope, origin, idGroup: null, prefix: "rk" };
    await insertKey(db, { ...key, createdBy: "site", createdAt: new Date() }, hashOf(secret));
  }
}

const action = (name: string, more = {}) => ({
  ...{ name, title: name, purpose: "service", class: "must-send", success: 1, valueToCompany: 1, valueToCustomer: 1 },
  ...{ templates: { email: name }, ...more },
});
const policy = (name: string, on: string, more = {}) => ({
  ...{ name, version: "1", on: [on], currency: "USD", channels: { email: { cost: 0.001 } } },
  contact: { consent: { service: { default: "opt-out", source: "contract", since: "2026-01-01" } } },
  ...{ actions: [action(name)], ...more },
});
const mail = (text: string) => ({ email: { en: { subject: text, text } } });

/** Orders are confirmed, offers made; and browsers may ask for a call. */
export const townPack = {
  ...{ name: "town", version: "1", title: { en: "Town" }, expects: { en: "Orders" } },
  features: [{ name: "used_7d", kind: "count", events: ["data used"], window: "7d" }],
  browserEvents: [{ event: "callback wanted" }],
  policies: [
    policy("confirm", "Ordered"),
    policy("offer", "Offer due", { actions: [action("offer", { stepHints: { accept: "thing accepted" } })] }),
    policy("callback", "callback wanted", { from: ["browser", "server"] }),
  ],
  messages: {
    confirm: mail("Thank you for your order."),
    offer: mail("A thing for $5. Reply 1."),
    callback: mail("We will call you."),
  },
};
