import type { FastifyRequest } from "fastify";

import { Refused } from "../platform/http/problem.ts";
import { readJson } from "../platform/read-json.ts";
import { decodeBody, tooLarge } from "./decode-body.ts";

/** Segment's limits: bytes of one call, and of one batch. */
export const CALL_BYTES = 32_768;
export const BATCH_BYTES = 512_000;
/** CloudEvents 1.0, "Size Limits": what every receiver should take of one event. */
export const CLOUDEVENT_BYTES = 65_536;

/** The body, decoded (`decodeRequest`), of at most `most` bytes; empty where there is none. */
export function bodyOf(request: FastifyRequest, most: number): Buffer {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (body.length > most) throw tooLarge(most);
  return body;
}

/** Puts the body as its sender had it in the place of the encoded one. */
export async function decodeRequest(request: FastifyRequest): Promise<void> {
  if (Buffer.isBuffer(request.body))
    request.body = await decodeBody(request.body, request.headers["content-encoding"], BATCH_BYTES);
}

export function parsed(bytes: Buffer): unknown {
  try {
    return readJson(bytes.toString("utf8"));
  } catch (error) {
    throw new Refused("request/not-json", `not JSON: ${(error as Error).message}`);
  }
}
