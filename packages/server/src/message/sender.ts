import { afterResult, type Breaker, CLOSED, maySend } from "@rapport/engine/message/breaker";
import { type Bucket, fullBucket, take } from "@rapport/engine/message/rate";

import { openPump } from "../platform/pump.ts";
import { handOffs } from "./hand-off.ts";
import { keepOutcomes } from "./keep-outcomes.ts";
import { messageKey } from "./message-key.ts";
import type { SenderParts } from "./sender-parts.ts";
import { settleAbandoned } from "./settle-abandoned.ts";
import { insertHandedOff } from "./handed-off/store.ts";
import { type Claimed, claimWaiting } from "./store.ts";

/** Messages of one claim, at most: they are handed off side by side and recorded together. */
const MOST_AT_ONCE = 50;

export type Sender = {
  name: string;
  channel: string;
  perSecond: number;
  breaker(): Breaker;
  isUp(): boolean;
  wake(): void;
  idle(): Promise<void>;
  close(): Promise<void>;
};

/** Alarms have a loop of their own, so that they never wait for what a slow gateway is doing with the rest. */
type Urgency = "alarms" | "rest";
const LANES_OF: Record<Urgency, readonly [from: number, to: number]> = { alarms: [0, 0], rest: [1, 5] };

/**
 * Hands messages to one gateway, urgent lanes first. Claim and record are two transactions with the hand-off between them,
 * during which the addresses are held against opt-outs; a crash in between leaves the claim to `settleAbandoned`.
 */
export function openSender(parts: SenderParts): Sender {
  const { gateway } = parts;
  const rate = { perSecond: gateway.ratePerSecond, burst: Math.max(1, gateway.ratePerSecond) };
  let bucket: Bucket = fullBucket(rate, performance.now());
  let breaker: Breaker = CLOSED;
  let lastSettled = 0;
  /** The rate was used up when alarms were looked for: the rest leaves them the next of it. */
  let alarmsWait = false;
  const handOff = handOffs(parts, weigh);
  const pumps = [pumpOf("alarms"), pumpOf("rest")];

  function pumpOf(urgency: Urgency) {
    const keep = keepOutcomes(parts, handOff);
    return openPump(() => sendSome(urgency, keep), {
      pollMs: 150,
      onFault: (fault) => parts.onFault(`sender ${gateway.name}`, fault),
    });
  }

  async function sendSome(urgency: Urgency, keep: ReturnType<typeof keepOutcomes>): Promise<boolean> {
    await keep.whatIsLeft();
    if (urgency === "rest" && performance.now() - lastSettled > 5_000) {
      lastSettled = performance.now();
      await settleAbandoned(parts);
    }
    const before = breaker;
    const asked = maySend(before, performance.now(), urgency === "alarms");
    if (!asked.may) return false;
    const isTrial = asked.breaker.state === "half-open";
    const most = urgency === "rest" && alarmsWait ? 0 : isTrial ? 1 : MOST_AT_ONCE;
    const { given } = take({ bucket, rate }, most, performance.now());
    if (urgency === "alarms") alarmsWait = given === 0;
    if (given === 0) return false;

    breaker = asked.breaker;
    const claimed = await claimAndName(parts, { lanes: LANES_OF[urgency], most: given });
    bucket = take({ bucket, rate }, claimed.length, performance.now()).bucket;
    try {
      if (claimed.length > 0) await keep.whatComesOf(claimed);
    } finally {
      // A trial that nothing was handed over in has shown nothing.
      if (isTrial && breaker === asked.breaker) breaker = before;
    }
    return claimed.length > 0;
  }

  /** Gives a gateway that fails again and again a rest, and tells whoever looks after it what it said last. */
  function weigh(complaint: string | null): void {
    const weighed = afterResult(breaker, complaint === null, performance.now());
    if (weighed.state === "open" && breaker.state !== "open")
      parts.onFault(`gateway ${gateway.name}`, new Error(`it rests, having said: ${complaint}`));
    breaker = weighed;
  }

  return {
    name: gateway.name,
    channel: gateway.channel,
    perSecond: gateway.ratePerSecond,
    breaker: () => breaker,
    isUp: () => gateway.isUp?.() ?? true,
    wake() {
      for (const pump of pumps) pump.wake();
    },
    async idle() {
      await Promise.all(pumps.map((pump) => pump.idle()));
    },
    async close() {
      await Promise.all(pumps.map((pump) => pump.close()));
      await gateway.close();
    },
  };
}

/** Claims, and keeps the key under which answers will come, before anything leaves: committed when this resolves. */
async function claimAndName(
  { db, clock, owner, gateway }: SenderParts,
  asked: { lanes: readonly [number, number]; most: number },
): Promise<Claimed[]> {
  const now = new Date(clock.now());
  return db.transaction(async (tx) => {
    const claimed = await claimWaiting(tx, { channel: gateway.channel, owner, now, ...asked });
    if (claimed.length === 0) return [];
    const named = claimed.map((one) => ({ ...one, providerId: messageKey(one.messageId) }));
    await insertHandedOff(tx, "key", named, now);
    return claimed;
  });
}
