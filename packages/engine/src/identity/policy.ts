import { ORIGINS, type Origin, PROVEN } from "@rapport/contract/origin";

import { ownOf } from "../own-of.ts";

/** What is known of one kind of identifier. */
export type IdentifierKind = {
  /** Strength: 0 is strongest. Links are taken strongest first, and an event belongs to its strongest identifier. */
  priority: number;
  /** How many of this kind one customer may have. A link that would go beyond is refused and reported. */
  limit: number;
  /** Linked with more people than this, it is a shared device or mailbox and links nobody. `null`: never shared. */
  sharedAbove: number | null;
  /** Values that identify nobody, besides those that never do (`isPlaceholder`). Compared after normalisation, in lower case. */
  blocked: string[];
  /** Whose word is believed for it; whoever has proven who he is, when nothing is said. */
  from?: readonly Origin[];
};

export type IdentityPolicy = {
  kinds: Record<string, IdentifierKind>;
  /** For kinds not named above: messenger ids, cards, ids of other systems. */
  otherKind: IdentifierKind;
  /** The kind that stands for a person: a device is shared when it is linked with many of these. */
  personKind: string;
  /** Most identifiers in one cluster; further links are refused, so that a loop of aliases cannot grow without bound. */
  clusterLimit: number;
  /** ISO 3166 region in which a number without a country code is read; null: it is not. */
  region: string | null;
};

/** The kind that names a customer record itself: the anchor by which a merge can be undone. */
export const CUSTOMER_KIND = "customer";

export const defaultIdentityPolicy: IdentityPolicy = {
  kinds: {
    [CUSTOMER_KIND]: { priority: 0, limit: 1_000, sharedAbove: null, blocked: [] },
    user_id: { priority: 1, limit: 1, sharedAbove: null, blocked: [] },
    email: {
      priority: 2,
      limit: 5,
      sharedAbove: 3,
      blocked: [],
    },
    phone: { priority: 3, limit: 5, sharedAbove: 3, blocked: [] },
    device_id: { priority: 7, limit: 30, sharedAbove: 2, blocked: [] },
    // Made by the browser itself, at random: whoever knows it is that browser.
    anonymous_id: { priority: 8, limit: 200, sharedAbove: 2, blocked: [], from: ORIGINS },
  },
  otherKind: { priority: 5, limit: 20, sharedAbove: null, blocked: [] },
  personKind: "user_id",
  clusterLimit: 500,
  region: null,
};

/** Whether an identifier of this kind is believed when it is said from there, without further proof. */
export const isBelieved = (policy: IdentityPolicy, kind: string, origin: Origin): boolean =>
  (kindOf(policy, kind).from ?? PROVEN).includes(origin);

export function kindOf(policy: IdentityPolicy, kind: string): IdentifierKind {
  return ownOf(policy.kinds, kind) ?? policy.otherKind;
}
