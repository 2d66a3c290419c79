import type { Event } from "@rapport/contract/event";

import { type FrameHeader, pack, unpack } from "../../ingest/index.ts";
import type { Read } from "../read-batches.ts";
import type { AsideRow } from "./store.ts";

/** Events kept in one row: what a portion reads, and writes again what it leaves. */
const IN_A_ROW = 50;

type Kept = { header: FrameHeader; event: Event; stated: boolean };

/** Events as they are kept aside: read, believed as far as they were, and each with the header of the frame it came in. */
export function asideRows(reads: Read[]): AsideRow[] {
  const rows: AsideRow[] = [];
  for (let start = 0; start < reads.length; start += IN_A_ROW)
    rows.push(asideRow(reads.slice(start, start + IN_A_ROW)));
  return rows;
}

export function asideRow(reads: Read[]): AsideRow {
  const kept = reads.map(({ frame: { body: _, ...header }, event, stated }): Kept => ({ header, event, stated }));
  const receivedAt = new Date(Math.min(...kept.map(({ header }) => header.receivedAt)));
  return { receivedAt, events: kept.length, body: pack(Buffer.from(JSON.stringify(kept))) };
}

export const fromAsideBody = (body: Buffer): Read[] =>
  (JSON.parse(unpack(body).toString("utf8")) as Kept[]).map(({ header, ...read }) => ({
    frame: { ...header, body: new Uint8Array() },
    ...read,
  }));
