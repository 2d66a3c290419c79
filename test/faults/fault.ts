import type { HubSite } from "../harness/hub-site.ts";
import { reconcile, settled } from "../harness/ledgers.ts";
import type { Load } from "../harness/load.ts";

export type Check = (what: string, holds: boolean, found?: unknown) => void;
export type Fault = { title: string; run(play: { check: Check; size: number }): Promise<void> };

export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Lets the load end and holds the clients' ledger against the database's. */
export async function checkLedgers(
  check: Check,
  site: HubSite,
  load: Load,
  tag: string,
  { space, atLeast = 500 }: { space?: string; atLeast?: number } = {},
): Promise<void> {
  await load.finish();
  await settled(site.db);
  const found = await reconcile(site.db, load, tag, space);
  check("nothing acknowledged is lost", found.lost.length === 0, found.lost.length);
  check("nothing is applied twice", found.twice.length === 0, found.twice.length);
  check("nothing comes from nowhere", found.strange.length === 0, found.strange.length);
  check("every profile counts what its timeline holds", found.miscounted.length === 0, found.miscounted.length);
  check("enough went through to prove it", found.applied > atLeast, found.applied);
}
