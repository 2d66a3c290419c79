import type { Channel } from "@rapport/contract/event";
import type { Origin, Repliers } from "@rapport/contract/origin";

/** A value with the time it was stated and the event that stated it. The later time wins; ties go to the larger event id. */
export type Stamped<T> = { value: T; at: number; by: string };

/** A trait. `widest` is the most characters of JSON that its values ever had, kept where that is much. */
export type Trait = Stamped<unknown> & { widest?: number };

export type Purpose = "marketing" | "service" | "survey" | "profiling" | "life-safety";
export type ContactChannel = "email" | "sms" | "voice" | "push" | "chat";

/** Consent to be contacted for a purpose on a channel, with its proof. */
export type Consent = {
  status: "granted" | "withdrawn";
  /** Where it was given: `form:/signup`, `sms:STOP`, `import:list.csv`, … */
  source: string;
  /** The wording the customer saw, if it was kept. */
  text: string | null;
  ip: string | null;
};

/** One touch in the contact ledger: every channel, every campaign, bot, agent or survey spends from the same budget. */
export type Contact = {
  messageId: string;
  channel: ContactChannel;
  purpose: Purpose;
  at: number;
  /** reserved when planned, committed when handed off, released when it was not sent after all. */
  state: "reserved" | "committed" | "released";
  /** The latest news of each state, from which `state` and `at` follow. Epoch ms. */
  times?: Partial<Record<"reserved" | "committed" | "released", number>>;
};

/** What came back of one message: the latest time of each kind of news, epoch ms. */
export type Proof = {
  /** It came to the device. */
  delivered?: number;
  /** It was opened, clicked, read or answered. */
  seen?: number;
  /** It did not arrive: it bounced, or the address was refused. */
  missed?: number;
};

/** A contact that somebody else of a household had. */
export type HouseholdContact = Contact & { household: string };

/** What a message offered: accepted by a key or a word, of a proven customer unless `acceptFrom` says otherwise. */
export type Offer = { messageId: string; action: string; item: string | null; accept: string; acceptFrom?: Repliers };

/**
 * What the hub knows of one customer: a fold of the customer's events, kept as one JSON document. The fold is commutative
 * (`foldEvent`): any order of the same events gives the same profile, and undoing a merge is folding again.
 */
export type AnswerPlace = ContactChannel | `${ContactChannel}/help`;

export type Profile = {
  customerId: string;
  firstSeenAt: number;
  lastSeenAt: number;
  events: number;
  traits: Record<string, Trait>;
  /** IANA zone of the customer's device, as the context of proven events says (`context.timezone`, Segment's specification). */
  zone?: Stamped<string>;
  /** Traits that a browser stated of its visitor, without proof: shown beside, and read by nothing that a pack does not open. */
  claimed: Record<string, Trait>;
  /** By identifier (`email:ann@x.org`), when a browser last said without proof that its visitor has it, epoch ms. */
  claimedToBe: Record<string, number>;
  /** Keyed `purpose/channel`; channel `*` speaks for every channel. */
  consent: Record<string, Stamped<Consent>>;
  /** Computed features by name: see `Feature`. */
  features: Record<string, FeatureState>;
  ledger: Contact[];
  /** By message, what came back of it: from this and the ledger it is learned how the customer is reached. */
  proofs: Record<string, Proof>;
  /** What the others of the household were sent, as far as it spends from its budget. */
  household: HouseholdContact[];
  /** By the number it was given where it was made: complaints and tickets. */
  complaints: Record<string, Stamped<"open" | "closed">>;
  /** The newest offer made, which a plain "yes" accepts; its `accept` names the event that an acceptance is. */
  offer: Stamped<Offer> | null;
  /** By policy, when it last decided about this customer, epoch ms. */
  decidedAt: Record<string, number>;
  /** When the hub last answered a keyword by itself, epoch ms: STOP and START by channel, HELP by `sms/help`, `email/help`. */
  answeredAt: Partial<Record<AnswerPlace, number>>;
  /** Last touch by channel, epoch ms. */
  lastTouch: Partial<Record<Channel, number>>;
};

/** What is kept to answer a feature at any moment. Buckets are keyed by their number since the epoch (`bucketMs`). */
export type FeatureState =
  | { kind: "buckets"; sum: Record<string, number> }
  | { kind: "last"; last: Stamped<unknown> }
  | { kind: "distinct"; lastSeenAt: Record<string, number> };

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Width of a feature's buckets: hours for windows of up to two days, days beyond, and days for daily sums (UTC). */
export function bucketMs(feature: Feature): number {
  return feature.kind !== "daily" && feature.windowMs <= 2 * DAY_MS ? HOUR_MS : DAY_MS;
}

export function emptyProfile(customerId: string): Profile {
  return {
    customerId,
    firstSeenAt: 0,
    lastSeenAt: 0,
    events: 0,
    traits: {},
    claimed: {},
    claimedToBe: {},
    consent: {},
    features: {},
    ledger: [],
    proofs: {},
    household: [],
    complaints: {},
    offer: null,
    decidedAt: {},
    answeredAt: {},
    lastTouch: {},
  };
}

/** A feature computed over a sliding window of a customer's events. */
export type Feature = {
  name: string;
  /** `daily` keeps a sum a day in the customer's zone, for forecasts; the others answer one number or value. */
  kind: "count" | "sum" | "last" | "distinct" | "daily";
  /** Event names it listens to. */
  events: string[];
  /** Whose events it counts. */
  from: readonly Origin[];
  /** The property read; not needed for `count`. */
  property: string | null;
  /** Length of the sliding window, milliseconds. */
  windowMs: number;
  /** Counts an event when it came in, and not when it says to have happened: for caps, which a sender must not move. */
  byReceipt?: true;
};
