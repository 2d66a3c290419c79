import { arithmetic, call, joined } from "./compile-function.ts";
import type { Evaluate } from "./evaluate.ts";
import { type Comparison, type Expression, isJoin } from "./expression.ts";
import { fieldOf, orderOf, sameValue, type Value, toValue } from "./value.ts";

/** The cells hold the present element of each macro around while its body runs. */
type Scope = Readonly<Record<string, { value: Value }>>;

/** Compiles an expression to nested closures: nothing is looked up or parsed while it runs. See `value.ts` for the rules. */
export function compileExpression(expression: Expression, scope: Scope = {}): Evaluate {
  const inner = (part: Expression) => compileExpression(part, scope);
  switch (expression.kind) {
    case "literal": {
      const { value } = expression;
      return () => value;
    }
    case "path":
      return pathReader(expression.path);
    case "bound": {
      const cell = scope[expression.variable];
      const { path } = expression;
      return () => path.reduce<Value>(fieldOf, cell?.value ?? null);
    }
    case "element":
      return elementReader(inner(expression.of), inner(expression.at));
    case "list": {
      const items = expression.items.map(inner);
      return (facts) => items.map((item) => item(facts));
    }
    case "not": {
      const of = inner(expression.of);
      return (facts) => {
        const value = of(facts);
        return value === true ? false : value === false ? true : null;
      };
    }
    case "and":
      return conjunction(inner(expression.left), inner(expression.right), false);
    case "or":
      return conjunction(inner(expression.left), inner(expression.right), true);
    case "compare":
      return comparison(expression.operator, inner(expression.left), inner(expression.right));
    case "arithmetic":
      if (isJoin(expression)) return joined(inner(expression.left), inner(expression.right));
      return arithmetic(expression.operator, inner(expression.left), inner(expression.right));
    case "in":
      return membership(inner(expression.left), expression.right, inner(expression.right));
    case "if": {
      const [condition, then, otherwise] = [
        inner(expression.condition),
        inner(expression.then),
        inner(expression.otherwise),
      ];
      return (facts) => {
        const value = condition(facts);
        return value === true ? then(facts) : value === false ? otherwise(facts) : null;
      };
    }
    case "known": {
      const of = inner(expression.of);
      return (facts) => of(facts) !== null;
    }
    case "call":
      return call(expression.name, expression.of.map(inner));
    case "quantifier": {
      const cell: { value: Value } = { value: null };
      const body = compileExpression(expression.body, { ...scope, [expression.variable]: cell });
      return quantifier(expression.name === "exists", inner(expression.over), cell, body);
    }
  }
}

/** Paths of two names are by far the most common, so they have a reader without a loop. */
function pathReader(path: readonly string[]): Evaluate {
  const [root = "", name = "", ...more] = path;
  if (path.length === 1) return (facts) => (Object.hasOwn(facts, root) ? toValue(facts[root]) : null);
  if (path.length === 2) return (facts) => fieldOf(facts[root], name);
  return (facts) => more.reduce<Value>(fieldOf, fieldOf(facts[root], name));
}

function elementReader(of: Evaluate, at: Evaluate): Evaluate {
  return (facts) => {
    const [whole, key] = [of(facts), at(facts)];
    if (typeof key === "string") return fieldOf(whole, key);
    return typeof key === "number" && Array.isArray(whole) ? toValue(whole[key]) : null;
  };
}

/** `decisive` is the operand that decides alone: false for `&&`, true for `||`. */
function conjunction(left: Evaluate, right: Evaluate, decisive: boolean): Evaluate {
  return (facts) => {
    const first = left(facts);
    if (first === decisive) return decisive;
    const second = right(facts);
    if (second === decisive) return decisive;
    return first === !decisive && second === !decisive ? !decisive : null;
  };
}

function comparison(operator: Comparison, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case "==":
    case "!=": {
      const whenSame = operator === "==";
      return (facts) => {
        const [a, b] = [left(facts), right(facts)];
        if (a === null || b === null) return null;
        return sameValue(a, b) === whenSame;
      };
    }
    case "<":
      return ordered(left, right, (order) => order < 0);
    case "<=":
      return ordered(left, right, (order) => order <= 0);
    case ">":
      return ordered(left, right, (order) => order > 0);
    case ">=":
      return ordered(left, right, (order) => order >= 0);
  }
}

function ordered(left: Evaluate, right: Evaluate, holds: (order: number) => boolean): Evaluate {
  return (facts) => {
    const order = orderOf(left(facts), right(facts));
    return order === null ? null : holds(order);
  };
}

/** In a constant list of texts, numbers and booleans membership is one look-up. Unknown elements match nothing. */
function membership(left: Evaluate, list: Expression, right: Evaluate): Evaluate {
  if (list.kind === "list" && list.items.every((item) => item.kind === "literal")) {
    const members = new Set(list.items.map((item) => (item.kind === "literal" ? item.value : null)));
    members.delete(null);
    return (facts) => {
      const value = left(facts);
      return value === null ? null : members.has(value as string);
    };
  }
  return (facts) => {
    const [value, whole] = [left(facts), right(facts)];
    if (value === null || !Array.isArray(whole)) return null;
    return whole.some((item) => sameValue(toValue(item), value));
  };
}

function quantifier(decisive: boolean, over: Evaluate, cell: { value: Value }, body: Evaluate): Evaluate {
  return (facts) => {
    const whole = over(facts);
    if (!Array.isArray(whole)) return null;
    let answer: Value = !decisive;
    for (const item of whole) {
      cell.value = toValue(item);
      const value = body(facts);
      if (value === decisive) return decisive;
      if (value !== !decisive) answer = null;
    }
    return answer;
  };
}
