import type { Lane } from "@rapport/engine/message/lane";
import { nextRetryAt } from "@rapport/engine/message/retry";

import type { HandoffResult } from "../channel/index.ts";
import type { Sql } from "../platform/database.ts";
import { overAddressCap } from "./address-use/address-caps.ts";
import { addressHash, lockOf } from "./address-hash.ts";
import { closeRefused, outcomeOfRefusal } from "./refusal.ts";
import { messageKey } from "./message-key.ts";
import { type Outcome, outcomeEvent } from "./outcome-event.ts";
import { permit } from "./permit.ts";
import { keptId } from "./provider-id.ts";
import type { SenderParts } from "./sender-parts.ts";
import { insertHandedOff } from "./handed-off/store.ts";
import { type Claimed, deleteOutbox, postpone, spendHousehold } from "./store.ts";
import { holdMessages } from "./surge/store.ts";
import { findSuppressed, holdAddresses } from "./suppression/store.ts";
import { keepEvents } from "./suppress.ts";
import { tellHouseholds } from "./tell-households.ts";

const LANES: readonly Lane[] = ["emergency", "transactional", "conversation", "journey", "campaign", "housekeeping"];

/** Hands claimed messages to the gateway, side by side. `weigh` is told after each what the gateway complains of, or null. */
export function handOffs(parts: SenderParts, weigh: (complaint: string | null) => void) {
  const { clock, gateway } = parts;
  return handOff;

  /** Fills `outcomes` as they become known. */
  async function handOff(tx: Sql, claimed: Claimed[], outcomes: Outcome[]): Promise<void> {
    // The transaction stays open while the gateway works: longer than the pool allows for any other.
    const hashes = claimed.map((one) => addressHash(parts.secret, one.channel, one.address));
    // Sent together, done in this order: what is suppressed is looked up when the addresses are held.
    const [, , suppressed] = await Promise.all([
      tx.query("set local idle_in_transaction_session_timeout = '120s'"),
      holdAddresses(tx, hashes.map(lockOf)),
      findSuppressed(tx, gateway.channel, hashes),
    ]);

    const ready: { message: Claimed; index: number }[] = [];
    for (const [index, message] of claimed.entries()) {
      const entry = suppressed.find(
        (row) =>
          row.hash === hashes[index]?.toString("hex") && (row.scope === "all" || message.purpose === "marketing"),
      );
      const verdict = permit(message, {
        now: clock.now(),
        suppressed: entry?.reason ?? null,
        isPaused: parts.surge.holds(message),
        policy: parts.contactPolicyOf(message.body.policy),
        zones: parts.zones(),
      });
      if (verdict.kind === "wait") outcomes[index] = { kind: "later", at: verdict.until };
      else if (verdict.kind === "hold") outcomes[index] = { kind: "held" };
      else if (verdict.kind === "stop")
        outcomes[index] = { kind: "ended", status: verdict.status, reason: verdict.reason };
      else if (!(await mayHousehold(tx, message)))
        outcomes[index] = { kind: "ended", status: "suppressed", reason: "household-cap" };
      else ready.push({ message, index });
    }
    const capped = await overAddressCap(
      tx,
      ready.map(({ message, index }) => ({ message, addressHash: hashes[index] as Buffer })),
      clock.now(),
    );
    for (const { message, index } of ready)
      if (capped.has(message.messageId))
        outcomes[index] = { kind: "ended", status: "suppressed", reason: "address-cap" };
    const allowed = ready.filter(({ message }) => !capped.has(message.messageId));
    const settled = await Promise.allSettled(
      allowed.map(async ({ message, index }) => {
        outcomes[index] = await sendOne(message);
      }),
    );
    const failed = settled.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    await record(parts, tx, claimed, outcomes);
  }

  async function mayHousehold(tx: Sql, message: Claimed): Promise<boolean> {
    const cap = householdBudget(parts, message);
    if (!cap || !message.household) return true;
    const at = clock.now();
    const { household, messageId } = message;
    return spendHousehold(tx, {
      household,
      messageId,
      at: new Date(at),
      since: new Date(at - cap.windowMs),
      limit: cap.limit,
    });
  }

  async function sendOne(message: Claimed): Promise<Outcome> {
    const rendered = await parts.render(message);
    if (rendered.kind === "fault") return { kind: "ended", status: "failed", reason: `template: ${rendered.reason}` };
    const lane = LANES[message.lane] ?? "journey";
    const handoff = {
      key: messageKey(message.messageId),
      lane,
      to: message.address,
      content: rendered.content,
      unsubscribe: parts.unsubscribeOf(message),
    };
    let result: HandoffResult;
    try {
      result = await gateway.send(handoff);
    } catch (fault) {
      weigh(String(fault));
      parts.onFault(`gateway ${gateway.name}`, fault);
      return afterFault(message, lane);
    }
    weigh(result.kind === "later" ? result.detail : null);
    switch (result.kind) {
      case "accepted":
        return { kind: "sent", providerIds: result.partIds ?? [result.providerId], content: rendered.content };
      case "refused":
        return outcomeOfRefusal(result);
      case "later":
        return later(message, lane, result.retryAfterMs, result.detail);
    }
  }

  /** Nobody knows whether it went: sent again where that does no harm, or where silence would do more. */
  function afterFault(message: Claimed, lane: Lane): Outcome {
    if (gateway.takesKey || lane === "emergency") return later(message, lane, null, "fault");
    return { kind: "ended", status: "failed", reason: "outcome unknown" };
  }

  function later(message: Claimed, lane: Lane, retryAfterMs: number | null, detail: string): Outcome {
    const at = nextRetryAt({
      lane,
      attempt: message.attempt,
      nowMs: clock.now(),
      retryAfterMs,
      jitter01: parts.dice(),
    });
    return at === null
      ? { kind: "ended", status: "failed", reason: `gave up: ${detail}`.slice(0, 200) }
      : { kind: "later", at };
  }
}

