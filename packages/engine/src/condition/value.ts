/**
 * How values behave in conditions, in memory and in SQL alike.
 *
 * - A missing variable, field or element, null, NaN and infinity are *unknown*, written `null`.
 * - An operator with an unknown operand answers unknown, as in SQL; `&&`, `||` and `!` follow three-valued logic
 *   (`false && unknown` is false, `true || unknown` is true). A condition holds only when it is true.
 * - `+` joins texts where one side is a text by its form (a constant, a function); between two facts it adds numbers.
 * - `==` of two known values of different kinds is false; an order between different kinds is unknown.
 * - Text is ordered by code point; `size` of a text counts code points.
 * - Numbers are IEEE doubles. Division by zero is unknown. So that no back end overflows where the other does not,
 *   `+` and `-` answer unknown on operands beyond ±1e300, `*` and `/` on operands that are not 0 and have a size
 *   outside 1e-150…1e150.
 */
export type Value = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>> | null;

export const SUM_LIMIT = 1e300;
export const PRODUCT_LIMIT = 1e150;

/** A fact as a value: what cannot be known is null. */
export function toValue(fact: unknown): Value {
  switch (typeof fact) {
    case "number":
      return Number.isFinite(fact) ? fact : null;
    case "string":
    case "boolean":
      return fact;
    case "object":
      return fact as Value;
    default:
      return null;
  }
}

/** An own field of a record, an element of a list; inherited ones do not exist. */
export function fieldOf(of: unknown, name: string): Value {
  if (typeof of !== "object" || of === null || Array.isArray(of) || !Object.hasOwn(of, name)) return null;
  return toValue((of as Record<string, unknown>)[name]);
}

/** Equality of two known values: by content, kinds never mixed. */
export function sameValue(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => sameValue(toValue(item), toValue(right[index])));
  }
  const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && sameValue(toValue(a[name]), toValue(b[name])));
}

/** Negative, zero or positive; null when the two have no order. */
export function orderOf(left: Value, right: Value): number | null {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return orderOfTexts(left, right);
  return null;
}

/** UTF-16 order differs from code point order only where a surrogate meets U+E000…U+FFFF. */
function orderOfTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)];
    if (a === b) continue;
    const surrogates = Number(a >= 0xd800 && a <= 0xdfff) - Number(b >= 0xd800 && b <= 0xdfff);
    return surrogates !== 0 && a >= 0xd800 && b >= 0xd800 ? surrogates : a - b;
  }
  return left.length - right.length;
}

/** Code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
