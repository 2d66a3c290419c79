import type { FastifyRequest } from "fastify";

import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { appendAudit } from "./store.ts";

/** Writes what a request did to the audit log, in the name of whoever asked. */
export type Audited = (request: FastifyRequest, action: string, subject: string, detail?: unknown) => Promise<void>;

export const audited =
  (db: Database, clock: Clock): Audited =>
  (request, action, subject, detail = {}) =>
    appendAudit(db, { at: new Date(clock.now()), actor: request.actor?.name ?? "nobody", action, subject, detail });
