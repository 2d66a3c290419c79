import { brotliCompressSync, gzipSync, constants as zlib, zstdCompressSync } from "node:zlib";

import { type Attack, emailOf, peerOf, phoneOf, pick, type Target } from "./attack.ts";
import { basic, httpStrike } from "./http-strike.ts";

type Call = Record<string, unknown>;
const BOMB = Buffer.alloc(30_000_000, "[");
const BOMBS = {
  gzip: gzipSync(BOMB),
  br: brotliCompressSync(BOMB, { params: { [zlib.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: zstdCompressSync(BOMB),
};
const NONSENSE = JSON.stringify({ batch: Array.from({ length: 1_000 }, () => ({})) });
const WIDE = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [index, "x".repeat(900)]));
const HUB_EVENTS = ["identity.apart", "message.sent", "message.delivered", "decision.act", "reply", "trait.confirmed"];

/** What whoever reads the key of a page can send. */
export function browserAttacks({ httpPort, browserKey, customers }: Target): Attack[] {
  const headers = basic(browserKey);
  const send = (number: number, path: string, body: string | Buffer, more = {}) =>
    httpStrike(httpPort, { path, peer: peerOf(number), headers: { ...headers, ...more }, body });
  const lies = (number: number) => liesAbout(number % customers, (number * 7 + 1) % customers, number);
  const batch = (number: number, calls: Call[]) => send(number, "/v1/batch", JSON.stringify({ batch: calls }));

  return [
    { name: "lies", clients: 4, pauseMs: 20, strike: (number) => batch(number, lies(number)) },
    {
      ...{ name: "one lie a request", clients: 2, pauseMs: 15 },
      strike: (number) => send(number, "/v1/track", JSON.stringify(pick(lies(number), number))),
    },
    {
      ...{ name: "other doors", clients: 1, pauseMs: 50 },
      strike: (number) => pick(otherDoors(number % customers), number)(send, number),
    },
    { name: "nonsense", clients: 1, pauseMs: 400, strike: (number) => send(number, "/v1/batch", NONSENSE) },
    {
      ...{ name: "wide traits", clients: 2, pauseMs: 50 },
      strike: (number) => {
        const traits = Object.fromEntries(Object.entries(WIDE).map(([name, text]) => [`t${number}-${name}`, text]));
        return batch(number, [{ type: "identify", anonymousId: "wide", traits }]);
      },
    },
    {
      ...{ name: "bombs", clients: 1, pauseMs: 200 },
      strike: (number) => {
        const [coding, bytes] = pick(Object.entries(BOMBS), number);
        return send(number, "/v1/batch", bytes, { "content-encoding": coding });
      },
    },
  ];
}

/** A batch of everything that a browser's key could once do to the customers `victim` and `other`. */
function liesAbout(victim: number, other: number, number: number): Call[] {
  const anonymousId = `liar-${number % 40}`;
  const userId = `u${victim}`;
  const traits = {
    ...{ email: "thief@evil.example", phone: "+13125559999", plan: "free" },
    ...{ timezone: "Asia/Tokyo", household: "h", locale: "zh" },
  };
  const track = (event: string, more: Call = {}) => ({ type: "track", userId, anonymousId, event, ...more });
  const externalIds = [{ type: "user_id", id: `u${other}`, collection: "users" }];
  const merged = [userId, `u${other}`].map((value) => ({ type: "userId", value }));
  return [
    { type: "identify", userId, anonymousId, traits, context: { externalIds } },
    { type: "identify", anonymousId, traits: { email: emailOf(victim), phone: phoneOf(victim) } },
    { type: "alias", previousId: userId, userId: `u${other}`, anonymousId },
    { type: "alias", previousId: anonymousId, userId },
    { type: "merge", anonymousId, mergeProperties: merged },
    track("Ordered", { messageId: `orders-${number}` }),
    track("data used", { messageId: `honest-${number}`, properties: { mb: 1_000_000 } }),
    track("thing accepted"),
    track("callback wanted"),
    track("Complaint Opened", { properties: { id: "1" } }),
    track(pick(HUB_EVENTS, number), {
      properties: { from: userId, into: `u${other}`, messageId: "m", status: "sent" },
    }),
    { type: "identify", userId, anonymousId: `x${number}`, context: { userHash: "00".repeat(32) } },
    { type: "group", groupId: "g", userId, anonymousId, traits: { plan: "free" } },
  ];
}

type Send = (number: number, path: string, body: string, more?: Record<string, string>) => Promise<string>;

function otherDoors(victim: number): ((send: Send, number: number) => Promise<string>)[] {
  const userId = `u${victim}`;
  const email = emailOf(victim);
  const cloudEvent = (type: string, number: number) =>
    JSON.stringify({ specversion: "1.0", id: `orders-${number}`, source: "s", type, subject: userId, data: { email } });
  const structured = { "content-type": "application/cloudevents+json" };
  return [
    (send, number) => send(number, "/cloudevents", cloudEvent("Ordered", number), structured),
    (send, number) => send(number, "/cloudevents", cloudEvent("message.sent", number), structured),
    (send, number) => send(number, "/v1/webhook", JSON.stringify({ userId, email, event: "Ordered" })),
    (send, number) =>
      send(number, "/v1/merge", JSON.stringify({ mergeProperties: [{ type: "userId", value: userId }] })),
  ];
}
