import type { Access } from "./access.ts";
import type { RefusalCode } from "./problem.ts";

/** Among it U+0000 in a parameter, known to the route or not, and an address that is not well encoded. */
const EVERYWHERE: RefusalCode[] = ["hub/fault", "hub/unavailable", "request/invalid"];
const WITH_BODY: RefusalCode[] = ["request/not-json", "request/too-large", "request/unsupported-media-type"];

const BY_ACCESS: Record<Access["kind"], RefusalCode[]> = {
  public: [],
  signed: ["access/signature-wrong"],
  staff: ["access/sign-in-needed", "access/not-allowed", "access/second-factor-needed"],
  "write-key": [
    "access/key-needed",
    "request/wrong-encoding",
    "ingest/busy",
    "ingest/too-many-events",
    "ingest/unavailable",
  ],
};

/** What a route refuses of its own, by the address as the description writes it. */
const BY_ADDRESS: readonly [address: RegExp, refusals: RefusalCode[]][] = [
  [
    /^\/api\/session/,
    ["access/wrong-credentials", "access/too-many-tries", "second-factor/wrong-code", "passkey/impossible"],
  ],
  [
    /^\/api\/account/,
    [
      "access/confirm-needed",
      "access/wrong-credentials",
      "access/too-many-tries",
      "session/not-found",
      "second-factor/present",
      "second-factor/not-found",
      "second-factor/wrong-code",
      "passkey/impossible",
      "passkey/not-made",
    ],
  ],
  [/^\/api\/second-factor/, ["second-factor/own-first"]],
  [/stream$/, ["stream/too-many"]],
  [/settings$/, ["access/key-needed"]],
  [/^\/api\/staff$/, ["staff/email-taken"]],
  [
    /^\/api\/staff\/:/,
    ["staff/not-found", "staff/last-admin", "staff/blocked", "session/not-found", "second-factor/not-found"],
  ],
  [/^\/api\/keys\/:/, ["key/not-found"]],
  [/^\/api\/customers\/:/, ["customer/not-found"]],
  [/\/claims\/confirm$/, ["customer/claim-changed"]],
  [/^\/api\/customers\/:.*\/decisions\/:/, ["decision/not-found"]],
  [
    /^\/api\/messages$/,
    [
      "customer/not-found",
      "message/no-address",
      "idempotency/key-needed",
      "idempotency/other-body",
      "idempotency/under-way",
    ],
  ],
  [/^\/api\/policies\/:/, ["policy/not-paused"]],
  [/^\/api\/dead-letters\/:/, ["dead-letter/not-found"]],
];

type Described = { method: string; url: string; access: Access | undefined };

/** Every code that a route may answer, for its description. */
export function refusalsOf({ method, url, access }: Described): RefusalCode[] {
  const changes = method !== "GET" && method !== "HEAD";
  const codes: RefusalCode[] = [
    ...EVERYWHERE,
    "request/unsupported-encoding",
    ...(access ? BY_ACCESS[access.kind] : []),
    ...(changes ? WITH_BODY : []),
    ...(changes && url.startsWith("/api/") ? (["access/cross-site"] as const) : []),
    ...BY_ADDRESS.flatMap(([address, refusals]) => (address.test(url) ? refusals : [])),
  ];
  return [...new Set(codes)];
}
