import { type ASTNode, parse, ParseError } from "@marcbachmann/cel-js";

import { foldTime } from "./fold-time.ts";
import {
  answersOf,
  type Answers,
  type Expression,
  type Fault,
  FUNCTIONS,
  type FunctionName,
  isJoin,
} from "./expression.ts";

/** The variables a condition may name. */
export const VARIABLES = [
  "customer",
  "traits",
  "claimed",
  "features",
  "consent",
  "event",
  "forecast",
  "options",
  "item",
  "now",
] as const;

/** Longer than any that people write; the API and pack files take less. */
const LONGEST = 10_000;

/**
 * Reads a CEL text. Supported: literals, fields and elements, lists, `&& || !`, comparisons, `+ - * / %`, `in`,
 * `a ? b : c`, `has`, `exists`, `all`, the functions of `FUNCTIONS`, `duration("36h")` and `timestamp("2026-…Z")`
 * (both milliseconds, as `now` is). Anything else, an unknown variable, or types that can never fit is a fault.
 */
export function parseExpression(source: string): { kind: "expression"; expression: Expression } | Fault {
  if (source.length > LONGEST) return { kind: "fault", message: `a condition has at most ${LONGEST} characters` };
  try {
    return { kind: "expression", expression: expressionOf(parse(source).ast, []) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "fault", message: error.message, at: error.at };
    // The parser goes as deep as the text does.
    if (error instanceof RangeError) return { kind: "fault", message: "the condition is nested too deeply" };
    if (!(error instanceof ParseError)) throw error;
    return { kind: "fault", message: error.summary, ...(error.range && { at: error.range.start }) };
  }
}

class Refusal extends Error {
  readonly at: number;
  constructor(message: string, node: { start: number }) {
    super(message);
    this.at = node.start;
  }
}

/** `bound` are the variables of the macros around. */
function expressionOf(node: ASTNode, bound: readonly string[]): Expression {
  const { start, end } = node;
  const inner = (part: ASTNode) => expressionOf(part, bound);
  switch (node.op) {
    case "value":
      return { kind: "literal", value: literalOf(node.args, node), start, end };
    case "id":
      if (bound.includes(node.args)) return { kind: "bound", variable: node.args, path: [], start, end };
      if (!(VARIABLES as readonly string[]).includes(node.args)) {
        throw new Refusal(`there is no variable "${node.args}"; there are ${VARIABLES.join(", ")}`, node);
      }
      return { kind: "path", path: [node.args], start, end };
    case ".":
      return fieldOf(inner(node.args[0]), node.args[1], node);
    case "[]": {
      const [of, at] = [inner(node.args[0]), inner(node.args[1])];
      if (at.kind === "literal" && typeof at.value === "string") return fieldOf(of, at.value, node);
      return { kind: "element", of, at, start, end };
    }
    case "list":
      return { kind: "list", items: node.args.map(inner), start, end };
    case "!_":
      return { kind: "not", of: need("boolean", inner(node.args)), start, end };
    case "-_": {
      const of = need("number", inner(node.args));
      if (of.kind === "literal" && typeof of.value === "number") {
        return { kind: "literal", value: -of.value, start, end };
      }
      const zero: Expression = { kind: "literal", value: 0, start, end };
      return { kind: "arithmetic", operator: "-", left: zero, right: of, start, end };
    }
    case "&&":
    case "||": {
      const [left, right] = [need("boolean", inner(node.args[0])), need("boolean", inner(node.args[1]))];
      return { kind: node.op === "&&" ? "and" : "or", left, right, start, end };
    }
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return comparisonOf(node.op, inner(node.args[0]), inner(node.args[1]), node);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%": {
      const [left, right] = [inner(node.args[0]), inner(node.args[1])];
      const kind = isJoin({ operator: node.op, left, right }) ? "string" : "number";
      const [a, b] = [need(kind, left), need(kind, right)];
      return { kind: "arithmetic", operator: node.op, left: a, right: b, start, end };
    }
    case "in": {
      const [left, right] = [inner(node.args[0]), need("list", inner(node.args[1]))];
      return { kind: "in", left, right, start, end };
    }
    case "?:": {
      const [condition, then, otherwise] = [inner(node.args[0]), inner(node.args[1]), inner(node.args[2])];
      return { kind: "if", condition: need("boolean", condition), then, otherwise, start, end };
    }
    case "call":
      return callOf(node.args[0], node.args[1], node, bound);
    case "rcall":
      return methodOf(node.args[0], node.args[1], node.args[2], node, bound);
    default:
      throw new Refusal(`"${node.op}" is not supported in conditions`, node);
  }
}

