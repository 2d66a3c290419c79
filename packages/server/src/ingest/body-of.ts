import type { FastifyRequest } from "fastify";

import { Refused } from "../platform/http/problem.ts";
import { decodeBody } from "./decode-body.ts";

/** Segment's limits: bytes of one call, and of one batch. */
export const CALL_BYTES = 32_768;
export const BATCH_BYTES = 512_000;

/** The body as its sender had it, of at most `most` bytes; empty where there is none. */
export function bodyOf(request: FastifyRequest, most: number): Buffer {
  const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return decodeBody(sent, request.headers["content-encoding"], most);
}

export function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new Refused("request/not-json", `not JSON: ${(error as Error).message}`);
  }
}