/** The budget of the household that this message spends from; null when it spends from none. */
const householdBudget = ({ contactPolicyOf }: SenderParts, { household, body }: Claimed) =>
  household && !body.mustSend ? (contactPolicyOf(body.policy)?.household ?? null) : null;

/** Writes down what came of each message; what is to be tried again goes back into the queue. */
export async function record(parts: SenderParts, tx: Sql, claimed: Claimed[], outcomes: Outcome[]): Promise<void> {
  const { clock, gateway } = parts;
  const now = clock.now();
  const both = claimed.map((message, index) => ({ message, outcome: outcomes[index] as Outcome }));
  const sent = both.flatMap(({ message, outcome }) =>
    outcome.kind === "sent" ? [{ message, parts: outcome.providerIds.map(keptId) }] : [],
  );
  const waiting = both.flatMap(({ message, outcome }) =>
    outcome.kind === "later" ? [{ ...message, at: outcome.at }] : [],
  );
  const held = both.flatMap(({ message, outcome }) => (outcome.kind === "held" ? [message] : []));
  const ended = both.filter(({ outcome }) => outcome.kind === "sent" || outcome.kind === "ended");
  const named = sent.flatMap(({ message, parts: all }) =>
    all.map((providerId) => ({ ...message, providerId, ...(all.length > 1 ? { parts: all } : {}) })),
  );
  if (named.length > 0) await insertHandedOff(tx, gateway.name, named, new Date(now));
  await closeRefused(tx, parts.secret, both, new Date(now));
  const spent = sent.flatMap(({ message }) => (householdBudget(parts, message) ? [message] : []));
  await tellHouseholds(tx, spent, now);
  if (waiting.length > 0) await postpone(tx, waiting);
  if (held.length > 0) await holdMessages(tx, held);
  if (ended.length === 0) return;
  await keepEvents(
    tx,
    ended.map(({ message, outcome }) => outcomeEvent(message, outcome, now)),
  );
  await deleteOutbox(
    tx,
    ended.map(({ message }) => message),
  );
}
