import { DeadLetters, Pulse } from "@rapport/contract/api";
import { Type } from "typebox";

import { appendAudit } from "../access/index.ts";
import type { Sender } from "../message/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { Refused } from "../platform/http/problem.ts";
import { readPulse } from "./pulse.ts";
import { listDeadLetters, resolveDeadLetter } from "./store.ts";

type Parts = { db: Database; clock: Clock; senders: () => readonly Sender[] };
const reader = { access: { kind: "staff", role: "viewer", scope: "read" } } as const;

/** Pulse, once or as a stream, and the letters nobody could read. */
export function reportRoutes(app: App, parts: Parts): void {
  const { db, clock } = parts;
  // One look a second serves everybody who watches.
  let last: { at: number; pulse: Promise<Pulse> } | null = null;
  const pulseNow = (): Promise<Pulse> => {
    if (!last || performance.now() - last.at > 900) last = { at: performance.now(), pulse: readPulse(parts) };
    return last.pulse;
  };

  app.get("/api/pulse", { config: reader, schema: { response: { 200: Pulse } } }, pulseNow);
  app.get("/api/pulse/stream", { config: reader }, (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
    const send = () =>
      pulseNow().then(
        (pulse) => raw.write(`event: pulse\ndata: ${JSON.stringify(pulse)}\n\n`),
        () => raw.write(": the database is away\n\n"),
      );
    void send();
    const timer = setInterval(() => void send(), 1_000);
    request.raw.on("close", () => clearInterval(timer));
  });

  app.get("/api/dead-letters", { config: reader, schema: { response: { 200: DeadLetters } } }, async () => ({
    letters: (await listDeadLetters(db, 200)).map((row) => ({
      ...row,
      at: row.at.getTime(),
      body: row.body.toString("utf8").slice(0, 4_000),
    })),
  }));
  app.post(
    "/api/dead-letters/:id/resolve",
    {
      config: { access: { kind: "staff", role: "manager", scope: "admin" } },
      schema: { params: Type.Object({ id: Type.Integer({ minimum: 1 }) }) },
    },
    async (request, reply) => {
      if (!(await resolveDeadLetter(db, request.params.id, new Date(clock.now()))))
        throw new Refused("dead-letter/not-found", "there is no such letter");
      await appendAudit(db, {
        at: new Date(clock.now()),
        actor: request.actor?.name ?? "",
        action: "dead-letter.resolved",
        subject: String(request.params.id),
        detail: {},
      });
      return reply.status(204).send();
    },
  );
}
