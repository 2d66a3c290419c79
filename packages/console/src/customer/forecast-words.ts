import type { Forecast } from "@rapport/contract/api";

/** How sure it is that the allowance is passed: people take "probably" in, and not "0.7513". */
export type Chance = "passed" | "certain" | "likely" | "even" | "unlikely" | "no";

/** Null when there is no allowance to pass. */
export function chanceOf({
  soFar,
  allowance,
  probabilityAbove,
}: Pick<Forecast, "soFar" | "allowance" | "probabilityAbove">): Chance | null {
  if (allowance === null || probabilityAbove === null) return null;
  if ((soFar.at(-1)?.total ?? 0) > allowance) return "passed";
  if (probabilityAbove >= 0.97) return "certain";
  if (probabilityAbove >= 0.65) return "likely";
  if (probabilityAbove > 0.35) return "even";
  return probabilityAbove > 0.03 ? "unlikely" : "no";
}
