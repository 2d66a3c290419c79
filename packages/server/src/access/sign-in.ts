import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import type { Staff } from "@rapport/contract/api";
import { normaliseEmail } from "@rapport/engine/identity/index";

import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { Refused } from "../platform/http/problem.ts";
import { findStaff, findStaffByEmail, lockStaff, setPassword, type StaffRow } from "./colleague/store.ts";
import { hashOf } from "./guard.ts";
import { type Answer, authenticationOptions, provesPasskey, relyingParty } from "./second-factor/passkeys.ts";
import { openSecondFactors, type Way } from "./second-factor/second-factors.ts";
import { findPasskey, listPasskeys, touchPasskey } from "./second-factor/store.ts";
import {
  deleteChallenge,
  deleteSignInToken,
  findChallenge,
  findSignInToken,
  insertChallenge,
  insertSession,
  insertSignInToken,
  setChallenge,
} from "./session/store.ts";
import { appendAudit } from "./store.ts";
import { countTries } from "./tries/count-tries.ts";

export const SESSION_MS = 12 * 3_600_000;
const TOKEN_MS = 24 * 3_600_000;
/** How long the second step of a sign-in may take. */
export const CHALLENGE_MS = 10 * 60_000;

/** Where somebody signs in from, as it is shown to the colleague later. */
export type From = { address: string; browser: string | null };
export type SignedIn =
  | { kind: "in"; token: string; staff: Staff }
  | { kind: "second-factor"; pending: string; ways: Way[] };

type Parts = { db: Database; clock: Clock; secret: string; publicUrl: string; verifies?: typeof verify };

/**
 * Signing in: by password or by a token that works once, then by a second factor where the colleague has one; or by a
 * passkey alone. Argon2id with the library's defaults (19 MiB, OWASP's first choice).
 */
