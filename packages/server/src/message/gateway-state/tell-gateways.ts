import type { Database } from "../../platform/database.ts";
import { openPump } from "../../platform/pump.ts";
import type { Sender } from "../sender.ts";
import { forgetGatewayStates, type GatewayState, gatewayStates, saveGatewayStates } from "./store.ts";

const EVERY_MS = 2_000;
/** Who has told nothing for so long does not work any more. */
const LATE_SECONDS = 15;

type Parts = {
  db: Database;
  owner: string;
  senders: readonly Sender[];
  onFault: (where: string, fault: unknown) => void;
};

/** Tells every two seconds how this process's gateways are, so that any process can say whether all is well. */
export function tellGateways({ db, owner, senders, onFault }: Parts): { close(): Promise<void> } {
  const pump = openPump(
    async () => {
      if (senders.length > 0) await saveGatewayStates(db, owner, senders.map(stateOf));
      return false;
    },
    { pollMs: EVERY_MS, onFault: (fault) => onFault("gateway states", fault) },
  );
  return {
    async close() {
      await pump.close();
      // A database that is away needs no farewell.
      if (senders.length > 0) await forgetGatewayStates(db, owner).catch(() => undefined);
    },
  };
}

function stateOf(sender: Sender): GatewayState {
  const { name, channel, perSecond } = sender;
  const breaker = sender.breaker();
  const faults = breaker.state === "closed" ? breaker.faults : 0;
  return { name, channel, perSecond, faults, state: sender.isUp() ? breaker.state : "down" };
}

const RANK: Record<GatewayState["state"], number> = { closed: 0, "half-open": 1, open: 2, down: 3 };

/** Each gateway once, over all processes that work on it: the worst of them. One that nobody works on is down. */
export async function readGateways(db: Database): Promise<GatewayState[]> {
  const byName = new Map<string, GatewayState>();
  const told = await gatewayStates(db, LATE_SECONDS);
  for (const { isLate, ...one } of told.toSorted((a, b) => Number(a.isLate) - Number(b.isLate))) {
    const known = byName.get(one.name);
    if (isLate && known) continue;
    const state = isLate ? "down" : one.state;
    byName.set(one.name, {
      ...one,
      state: known && RANK[known.state] > RANK[state] ? known.state : state,
      faults: Math.max(known?.faults ?? 0, one.faults),
      perSecond: (known?.perSecond ?? 0) + one.perSecond,
    });
  }
  return [...byName.values()];
}
