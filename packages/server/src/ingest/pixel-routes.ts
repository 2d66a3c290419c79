import type { FastifyReply, FastifyRequest } from "fastify";

import type { App } from "../platform/http/app.ts";
import { dataPixelDoor, pathsPixelDoor } from "./door-config.ts";
import type { KeepCalls } from "./keep-calls.ts";
import { callOfData, callOfQuery, queryText } from "./query-calls.ts";

/** One transparent point, GIF89a. */
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const SEGMENT_CALLS = ["identify", "track", "page", "screen", "group", "alias"];

/**
 * Calls said by asking for an image, where no script runs (mails, AMP pages): RudderStack's `/pixel/v1/…` and Segment's
 * `/v1/pixel/…?data=`. The image is answered when the call is kept; what is refused is a problem as at every door. A HEAD
 * asks for no image: it is not answered, and says nothing.
 */
export function pixelRoutes(door: App, keepCalls: KeepCalls): void {
  const noHead = { exposeHeadRoute: false };
  for (const call of ["track", "page"])
    door.get(`/pixel/v1/${call}`, { ...pathsPixelDoor, ...noHead }, async (request, reply) => {
      const said = { channel: "web", ...callOfQuery(request), type: call };
      return keep(request, reply, said, queryText(request, "writeKey"));
    });
  for (const call of SEGMENT_CALLS)
    door.get(`/v1/pixel/${call}`, { ...dataPixelDoor, ...noHead }, async (request, reply) => {
      const { writeKey, ...said } = callOfData(request);
      return keep(request, reply, { ...said, type: call }, writeKey);
    });

  async function keep(request: FastifyRequest, reply: FastifyReply, said: { type: string }, writeKey: unknown) {
    const bytes = Buffer.from(JSON.stringify(said));
    await keepCalls(request, { call: said.type, bytes, body: { ...said, writeKey } });
    return reply.headers({ "content-type": "image/gif", "cache-control": "no-store" }).send(PIXEL);
  }
}
