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

const Password = Type.String({ minLength: 10, maxLength: 256 });
/** What was given to go on with a sign-in or an enrolment. */
const Pending = Type.String({ minLength: 20, maxLength: 100 });
/** What @simplewebauthn/browser answers (WebAuthn Level 3, RegistrationResponseJSON or AuthenticationResponseJSON). */
const PasskeyAnswer = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown());

/** A colleague as the others see one. `invited`: has not yet chosen a password; `blocked`: may not sign in. */
export const Colleague = Type.Object({
  staffId: Id,
  email: Type.String(),
  name: Type.String(),
  role: Role,
  state: Type.Union([Type.Literal("active"), Type.Literal("invited"), Type.Literal("blocked")]),
  lastSeenAt: nullable(At),
  hasSecondFactor: Type.Boolean(),
});
export type Colleague = Static<typeof Colleague>;
/** GET /api/staff?cursor=: by name, 100 at a time. */
export const StaffList = Type.Object({
  staff: Type.Array(Colleague),
  secondFactorRequired: Type.Boolean(),
  cursor: nullable(Type.String()),
});
export type StaffList = Static<typeof StaffList>;
/** POST /api/staff */
export const NewColleague = Type.Object(
  { email: Type.String({ maxLength: 255 }), name: Type.String({ minLength: 1, maxLength: 100 }), role: Role },
  exactly,
);
export type NewColleague = Static<typeof NewColleague>;
/** POST /api/staff, and POST /api/staff/:staffId/invitation: `token` makes the one-time link, and is shown this once. */
export const Invited = Type.Object({ staff: Staff, token: Type.String() });
export type Invited = Static<typeof Invited>;
/** PATCH /api/staff/:staffId */
export const RoleChange = Type.Object({ role: Role }, exactly);
export type RoleChange = Static<typeof RoleChange>;
/** PATCH /api/second-factor: whether everybody has to have one. Who has none sets one up before anything else. */
export const SecondFactorRule = Type.Object({ required: Type.Boolean() }, exactly);
export type SecondFactorRule = Static<typeof SecondFactorRule>;

/** POST /api/session */
export const SignIn = Type.Object(
  { email: Type.String({ maxLength: 255 }), password: Type.String({ minLength: 1, maxLength: 256 }) },
  exactly,
);
export type SignIn = Static<typeof SignIn>;

/** POST /api/session/claim: a one-time sign-in, with the password to sign in by from now on. */
export const Claim = Type.Object(
  { token: Type.String({ minLength: 20, maxLength: 100 }), password: Password },
  exactly,
);
export type Claim = Static<typeof Claim>;

/** GET /api/session; whatever signs somebody in answers it too. `mustEnrol`: a second factor comes before anything else. */
export const Session = Type.Object({
  staff: Staff,
  mustEnrol: Type.Boolean(),
  company: Type.Object({ name: Type.String(), zone: Type.String() }),
});
export type Session = Static<typeof Session>;

/** 202 of POST /api/session and …/claim: the password was right, and one of these ways has to be taken as well. */
export const SecondFactorAsked = Type.Object({
  pending: Type.String(),
  ways: Type.Array(Type.Union([Type.Literal("code"), Type.Literal("passkey"), Type.Literal("recovery-code")])),
});
export type SecondFactorAsked = Static<typeof SecondFactorAsked>;
/** POST /api/session/code: six digits of the authenticator app, or a recovery code. */
export const SignInCode = Type.Object(
  { pending: Pending, code: Type.String({ minLength: 6, maxLength: 40 }) },
  exactly,
);
export type SignInCode = Static<typeof SignInCode>;
/** POST /api/session/passkey/options: with `pending` as the second factor, without it to sign in by a passkey alone. */
export const PasskeyAsked = Type.Object({ pending: Type.Optional(Pending) }, exactly);
export type PasskeyAsked = Static<typeof PasskeyAsked>;
/** `options` is what @simplewebauthn/browser takes. */
export const PasskeyOptions = Type.Object({ pending: Type.String(), options: Type.Unknown() });
export type PasskeyOptions = Static<typeof PasskeyOptions>;
/** POST /api/session/passkey */
export const PasskeyProof = Type.Object({ pending: Pending, answer: PasskeyAnswer }, exactly);
export type PasskeyProof = Static<typeof PasskeyProof>;

