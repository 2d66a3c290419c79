import { ZenEngine } from "@gorules/zen-engine";
import { compileCondition, type Condition, type Facts } from "@rapport/engine/condition/index";
import { Engine, type RuleProperties } from "json-rules-engine";

/** The table: rule n holds for one plan, from some months and from some use on. */
export type Rule = { plan: string; months: number; use: number };

export type Customer = { traits: { plan: string }; features: { months: number; use: number } };
/** A rule engine with the table in it. */
export type Contender = {
  name: string;
  /** The numbers of the rules that hold. */
  holding(customer: Customer): Promise<number[]>;
  /** Evaluates for so long and answers how often. */
  many(customers: readonly Customer[], ms: number): Promise<number>;
};

/** What every contender must answer. */
export function holdingOf(rules: readonly Rule[], { traits, features }: Customer): number[] {
  return rules.flatMap(({ plan, months, use }, index) =>
    traits.plan === plan && features.months >= months && features.use > use ? [index] : [],
  );
}

export function ours(rules: readonly Rule[]): Contender {
  const conditions = rules.map(({ plan, months, use }): Condition => {
    const compiled = compileCondition(
      `traits.plan == "${plan}" && features.months >= ${months} && features.use > ${use}`,
    );
    if (compiled.kind === "fault") throw new Error(compiled.message);
    return compiled.condition;
  });
  const evaluate = (facts: Facts): number[] => {
    const holding: number[] = [];
    for (const [index, condition] of conditions.entries()) if (condition.holds(facts)) holding.push(index);
    return holding;
  };
  return {
    name: "rapport",
    holding: async (customer) => evaluate(customer),
    many: (customers, ms) => inTurn(customers, ms, evaluate),
  };
}

export function zen(rules: readonly Rule[]): Contender {
  const inputs = [
    { id: "plan", name: "plan", field: "traits.plan" },
    { id: "months", name: "months", field: "features.months" },
    { id: "use", name: "use", field: "features.use" },
  ];
  const decision = new ZenEngine().createDecision({
    nodes: [
      { id: "in", type: "inputNode", name: "in", position: { x: 0, y: 0 } },
      {
        id: "table",
        type: "decisionTableNode",
        name: "table",
        position: { x: 0, y: 0 },
        content: {
          hitPolicy: "collect",
          inputs,
          outputs: [{ id: "rule", name: "rule", field: "rule" }],
          rules: rules.map(({ plan, months, use }, index) => ({
            _id: `r${index}`,
            plan: `"${plan}"`,
            months: `>= ${months}`,
            use: `> ${use}`,
            rule: `${index}`,
          })),
        },
      },
      { id: "out", type: "outputNode", name: "out", position: { x: 0, y: 0 } },
    ],
    edges: [
      { id: "e1", sourceId: "in", targetId: "table", type: "edge" },
      { id: "e2", sourceId: "table", targetId: "out", type: "edge" },
    ],
  });
  return {
    name: "zen",
    holding: async (customer) => {
      const { result } = await decision.evaluate(customer);
      return (result as { rule: number }[]).map(({ rule }) => rule);
    },
    many: (customers, ms) => allAtOnce(customers, ms, (customer) => decision.evaluate(customer)),
  };
}

export function jsonRules(rules: readonly Rule[]): Contender {
  const engine = new Engine(
    rules.map(
      ({ plan, months, use }, index): RuleProperties => ({
        conditions: {
          all: [
            { fact: "traits", path: "$.plan", operator: "equal", value: plan },
            { fact: "features", path: "$.months", operator: "greaterThanInclusive", value: months },
            { fact: "features", path: "$.use", operator: "greaterThan", value: use },
          ],
        },
        event: { type: `${index}` },
      }),
    ),
  );
  return {
    name: "json_rules_engine",
    holding: async (customer) => (await engine.run(customer)).events.map(({ type }) => Number(type)),
    many: (customers, ms) => allAtOnce(customers, ms, (customer) => engine.run(customer)),
  };
}

async function inTurn(
  customers: readonly Customer[],
  ms: number,
  evaluate: (customer: Customer) => unknown,
): Promise<number> {
  let done = 0;
  for (const end = performance.now() + ms; performance.now() < end; done += customers.length) {
    for (const customer of customers) evaluate(customer);
  }
  return done;
}

/** Both peers answer promises: with many under way at once they are faster than one after the other. */
async function allAtOnce(
  customers: readonly Customer[],
  ms: number,
  evaluate: (customer: Customer) => Promise<unknown>,
): Promise<number> {
  let done = 0;
  for (const end = performance.now() + ms; performance.now() < end; done += customers.length) {
    await Promise.all(customers.map(evaluate));
  }
  return done;
}
