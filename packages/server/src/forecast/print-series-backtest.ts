import type { SeriesBacktest, SeriesMethod } from "./backtest-series.ts";

const NAMES: Record<SeriesMethod, string> = { forecast: "forecast", seasonalNaive: "seasonal naive", naive2: "Naive2" };

/** The back-test as lines of text. */
export function printSeriesBacktest({ series, periods, methods }: SeriesBacktest): string[] {
  const seasons = Object.entries(periods).map(([period, count]) => `${count} with a season of ${period}`);
  const figure = (value: number, digits: number) => (Number.isNaN(value) ? "–" : value.toFixed(digits)).padStart(10);
  return [
    `${series} series, ${seasons.join(", ")}; means over series, interval of 95 %`,
    `${"method".padEnd(16)}${["sMAPE %", "MASE", "MSIS", "coverage"].map((name) => name.padStart(10)).join("")}`,
    ...methods.map(
      (scores) =>
        `${NAMES[scores.method].padEnd(16)}${figure(scores.smape, 3)}${figure(scores.mase, 4)}${figure(scores.msis, 3)}${figure(scores.coverage, 3)}`,
    ),
  ];
}
