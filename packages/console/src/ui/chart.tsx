import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";

import type { Drawing } from "./drawn-chart.tsx";

const DrawnChart = lazy(() => import("./drawn-chart.tsx").then((part) => ({ default: part.DrawnChart })));

/** A picture of numbers. What draws it is fetched when the first picture is wanted. */
export function Chart(drawing: Drawing) {
  return (
    <Suspense fallback={<Skeleton height={drawing.height} />}>
      <DrawnChart {...drawing} />
    </Suspense>
  );
}
