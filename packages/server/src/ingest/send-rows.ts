import { setTimeout as sleep } from "node:timers/promises";

import type { OutboundAnswer, OutboundHttp } from "../platform/outbound-http.ts";
import type { BadRow, ImportRow } from "./import-row.ts";

/** The hub does not take what we send, and will not whatever we do: the words say why. */
export class ImportStopped extends Error {}

const MOST_TRIES = 8;
type Door = { outbound: OutboundHttp; url: string; key: string };

/**
 * Sends rows of one format through the API, whose rules hold for imports as for everybody. What it refuses comes back
 * with the reason, and the others are sent without it. Resolves when all the others are committed.
 */
export async function sendRows(door: Door, rows: ImportRow[]): Promise<BadRow[]> {
  const refused: BadRow[] = [];
  let left = rows;
  while (left.length > 0) {
    const answer = await postPatiently(door, left);
    if (answer.status < 300) break;
    const bad = answer.status === 400 ? refusedIn(answer.body, left) : [];
    if (bad.length === 0) throw new ImportStopped(`the hub answered ${answer.status}: ${answer.body.slice(0, 300)}`);
    refused.push(...bad);
    left = left.filter((row) => !bad.some((one) => one.number === row.number));
  }
  return refused;
}

/** Waits as Retry-After asks, or twice as long each time. */
async function postPatiently({ outbound, url, key }: Door, rows: ImportRow[]): Promise<OutboundAnswer> {
  const isSegment = rows[0]?.format === "segment";
  const calls = rows.map((row) => row.value);
  const request = {
    method: "POST" as const,
    url: `${url}${isSegment ? "/v1/import" : "/cloudevents"}`,
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": isSegment ? "application/json" : "application/cloudevents-batch+json",
      "x-strict-mode": "1",
    },
    body: JSON.stringify(isSegment ? { batch: calls } : calls),
  };
  for (let tries = 1; ; tries++) {
    const answer = await outbound.request(request).catch((fault: Error) => fault);
    const mayPass = answer instanceof Error || answer.status === 429 || answer.status >= 500;
    if (!mayPass) return answer as OutboundAnswer;
    if (tries === MOST_TRIES)
      throw new ImportStopped(
        answer instanceof Error ? `the hub cannot be reached: ${answer.message}` : `the hub answered ${answer.status}`,
      );
    const asked = answer instanceof Error ? Number.NaN : Number(answer.headers["retry-after"]);
    await sleep(Number.isFinite(asked) ? asked * 1_000 : Math.min(30_000, 250 * 2 ** tries));
  }
}

/** The rows named in a problem's `errors` (`batch.3.userId`), or the only one there is. */
function refusedIn(body: string, rows: ImportRow[]): BadRow[] {
  const bad = new Map<number, BadRow>();
  for (const { field, message } of errorsIn(body)) {
    const [, index, rest = ""] = field.match(/^batch\.(\d+)\.?(.*)$/s) ?? [];
    const row = index === undefined ? (rows.length === 1 ? rows[0] : undefined) : rows[Number(index)];
    if (row)
      bad.set(row.number, {
        kind: "bad",
        number: row.number,
        field: index === undefined ? field : rest,
        reason: message,
      });
  }
  return [...bad.values()];
}

function errorsIn(body: string): { field: string; message: string }[] {
  try {
    return (JSON.parse(body) as { errors?: { field: string; message: string }[] }).errors ?? [];
  } catch {
    return [];
  }
}
