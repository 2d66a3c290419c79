/**
 * `node bench/decide.ts [--seconds 10] [--size 1000]`: how fast decisions are made in memory, one JSON object a line.
 *
 * `p50_ms`, `p99_ms`: a whole decision (candidates, eligibility, ledger, score, record) by a policy of `--size` actions.
 * `times_zen`, `times_json_rules_engine`: evaluations a second of one table of twenty rules, answering all that hold,
 * against two published rule engines, each in turn in this process and in the way that is fastest for it.
 */
import { cpuUsage } from "node:process";
import { parseArgs } from "node:util";

import { aDecideInput, anAction, aPolicy, aProfile, NOON } from "@rapport/engine/decision/a-decision";
import { decide } from "@rapport/engine/decision/decide";

import { holdingOf, jsonRules, ours, type Rule, zen } from "./rule-tables.ts";

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
