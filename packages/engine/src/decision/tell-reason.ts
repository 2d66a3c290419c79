import { NEVER } from "../contact/index.ts";
import type { Reason } from "./decision-record.ts";

/**
 * The English words of each code, with `{param}` in place of its parameters. The console has the same codes in its
 * languages; a code without words is told as it stands.
 */
const WORDS: Readonly<Record<string, string>> = {
  "not-eligible": "it is only for customers with {condition}",
  "no-options": "there is no option to offer",
  "against-customer": "it would be worth {valueToCustomer} to the customer: less than nothing",
  "worth-unknown": "its {factor} cannot be known from what is known of the customer",
  "no-address": "there is no address for {channels}",
  "consent-withdrawn": "the customer withdrew consent to {purpose} by {channel}",
  "consent-missing": "the customer has not consented to {purpose} by {channel}",
  "open-complaint": "a complaint is open, and {purpose} keeps silent then",
  "quiet-hours": "these are quiet hours for {purpose} until {until}",
  cap: 'the limit "{cap}" of {limit} is spent until {until}',
  "household-cap": "the household's limit of {limit} is spent until {until}",
  "not-worth-it": "its cost and annoyance are more than it is worth: {score}",
  outscored: '"{by}" was worth more: {score}',
  "no-candidates": "no action of the policy is for this customer now",
  "unknown-action": 'the policy did not weigh an action "{action}"',
  chosen: '"{action}" by {channel} at {at}, worth {score}',
  "chosen-item": '"{action}" with "{item}" by {channel} at {at}, worth {score}',
  "must-send": "it must be sent",
  expects:
    "it succeeds with probability {success}, brings the customer {valueToCustomer} and the company {valueToCompany}",
  way: "by {channel} it reaches the customer with probability {reach}, costs {cost} and annoys by {annoyance}",
  "reach-learned":
    "{reached} of {contacts} contacts by {channel} are known to have reached the customer, where {expected} was expected",
  "reach-expected": "nothing has come back from the customer by {channel} yet, so {expected} is expected",
  better: 'the next best, "{action}", was worth {score}',
  nothing: "nothing was sent: {why}",
  removed: "{count} more candidates were removed: {code}",
  fact: "{path} is {value}",
};

/** Every code that an answer may have: what the console must have words for. */
export const REASON_CODES: readonly string[] = Object.keys(WORDS);

const MOMENTS = ["at", "until"];

/** A reason as an English clause. Moments are told in UTC, numbers with two decimals. */
export function tellReason({ code, params }: Reason): string {
  const words = WORDS[code] ?? code;
  return words.replace(/\{(\w+)\}/g, (_, name: string) => told(name, params[name]));
}

function told(name: string, value: string | number | undefined): string {
  if (typeof value !== "number") return value ?? "unknown";
  if (MOMENTS.includes(name)) {
    if (value >= NEVER) return "further notice";
    return Temporal.Instant.fromEpochMilliseconds(Math.round(value)).toString({ smallestUnit: "minute" });
  }
  return Number.isInteger(value) ? value.toString() : value.toFixed(2);
}
