import type { Tariffs } from "@rapport/contract/pack-file";

import { randomOf, replyOf } from "../../../packages/town/src/index.ts";
import { isServed, monthAfter, monthsOf, noOrders, type Orders, planIn } from "./billing.ts";
import type { Cast, Subscriber } from "./subscribers.ts";

const WARN_AT = 0.8;
const TOP_UP = { gb: 3, price: 15 };

/**
 * The baseline: whoever passes 80 % of the allowance gets one SMS at once, whatever the hour, that offers the dearer plan,
 * or three gigabytes to those who have it already. The same people answer by the same habits.
 */
export function naiveBlast(
  cast: Cast,
  tariffs: Tariffs,
  seed: number,
): { orders: Map<Subscriber, Orders>; messages: number } {
  const dearest = [...tariffs.plans].sort((a, b) => b.monthlyPay - a.monthlyPay)[0];
  const orders = new Map(cast.subscribers.map((subscriber) => [subscriber, noOrders()]));
  let messages = 0;
  for (const subscriber of cast.subscribers) {
    const own = orders.get(subscriber) ?? noOrders();
    let count = 0;
    for (const month of monthsOf(cast)) {
      const plan = tariffs.plans.find((one) => one.name === planIn(subscriber, own, month));
      if (!plan || !dearest || !isServed(subscriber, month) || !passes(subscriber, month, plan.included.mb * WARN_AT))
        continue;
      messages += 1;
      const text =
        plan === dearest
          ? `Your data is running out. 3 GB for $${TOP_UP.price}: reply 1`
          : `Your data is running out. Change to ${dearest.name}, $${dearest.monthlyPay} a month: reply 1`;
      const dice = randomOf(seed, `${subscriber.person.id}/sms/${count++}`);
      const reaction = replyOf(subscriber.person, { channel: "sms", text, canUnsubscribe: false, links: [] }, dice);
      if (reaction.kind === "stops") break;
      if (reaction.kind !== "answers") continue;
      if (plan === dearest) {
        own.extraGb.set(month, TOP_UP.gb);
        own.extraPaid.set(month, TOP_UP.price);
      } else own.planFrom.set(monthAfter(month), dearest.name);
    }
  }
  return { orders, messages };
}

function passes(subscriber: Subscriber, month: string, limit: number): boolean {
  let sum = 0;
  for (const [day, used] of subscriber.days) if (day.startsWith(month)) sum += used.mb;
  return sum >= limit;
}
