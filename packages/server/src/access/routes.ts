import { randomBytes, randomUUID } from "node:crypto";
import {
  ApiKeyList,
  ApiKeyShown,
  AuditList,
  Claim,
  KeyChange,
  NewApiKey,
  Role,
  Session,
  SignIn,
  Staff,
} from "@rapport/contract/api";
import { normaliseEmail } from "@rapport/engine/identity/index";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";

import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Refused } from "../platform/http/problem.ts";
import { COOKIE, hashOf, sessionToken } from "./guard.ts";
import type { SignedIn, SignIns } from "./sign-in.ts";
import {
  appendAudit,
  changeKeyOrigin,
  changeRole,
  deleteSession,
  insertKey,
  insertStaff,
  type KeyRow,
  listAudit,
  listKeys,
  listStaff,
  revokeKey,
} from "./store.ts";

type Parts = { db: Database; clock: Clock; signIns: SignIns; company: { name: string; zone: string }; secure: boolean };

const admin = { access: { kind: "staff", role: "admin", scope: "admin" } } as const;

/** Sign-in, colleagues, API keys and the audit log. */
export function accessRoutes(app: App, { db, clock, signIns, company, secure }: Parts): void {
  const audit = (request: FastifyRequest, action: string, subject: string, detail: unknown = {}) =>
    appendAudit(db, { at: new Date(clock.now()), actor: request.actor?.name ?? "nobody", action, subject, detail });

  const signedIn = (reply: FastifyReply, { token, staff }: SignedIn) => {
    const flags = `; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200${secure ? "; Secure" : ""}`;
    const { passwordHash: _, ...shown } = staff;
    return reply.header("set-cookie", `${COOKIE}=${token}${flags}`).send({ staff: shown, company });
  };

  app.post(
    "/api/session",
    { config: { access: { kind: "public", why: "signing in" } }, schema: { body: SignIn, response: { 200: Session } } },
    async (request, reply) => {
      const { email, password } = request.body;
      return signedIn(reply, await signIns.byPassword(email, password, request.ip));
    },
  );
  app.post(
    "/api/session/claim",
    {
      config: { access: { kind: "public", why: "a one-time sign-in" } },
      schema: { body: Claim, response: { 200: Session } },
    },
    async (request, reply) => {
      const signed = await signIns.byToken(request.body.token, request.body.password, request.ip);
      await appendAudit(db, {
        at: new Date(clock.now()),
        actor: signed.staff.email,
        action: "session.claimed",
        subject: signed.staff.staffId,
        detail: {},
      });
      return signedIn(reply, signed);
    },
  );
  app.get(
    "/api/session",
    { config: { access: { kind: "staff", role: "viewer", scope: null } }, schema: { response: { 200: Session } } },
    async (request) => {
      if (request.actor?.kind !== "staff") throw new Refused("access/sign-in-needed", "sign in");
      return { staff: request.actor.staff, company };
    },
  );
  app.delete(
    "/api/session",
    { config: { access: { kind: "staff", role: "viewer", scope: null } } },
    async (request, reply) => {
      const token = sessionToken(request);
      if (token) await deleteSession(db, hashOf(token));
      return reply.header("set-cookie", `${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`).status(204).send();
    },
  );

  app.get(
    "/api/staff",
    {
      config: { access: { kind: "staff", role: "manager", scope: "admin" } },
      schema: { response: { 200: Type.Object({ staff: Type.Array(Staff) }) } },
    },
    async () => ({ staff: await listStaff(db) }),
  );
  app.post(
    "/api/staff",
    {
      config: admin,
      schema: {
        body: Type.Object(
          { email: Type.String({ maxLength: 255 }), name: Type.String({ minLength: 1, maxLength: 100 }), role: Role },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ staff: Staff, token: Type.String() }) },
      },
    },
    async (request) => {
      const email = normaliseEmail(request.body.email);
      if (!email)
        throw new Refused("request/invalid", "some fields are wrong", {
          errors: [{ field: "email", message: "must be an e-mail address" }],
        });
      const staff = { staffId: randomUUID(), email, name: request.body.name, role: request.body.role };
      if (!(await insertStaff(db, staff, new Date(clock.now()))))
        throw new Refused("staff/email-taken", "a colleague has this address already");
      await audit(request, "staff.invited", staff.staffId, { role: staff.role });
      return { staff, token: await signIns.invite(staff.staffId) };
    },
  );
  app.patch(
    "/api/staff/:staffId",
    {
      config: admin,
      schema: {
        params: Type.Object({ staffId: Type.String({ format: "uuid" }) }),
        body: Type.Object({ role: Role }, { additionalProperties: false }),
      },
    },
    async (request, reply) => {
      if (!(await changeRole(db, request.params.staffId, request.body.role)))
        throw new Refused("staff/not-found", "there is no such colleague");
      await audit(request, "staff.role-changed", request.params.staffId, request.body);
      return reply.status(204).send();
    },
  );

  app.get("/api/keys", { config: admin, schema: { response: { 200: ApiKeyList } } }, async () => ({
    keys: (await listKeys(db)).map(shownKey),
  }));
  app.post(
    "/api/keys",
    { config: admin, schema: { body: NewApiKey, response: { 200: ApiKeyShown } } },
    async (request) => {
      const { name, scope = "write", idGroup = null } = request.body;
      const origin = scope === "write" ? (request.body.origin ?? "browser") : null;
      if (scope !== "write" && (request.body.origin !== undefined || idGroup !== null))
        throw new Refused("request/invalid", "some fields are wrong", {
          errors: [{ field: "origin", message: "only a write key has an origin and a group of ids" }],
        });
      const kind = origin ?? scope;
      const secret = `rk_${kind}_${randomBytes(24).toString("base64url")}`;
      const key = {
        apiKeyId: randomUUID(),
        name,
        scope,
        origin,
        idGroup,
        prefix: secret.slice(0, kind.length + 8),
        createdBy: request.actor?.name ?? "",
        createdAt: new Date(clock.now()),
      };
      await insertKey(db, key, hashOf(secret));
      await audit(request, "key.created", key.apiKeyId, { name, scope, origin, idGroup });
      return { key: shownKey({ ...key, revokedAt: null }), secret };
    },
  );
  app.patch(
    "/api/keys/:apiKeyId",
    { config: admin, schema: { params: Type.Object({ apiKeyId: Type.String({ format: "uuid" }) }), body: KeyChange } },
    async (request, reply) => {
      const { apiKeyId } = request.params;
      if (!(await changeKeyOrigin(db, apiKeyId, request.body.origin)))
        throw new Refused("key/not-found", "there is no such write key in force");
      await audit(request, "key.origin-changed", apiKeyId, request.body);
      return reply.status(204).send();
    },
  );
  app.delete(
    "/api/keys/:apiKeyId",
    { config: admin, schema: { params: Type.Object({ apiKeyId: Type.String({ format: "uuid" }) }) } },
    async (request, reply) => {
      if (!(await revokeKey(db, request.params.apiKeyId, new Date(clock.now()))))
        throw new Refused("key/not-found", "there is no such key in force");
      await audit(request, "key.revoked", request.params.apiKeyId);
      return reply.status(204).send();
    },
  );

  app.get(
    "/api/audit",
    {
      config: admin,
      schema: {
        querystring: Type.Object(
          { before: Type.Optional(Type.Integer({ minimum: 1 })) },
          { additionalProperties: false },
        ),
        response: { 200: AuditList },
      },
    },
    async (request) => {
      const rows = await listAudit(db, request.query.before ?? Number.MAX_SAFE_INTEGER, 100);
      const entries = rows.map(({ position, at, actor, action, subject, detail }) => ({
        position,
        at: at.getTime(),
        actor,
        action,
        subject,
        detail,
      }));
      return { entries, before: rows.length === 100 ? (rows.at(-1)?.position ?? null) : null };
    },
  );
}

const shownKey = (row: KeyRow) => ({
  ...row,
  createdAt: row.createdAt.getTime(),
  revokedAt: row.revokedAt?.getTime() ?? null,
});
