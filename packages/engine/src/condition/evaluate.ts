import type { Value } from "./value.ts";

/** The variables of a condition by name: `customer`, `traits`, `features`, … (see `VARIABLES`). */
export type Facts = Readonly<Record<string, unknown>>;
/** An expression as a function of the facts. Unknown is null. */
export type Evaluate = (facts: Facts) => Value;
