import type { FastifyReply, FastifyRequest } from "fastify";

import type { App } from "../platform/http/app.ts";
import { BATCH_BYTES, bodyOf, CALL_BYTES, parsed } from "./body-of.ts";
import { beaconDoor, callDoor, webhookDoor } from "./door-config.ts";
import type { KeepCalls } from "./keep-calls.ts";
import { queryText } from "./query-calls.ts";
import { webhookCalls } from "./webhook-calls.ts";

/**
 * What RudderStack's clients send beside Segment's calls. `sendBeacon` cannot set headers and webhooks are set up by an
 * address alone, so for these two the write key stands in it.
 */
export function rudderstackRoutes(door: App, keepCalls: KeepCalls): void {
  door.post("/v1/merge", callDoor("merge"), acceptMerge);
  door.post("/beacon/v1/batch", beaconDoor, acceptBeacon);
  door.post("/v1/webhook", webhookDoor, acceptWebhook);

  async function acceptMerge(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const bytes = bodyOf(request, CALL_BYTES);
    await keepCalls(request, { call: "merge", bytes, body: parsed(bytes) });
    return success(reply);
  }

  async function acceptBeacon(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const bytes = bodyOf(request, BATCH_BYTES);
    await keepCalls(request, { call: null, bytes, body: withKey(request, parsed(bytes)) });
    return success(reply);
  }

  async function acceptWebhook(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const batch = webhookCalls(request);
    await keepCalls(request, {
      call: null,
      bytes: Buffer.from(JSON.stringify({ batch })),
      body: withKey(request, { batch }),
    });
    return success(reply);
  }
}

/** What was sent, with the write key of the address where there is one. */
function withKey(request: FastifyRequest, body: unknown): unknown {
  const writeKey = queryText(request, "writeKey");
  return writeKey === null ? body : { ...(body as object), writeKey };
}

const success = (reply: FastifyReply) => reply.type("application/json").send('{"success":true}');
