import assert from "node:assert/strict";
import { test } from "node:test";

import { sealKey } from "./sealed-key.ts";
import { sealedKeyIn } from "./sealed-key-in.ts";

const token = sealKey("run/7/2", "a secret");

test("our token is found in an address that servers on the way have wrapped", () => {
  for (const address of [
    `bounce+${token}@hub.example`,
    `BOUNCE+${token.toUpperCase()}@HUB.EXAMPLE`,
    `SRS0=abcd=XY=hub.example=bounce+${token}@forward.example`,
    `SRS1=abcd=forward.example==efgh=XY=hub.example=bounce+${token}@second.example`,
    `prvs=0123456789=bounce+${token}@hub.example`,
    `prvs=bounce+${token}/0123456789@hub.example`,
    `list-bounce+${token}=hub.example@list.example`,
    `bounce%2B${token}%40hub.example`,
  ])
    assert.equal(sealedKeyIn([address], "a secret"), "run/7/2", address);
});

test("the first place that holds a sealed key decides, and a forged one is passed over", () => {
  const other = sealKey("run/8/1", "a secret");
  const forged = sealKey("run/9/9", "guessed");
  const places = [`bounce+${forged}@hub.example`, `bounce+${other}@hub.example`, `bounce+${token}@hub.example`];
  assert.equal(sealedKeyIn(places, "a secret"), "run/8/1");
  assert.equal(sealedKeyIn([`bounce+${forged}@hub.example`], "a secret"), null);
});
