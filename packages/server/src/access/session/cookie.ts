import type { Session } from "@rapport/contract/api";
import type { FastifyReply, FastifyRequest } from "fastify";

import type { Database } from "../../platform/database.ts";
import { COOKIE, hashOf, sessionToken } from "../guard.ts";
import { isSecondFactorRequired } from "../second-factor/store.ts";
import { type From, SESSION_MS, type SignedIn, type SignIns } from "../sign-in.ts";
import { deleteSession } from "./store.ts";

type Parts = { db: Database; signIns: SignIns; company: Session["company"]; secure: boolean };

export const FORGET_COOKIE = `${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;

/** Where a request comes from, as its colleague is shown it. */
export const fromOf = ({ ip, headers }: FastifyRequest): From => ({
  address: ip.slice(0, 100),
  browser: headers["user-agent"]?.replaceAll(/[^\x20-\x7e]/g, "").slice(0, 400) ?? null,
});

/** Answers a sign-in: with the cookie of a new session, or with what is still asked. The session before it ends. */
export async function answerSignIn(
  { db, signIns, company, secure }: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  signed: SignedIn,
): Promise<FastifyReply> {
  if (signed.kind === "second-factor") return reply.status(202).send({ pending: signed.pending, ways: signed.ways });
  const before = sessionToken(request);
  if (before) await deleteSession(db, hashOf(before));
  const hasNone = (await signIns.factors.waysOf(signed.staff.staffId)).length === 0;
  const flags = `; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_MS / 1_000}${secure ? "; Secure" : ""}`;
  return reply
    .header("set-cookie", `${COOKIE}=${signed.token}${flags}`)
    .send({ staff: signed.staff, company, mustEnrol: hasNone && (await isSecondFactorRequired(db)) });
}
