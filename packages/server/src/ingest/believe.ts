import { createHash } from "node:crypto";
import type { Claim } from "@rapport/contract/event";
import { isHubEvent } from "@rapport/contract/hub-events";
import { defaultIdentityPolicy, isBelieved, normaliseClaim } from "@rapport/engine/identity/index";
import { CLAIMED_TRAITS, TRAITS, traitFault } from "@rapport/engine/profile/index";

import type { Frame } from "./frame.ts";
import type { ReadEvent } from "./read-segment.ts";
import { readUserProof } from "./user-proof.ts";
import { withoutProof } from "./without-proof.ts";

/** What the company asks of visitors who say who they are. */
export type ProofRules = {
  /** What proves a visitor; the newest first. */
  secrets: readonly string[];
  /** An identify without proof is refused, and other claims without proof are not even kept beside. */
  required: boolean;
};

type Speaker = Pick<Frame, "origin" | "idSpace" | "receivedAt">;
const LONGEST_ID = 255;

/**
 * Cuts an event that came in from outside, in place, down to what its speaker may say (`docs/security.md`): no name of the
 * hub's own, a message id in the speaker's own space, and of a browser nothing but its visit and what was proven.
 */
export function believe(read: ReadEvent, speaker: Speaker, rules: ProofRules): ReadEvent {
  if (read.kind === "fault") return read;
  const { event } = read;
  const named = event.kind === "page" || event.kind === "screen" ? "page" : "event";
  if (isHubEvent(event.name, named) && event.kind !== "identify")
    return { kind: "fault", field: "event", reason: `"${event.name}" is said by the hub alone`, raw: event };
  const bounds = speaker.origin === "browser" ? CLAIMED_TRAITS : TRAITS;
  const excess = traitFault(event.traits ?? {}, bounds);
  if (excess !== null)
    return { kind: "fault", field: "traits", reason: `must be within bounds: ${excess}`, raw: event };
  if (speaker.origin === "browser") return asVisit(read, speaker, rules);
  event.id = idInSpace(speaker.idSpace, event.id);
  return { ...read, event: withoutProof(event) };
}

/**
 * An id means nothing outside its speaker's space. What is too long to keep, or cannot be kept as it is, is known by its
 * hash, the whole of it.
 */
function idInSpace(space: string | null, id: string): string {
  const whole = space === null ? id : `${space}/${id}`;
  if (whole.length <= LONGEST_ID && !whole.includes("\0")) return whole;
  return `${space ?? ""}/#${createHash("sha256").update(id).digest("base64url")}`;
}

/** A browser's key is everybody's: within its space each visitor has one, so that nobody says another's id first. */
function spaceOfVisitor(space: string | null, { kind, value }: Claim): string {
  const visitor = createHash("sha256").update(`${kind} ${value}`).digest("base64url").slice(0, 11);
  return space === null ? visitor : `${space}/${visitor}`;
}

type Said = Extract<ReadEvent, { kind: "event" }>;

/**
 * A browser's event is its visitor's own. Who it says to be is kept apart as claimed, but for what the company's secret
 * proves: then the visit is that customer's, and the proof itself is forgotten, since it would prove again.
 */
function asVisit({ event, anonymousId }: Said, { idSpace, receivedAt }: Speaker, rules: ProofRules): ReadEvent {
  const fault = (field: string, reason: string): ReadEvent => ({ kind: "fault", field, reason, raw: event });
  const userId = event.claims.find((claim) => claim.kind === "user_id")?.value ?? null;
  const proof = readUserProof([event.context, event.traits, event.properties], userId, rules.secrets, receivedAt);
  if (proof.kind === "wrong") return fault("userId", proof.reason);
  if (proof.kind === "proven" && !isAsKept(proof.proven.userId))
    return fault("userId", "must be proven as it is kept: without blanks around, and naming somebody");
  if (rules.required && proof.kind === "none" && event.kind === "identify" && userId !== null)
    return fault("userId", "must be proven by a hash or a token (docs/security.md)");
  const excess = proof.kind === "proven" ? traitFault(proof.proven.traits, TRAITS) : null;
  if (excess !== null) return fault("userToken", `states traits beyond the bounds: ${excess}`);

  // Its own, and no other that it names: two would join whoever has the other.
  const own = event.claims.filter(
    ({ kind, value }) => value === anonymousId && isBelieved(defaultIdentityPolicy, kind, "browser"),
  );
  const proven = proof.kind === "proven" ? proof.proven : null;
  const claims = [...own, ...(proven ? provenClaims(proven.userId, proven.traits) : [])];
  const unproven = event.claims.filter((claim) => !claims.some((one) => isSame(one, claim)));
  const claimed = rules.required ? [] : unproven;
  const [visitor = unnamedVisitor(idSpace, unproven)] = own;
  const id = idInSpace(spaceOfVisitor(idSpace, visitor), event.id);
  const visit = { ...event, id, claims: claims.length > 0 ? claims : [visitor] };
  if (claimed.length > 0) visit.claimed = claimed;
  if (rules.required && visit.traits) visit.traits = withoutAddresses(visit.traits);
  if (proven && Object.keys(proven.traits).length > 0)
    Object.assign(visit, { provenTraits: proven.traits, provenAt: proven.issuedAt });
  return { kind: "event", event: withoutProof(visit), stated: false, anonymousId };
}

/** Where proof is required, an address that a browser states is not even kept beside. */
const withoutAddresses = ({ email: _, phone: __, ...traits }: Record<string, unknown>): Record<string, unknown> =>
  traits;

function provenClaims(userId: string, { email, phone }: Record<string, unknown>): Claim[] {
  const claims: Claim[] = [{ kind: "user_id", value: userId }];
  if (typeof email === "string") claims.push({ kind: "email", value: email });
  if (typeof phone === "string") claims.push({ kind: "phone", value: phone });
  return claims;
}

/** A proof is of one id: another that would be kept as the same is not proven by it. */
const isAsKept = (userId: string): boolean =>
  normaliseClaim({ kind: "user_id", value: userId }, defaultIdentityPolicy)?.value === userId;

const isSame = (one: Claim, other: Claim): boolean => one.kind === other.kind && one.value === other.value;

/** Who gives no anonymous id is a visitor known by what was claimed, and is nobody else. */
function unnamedVisitor(idSpace: string | null, claimed: Claim[]): Claim {
  const said = JSON.stringify([idSpace, claimed[0]?.kind, claimed[0]?.value]);
  return { kind: "visitor", value: createHash("sha256").update(said).digest("hex").slice(0, 32) };
}
