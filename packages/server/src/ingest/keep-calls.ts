import type { FastifyRequest } from "fastify";

/** Calls of the Segment API: the bytes that are kept, and what they say, read (with the write key, where it came apart). */
export type Calls = { call: string | null; bytes: Buffer; body: unknown };

/** Keeps calls of one request, by whatever door they came; resolves when they are committed. Throws `Refused`. */
export type KeepCalls = (request: FastifyRequest, calls: Calls) => Promise<void>;
