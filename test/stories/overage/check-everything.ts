import type { Event } from "@rapport/contract/event";
import type { Tariffs } from "@rapport/contract/pack-file";
import { type DecisionRecord, why, whyNot } from "@rapport/engine/decision/index";
import type { Option } from "@rapport/engine/offer/index";
import { readKeyword } from "@rapport/engine/message/opt-out-words";

import { loadEvents, loadProfiles, partitionOf, foldTimeline } from "../../../packages/server/src/partition/index.ts";
import type { Checks } from "../checks.ts";
import type { StoryHub } from "../story-hub.ts";
import { monthOfDay } from "./billing.ts";
import type { Lived } from "./live.ts";
import type { Cast, Subscriber } from "./subscribers.ts";

type Parts = {
  story: StoryHub;
  cast: Cast;
  tariffs: Tariffs;
  lived: Lived;
  paid: { hub: number; naive: number; nothing: number };
  /** Share of those who ordered who pay more than if nobody had told them anything. */
  worseOff: { hub: number; naive: number };
  check: Checks["check"];
};

type Advice = { record: DecisionRecord; option: Option; nothing: Option; subscriber: Subscriber };

const DAY_MS = 86_400_000;

/** Everything that must be true when the story has been played. */
export async function checkEverything(parts: Parts): Promise<void> {
  const { story, cast, lived, paid, check } = parts;
  const timelines = await timelinesOf(story, lived);
  const records = await recordsOf(story);
  const advice = adviceOf(records, lived);

  check(
    "customers together pay less than under the naive blast",
    paid.hub < paid.naive,
    `${percent(1 - paid.hub / paid.naive)} less`,
  );
  check(
    "customers together pay less than when nobody is told",
    paid.hub < paid.nothing,
    `${percent(1 - paid.hub / paid.nothing)} less`,
  );
  checkAdvice(parts, advice);
  checkDecisions(parts, records);
  checkMessages(parts, timelines);
  await checkProfiles(parts, timelines);
  check(
    "messages went by both channels",
    story.town.phones.ledger.entries.length > 0 && story.town.mail.ledger.entries.length > 0,
  );
  check(
    "who followed the advice is worse off for it less often than who followed the naive blast",
    parts.worseOff.hub < parts.worseOff.naive,
    `${percent(parts.worseOff.hub)} against ${percent(parts.worseOff.naive)}`,
  );
  check(
    "every subscriber is one customer",
    new Set(lived.customerIds.values()).size === cast.subscribers.length,
    lived.customerIds.size,
  );
}

/** Nobody is advised to pay more; light users near the end are left in peace; heavy ones are shown the sum. */
function checkAdvice({ check }: Parts, advice: Advice[]): void {
  check("there was advice to give", advice.length > 0, advice.length);
  check(
    "nobody is advised to pay more than doing nothing costs at the forecast's median",
    advice.every(({ option, nothing }) => option.medianCost < nothing.medianCost),
  );
  const late = advice.filter(({ record }) => daysLeftOf(record) <= 3);
  check(
    "with three days left nobody is sold a dearer plan",
    late.every(({ option, nothing }) => option.kind !== "plan" || option.monthlyPay <= nothing.monthlyPay),
    late.length,
  );
  const light = advice.filter(
    ({ record, subscriber }) => daysLeftOf(record) <= 3 && !everExceeded(subscriber, record.at),
  );
  check(
    "who never exceeded before and has three days left is offered one top-up at most",
    light.every(
      ({ option, nothing }) =>
        (option.kind === "topup" && option.count === 1) || option.monthlyPay < nothing.monthlyPay,
    ),
    light.length,
  );
  const plans = advice.filter(({ option }) => option.kind === "plan");
  check(
    "a change of plan is advised only where it saves money over the coming months",
    plans.length > 0 && plans.every(({ option }) => option.savingExpected > 0),
    plans.length,
  );
}

