import {
  Claim,
  PasskeyAsked,
  PasskeyOptions,
  PasskeyProof,
  SecondFactorAsked,
  Session,
  SignIn,
  SignInCode,
} from "@rapport/contract/api";

import type { Database } from "../../platform/database.ts";
import type { App } from "../../platform/http/app.ts";
import { Refused } from "../../platform/http/problem.ts";
import { hashOf, sessionToken } from "../guard.ts";
import type { SignIns } from "../sign-in.ts";
import { answerSignIn, FORGET_COOKIE, fromOf } from "./cookie.ts";
import { deleteSession } from "./store.ts";

type Parts = { db: Database; signIns: SignIns; company: Session["company"]; secure: boolean };

const entrance = (why: string) => ({ access: { kind: "public", why } }) as const;
const answers = { 200: Session, 202: SecondFactorAsked };
const own = { access: { kind: "staff", role: "viewer", scope: null, evenUnenrolled: true } } as const;

/** Signing in, by all ways, and out. */
export function sessionRoutes(app: App, parts: Parts): void {
  const { db, signIns, company } = parts;
  app.post(
    "/api/session",
    { config: entrance("signing in"), schema: { body: SignIn, response: answers } },
    async (request, reply) => {
      const { email, password } = request.body;
      return answerSignIn(parts, request, reply, await signIns.byPassword(email, password, fromOf(request)));
    },
  );
  app.post(
    "/api/session/claim",
    { config: entrance("a one-time sign-in"), schema: { body: Claim, response: answers } },
    async (request, reply) => {
      const { token, password } = request.body;
      return answerSignIn(parts, request, reply, await signIns.byToken(token, password, fromOf(request)));
    },
  );
  app.post(
    "/api/session/code",
    { config: entrance("the second step of signing in"), schema: { body: SignInCode, response: answers } },
    async (request, reply) => {
      const { pending, code } = request.body;
      return answerSignIn(parts, request, reply, await signIns.byCode(pending, code, fromOf(request)));
    },
  );
  app.post(
    "/api/session/passkey/options",
    {
      config: entrance("what a passkey has to sign"),
      schema: { body: PasskeyAsked, response: { 200: PasskeyOptions } },
    },
    (request) => signIns.passkeyOptions(request.body.pending ?? null, fromOf(request)),
  );
  app.post(
    "/api/session/passkey",
    { config: entrance("signing in by a passkey"), schema: { body: PasskeyProof, response: answers } },
    async (request, reply) => {
      const { pending, answer } = request.body;
      return answerSignIn(parts, request, reply, await signIns.byPasskey(pending, answer, fromOf(request)));
    },
  );
  app.get("/api/session", { config: own, schema: { response: { 200: Session } } }, async ({ actor }) => {
    if (actor?.kind !== "staff") throw new Refused("access/sign-in-needed", "sign in");
    return { staff: actor.staff, company, mustEnrol: actor.mustEnrol };
  });
  app.delete("/api/session", { config: own }, async (request, reply) => {
    const token = sessionToken(request);
    if (token) await deleteSession(db, hashOf(token));
    return reply.header("set-cookie", FORGET_COOKIE).status(204).send();
  });
}
