import type { Clock } from "../platform/clock.ts";
import type { Sql } from "../platform/database.ts";
import { Refused } from "../platform/http/problem.ts";
import { openPump } from "../platform/pump.ts";
import type { Actor } from "./guard.ts";
import { openSessionsOf } from "./session/store.ts";
import { keysInForce } from "./store.ts";

/** Tabs of one session, or programs of one key, that listen at once to this process. */
const MOST = 8;
const LOOK_MS = 1_000;

type Stream = { kind: Actor["kind"]; holder: string; end: () => void };

/** Streams that are open, each as long as the session or the key that opened it: looked at once a second. */
export function openLiveStreams(db: Sql, clock: Clock, onFault: (fault: unknown) => void) {
  const streams = new Set<Stream>();
  const watch = openPump(
    async () => {
      // Who comes in while the answers are under way is looked at in the next round.
      const seen = [...streams];
      const of = (kind: Actor["kind"]) => [
        ...new Set(seen.filter((one) => one.kind === kind).map((one) => one.holder)),
      ];
      if (seen.length === 0) return false;
      const [sessions, keys] = await Promise.all([
        openSessionsOf(db, of("staff"), new Date(clock.now())),
        keysInForce(db, of("key")),
      ]);
      for (const one of seen) if (!(one.kind === "staff" ? sessions : keys).has(one.holder)) leave(one);
      return false;
    },
    { pollMs: LOOK_MS, onFault },
  );

  function leave(stream: Stream): void {
    if (streams.delete(stream)) stream.end();
  }

  return {
    /** Lets a stream in; what is answered takes it out. `end` is called once, however it ends. */
    admit(actor: Actor | null, end: () => void): () => void {
      if (!actor) throw new Refused("access/sign-in-needed", "sign in, or give an API key");
      const holder = actor.kind === "staff" ? actor.sessionId : actor.apiKeyId;
      if ([...streams].filter((one) => one.holder === holder).length >= MOST)
        throw new Refused("stream/too-many", `at most ${MOST} streams at once`, { retryAfterSeconds: 5 });
      const stream = { kind: actor.kind, holder, end };
      streams.add(stream);
      return () => leave(stream);
    },
    async close(): Promise<void> {
      await watch.close();
      for (const one of streams) leave(one);
    },
  };
}

export type LiveStreams = ReturnType<typeof openLiveStreams>;