function checkDecisions({ check }: Parts, records: DecisionRecord[]): void {
  check(
    "every decision explains itself",
    records.every(
      (record) =>
        why(record).sentence.length > 10 &&
        record.candidates.every((one) => whyNot(record, one.action, one.item).sentence.length > 5),
    ),
    records.length,
  );
  const silent = records.filter((record) => record.outcome.kind === "nothing").length;
  check("silence is the most frequent decision", silent > records.length / 2, percent(silent / records.length));
}

/** What people got, against what the hub says it sent. */
function checkMessages({ story, cast, lived, check }: Parts, timelines: Map<Subscriber, Event[]>): void {
  const sent = messagesOf(timelines, "message.sent");
  const arrived = story.town.phones.ledger.entries.length + story.town.mail.ledger.entries.length;
  check("the hub's log and the town's ledgers count the same messages", sent.length === arrived, {
    sent: sent.length,
    arrived,
  });
  const offers = sent.filter(
    ({ event }) => /1/.test(String(event.properties?.text)) && /\$/.test(String(event.properties?.text)),
  );
  check(
    "every advice states the forecast, the price of doing nothing, and how to act without a call",
    offers.length > 0 && offers.every(({ event }) => saysAll(String(event.properties?.text))),
    offers.find(({ event }) => !saysAll(String(event.properties?.text)))?.event.properties?.text ??
      `${offers.length} messages`,
  );
  const early = sent.filter(
    ({ event, subscriber }) => isQuiet(event.at, subscriber.person.zone) && saysAll(String(event.properties?.text)),
  );
  check(
    "no advice arrives between nine in the evening and eight in the morning, where the customer lives",
    early.length === 0,
    early.length,
  );
  check(
    "nobody gets more than one piece of advice in seven days, and two in thirty",
    [...timelines.values()].every(
      (events) => atMost(adviceTimes(events), 1, 7 * DAY_MS) && atMost(adviceTimes(events), 2, 30 * DAY_MS),
    ),
  );
  const accepted = [...timelines].flatMap(([subscriber, events]) =>
    events.filter((event) => / accepted$/.test(event.name)).map((event) => ({ subscriber, event, events })),
  );
  const confirmed = accepted.filter(({ event, events }) =>
    events.some(
      (one) =>
        one.name === "message.sent" &&
        one.at >= event.at &&
        one.at < event.at + 3 * DAY_MS &&
        String(one.properties?.text).includes(String(event.properties?.item)),
    ),
  );
  check(
    "every yes, by key or in words, became an order and was confirmed",
    accepted.length > 0 && confirmed.length === accepted.length,
    { yes: accepted.length, confirmed: confirmed.length },
  );
  const orders = [...lived.orders.values()].reduce(
    (sum, one) => sum + one.planFrom.size + [...one.extraGb.values()].filter((gb) => gb > 0).length,
    0,
  );
  check("the company's billing took the orders", orders > 0, orders);
  const afterStop = [...timelines].flatMap(([, events]) => {
    const stop = events
      .filter((event) => event.kind === "reply" && readKeyword(String(event.properties?.text)).kind === "opt-out")
      .map((event) => event.at);
    const channel = events.find((event) => event.at === stop[0])?.properties?.channel;
    return stop.length === 0 || channel !== "sms"
      ? []
      : events.filter(
          (event) =>
            event.name === "message.sent" &&
            event.properties?.channel === "sms" &&
            event.at > Math.min(...stop) &&
            saysAll(String(event.properties?.text)),
        );
  });
  check("after a STOP no advice follows on that channel", afterStop.length === 0, afterStop.length);
  const faults = story.answers.filter((answer) => answer.fault !== null);
  check(
    "every answer of the town was taken",
    faults.length === 0,
    faults[0] ? `${faults[0].kind} ${faults[0].text}: ${String(faults[0].fault)}` : story.answers.length,
  );
  check(
    "subscribers were reached in Russian, Chinese and English",
    new Set(sent.map(({ subscriber }) => subscriber.person.language)).size === 3 || cast.subscribers.length < 10,
  );
}

