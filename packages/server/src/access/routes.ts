import { randomBytes, randomUUID } from "node:crypto";
import {
  ApiKeyList,
  ApiKeyShown,
  AuditList,
  Claim,
  NewApiKey,
  Role,
  Session,
  SignIn,
  Staff,
  StaffList,
} from "@rapport/contract/api";
import { normaliseEmail } from "@rapport/engine/identity/index";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";

import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Cursor, LATEST_MICROS, Micros, pageOf, placeIn, Position, timeOfMicros } from "../platform/http/cursor.ts";
import { Refused } from "../platform/http/problem.ts";
import { COOKIE, hashOf, sessionToken } from "./guard.ts";
import type { SignedIn, SignIns } from "./sign-in.ts";
import {
  appendAudit,
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

const PAGE = 100;
const LOWEST_UUID = "00000000-0000-0000-0000-000000000000";
const BEFORE = Type.Object({ before: Type.Optional(Cursor) }, { additionalProperties: false });
const KeyPlace = Type.Tuple([Micros, Type.String({ format: "uuid" })]);
const StaffPlace = Type.Tuple([Type.String({ format: "uuid" })]);
const AuditPlace = Type.Tuple([Position]);
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
      schema: {
        querystring: Type.Object({ cursor: Type.Optional(Cursor) }, { additionalProperties: false }),
        response: { 200: StaffList },
      },
    },
    async (request) => {
      const [after] = placeIn(StaffPlace, request.query.cursor, "cursor") ?? [null];
      const { shown, next } = pageOf(await listStaff(db, after, PAGE + 1), PAGE, (last) => [last.staffId]);
      return { staff: shown, cursor: next };
    },
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

  app.get(
    "/api/keys",
    { config: admin, schema: { querystring: BEFORE, response: { 200: ApiKeyList } } },
    async (request) => {
      const [micros, id] = placeIn(KeyPlace, request.query.before, "before") ?? [LATEST_MICROS, LOWEST_UUID];
      const rows = await listKeys(db, timeOfMicros(micros), id, PAGE + 1);
      const { shown, next } = pageOf(rows, PAGE, (last) => [last.micros, last.apiKeyId]);
      return { keys: shown.map(shownKey), before: next };
    },
  );
  app.post(
    "/api/keys",
    { config: admin, schema: { body: NewApiKey, response: { 200: ApiKeyShown } } },
    async (request) => {
      const { name, scope } = request.body;
      const secret = `rk_${scope}_${randomBytes(24).toString("base64url")}`;
      const key = {
        apiKeyId: randomUUID(),
        name,
        scope,
        prefix: secret.slice(0, scope.length + 8),
        createdBy: request.actor?.name ?? "",
        createdAt: new Date(clock.now()),
      };
      await insertKey(db, key, hashOf(secret));
      await audit(request, "key.created", key.apiKeyId, { name, scope });
      return { key: shownKey({ ...key, revokedAt: null }), secret };
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
    { config: admin, schema: { querystring: BEFORE, response: { 200: AuditList } } },
    async (request) => {
      const [position] = placeIn(AuditPlace, request.query.before, "before") ?? [Number.MAX_SAFE_INTEGER];
      const rows = await listAudit(db, position, PAGE + 1);
      const { shown, next } = pageOf(rows, PAGE, (last) => [last.position]);
      const entries = shown.map(({ position, at, actor, action, subject, detail }) => ({
        position,
        at: at.getTime(),
        actor,
        action,
        subject,
        detail,
      }));
      return { entries, before: next };
    },
  );
}

const shownKey = ({ apiKeyId, name, scope, prefix, createdBy, ...row }: KeyRow) => ({
  apiKeyId,
  name,
  scope,
  prefix,
  createdBy,
  createdAt: row.createdAt.getTime(),
  revokedAt: row.revokedAt?.getTime() ?? null,
});
