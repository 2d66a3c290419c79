/** Type oids of PostgreSQL's catalogue (pg_type.dat), fixed for all versions. */
const OID = { json: 114, text: 25, uuid: 2950, float8: 701, bytea: 17, int2: 21, tid: 27 } as const;

/**
 * Arrays as parameters in PostgreSQL's binary form (array_recv): nothing is quoted, escaped and parsed back, which for
 * columns of JSON costs more than the rows themselves. The statement must name the array's type, `$1::json[]`.
 */
export const jsonArray = (values: readonly (string | null)[]): Buffer =>
  arrayOf(OID.json, values, utf8Length, writeUtf8);
export const textArray = (values: readonly (string | null)[]): Buffer =>
  arrayOf(OID.text, values, utf8Length, writeUtf8);
export const uuidArray = (values: readonly (string | null)[]): Buffer =>
  arrayOf(
    OID.uuid,
    values,
    () => 16,
    (into, value, at) => into.write(value.replaceAll("-", ""), at, "hex"),
  );
export const float8Array = (values: readonly number[]): Buffer =>
  arrayOf(
    OID.float8,
    values,
    () => 8,
    (into, value, at) => into.writeDoubleBE(value, at),
  );
export const smallintArray = (values: readonly number[]): Buffer =>
  arrayOf(
    OID.int2,
    values,
    () => 2,
    (into, value, at) => into.writeInt16BE(value, at),
  );
/** Places of rows as PostgreSQL tells them, `(page,item)`. */
export const tidArray = (values: readonly string[]): Buffer =>
  arrayOf(
    OID.tid,
    values,
    () => 6,
    (into, value, at) => {
      const comma = value.indexOf(",");
      into.writeUInt32BE(Number(value.slice(1, comma)), at);
      into.writeUInt16BE(Number(value.slice(comma + 1, -1)), at + 4);
    },
  );
export const byteaArray = (values: readonly Buffer[]): Buffer =>
  arrayOf(
    OID.bytea,
    values,
    (value) => value.length,
    (into, value, at) => value.copy(into, at),
  );

const utf8Length = (value: string): number => Buffer.byteLength(value);
const writeUtf8 = (into: Buffer, value: string, at: number): number => into.write(value, at);

/** Header (dimensions, has nulls, element type; size and lower bound of the one dimension), then length and bytes of each. */
function arrayOf<T>(
  oid: number,
  values: readonly (T | null)[],
  lengthOf: (value: T) => number,
  write: (into: Buffer, value: T, at: number) => unknown,
): Buffer {
  const lengths = values.map((value) => (value === null ? -1 : lengthOf(value)));
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), values.length > 0 ? 20 : 12);
  const array = Buffer.allocUnsafe(size);
  array.writeInt32BE(values.length > 0 ? 1 : 0, 0);
  array.writeInt32BE(lengths.includes(-1) ? 1 : 0, 4);
  array.writeInt32BE(oid, 8);
  if (values.length === 0) return array;
  array.writeInt32BE(values.length, 12);
  array.writeInt32BE(1, 16);
  let at = 20;
  for (const [index, value] of values.entries()) {
    const length = lengths[index] as number;
    array.writeInt32BE(length, at);
    at += 4;
    if (value === null) continue;
    write(array, value, at);
    at += length;
  }
  return array;
}
