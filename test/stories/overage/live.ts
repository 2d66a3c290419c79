import type { Tariffs } from "@rapport/contract/pack-file";
import type { Timeline } from "@rapport/contract/api";

import type { StoryHub } from "../story-hub.ts";
import { monthAfter, monthOfDay, noOrders, type Orders, planIn } from "./billing.ts";
import type { Cast, Day, Subscriber } from "./subscribers.ts";

const HOUR = 3_600_000;
const DAY_MS = 24 * HOUR;
/** Calls in one request. */
const TOGETHER = 400;

export type Lived = { orders: Map<Subscriber, Orders>; customerIds: Map<Subscriber, string>; events: number };

/** When the clock stands still in a day for the hub and the people to do their part, hours UTC. */
const HALTS = [0, 5, 10, 14, 18];

/** Plays the cast's months: the past at once, then day after day, the company's billing acting on what the hub tells it. */
export async function live(
  story: StoryHub,
  cast: Cast,
  tariffs: Tariffs,
  pace: { say: (line: string) => void; pauseMs: number },
): Promise<Lived> {
  const firstAt = Date.parse(cast.firstDay);
  let events = 0;
  const post = async (calls: Record<string, unknown>[]) => {
    for (let start = 0; start < calls.length; start += TOGETHER) await story.post(calls.slice(start, start + TOGETHER));
    events += calls.length;
  };
  const known = (day: string) =>
    cast.subscribers.filter((one) => one.registered <= day && (one.endedOn === null || one.endedOn > day));

  const past = cast.subscribers.filter((one) => one.registered < cast.firstDay);
  await post(past.map((subscriber) => identify(subscriber, subscriber.plan, Date.parse(subscriber.registered))));
  await post(
    past.flatMap((subscriber) =>
      [...subscriber.days.values()].filter((day) => day.day < cast.firstDay).flatMap((day) => usage(subscriber, day)),
    ),
  );
  await story.moveTo(firstAt);
  await story.hub.scenarios.learn();
  pace.say(`the past is in: ${events} events`);

  const orders = new Map(cast.subscribers.map((subscriber) => [subscriber, noOrders()]));
  const customerIds = await customersOf(story, cast);
  const seenOrders = new Set<string>();
  for (let at = firstAt; at <= Date.parse(cast.lastDay); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const newcomers = cast.subscribers.filter((one) => one.registered === day);
    await post(newcomers.map((subscriber) => identify(subscriber, subscriber.plan, at)));
    if (day.endsWith("-01")) {
      await post(known(day).flatMap((one) => changedPlan(one, orders.get(one) ?? noOrders(), day, at)));
      await story.hub.scenarios.learn();
    }
    for (const hour of HALTS) {
      await story.moveTo(at + hour * HOUR);
      if (hour !== HALTS.at(-1)) continue;
      await post(known(day).flatMap((one) => [...usage(one, one.days.get(day)), closed(one, day, at + hour * HOUR)]));
      await story.moveTo(at + hour * HOUR);
    }
    for (const [subscriber, id] of await customersOf(story, { ...cast, subscribers: newcomers }))
      customerIds.set(subscriber, id);
    await post(await fulfil(story, cast, customerIds, orders, seenOrders, day, tariffs));
    if (pace.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pace.pauseMs));
    if (day.endsWith("-10") || day.endsWith("-20") || day.endsWith("-01"))
      pace.say(
        `${day}: ${story.town.phones.ledger.entries.length} SMS and ${story.town.mail.ledger.entries.length} e-mails so far, ${seenOrders.size} orders`,
      );
  }
  // The last answers, receipts and confirmations find their way.
  await story.moveTo(Date.parse(cast.lastDay) + 2 * DAY_MS);
  await post(await fulfil(story, cast, customerIds, orders, seenOrders, cast.lastDay, tariffs));
  await story.moveTo(Date.parse(cast.lastDay) + 3 * DAY_MS);
  return { orders, customerIds, events };
}

