import type { DecisionTold, Title } from "@rapport/contract/api";

import type { Formats } from "../language/formats.ts";

type Say = (key: string, given?: Readonly<Record<string, string | number>>) => string | null;
type Titled = (title: Title) => string;
type Reason = { code: string; params: Readonly<Record<string, string | number>> };

/** What telling needs: the words, the formats, the decision's currency and the titles of its actions. */
export type Teller = { say: Say; format: Formats; currency: string; titles: ReadonlyMap<string, string> };

/** A moment that never comes, as the hub writes it: beyond what a date can be. */
const NEVER = 8e15;

export function tellerOf(
  { policy, candidates }: DecisionTold,
  { say, format, titled }: { say: Say; format: Formats; titled: Titled },
): Teller {
  const titles = new Map(candidates.map(({ action, title }) => [action, titled(title)]));
  return { say, format, currency: policy.currency, titles };
}

/** A reason as a clause in the reader's language; of a code we have no words for, the hub's own English. */
export function tellReason({ code, params }: Reason, text: string, teller: Teller): string {
  const told = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, toldParam(name, value, teller)]),
  );
  return teller.say(`reason.${code}`, told) ?? text;
}

/** The same with a capital and a full stop, as a sentence of its own. */
export function tellSentence(reason: Reason, text: string, teller: Teller): string {
  const clause = tellReason(reason, text, teller);
  const end = /[。.!?]$/.test(clause)
    ? ""
    : /[\u4e00-\u9fff]/.test(clause) && !/[A-Za-zА-я]\w*$/.test(clause)
      ? "。"
      : ".";
  return `${clause.charAt(0).toLocaleUpperCase()}${clause.slice(1)}${end}`;
}

function toldParam(name: string, value: string | number, { say, format, currency, titles }: Teller): string {
  const word = (group: string) => say(`${group}.${value}`) ?? String(value);
  switch (name) {
    case "at":
    case "until":
      return Number(value) >= NEVER ? (say("reason.until.further") ?? "") : format.moment(Number(value));
    case "success":
    case "reach":
    case "expected":
      return format.percent(Number(value));
    case "valueToCustomer":
    case "valueToCompany":
    case "cost":
      return format.money(Number(value), currency);
    case "channel":
    case "purpose":
      return word(name);
    case "channels":
      return String(value)
        .split(", ")
        .map((channel) => say(`channel.${channel}`) ?? channel)
        .join(", ");
    case "factor":
      return word("reason.factor");
    case "action":
    case "by":
      return titles.get(String(value)) ?? String(value);
    default:
      return typeof value === "number" ? format.number(value) : value;
  }
}
