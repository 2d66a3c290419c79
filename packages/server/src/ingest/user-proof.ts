import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createVerifier } from "fast-jwt";

import { readJson } from "../platform/read-json.ts";

/** What the company's secret proves of a visitor. */
export type Proven = {
  userId: string;
  /** From a token's claims: as good as said by the company's server. Empty for a hash, which proves the id alone. */
  traits: Record<string, unknown>;
  /** When the proof was made, epoch milliseconds; null for a hash, which has no time. */
  issuedAt: number | null;
};

/** `none`: nothing was given. `wrong`: what was given proves nothing, and `reason` says why. */
export type ProofReading = { kind: "none" } | { kind: "proven"; proven: Proven } | { kind: "wrong"; reason: string };

/** Names under which the field passes proofs: in a call's `context`, or beside the traits of an identify. */
const HASH_NAMES = ["userHash", "user_hash"];
const TOKEN_NAMES = ["userToken", "user_token", "userJwt", "user_jwt"];
export const PROOF_NAMES: readonly string[] = [...HASH_NAMES, ...TOKEN_NAMES];

/** A token that is good for longer than this is refused: it would be a password that nobody can change. */
const LONGEST_TOKEN_SECONDS = 7 * 86_400;
const CLOCK_SECONDS = 300;

/**
 * Reads the proof that a visitor is `userId`: the lower-case hex or base64 of HMAC-SHA256(secret, userId), or a JWT (RFC 7519)
 * signed HS256 with the secret of tokens that belongs to it, whose `sub` or `user_id` is the userId (where both are given,
 * both), with an `exp` within a week; what it states is as old as its `iat`. One of `secrets` is enough, so that one can be
 * replaced. Time is when the call was received, epoch milliseconds.
 */
export function readUserProof(
  stated: readonly (Record<string, unknown> | undefined)[],
  userId: string | null,
  secrets: readonly string[],
  receivedAt: number,
): ProofReading {
  const hash = firstText(stated, HASH_NAMES);
  const token = firstText(stated, TOKEN_NAMES);
  if (hash === null && token === null) return { kind: "none" };
  if (userId === null) return { kind: "wrong", reason: "a proof was given, and no userId" };
  if (token !== null) return readToken(token, userId, secrets, receivedAt);
  return secrets.some((secret) => isHashOf(hash ?? "", userId, secret))
    ? { kind: "proven", proven: { userId, traits: {}, issuedAt: null } }
    : { kind: "wrong", reason: "the hash does not prove this userId" };
}

function firstText(stated: readonly (Record<string, unknown> | undefined)[], names: readonly string[]): string | null {
  for (const fields of stated) {
    for (const name of names) {
      const value = fields?.[name];
      if (typeof value === "string" && value.length > 0) return value;
    }
  }
  return null;
}

function isHashOf(given: string, userId: string, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(userId).digest();
  const bytes = Buffer.from(given, /^[0-9a-f]{64}$/i.test(given) ? "hex" : "base64");
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function readToken(token: string, userId: string, secrets: readonly string[], receivedAt: number): ProofReading {
  const claims = verifiersOf(secrets)
    .map((verify) => verified(token, verify))
    .find((one) => one !== null);
  if (!claims) return { kind: "wrong", reason: "the token is not signed with the secret of tokens, by HS256" };
  const { sub, user_id: id = sub, exp, nbf, iat, traits, email, phone_number: phone } = claims;
  const now = receivedAt / 1_000;
  const isNamed = (name: unknown) => (typeof name === "string" || typeof name === "number") && String(name) === userId;
  if (!isNamed(id) || !isNamed(sub ?? id)) return { kind: "wrong", reason: "the token is another userId's" };
  if (typeof exp !== "number") return { kind: "wrong", reason: "the token has no exp" };
  if (exp < now - CLOCK_SECONDS) return { kind: "wrong", reason: "the token has expired" };
  if (exp > now + LONGEST_TOKEN_SECONDS) return { kind: "wrong", reason: "the token is good for more than a week" };
  if (typeof nbf === "number" && nbf > now + CLOCK_SECONDS)
    return { kind: "wrong", reason: "the token is not good yet" };
  const proven = typeof traits === "object" && traits !== null ? { ...traits } : {};
  const addresses = { ...(typeof email === "string" && { email }), ...(typeof phone === "string" && { phone }) };
  // Without an iat it may be as old as a token can be that is still good.
  const issued = typeof iat === "number" ? Math.min(iat, now) : exp - LONGEST_TOKEN_SECONDS;
  return { kind: "proven", proven: { userId, traits: { ...proven, ...addresses }, issuedAt: issued * 1_000 } };
}

/**
 * By what tokens are signed: another secret than the one of hashes, as the signature of a token is a hash of its first two
 * parts, and who may choose a user id may choose one that is written so.
 */
export const tokenSecretOf = (secret: string): string =>
  createHash("sha256").update(`visitor token\n${secret}`).digest("base64url");

type Verify = (token: string) => unknown;
/** Made once for secrets that stay in force, as making one costs more than using it. */
const verifiers = new WeakMap<readonly string[], Verify[]>();

/** Times are ours to check: by when the call came, not by when it is read. */
function verifiersOf(secrets: readonly string[]): Verify[] {
  const known = verifiers.get(secrets);
  if (known) return known;
  const made = secrets.map(
    (secret) =>
      createVerifier({
        ...{ key: tokenSecretOf(secret), algorithms: ["HS256"] },
        ...{ ignoreExpiration: true, ignoreNotBefore: true },
      }) as Verify,
  );
  verifiers.set(secrets, made);
  return made;
}

function verified(token: string, verify: Verify): Record<string, unknown> | null {
  try {
    verify(token);
    // Read anew: the verifier rounds long numbers, and a `sub` would prove its neighbour.
    const [, payload = ""] = token.split(".");
    return readJson(Buffer.from(payload, "base64url").toString("utf8")) as Record<string, unknown>;
  } catch {
    return null;
  }
}