function identify({ person, registered }: Subscriber, plan: string, at: number): Record<string, unknown> {
  const { name, email, phone, locale, zone, preferred } = person;
  return {
    type: "identify",
    userId: person.id,
    messageId: `identify-${person.id}-${at}`,
    timestamp: new Date(at).toISOString(),
    traits: {
      firstName: name.first,
      lastName: name.last,
      email,
      phone,
      locale,
      timezone: zone,
      preferredChannel: preferred,
      plan,
      registered,
    },
  };
}

function usage({ person }: Subscriber, used: Day | undefined): Record<string, unknown>[] {
  if (!used) return [];
  const timestamp = `${used.day}T12:00:00.000Z`;
  const track = (event: string, properties: Record<string, number>) => ({
    type: "track",
    userId: person.id,
    event,
    properties,
    timestamp,
    messageId: `${event}-${person.id}-${used.day}`,
  });
  return [
    ...(used.mb > 0 ? [track("data used", { mb: used.mb })] : []),
    ...(used.minutes > 0 ? [track("call made", { minutes: used.minutes })] : []),
    ...(used.messages > 0 ? [track("message written", { messages: used.messages })] : []),
  ];
}

const closed = ({ person }: Subscriber, day: string, at: number) => ({
  type: "track",
  userId: person.id,
  event: "usage day closed",
  properties: { day },
  timestamp: new Date(at).toISOString(),
  messageId: `closed-${person.id}-${day}`,
});

function changedPlan(subscriber: Subscriber, orders: Orders, day: string, at: number): Record<string, unknown>[] {
  return orders.planFrom.has(monthOfDay(day))
    ? [identify(subscriber, planIn(subscriber, orders, monthOfDay(day)), at)]
    : [];
}

async function customersOf(story: StoryHub, cast: Cast): Promise<Map<Subscriber, string>> {
  const found = new Map<Subscriber, string>();
  for (const subscriber of cast.subscribers) {
    const { customers } = await story.get<{ customers: { customerId: string; email: string | null }[] }>(
      `/api/customers?q=${encodeURIComponent(subscriber.person.email)}`,
    );
    const own = customers.find((one) => one.email === subscriber.person.email);
    if (own) found.set(subscriber, own.customerId);
  }
  return found;
}

/** The company's billing takes the orders it finds on the timelines of those who answered, and tells the hub when it has. */
async function fulfil(
  story: StoryHub,
  cast: Cast,
  ids: Map<Subscriber, string>,
  orders: Map<Subscriber, Orders>,
  seen: Set<string>,
  day: string,
  tariffs: Tariffs,
): Promise<Record<string, unknown>[]> {
  const calls: Record<string, unknown>[] = [];
  const answered = new Set(
    story.answers.filter((answer) => answer.kind === "answers").map((answer) => answer.person.id),
  );
  for (const subscriber of cast.subscribers.filter((one) => answered.has(one.person.id))) {
    const { events } = await story.get<Timeline>(`/api/customers/${ids.get(subscriber)}/timeline?kind=track`);
    const own = orders.get(subscriber) ?? noOrders();
    for (const event of events) {
      if ((event.name !== "topup accepted" && event.name !== "plan accepted") || seen.has(event.id)) continue;
      seen.add(event.id);
      const item = String(event.properties?.item);
      const month = monthOfDay(new Date(event.at).toISOString());
      if (event.name === "plan accepted") own.planFrom.set(monthAfter(month), item);
      else {
        const { gb, price } = topUpOf(item, tariffs);
        own.extraGb.set(month, (own.extraGb.get(month) ?? 0) + gb);
        own.extraPaid.set(month, (own.extraPaid.get(month) ?? 0) + price);
        calls.push({
          type: "track",
          userId: subscriber.person.id,
          event: "topup activated",
          properties: { mb: gb * 1_024, price },
          timestamp: new Date(event.at).toISOString(),
          messageId: `activated-${event.id}-${day}`,
        });
      }
    }
  }
  return calls;
}

/** `3 GB`, `2 × 3 GB`. */
export function topUpOf(item: string, tariffs: Tariffs): { gb: number; price: number } {
  const [, count, name = item] = /^(\d+) × (.+)$/.exec(item) ?? [];
  const times = Number(count ?? 1);
  const sold = tariffs.topUps.find((one) => one.name === name);
  if (!sold) throw new Error(`nobody sells "${item}"`);
  return { gb: sold.gb * times, price: sold.price * times };
}
