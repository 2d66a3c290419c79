import { createHash } from "node:crypto";
import type { Role, Staff } from "@rapport/contract/api";
import type { FastifyRequest } from "fastify";

import type { Clock } from "../platform/clock.ts";
import type { Sql } from "../platform/database.ts";
import type { Access } from "../platform/http/access.ts";
import type { App } from "../platform/http/app.ts";
import { Refused } from "../platform/http/problem.ts";
import { findKey, findSession } from "./store.ts";

/** Who is calling: a person, by session; or a program, by key. `name` is what the audit log says. */
export type Actor =
  | { kind: "staff"; name: string; staff: Staff }
  | { kind: "key"; name: string; scope: "read" | "admin" };

declare module "fastify" {
  interface FastifyRequest {
    actor: Actor | null;
  }
}

const RANK: Record<Role, number> = { viewer: 0, agent: 1, manager: 2, admin: 3 };

export const COOKIE = "rapport";
export const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** Checks every request against what its route says of who may call it. */
export function guard(app: App, db: Sql, clock: Clock): void {
  app.decorateRequest("actor", null);
  app.addHook("onRequest", async (request) => {
    const access = request.routeOptions.config.access;
    // Signing in counts too: a visitor signed in under a stranger's name would tell the stranger everything.
    if (access?.kind === "staff" || request.routeOptions.url?.startsWith("/api/")) refuseCrossSite(request);
    if (access?.kind !== "staff") return;
    const actor = await actorOf(request, db, new Date(clock.now()));
    if (!actor) throw new Refused("access/sign-in-needed", "sign in, or give an API key");
    if (!mayCall(actor, access)) throw new Refused("access/not-allowed", "your role does not allow this");
    request.actor = actor;
  });
}

export function mayCall(actor: Actor, access: Extract<Access, { kind: "staff" }>): boolean {
  if (actor.kind === "staff") return RANK[actor.staff.role] >= RANK[access.role];
  return access.scope !== null && (actor.scope === "admin" || actor.scope === access.scope);
}

/** A browser says where a request comes from: another site's pages may not act in a colleague's name. */
function refuseCrossSite(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin === undefined || request.method === "GET" || request.method === "HEAD") return;
  if (!URL.canParse(origin) || new URL(origin).host !== host)
    throw new Refused("access/cross-site", "this request came from another site");
}

async function actorOf(request: FastifyRequest, db: Sql, now: Date): Promise<Actor | null> {
  const { authorization } = request.headers;
  if (authorization?.startsWith("Bearer ")) {
    const key = await findKey(db, hashOf(authorization.slice("Bearer ".length)));
    // A write key sits in every visitor's browser: it opens the ingest door and no other.
    return key && key.scope !== "write" ? { kind: "key", name: `key ${key.name}`, scope: key.scope } : null;
  }
  const token = sessionToken(request);
  const staff = token ? await findSession(db, hashOf(token), now) : null;
  return staff ? { kind: "staff", name: staff.email, staff } : null;
}

export function sessionToken(request: FastifyRequest): string | null {
  for (const part of (request.headers.cookie ?? "").split(";")) {
    const [name, value] = part.trim().split("=");
    if (name === COOKIE && value) return value;
  }
  return null;
}
