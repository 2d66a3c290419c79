/**
 * A condition's tree: the part of CEL that Rapport runs, with constants folded and macros resolved. Both back ends
 * (memory and SQL) start from this, so what is said here holds for both.
 */
export type Expression = { start: number; end: number } & (
  | { kind: "literal"; value: string | number | boolean | null }
  /** `traits.plan`: a variable and constant field names, `traits["plan"]` included. */
  | { kind: "path"; path: readonly string[] }
  /** A macro's own variable and constant fields of it: `o.price` in `options.exists(o, o.price > 3)`. */
  | { kind: "bound"; variable: string; path: readonly string[] }
  | { kind: "element"; of: Expression; at: Expression }
  | { kind: "list"; items: readonly Expression[] }
  | { kind: "not"; of: Expression }
  | { kind: "and" | "or"; left: Expression; right: Expression }
  | { kind: "compare"; operator: Comparison; left: Expression; right: Expression }
  | { kind: "arithmetic"; operator: Arithmetic; left: Expression; right: Expression }
  | { kind: "in"; left: Expression; right: Expression }
  | { kind: "if"; condition: Expression; then: Expression; otherwise: Expression }
  /** `has(x)`, `x != null`: there is a value. `x == null` is its `not`. */
  | { kind: "known"; of: Expression }
  | { kind: "call"; name: FunctionName; of: readonly Expression[] }
  | { kind: "quantifier"; name: "exists" | "all"; over: Expression; variable: string; body: Expression }
);
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type Arithmetic = "+" | "-" | "*" | "/" | "%";

/** What an expression answers, as far as its form tells. `any` is decided by the facts. */
export type Answers = "boolean" | "number" | "string" | "list" | "any";

/** Every function there is: what it takes and what it answers. `minimum` many arguments or more where `more` is set. */
export const FUNCTIONS = {
  size: { takes: ["any"], more: false, answers: "number" },
  startsWith: { takes: ["string", "string"], more: false, answers: "boolean" },
  endsWith: { takes: ["string", "string"], more: false, answers: "boolean" },
  contains: { takes: ["string", "string"], more: false, answers: "boolean" },
  lowerAscii: { takes: ["string"], more: false, answers: "string" },
  upperAscii: { takes: ["string"], more: false, answers: "string" },
  min: { takes: ["number", "number"], more: true, answers: "number" },
  max: { takes: ["number", "number"], more: true, answers: "number" },
  abs: { takes: ["number"], more: false, answers: "number" },
  floor: { takes: ["number"], more: false, answers: "number" },
  ceil: { takes: ["number"], more: false, answers: "number" },
  round: { takes: ["number"], more: false, answers: "number" },
} as const satisfies Record<string, { takes: readonly Answers[]; more: boolean; answers: Answers }>;
export type FunctionName = keyof typeof FUNCTIONS;

/** What is wrong with a source text, and where: `at` is a position in it. */
export type Fault = { kind: "fault"; message: string; at?: number };

/** What an expression answers, told from its form alone. */
export function answersOf(expression: Expression): Answers {
  switch (expression.kind) {
    case "literal":
      return expression.value === null ? "any" : (typeof expression.value as "string" | "number" | "boolean");
    case "path":
    case "bound":
    case "element":
      return "any";
    case "list":
      return "list";
    case "not":
    case "and":
    case "or":
    case "compare":
    case "in":
    case "known":
    case "quantifier":
      return "boolean";
    case "arithmetic":
      return isJoin(expression) ? "string" : "number";
    case "if":
      return answersOf(expression.then) === answersOf(expression.otherwise) ? answersOf(expression.then) : "any";
    case "call":
      return FUNCTIONS[expression.name].answers;
  }
}

/** `+` joins texts when one side is a text by its form; between two facts it adds numbers. */
export function isJoin({
  operator,
  left,
  right,
}: {
  operator: Arithmetic;
  left: Expression;
  right: Expression;
}): boolean {
  return operator === "+" && (answersOf(left) === "string" || answersOf(right) === "string");
}

/** The expressions directly inside one. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "path":
    case "bound":
      return [];
    case "element":
      return [expression.of, expression.at];
    case "list":
      return expression.items;
    case "not":
    case "known":
      return [expression.of];
    case "and":
    case "or":
    case "compare":
    case "arithmetic":
    case "in":
      return [expression.left, expression.right];
    case "if":
      return [expression.condition, expression.then, expression.otherwise];
    case "call":
      return expression.of;
    case "quantifier":
      return [expression.over, expression.body];
  }
}

/** The facts an expression reads, as paths from the variable on, each once. */
export function readsOf(expression: Expression): readonly (readonly string[])[] {
  const paths = new Map<string, readonly string[]>();
  const visit = (part: Expression): void => {
    if (part.kind === "path") paths.set(JSON.stringify(part.path), part.path);
    for (const inner of partsOf(part)) visit(inner);
  };
  visit(expression);
  return [...paths.values()];
}
