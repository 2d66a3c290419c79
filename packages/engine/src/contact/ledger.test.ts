import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import type { Contact } from "../profile/profile.ts";
import type { Cap, ContactPolicy } from "./contact-policy.ts";
import { commit, forgetBefore, nextWithinCap, release, reserve } from "./ledger.ts";
import { NEVER } from "./zone.ts";
import { mayContact, nextAllowedAt, type Touch } from "./may-contact.ts";

const cap: Cap = { name: "two a day", limit: 2, windowMs: 100, channels: null, purposes: null };

function aContact(at: number, more: Partial<Contact> = {}): Contact {
  return { messageId: `m${at}`, channel: "sms", purpose: "marketing", at, state: "committed", ...more };
}

const edges: [what: string, ledger: Contact[], at: number, next: number][] = [
  ["nothing was sent", [], 50, 50],
  ["one place is left", [aContact(0)], 50, 50],
  ["the older contact leaves the window at this very moment", [aContact(0), aContact(10)], 100, 100],
  ["the older contact is still in the window", [aContact(0), aContact(10)], 99, 100],
  ["a later contact is planned already", [aContact(0), aContact(150)], 60, 60],
  ["two later contacts are planned already", [aContact(150), aContact(160)], 100, 250],
  ["a released place", [aContact(0), aContact(10, { state: "released" })], 50, 50],
  ["a reserved place", [aContact(0), aContact(10, { state: "reserved" })], 50, 100],
];
for (const [what, ledger, at, next] of edges) {
  test(`at ${at} the next contact may be at ${next} when ${what}`, () => {
    assert.equal(nextWithinCap(ledger, cap, at), next);
  });
}

test("a cap speaks of its own channels and purposes only", () => {
  const ledger = [aContact(0), aContact(1, { channel: "email" }), aContact(2, { purpose: "survey" })];
  assert.equal(nextWithinCap(ledger, { ...cap, limit: 2, channels: ["sms"], purposes: ["marketing"] }, 3), 3);
});

test("a cap of nothing is never free", () => {
  assert.equal(nextWithinCap([], { ...cap, limit: 0 }, 0), NEVER);
});

test("reserving, committing and releasing the same message again changes nothing", () => {
  const once = commit(reserve([], aContact(5)), "m5", 6);
  assert.deepEqual(once, [aContact(6, { messageId: "m5" })]);
  assert.deepEqual(reserve(once, aContact(5)), once);
  assert.deepEqual(commit(once, "m5", 9), once);
  assert.deepEqual(release(once, "m5"), once);
  const released = release(reserve([], aContact(5)), "m5");
  assert.deepEqual(commit(released, "m5", 6), released);
  assert.deepEqual(forgetBefore(once, 7), []);
});

const policy: ContactPolicy = {
  consent: { marketing: { default: "opt-out", source: "test", since: "2026-01-01" } },
  caps: [cap, { name: "one a while", limit: 1, windowMs: 30, channels: ["sms"], purposes: null }],
  quietHours: [],
  hush: [],
  household: null,
  horizonMs: 1e9,
};

function aTouch(ledger: readonly Contact[], more: Partial<Touch>): Touch {
  const profile = { consent: {}, ledger };
  return { profile, policy, channel: "sms", purpose: "marketing", at: 0, zone: "UTC", mustSend: false, ...more };
}

test("no window ever holds more than the cap, however plans, hand-offs and cancellations interleave", () => {
  const deed = fc.record({
    kind: fc.constantFrom("plan", "send", "cancel"),
    wait: fc.nat(40),
    channel: fc.constantFrom("sms" as const, "email" as const),
    which: fc.nat(50),
    late: fc.nat(60),
  });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      let ledger: readonly Contact[] = [];
      let now = 0;
      for (const [index, { kind, wait, channel, which, late }] of deeds.entries()) {
        now += wait;
        const entry = ledger[which % Math.max(1, ledger.length)];
        if (kind === "plan") {
          const next = nextAllowedAt(aTouch(ledger, { channel, at: now + late }));
          if (next.kind === "at") ledger = reserve(ledger, aContact(next.at, { messageId: `${index}`, channel }));
        } else if (entry && kind === "send") {
          const { messageId } = entry;
          const at = Math.max(now, entry.at);
          const check = mayContact(aTouch(ledger, { channel: entry.channel, at, messageId }));
          ledger = check.kind === "ok" ? commit(ledger, messageId, at) : release(ledger, messageId);
        } else if (entry) ledger = release(ledger, entry.messageId);
      }
      for (const { limit, windowMs, channels } of policy.caps) {
        const spent = ledger.filter(
          ({ state, channel }) => state !== "released" && (!channels || channels.includes(channel)),
        );
        for (const { at: from } of spent) {
          assert.ok(spent.filter(({ at }) => at >= from && at < from + windowMs).length <= limit);
        }
      }
    }),
  );
});
