import type { Customer, CustomerSummary, Forecasts } from "@rapport/contract/api";
import { type ContactPolicy, openComplaints } from "@rapport/engine/contact/index";
import type { Policy } from "@rapport/engine/decision/index";
import { probabilityAbove, type UsageForecast } from "@rapport/engine/forecast/index";
import { claimOf, type IdentityGraph } from "@rapport/engine/identity/index";
import { reachOf, zonesOf } from "@rapport/engine/loop/index";
import { answerFeature, emptyProfile, type Profile } from "@rapport/engine/profile/index";
import { dayOf, monthOf, usageOutlook, type UsageKind } from "@rapport/engine/scenario/index";

import type { Scenarios } from "../scenario/index.ts";
import { consentNow } from "./consent-now.ts";
import type { CustomerRow } from "./store.ts";

const DAY_MS = 86_400_000;
const textOf = (profile: Profile, trait: string): string | null => {
  const value = profile.traits[trait]?.value;
  return typeof value === "string" ? value : null;
};

export function summaryOf({ customerId, name, state }: CustomerRow): CustomerSummary {
  return {
    customerId,
    name,
    email: textOf(state, "email"),
    phone: textOf(state, "phone"),
    lastSeenAt: state.lastSeenAt,
    events: state.events,
  };
}

/** One customer as a screen shows it. */
export function viewOf(
  row: CustomerRow,
  { graph, visits }: { graph: IdentityGraph | null; visits: Customer["visits"] },
  scenarios: Scenarios,
  now: number,
): Customer {
  const state = { ...emptyProfile(row.customerId), ...row.state };
  const zones = zonesOf(state, []);
  const policies = scenarios.packs().flatMap((pack) => pack.policies);
  const [policy] = policies;
  const rules = scenarios.contactPolicyOf(policy?.name ?? null);
  const allRules = [...policies.map((one) => one.contact), scenarios.contactPolicyOf(null)];
  return {
    ...summaryOf(row),
    mergedInto: row.mergedInto,
    zone: typeof zones === "string" ? zones : (zones[0] ?? null),
    locale: textOf(state, "locale"),
    firstSeenAt: state.firstSeenAt,
    identifiers: identifiersIn(graph, row.customerId),
    merges: (graph?.merges ?? [])
      .filter((merge) => merge.into === row.customerId)
      .map(({ from, at, keys }) => ({ from, at, identifiers: keys.filter((key) => !key.startsWith("customer:")) })),
    traits: state.traits,
    claimed: unconfirmed(state),
    claimedToBe: saidToBe(state),
    visits,
    consent: Object.entries(state.consent).map(([key, { value, at }]) => {
      const [purpose = "", channel = ""] = key.split("/");
      return { purpose, channel, at, ...value };
    }),
    consentNow: consentNow(
      state,
      allRules.filter((one) => one !== null),
    ),
    complaints: openComplaints(state, now),
    reach: policy ? reachSeen(state, policy, zones, now) : [],
    features: scenarios.model().features.map((feature) => {
      const { name, kind, windowMs } = feature;
      return { name, kind, windowMs, value: answerFeature(feature, state.features[name], now) };
    }),
    ledger: { contacts: state.ledger, caps: capsOf(state, rules, now) },
  };
}

/** Who a visitor said to be, but for addresses that stand among the claimed traits. */
const saidToBe = ({ claimedToBe, claimed }: Profile): Customer["claimedToBe"] =>
  Object.entries(claimedToBe)
    .map(([key, at]) => ({ ...claimOf(key), at }))
    .filter(({ kind }) => !Object.hasOwn(claimed, kind));

/** Claims that no believed word has said since. */
function unconfirmed({ claimed, traits }: Profile): Profile["claimed"] {
  return Object.fromEntries(
    Object.entries(claimed).filter(
      ([name, { value }]) => JSON.stringify(traits[name]?.value) !== JSON.stringify(value),
    ),
  );
}

