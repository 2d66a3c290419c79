import type { DailyUsage } from "./daily-usage.ts";
import { EARLY_DAYS, type Presence } from "./usage-prior.ts";

/** How the rest of a cycle may go: `full` use of all days left, `part` of them (starts, stops, returns), or none. */
export type PresenceOdds = { full: number; part: number; none: number };

/** What a history says of presence. Indexes count from the history's first day; `firstUse` is -1 when never used. */
export type PresenceFacts = {
  firstUse: number;
  days: number;
  trailingEmpty: number;
  emptyShare: number;
  quietAfter: number;
};

/** A run of empty days less likely than this is taken as an absence rather than as chance. */
const UNLIKELY_RUN = 0.001;
/** How many days of the population's share of empty days a customer's own share is shrunk by. */
const SHARE_PRIOR_DAYS = 14;

/** Reads presence from the first `days` days of a history. */
export function presenceFacts(usage: DailyUsage, days: number, emptyDay: number): PresenceFacts {
  let firstUse = -1;
  let lastUse = -1;
  let empty = 0;
  for (let i = 0; i < days; i++) {
    if ((usage.values[i] ?? 0) > 0) {
      if (firstUse < 0) firstUse = i;
      else empty += i - lastUse - 1;
      lastUse = i;
    }
  }
  const known = firstUse < 0 ? 0 : lastUse - firstUse;
  const emptyShare = (empty + SHARE_PRIOR_DAYS * emptyDay) / (known + SHARE_PRIOR_DAYS);
  const quietAfter = Math.min(60, Math.max(3, Math.ceil(Math.log(UNLIKELY_RUN) / Math.log(emptyShare))));
  return { firstUse, days, trailingEmpty: days - 1 - lastUse, emptyShare, quietAfter };
}

/** The odds for `daysLeft` more days, by Bayes on the empty days at the end. */
export function presenceOdds(facts: PresenceFacts, daysLeft: number, presence: Presence): PresenceOdds {
  if (facts.firstUse < 0) return oddsOfStarting(facts.days, daysLeft, presence);
  const present = chanceStillPresent(facts.trailingEmpty, facts.emptyShare, presence.stop);
  const stays = (1 - presence.stop) ** daysLeft;
  const returns = 1 - (1 - presence.return) ** daysLeft;
  const full = present * stays;
  const part = present * (1 - stays) + (1 - present) * returns;
  return { full, part, none: Math.max(0, 1 - full - part) };
}

function oddsOfStarting(daysSoFar: number, daysLeft: number, presence: Presence): PresenceOdds {
  const early = Math.min(daysLeft, Math.max(0, EARLY_DAYS - daysSoFar));
  const full = 1 - (1 - presence.startEarly) ** early;
  const part = (1 - full) * (1 - (1 - presence.startLate) ** (daysLeft - early));
  return { full, part, none: Math.max(0, 1 - full - part) };
}

/** Either every empty day was chance, or the customer stopped on one of them (Fader & Hardie's beta-geometric idea). */
function chanceStillPresent(emptyDays: number, emptyShare: number, stop: number): number {
  const chanceOfEmpty = (1 - stop) * emptyShare;
  const allChance = chanceOfEmpty ** emptyDays;
  const stopped = (stop * (1 - allChance)) / (1 - chanceOfEmpty);
  return allChance / (allChance + stopped);
}