function literalOf(value: unknown, node: ASTNode): string | number | boolean | null {
  if (typeof value === "bigint") return Number(value);
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  throw new Refusal("bytes and unsigned numbers are not supported in conditions", node);
}

function fieldOf(of: Expression, name: string, { start, end }: ASTNode): Expression {
  if (of.kind === "path") return { kind: "path", path: [...of.path, name], start: of.start, end };
  if (of.kind === "bound") return { ...of, path: [...of.path, name], end };
  return { kind: "element", of, at: { kind: "literal", value: name, start, end }, start, end };
}

function need(answers: Answers, expression: Expression): Expression {
  const given = answersOf(expression);
  if (given === answers || given === "any") return expression;
  throw new Refusal(`this is a ${given} where a ${answers} is needed`, expression);
}

function comparisonOf(
  operator: "==" | "!=" | "<" | "<=" | ">" | ">=",
  left: Expression,
  right: Expression,
  { start, end }: ASTNode,
): Expression {
  const isNull = (part: Expression) => part.kind === "literal" && part.value === null;
  if (isNull(left) || isNull(right)) {
    if (operator !== "==" && operator !== "!=") throw new Refusal("null has no order", isNull(left) ? left : right);
    const known: Expression = { kind: "known", of: isNull(left) ? right : left, start, end };
    return operator === "!=" ? known : { kind: "not", of: known, start, end };
  }
  const [a, b] = [answersOf(left), answersOf(right)];
  if (a !== b && a !== "any" && b !== "any") throw new Refusal(`a ${a} is compared with a ${b}`, right);
  const ordered = operator !== "==" && operator !== "!=";
  if (ordered && [a, b].some((side) => side === "boolean" || side === "list")) {
    throw new Refusal("only numbers and strings have an order", left);
  }
  return { kind: "compare", operator, left, right, start, end };
}

function callOf(name: string, nodes: readonly ASTNode[], node: ASTNode, bound: readonly string[]): Expression {
  const { start, end } = node;
  const given = nodes.map((part) => expressionOf(part, bound));
  const [first] = given;
  if (name === "has" && first && given.length === 1) return { kind: "known", of: first, start, end };
  if (name === "duration" || name === "timestamp") {
    const value = first?.kind === "literal" && typeof first.value === "string" ? foldTime(name, first.value) : null;
    if (value === null) throw new Refusal(`${name} takes one constant text it can read`, node);
    return { kind: "literal", value, start, end };
  }
  if (!Object.hasOwn(FUNCTIONS, name)) {
    throw new Refusal(`there is no function "${name}"; there are ${Object.keys(FUNCTIONS).join(", ")}`, node);
  }
  const { takes, more } = FUNCTIONS[name as FunctionName];
  if (given.length < takes.length || (given.length > takes.length && !more)) {
    throw new Refusal(`${name} takes ${takes.length}${more ? " or more" : ""}, not ${given.length}`, node);
  }
  const of = given.map((part, index) => need(takes[Math.min(index, takes.length - 1)] ?? "any", part));
  return { kind: "call", name: name as FunctionName, of, start, end };
}

function methodOf(
  name: string,
  receiver: ASTNode,
  given: readonly ASTNode[],
  node: ASTNode,
  bound: readonly string[],
): Expression {
  if (name !== "exists" && name !== "all") return callOf(name, [receiver, ...given], node, bound);

  const [variable, body] = given;
  if (variable?.op !== "id" || !body || given.length !== 2) throw new Refusal(`${name} takes a name and a test`, node);
  if ((VARIABLES as readonly string[]).includes(variable.args) || bound.includes(variable.args)) {
    throw new Refusal(`"${variable.args}" is already a variable`, variable);
  }
  const over = need("list", expressionOf(receiver, bound));
  const test = need("boolean", expressionOf(body, [...bound, variable.args]));
  return { kind: "quantifier", name, over, variable: variable.args, body: test, start: node.start, end: node.end };
}
