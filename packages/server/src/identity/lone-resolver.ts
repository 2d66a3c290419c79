import { defaultIdentityPolicy } from "@rapport/engine/identity/index";

import { type Frame, insertIngestBatch, packFrames } from "../ingest/index.ts";
import { type Clock, realClock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { type Lease, registerLeases, takeLeases } from "../platform/lease/store.ts";
import { openResolver, type Resolver } from "./resolver.ts";

type Parts = { db: Database; lease: () => Lease; clock?: Clock; policy?: typeof defaultIdentityPolicy };

/** For tests: a resolver that runs when it is told to, of a company that asks nobody for proof and opens nothing to browsers. */
export const loneResolver = ({ db, lease, clock = realClock, policy = defaultIdentityPolicy }: Parts): Resolver =>
  openResolver({
    ...{ db, clock, policy, lease, secret: "secret" },
    proofRules: async () => ({ secrets: [], required: false }),
    browserEvents: () => new Map(),
  });

/** For tests: the resolver's lease, for ten minutes. */
export async function resolverLease(db: Database): Promise<Lease> {
  await registerLeases(db, ["resolver/0"]);
  const [lease] = await takeLeases(db, ["resolver/0"], "test", 600, 1);
  if (!lease) throw new Error("somebody else has the resolver's lease");
  return lease;
}

/** For tests: keeps a batch of calls as the door does for the company's server. */
export function acceptCalls(db: Database, batch: object[], receivedAt: number = Date.now()): Promise<void> {
  const frame: Frame = {
    ...{ format: "segment", call: null, source: "test", origin: "server", idSpace: null, frameId: "f", lane: 3 },
    receivedAt,
    body: Buffer.from(JSON.stringify({ batch })),
  };
  return insertIngestBatch(db, new Date(receivedAt), batch.length, packFrames([frame]));
}
