import type { Sql } from "../../platform/database.ts";

export type GatewayState = {
  name: string;
  channel: string;
  state: "closed" | "open" | "half-open" | "down";
  faults: number;
  perSecond: number;
};

/** Tells how this owner's gateways are now. */
export async function saveGatewayStates(db: Sql, owner: string, states: GatewayState[]): Promise<void> {
  await db.query(
    `insert into gateway_state (owner, name, channel, state, faults, per_second, seen_at)
     select $1, name, channel, state, faults, per_second, clock_timestamp()
       from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::real[]) as given (name, channel, state, faults, per_second)
         on conflict (owner, name) do update
        set state = excluded.state, faults = excluded.faults, per_second = excluded.per_second, seen_at = excluded.seen_at`,
    [
      owner,
      states.map((one) => one.name),
      states.map((one) => one.channel),
      states.map((one) => one.state),
      states.map((one) => one.faults),
      states.map((one) => one.perSecond),
    ],
  );
}

/** What was told, and whether lately; what has been silent for a day is forgotten. */
export async function gatewayStates(db: Sql, lateSeconds: number): Promise<(GatewayState & { isLate: boolean })[]> {
  const { rows } = await db.query<GatewayState & { isLate: boolean }>(
    `select name, channel, state, faults, per_second as "perSecond",
            seen_at < clock_timestamp() - make_interval(secs => $1) as "isLate"
       from gateway_state where seen_at > clock_timestamp() - interval '1 day'
      order by channel, name, owner`,
    [lateSeconds],
  );
  return rows;
}

/** An owner that ends in good order leaves nothing that would look lost; what others left long ago goes with it. */
export async function forgetGatewayStates(db: Sql, owner: string): Promise<void> {
  await db.query("delete from gateway_state where owner = $1 or seen_at < clock_timestamp() - interval '1 day'", [
    owner,
  ]);
}
