import { costOf, type Plan } from "@rapport/engine/offer/index";
import type { Tariffs } from "@rapport/contract/pack-file";

import type { Cast, Subscriber } from "./subscribers.ts";

/** What a subscriber has ordered: a plan from a month on, data for a month. The company's billing, which the hub only hears from. */
export type Orders = { planFrom: Map<string, string>; extraGb: Map<string, number>; extraPaid: Map<string, number> };

export const noOrders = (): Orders => ({ planFrom: new Map(), extraGb: new Map(), extraPaid: new Map() });

export const monthOfDay = (day: string): string => day.slice(0, 7);
export const monthAfter = (month: string): string => Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString();

/** The plan in force in a month. */
export function planIn(subscriber: Subscriber, orders: Orders, month: string): string {
  const changes = [...orders.planFrom].filter(([from]) => from <= month).sort(([a], [b]) => (a < b ? -1 : 1));
  return changes.at(-1)?.[1] ?? subscriber.plan;
}

/** What one subscriber pays for one month. */
export function billOf(subscriber: Subscriber, orders: Orders, month: string, tariffs: Tariffs): number {
  const plan = tariffs.plans.find((one) => one.name === planIn(subscriber, orders, month)) as Plan;
  const usage = { mb: 0, minutes: 0, messages: 0 };
  for (const day of subscriber.days.values()) {
    if (monthOfDay(day.day) !== month) continue;
    usage.mb += day.mb;
    usage.minutes += day.minutes;
    usage.messages += day.messages;
  }
  return costOf(plan, usage, orders.extraGb.get(month) ?? 0) + (orders.extraPaid.get(month) ?? 0);
}

/** What all pay over the lived months. */
export function totalPaid(cast: Cast, ordersOf: (subscriber: Subscriber) => Orders, tariffs: Tariffs): number {
  const months = monthsOf(cast);
  let total = 0;
  for (const subscriber of cast.subscribers) {
    for (const month of months)
      if (isServed(subscriber, month)) total += billOf(subscriber, ordersOf(subscriber), month, tariffs);
  }
  return Math.round(total * 100) / 100;
}

/** Of the customers who ordered something, the share who pay more than they would have paid had nobody told them anything. */
export function shareWorseOff(cast: Cast, ordersOf: (subscriber: Subscriber) => Orders, tariffs: Tariffs): number {
  const paidBy = (subscriber: Subscriber, orders: Orders) =>
    totalPaid({ ...cast, subscribers: [subscriber] }, () => orders, tariffs);
  const ordered = cast.subscribers.filter((subscriber) => {
    const { planFrom, extraGb } = ordersOf(subscriber);
    return planFrom.size + extraGb.size > 0;
  });
  const worse = ordered.filter(
    (subscriber) => paidBy(subscriber, ordersOf(subscriber)) > paidBy(subscriber, noOrders()) + 0.005,
  );
  return ordered.length === 0 ? 0 : worse.length / ordered.length;
}

export function monthsOf({ firstDay, lastDay }: Cast): string[] {
  const months: string[] = [];
  for (let month = monthOfDay(firstDay); month <= monthOfDay(lastDay); month = monthAfter(month)) months.push(month);
  return months;
}

export const isServed = (subscriber: Subscriber, month: string): boolean =>
  monthOfDay(subscriber.registered) <= month &&
  (subscriber.endedOn === null || monthOfDay(subscriber.endedOn) >= month);
