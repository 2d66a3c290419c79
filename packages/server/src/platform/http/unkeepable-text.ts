/** Whether a text anywhere in it is one that PostgreSQL cannot keep: with U+0000 or half a surrogate pair. However deep it goes. */
export function holdsUnkeepable(given: unknown): boolean {
  const left: unknown[] = [given];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one === "string") {
      if (one.includes("\0") || !one.isWellFormed()) return true;
    } else if (typeof one === "object" && one !== null && !ArrayBuffer.isView(one)) {
      for (const [name, value] of Object.entries(one)) left.push(name, value);
    }
  }
  return false;
}
