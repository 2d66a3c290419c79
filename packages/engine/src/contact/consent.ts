import type { Consent, ContactChannel, Purpose, Stamped } from "../profile/profile.ts";
import type { ContactPolicy } from "./contact-policy.ts";

/** What the customer said, keyed `purpose/channel`, `*` for all of either. The proof is not needed to decide. */
export type KnownConsent = Readonly<Record<string, Stamped<Pick<Consent, "status">>>>;

export type ConsentAnswer =
  | { kind: "granted"; by: string | null }
  | { kind: "withdrawn"; by: string; at: number }
  /** Never asked, and the purpose needs a grant. */
  | { kind: "missing" };

/**
 * May this purpose use this channel? Statements count from `purpose/channel`, `purpose/*`, `*` + `/channel` and `*` + `/*`. A
 * withdrawal stands until a later grant that is at least as specific: a new grant for all channels does not undo a STOP
 * on one of them, while a withdrawal for all ends every grant before it. At the same moment the withdrawal wins.
 */
export function consentTo(
  consent: KnownConsent,
  policy: Pick<ContactPolicy, "consent">,
  purpose: Purpose,
  channel: ContactChannel,
): ConsentAnswer {
  const exact = consent[`${purpose}/${channel}`];
  const anyChannel = consent[`${purpose}/*`];
  const anyPurpose = consent[`*/${channel}`];
  const all = consent["*/*"];

  const withdrawal =
    standing(exact, [exact]) ??
    standing(anyChannel, [exact, anyChannel]) ??
    standing(anyPurpose, [exact, anyPurpose]) ??
    standing(all, [exact, anyChannel, anyPurpose, all]);
  if (withdrawal) return { kind: "withdrawn", by: withdrawal.by, at: withdrawal.at };

  const grant = [exact, anyChannel, anyPurpose, all].find((said) => said?.value.status === "granted");
  if (grant) return { kind: "granted", by: grant.by };
  return policy.consent[purpose]?.default === "opt-out" ? { kind: "granted", by: null } : { kind: "missing" };
}

/** The withdrawal, if no grant among `answers` is later. */
function standing(
  said: Stamped<Pick<Consent, "status">> | undefined,
  answers: readonly (Stamped<Pick<Consent, "status">> | undefined)[],
): Stamped<Pick<Consent, "status">> | undefined {
  if (said?.value.status !== "withdrawn") return undefined;
  const undone = answers.some((answer) => answer?.value.status === "granted" && answer.at > said.at);
  return undone ? undefined : said;
}
