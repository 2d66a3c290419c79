import { randomBytes, randomUUID } from "node:crypto";
import { ApiKeyList, ApiKeyShown, AuditList, KeyChange, NewApiKey } from "@rapport/contract/api";
import { Type } from "typebox";

import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Cursor, LATEST_MICROS, Micros, pageOf, placeIn, Position, timeOfMicros } from "../platform/http/cursor.ts";
import { Refused } from "../platform/http/problem.ts";
import { accountRoutes } from "./account/routes.ts";
import { secondFactorRoutes } from "./account/second-factor-routes.ts";
import { audited } from "./audited.ts";
import { colleagueRoutes } from "./colleague/routes.ts";
import { hashOf } from "./guard.ts";
import { sessionRoutes } from "./session/routes.ts";
import type { SignIns } from "./sign-in.ts";
import { changeKeyOrigin, insertKey, type KeyRow, listAudit, listKeys, revokeKey } from "./store.ts";

type Parts = {
  db: Database;
  clock: Clock;
  secret: string;
  signIns: SignIns;
  company: { name: string; zone: string };
  publicUrl: string;
};

const PAGE = 100;
const LOWEST_UUID = "00000000-0000-0000-0000-000000000000";
const BEFORE = Type.Object({ before: Type.Optional(Cursor) }, { additionalProperties: false });
const KeyPlace = Type.Tuple([Micros, Type.String({ format: "uuid" })]);
const AuditPlace = Type.Tuple([Position]);
const admin = { access: { kind: "staff", role: "admin", scope: "admin" } } as const;

/** Sign-in, colleagues, one's own account, API keys and the audit log. */
export function accessRoutes(app: App, parts: Parts): void {
  const { db, clock, publicUrl } = parts;
  const audit = audited(db, clock);
  const all = { ...parts, audit, secure: publicUrl.startsWith("https:") };
  sessionRoutes(app, all);
  accountRoutes(app, all);
  secondFactorRoutes(app, all);
  colleagueRoutes(app, all);

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
      const { origin } = request.body;
      const before = await changeKeyOrigin(db, apiKeyId, origin);
      if (!before) throw new Refused("key/not-found", "there is no such write key in force");
      if (before !== origin) await audit(request, "key.origin-changed", apiKeyId, { origin });
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

const shownKey = ({ apiKeyId, name, scope, origin, idGroup, prefix, createdBy, ...row }: KeyRow) => ({
  apiKeyId,
  name,
  scope,
  origin,
  idGroup,
  prefix,
  createdBy,
  createdAt: row.createdAt.getTime(),
  revokedAt: row.revokedAt?.getTime() ?? null,
});
