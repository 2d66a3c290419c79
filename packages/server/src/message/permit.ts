import { type ContactPolicy, householdContacts, mayContact, openComplaints } from "@rapport/engine/contact/index";
import { zonesOf } from "@rapport/engine/loop/index";
import { emptyProfile } from "@rapport/engine/profile/index";

import type { Claimed } from "./store.ts";

export type Permit =
  | { kind: "go" }
  | { kind: "wait"; until: number }
  | { kind: "hold" }
  | { kind: "stop"; status: "suppressed" | "expired"; reason: string };

/**
 * The last look before a message leaves: is it still wanted, is its address still open, is its policy not paused, do
 * consent, ledger, quiet hours and open complaints still allow it? Life safety passes suppression, and so does what the law wants answered: the
 * confirmation of an opt-out, once, and HELP, which says who we are and how to stop us.
 */
export function permit(
  message: Claimed,
  known: {
    now: number;
    suppressed: string | null;
    isPaused: boolean;
    policy: ContactPolicy | null;
    zones: readonly string[];
  },
): Permit {
  const { now, suppressed, policy } = known;
  if (message.expiresAt.getTime() <= now)
    return { kind: "stop", status: "expired", reason: "nobody wants it any more" };
  if (suppressed !== null && message.purpose !== "life-safety" && !isOwed(message)) {
    return { kind: "stop", status: "suppressed", reason: suppressed };
  }
  if (known.isPaused) return { kind: "hold" };
  if (!policy || isOwed(message)) return { kind: "go" };
  const profile = { ...emptyProfile(message.customerId), ...message.profile };
  const { channel, purpose, messageId } = message;
  const { mustSend } = message.body;
  const permission = mayContact({
    profile,
    policy,
    channel,
    purpose,
    at: now,
    zone: zonesOf(profile, known.zones),
    mustSend,
    household: householdContacts(profile),
    openComplaint: openComplaints(profile, now).length > 0,
    messageId,
  });
  if (permission.kind === "ok") return { kind: "go" };
  const { bar } = permission;
  if ("until" in bar.params && bar.params.until < message.expiresAt.getTime())
    return { kind: "wait", until: bar.params.until };
  return { kind: "stop", status: "suppressed", reason: bar.code };
}

const OWED: readonly string[] = ["opt-out-confirmed", "help"];

/** The hub's own answer to a keyword; a message of a policy is none, whatever its template is called. */
const isOwed = ({ body }: Claimed): boolean =>
  body.kind !== "direct" && body.policy === null && OWED.includes(body.template);
