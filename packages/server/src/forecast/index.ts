export { backtestCommand } from "./backtest-command.ts";
export { backtestSeries } from "./backtest-series.ts";
export { backtestUsage } from "./backtest-usage.ts";
