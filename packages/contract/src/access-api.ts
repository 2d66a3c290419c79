import { type Static, Type } from "typebox";

import { At, Id, nullable, exactly } from "./api-shapes.ts";

export const Role = Type.Union([
  Type.Literal("admin"),
  Type.Literal("manager"),
  Type.Literal("agent"),
  Type.Literal("viewer"),
]);
export type Role = Static<typeof Role>;

export const Staff = Type.Object({ staffId: Id, email: Type.String(), name: Type.String(), role: Role });
export type Staff = Static<typeof Staff>;

/** GET /api/staff?cursor=: by name, 100 at a time. */
export const StaffList = Type.Object({ staff: Type.Array(Staff), cursor: nullable(Type.String()) });
export type StaffList = Static<typeof StaffList>;

/** POST /api/session */
export const SignIn = Type.Object(
  { email: Type.String({ maxLength: 255 }), password: Type.String({ minLength: 1, maxLength: 256 }) },
  exactly,
);
export type SignIn = Static<typeof SignIn>;

/** POST /api/session/claim: a one-time sign-in, with the password to sign in by from now on. */
export const Claim = Type.Object(
  { token: Type.String({ minLength: 20, maxLength: 100 }), password: Type.String({ minLength: 10, maxLength: 256 }) },
  exactly,
);
export type Claim = Static<typeof Claim>;

/** GET /api/session; POST answers it too. */
export const Session = Type.Object({
  staff: Staff,
  company: Type.Object({ name: Type.String(), zone: Type.String() }),
});
export type Session = Static<typeof Session>;

export const ApiKeyScope = Type.Union([Type.Literal("write"), Type.Literal("read"), Type.Literal("admin")]);
/** GET /api/keys?before=: newest first, 100 at a time; POST /api/keys answers one with `secret`, shown this once. DELETE /api/keys/:apiKeyId revokes. */
export const ApiKey = Type.Object({
  apiKeyId: Id,
  name: Type.String(),
  scope: ApiKeyScope,
  prefix: Type.String(),
  createdBy: Type.String(),
  createdAt: At,
  revokedAt: nullable(At),
});
export type ApiKey = Static<typeof ApiKey>;
export const NewApiKey = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 100 }), scope: ApiKeyScope },
  exactly,
);
export type NewApiKey = Static<typeof NewApiKey>;
export const ApiKeyShown = Type.Object({ key: ApiKey, secret: Type.String() });
export type ApiKeyShown = Static<typeof ApiKeyShown>;
export const ApiKeyList = Type.Object({ keys: Type.Array(ApiKey), before: nullable(Type.String()) });
export type ApiKeyList = Static<typeof ApiKeyList>;

/** GET /api/audit?before=: newest first, 100 at a time. */
export const AuditList = Type.Object({
  entries: Type.Array(
    Type.Object({
      position: Type.Integer(),
      at: At,
      actor: Type.String(),
      action: Type.String(),
      subject: Type.String(),
      detail: Type.Unknown(),
    }),
  ),
  before: nullable(Type.String()),
});
export type AuditList = Static<typeof AuditList>;
