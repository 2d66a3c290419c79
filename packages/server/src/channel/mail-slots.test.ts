import assert from "node:assert/strict";
import { test } from "node:test";

import { openMailSlots } from "./mail-slots.ts";

const never = () => false;

test("who has one IPv6 address has its network's slots and no more", () => {
  const slots = openMailSlots({ most: 10, mostByPeer: 1, patientMs: 1_000, scarceMs: 1_000 }, never);
  assert.ok(slots.take("a", "2001:db8::1", () => undefined));
  assert.ok(!slots.take("b", "2001:db8:0:0:ffff::2", () => undefined));
  assert.ok(slots.take("c", "2001:db8:0:1::1", () => undefined));
  assert.ok(slots.take("d", "::ffff:192.0.2.1", () => undefined));
  assert.ok(!slots.take("e", "192.0.2.1", () => undefined));
  slots.close();
});

test("whoever makes no progress is hung up on, and whoever waits for us is not", async () => {
  const slots = openMailSlots({ most: 2, mostByPeer: 2, patientMs: 20, scarceMs: 20 }, never);
  const ended = Promise.withResolvers<void>();
  slots.take("idle", "192.0.2.1", ended.resolve);
  slots.take("served", "192.0.2.1", () => assert.fail("it was being served"));
  await slots.busy("served", () => ended.promise);
  slots.close();
});

test("when every peer has one slot, only one that has been silent for long gives way", async () => {
  const slots = openMailSlots({ most: 2, mostByPeer: 2, patientMs: 10_000, scarceMs: 10_000 }, never);
  for (const peer of ["192.0.2.1", "192.0.2.2"]) slots.take(peer, peer, () => assert.fail("it made progress"));
  assert.ok(!slots.take("192.0.2.3", "192.0.2.3", () => undefined));
  slots.close();
});
