import type { Forecast } from "@rapport/contract/api";
import type { EChartsOption } from "echarts";
import { useCallback } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Chart } from "../ui/chart.tsx";
import type { Ink } from "../ui/drawn-chart.tsx";
import { forecastSeries, scaleOf } from "./forecast-series.ts";

/** The running total so far, the median ahead in its 80 % band, last cycle, and the line of the allowance. */
export function ForecastChart({ forecast }: { forecast: Forecast }) {
  const { t, format } = useLanguage();
  const { unit } = forecast;
  const scale = scaleOf(forecast);
  const allowance = forecast.allowance === null ? null : forecast.allowance / scale;
  const shape = JSON.stringify(forecastSeries(forecast, scale));
  const draw = useCallback(
    (ink: Ink): EChartsOption => {
      const { days, soFar, median, low, band, lastCycle } = JSON.parse(shape) as ReturnType<typeof forecastSeries>;
      const usage = (value: unknown) => (typeof value === "number" ? format.usage(value * scale, unit) : "–");
      const main = ink.series[0] ?? ink.text;
      const common = { type: "line" as const, symbol: "none" };
      const hidden = { ...common, stack: "band", lineStyle: { opacity: 0 }, tooltip: { show: false } };
      const limit = { yAxis: allowance ?? 0, name: t("forecast.allowance") };
      const markLine = {
        symbol: "none",
        silent: true,
        lineStyle: { color: ink.alarm, type: "dashed" as const, width: 1.5 },
        label: {
          formatter: `${t("forecast.allowance")} ${usage(allowance)}`,
          position: "insideStartTop" as const,
          color: ink.alarm,
        },
        data: [limit],
      };
      return {
        textStyle: { fontFamily: ink.face },
        grid: { left: 56, right: 12, top: 16, bottom: 52 },
        legend: {
          type: "scroll",
          bottom: 0,
          itemWidth: 20,
          textStyle: { color: ink.text },
          data: [
            { name: t("forecast.soFar"), itemStyle: { opacity: 0 } },
            { name: t("forecast.median"), itemStyle: { opacity: 0 } },
            { name: t("forecast.band"), icon: "rect", itemStyle: { opacity: 0.3 } },
            { name: t("forecast.lastCycle"), itemStyle: { opacity: 0 } },
          ],
        },
        tooltip: {
          trigger: "axis",
          backgroundColor: ink.card,
          borderColor: ink.line,
          textStyle: { color: ink.text },
          valueFormatter: usage,
        },
        xAxis: {
          type: "category",
          data: days.map(String),
          boundaryGap: false,
          axisLabel: { color: ink.quiet, interval: 4 },
          axisTick: { show: false },
          axisLine: { lineStyle: { color: ink.line } },
        },
        yAxis: {
          type: "value",
          max: ({ max }) => Math.max(max, (allowance ?? 0) * 1.08),
          splitNumber: 4,
          axisLabel: { color: ink.quiet, formatter: usage, showMaxLabel: false },
          splitLine: { lineStyle: { color: ink.line } },
        },
        series: [
          { ...hidden, name: " ", data: low, color: "transparent" },
          { ...hidden, name: t("forecast.band"), data: band, color: main, areaStyle: { color: main, opacity: 0.2 } },
          {
            ...common,
            name: t("forecast.lastCycle"),
            data: lastCycle,
            color: ink.quiet,
            lineStyle: { width: 1.2, type: "dotted" },
          },
          {
            ...common,
            name: t("forecast.soFar"),
            data: soFar,
            color: main,
            lineStyle: { width: 2.4 },
            ...(allowance === null ? {} : { markLine }),
          },
          { ...common, name: t("forecast.median"), data: median, color: main, lineStyle: { width: 2, type: "dashed" } },
        ],
      };
    },
    [shape, unit, scale, allowance, t, format],
  );
  return <Chart draw={draw} height={280} label={t("forecast.title")} />;
}
