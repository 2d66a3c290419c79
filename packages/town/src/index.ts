import { type Reaction, type Received, replyOf } from "./habits.ts";
import { type MailServer, openMailServer, type TownMail } from "./mailbox.ts";
import type { Person } from "./person.ts";
import { openPhoneNetwork, type PhoneNetwork, type TownSms } from "./phone-network.ts";
import { logNormal, randomOf } from "./random-of.ts";

export { type Habits, type Reaction, type Received, replyOf } from "./habits.ts";
export type { MailEntry, MailFault, MailServer, TownMail } from "./mailbox.ts";
export type { Language } from "./language.ts";
export { type Person, peopleOf } from "./person.ts";
export type { PhoneNetwork, SmsEntry, TownSms } from "./phone-network.ts";
export { type Random, randomOf } from "./random-of.ts";
export { billOf, type DailyUsage, type Plan, type Temperament, temperamentOf, usageHistory } from "./usage-history.ts";

/** The story's time, real or simulated. */
export type TownClock = { now: () => number; schedule: (delayMs: number, deed: () => void) => void };

export type TownOptions = {
  seed: number;
  people: Person[];
  clock: TownClock;
  domain?: string;
  /** The hub's mail listener. */
  hubMail?: { host: string; port: number };
  /** What the hub binds to the phone network with. */
  smpp?: { systemId: string; password: string };
  /** What unknown addresses get: a refusal at once, or a delivery report later. */
  unknownMail?: "refuse" | "bounce";
  /** A folder for mail.jsonl and sms.jsonl; in memory only without. */
  ledgerFolder?: string;
  /** Told of what each person did, when it is done. A fault of the hub on the way is told here, too. */
  onDone?: (person: Person, reaction: Reaction, fault: unknown) => void;
};

export type Town = { mail: MailServer; phones: PhoneNetwork; close: () => Promise<void> };

/** Opens a town: everybody has a mailbox and a phone, and answers over the real protocols as their habits say. */
export async function openTown(options: TownOptions): Promise<Town> {
  const { seed, people, clock } = options;
  const byEmail = new Map(people.map((person) => [person.email, person]));
  const byPhone = new Map(people.map((person) => [person.phone, person]));
  const ledgerFile = (name: string) =>
    options.ledgerFolder === undefined ? null : `${options.ledgerFolder}/${name}.jsonl`;
  const counts = new Map<string, number>();

  const mail = await openMailServer({
    domain: options.domain ?? "town.example",
    knows: (address) => byEmail.has(address),
    unknown: options.unknownMail ?? "refuse",
    outgoing: options.hubMail ?? null,
    ledgerFile: ledgerFile("mail"),
    now: clock.now,
    onMail: (received) => {
      const seen = {
        channel: "email" as const,
        text: received.text,
        canUnsubscribe: received.oneClickUrl !== null,
        links: received.links,
      };
      react(byEmail.get(received.to), seen, (reaction) => reactByMail(mail, received, reaction));
    },
  });
  const phones = await openPhoneNetwork({
    systemId: "hub",
    password: "town",
    ...options.smpp,
    knows: (phone) => byPhone.has(phone),
    schedule: clock.schedule,
    receiptDelayMs: (phone) => Math.round(logNormal(randomOf(seed, `receipt/${phone}`), 2_000, 0.5)),
    ledgerFile: ledgerFile("sms"),
    now: clock.now,
    onSms: (received) => {
      const seen = { channel: "sms" as const, text: received.text, canUnsubscribe: false, links: [] };
      react(byPhone.get(received.to), seen, (reaction) => reactByPhone(phones, received, reaction));
    },
  });

  /** The dice are of the person and of how many messages came before, so a run repeats whatever else goes on. */
  function react(person: Person | undefined, received: Received, act: (reaction: Reaction) => Promise<void>): void {
    if (person === undefined) return;
    const name = `${person.id}/${received.channel}`;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);

    const reaction = replyOf(person, received, randomOf(seed, `${name}/${count}`));
    clock.schedule(reaction.kind === "ignores" ? 0 : reaction.afterMs, () => {
      act(reaction).then(
        () => options.onDone?.(person, reaction, null),
        (problem: unknown) => options.onDone?.(person, reaction, problem),
      );
    });
  }

  return {
    mail,
    phones,
    async close() {
      await Promise.all([mail.close(), phones.close()]);
    },
  };
}

async function reactByMail(server: MailServer, mail: TownMail, reaction: Reaction): Promise<void> {
  switch (reaction.kind) {
    case "answers":
    case "stops":
      return server.answer(mail, reaction.text);
    case "unsubscribes":
      // RFC 8058: a POST that a mail program makes, without cookies; it does not follow redirects.
      if (mail.oneClickUrl !== null)
        await fetch(mail.oneClickUrl, {
          method: "POST",
          redirect: "manual",
          body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
        });
      return;
    case "clicks":
      await fetch(reaction.link, { redirect: "manual" });
      return;
    case "ignores":
    case "reads":
  }
}

async function reactByPhone(network: PhoneNetwork, sms: TownSms, reaction: Reaction): Promise<void> {
  if (reaction.kind !== "answers" && reaction.kind !== "stops") return;
  const wasTaken = await network.send({ from: sms.to, to: sms.from, text: reaction.text });
  if (!wasTaken) throw new Error("nobody took the message");
}
