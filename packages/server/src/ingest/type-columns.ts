import type { BadRow, ImportRow } from "./import-row.ts";

/** Columns of a CSV file whose cells are no texts, by the trait's name. */
export type ColumnTypes = ReadonlyMap<string, "number" | "boolean">;

/** As a person writes a number: a leading nought, a plus or a blank means that it is a code; beyond 15 digits it would be rounded. */
const PLAIN = /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/;
const YES_OR_NO = /^(true|false)$/i;
/** Words of names whose numbers are never counted with: ids, telephones, postcodes, cards. */
const CODES = new Set(
  `id ids uid uuid guid nr number phone mobile cell tel telephone fax whatsapp msisdn zip zipcode plz postcode postal
  postleitzahl code card account konto iban bic pin sku ean isbn ssn vat tax ref reference key barcode imei serial name
  email`.split(/\s+/),
);

/** Of all rows of a file, which traits are numbers, or true and false, in every row that states them. */
export async function columnTypesOf(rows: AsyncIterable<ImportRow | BadRow>): Promise<ColumnTypes> {
  const types = new Map<string, "number" | "boolean" | "text">();
  for await (const row of rows) {
    if (row.kind === "bad") continue;
    for (const [name, cell] of Object.entries(row.value.traits as Record<string, string>)) {
      const type = isCode(name) ? "text" : typeOf(cell);
      if ((types.get(name) ?? type) === type) types.set(name, type);
      else types.set(name, "text");
    }
  }
  return new Map([...types].filter((one): one is [string, "number" | "boolean"] => one[1] !== "text"));
}

const typeOf = (cell: string) => (PLAIN.test(cell) ? "number" : YES_OR_NO.test(cell) ? "boolean" : "text");

/** `customerId`, `zip_code`, `Postal Code`. */
const isCode = (name: string): boolean =>
  name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .some((word) => CODES.has(word));

/** The rows with the cells of these columns as what they are. */
export async function* withColumnTypes(
  rows: AsyncIterable<ImportRow | BadRow>,
  types: ColumnTypes,
): AsyncGenerator<ImportRow | BadRow> {
  for await (const row of rows) yield row.kind === "bad" ? row : typed(row, types);
}

function typed(row: ImportRow, types: ColumnTypes): ImportRow {
  const traits = Object.entries(row.value.traits as Record<string, string>).map(([name, cell]) => {
    const type = types.get(name);
    if (type === undefined) return [name, cell] as const;
    return [name, type === "number" ? Number(cell) : cell.toLowerCase() === "true"] as const;
  });
  return { ...row, value: { ...row.value, traits: Object.fromEntries(traits) } };
}

/** What is said of it to who imports; null where all are texts. */
export function toldTypes(types: ColumnTypes): string | null {
  const named = (type: string) => [...types].filter(([, one]) => one === type).map(([name]) => name);
  const [numbers, booleans] = [named("number"), named("boolean")];
  const told = [
    ...(numbers.length > 0 ? [`as numbers: ${numbers.join(", ")}`] : []),
    ...(booleans.length > 0 ? [`as true or false: ${booleans.join(", ")}`] : []),
  ];
  return told.length > 0 ? `columns read ${told.join("; ")}` : null;
}
