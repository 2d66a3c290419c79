import { createHash } from "node:crypto";
import type { Role, Staff } from "@rapport/contract/api";
import type { FastifyRequest } from "fastify";

import type { Clock } from "../platform/clock.ts";
import type { Sql } from "../platform/database.ts";
import type { Access } from "../platform/http/access.ts";
import type { App } from "../platform/http/app.ts";
import { isOwnOrigin } from "../platform/http/own-origin.ts";
import { Refused } from "../platform/http/problem.ts";
import { findSession, touchSession } from "./session/store.ts";
import { findKey } from "./store.ts";

/**
 * Who is calling: a person, by session; or a program, by key. `name` is what the audit log says, and no two callers have
 * one: a colleague's address; a key's id, with the name that people gave it, which other keys may have, too.
 */
export type Actor =
  | { kind: "staff"; name: string; staff: Staff; sessionId: string; confirmedAt: Date | null; mustEnrol: boolean }
  | { kind: "key"; name: string; scope: "read" | "admin"; apiKeyId: string };

declare module "fastify" {
  interface FastifyRequest {
    actor: Actor | null;
  }
}

const RANK: Record<Role, number> = { viewer: 0, agent: 1, manager: 2, admin: 3 };

/** To within this long it is told when a session was last used. */
const SEEN_MS = 60_000;
export const COOKIE = "rapport";
export const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** Checks every request against what its route says of who may call it. */
export function guard(app: App, db: Sql, clock: Clock, publicUrl: string): void {
  app.decorateRequest("actor", null);
  app.addHook("onRequest", async (request) => {
    const access = request.routeOptions.config.access;
    // Signing in counts too: a visitor signed in under a stranger's name would tell the stranger everything.
    if (access?.kind === "staff" || request.routeOptions.url?.startsWith("/api/")) refuseCrossSite(request, publicUrl);
    if (access?.kind !== "staff") return;
    const actor = await actorOf(request, db, new Date(clock.now()));
    if (!actor) throw new Refused("access/sign-in-needed", "sign in, or give an API key");
    if (actor.kind === "staff" && actor.mustEnrol && !access.evenUnenrolled)
      throw new Refused("access/second-factor-needed", "set up a second factor first: an administrator requires it");
    if (!mayCall(actor, access)) throw new Refused("access/not-allowed", "your role does not allow this");
    request.actor = actor;
  });
}

export function mayCall(actor: Actor, access: Extract<Access, { kind: "staff" }>): boolean {
  if (actor.kind === "staff") return RANK[actor.staff.role] >= RANK[access.role];
  return access.scope !== null && (actor.scope === "admin" || actor.scope === access.scope);
}

/** A browser says where a request comes from: another site's pages may not act in a colleague's name. */
function refuseCrossSite({ method, headers }: FastifyRequest, publicUrl: string): void {
  if (method === "GET" || method === "HEAD") return;
  const { origin, "sec-fetch-site": site } = headers;
  const isOther =
    origin === undefined ? site === "cross-site" || site === "same-site" : !isOwnOrigin(origin, publicUrl);
  if (isOther) throw new Refused("access/cross-site", `this request came from another site than ${publicUrl}`);
}

async function actorOf(request: FastifyRequest, db: Sql, now: Date): Promise<Actor | null> {
  const { authorization } = request.headers;
  if (authorization?.startsWith("Bearer ")) {
    const key = await findKey(db, hashOf(authorization.slice("Bearer ".length)));
    // A write key sits in every visitor's browser: it opens the ingest door and no other.
    return key && key.scope !== "write"
      ? { kind: "key", name: `key ${key.apiKeyId} (${key.name})`, scope: key.scope, apiKeyId: key.apiKeyId }
      : null;
  }
  const token = sessionToken(request);
  const session = token ? await findSession(db, hashOf(token), now) : null;
  if (!session) return null;
  const { staffId, email, name, role, sessionId, lastSeenAt, confirmedAt, mustEnrol } = session;
  if (!lastSeenAt || now.getTime() - lastSeenAt.getTime() > SEEN_MS) await touchSession(db, sessionId, staffId, now);
  return { kind: "staff", name: email, staff: { staffId, email, name, role }, sessionId, confirmedAt, mustEnrol };
}

export function sessionToken(request: FastifyRequest): string | null {
  for (const part of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = part.trim().split("=");
    if (name === COOKIE && value) return value;
  }
  return null;
}
