import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { CallName } from "@rapport/contract/ingest-api";
import type { FastifyReply, FastifyRequest } from "fastify";

import type { Clock } from "../platform/clock.ts";
import type { App } from "../platform/http/app.ts";
import { Refused } from "../platform/http/problem.ts";
import { type Acceptor, NotAccepted } from "./accept.ts";
import { allowPreflight } from "./allow-preflight.ts";
import { BATCH_BYTES, bodyOf, CALL_BYTES, CLOUDEVENT_BYTES, decodeRequest, parsed } from "./body-of.ts";
import { batchDoor, callDoor, cloudEventsDoor } from "./door-config.ts";
import type { Frame } from "./frame.ts";
import { isLarger, tooLargeReason } from "./larger.ts";
import type { ProofRules } from "./believe.ts";
import type { Calls } from "./keep-calls.ts";
import type { PeerOf } from "./peer.ts";
import { pixelRoutes } from "./pixel-routes.ts";
import type { RateLimits, Rates } from "./rate-limits.ts";
import { readCloudEvents, readSegmentBody } from "./read-frame.ts";
import type { ReadEvent } from "./read-segment.ts";
import { rudderstackRoutes } from "./rudderstack-routes.ts";
import { sdkSettingsRoutes } from "./sdk-settings-routes.ts";
import { unknownKey } from "./unknown-key.ts";
import { sharedBytes, sharedFault, type SharedParts } from "./shared-parts.ts";
import { usesOfCustomers, usesOfKey } from "./uses-of.ts";
import type { KnownKey, WriteKeys } from "./write-keys.ts";
import { wrongField } from "./wrong-field.ts";

const JOURNEY = 3;
const ROUTES: Record<string, CallName> = {
  identify: "identify",
  track: "track",
  page: "page",
  screen: "screen",
  group: "group",
  alias: "alias",
  i: "identify",
  t: "track",
  p: "page",
  s: "screen",
  g: "group",
  a: "alias",
};

type Speaking = KnownKey & { peer?: string };
type Parts = {
  acceptor: Acceptor;
  keys: WriteKeys;
  clock: Clock;
  publicUrl: string;
  proofRules: () => Promise<ProofRules>;
  peerOf: PeerOf;
  /** What holds at this moment: a busy process hears browsers at less than their usual rate. */
  rates: () => Rates;
  limits: RateLimits;
};

/**
 * The doors of the Segment HTTP API and of CloudEvents. A 2xx is answered when the events are committed. A write key we do
 * not know is 401; what is not JSON or too large is 400; a call that is wrong in itself is 400 with the field named when
 * `X-Strict-Mode: 1` asks for it, and otherwise kept and set aside with the reason (Segment's own answer is 200).
 */
