import assert from "node:assert/strict";
import { test } from "node:test";

import { billOf, type DailyUsage, type Plan, usageHistory } from "./usage-history.ts";

const surf: Plan = {
  name: "surf",
  monthlyPay: 20,
  mb: 15_360,
  minutes: 500,
  messages: 50,
  perGb: 10,
  perMinute: 0.03,
  perMessage: 0.03,
};
const aHistory = (person: number, temperament: "ordinary" | "steady-heavy" | "near-limit" = "ordinary") =>
  usageHistory({ seed: 5, personId: `p${person}`, plan: surf, temperament, firstMonth: "2026-01", months: 6 });
const monthTotals = (days: DailyUsage[]) =>
  Object.values(Object.groupBy(days, ({ day }) => day.slice(0, 7))).map((month = []) =>
    month.reduce((sum, { mb }) => sum + mb, 0),
  );
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Logarithms of one month to the one before, where both have any use: as the shapes were fitted. */
function monthRatios(totals: number[]): number[] {
  return totals.flatMap((total, index) => {
    const before = totals[index - 1] ?? 0;
    return total > 0 && before > 0 ? [Math.log(total / before)] : [];
  });
}

test("a history has every day of its months, the same in every run", () => {
  const days = aHistory(1);
  assert.deepEqual([days.length, days[0]?.day, days.at(-1)?.day], [181, "2026-01-01", "2026-06-30"]);
  assert.deepEqual(days, aHistory(1));
});

test("a town's use has the shapes of the real one", () => {
  const town = Array.from({ length: 400 }, (_, index) => aHistory(index));
  const daily = town.map((days) => mean(days.map(({ mb }) => mb)));
  const zeroShare = mean(town.map((days) => days.filter(({ mb }) => mb === 0).length / days.length));
  const deviation = Math.sqrt(mean(daily.map((value) => (Math.log(value) - mean(daily.map(Math.log))) ** 2)));
  const ratios = town.flatMap((days) => monthRatios(monthTotals(days)));

  assert.ok(Math.abs(Math.log(median(daily) / 337)) < 0.2, `median ${median(daily)}`);
  assert.ok(Math.abs(deviation - 0.88) < 0.12, `deviation ${deviation}`);
  assert.ok(Math.abs(zeroShare - 0.47) < 0.05, `days of nothing ${zeroShare}`);
  const monthly = Math.sqrt(mean(ratios.map((ratio) => ratio ** 2)));
  assert.ok(Math.abs(monthly - 0.48) < 0.12, `from month to month ${monthly}`);
});

test("a steady heavy user goes over the allowance month after month, one near the limit almost never", () => {
  const over = (temperament: "steady-heavy" | "near-limit") =>
    mean(
      Array.from({ length: 60 }, (_, index) => monthTotals(aHistory(index, temperament)))
        .flat()
        .map((total) => Number(total > surf.mb)),
    );
  assert.ok(over("steady-heavy") > 0.95, `${over("steady-heavy")}`);
  assert.ok(over("near-limit") < 0.08, `${over("near-limit")}`);
});

test("a begun gigabyte over the allowance is paid whole", () => {
  const aDay = { day: "2026-01-01", mb: 15_361, minutes: 510, messages: 60 };
  assert.equal(Math.round(billOf([aDay], surf) * 100) / 100, 20 + 10 + 0.3 + 0.3);
});