/** The one history: nothing lost, nothing twice, and every profile is the fold of its events. */
async function checkProfiles({ story, lived, check }: Parts, timelines: Map<Subscriber, Event[]>): Promise<void> {
  const kept = [...timelines.values()].flat().filter((event) => event.source === "story-write");
  check(
    "every event that was accepted stands on a timeline once",
    kept.length === lived.events && new Set(kept.map((event) => event.id)).size === kept.length,
    { accepted: lived.events, kept: kept.length },
  );
  let differing = 0;
  for (const customerId of lived.customerIds.values()) {
    const [loaded] = await loadProfiles(story.db, [customerId]);
    const events = await loadEvents(story.db, partitionOf(customerId), customerId);
    const folded = foldTimeline(customerId, events, story.hub.scenarios.model());
    if (sorted(loaded?.profile) !== sorted(folded)) differing += 1;
  }
  check("every profile is the fold of its events", differing === 0, differing);
}

async function timelinesOf(story: StoryHub, lived: Lived): Promise<Map<Subscriber, Event[]>> {
  const timelines = new Map<Subscriber, Event[]>();
  for (const [subscriber, customerId] of lived.customerIds)
    timelines.set(subscriber, await loadEvents(story.db, partitionOf(customerId), customerId));
  return timelines;
}

async function recordsOf(story: StoryHub): Promise<DecisionRecord[]> {
  const { rows } = await story.db.query<{ record: DecisionRecord }>(
    "select record::json from decision where policy = 'overage' order by at",
  );
  return rows.map((row) => row.record);
}

function adviceOf(records: DecisionRecord[], lived: Lived): Advice[] {
  const byId = new Map([...lived.customerIds].map(([subscriber, id]) => [id, subscriber]));
  return records.flatMap((record) => {
    const { outcome } = record;
    const subscriber = byId.get(record.customerId);
    if (outcome.kind !== "act" || !subscriber) return [];
    const options = record.given.facts.options as Option[];
    const option = options.find((one) => one.name === outcome.item);
    const nothing = options.find((one) => one.kind === "nothing");
    return option && nothing ? [{ record, option, nothing, subscriber }] : [];
  });
}

const messagesOf = (timelines: Map<Subscriber, Event[]>, name: string): { subscriber: Subscriber; event: Event }[] =>
  [...timelines].flatMap(([subscriber, events]) =>
    events.filter((event) => event.name === name).map((event) => ({ subscriber, event })),
  );

const adviceTimes = (events: Event[]): number[] =>
  events
    .filter((event) => event.name === "message.sent" && saysAll(String(event.properties?.text)))
    .map((event) => event.at);

const atMost = (times: number[], limit: number, windowMs: number): boolean =>
  times.every((from) => times.filter((at) => at >= from && at < from + windowMs).length <= limit);

/** In each of the three languages: gigabytes foreseen, two sums of money, the key, and that no call is needed. */
function saysAll(text: string): boolean {
  const sums = text.match(/\$\d/g)?.length ?? 0;
  return (
    /\d (GB|ГБ)/.test(text) &&
    sums >= 2 &&
    /(Reply|Ответьте|回复) ?1/.test(text) &&
    /(No call needed|Звонить не нужно|无需致电|回复2不需要)/.test(text)
  );
}

function daysLeftOf({ at }: DecisionRecord): number {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate() - date.getUTCDate();
}

function everExceeded(subscriber: Subscriber, before: number): boolean {
  const month = monthOfDay(new Date(before).toISOString());
  const sums = new Map<string, number>();
  for (const [day, used] of subscriber.days)
    if (monthOfDay(day) < month) sums.set(monthOfDay(day), (sums.get(monthOfDay(day)) ?? 0) + used.mb);
  return [...sums.values()].some((mb) => mb > 15_360);
}

function isQuiet(at: number, zone: string): boolean {
  const { hour } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return hour >= 21 || hour < 8;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** JSON with the keys of every object in order. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
