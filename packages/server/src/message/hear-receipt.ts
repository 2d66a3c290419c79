import type { Clock } from "../platform/clock.ts";
import type { Database, Sql } from "../platform/database.ts";
import { addressForms } from "./address-hash.ts";
import { idsOf, keptId } from "./provider-id.ts";
import { type Report, reportEvent } from "./report-event.ts";
import { findHandedOff, findTaken, type HandedOff, lockParts, setOutcome, type Taken } from "./handed-off/store.ts";
import { keepEvents, suppress } from "./suppress.ts";
import { TOKEN_SPEAKS_FOR_MS } from "./who-replies.ts";

export type Receipt = Extract<Report, { kind: "receipt" }>;
type Parts = { db: Database; clock: Clock; secret: string };

/** A receipt may overtake the record of its own hand-off: so often, and so long apart, is it looked for. */
const LOOKS = [0, 50, 200, 500];

/** Keeps what a provider says of a message. Where it says that its own list of opt-outs holds the number, ours does, too. */
export async function hearReceipt({ db, clock, secret }: Parts, receipt: Receipt): Promise<void> {
  const sent = await locate(db, receipt);
  const now = clock.now();
  if (!sent || now - sent.sentAt.getTime() > TOKEN_SPEAKS_FOR_MS) return;
  const { address } = sent;
  if (receipt.isOptedOut) {
    const terms = { channel: "sms", scope: "all", cause: "opt-out", reason: `provider: ${receipt.reason}` } as const;
    return suppress(db, secret, [{ ...terms, address }], { at: now, events: [reportEvent(receipt, sent, now)] });
  }
  return db.transaction(async (tx) => {
    const whole = "parts" in sent && sent.parts.length > 1 ? await ofWhole(tx, receipt, sent) : receipt;
    if (whole) await keepEvents(tx, [reportEvent(whole, sent, now)]);
  });
}

/** By our key, or by the provider's id; where that leaves a doubt, by the number that the receipt is about, if it names one. */
async function locate(
  db: Database,
  { gateway, providerId, key, numbers = [] }: Receipt,
): Promise<HandedOff | Taken | null> {
  if (!key && !providerId) return null;
  let doubtful: Taken | null = null;
  for (const wait of LOOKS) {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (key) {
      const found = await findHandedOff(db, "key", key);
      if (found) return found;
      continue;
    }
    const ids = idsOf(providerId ?? "");
    const taken = await findTaken(db, gateway, ids);
    const forms = numbers.flatMap((number) => addressForms("sms", number));
    const same = taken.filter(({ address }) => forms.includes(address));
    const exact = (some: Taken[]) =>
      some.find((one) => [providerId, keptId(providerId ?? "")].includes(one.providerId));
    const sure = exact(same) ?? same[0];
    if (sure) return sure;
    // An id in another base, and no number to tell by, may be another message's.
    doubtful = exact(taken) ?? (taken.length === 1 && numbers.length === 0 ? (taken[0] ?? null) : null);
    if (doubtful && numbers.length === 0) return doubtful;
  }
  return doubtful;
}

/**
 * What a receipt of one part says of the whole message, if anything: it has failed with the first part that has, as nobody
 * can read it, and is delivered when all parts are.
 */
async function ofWhole(tx: Sql, receipt: Receipt, part: Taken): Promise<Receipt | null> {
  const { gateway, providerId, messageId, parts } = part;
  if (receipt.status === "seen") return receipt;
  const known = await lockParts(tx, gateway, parts, messageId);
  const hadFailed = known.some(({ outcome }) => outcome === "failed");
  await setOutcome(tx, part, receipt.status);
  if (receipt.status === "failed") {
    const reason = `part ${parts.indexOf(providerId) + 1} of ${parts.length}: ${receipt.reason ?? "failed"}`;
    return hadFailed ? null : { ...receipt, reason };
  }
  const areOthers = known
    .filter((one) => one.providerId !== providerId)
    .every(({ outcome }) => outcome === "delivered");
  return areOthers && known.length === new Set(parts).size ? receipt : null;
}
