/** An expected failure at the edge: a stable code, told as RFC 9457 problem+json. The message says what to do. */
export class Refused extends Error {
  readonly code: RefusalCode;
  readonly errors: { field: string; message: string }[];
  readonly retryAfterSeconds: number | null;
  /** Headers that the answer carries. */
  readonly headers: Record<string, string>;

  constructor(
    code: RefusalCode,
    message: string,
    more: {
      errors?: { field: string; message: string }[];
      retryAfterSeconds?: number;
      headers?: Record<string, string>;
    } = {},
  ) {
    super(message);
    this.code = code;
    this.errors = more.errors ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
    this.headers = more.headers ?? {};
  }
}

/** Every code and its HTTP status: the one place where they meet. */
export const STATUS = {
  "request/invalid": 400,
  "request/not-json": 400,
  "request/too-large": 400,
  "request/unsupported-media-type": 415,
  "request/unsupported-encoding": 415,
  "request/wrong-encoding": 400,
  "access/sign-in-needed": 401,
  "access/key-needed": 401,
  "access/wrong-credentials": 401,
  "access/signature-wrong": 401,
  "access/second-factor-needed": 403,
  "access/confirm-needed": 403,
  "access/not-allowed": 403,
  "access/cross-site": 403,
  "access/too-many-tries": 429,
  "customer/not-found": 404,
  "customer/claim-changed": 409,
  "decision/not-found": 404,
  "policy/not-paused": 409,
  "message/no-address": 422,
  "key/not-found": 404,
  "dead-letter/not-found": 404,
  "staff/not-found": 404,
  "staff/email-taken": 409,
  "staff/last-admin": 409,
  "staff/blocked": 409,
  "session/not-found": 404,
  "stream/too-many": 429,
  "second-factor/own-first": 409,
  "second-factor/present": 409,
  "second-factor/not-found": 404,
  "second-factor/wrong-code": 422,
  "passkey/impossible": 409,
  "passkey/not-made": 422,
  "route/not-found": 404,
  "clock/not-simulated": 409,
  "idempotency/key-needed": 400,
  "idempotency/other-body": 422,
  "idempotency/under-way": 409,
  "ingest/too-many-events": 429,
  "ingest/busy": 429,
  "ingest/unavailable": 503,
  "hub/unavailable": 503,
  "hub/fault": 500,
} as const;
export type RefusalCode = keyof typeof STATUS;
