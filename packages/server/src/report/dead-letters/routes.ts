import { DeadLetterFilter, DeadLetters, LettersDone, ManyDeadLetters } from "@rapport/contract/api";
import type { FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";

import { appendAudit } from "../../access/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { App } from "../../platform/http/app.ts";
import { pageOf, placeIn, Position } from "../../platform/http/cursor.ts";
import { Refused } from "../../platform/http/problem.ts";
import { returnLetters } from "./return-letters.ts";
import {
  countOpenLetters,
  type LetterFilter,
  openLetters,
  resolveLetter,
  resolveLetters,
  takeLetter,
  takeLetters,
} from "./store.ts";

const PAGE = 50;
const MOST_COUNTED = 10_000;
const MOST_TOLD = 4_000;
/** What one call does at most: who asks for more goes on where it ended. */
const MOST_RESOLVED = 1_000;
const MOST_RETURNED = { letters: 500, bytes: 8_000_000 };
const reader = { access: { kind: "staff", role: "viewer", scope: "read" } } as const;
const manager = { access: { kind: "staff", role: "manager", scope: "admin" } } as const;

type Parts = { db: Database; clock: Clock };
type Said = Omit<Static<typeof DeadLetterFilter>, "before"> & { before?: number };
const LetterPlace = Type.Tuple([Position]);

/** What was set aside: filtered, and resolved or tried again, one or all that match. */
export function deadLetterRoutes(app: App, { db, clock }: Parts): void {
  const now = () => new Date(clock.now());

  app.get(
    "/api/dead-letters",
    { config: reader, schema: { querystring: DeadLetterFilter, response: { 200: DeadLetters } } },
    async ({ query }) => {
      const [before] = placeIn(LetterPlace, query.before, "before") ?? [Number.MAX_SAFE_INTEGER];
      const filter = filterOf({ ...query, before });
      const [rows, counted] = await Promise.all([
        openLetters(db, filter, PAGE + 1),
        countOpenLetters(db, { ...filter, before: null }, MOST_COUNTED),
      ]);
      const { shown, next } = pageOf(rows, PAGE, (last) => [last.deadLetterId]);
      const letters = shown.map((row) => ({
        ...row,
        at: row.at.getTime(),
        body: row.body.toString("utf8").slice(0, MOST_TOLD),
      }));
      return { letters, ...counted, before: next };
    },
  );
  const note = (request: FastifyRequest, action: string, subject: string, detail: object) =>
    appendAudit(db, { at: now(), actor: request.actor?.name ?? "", action, subject, detail });
  const noteMany = async (request: FastifyRequest, action: string, ids: number[]) => {
    if (ids.length === 0) return;
    await note(request, action, `${ids.at(-1)}–${ids[0]}`, { letters: ids.length, ...(request.body as object) });
  };

  const many = { config: manager, schema: { body: ManyDeadLetters, response: { 200: LettersDone } } };
  app.post("/api/dead-letters/resolve", many, async (request) => {
    const ids = await resolveLetters(db, filterOf(request.body), now(), MOST_RESOLVED);
    await noteMany(request, "dead-letters.resolved", ids);
    return { done: ids.length, before: ids.length === MOST_RESOLVED ? (ids.at(-1) ?? null) : null };
  });
  app.post("/api/dead-letters/return", many, async (request) => {
    const ids = await db.transaction(async (tx) => {
      const letters = await takeLetters(tx, filterOf(request.body), now(), MOST_RETURNED);
      await returnLetters(tx, letters, now());
      return letters.map((letter) => letter.deadLetterId);
    });
    await noteMany(request, "dead-letters.returned", ids);
    return { done: ids.length, before: ids.at(-1) ?? null };
  });

  const single = { config: manager, schema: { params: Type.Object({ id: Position }) } };
  app.post("/api/dead-letters/:id/resolve", single, async (request, reply) => {
    const { id } = request.params;
    if (!(await resolveLetter(db, id, now()))) throw new Refused("dead-letter/not-found", "there is no such letter");
    await note(request, "dead-letter.resolved", String(id), {});
    return reply.status(204).send();
  });
  app.post("/api/dead-letters/:id/return", single, async (request, reply) => {
    const { id } = request.params;
    await db.transaction(async (tx) => {
      const letter = await takeLetter(tx, id, now());
      if (!letter) throw new Refused("dead-letter/not-found", "there is no such letter that can be tried again");
      await returnLetters(tx, [letter], now());
    });
    await note(request, "dead-letter.returned", String(id), {});
    return reply.status(204).send();
  });
}

function filterOf({ stage, source, reason, from, to, before }: Said): LetterFilter {
  return {
    stage: stage ?? null,
    source: source ?? null,
    reason: reason ?? null,
    from: from === undefined ? null : new Date(from),
    to: to === undefined ? null : new Date(to),
    before: before ?? null,
  };
}
