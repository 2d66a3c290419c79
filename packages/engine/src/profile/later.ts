import type { Stamped } from "./profile.ts";

/** The later of two statements; of the same moment, the one of the larger event id, so that order cannot matter. */
export function later<T>(known: Stamped<T> | undefined, stated: Stamped<T>): Stamped<T> {
  if (!known) return stated;
  return stated.at > known.at || (stated.at === known.at && stated.by > known.by) ? stated : known;
}
