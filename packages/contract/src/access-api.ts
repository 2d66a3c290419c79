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
/** Who speaks with a write key: a program of the company that keeps it secret, or whoever reads a page's source. */
export const KeyOrigin = Type.Union([Type.Literal("server"), Type.Literal("browser")]);
export type KeyOrigin = Static<typeof KeyOrigin>;

/** GET /api/keys; POST /api/keys answers one with `secret`, shown this once. DELETE /api/keys/:apiKeyId revokes. */
export const ApiKey = Type.Object({
  apiKeyId: Id,
  name: Type.String(),
  scope: ApiKeyScope,
  /** Of a write key; null for the others. */
  origin: nullable(KeyOrigin),
  /** Write keys of one origin that name the same group share one space of message ids. */
  idGroup: nullable(Type.String()),
  prefix: Type.String(),
  createdBy: Type.String(),
  createdAt: At,
  revokedAt: nullable(At),
});
export type ApiKey = Static<typeof ApiKey>;
/** Without a scope it is a write key, and a write key without an origin is a browser's. */
export const NewApiKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scope: Type.Optional(ApiKeyScope),
    origin: Type.Optional(KeyOrigin),
    idGroup: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$" })),
  },
  exactly,
);
export type NewApiKey = Static<typeof NewApiKey>;
export const ApiKeyShown = Type.Object({ key: ApiKey, secret: Type.String() });
export type ApiKeyShown = Static<typeof ApiKeyShown>;
/** PATCH /api/keys/:apiKeyId, of a write key: who speaks with it from now on. */
export const KeyChange = Type.Object({ origin: KeyOrigin }, exactly);
export type KeyChange = Static<typeof KeyChange>;
export const ApiKeyList = Type.Object({ keys: Type.Array(ApiKey) });
export type ApiKeyList = Static<typeof ApiKeyList>;

/**
 * GET /api/visitor-proof; POST /api/visitor-proof/renew and PATCH /api/visitor-proof answer it too: by which secrets, the newest
 * first, visitors prove who they are, and whether all who say so must.
 */
export const VisitorProof = Type.Object({
  secrets: Type.Array(Type.Object({ secret: Type.String(), since: At })),
  required: Type.Boolean(),
});
export type VisitorProof = Static<typeof VisitorProof>;
export const VisitorProofChange = Type.Object({ required: Type.Boolean() }, exactly);
export type VisitorProofChange = Static<typeof VisitorProofChange>;

/** GET /api/audit?before= */
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
  before: nullable(Type.Integer()),
});
export type AuditList = Static<typeof AuditList>;
