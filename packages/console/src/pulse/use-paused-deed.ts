import type { Discarded } from "@rapport/contract/api";

import { ask } from "../hub/ask.ts";
import { useDeed } from "../ui/use-deed.ts";

export type PausedDeed = "resume" | "discard";

/** Lets a paused policy go on, or ends all that waits for it: the hub ends a part a call. */
export const usePausedDeed = (policy: string) =>
  useDeed(
    async (deed: PausedDeed) => {
      const url = `/api/policies/${encodeURIComponent(policy)}/${deed}`;
      if (deed === "resume") await ask(url, { method: "POST" });
      else for (let isDone = false; !isDone; ) ({ isDone } = await ask<Discarded>(url, { method: "POST" }));
    },
    ["pulse"],
  );
