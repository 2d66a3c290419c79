import { UnreadableMail } from "./mail-head.ts";

/** What people and their programs write stays far below these. */
const MOST_MULTIPARTS = 50;
const MOST_PARTS = 500;
const LARGEST_PART_HEAD = 64 * 1_024;

const BOUNDARY = /boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi;

/**
 * Looks over a mail before it is parsed: more parts, deeper ones, or larger heads of parts than anybody writes cost more to
 * parse than they are worth. Linear in the mail's length. Throws `UnreadableMail`.
 */
export function lookOver(raw: Buffer): void {
  const text = raw.toString("latin1");
  const boundaries = new Set<string>();
  for (const [, quoted, bare] of text.matchAll(BOUNDARY)) {
    boundaries.add(`--${quoted ?? bare}`);
    if (boundaries.size > MOST_MULTIPARTS) throw new UnreadableMail(`more than ${MOST_MULTIPARTS} multiparts`);
  }
  let parts = 0;
  for (let start = text.startsWith("--") ? 0 : next(text, 0); start >= 0; start = next(text, start)) {
    const line =
      text
        .slice(start, start + 210)
        .split(/\r?\n/, 1)[0]
        ?.trimEnd() ?? "";
    if (!boundaries.has(line)) continue;
    parts += 1;
    if (parts > MOST_PARTS) throw new UnreadableMail(`more than ${MOST_PARTS} parts`);
    if (headLength(text, start) > LARGEST_PART_HEAD) throw new UnreadableMail("a part with a monstrous head");
  }
}

/** Where the next line that begins with two hyphens starts, or -1. */
function next(text: string, from: number): number {
  const newline = text.indexOf("\n--", from);
  return newline < 0 ? -1 : newline + 1;
}

function headLength(text: string, start: number): number {
  const within = text.slice(start, start + LARGEST_PART_HEAD + 4);
  const end = within.search(/\n\r?\n/);
  return end < 0 ? within.length : end;
}
