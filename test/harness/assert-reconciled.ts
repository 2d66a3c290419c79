import assert from "node:assert/strict";

import type { Reconciled } from "./ledgers.ts";

/** Nothing lost, nothing twice, nothing from nowhere, and every profile counts what its timeline holds. */
export function assertReconciled(found: Reconciled, atLeast: number): void {
  const { applied, ...wrong } = found;
  assert.deepEqual(wrong, { lost: [], twice: [], strange: [], miscounted: [], deadLetters: 0 });
  assert.ok(applied >= atLeast, `only ${applied} events went through, too few to prove anything`);
}
