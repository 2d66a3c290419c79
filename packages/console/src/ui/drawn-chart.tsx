import { Box, useComputedColorScheme } from "@mantine/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { EChartsOption } from "echarts";
import { useEffect, useRef } from "react";

register([
  LineChart,
  BarChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  AriaComponent,
  SVGRenderer,
]);

/** The colours a chart is drawn in. Series are told apart by stroke and symbol too, never by colour alone. */
export type Ink = {
  text: string;
  quiet: string;
  line: string;
  card: string;
  series: readonly string[];
  alarm: string;
  face: string;
};

type Colours = Omit<Ink, "face">;

const LIGHT: Colours = {
  text: "#1d2422",
  quiet: "#615e56",
  line: "#e4e1da",
  card: "#ffffff",
  series: ["#1f746c", "#a96403", "#5b5f97", "#8a2a1b", "#3b7dad", "#6f6c63"],
  alarm: "#a93522",
};
const DARK: Colours = {
  text: "#d5dcda",
  quiet: "#97a3a0",
  line: "#323c3a",
  card: "#1a2220",
  series: ["#5fbcb0", "#f0a93a", "#a9adf0", "#e68c7b", "#79b8e8", "#c2beb4"],
  alarm: "#e68c7b",
};

/** `label` says in words what the picture shows, to those who do not see it. */
export type Drawing = { draw: (ink: Ink) => EChartsOption; height: number; label: string };

/** A picture of numbers, in the colours of the chosen scheme. */
export function DrawnChart({ draw, height, label }: Drawing) {
  const scheme = useComputedColorScheme("light");
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const drawn = init(element, null, { renderer: "svg" });
    chart.current = drawn;
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(
      {
        animation: false,
        ...draw({ ...(scheme === "dark" ? DARK : LIGHT), face: getComputedStyle(document.body).fontFamily }),
      },
      { notMerge: true },
    );
  }, [draw, scheme]);
  return <Box ref={box} role="img" aria-label={label} h={height} w="100%" />;
}