/** GET /api/account: one's own. */
export const Account = Type.Object({
  staff: Staff,
  secondFactorRequired: Type.Boolean(),
  hasTotp: Type.Boolean(),
  recoveryCodesLeft: Type.Integer(),
  /** False where the hub's address does not allow any: they need https and a name. */
  passkeysPossible: Type.Boolean(),
  passkeys: Type.Array(
    Type.Object({ passkeyId: Type.String(), name: Type.String(), createdAt: At, lastUsedAt: nullable(At) }),
  ),
});
export type Account = Static<typeof Account>;
/** POST /api/account/confirm: the password once more, good for ten minutes of changes to the account. */
export const Confirm = Type.Object({ password: Type.String({ minLength: 1, maxLength: 256 }) }, exactly);
export type Confirm = Static<typeof Confirm>;
/** POST /api/account/password: ends every other session, and this one goes on. */
export const PasswordChange = Type.Object(
  { present: Type.String({ minLength: 1, maxLength: 256 }), password: Password },
  exactly,
);
export type PasswordChange = Static<typeof PasswordChange>;
/** POST /api/account/totp: shown this once; it counts when a code confirms it. */
export const TotpOffered = Type.Object({ secret: Type.String(), uri: Type.String() });
export type TotpOffered = Static<typeof TotpOffered>;
/** POST /api/account/totp/confirm */
export const TotpCode = Type.Object({ code: Type.String({ minLength: 6, maxLength: 10 }) }, exactly);
export type TotpCode = Static<typeof TotpCode>;
/** Shown this once. Empty when there were codes before: those go on working. */
export const RecoveryCodes = Type.Object({ codes: Type.Array(Type.String()) });
export type RecoveryCodes = Static<typeof RecoveryCodes>;
/** POST /api/account/passkeys */
export const NewPasskey = Type.Object(
  { pending: Pending, name: Type.String({ minLength: 1, maxLength: 100 }), answer: PasskeyAnswer },
  exactly,
);
export type NewPasskey = Static<typeof NewPasskey>;

/** GET /api/account/sessions and /api/staff/:staffId/sessions: last used first. There are never more than fifty. */
export const SessionList = Type.Object({
  sessions: Type.Array(
    Type.Object({
      sessionId: Id,
      createdAt: At,
      lastSeenAt: nullable(At),
      address: nullable(Type.String()),
      browser: nullable(Type.String()),
      /** The one that asks. */
      isThis: Type.Boolean(),
    }),
  ),
});
export type SessionList = Static<typeof SessionList>;

export const ApiKeyScope = Type.Union([Type.Literal("write"), Type.Literal("read"), Type.Literal("admin")]);
/** Who speaks with a write key: a program of the company that keeps it secret, or whoever reads a page's source. */
export const KeyOrigin = Type.Union([Type.Literal("server"), Type.Literal("browser")]);
export type KeyOrigin = Static<typeof KeyOrigin>;

/** GET /api/keys?before=: newest first, 100 at a time; POST /api/keys answers one with `secret`, shown this once. DELETE /api/keys/:apiKeyId revokes. */
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
export const ApiKeyList = Type.Object({ keys: Type.Array(ApiKey), before: nullable(Type.String()) });
export type ApiKeyList = Static<typeof ApiKeyList>;

/**
 * GET /api/visitor-proof; POST /api/visitor-proof/renew and PATCH /api/visitor-proof answer it too: by which secrets, the newest
 * first, visitors prove who they are, and whether all who say so must.
 */
export const VisitorProof = Type.Object({
  secrets: Type.Array(Type.Object({ secret: Type.String(), tokenSecret: Type.String(), since: At })),
  required: Type.Boolean(),
});
export type VisitorProof = Static<typeof VisitorProof>;
export const VisitorProofChange = Type.Object({ required: Type.Boolean() }, exactly);
export type VisitorProofChange = Static<typeof VisitorProofChange>;

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
