import type { ContactPolicy } from "@rapport/engine/contact/index";
import { afterResult, type Breaker, CLOSED, maySend } from "@rapport/engine/message/breaker";
import type { Lane } from "@rapport/engine/message/lane";
import { type Bucket, fullBucket, take } from "@rapport/engine/message/rate";
import { nextRetryAt } from "@rapport/engine/message/retry";

import type { Content, Gateway, Handoff, HandoffResult } from "../channel/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database, Sql } from "../platform/database.ts";
import { openPump, type Pump } from "../platform/pump.ts";
import { addressHash, lockOf } from "./address-hash.ts";
import { messageKey } from "./message-key.ts";
import { type Outcome, outcomeEvent } from "./outcome-event.ts";
import { permit } from "./permit.ts";
import {
  type Claimed,
  claimAbandoned,
  claimWaiting,
  deleteOutbox,
  findSuppressed,
  holdAddresses,
  insertHandedOff,
  postpone,
  spendHousehold,
} from "./store.ts";
import { keepEvents } from "./suppress.ts";

/** Messages of one claim, at most: they are handed off side by side and recorded together. */
const MOST_AT_ONCE = 50;
/** A sender that has not recorded a hand-off by then has died with it. */
const ABANDONED_SECONDS = 75;

export type Rendered = { kind: "rendered"; content: Content } | { kind: "fault"; reason: string };

export type SenderParts = {
  db: Database;
  clock: Clock;
  owner: string;
  secret: string;
  gateway: Gateway;
  render: (message: Claimed) => Promise<Rendered>;
  /** The contact rules of a policy; the company's own for messages that people write. */
  contactPolicyOf: (policy: string | null) => ContactPolicy | null;
  zones: () => readonly string[];
  unsubscribeOf: (message: Claimed) => Handoff["unsubscribe"];
  /** A throw of the dice in [0, 1), for retries. */
  dice: () => number;
  wakeResolver: () => void;
  onFault: (where: string, fault: unknown) => void;
};

export type Sender = {
  name: string;
  channel: string;
  perSecond: number;
  breaker(): Breaker;
  wake(): void;
  idle(): Promise<void>;
  close(): Promise<void>;
};

const LANES: readonly Lane[] = ["emergency", "transactional", "conversation", "journey", "campaign", "housekeeping"];

/**
 * Hands messages to one gateway, urgent lanes first. Claim and record are two transactions with the hand-off between them,
 * during which the addresses are held against opt-outs; a crash in between leaves the claim to `settleAbandoned`.
 */