export async function ingestRoutes(app: App, parts: Parts): Promise<void> {
  const speaking = new WeakMap<FastifyRequest, Speaking>();

  await app.register((door, _options, done) => {
    // Bodies are kept as they came: browsers say text/plain, to spare a preflight.
    door.removeAllContentTypeParsers();
    door.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BATCH_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    door.addHook("onRequest", (_request, reply, done) => {
      reply.headers({
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "retry-after, x-ratelimit-reset",
      });
      done();
    });
    door.addHook("preHandler", async (request) => {
      if (request.method === "POST") await refuseByKey(request);
      if (request.headers["content-encoding"] !== undefined) await decodeRequest(request);
    });
    for (const path of ["/v1/*", "/beacon/v1/*", "/cloudevents", "/sourceConfig", "/sourceConfig/"])
      door.options(path, { config: { access: { kind: "public", why: "a browser's preflight" } } }, allowPreflight);
    for (const [route, call] of Object.entries(ROUTES)) {
      door.post(`/v1/${route}`, callDoor(call), (request, reply) => acceptSegment(request, reply, call));
    }
    for (const route of ["batch", "b", "import"])
      door.post(`/v1/${route}`, batchDoor, (request, reply) => acceptSegment(request, reply, null));
    rudderstackRoutes(door, keepCalls);
    pixelRoutes(door, keepCalls);
    sdkSettingsRoutes(door, { ...parts, keyOf });
    door.post("/cloudevents", cloudEventsDoor, acceptCloudEvents);
    done();
  });

  /** Where the key comes ahead of the body, nothing is decoded or parsed for a stranger, nor for whose limit is used up. */
  async function refuseByKey(request: FastifyRequest): Promise<void> {
    if (keyIn(request.headers.authorization) === null) return;
    const key = await keyOf(request, null);
    refuseMore(parts.limits.waitFor(usesOfKey(key, 1, parts.rates())));
  }

  async function acceptSegment(
    request: FastifyRequest,
    reply: FastifyReply,
    call: string | null,
  ): Promise<FastifyReply> {
    const bytes = bodyOf(request, call === null ? BATCH_BYTES : CALL_BYTES);
    await keepCalls(request, { call, bytes, body: parsed(bytes) });
    return reply.type("application/json").send('{"success":true}');
  }

  /** Keeps calls as they came, by whatever route: one of the kind `call`, or a batch of them where that is null. */
  async function keepCalls(request: FastifyRequest, { call, bytes, body }: Calls): Promise<void> {
    const batch = (body as { batch?: unknown } | null)?.batch;
    if (call === null && !Array.isArray(batch)) throw wrongField("batch", "must be a list of calls");
    const key = await keyOf(request, body);
    const events = Array.isArray(batch) ? batch.length : 1;
    refuseMore(parts.limits.waitFor(usesOfKey(key, events, parts.rates())));
    const large = Array.isArray(batch) ? largeCalls(batch, body as SharedParts, bytes.length) : [];

    const isStrict = request.headers["x-strict-mode"] === "1";
    if (isStrict || large.length === events) refuseLarge(large, CALL_BYTES);
    const frame = frameOf(key, { format: "segment", call, body: bytes }, large);
    const isToBeRead = isStrict || key.origin === "browser";
    const read = isToBeRead ? readSegmentBody(body, frame, await parts.proofRules()) : [];
    spend(key, events, read);
    if (isStrict) refuseFaults(read);
    await keep(frame, events);
  }

  async function acceptCloudEvents(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const bytes = bodyOf(request, BATCH_BYTES);
    const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim();
    const key = await keyOf(request, null);
    const event =
      type === "application/cloudevents+json" || type === "application/cloudevents-batch+json"
        ? parsed(bytes)
        : binaryEvent(request, bytes);
    const events = [event].flat();
    refuseMore(parts.limits.waitFor(usesOfKey(key, events.length, parts.rates())));
    const large = bytes.length > CLOUDEVENT_BYTES ? largeAmong(events, CLOUDEVENT_BYTES) : [];
    const isStrict = request.headers["x-strict-mode"] === "1";
    if (isStrict || large.length === events.length) refuseLarge(large, CLOUDEVENT_BYTES);
    const body = Buffer.from(JSON.stringify(event));
    const frame = frameOf(key, { format: "cloudevent", call: null, body }, large);
    const read = readCloudEvents(event, frame, await parts.proofRules());
    spend(key, events.length, read);
    refuseFaults(read.filter((_, index) => !large.includes(index)));
    await keep(frame, events.length);
    return reply.status(202).send();
  }

  const frameOf = (key: KnownKey, sent: Pick<Frame, "format" | "call" | "body">, large: number[]): Frame => ({
    ...key,
    ...sent,
    ...(large.length > 0 ? { holdsTooLarge: true } : {}),
    frameId: randomUUID(),
    receivedAt: parts.clock.now(),
    lane: JOURNEY,
  });

  /** Counts what is sent against the limits of the key, its peer and, from a browser, each customer. */
  function spend(key: Speaking, events: number, read: ReadEvent[]): void {
    const ofCustomers = key.origin === "browser" ? usesOfCustomers(key, read, parts.rates()) : [];
    refuseMore(parts.limits.spend([...usesOfKey(key, events, parts.rates()), ...ofCustomers]));
  }

  async function keep(frame: Frame, events: number): Promise<void> {
    try {
      await parts.acceptor.accept(frame, events);
    } catch (fault) {
      if (!(fault instanceof NotAccepted)) throw fault;
      const { kind, retryAfterSeconds } = fault.refusal;
      throw new Refused(kind === "busy" ? "ingest/busy" : "ingest/unavailable", `${fault.message}: try again`, {
        retryAfterSeconds,
      });
    }
  }

  /** Basic with the write key as user, a bearer, or `writeKey` in the body. Looked up once for a request. */
  async function keyOf(request: FastifyRequest, body: unknown): Promise<Speaking> {
    const known = speaking.get(request);
    if (known) return known;
    const found = await findKeyOf(request, body);
    speaking.set(request, found);
    return found;
  }

  async function findKeyOf(request: FastifyRequest, body: unknown): Promise<Speaking> {
    const stated = keyIn(request.headers.authorization) ?? (body as { writeKey?: unknown } | null)?.writeKey;
    const key = typeof stated === "string" && stated.length <= 200 ? await parts.keys.find(stated) : null;
    if (key === null) throw unknownKey();
    return key.origin === "browser" ? { ...key, peer: parts.peerOf(request.ip) } : key;
  }
}

