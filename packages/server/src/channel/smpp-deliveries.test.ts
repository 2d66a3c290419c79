import assert from "node:assert/strict";
import { test } from "node:test";

import { SmppDeliveries } from "./smpp-deliveries.ts";

const MINUTE = 60_000;
const words = ["+13125550101", "+13125550100", "1"];
const idsOf = ({ id, earlierIds }: { id: string; earlierIds: readonly string[] }) => [id, ...earlierIds];

test("an equal text whose first answer is missing or in doubt is the same delivery, for ten minutes", () => {
  for (const answer of ["open", "doubtful"] as const) {
    const deliveries = new SmppDeliveries(0);
    const first = deliveries.of(words, 60 * MINUTE);
    first.answer = answer;
    assert.equal(deliveries.of(words, 69 * MINUTE).id, first.id);
    assert.ok(!idsOf(deliveries.of(words, 71 * MINUTE)).includes(first.id));
  }
});

test("an equal text after an answer that arrived is a new one, at the same moment and later", () => {
  const deliveries = new SmppDeliveries(0);
  const ids = [0, 0, 1_000, 3 * MINUTE, 30 * MINUTE].map((later) => {
    const delivery = deliveries.of(words, 60 * MINUTE + later);
    delivery.answer = "sent";
    return idsOf(delivery);
  });
  assert.equal(new Set(ids.map(([id]) => id)).size, ids.length);
  for (const [index, [, ...earlier]] of ids.entries())
    for (const [id] of ids.slice(0, index)) assert.ok(!earlier.includes(id ?? ""), `${index}`);
});

test("another process knows it by its minute or the one before, and one that begins anew by ten", () => {
  const [id = ""] = idsOf(new SmppDeliveries(0).of(words, 60 * MINUTE));
  const elsewhere = (begunAt: number, at: number) => idsOf(new SmppDeliveries(begunAt).of(words, at)).includes(id);
  assert.deepEqual(
    [0.5, 1.5, 2.5].map((minutes) => elsewhere(0, (60 + minutes) * MINUTE)),
    [true, true, false],
  );
  assert.deepEqual(
    [0.5, 9.5, 11.5].map((minutes) => elsewhere(60 * MINUTE, (60 + minutes) * MINUTE)),
    [true, true, false],
  );
});

test("other words, or the same of somebody else, are another delivery", () => {
  const deliveries = new SmppDeliveries(0);
  const ids = [words, [...words, "2"], ["+13125550102", "+13125550100", "1"]].map((one) => deliveries.of(one, 1).id);
  assert.equal(new Set(ids).size, 3);
});
