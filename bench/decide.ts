/**
 * `node bench/decide.ts [--seconds 10] [--size 1000]`: how fast decisions are made in memory, one JSON object a line.
 *
 * `p50_ms`, `p99_ms`: a whole decision (candidates, eligibility, ledger, score, record) by a policy of `--size` actions.
 * `times_zen`, `times_json_rules_engine`: evaluations a second of one table of twenty rules, answering all that hold,
 * against two published rule engines, each in turn in this process and in the way that is fastest for it.
 */
import { cpuUsage } from "node:process";
import { parseArgs } from "node:util";

import { ZenEngine } from "@gorules/zen-engine";
import { aDecideInput, anAction, aPolicy, aProfile, NOON } from "@rapport/engine/decision/a-decision";
import { decide } from "@rapport/engine/decision/decide";
import { compileCondition, type Condition, type Facts } from "@rapport/engine/condition/index";
import { Engine, type RuleProperties } from "json-rules-engine";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "10" }, size: { type: "string", default: "1000" } },
});
const seconds = Number(values.seconds);
const size = Number(values.size);

type Line = { metric: string; value: number; unit: string; perCore?: number; peer?: string; note?: string };

function print(line: Line): void {
  const perCore = line.perCore ?? line.value;
  process.stdout.write(`${JSON.stringify({ bench: "decide", ...line, perCore })}\n`);
}

benchPolicy();
await benchTable();

/** Half of the actions are for the customer's segment and plan; the others demand another one, as in a real catalogue. */
function benchPolicy(): void {
  const policy = aPolicy({
    contact: {
      consent: { service: { default: "opt-out", source: "bench", since: "2026-01-01" } },
      caps: [
        { name: "weekly", limit: 3, window: "7d" },
        { name: "daily-sms", limit: 1, window: "24h", channels: ["sms"] },
      ],
      quietHours: [{ purposes: ["service"], from: "21:00", to: "08:00" }],
    },
    annoyance: { base: 0.1, recent: 0.5, halfLife: "7d" },
    actions: Array.from({ length: size }, (_, index) =>
      anAction({
        name: `action-${index}`,
        eligible: `traits.plan == "${index % 2 === 0 ? "smart" : "ultra"}" && features.f${index % 20} >= ${index % 13}.0`,
        success: `0.1 + features.f${index % 20} / 100.0`,
        valueToCompany: `forecast.mb.median / ${1000 + index}.0`,
        valueToCustomer: `features.f${index % 7} - ${index % 5}.0`,
      }),
    ),
  });
  const inputs = Array.from({ length: 64 }, (_, customer) =>
    aDecideInput({
      policy,
      zone: ["Europe/Moscow", "America/New_York", "Asia/Shanghai"][customer % 3] ?? "UTC",
      facts: {
        traits: { plan: customer % 2 === 0 ? "smart" : "ultra" },
        features: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, (index * customer) % 17])),
        forecast: { mb: { median: 1000 * customer } },
        event: { name: "usage" },
      },
      profile: aProfile({
        ledger: [1, 3, 9].map((days) => ({
          messageId: `m${days}`,
          channel: "email",
          purpose: "service",
          at: NOON - days * 86_400_000,
          state: "committed",
        })),
      }),
    }),
  );

  const times: number[] = [];
  const warmUntil = performance.now() + 100 * seconds;
  const end = warmUntil + 400 * seconds;
  for (let index = 0, now = performance.now(); now < end; index++) {
    const input = inputs[index % inputs.length];
    if (input) decide(input);
    const after = performance.now();
    if (after > warmUntil) times.push(after - now);
    now = after;
  }
  times.sort((a, b) => a - b);
  const note = `${size} actions, half of them for the customer's plan; ${times.length} decisions`;
  print({ metric: "p50_ms", value: times[times.length >> 1] ?? Number.NaN, unit: "ms", note });
  print({ metric: "p99_ms", value: times[Math.floor(times.length * 0.99)] ?? Number.NaN, unit: "ms", note });
}

/** The table: rule n holds for one plan, from some months and from some use on. */
type Rule = { plan: string; months: number; use: number };

async function benchTable(): Promise<void> {
  const rules: Rule[] = Array.from({ length: 20 }, (_, index) => ({
    plan: ["smart", "ultra", "basic", "max"][index % 4] ?? "smart",
    months: index % 6,
    use: 1000 * (index % 5),
  }));
  const customers = Array.from({ length: 64 }, (_, index) => ({
    traits: { plan: ["smart", "ultra", "basic", "none"][index % 4] ?? "none" },
    features: { months: index % 9, use: (index * 777) % 6000 },
  }));
  const contenders = [ours(rules), zen(rules), jsonRules(rules)];
  for (const { name, holding } of contenders) {
    for (const [index, customer] of customers.entries()) {
      const [expected, given] = [holdingOf(rules, customer), await holding(customer)];
      if (expected.join() !== given.toSorted((a, b) => a - b).join()) {
        throw new Error(`${name} answers ${given} for customer ${index}, not ${expected}`);
      }
    }
  }

  const rates: number[] = [];
  for (const { name, many } of contenders) {
    await many(customers, 0.02 * seconds * 1000);
    const before = cpuUsage();
    const start = performance.now();
    const done = await many(customers, 0.14 * seconds * 1000);
    const wallMs = performance.now() - start;
    const { user, system } = cpuUsage(before);
    const rate = (done / wallMs) * 1000;
    rates.push(rate);
    const cores = Math.max(1, (user + system) / 1000 / wallMs);
    print({ metric: `${name}_tables_per_s`, value: rate, unit: "1/s", perCore: rate / cores });
  }
  const [us = 0, ofZen = 1, ofJsonRules = 1] = rates;
  const note = "one table of 20 rules, all that hold; wall time, each at its fastest";
  print({ metric: "times_zen", value: us / ofZen, unit: "x", peer: "@gorules/zen-engine", note });
  print({ metric: "times_json_rules_engine", value: us / ofJsonRules, unit: "x", peer: "json-rules-engine", note });
}

type Customer = { traits: { plan: string }; features: { months: number; use: number } };
type Contender = {
  name: string;
  /** The numbers of the rules that hold. */
  holding(customer: Customer): Promise<number[]>;
  /** Evaluates for so long and answers how often. */
  many(customers: readonly Customer[], ms: number): Promise<number>;
};

function holdingOf(rules: readonly Rule[], { traits, features }: Customer): number[] {
  return rules.flatMap(({ plan, months, use }, index) =>
    traits.plan === plan && features.months >= months && features.use > use ? [index] : [],
  );
}

function ours(rules: readonly Rule[]): Contender {
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

function zen(rules: readonly Rule[]): Contender {
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

function jsonRules(rules: readonly Rule[]): Contender {
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
