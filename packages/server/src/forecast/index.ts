export { backtestCommand } from "./backtest-command.ts";
export { backtestSeries, type SeriesBacktest } from "./backtest-series.ts";
export { backtestUsage, type UsageBacktest } from "./backtest-usage.ts";
