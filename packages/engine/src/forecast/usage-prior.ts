/**
 * What is known of customers in general, before one is known: a small document to be stored as JSON.
 *
 * The model. A customer who is *in use* has a daily rate λ; a day brings λ × the weekday's weight on average, with
 * variance `dispersion` × that (a compound Poisson: sessions of random size). Rates differ between customers as a
 * gamma of mean `dailyMean` worth `priorDays` days of own history, so that the posterior is closed (gamma–Poisson
 * shrinkage; Bühlmann's credibility). Customers start late, stop and return with the daily chances of `presence`.
 * `scores` are the errors that forecasts made by this prior have had: the intervals are calibrated on them.
 */
export type UsagePrior = {
  version: 1;
  dailyMean: number;
  priorDays: number;
  dispersion: number;
  /** Memory of the rate: a day's weight falls by this factor with each day that passes; 1 never forgets. */
  retention: number;
  /** Seven weights, Monday first, of mean 1. */
  weekday: readonly number[];
  presence: Presence;
  /** For each of `DAYS_LEFT_BUCKETS`, errors in normal scores at `SCORE_LEVELS`, ascending. */
  scores: readonly (readonly number[])[];
};

/** Daily chances of starting (in the first days, and later), stopping and returning, and the share of empty days. */
export type Presence = {
  startEarly: number;
  startLate: number;
  stop: number;
  return: number;
  emptyDay: number;
};

/** How many days after registration count as the first days. */
export const EARLY_DAYS = 3;

/** Upper ends, in days, of the buckets by which intervals are calibrated. */
export const DAYS_LEFT_BUCKETS: readonly number[] = [4, 9, 14, 20, 10_000];

/** The levels at which the scores of a prior are kept. */
export const SCORE_LEVELS: readonly number[] = [
  0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.975, 0.99,
];

export function bucketOf(daysLeft: number): number {
  return DAYS_LEFT_BUCKETS.findIndex((end) => daysLeft <= end);
}