function reachSeen(
  profile: Profile,
  policy: Policy,
  zones: string | readonly string[],
  now: number,
): Customer["reach"] {
  const { reach, evidence } = reachOf(profile, policy, zones, now);
  return (Object.entries(evidence) as [keyof typeof reach, NonNullable<(typeof evidence)["email"]>][]).map(
    ([channel, from]) => {
      const chance = reach[channel] ?? 1;
      return {
        channel,
        byHour: typeof chance === "number" ? new Array<number>(24).fill(chance) : [...chance],
        ...from,
      };
    },
  );
}

export function identifiersIn(graph: IdentityGraph | null, customerId: string): { kind: string; value: string }[] {
  return Object.entries(graph?.holders ?? {})
    .filter(([key, holder]) => holder === customerId && !key.startsWith("customer:"))
    .map(([key]) => claimOf(key));
}

function capsOf(profile: Profile, rules: ContactPolicy | null, now: number): Customer["ledger"]["caps"] {
  return (rules?.caps ?? []).map(({ name, limit, windowMs, channels, purposes }) => {
    const counts = profile.ledger.filter(
      (contact) =>
        contact.state !== "released" &&
        contact.at > now - windowMs &&
        (!channels || channels.includes(contact.channel)) &&
        (!purposes || purposes.includes(contact.purpose)),
    );
    return { name, limit, windowMs, used: counts.length };
  });
}

const UNITS: Record<UsageKind, string> = { mb: "MB", minutes: "min", messages: "" };

/** The running month by each kind of usage, as a picture needs it: day by day so far, ahead with the interval, and last month. */
export function forecastsOf(profile: Profile, scenarios: Scenarios, now: number): Forecasts {
  const pack = scenarios.packs().find((one) => one.file.tariffs);
  const tariffs = pack?.file.tariffs;
  const outlook = tariffs ? usageOutlook(profile, now, tariffs, scenarios.priors()) : null;
  if (!tariffs || !outlook) return { forecasts: [], currency: "" };
  const today = dayOf(now);
  const cycle = monthOf(today);
  const forecasts = (Object.entries(outlook.forecasts) as [UsageKind, UsageForecast][]).map(([kind, forecast]) => {
    const state = profile.features[tariffs.usage[kind] ?? ""];
    const daily = state?.kind === "buckets" ? state.sum : {};
    const allowance = outlook.plan.included[kind];
    const last = monthOf(today, -1);
    return {
      name: kind,
      unit: UNITS[kind],
      cycle: { from: cycle.firstDay * DAY_MS, to: (cycle.lastDay + 1) * DAY_MS },
      allowance,
      plan: outlook.plan.name,
      soFar: runningTotal(daily, cycle.firstDay, Math.min(today, cycle.lastDay)),
      ahead: pathAhead(forecast, today - cycle.firstDay + 1, cycle.lastDay - cycle.firstDay + 1),
      lastCycle: runningTotal(daily, last.firstDay, last.lastDay),
      median: forecast.median,
      low80: forecast.low80,
      high80: forecast.high80,
      probabilityAbove: probabilityAbove(forecast, allowance),
      options: outlook.options.map(({ kind: sort, name, costThisCycle, expectedCost, savingExpected }) => ({
        kind: sort,
        name,
        costThisCycle,
        expectedCost,
        savingExpected,
      })),
    };
  });
  return { forecasts, currency: pack?.policies[0]?.currency ?? "" };
}

function runningTotal(daily: Record<string, number>, from: number, to: number): { day: number; total: number }[] {
  let total = 0;
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => {
    total += daily[from + index] ?? 0;
    return { day: index + 1, total };
  });
}

/** From today to the cycle's end: the median grows evenly, the interval as the root of the days ahead (independent days). */
function pathAhead(
  { soFar, median, low80, high80 }: UsageForecast,
  today: number,
  days: number,
): { day: number; median: number; low: number; high: number }[] {
  return Array.from({ length: Math.max(0, days - today) }, (_, index) => {
    const share = (index + 1) / (days - today);
    const middle = soFar + (median - soFar) * share;
    const spread = Math.sqrt(share);
    return {
      day: today + index + 1,
      median: middle,
      low: Math.max(soFar, middle - (median - low80) * spread),
      high: middle + (high80 - median) * spread,
    };
  });
}
