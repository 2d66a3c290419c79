import type { Timeline } from "@rapport/contract/api";
import type { Event } from "@rapport/contract/event";
import { Type } from "typebox";

import { decisionEventsBefore, partitionOf } from "../partition/index.ts";
import type { Database } from "../platform/database.ts";
import { LATEST_MICROS, Micros, pageOf, placeIn, timeOfMicros } from "../platform/http/cursor.ts";
import { timelineBefore } from "./store.ts";

const LOWEST_UUID = "00000000-0000-0000-0000-000000000000";
const HIGHEST_UUID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** The last one shown. Decisions have rows of their own, and of one time they come before the other events. */
const Place = Type.Union([
  Type.Tuple([Micros, Type.Literal("decision"), Type.String({ format: "uuid" })]),
  Type.Tuple([Micros, Type.Literal("event"), Type.String({ maxLength: 255 })]),
]);

type Asked = { customerId: string; before: string | undefined; channel: string | null; kind: string | null };
type Entry = { event: Event; micros: number; of: "decision" | "event" };

/** A page of a customer's timeline, newest first: events and decisions in one order, none lost or told twice. */
export async function readTimeline(
  db: Database,
  { customerId, before, channel, kind }: Asked,
  size: number,
): Promise<Timeline> {
  const [micros, of, id] = placeIn(Place, before, "before") ?? [LATEST_MICROS, "decision", HIGHEST_UUID];
  const page = {
    partition: partitionOf(customerId),
    customerId,
    before: timeOfMicros(micros),
    channel,
    kind,
    limit: size + 1,
  };
  const [events, decisions] = await Promise.all([
    timelineBefore(db, { ...page, id: of === "event" ? id : null }),
    decisionEventsBefore(db, { ...page, id: of === "decision" ? id : LOWEST_UUID }),
  ]);
  // A stable sort: within each of the two lists the database's own order stands.
  const entries: Entry[] = [
    ...decisions.map((one) => ({ ...one, of: "decision" as const })),
    ...events.map((one) => ({ ...one, of: "event" as const })),
  ].sort((a, b) => b.micros - a.micros);
  const { shown, next } = pageOf(entries, size, (last) => [last.micros, last.of, last.event.id]);
  return { events: shown.map((entry) => entry.event), before: next };
}
