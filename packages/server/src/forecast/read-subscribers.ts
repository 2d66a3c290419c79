import { join } from "node:path";

import type { DailyUsage } from "@rapport/engine/forecast/index";

import { BadFile, dayIn, numberIn, readTable, type Table } from "../platform/read-table.ts";

/** What a plan includes in a month: `data` in MB, `minutes`, `messages`. */
export type Allowance = Record<Measure, number>;

export const MEASURES = ["data", "minutes", "messages"] as const;
export type Measure = (typeof MEASURES)[number];

/** A subscriber's usage from the day of registration to the folder's last day. */
export type Subscriber = { id: string; allowance: Allowance; usage: Record<Measure, DailyUsage> };

export type Subscribers = { firstDay: number; lastDay: number; subscribers: Subscriber[] };

type Session = { userId: string; day: number; amount: number };

/**
 * Reads `users.csv`, `plans.csv`, `calls.csv` (minutes, each call rounded up as billed), `internet.csv` (MB) and
 * `messages.csv`. Throws `BadFile` naming file and column where something is missing. Usage before the day of
 * registration is taken as a wrong date of registration.
 */
export async function readSubscribers(folder: string): Promise<Subscribers> {
  const table = (name: string) => readTable(join(folder, name));
  const [users, plans] = await Promise.all([table("users.csv"), table("plans.csv")]);
  const sessions: Record<Measure, Session[]> = {
    data: readSessions(await table("internet.csv"), "session_date", "mb_used"),
    minutes: readSessions(await table("calls.csv"), "call_date", "duration").map(roundedUp),
    messages: readSessions(await table("messages.csv"), "message_date", null),
  };
  const days = MEASURES.flatMap((measure) => sessions[measure].map(({ day }) => day));
  if (days.length === 0) throw new BadFile(`${folder}: no usage at all in internet.csv, calls.csv and messages.csv`);
  const firstDay = days.reduce((a, b) => Math.min(a, b));
  const lastDay = days.reduce((a, b) => Math.max(a, b));

  const allowances = readAllowances(plans);
  const byUser = {
    data: groupByUser(sessions.data),
    minutes: groupByUser(sessions.minutes),
    messages: groupByUser(sessions.messages),
  };
  const subscribers = users.rows.map((_, row) => {
    const id = users.rows[row]?.[users.column("user_id")] ?? "";
    const plan = users.rows[row]?.[users.column("plan")] ?? "";
    const allowance = allowances.get(plan);
    if (allowance === undefined)
      throw new BadFile(`${users.file}: line ${row + 2}, column "plan": plans.csv has no plan "${plan}"`);
    const term = { joined: dayIn(users, row, "reg_date") ?? firstDay, left: leavingDay(users, row), lastDay };
    const usageOf = (measure: Measure) => dailyUsage(byUser[measure].get(id) ?? [], term);
    return {
      id,
      allowance,
      usage: { data: usageOf("data"), minutes: usageOf("minutes"), messages: usageOf("messages") },
    };
  });
  return { firstDay, lastDay, subscribers };
}

function leavingDay(users: Table, row: number): number | null {
  // A list without dates of leaving, or with a word for "none" among them, is common, and no fault.
  if (!users.names.includes("churn_date")) return null;
  const known = users.rows[row]?.[users.column("churn_date")] ?? "";
  return /^\d/.test(known) ? dayIn(users, row, "churn_date") : null;
}

function readAllowances(plans: Table): Map<string, Allowance> {
  return new Map(
    plans.rows.map((cells, row) => [
      cells[plans.column("plan_name")] ?? "",
      {
        data: numberIn(plans, row, "mb_per_month_included"),
        minutes: numberIn(plans, row, "minutes_included"),
        messages: numberIn(plans, row, "messages_included"),
      },
    ]),
  );
}

function readSessions(table: Table, dateColumn: string, amountColumn: string | null): Session[] {
  const user = table.column("user_id");
  return table.rows.map((cells, row) => {
    const day = dayIn(table, row, dateColumn);
    if (day === null) throw new BadFile(`${table.file}: line ${row + 2}, column "${dateColumn}": a date is missing`);
    return { userId: cells[user] ?? "", day, amount: amountColumn === null ? 1 : numberIn(table, row, amountColumn) };
  });
}

const roundedUp = (session: Session): Session => ({ ...session, amount: Math.ceil(session.amount) });

function groupByUser(sessions: readonly Session[]): Map<string, Session[]> {
  const groups = new Map<string, Session[]>();
  for (const session of sessions) {
    const group = groups.get(session.userId);
    if (group) group.push(session);
    else groups.set(session.userId, [session]);
  }
  return groups;
}

function dailyUsage(
  sessions: readonly Session[],
  term: { joined: number; left: number | null; lastDay: number },
): DailyUsage {
  const firstDay = sessions.reduce((first, { day }) => Math.min(first, day), term.joined);
  const values = Array<number>(Math.max(0, term.lastDay - firstDay + 1)).fill(0);
  for (const { day, amount } of sessions) values[day - firstDay] = (values[day - firstDay] ?? 0) + amount;
  return term.left === null ? { firstDay, values } : { firstDay, values, endsOn: term.left };
}
