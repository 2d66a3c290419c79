import type { Arithmetic, FunctionName } from "./expression.ts";
import type { Evaluate } from "./evaluate.ts";
import { lengthOf, PRODUCT_LIMIT, SUM_LIMIT } from "./value.ts";

/** The operators and functions of conditions over compiled operands. Unknown in, unknown out. */
export function arithmetic(operator: Arithmetic, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case "+":
      return numeric(left, right, (a, b) => (summable(a, b) ? a + b : null));
    case "-":
      return numeric(left, right, (a, b) => (summable(a, b) ? a - b : null));
    case "*":
      return numeric(left, right, (a, b) => (multipliable(a) && multipliable(b) ? a * b : null));
    case "/":
      return numeric(left, right, (a, b) => (b !== 0 && multipliable(a) && multipliable(b) ? a / b : null));
    case "%":
      return numeric(left, right, (a, b) => (b === 0 ? null : a % b));
  }
}

/** Two texts in one. */
export function joined(left: Evaluate, right: Evaluate): Evaluate {
  return (facts) => {
    const [a, b] = [left(facts), right(facts)];
    return typeof a === "string" && typeof b === "string" ? a + b : null;
  };
}

function numeric(left: Evaluate, right: Evaluate, of: (a: number, b: number) => number | null): Evaluate {
  return (facts) => {
    const [a, b] = [left(facts), right(facts)];
    return typeof a === "number" && typeof b === "number" ? of(a, b) : null;
  };
}

function summable(a: number, b: number): boolean {
  return Math.abs(a) <= SUM_LIMIT && Math.abs(b) <= SUM_LIMIT;
}

function multipliable(a: number): boolean {
  const size = Math.abs(a);
  return size === 0 || (size <= PRODUCT_LIMIT && size >= 1 / PRODUCT_LIMIT);
}

/** A function of `FUNCTIONS`. */
export function call(name: FunctionName, given: readonly Evaluate[]): Evaluate {
  const [first = unknown, second = unknown] = given;
  switch (name) {
    case "size":
      return (facts) => {
        const value = first(facts);
        return typeof value === "string" ? lengthOf(value) : Array.isArray(value) ? value.length : null;
      };
    case "startsWith":
      return textual(first, second, (text, part) => text.startsWith(part));
    case "endsWith":
      return textual(first, second, (text, part) => text.endsWith(part));
    case "contains":
      return textual(first, second, (text, part) => text.includes(part));
    case "lowerAscii":
      return ofText(first, (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
    case "upperAscii":
      return ofText(first, (text) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase()));
    case "min":
      return given.reduce((left, right) => numeric(left, right, Math.min));
    case "max":
      return given.reduce((left, right) => numeric(left, right, Math.max));
    case "abs":
      return ofNumber(first, Math.abs);
    case "floor":
      return ofNumber(first, Math.floor);
    case "ceil":
      return ofNumber(first, Math.ceil);
    case "round":
      return ofNumber(first, rounded);
  }
}

/** Half away from zero. */
function rounded(a: number): number {
  const whole = Math.floor(Math.abs(a));
  return Math.sign(a) * (Math.abs(a) - whole >= 0.5 ? whole + 1 : whole);
}

function ofNumber(one: Evaluate, of: (a: number) => number): Evaluate {
  return (facts) => {
    const value = one(facts);
    return typeof value === "number" ? of(value) : null;
  };
}

function ofText(one: Evaluate, of: (text: string) => string): Evaluate {
  return (facts) => {
    const value = one(facts);
    return typeof value === "string" ? of(value) : null;
  };
}

function textual(left: Evaluate, right: Evaluate, of: (text: string, part: string) => boolean): Evaluate {
  return (facts) => {
    const [text, part] = [left(facts), right(facts)];
    return typeof text === "string" && typeof part === "string" ? of(text, part) : null;
  };
}

const unknown: Evaluate = () => null;
