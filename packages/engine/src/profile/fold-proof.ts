import type { Event } from "@rapport/contract/event";

import { LEDGER_MS } from "./ledger-time.ts";
import type { Profile, Proof } from "./profile.ts";
import { ownOf } from "../own-of.ts";
import { UNSAFE } from "./unsafe-names.ts";

const PROVES: Readonly<Record<string, keyof Proof>> = {
  delivered: "delivered",
  seen: "seen",
  clicked: "seen",
  answered: "seen",
  failed: "missed",
  bounced: "missed",
};

/**
 * What came back of a message. Kept by message, so that the same news twice is one and news may come in any order; news
 * older than the newest by the ledger's length goes, each piece by itself.
 */
export function foldProof(profile: Profile, event: Event): void {
  const { messageId, status, reason } = (event.properties ?? {}) as Record<string, string | undefined>;
  const proof = ownOf(PROVES, status ?? "");
  if (!messageId || !proof || UNSAFE.has(messageId)) return;
  if (proof === "missed" && event.origin === "hub" && !NO_SUCH_WAY.has(reason ?? "")) return;
  const known = ownOf(profile.proofs, messageId) ?? {};
  known[proof] = Math.max(known[proof] ?? 0, event.at);
  profile.proofs[messageId] = known;
  forgetOld(profile);
}

/** Of the failures that the hub itself tells, those that say something of the customer's address; the others are its own. */
const NO_SUCH_WAY: ReadonlySet<string> = new Set(["bad-address", "blocked"]);

function forgetOld(profile: Profile): void {
  let newest = 0;
  for (const id in profile.proofs) newest = Math.max(newest, ...timesOf(profile.proofs[id]));
  for (const [id, proof] of Object.entries(profile.proofs)) {
    for (const kind of ["delivered", "seen", "missed"] as const) {
      if ((proof[kind] ?? newest) < newest - LEDGER_MS) delete proof[kind];
    }
    if (timesOf(proof).length === 0) delete profile.proofs[id];
  }
}

const timesOf = (proof: Proof | undefined): number[] => Object.values(proof ?? {});
