import { type Outcome, outcomeEvent } from "./outcome-event.ts";
import type { SenderParts } from "./sender-parts.ts";
import { claimAbandoned, deleteOutbox, postpone } from "./store.ts";
import { keepEvents } from "./suppress.ts";

/** A sender that has not recorded a hand-off by then has died with it. */
const ABANDONED_SECONDS = 75;

/**
 * Messages that a dead sender had claimed: whether they went is not known. Life safety goes again, and so does what the
 * gateway would recognise as a repeat; everything else is closed as failed, and says why.
 */
export async function settleAbandoned({ db, clock, owner, gateway }: SenderParts): Promise<void> {
  await db.transaction(async (tx) => {
    const abandoned = (await claimAbandoned(tx, owner, ABANDONED_SECONDS)).filter(
      (one) => one.channel === gateway.channel,
    );
    if (abandoned.length === 0) return;
    const now = clock.now();
    const again = abandoned.filter((one) => gateway.takesKey || one.lane === 0);
    const closed = abandoned.filter((one) => !again.includes(one));
    if (again.length > 0)
      await postpone(
        tx,
        again.map((one) => ({ ...one, at: now })),
      );
    if (closed.length === 0) return;
    const ended: Outcome = { kind: "ended", status: "failed", reason: "outcome unknown: the sender died" };
    await keepEvents(
      tx,
      closed.map((message) => outcomeEvent(message, ended, now)),
    );
    await deleteOutbox(tx, closed);
  });
}
