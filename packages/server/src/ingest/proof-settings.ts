import { randomBytes } from "node:crypto";

import type { Database } from "../platform/database.ts";
import { holdSetting, saveSetting, settle } from "../platform/setting-store.ts";
import type { ProofRules } from "./believe.ts";

/** As kept: the newest secret first. */
export type ProofSettings = { secrets: { secret: string; since: number }[]; required: boolean };

const NAME = "visitor-proof";
/** After a new secret the one before is good until the next: pages and sessions that were given a proof live on. */
const MOST_SECRETS = 2;
/** A change holds within this time in every process. */
const KEPT_MS = 3_000;

export type ProofKeeper = {
  /** What is in force, as asked of the database a few seconds ago at most. */
  rules(): Promise<ProofRules>;
  settings(): Promise<ProofSettings>;
  /** Makes a new secret; the one before stays good, the one before that ends. */
  renew(): Promise<ProofSettings>;
  require(required: boolean): Promise<ProofSettings>;
};

/** By what a visitor's proof is known: settings of the company, the same for all processes. `now`: a clock that does not jump, in ms. */
export function keepProofSettings(db: Database, wallClock: () => number, now: () => number): ProofKeeper {
  let kept: { rules: Promise<ProofRules>; until: number } | null = null;
  const fresh = (): string => randomBytes(32).toString("base64url");
  const first = (): ProofSettings => ({ secrets: [{ secret: fresh(), since: wallClock() }], required: false });

  async function change(to: (known: ProofSettings) => ProofSettings): Promise<ProofSettings> {
    kept = null;
    return db.transaction(async (tx) => {
      await settle(tx, NAME, first());
      const known = (await holdSetting<ProofSettings>(tx, NAME)) ?? first();
      const changed = to(known);
      await saveSetting(tx, NAME, changed);
      return changed;
    });
  }

  const settings = (): Promise<ProofSettings> => settle(db, NAME, first());

  async function readRules(): Promise<ProofRules> {
    const { secrets, required } = await settings();
    return { secrets: secrets.map(({ secret }) => secret), required };
  }

  return {
    rules() {
      if (!kept || kept.until <= now()) {
        const rules = readRules();
        kept = { rules, until: now() + KEPT_MS };
        rules.catch(() => {
          kept = null;
        });
      }
      return kept.rules;
    },
    settings,
    renew: () =>
      change(({ secrets, required }) => ({
        secrets: [{ secret: fresh(), since: wallClock() }, ...secrets].slice(0, MOST_SECRETS),
        required,
      })),
    require: (required) => change((known) => ({ ...known, required })),
  };
}
