import type { FastifyRequest } from "fastify";

import { Refused } from "../../platform/http/problem.ts";
import type { Actor } from "../guard.ts";

/** The colleague who asks: an account is a person's, never a key's. */
export function ownActor({ actor }: FastifyRequest): Extract<Actor, { kind: "staff" }> {
  if (actor?.kind !== "staff") throw new Refused("access/sign-in-needed", "sign in");
  return actor;
}

const CONFIRMED_MS = 10 * 60_000;

/** The same, who has given the password within ten minutes: for what somebody at an unlocked screen must not do. */
export function confirmedActor(request: FastifyRequest, now: number): Extract<Actor, { kind: "staff" }> {
  const actor = ownActor(request);
  if (!actor.confirmedAt || now - actor.confirmedAt.getTime() > CONFIRMED_MS)
    throw new Refused("access/confirm-needed", "give your password once more");
  return actor;
}
