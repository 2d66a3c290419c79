import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { costOf, type Plan, type TopUp } from "./plan.ts";
import { type Offer, type Option, priceOptions, type TotalForecast } from "./price-options.ts";

const small: Plan = {
  name: "small",
  monthlyPay: 20,
  included: { mb: 15_360, minutes: 500, messages: 50 },
  price: { gb: 10, minute: 0.03, message: 0.03 },
};
const large: Plan = {
  ...small,
  name: "large",
  monthlyPay: 70,
  included: { mb: 30_720, minutes: 3000, messages: 1000 },
  price: { gb: 7, minute: 0.01, message: 0.01 },
};
const oneGb: TopUp = { name: "1 GB", gb: 1, price: 6 };

function aForecast(median: number, spread = 0): TotalForecast {
  const quantiles = Array.from({ length: 21 }, (_, index) => median + ((index - 10) / 10) * spread);
  return { median, mean: median, quantiles };
}

function anOffer(more: Partial<Offer> = {}): Offer {
  return {
    plan: small,
    plans: [small, large],
    topUps: [oneGb],
    forecasts: { mb: aForecast(15_000) },
    futureCycles: 2,
    ...more,
  };
}

const named = (options: readonly Option[], name: string): Option => {
  const found = options.find((option) => option.name === name);
  assert.ok(found, `no option ${name}`);
  return found;
};

test("each started gigabyte, minute and message beyond what is included is paid for", () => {
  assert.equal(costOf(small, { mb: 15_360, minutes: 500, messages: 50 }), 20);
  assert.equal(costOf(small, { mb: 15_361, minutes: 500.5, messages: 52 }), 20 + 10 + 0.03 + 0.06);
  assert.equal(costOf(small, { mb: 15_360 + 2048, minutes: 0, messages: 0 }, 1), 30);
});

test("a customer who stays within the plan saves nothing by anything", () => {
  const options = priceOptions(anOffer());

  assert.equal(options[0]?.name, "nothing");
  for (const option of options) assert.ok(option.savingAtMedian <= 0 && option.savingExpected <= 0);
});

test("a steady heavy user is told what the larger plan saves over the coming cycles", () => {
  const plan = named(priceOptions(anOffer({ forecasts: { mb: aForecast(15_360 + 9 * 1024) } })), "large");

  assert.equal(plan.costThisCycle, 20 + 90);
  assert.equal(plan.costPerCycleAfter, 70);
  assert.equal(plan.savingAtMedian, 2 * (110 - 70));
  assert.equal(plan.chanceOfSaving, 1);
});

test("a plan that begins now prices the running cycle too", () => {
  const offer = anOffer({ forecasts: { mb: aForecast(15_360 + 9 * 1024) }, planChange: "now" });

  assert.equal(named(priceOptions(offer), "large").savingAtMedian, 3 * (110 - 70));
});

test("top-ups are priced in every number that could be of use", () => {
  const options = priceOptions(anOffer({ forecasts: { mb: aForecast(15_360 + 2500) } }));

  assert.equal(named(options, "3 × 1 GB").savingThisCycle, 30 - 18);
  assert.equal(named(options, "1 GB").savingThisCycle, 10 - 6);
  assert.equal(options.filter(({ kind }) => kind === "topup").length, 3);
});

test("a rare overage makes a top-up a gamble, and the chance says so", () => {
  const topUp = named(priceOptions(anOffer({ forecasts: { mb: aForecast(15_000, 400) } })), "1 GB");

  assert.ok(topUp.savingAtMedian < 0);
  assert.ok(topUp.chanceOfSaving > 0 && topUp.chanceOfSaving < 0.1, String(topUp.chanceOfSaving));
});

test("savings are differences to doing nothing, whatever the forecast", () => {
  const forecast = fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 9000 }));
  fc.assert(
    fc.property(forecast, fc.nat(6), fc.boolean(), ([median, spread], futureCycles, isNow) => {
      const options = priceOptions(
        anOffer({
          forecasts: { mb: aForecast(median, Math.min(spread, median)) },
          futureCycles,
          planChange: isNow ? "now" : "next-cycle",
        }),
      );
      const nothing = named(options, "nothing");
      for (const option of options) {
        assert.ok(Math.abs(nothing.expectedCost - option.expectedCost - option.savingExpected) < 1e-6);
        assert.ok(Math.abs(nothing.medianCost - option.medianCost - option.savingAtMedian) < 1e-6);
        const total = option.costThisCycle + futureCycles * option.costPerCycleAfter;
        assert.ok(Math.abs(total - option.expectedCost) < 1e-6);
      }
    }),
  );
});
