import { join } from "node:path";

import { numberIn, readTable } from "../../../packages/server/src/platform/read-table.ts";
import { type Person, peopleOf, randomOf, temperamentOf, usageHistory } from "../../../packages/town/src/index.ts";
import type { Tariffs } from "@rapport/contract/pack-file";

/** What one subscriber used on one day. */
export type Day = { day: string; mb: number; minutes: number; messages: number };

export type Subscriber = {
  person: Person;
  plan: string;
  registered: string;
  endedOn: string | null;
  days: Map<string, Day>;
};

/** Who plays, and when: the days before `firstDay` are past, those up to `lastDay` are lived. */
export type Cast = { subscribers: Subscriber[]; firstDay: string; lastDay: string; about: string };

/** The town's own subscribers: usage made with the shapes of real data, the same for the same seed. */
export function townCast(seed: number, count: number, tariffs: Tariffs): Cast {
  const subscribers = peopleOf({ seed, count }).map((person): Subscriber => {
    const plan = tariffs.plans[randomOf(seed, `plan/${person.id}`)() < 0.75 ? 0 : 1] ?? tariffs.plans[0];
    if (!plan) throw new Error("the tariffs name no plan");
    const { included, price, ...rest } = plan;
    const asSold = { ...rest, ...included, perGb: price.gb, perMinute: price.minute, perMessage: price.message };
    const days = usageHistory({
      seed,
      personId: person.id,
      plan: asSold,
      temperament: temperamentOf(seed, person.id),
      firstMonth: "2026-01",
      months: 5,
    });
    return {
      person,
      plan: plan.name,
      registered: "2026-01-01",
      endedOn: null,
      days: new Map(days.map((day) => [day.day, day])),
    };
  });
  return {
    subscribers,
    firstDay: "2026-03-01",
    lastDay: "2026-05-31",
    about: `${count} simulated subscribers, three months lived after two of history`,
  };
}

/** Real subscribers' months from a folder of calls, data sessions, messages, users; the people around them are the town's. */
export async function realCast(folder: string, seed: number): Promise<Cast> {
  const users = await readTable(join(folder, "users.csv"));
  const people = peopleOf({ seed, count: users.rows.length });
  const byId = new Map<string, Subscriber>();
  const subscribers = users.rows.map((cells, index): Subscriber => {
    const cell = (name: string) => cells[users.column(name)] ?? "";
    const person = {
      ...(people[index] as Person),
      id: cell("user_id"),
      name: { first: cell("first_name"), last: cell("last_name") },
    };
    const subscriber = {
      person,
      plan: cell("plan"),
      registered: cell("reg_date"),
      endedOn: cell("churn_date") || null,
      days: new Map<string, Day>(),
    };
    byId.set(person.id, subscriber);
    return subscriber;
  });
  await addUsage(byId, folder, "calls.csv", "call_date", "duration", (minutes) => ({ minutes: Math.ceil(minutes) }));
  await addUsage(byId, folder, "internet.csv", "session_date", "mb_used", (mb) => ({ mb }));
  await addUsage(byId, folder, "messages.csv", "message_date", null, () => ({ messages: 1 }));
  return {
    subscribers,
    firstDay: "2018-10-01",
    lastDay: "2018-12-31",
    about: `${users.rows.length} real subscribers, October to December lived after each one's own past`,
  };
}

async function addUsage(
  byId: Map<string, Subscriber>,
  folder: string,
  file: string,
  dateColumn: string,
  amountColumn: string | null,
  used: (amount: number) => Partial<Day>,
): Promise<void> {
  const table = await readTable(join(folder, file));
  const [who, when] = [table.column("user_id"), table.column(dateColumn)];
  for (const [index, cells] of table.rows.entries()) {
    const days = byId.get(cells[who] ?? "")?.days;
    const day = cells[when]?.slice(0, 10) ?? "";
    if (!days) continue;
    const known = days.get(day) ?? { day, mb: 0, minutes: 0, messages: 0 };
    const {
      mb = 0,
      minutes = 0,
      messages = 0,
    } = used(amountColumn === null ? 1 : numberIn(table, index, amountColumn));
    days.set(day, { day, mb: known.mb + mb, minutes: known.minutes + minutes, messages: known.messages + messages });
  }
}

/** The plans as the folder's plans file prices them; the pack's own top-ups, which no plans file names. */
export async function tariffsOf(folder: string, pack: Tariffs): Promise<Tariffs> {
  const table = await readTable(join(folder, "plans.csv"));
  const plans = table.rows.map((cells, row) => ({
    name: cells[table.column("plan_name")] ?? "",
    monthlyPay: numberIn(table, row, "usd_monthly_pay"),
    included: {
      mb: numberIn(table, row, "mb_per_month_included"),
      minutes: numberIn(table, row, "minutes_included"),
      messages: numberIn(table, row, "messages_included"),
    },
    price: {
      gb: numberIn(table, row, "usd_per_gb"),
      minute: numberIn(table, row, "usd_per_minute"),
      message: numberIn(table, row, "usd_per_message"),
    },
  }));
  return { ...pack, plans };
}
