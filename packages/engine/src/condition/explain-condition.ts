import { compileExpression } from "./compile-expression.ts";
import type { Facts } from "./evaluate.ts";
import type { Condition, NumberExpression } from "./condition.ts";
import { type Expression, partsOf } from "./expression.ts";
import type { Value } from "./value.ts";

/** A part of a condition with what it came to; null is unknown. Constants are left out: their text says it all. */
export type Explanation = { text: string; value: Value; parts: readonly Explanation[] };

/** Tells how a condition came to its answer, part by part, down to the facts it read. */
export function explainCondition({ expression, source }: Condition | NumberExpression, facts: Facts): Explanation {
  return explain(expression, source, facts);
}

function explain(expression: Expression, source: string, facts: Facts): Explanation {
  const value = compileExpression(expression)(facts);
  // The body of a macro has another answer for each element, so it is not taken apart.
  const inner = expression.kind === "quantifier" ? [expression.over] : partsOf(expression);
  const parts = inner.filter((part) => part.kind !== "literal").map((part) => explain(part, source, facts));
  return { text: source.slice(expression.start, expression.end), value, parts };
}
