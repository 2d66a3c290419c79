/** A mail that cannot be read, now or ever: its sender is told so, and keeps it. */
export class UnreadableMail extends Error {}

export type HeaderField = { name: string; value: string };

/** Mail programs write a few KB of headers; parsing hundreds of KB of addresses would hold up everybody else. */
const LARGEST_HEAD = 64 * 1_024;

/** The fields of a mail's head, from the top, unfolded (RFC 5322, 2.2.3), names in lower case. Throws `UnreadableMail` when the head is monstrous. */
export function headOf(raw: Buffer): HeaderField[] {
  const text = raw.subarray(0, LARGEST_HEAD).toString("latin1");
  const end = /^\r?\n|\n\r?\n/.exec(text)?.index ?? -1;
  if (end < 0 && raw.length > LARGEST_HEAD) throw new UnreadableMail(`the head is over ${LARGEST_HEAD} bytes`);
  return (end < 0 ? text : text.slice(0, end)).split(/\r?\n(?![ \t])/).flatMap((line) => {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trimEnd().toLowerCase();
    return colon < 1
      ? []
      : [
          {
            name,
            value: line
              .slice(colon + 1)
              .replace(/\r?\n/g, "")
              .trim(),
          },
        ];
  });
}

/** The only field of this name; null when there is none, or more than one. */
export function onlyField(head: HeaderField[], name: string): string | null {
  const [field, another] = head.filter((one) => one.name === name);
  return field && !another ? field.value : null;
}
