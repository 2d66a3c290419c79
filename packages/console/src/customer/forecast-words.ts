/** How sure it is that the allowance is passed: people take "3 in 4" in, and not "0.7513". */
export type Chance = "certain" | "likely" | "even" | "unlikely" | "no";

export function chanceOf(probability: number): Chance {
  if (probability >= 0.97) return "certain";
  if (probability >= 0.65) return "likely";
  if (probability > 0.35) return "even";
  return probability > 0.03 ? "unlikely" : "no";
}
