import type { Event } from "@rapport/contract/event";
import { defaultIdentityPolicy, sharedIdentifiers } from "@rapport/engine/identity/index";
import type { Model } from "@rapport/engine/loop/index";

import type { Sql } from "../platform/database.ts";
import { divideEvents, foldTimeline, rowOf } from "./apply-batch.ts";
import { HOUSEKEEPING, type InboxItem, type InboxRow, toInboxRows } from "./inbox-item.ts";
import { deleteEvents, loadGraphOf, putRows, takeRows } from "./moving/store.ts";
import { setTimers, takeTimers } from "./queue/store.ts";
import { insertEvents, loadEvents, saveCustomers } from "./store.ts";

/** Events in one message from partition to partition. */
const MOVED_TOGETHER = 500;

/**
 * Gives away the events that belong with identifiers which are another customer's now, with the decisions and messages
 * they tell of, and folds what stays. A customer left with nothing is remembered as merged. Answers the rows that carry
 * everything to the new holders' partitions. Who holds what is asked now, not when the news was sent: of two merges in a
 * row the second may be heard first.
 */
export async function moveOut(
  tx: Sql,
  partition: number,
  customerId: string,
  model: Model,
  at: Date,
): Promise<InboxRow[]> {
  const graph = await loadGraphOf(tx, customerId);
  if (!graph) return [];
  const shared = [...sharedIdentifiers(graph, defaultIdentityPolicy)];
  const owners = divideEvents(customerId, await loadEvents(tx, partition, customerId), graph.holders, shared);
  const staying = owners.get(customerId) ?? [];
  owners.delete(customerId);
  if (owners.size === 0) return [];

  // A customer that ends takes its timers along; one that goes on keeps them.
  const heir = staying.length === 0 && owners.size === 1 ? ([...owners.keys()][0] ?? null) : null;
  const timers = heir === null ? [] : await takeTimers(tx, partition, customerId);

  const moved: InboxItem[] = [];
  for (const [owner, events] of owners) {
    await deleteEvents(tx, partition, customerId, events);
    const planned = idsIn(events.filter(isPlan), "messageId");
    const decisions = await takeRows(
      tx,
      "decision",
      partition,
      customerId,
      idsIn(events.filter(isDecision), "decisionId"),
    );
    const messages = await takeRows(tx, "message", partition, customerId, planned);
    const statuses = await takeRows(tx, "message_status", partition, customerId, planned);
    for (let start = 0; start < events.length; start += MOVED_TOGETHER) {
      const rest =
        start === 0
          ? { decisions, messages, statuses, timers }
          : { decisions: [], messages: [], statuses: [], timers: [] };
      const some = events.slice(start, start + MOVED_TOGETHER);
      moved.push({ kind: "moved", customerId: owner, from: customerId, events: some, ...rest });
    }
  }
  await saveCustomers(tx, [rowOf(foldTimeline(customerId, staying, model), heir)], at);
  return toInboxRows(moved.map((one) => ({ lane: HOUSEKEEPING, item: one })));
}

/**
 * Takes over events that were another's: folded in, deciding nothing anew. What has become a third customer's while it was
 * on its way goes on to that one: its rows are the answer.
 */
export async function moveIn(
  tx: Sql,
  partition: number,
  item: Extract<InboxItem, { kind: "moved" }>,
  model: Model,
  at: Date,
): Promise<InboxRow[]> {
  const { customerId, events, decisions, messages, statuses, timers } = item;
  await insertEvents(
    tx,
    events.filter((event) => event.kind !== "decision").map((event) => ({ customerId, event })),
  );
  if (decisions.length > 0) await putRows(tx, "decision", partition, customerId, decisions);
  if (messages.length > 0) await putRows(tx, "message", partition, customerId, messages);
  if (statuses.length > 0) await putRows(tx, "message_status", partition, customerId, statuses);
  const moved = timers.map((timer) => ({ ...timer, customerId }));
  if (moved.length > 0) await setTimers(tx, moved);
  const onward = await moveOut(tx, partition, customerId, model, at);
  if (onward.length > 0) return onward;
  const whole = foldTimeline(customerId, await loadEvents(tx, partition, customerId), model);
  await saveCustomers(tx, [rowOf(whole)], at);
  return [];
}

const isDecision = ({ kind, origin }: Event): boolean => kind === "decision" && origin === "hub";

/**
 * A message is whose plan it is, as the hub or a colleague made it. Others may name it: the household's members on their own
 * timelines, and outsiders as they like.
 */
const isPlan = ({ kind, name, origin }: Event): boolean =>
  kind === "message" && name === "message.planned" && (origin === "hub" || origin === "staff");

function idsIn(events: Event[], name: "decisionId" | "messageId"): string[] {
  const ids = new Set<string>();
  for (const event of events) {
    const id = event.properties?.[name];
    if (typeof id === "string" && /^[0-9a-f-]{36}$/.test(id)) ids.add(id);
  }
  return [...ids];
}