export function openSender(parts: SenderParts): Sender {
  const { db, clock, gateway } = parts;
  const rate = { perSecond: gateway.ratePerSecond, burst: Math.max(1, gateway.ratePerSecond) };
  let bucket: Bucket = fullBucket(rate, performance.now());
  let breaker: Breaker = CLOSED;
  let lastSettled = 0;
  /** Handed off, or given up, while the database was away: known to nobody but us until it is written down. */
  let unrecorded: { claimed: Claimed[]; outcomes: Outcome[] } | null = null;

  async function sendSome(): Promise<boolean> {
    if (unrecorded) {
      const { claimed, outcomes } = unrecorded;
      await db.transaction((tx) => record(tx, claimed, outcomes));
      unrecorded = null;
      parts.wakeResolver();
    }
    if (performance.now() - lastSettled > 5_000) {
      lastSettled = performance.now();
      await settleAbandoned(parts);
    }
    const asked = maySend(breaker, performance.now());
    breaker = asked.breaker;
    if (!asked.may) return false;
    const taken = take({ bucket, rate }, breaker.state === "half-open" ? 1 : MOST_AT_ONCE, performance.now());
    if (taken.given === 0) return false;
    const now = clock.now();
    const claimed = await claimAndName(parts, taken.given, now);
    bucket = take({ bucket, rate }, claimed.length, performance.now()).bucket;
    if (claimed.length === 0) return false;
    const outcomes: Outcome[] = [];
    try {
      await db.transaction((tx) => handOff(tx, claimed, outcomes));
    } catch (fault) {
      // What has no outcome was not handed to the gateway.
      unrecorded = { claimed, outcomes: claimed.map((_, index) => outcomes[index] ?? { kind: "later", at: now }) };
      throw fault;
    }
    parts.wakeResolver();
    return true;
  }

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
        policy: parts.contactPolicyOf(message.body.policy),
        zones: parts.zones(),
      });
      if (verdict.kind === "wait") outcomes[index] = { kind: "later", at: verdict.until };
      else if (verdict.kind === "stop")
        outcomes[index] = { kind: "ended", status: verdict.status, reason: verdict.reason };
      else if (!(await mayHousehold(tx, message)))
        outcomes[index] = { kind: "ended", status: "suppressed", reason: "household-cap" };
      else ready.push({ message, index });
    }
    const settled = await Promise.allSettled(
      ready.map(async ({ message, index }) => {
        outcomes[index] = await sendOne(message);
      }),
    );
    const failed = settled.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    await record(tx, claimed, outcomes);
  }

  async function mayHousehold(tx: Sql, message: Claimed): Promise<boolean> {
    const cap = parts.contactPolicyOf(message.body.policy)?.household;
    if (!cap || !message.household || message.body.mustSend) return true;
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
        return { kind: "sent", providerId: result.providerId, content: rendered.content };
      case "refused":
        return { kind: "ended", status: "failed", reason: result.reason };
      case "later":
        return later(message, lane, result.retryAfterMs, result.detail);
    }
  }

  /** Gives a gateway that fails again and again a rest, and tells whoever looks after it what it said last. */
  function weigh(complaint: string | null): void {
    const weighed = afterResult(breaker, complaint === null, performance.now());
    if (weighed.state === "open" && breaker.state !== "open")
      parts.onFault(`gateway ${gateway.name}`, new Error(`it rests, having said: ${complaint}`));
    breaker = weighed;
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

  async function record(tx: Sql, claimed: Claimed[], outcomes: Outcome[]): Promise<void> {
    const now = clock.now();
    const both = claimed.map((message, index) => ({ message, outcome: outcomes[index] as Outcome }));
    const sent = both.flatMap(({ message, outcome }) =>
      outcome.kind === "sent" ? [{ ...message, providerId: outcome.providerId }] : [],
    );
    const waiting = both.flatMap(({ message, outcome }) =>
      outcome.kind === "later" ? [{ ...message, at: outcome.at }] : [],
    );
    const ended = both.filter(({ outcome }) => outcome.kind !== "later");
    if (sent.length > 0) await insertHandedOff(tx, gateway.name, sent, new Date(now));
    if (waiting.length > 0) await postpone(tx, waiting);
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

  const pump: Pump = openPump(sendSome, {
    pollMs: 150,
    onFault: (fault) => parts.onFault(`sender ${gateway.name}`, fault),
  });
  return {
    name: gateway.name,
    channel: gateway.channel,
    perSecond: gateway.ratePerSecond,
    breaker: () => breaker,
    wake: pump.wake,
    idle: pump.idle,
    async close() {
      await pump.close();
      await gateway.close();
    },
  };
}

/** Claims, and keeps the key under which answers will come, before anything leaves: committed when this resolves. */
async function claimAndName({ db, owner, gateway }: SenderParts, most: number, now: number): Promise<Claimed[]> {
  return db.transaction(async (tx) => {
    const claimed = await claimWaiting(tx, { channel: gateway.channel, owner, now: new Date(now), most });
    if (claimed.length === 0) return [];
    await insertHandedOff(
      tx,
      "key",
      claimed.map((one) => ({ ...one, providerId: messageKey(one.messageId) })),
      new Date(now),
    );
    return claimed;
  });
}

/**
 * Messages that a dead sender had claimed: whether they went is not known. Life safety goes again, and so does what the
 * gateway would recognise as a repeat; everything else is closed as failed, and says why.
 */
async function settleAbandoned({ db, clock, owner, gateway }: SenderParts): Promise<void> {
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
