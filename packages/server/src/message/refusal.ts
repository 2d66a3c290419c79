import type { HandoffResult } from "../channel/index.ts";
import type { Sql } from "../platform/database.ts";
import { addressForms, addressHash } from "./address-hash.ts";
import type { Outcome } from "./outcome-event.ts";
import type { Claimed } from "./store.ts";
import { insertSuppression } from "./suppression/store.ts";

/** What a provider refuses because its own list says so, or because there is no such mailbox, is closed to us as well. */
export function outcomeOfRefusal({
  reason,
  detail,
  isDead = false,
}: Extract<HandoffResult, { kind: "refused" }>): Outcome {
  if (reason === "opted-out") {
    const closes = { cause: "opt-out", reason: `provider: ${detail}`.slice(0, 200) } as const;
    return { kind: "ended", status: "suppressed", reason, closes };
  }
  const closes = isDead ? { closes: { cause: "bounce", reason: `bounce: ${detail}`.slice(0, 200) } as const } : {};
  return { kind: "ended", status: "failed", reason, ...closes };
}

/** Closes the addresses that were refused so. The hand-off holds them already. */
export async function closeRefused(
  tx: Sql,
  secret: string,
  handed: { message: Claimed; outcome: Outcome }[],
  at: Date,
): Promise<void> {
  for (const { message, outcome } of handed) {
    if (outcome.kind !== "ended" || !outcome.closes) continue;
    const { channel, address } = message;
    for (const form of addressForms(channel, address)) {
      const hash = addressHash(secret, channel, form);
      await insertSuppression(tx, { ...outcome.closes, channel, scope: "all", hash, at });
    }
  }
}
