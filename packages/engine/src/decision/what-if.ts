import type { ContactChannel } from "../profile/profile.ts";
import { decideOn } from "./decide.ts";
import type { DecisionRecord, Given } from "./decision-record.ts";
import type { Policy } from "./policy.ts";

/** What to suppose otherwise. What is not named stays as it was. */
export type Changes = {
  at?: number;
  /** Facts by dotted path: `{ "traits.plan": "smart", "forecast.data.median": 21 }`; null makes one unknown. */
  facts?: Readonly<Record<string, unknown>>;
  /** Consent by `purpose/channel`; null is never asked. */
  consent?: Readonly<Record<string, "granted" | "withdrawn" | null>>;
  channels?: readonly ContactChannel[];
  zone?: string;
  openComplaint?: boolean;
  ledger?: Given["ledger"];
};

/** Decides once more from what a record keeps: with the policy of its version and no changes, the same record. */
export function replay(policy: Policy, record: DecisionRecord): DecisionRecord {
  return decideOn(policy, record.given, { ...triggerOf(record), at: record.at });
}

/** What would have been decided under other facts, or by another policy (which sees only the facts that were kept). */
export function whatIf(policy: Policy, record: DecisionRecord, changes: Changes): DecisionRecord {
  const { given } = record;
  const at = changes.at ?? record.at;
  const { facts, consent, at: _, ...others } = changes;
  const supposed: Given = { ...given, ...others, facts: supposedFacts(given.facts, facts ?? {}) };
  return decideOn(
    policy,
    { ...supposed, consent: supposedConsent(given.consent, consent ?? {}, at) },
    { ...triggerOf(record), at },
  );
}

const triggerOf = ({ customerId, event, origin }: DecisionRecord) => ({
  customerId,
  event,
  ...(origin ? { origin } : {}),
});

function supposedFacts(facts: Given["facts"], changes: Readonly<Record<string, unknown>>): Given["facts"] {
  let supposed = facts;
  for (const [path, value] of Object.entries(changes)) supposed = withFact(supposed, path.split("."), value);
  return supposed;
}

function withFact(record: Readonly<Record<string, unknown>>, path: readonly string[], value: unknown): Given["facts"] {
  const [name = "", ...rest] = path;
  if (rest.length === 0) return Object.fromEntries([...Object.entries(record), [name, value]]);
  const inner = Object.hasOwn(record, name) ? record[name] : null;
  const known = typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {};
  return Object.fromEntries([...Object.entries(record), [name, withFact(known, rest, value)]]);
}

function supposedConsent(
  consent: Given["consent"],
  changes: NonNullable<Changes["consent"]>,
  at: number,
): Given["consent"] {
  const supposed = { ...consent };
  for (const [key, status] of Object.entries(changes)) {
    if (status === null) delete supposed[key];
    else supposed[key] = { value: { status }, at, by: "what-if" };
  }
  return supposed;
}
