import type { PopulationScores, UsageBacktest } from "./backtest-usage.ts";
import type { Method } from "./score-usage.ts";

const NAMES: Record<Method, string> = {
  forecast: "forecast",
  line: "straight line",
  lastMonth: "last month",
  blend: "blend of both",
};
const UNITS = { data: "data (MB)", minutes: "minutes", messages: "messages" };

/** The back-test as lines of text: data at length, minutes and messages in brief. */
export function printUsageBacktest(backtest: UsageBacktest): string[] {
  return backtest.measures.flatMap(({ measure, populations }) =>
    populations
      .filter(({ months }) => measure === "data" || months === "any")
      .flatMap((population) => [
        `${UNITS[measure]} of ${backtest.subscribers} subscribers, months with ${population.months === "whole" ? "a whole" : "at least part of a"} month before`,
        ...dayLines(population),
        ...(measure === "data" ? alertLines(population, backtest.threshold) : []),
        "",
      ]),
  );
}

function dayLines({ days }: PopulationScores): string[] {
  return [
    row("  day", ["method", "WAPE", "AUC", "precision", "recall", "in 80 %", "in 90 %", "months"]),
    ...days.flatMap(({ day, count, coverage80, coverage90, methods }) =>
      methods.map((scores) => {
        const figures = [scores.wape, scores.auc, scores.precision, scores.recall].map((value) => figure(value, 3));
        const isOurs = scores.method === "forecast";
        const coverage = isOurs ? [figure(coverage80, 3), figure(coverage90, 3), String(count)] : [];
        return row(isOurs ? `  ${day}` : "", [NAMES[scores.method], ...figures, ...coverage]);
      }),
    ),
  ];
}

function alertLines({ alerts }: PopulationScores, threshold: number): string[] {
  return [
    `  first alert of the month, given daily at P(over the allowance) ≥ ${threshold} and before it is passed; ${alerts.crossings} months passed it`,
    row("", ["method", "precision", "recall", "lead, mean", "lead, median (days)"]),
    ...alerts.methods.map(({ method, precision, recall, leadDaysMean, leadDaysMedian }) =>
      row("", [
        NAMES[method],
        figure(precision, 3),
        figure(recall, 3),
        figure(leadDaysMean, 1),
        figure(leadDaysMedian, 1),
      ]),
    ),
  ];
}

function row(label: string, [name = "", ...cells]: string[]): string {
  return `${label.padEnd(6)}${name.padEnd(15)}${cells.map((cell) => cell.padStart(11)).join("")}`;
}

function figure(value: number, digits: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(digits);
}
