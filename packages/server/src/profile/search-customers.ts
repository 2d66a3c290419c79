import { normalisePhone } from "@rapport/engine/identity/index";
import { Type } from "typebox";

import { partitionOf } from "../partition/index.ts";
import type { Database } from "../platform/database.ts";
import { cursorOf, placeIn } from "../platform/http/cursor.ts";
import {
  type CustomerRow,
  customersByName,
  findCustomer,
  firstIdentifiers,
  identifiersByPrefix,
  type NamePlace,
} from "./store.ts";

/** How far a search has come: through the identifiers first, then through the names. */
const Place = Type.Union([
  Type.Tuple([Type.Literal("identifier"), Type.String({ maxLength: 255 }), Type.String({ maxLength: 1_000 })]),
  Type.Tuple([Type.Literal("name")]),
  Type.Tuple([Type.Literal("name"), Type.String({ maxLength: 1_000 }), Type.String({ format: "uuid" })]),
]);
type Page = { customers: CustomerRow[]; cursor: string | null };

/**
 * Customers by the beginning of an identifier or of a name, or by id, page by page. A number without a country is one of
 * `country`. Whoever is found by several is told once; a page may have fewer than it could, and there are more as long as
 * there is a cursor.
 */
export async function searchCustomers(
  db: Database,
  asked: string,
  cursor: string | undefined,
  size: number,
  country: string | null = null,
): Promise<Page> {
  const place = placeIn(Place, cursor, "cursor");
  const id = asked.toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    const row = await findCustomer(db, partitionOf(id), id);
    return { customers: row ? [row] : [], cursor: null };
  }
  const prefix = await prefixOf(db, asked, country);
  if (place?.[0] === "name") {
    const [, name, customerId] = place;
    const after = name === undefined || customerId === undefined ? null : { name, customerId };
    return byName(db, { name: asked, prefix, after, size });
  }

  const after = place ? { kind: place[1], value: place[2] } : null;
  const found = await identifiersByPrefix(db, { prefix, after, limit: size });
  const holders = found.flatMap(({ customer }) => (customer ? [customer.customerId] : []));
  const first = await firstIdentifiers(db, holders, prefix);
  // Each is told at the first of its identifiers that match.
  const customers = found.flatMap(({ kind, value, customer }) => {
    const at = customer && first.get(customer.customerId);
    return at && at.kind === kind && at.value === value ? [customer] : [];
  });
  const last = found.at(-1);
  if (found.length === size && last) return { customers, cursor: cursorOf(["identifier", last.kind, last.value]) };
  const named = await byName(db, { name: asked, prefix, after: null, size: size - customers.length });
  return { customers: [...customers, ...named.customers], cursor: named.cursor };
}

/**
 * What identifiers are to begin with: what was asked, when one does (`A-42`, `0815-42`); otherwise the number that it is in some
 * form (`020 7946 0958` in `country`, `tel:+44…`), or the beginning of one.
 */
async function prefixOf(db: Database, asked: string, country: string | null): Promise<string> {
  const number = normalisePhone(asked, country) ?? asked.replace(/[\s()./-]/g, "");
  if (!/^\+?\d{3,}$/.test(number)) return asked;
  const [asIs] = await identifiersByPrefix(db, { prefix: asked, after: null, limit: 1 });
  return asIs ? asked : number;
}

/** Those found by name whom no identifier has found before. */
async function byName(
  db: Database,
  { name, prefix, after, size }: { name: string; prefix: string; after: NamePlace | null; size: number },
): Promise<Page> {
  const rows = size > 0 ? await customersByName(db, { prefix: name, after, limit: size }) : [];
  const ids = rows.map(({ customer }) => customer.customerId);
  const toldBefore = await firstIdentifiers(db, ids, prefix);
  const next = rows.at(-1)?.place ?? after;
  return {
    customers: rows.flatMap(({ customer }) => (toldBefore.has(customer.customerId) ? [] : [customer])),
    cursor: rows.length === size ? cursorOf(next ? ["name", next.name, next.customerId] : ["name"]) : null,
  };
}
