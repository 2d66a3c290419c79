/** A value as text, as `String` says it. What was sent may hold a `toString` that is no function. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return JSON.stringify(value);
  }
}
