import type { DailyUsage } from "./daily-usage.ts";
import { learnPresence } from "./learn-presence.ts";
import { learnRates } from "./learn-rates.ts";
import { learnRetention } from "./learn-retention.ts";
import { learnScores } from "./learn-scores.ts";
import type { UsagePrior } from "./usage-prior.ts";

/**
 * Learns what customers have in common from histories as known by now (cut them with `usageUntil` when looking
 * back). With few or no histories it answers a vague prior that own history soon outweighs. Never throws.
 */
export function learnUsagePrior(histories: readonly DailyUsage[]): UsagePrior {
  const presence = learnPresence(histories);
  const rates = learnRates(histories, presence);
  const retention = learnRetention(histories, presence, rates);
  const draft: UsagePrior = { version: 1, ...rates, retention, presence, scores: [] };
  return { ...draft, scores: learnScores(histories, draft) };
}
