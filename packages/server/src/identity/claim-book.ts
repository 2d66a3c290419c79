import type { ClaimRow } from "./store.ts";

/** A claim that goes on is written again this often. */
const AGAIN_MS = 3_600_000;
const MOST_KEPT = 20_000;

/** What the resolver has written of claims lately: a visitor says the same with every page, and it is kept once an hour. */
export class ClaimBook {
  readonly #written = new Map<string, number>();

  /** Those of these claims that are to be written. */
  news(claims: ClaimRow[]): ClaimRow[] {
    return claims.filter((claim) => {
      const key = JSON.stringify([claim.kind, claim.value, claim.visitorId]);
      const last = this.#written.get(key);
      if (last !== undefined && claim.at < last + AGAIN_MS) return false;
      if (this.#written.size >= MOST_KEPT) this.#written.clear();
      this.#written.set(key, claim.at);
      return true;
    });
  }

  forget(): void {
    this.#written.clear();
  }
}
