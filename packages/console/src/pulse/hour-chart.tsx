import type { Pulse } from "@rapport/contract/api";
import type { EChartsOption, LineSeriesOption } from "echarts";
import { useCallback } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Chart } from "../ui/chart.tsx";
import type { Ink } from "../ui/drawn-chart.tsx";
import { type HourMinute, hourOf } from "./hour.ts";

const STROKES = [
  ["acted", "solid", "circle"],
  ["nothing", "dotted", "emptyCircle"],
  ["sent", "solid", "rect"],
  ["delivered", "dashed", "triangle"],
  ["answered", "solid", "diamond"],
] as const;

/** The last hour minute by minute: events above; decisions and messages below, in their own scale. */
export function HourChart({ minutes, at }: { minutes: Pulse["minutes"]; at: number }) {
  const { t, format } = useLanguage();
  const minute = Math.floor(at / 60_000);
  const sums = JSON.stringify(minutes);
  const draw = useCallback(
    (ink: Ink): EChartsOption => {
      const hour = hourOf(JSON.parse(sums) as Pulse["minutes"], minute * 60_000);
      const lines = STROKES.map(([of, type, symbol], index) =>
        line(hour, of, t(`pulse.series.${of}`), { color: ink.series[index] ?? ink.text, type, symbol }),
      );
      const xAxis = {
        type: "category" as const,
        data: hour.map((one) => format.clock(one.at)),
        boundaryGap: false,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: ink.line } },
      };
      const yAxis = {
        type: "value" as const,
        minInterval: 1,
        splitNumber: 2,
        axisLabel: { color: ink.quiet, formatter: format.short },
        splitLine: { lineStyle: { color: ink.line } },
      };
      return {
        textStyle: { fontFamily: ink.face },
        legend: { type: "scroll", bottom: 0, itemWidth: 22, textStyle: { color: ink.text }, inactiveColor: ink.quiet },
        tooltip: { trigger: "axis", backgroundColor: ink.card, borderColor: ink.line, textStyle: { color: ink.text } },
        axisPointer: { link: [{ xAxisIndex: "all" }] },
        grid: [
          { left: 44, right: 12, top: 12, height: 48 },
          { left: 44, right: 12, top: 82, bottom: 52 },
        ],
        xAxis: [
          { ...xAxis, gridIndex: 0, axisLabel: { show: false } },
          { ...xAxis, gridIndex: 1, axisLabel: { color: ink.quiet, interval: 9 } },
        ],
        yAxis: [
          { ...yAxis, gridIndex: 0 },
          { ...yAxis, gridIndex: 1 },
        ],
        series: [
          {
            ...line(hour, "events", t("pulse.series.events"), { color: ink.quiet, type: "solid", symbol: "none" }),
            xAxisIndex: 0,
            yAxisIndex: 0,
            areaStyle: { opacity: 0.14 },
          },
          ...lines,
        ],
      };
    },
    [sums, minute, t, format],
  );
  return (
    <Card title={t("pulse.hour")} help={t("pulse.hour.help")}>
      <Chart draw={draw} height={264} label={t("pulse.hour")} />
    </Card>
  );
}

function line(
  hour: readonly HourMinute[],
  of: Exclude<keyof HourMinute, "at">,
  name: string,
  { color, type, symbol }: { color: string; type: "solid" | "dotted" | "dashed"; symbol: string },
): LineSeriesOption {
  return {
    type: "line",
    name,
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: hour.map((minute) => minute[of]),
    symbol: symbol === "none" ? "none" : symbol,
    symbolSize: 5,
    showSymbol: symbol !== "none",
    color,
    lineStyle: { width: 1.6, type },
  };
}
