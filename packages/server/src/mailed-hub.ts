import { createTransport, type SendMailOptions } from "nodemailer";

import { openFakeGateway, openMailListener, openMailRoom, sealKey } from "./channel/index.ts";
import { mailZone, signingDomain } from "./channel/peers/mail-zone.ts";
import { findHolder } from "./message/store.ts";
import { settle } from "./platform/setting-store.ts";
import { openTestHub } from "./test-hub.ts";

export const HUB_DOMAIN = "rapport.example";
/** A domain whose mail is signed, and one whose servers are this machine (SPF); the others say nothing of themselves. */
export const signing = signingDomain("signed.example");
const zone = { ...signing.records, "spf.example": "v=spf1 ip4:127.0.0.0/8 -all" };

export type MailedHub = Awaited<ReturnType<typeof openMailedHub>>;

/** A whole hub with a real SMTP door for what comes in, fake gateways for what goes out, and name servers of its own. */
export async function openMailedHub() {
  const email = openFakeGateway("email");
  const sms = openFakeGateway("sms");
  let afterText: () => Promise<void> = async () => undefined;
  const slowSms: typeof sms = {
    ...sms,
    async send(handoff) {
      const result = await sms.send(handoff);
      await afterText();
      return result;
    },
  };
  const hub = await openTestHub({ gateways: [email, slowSms] });
  const secret = await settle(hub.database.db, "secret", "");
  const room = openMailRoom();
  const listener = await openMailListener({
    ...{ gateway: "mail", domain: HUB_DOMAIN, secret, room, host: "127.0.0.1", port: 0, largestBytes: 1_000_000 },
    trust: { lookUp: mailZone(zone), relays: [], authservIds: [] },
    tls: null,
    now: hub.clock.now,
    hear: hub.hear,
  });
  const query = async <T extends object>(text: string, values: unknown[] = []) =>
    (await hub.database.db.query<T>(text, values)).rows;

  return {
    hub,
    email,
    sms,
    secret,
    query,
    /** What happens between a text's arrival and the gateway's answer. */
    whileSending(deed: () => Promise<void>): void {
      afterText = deed;
    },
    /** A letter to the hub, by SMTP, a second after what was before; resolves when all that follows from it has been done. */
    async mail(letter: SendMailOptions & { from: string; signed?: boolean }): Promise<void> {
      const { signed = false, ...rest } = letter;
      hub.clock.moveTo(hub.clock.now() + 1_000);
      const transport = createTransport({
        ...{ host: "127.0.0.1", port: listener.port, ignoreTLS: true },
        ...(signed ? { dkim: signing.dkim } : {}),
      });
      await transport.sendMail({
        to: `care@${HUB_DOMAIN}`,
        subject: "Re: x",
        date: new Date(hub.clock.now()),
        ...rest,
      });
      await hub.idle();
    },
    /** Where an answer to the newest letter to this address goes. */
    replyAddress(address: string): string {
      const key = email.handedOver.findLast(({ to }) => to === address)?.key ?? "";
      return `reply+${sealKey(key, secret)}@${HUB_DOMAIN}`;
    },
    lettersTo: (address: string) =>
      email.handedOver.filter(({ to }) => to === address).map(({ content }) => content.text),
    /** A customer whom the company's server has told of, with consent to marketing by mail; answers the id. */
    async customer(userId: string, traits: Record<string, unknown>): Promise<string> {
      await hub.send([{ type: "identify", userId, traits, messageId: `identify-${userId}` }]);
      const id = (await findHolder(hub.database.db, "user_id", userId)) ?? "";
      await hub.call("POST", `/api/customers/${id}/consent`, { ...MARKETING, status: "granted", source: "form" });
      await hub.idle();
      return id;
    },
    consent: async (customerId: string, purpose = "marketing") => {
      const { body } = await hub.call("GET", `/api/customers/${customerId}`);
      const { consent } = body as { consent: { purpose: string; channel: string; status: string }[] };
      return consent.find((one) => one.purpose === purpose && one.channel === "email")?.status ?? null;
    },
    timeline: async (customerId: string, kind?: string) => {
      const { body } = await hub.call("GET", `/api/customers/${customerId}/timeline${kind ? `?kind=${kind}` : ""}`);
      return (body as { events: { name: string; origin: string; properties?: Record<string, unknown> }[] }).events;
    },
    async end() {
      await listener.close();
      await room.close();
      await hub.end();
    },
  };
}

const MARKETING = { purpose: "marketing", channel: "email" };

/** A pack that offers a thing to order: "Offer due" makes the offer, and a yes is "thing accepted". */
export const aShop = {
  name: "shop",
  version: "1",
  title: { en: "Shop" },
  expects: { en: "Orders" },
  features: [],
  policies: [
    {
      name: "shop",
      version: "1",
      on: ["Offer due"],
      currency: "USD",
      channels: { email: { cost: 0.001 }, sms: { cost: 0.01 } },
      maxDelay: "30h",
      contact: {
        consent: { service: { default: "opt-out", source: "contract", since: "2026-01-01" } },
        quietHours: [{ purposes: ["service"], from: "21:00", to: "08:00", source: "courtesy" }],
        horizon: "30h",
      },
      actions: [
        {
          ...{ name: "offer", title: "Offer", purpose: "service", class: "optional", success: 1 },
          ...{ valueToCompany: 5, valueToCustomer: 5, stepHints: { accept: "thing accepted" } },
          templates: { sms: "offer", email: "offer" },
        },
      ],
    },
  ],
  messages: {
    offer: {
      sms: { en: { text: "A thing for $5. Reply 1." } },
      email: { en: { subject: "A thing", text: "A thing for $5. Reply 1." } },
    },
  },
};
