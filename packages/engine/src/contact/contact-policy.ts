import type { ContactChannel, Purpose } from "../profile/profile.ts";

/** When a customer may be contacted: data, kept in a policy file, each rule of law with its source and date. */
export type ContactPolicy = {
  /** A purpose without a rule needs a grant: silence is not consent. */
  consent: Partial<Record<Purpose, ConsentRule>>;
  caps: readonly Cap[];
  quietHours: readonly QuietHours[];
  /** Purposes that keep silent while a complaint of the customer is open. */
  hush: readonly Purpose[];
  /** One budget over everybody in the household, the customer included; null for none. */
  household: Omit<Cap, "name"> | null;
  /** How far ahead a later time is looked for, milliseconds. */
  horizonMs: number;
};

/** `opt-in`: only with a grant. `opt-out`: unless withdrawn. */
export type ConsentRule = { default: "opt-in" | "opt-out"; source: string; since: string };

/** At most `limit` contacts in any `windowMs`, over the channels and purposes named; all of them when none is. */
export type Cap = {
  name: string;
  limit: number;
  windowMs: number;
  channels: readonly ContactChannel[] | null;
  purposes: readonly Purpose[] | null;
};

/** No contact from `fromMs` to `toMs`, milliseconds after local midnight; `fromMs > toMs` spans midnight. */
export type QuietHours = {
  purposes: readonly Purpose[];
  channels: readonly ContactChannel[] | null;
  fromMs: number;
  toMs: number;
  source: string;
};
