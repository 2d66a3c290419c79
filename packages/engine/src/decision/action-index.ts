import { type Expression, type Facts, fieldOf, type Value } from "../condition/index.ts";
import type { Action } from "./action.ts";

/**
 * Finds the actions whose conditions can hold at all. An action whose condition demands `fact == constant` or
 * `fact in [constants]` is looked up by the fact's value; the others are always looked at.
 */
export type ActionIndex = {
  always: readonly Action[];
  byFact: readonly { path: readonly string[]; actions: ReadonlyMap<Value, readonly Action[]> }[];
};

/** Each action is put under the demand whose fact most actions share, so that few facts are read. */
export function indexActions(actions: readonly Action[]): ActionIndex {
  const demands = new Map(
    actions.map((action) => [action, action.eligible ? demandsOf(action.eligible.expression) : []]),
  );
  const shares = new Map<string, number>();
  for (const theirs of demands.values()) {
    for (const { path } of theirs) shares.set(path.join("\0"), (shares.get(path.join("\0")) ?? 0) + 1);
  }

  const always: Action[] = [];
  const facts = new Map<string, { path: readonly string[]; actions: Map<Value, Action[]> }>();
  for (const [action, theirs] of demands) {
    const [best] = theirs.toSorted(
      (a, b) => (shares.get(b.path.join("\0")) ?? 0) - (shares.get(a.path.join("\0")) ?? 0),
    );
    if (!best) {
      always.push(action);
      continue;
    }
    const key = best.path.join("\0");
    const fact = facts.get(key) ?? { path: best.path, actions: new Map<Value, Action[]>() };
    facts.set(key, fact);
    for (const value of new Set(best.values)) {
      const sharing = fact.actions.get(value) ?? [];
      sharing.push(action);
      fact.actions.set(value, sharing);
    }
  }
  return { always, byFact: [...facts.values()] };
}

/** The actions worth a look with these facts, in no particular order, each once. */
export function possibleActions(index: ActionIndex, facts: Facts): Action[] {
  const possible = [...index.always];
  for (const { path, actions } of index.byFact) {
    const value = path.reduce<Value>((of, name) => fieldOf(of, name), facts as Value);
    for (const action of actions.get(value) ?? []) possible.push(action);
  }
  return possible;
}

type Demand = { path: readonly string[]; values: readonly Value[] };

/** What must hold for the condition to hold: its conjuncts of the two simple forms, on facts that no option changes. */
function demandsOf(expression: Expression): Demand[] {
  if (expression.kind === "and") return [...demandsOf(expression.left), ...demandsOf(expression.right)];
  if (expression.kind === "compare" && expression.operator === "==") {
    const { left, right } = expression;
    const [path, constant] = left.kind === "path" ? [left, right] : [right, left];
    if (path.kind !== "path" || constant.kind !== "literal" || path.path[0] === "item") return [];
    return [{ path: path.path, values: [constant.value] }];
  }
  if (expression.kind === "in" && expression.left.kind === "path" && expression.right.kind === "list") {
    const { left, right } = expression;
    if (left.path[0] === "item") return [];
    const values = right.items.map((item) => (item.kind === "literal" ? item.value : undefined));
    return values.includes(undefined) ? [] : [{ path: left.path, values: values as Value[] }];
  }
  return [];
}
