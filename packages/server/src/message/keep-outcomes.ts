import { isPassing } from "../platform/database.ts";
import { type handOffs, record } from "./hand-off.ts";
import { type Outcome, outcomeEvent } from "./outcome-event.ts";
import type { SenderParts } from "./sender-parts.ts";
import { type Claimed, deleteOutbox } from "./store.ts";
import { keepEvents } from "./suppress.ts";

/** A message whose outcome is not written down; without one it was not handed to the gateway. */
type Left = { message: Claimed; outcome?: Outcome | undefined };

/**
 * Hands messages off and writes down what came of them. What could not be written down is known to nobody but us: it is kept,
 * and written message by message before anything else is claimed, so that one that cannot be holds up no other.
 */
export function keepOutcomes(parts: SenderParts, handOff: ReturnType<typeof handOffs>) {
  const { db, clock, surge, wakeResolver } = parts;
  let left: Left[] = [];

  return {
    async whatComesOf(claimed: Claimed[]): Promise<void> {
      const outcomes: Outcome[] = [];
      const now = clock.now();
      try {
        await db.transaction((tx) => handOff(tx, claimed, outcomes));
      } catch (fault) {
        const untouched: Outcome | undefined = isOfMessage(fault) ? undefined : { kind: "later", at: now };
        left = claimed.map((message, index) => ({ message, outcome: outcomes[index] ?? untouched }));
        throw fault;
      }
      done(claimed.map((message, index) => ({ message, outcome: outcomes[index] })));
    },

    async whatIsLeft(): Promise<void> {
      for (let one = left[0]; one; one = left[0]) {
        await settle(one);
        left.shift();
        done([one]);
      }
    },
  };

  async function settle(one: Left): Promise<void> {
    const { message, outcome } = one;
    const outcomes: Outcome[] = [];
    try {
      await db.transaction((tx) =>
        outcome ? record(parts, tx, [message], [outcome]) : handOff(tx, [message], outcomes),
      );
      one.outcome ??= outcomes[0];
    } catch (fault) {
      one.outcome ??= outcomes[0];
      if (!isOfMessage(fault)) throw fault;
      parts.onFault(`message ${message.messageId}`, fault);
      await setApart(one, fault);
    }
  }

  /** Ends a message that cannot be handed off or recorded as others are. What was sent stays sent; anything else has failed. */
  async function setApart({ message, outcome }: Left, fault: unknown): Promise<void> {
    const failed = { kind: "ended", status: "failed", reason: `cannot be processed: ${nameOf(fault)}` } as const;
    const event = outcomeEvent(message, outcome?.kind === "sent" ? outcome : failed, clock.now());
    await db.transaction(async (tx) => {
      await keepEvents(tx, [event]);
      await deleteOutbox(tx, [message]);
    });
  }

  function done(settled: Left[]): void {
    surge.count(settled.flatMap(({ message, outcome }) => (outcome?.kind === "sent" ? [message] : [])));
    wakeResolver();
  }
}

/** Not of the database as a whole: that it is away, or that its schema or our rights in it (class 42) are wrong. */
const isOfMessage = (fault: unknown): boolean => !isPassing(fault) && !codeOf(fault).startsWith("42");

const codeOf = (fault: unknown): string => String((fault as { code?: unknown } | null)?.code ?? "");

/** The SQLSTATE, or what kind of error it is: its message may quote what a stranger wrote. */
const nameOf = (fault: unknown): string => codeOf(fault) || (fault instanceof Error ? fault.name : "unknown fault");
