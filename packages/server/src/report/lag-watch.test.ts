import assert from "node:assert/strict";
import { test } from "node:test";

import { LagWatch } from "./lag-watch.ts";

/** How long the oldest is said to have waited after each look at a partition that holds positions `first` to `last`. */
function waits(...looks: [at: number, first: number | null, last: number | null][]): number[] {
  let now = 0;
  const watch = new LagWatch(() => now);
  return looks.map(([at, first, last]) => {
    now = at;
    watch.look([{ partition: 7, first, last }]);
    return watch.waitingMs(7);
  });
}

const cases: [what: string, looks: Parameters<typeof waits>, said: number[]][] = [
  [
    "nothing waits",
    [
      [0, null, null],
      [5, null, null],
    ],
    [0, 0],
  ],
  [
    "everything is applied between two looks",
    [
      [0, 1, 3],
      [5, 4, 6],
      [10, 7, 7],
    ],
    [0, 0, 0],
  ],
  [
    "nothing is applied",
    [
      [0, 1, 3],
      [5, 1, 5],
      [10, 1, 9],
    ],
    [0, 5, 10],
  ],
  [
    "less is applied than comes",
    [
      [0, 1, 10],
      [5, 4, 20],
      [10, 9, 30],
      [15, 12, 40],
      [20, 24, 50],
    ],
    [0, 5, 10, 10, 10],
  ],
  [
    "the queue is emptied at last",
    [
      [0, 1, 10],
      [5, 4, 20],
      [10, null, null],
      [15, 21, 21],
    ],
    [0, 5, 0, 0],
  ],
];
for (const [what, looks, said] of cases) {
  test(`the oldest has waited ${said.join(", ")} when ${what}`, () => assert.deepEqual(waits(...looks), said));
}

test("however long a partition stands still, little is kept of it and its age stays true", () => {
  const looks = Array.from({ length: 3_000 }, (_, index): [number, number, number] => [index, 0, index]);
  assert.equal(waits(...looks).at(-1), 2_999);
});