export function openSignIn({ db, clock, secret, publicUrl, verifies = verify }: Parts) {
  const tries = countTries(db, clock, secret);
  const factors = openSecondFactors(db, clock, secret);
  const party = relyingParty(publicUrl);
  const now = () => new Date(clock.now());
  // Verified against when there is no such person, so that the answer takes as long.
  const nobody = hash(randomBytes(16).toString("hex"));

  return {
    tries,
    factors,

    async byPassword(email: string, password: string, from: From): Promise<SignedIn> {
      const address = normaliseEmail(email) ?? email.toLowerCase();
      await tries.ofPassword(address, from.address);
      const staff = await findStaffByEmail(db, address);
      const matches = await verifies(staff?.passwordHash ?? (await nobody), password);
      if (!staff?.passwordHash || !matches) throw wrong("the e-mail address or the password is wrong");
      return afterPassword(staff, from);
    },

    async byToken(token: string, password: string, from: From): Promise<SignedIn> {
      await tries.fromPeer(from.address);
      const staffId = await findSignInToken(db, hashOf(token), now());
      const staff = staffId ? await choosePassword(staffId, password, { token }) : null;
      if (!staff) throw wrong("this sign-in link was used before, or is too old: ask for a new one");
      return afterPassword(staff, from);
    },

    /** The second step: a code of the app, or a recovery code. */
    async byCode(pending: string, code: string, from: From): Promise<SignedIn> {
      const { staffId } = await challengeOf(pending, from);
      if (!staffId) throw wrong("begin the sign-in anew");
      await tries.ofProof(staffId);
      if (!(await factors.useCode(staffId, code))) throw wrong("this code is wrong, or was used before");
      return finish(pending, staffId, from);
    },

    /** What a passkey has to sign: as the second step of `pending`, or, without it, to sign in by. */
    async passkeyOptions(pending: string | null, from: From): Promise<{ pending: string; options: unknown }> {
      if (!party) throw new Refused("passkey/impossible", "passkeys need a PUBLIC_URL with https and a name");
      if (pending === null) await tries.fromPeer(from.address);
      const known = pending === null ? null : await challengeOf(pending, from);
      const passkeys = known?.staffId ? await listPasskeys(db, known.staffId) : null;
      const options = await authenticationOptions(party, passkeys);
      if (pending !== null) {
        await setChallenge(db, hashOf(pending), options.challenge);
        return { pending, options };
      }
      return { pending: await openChallenge("sign-in", null, options.challenge), options };
    },

    async byPasskey(pending: string, answer: Answer, from: From): Promise<SignedIn> {
      const { staffId, challenge } = await challengeOf(pending, from);
      const passkey = typeof answer.id === "string" ? await findPasskey(db, answer.id) : null;
      if (staffId) await tries.ofProof(staffId);
      else await tries.fromPeer(from.address);
      // What was to be signed is void from now on, whatever comes of it.
      await setChallenge(db, hashOf(pending), null);
      const isTheirs = passkey !== null && (staffId === null || passkey.staffId === staffId);
      const counter =
        party && challenge && isTheirs
          ? await provesPasskey(party, { challenge, passkey, answer, alone: staffId === null })
          : null;
      if (!passkey || counter === null) throw wrong("this passkey is not known here");
      await touchPasskey(db, passkey.passkeyId, counter, now());
      return finish(pending, passkey.staffId, from);
    },

    /** A token by which this person signs in once and chooses a password. */
    invite: (staffId: string): Promise<string> => newToken(staffId, "stay"),

    /** The same, and the tokens before it are void. */
    inviteAgain: (staffId: string): Promise<string> => newToken(staffId, "are void"),

    /** Whether this is a colleague's own password; counted, as somebody may have found a screen unlocked. */
    async isPasswordOf(staffId: string, password: string): Promise<boolean> {
      await tries.ofProof(staffId);
      const staff = await findStaff(db, staffId);
      return staff?.passwordHash ? verifies(staff.passwordHash, password) : false;
    },

    /** A new password in the place of the present one: every other session and way in ends. Answers a new session. */
    async changePassword(staffId: string, password: string, from: From): Promise<SignedIn> {
      const staff = await choosePassword(staffId, password, { token: null });
      if (!staff) throw wrong("this colleague was blocked");
      return openSession(staff, from);
    },

    openChallenge,
    takeChallenge,
  };

  async function newToken(staffId: string, others: "stay" | "are void"): Promise<string> {
    const token = randomBytes(24).toString("base64url");
    const row = { tokenHash: hashOf(token), staffId, expiresAt: new Date(clock.now() + TOKEN_MS) };
    await db.transaction(async (tx) => {
      if (!(await lockStaff(tx, staffId)))
        throw new Refused("staff/not-found", "there is no such colleague who may sign in");
      await insertSignInToken(tx, row, others);
    });
    return token;
  }

  /** Gives a colleague a new password, by a token that works once or by a session; null where it is blocked, or the token is used. */
  async function choosePassword(
    staffId: string,
    password: string,
    { token }: { token: string | null },
  ): Promise<StaffRow | null> {
    const passwordHash = await hash(password);
    const staff = await db.transaction(async (tx) => {
      const found = await lockStaff(tx, staffId);
      if (!found || (token !== null && !(await deleteSignInToken(tx, hashOf(token))))) return null;
      await setPassword(tx, staffId, passwordHash);
      return { ...found, passwordHash };
    });
    const action = token === null ? "account.password-changed" : "session.claimed";
    if (staff) await appendAudit(db, { at: now(), actor: staff.email, action, subject: staffId, detail: {} });
    return staff;
  }

  async function afterPassword(staff: StaffRow, from: From): Promise<SignedIn> {
    const ways = await factors.waysOf(staff.staffId);
    if (ways.length === 0) return openSession(staff, from);
    return { kind: "second-factor", pending: await openChallenge("second-factor", staff.staffId, null), ways };
  }

  /** Of two who finish the same sign-in, one gets in. */
  async function finish(pending: string, staffId: string, from: From): Promise<SignedIn> {
    const staff = await findStaff(db, staffId);
    if (!(await deleteChallenge(db, hashOf(pending))) || !staff) throw wrong("begin the sign-in anew");
    return openSession(staff, from);
  }

  async function openSession({ passwordHash, ...staff }: StaffRow, from: From): Promise<SignedIn> {
    const token = randomBytes(32).toString("base64url");
    const opened = await insertSession(db, {
      tokenHash: hashOf(token),
      staffId: staff.staffId,
      passwordHash,
      address: from.address,
      browser: from.browser,
      now: now(),
      expiresAt: new Date(clock.now() + SESSION_MS),
    });
    if (!opened) throw wrong("the password was changed, or the colleague blocked, at this very moment");
    await tries.welcome(staff.email, from.address);
    return { kind: "in", token, staff };
  }

  async function openChallenge(
    purpose: "second-factor" | "sign-in" | "new-passkey",
    staffId: string | null,
    challenge: string | null,
  ): Promise<string> {
    const pending = randomBytes(24).toString("base64url");
    const until = new Date(clock.now() + CHALLENGE_MS);
    await insertChallenge(db, hashOf(pending), { purpose, staffId, challenge }, until);
    return pending;
  }

  /** What a colleague who makes a passkey has to sign; it can be asked for once. */
  async function takeChallenge(pending: string, staffId: string): Promise<string | null> {
    const found = await findChallenge(db, hashOf(pending), now());
    if (found?.purpose !== "new-passkey" || found.staffId !== staffId) return null;
    return (await deleteChallenge(db, hashOf(pending))) ? found.challenge : null;
  }

  async function challengeOf(
    pending: string,
    from: From,
  ): Promise<{ staffId: string | null; challenge: string | null }> {
    const found = await findChallenge(db, hashOf(pending), now());
    if (found && found.purpose !== "new-passkey") return found;
    await tries.fromPeer(from.address);
    throw wrong("this took too long: begin the sign-in anew");
  }
}

const wrong = (words: string) => new Refused("access/wrong-credentials", words);

export type SignIns = ReturnType<typeof openSignIn>;
