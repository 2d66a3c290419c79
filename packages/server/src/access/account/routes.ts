import { Account, Confirm, PasswordChange, type Session, SessionList } from "@rapport/contract/api";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";

import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { App } from "../../platform/http/app.ts";
import { Refused } from "../../platform/http/problem.ts";
import type { Audited } from "../audited.ts";
import { relyingParty } from "../second-factor/passkeys.ts";
import { countRecoveryCodes, findTotp, isSecondFactorRequired, listPasskeys } from "../second-factor/store.ts";
import { answerSignIn, fromOf } from "../session/cookie.ts";
import { confirmSession, endSession, endSessions, listSessions } from "../session/store.ts";
import { tellSessions } from "../session/tell-sessions.ts";
import type { SignIns } from "../sign-in.ts";
import { ownActor } from "./own-actor.ts";

type Parts = {
  db: Database;
  clock: Clock;
  signIns: SignIns;
  company: Session["company"];
  secure: boolean;
  publicUrl: string;
  audit: Audited;
};

const own = { access: { kind: "staff", role: "viewer", scope: null, evenUnenrolled: true } } as const;
const params = Type.Object({ sessionId: Type.String({ format: "uuid" }) });

/** What a colleague sees and changes of the own account: password and sessions. */
export function accountRoutes(app: App, parts: Parts): void {
  const { db, clock, signIns, publicUrl, audit } = parts;
  app.get("/api/account", { config: own, schema: { response: { 200: Account } } }, async (request) => {
    const { staff } = ownActor(request);
    const [totp, passkeys, recoveryCodesLeft, secondFactorRequired] = await Promise.all([
      findTotp(db, staff.staffId),
      listPasskeys(db, staff.staffId),
      countRecoveryCodes(db, staff.staffId),
      isSecondFactorRequired(db),
    ]);
    return {
      staff,
      secondFactorRequired,
      hasTotp: Boolean(totp?.confirmedAt),
      recoveryCodesLeft,
      passkeysPossible: relyingParty(publicUrl) !== null,
      passkeys: passkeys.map(({ passkeyId, name, createdAt, lastUsedAt }) => ({
        passkeyId,
        name,
        createdAt: createdAt.getTime(),
        lastUsedAt: lastUsedAt?.getTime() ?? null,
      })),
    };
  });

  app.post("/api/account/confirm", { config: own, schema: { body: Confirm } }, async (request, reply) => {
    const { staff, sessionId } = ownActor(request);
    await refuseWrong(request, request.body.password);
    await confirmSession(db, sessionId, staff.staffId, new Date(clock.now()));
    return reply.status(204).send();
  });

  app.post("/api/account/password", { config: own, schema: { body: PasswordChange } }, async (request, reply) => {
    const { staff } = ownActor(request);
    const { present, password } = request.body;
    await refuseWrong(request, present);
    const signed = await signIns.changePassword(staff.staffId, password, fromOf(request));
    return answerSignIn(parts, request, reply, signed);
  });

  app.get("/api/account/sessions", { config: own, schema: { response: { 200: SessionList } } }, async (request) => {
    const { staff, sessionId } = ownActor(request);
    return tellSessions(await listSessions(db, staff.staffId, new Date(clock.now())), sessionId);
  });
  app.delete("/api/account/sessions", { config: own }, async (request, reply) => {
    const { staff, sessionId } = ownActor(request);
    const ended = await endSessions(db, staff.staffId, sessionId);
    if (ended > 0) await audit(request, "account.signed-out-elsewhere", staff.staffId, { sessions: ended });
    return reply.status(204).send();
  });
  app.delete("/api/account/sessions/:sessionId", { config: own, schema: { params } }, async (request, reply) => {
    const { staff } = ownActor(request);
    if (!(await endSession(db, staff.staffId, request.params.sessionId)))
      throw new Refused("session/not-found", "this session has ended already");
    await audit(request, "account.session-ended", staff.staffId);
    return reply.status(204).send();
  });

  async function refuseWrong(request: FastifyRequest, password: string): Promise<void> {
    if (!(await signIns.isPasswordOf(ownActor(request).staff.staffId, password)))
      throw new Refused("request/invalid", "the password is wrong", {
        errors: [{ field: "password", message: "is not your present password" }],
      });
  }
}
