import { DeadLetters, Pulse } from "@rapport/contract/api";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";

import { appendAudit, type LiveStreams } from "../access/index.ts";
import { type InboxItem, insertInbox, lagByPartition, toInboxRows } from "../partition/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Cursor, pageOf, placeIn, Position } from "../platform/http/cursor.ts";
import { openPump } from "../platform/pump.ts";
import { Refused } from "../platform/http/problem.ts";
import { securityHeaders } from "../platform/http/security-headers.ts";
import { LagWatch } from "./lag-watch.ts";
import { readPulse } from "./pulse.ts";
import { type DeadLetterRow, listDeadLetters, resolveDeadLetter, takeDeadLetter } from "./store.ts";

type Parts = { db: Database; clock: Clock; streams: LiveStreams; onFault: (where: string, fault: unknown) => void };
/** How often the queues are looked at when nobody watches, so that who opens Pulse learns at once how long they wait. */
const WATCH_MS = 5_000;
const HOUSEKEEPING = 5;
const PAGE = 50;
const LetterPlace = Type.Tuple([Position]);
const reader = { access: { kind: "staff", role: "viewer", scope: "read" } } as const;

/** Pulse, once or as a stream, and the letters nobody could read. */
export function reportRoutes(app: App, { db, clock, streams, onFault }: Parts): void {
  const watch = new LagWatch(() => performance.now());
  const watching = openPump(
    async () => {
      watch.look(await lagByPartition(db));
      return false;
    },
    { pollMs: WATCH_MS, onFault: (fault) => onFault("lag watch", fault) },
  );
  app.addHook("onClose", () => watching.close());
  // One look a second serves everybody who watches.
  let last: { at: number; pulse: Promise<Pulse> } | null = null;
  const pulseNow = (): Promise<Pulse> => {
    if (!last || performance.now() - last.at > 900)
      last = { at: performance.now(), pulse: readPulse({ db, clock, watch }) };
    return last.pulse;
  };

  app.get("/api/pulse", { config: reader, schema: { response: { 200: Pulse } } }, pulseNow);
  app.get("/api/pulse/stream", { config: reader }, (request, reply) => {
    const { raw } = reply;
    const leave = streams.admit(request.actor, () => raw.end());
    reply.hijack();
    const headers = securityHeaders({ route: "/api/pulse/stream", path: "/api/pulse/stream", https: false });
    raw.writeHead(200, { ...headers, "content-type": "text/event-stream", "x-accel-buffering": "no" });
    const send = () =>
      pulseNow().then(
        (pulse) => tell(`event: pulse\ndata: ${JSON.stringify(pulse)}\n\n`),
        () => tell(": the database is away\n\n"),
      );
    // Nothing is kept for a listener who does not listen: what it missed it does not need.
    const tell = (text: string) => raw.writableEnded || raw.writableNeedDrain || raw.write(text);
    void send();
    const timer = setInterval(() => void send(), 1_000);
    raw.on("close", () => {
      clearInterval(timer);
      leave();
    });
  });

  app.get(
    "/api/dead-letters",
    {
      config: reader,
      schema: {
        querystring: Type.Object({ before: Type.Optional(Cursor) }, { additionalProperties: false }),
        response: { 200: DeadLetters },
      },
    },
    async (request) => {
      const [position] = placeIn(LetterPlace, request.query.before, "before") ?? [Number.MAX_SAFE_INTEGER];
      const rows = await listDeadLetters(db, position, PAGE + 1);
      const { shown, next } = pageOf(rows, PAGE, (last) => [last.deadLetterId]);
      return { letters: shown.map(letterOf), before: next };
    },
  );
  const setting = {
    config: { access: { kind: "staff", role: "manager", scope: "admin" } },
    schema: { params: Type.Object({ id: Position }) },
  } as const;
  const note = (request: FastifyRequest, action: string, id: number) => {
    const actor = request.actor?.name ?? "";
    return appendAudit(db, { at: new Date(clock.now()), actor, action, subject: String(id), detail: {} });
  };
  app.post("/api/dead-letters/:id/resolve", setting, async (request, reply) => {
    const { id } = request.params;
    if (!(await resolveDeadLetter(db, id, new Date(clock.now()))))
      throw new Refused("dead-letter/not-found", "there is no such letter");
    await note(request, "dead-letter.resolved", id);
    return reply.status(204).send();
  });
  // Its event has an id as before: should it stand on a timeline already, it is not applied twice.
  app.post("/api/dead-letters/:id/return", setting, async (request, reply) => {
    const { id } = request.params;
    const isReturned = await db.transaction(async (tx) => {
      const body = await takeDeadLetter(tx, id, new Date(clock.now()));
      if (body === null) return false;
      const item = JSON.parse(body.toString("utf8")) as InboxItem;
      await insertInbox(tx, toInboxRows([{ lane: HOUSEKEEPING, item }]));
      return true;
    });
    if (!isReturned) throw new Refused("dead-letter/not-found", "there is no such letter that can be tried again");
    await note(request, "dead-letter.returned", id);
    return reply.status(204).send();
  });
}

const letterOf = (row: DeadLetterRow) => ({
  ...row,
  at: row.at.getTime(),
  body: row.body.toString("utf8").slice(0, 4_000),
  mayReturn: row.stage === "apply",
});
