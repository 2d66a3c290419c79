import type { Pulse } from "@rapport/contract/api";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { ask } from "../hub/ask.ts";
import { type Shown, shownOf } from "../hub/shown.ts";
import { sessionQuery } from "../hub/use-session.ts";

const KEY = ["pulse"];
const TRAIL = 90;
const AGAIN_MS = 4_000;

export type Rates = Pulse["perSecond"];
/** `trail` are the rates of the last minute and a half, oldest first; `isLive` is false while the stream is broken. */
export type LivePulse = { pulse: Pulse; trail: readonly Rates[]; isLive: boolean };

/** The pulse, once by asking and from then on by the hub's stream. */
export function usePulse(): Shown<LivePulse> {
  const client = useQueryClient();
  const [isLive, setLive] = useState(true);
  const [trail, setTrail] = useState<readonly Rates[]>([]);
  const first = useQuery({ queryKey: KEY, queryFn: ({ signal }) => ask<Pulse>("/api/pulse", { signal }) });
  useEffect(() => {
    let source: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource("/api/pulse/stream");
      source.addEventListener("pulse", ({ data }: MessageEvent<string>) => {
        const pulse = JSON.parse(data) as Pulse;
        client.setQueryData(KEY, pulse);
        setTrail((before) => [...before.slice(1 - TRAIL), pulse.perSecond]);
        setLive(true);
      });
      source.onerror = () => {
        setLive(false);
        // A browser tries again by itself after a broken line, but not after a refusal: the session may have ended.
        if (source.readyState !== EventSource.CLOSED) return;
        void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
        again = setTimeout(open, AGAIN_MS);
      };
    };
    open();
    return () => {
      clearTimeout(again);
      source.close();
    };
  }, [client]);
  return shownOf(first, (pulse) => ({ pulse, trail, isLive }));
}
