import type { Sql } from "../../platform/database.ts";
import type { Claimed } from "../store.ts";
import { type AddressSpend, spendAddresses } from "./store.ts";

/** Of these messages, those that would be more than their cause may send to one address, by id. */
export async function overAddressCap(
  tx: Sql,
  messages: { message: Claimed; addressHash: Buffer }[],
  now: number,
): Promise<Set<string>> {
  const spends = messages.flatMap(({ message, addressHash }): AddressSpend[] => {
    const cap = message.body.kind === "direct" ? undefined : message.body.addressCap;
    if (!cap) return [];
    const { cause, limit, windowMs } = cap;
    return [{ addressHash, cause, messageId: message.messageId, since: new Date(now - windowMs), limit }];
  });
  if (spends.length === 0) return new Set();
  const allowed = await spendAddresses(tx, new Date(now), spends);
  return new Set(spends.map((one) => one.messageId).filter((id) => !allowed.has(id)));
}
