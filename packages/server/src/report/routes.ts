import { Pulse } from "@rapport/contract/api";

import type { LiveStreams } from "../access/index.ts";
import { lagByPartition } from "../partition/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { App } from "../platform/http/app.ts";
import { openPump } from "../platform/pump.ts";
import { securityHeaders } from "../platform/http/security-headers.ts";
import { deadLetterRoutes } from "./dead-letters/routes.ts";
import { LagWatch } from "./lag-watch.ts";
import { readPulse } from "./pulse.ts";

type Parts = {
  db: Database;
  clock: Clock;
  publicUrl: string;
  streams: LiveStreams;
  onFault: (where: string, fault: unknown) => void;
};
/** How often the queues are looked at when nobody watches, so that who opens Pulse learns at once how long they wait. */
const WATCH_MS = 5_000;
const reader = { access: { kind: "staff", role: "viewer", scope: "read" } } as const;

/** Pulse, once or as a stream, and the letters nobody could read. */
export function reportRoutes(app: App, { db, clock, publicUrl, streams, onFault }: Parts): void {
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
    const url = "/api/pulse/stream";
    const headers = securityHeaders({ route: url, path: url, https: publicUrl.startsWith("https:") });
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

  deadLetterRoutes(app, { db, clock });
}
