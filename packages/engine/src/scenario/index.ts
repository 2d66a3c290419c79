export { compilePack, type Pack, type PackFault } from "./compile-pack.ts";
export { dailyUsageOf, dayOf, monthOf, startOf } from "./daily-usage-of.ts";
export { outlookFacts, type Priors, type UsageKind, usageOutlook } from "./outlook-of.ts";
