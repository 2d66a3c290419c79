/** Whether a text anywhere in it has the character that PostgreSQL keeps in no text. However deep it goes. */
export function holdsNul(given: unknown): boolean {
  const left: unknown[] = [given];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one === "string") {
      if (one.includes("\0")) return true;
    } else if (typeof one === "object" && one !== null && !ArrayBuffer.isView(one)) {
      for (const [name, value] of Object.entries(one)) left.push(name, value);
    }
  }
  return false;
}
