import { compileExpression } from "./compile-expression.ts";
import type { Evaluate, Facts } from "./evaluate.ts";
import { type Answers, answersOf, type Expression, type Fault, readsOf } from "./expression.ts";
import { parseExpression } from "./parse-expression.ts";

/** A compiled CEL condition. It holds when it is true: a condition on what is not known does not hold (`value.ts`). */
export type Condition = {
  source: string;
  expression: Expression;
  /** Paths of the facts it reads. */
  reads: readonly (readonly string[])[];
  holds(facts: Facts): boolean;
  /** The text of the first of its `&&` parts that is not true of these facts; null when it holds. */
  unmet(facts: Facts): string | null;
};

/** A compiled CEL expression for a number. */
export type NumberExpression = {
  source: string;
  expression: Expression;
  reads: readonly (readonly string[])[];
  /** null when it cannot be known from these facts. */
  of(facts: Facts): number | null;
};

/** Compiles a condition once; what is wrong with it comes back as a fault with its position in `source`. */
export function compileCondition(source: string): { kind: "condition"; condition: Condition } | Fault {
  const compiled = compiledTo("boolean", source);
  if (compiled.kind === "fault") return compiled;
  const { expression, evaluate } = compiled;
  const holds = (facts: Facts) => evaluate(facts) === true;
  const parts = conjunctsOf(expression).map((part) => ({
    text: source.slice(part.start, part.end),
    evaluate: compileExpression(part),
  }));
  const unmet = (facts: Facts) => parts.find(({ evaluate: of }) => of(facts) !== true)?.text ?? null;
  return { kind: "condition", condition: { source, expression, reads: readsOf(expression), holds, unmet } };
}

/** Compiles an expression that answers a number, such as a factor of a policy. */
export function compileNumber(source: string): { kind: "number"; number: NumberExpression } | Fault {
  const compiled = compiledTo("number", source);
  if (compiled.kind === "fault") return compiled;
  const { expression, evaluate } = compiled;
  const of = (facts: Facts) => {
    const value = evaluate(facts);
    return typeof value === "number" ? value : null;
  };
  return { kind: "number", number: { source, expression, reads: readsOf(expression), of } };
}

function conjunctsOf(expression: Expression): Expression[] {
  if (expression.kind !== "and") return [expression];
  return [...conjunctsOf(expression.left), ...conjunctsOf(expression.right)];
}

function compiledTo(
  answers: Answers,
  source: string,
): { kind: "compiled"; expression: Expression; evaluate: Evaluate } | Fault {
  const parsed = parseExpression(source);
  if (parsed.kind === "fault") return parsed;
  const given = answersOf(parsed.expression);
  if (given !== answers && given !== "any") {
    return { kind: "fault", message: `this answers a ${given}, not a ${answers}`, at: parsed.expression.start };
  }
  return { kind: "compiled", expression: parsed.expression, evaluate: compileExpression(parsed.expression) };
}
