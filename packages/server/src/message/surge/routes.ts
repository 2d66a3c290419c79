import { Discarded, PolicyNamed } from "@rapport/contract/api";

import { audited } from "../../access/index.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { App } from "../../platform/http/app.ts";
import { Refused } from "../../platform/http/problem.ts";
import { type Outcome, outcomeEvent } from "../outcome-event.ts";
import { keepEvents } from "../suppress.ts";
import { endPause, holdPause, holdPlanned, takeHeld } from "./store.ts";

const manager = { access: { kind: "staff", role: "manager", scope: "admin" } } as const;
/** What one call discards at most: who asks for more calls again. */
const MOST_DISCARDED = 2_000;
const DISCARDED: Outcome = { kind: "ended", status: "suppressed", reason: "policy-paused" };

type Parts = { db: Database; clock: Clock; wakeResolver: () => void };

/** What a manager does about a policy that was paused: lets it go on, or discards what waits. */
export function surgeRoutes(app: App, { db, clock, wakeResolver }: Parts): void {
  const note = audited(db, clock);
  const notPaused = () => new Refused("policy/not-paused", "this policy is not paused");

  app.post(
    "/api/policies/:policy/resume",
    { config: manager, schema: { params: PolicyNamed } },
    async (request, reply) => {
      const { policy } = request.params;
      // The senders let go of what they held when they look next, within a second.
      if (!(await endPause(db, policy, new Date(clock.now()), request.actor?.name ?? ""))) throw notPaused();
      await note(request, "policy.resumed", policy);
      return reply.status(204).send();
    },
  );

  app.post(
    "/api/policies/:policy/discard",
    { config: manager, schema: { params: PolicyNamed, response: { 200: Discarded } } },
    async (request) => {
      const { policy } = request.params;
      const discarded = await db.transaction(async (tx) => {
        if (!(await holdPause(tx, policy))) throw notPaused();
        await holdPlanned(tx, policy);
        const messages = await takeHeld(tx, policy, MOST_DISCARDED);
        await keepEvents(
          tx,
          messages.map((message) => outcomeEvent(message, DISCARDED, clock.now())),
        );
        return messages.length;
      });
      if (discarded > 0) await note(request, "policy.discarded", policy, { messages: discarded });
      wakeResolver();
      return { discarded, isDone: discarded < MOST_DISCARDED };
    },
  );
}
