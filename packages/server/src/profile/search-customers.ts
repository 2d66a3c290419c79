import type { Claim } from "@rapport/contract/event";
import { claimOf } from "@rapport/engine/identity/index";
import { Type } from "typebox";

import { partitionOf } from "../partition/index.ts";
import type { Database } from "../platform/database.ts";
import { cursorOf, placeIn } from "../platform/http/cursor.ts";
import { type CustomerRow, customersByName, findCustomer, identifiersByPrefix, identifiersOf } from "./store.ts";

/** How far a search has come: through the identifiers first, then through the names. */
const Place = Type.Union([
  Type.Tuple([Type.Literal("identifier"), Type.String({ maxLength: 255 }), Type.String({ maxLength: 1_000 })]),
  Type.Tuple([Type.Literal("name"), Type.Union([Type.Null(), Type.String({ format: "uuid" })])]),
]);
type Page = { customers: CustomerRow[]; cursor: string | null };

/**
 * Customers by the beginning of an identifier or of a name, or by id, page by page. Whoever is found by several is told
 * once; a page may have fewer than it could, and there are more as long as there is a cursor.
 */
export async function searchCustomers(
  db: Database,
  asked: string,
  cursor: string | undefined,
  size: number,
): Promise<Page> {
  const place = placeIn(Place, cursor, "cursor");
  const id = asked.toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    const row = await findCustomer(db, partitionOf(id), id);
    return { customers: row ? [row] : [], cursor: null };
  }
  const number = asked.replace(/[\s()-]/g, "");
  const prefix = /^\+?\d{3,}$/.test(number) ? number : id;
  if (place?.[0] === "name") return byName(db, { name: id, prefix, after: place[1], size });

  const after = place ? { kind: place[1], value: place[2] } : null;
  const found = await identifiersByPrefix(db, { prefix, after, limit: size });
  const heldBy = await identifiersOf(
    db,
    found.flatMap(({ customer }) => (customer ? [customer.customerId] : [])),
  );
  // Each is told at the first of its identifiers that match.
  const customers = found.flatMap(({ kind, value, customer }) => {
    if (!customer) return [];
    const matching = (heldBy.get(customer.customerId) ?? []).map(claimOf).filter((one) => beginsWith(one, prefix));
    const isFirst = !matching.some((one) => comesBefore(one, { kind, value }));
    return isFirst ? [customer] : [];
  });
  const last = found.at(-1);
  if (found.length === size && last) return { customers, cursor: cursorOf(["identifier", last.kind, last.value]) };
  const named = await byName(db, { name: id, prefix, after: null, size: size - customers.length });
  return { customers: [...customers, ...named.customers], cursor: named.cursor };
}

/** Those found by name whom no identifier has found before. */
async function byName(
  db: Database,
  { name, prefix, after, size }: { name: string; prefix: string; after: string | null; size: number },
): Promise<Page> {
  const place = after ? { partition: partitionOf(after), customerId: after } : null;
  const rows = size > 0 ? await customersByName(db, { prefix: name, after: place, limit: size }) : [];
  const heldBy = await identifiersOf(
    db,
    rows.map((row) => row.customerId),
  );
  const isNew = ({ customerId }: CustomerRow) =>
    !(heldBy.get(customerId) ?? []).some((key) => beginsWith(claimOf(key), prefix));
  const next = size > 0 ? (rows.at(-1)?.customerId ?? null) : after;
  return { customers: rows.filter(isNew), cursor: rows.length === size ? cursorOf(["name", next]) : null };
}

/** In any case: `prefix` is the lower. */
const beginsWith = ({ value }: Claim, prefix: string): boolean => value.toLowerCase().startsWith(prefix);

/** In the order of `identifiersByPrefix`. */
function comesBefore(one: Claim, other: Claim): boolean {
  const inBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return (
    (inBytes(one.value.toLowerCase(), other.value.toLowerCase()) ||
      inBytes(one.kind, other.kind) ||
      inBytes(one.value, other.value)) < 0
  );
}