function keyIn(authorization: string | undefined): string | null {
  if (authorization?.startsWith("Basic "))
    return Buffer.from(authorization.slice(6), "base64").toString("utf8").split(":")[0] ?? null;
  return authorization?.startsWith("Bearer ") ? authorization.slice(7) : null;
}

/** The calls that are too large: each may be so large, what it shares with the others of its batch among it. */
function largeCalls(batch: unknown[], shared: SharedParts, bytes: number): number[] {
  const fault = sharedFault(shared, batch.length);
  if (fault) throw wrongField(fault.field, fault.reason);
  const most = CALL_BYTES - sharedBytes(shared);
  return bytes <= most ? [] : largeAmong(batch, most);
}

const largeAmong = (calls: unknown[], most: number): number[] =>
  [...calls.keys()].filter((index) => isLarger(calls[index], most));

/** For who asks to be told: otherwise such a one is set aside with the reason, and its neighbours are kept. */
function refuseLarge(large: number[], most: number): void {
  if (large.length === 0) return;
  const errors = large.slice(0, 20).map((index) => ({ field: `batch.${index}`, message: tooLargeReason(most) }));
  throw new Refused("request/invalid", "some are too large", { errors });
}

function refuseMore(retryAfterSeconds: number | null): void {
  if (retryAfterSeconds === null) return;
  throw new Refused("ingest/too-many-events", "more events a second than this key, address or customer may send", {
    retryAfterSeconds,
  });
}

function refuseFaults(read: ReadEvent[]): void {
  const errors = read.flatMap((one, index) =>
    one.kind === "fault"
      ? [{ field: read.length > 1 ? `batch.${index}.${one.field}` : one.field, message: one.reason }]
      : [],
  );
  if (errors.length > 0) throw new Refused("request/invalid", "some fields are wrong", { errors: errors.slice(0, 20) });
}

/** CloudEvents' HTTP binary mode: attributes as `ce-` headers (percent-encoded), the data as the body. */
function binaryEvent(request: FastifyRequest, bytes: Buffer): Record<string, unknown> {
  const event: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith("ce-") && typeof value === "string") event[name.slice(3)] = decoded(value);
  }
  const contentType = request.headers["content-type"];
  if (contentType) event.datacontenttype = contentType;
  if (/\bjson\b/.test(contentType ?? "")) event.data = parsed(bytes);
  else if (isUtf8(bytes)) event.data = { value: bytes.toString("utf8") };
  else event.data_base64 = bytes.toString("base64");
  return event;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
