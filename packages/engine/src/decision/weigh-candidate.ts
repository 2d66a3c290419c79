import type { Facts } from "../condition/index.ts";
import type { ContactChannel, Purpose } from "../profile/profile.ts";
import type { Action } from "./action.ts";
import type { Slots } from "./contact-slots.ts";
import type { Candidate, Factors, Reason, Way } from "./decision-record.ts";

/** A candidate with the action that it is of, while candidates are compared. */
export type Ranked = Candidate & { about: Action };

/** What one decision knows of the ways to its customer. */
export type Means = {
  channels: readonly ContactChannel[];
  slotsFor: (channel: ContactChannel, purpose: Purpose, mustSend: boolean) => Slots;
  /** Does this purpose keep silent, because a complaint is open? */
  isHushed: (purpose: Purpose) => boolean;
};

/** Takes an eligible candidate through the filters that remain. */
export function weighCandidate(
  action: Action,
  item: unknown,
  facts: Facts,
  { channels, slotsFor, isHushed }: Means,
): Ranked {
  if (isHushed(action.purpose) && !action.mustSend) {
    return removed(action, item, "interest", { code: "open-complaint", params: { purpose: action.purpose } });
  }
  const valueToCustomer = action.valueToCustomer.of(facts);
  if (valueToCustomer !== null && valueToCustomer < 0 && !action.mustSend) {
    return removed(action, item, "interest", { code: "against-customer", params: { valueToCustomer } });
  }
  const success = action.success.of(facts);
  const valueToCompany = action.valueToCompany.of(facts);
  if (success === null || valueToCompany === null || valueToCustomer === null) {
    const factor = success === null ? "success" : valueToCompany === null ? "valueToCompany" : "valueToCustomer";
    if (!action.mustSend) return removed(action, item, "value", { code: "worth-unknown", params: { factor } });
  }
  const factors: Factors = {
    success: Math.min(1, Math.max(0, success ?? 0)),
    valueToCompany: valueToCompany ?? 0,
    valueToCustomer: valueToCustomer ?? 0,
    weight: action.weight,
  };

  const usable = action.channels.filter((channel) => channels.includes(channel));
  if (usable.length === 0) {
    return removed(
      action,
      item,
      "address",
      { code: "no-address", params: { channels: action.channels.join(", ") } },
      factors,
    );
  }
  const now = facts.now as number;
  const ways = usable
    .flatMap((channel) => waysOf(action, factors, slotsFor(channel, action.purpose, action.mustSend), now))
    .sort(byBestWay);
  const [best] = ways;
  if (!best) throw new Error(`"${action.name}" has neither an open way nor a barred one`);
  if (best.kind === "barred") return removed(action, item, "contact", best.reason, factors, ways);
  if (best.score <= 0 && !action.mustSend) {
    return removed(action, item, "worth", { code: "not-worth-it", params: { score: best.score } }, factors, ways);
  }
  return { about: action, action: action.name, item: nameOf(item), removedBy: null, factors, score: best.score, ways };
}

/** A candidate that a filter removed. */
export function removed(
  action: Action,
  item: unknown,
  filter: NonNullable<Candidate["removedBy"]>["filter"],
  reason: Reason,
  factors: Factors | null = null,
  ways: readonly Way[] = [],
): Ranked {
  const score = ways[0]?.kind === "open" ? ways[0].score : null;
  return {
    about: action,
    action: action.name,
    item: nameOf(item),
    removedBy: { filter, reason },
    factors,
    score,
    ways,
  };
}

function nameOf(item: unknown): string | null {
  const name = typeof item === "object" && item !== null && "name" in item ? item.name : null;
  return typeof name === "string" ? name : null;
}

function waysOf(action: Action, factors: Factors, open: Slots, now: number): Way[] {
  if (open.kind === "barred") return [open];
  const worth = factors.success * (factors.valueToCompany + factors.valueToCustomer) * factors.weight;
  return open.slots.map(({ at, reach, cost, annoyance }) => {
    const discount = action.valueHalfLifeMs === null ? 1 : 2 ** (-(at - now) / action.valueHalfLifeMs);
    const score = worth * reach * discount - cost - annoyance;
    return { kind: "open", channel: open.channel, at, reach, cost, annoyance, score };
  });
}

function byBestWay(a: Way, b: Way): number {
  if (a.kind === "barred" || b.kind === "barred") {
    return Number(a.kind === "barred") - Number(b.kind === "barred") || byName(a.channel, b.channel);
  }
  return b.score - a.score || a.at - b.at || byName(a.channel, b.channel);
}

/** Code unit order, the same on every machine. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
