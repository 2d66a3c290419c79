const LONGEST_SAYING = 4_000;

/** Compounds that people write in sentences; any other is the name of something. */
const COMMON = new Set(
  "e mail non existent existant exist anti spam black block white list listed grey greylisted over quota user unknown mailbox full rate limit limited no such out of office re try time timeout junk auto reply in up to date sender recipient not found self".split(
    " ",
  ),
);

/**
 * What a server said, without what would speak for itself: links, addresses, host names and other identifiers are names,
 * and the words within them mean nothing (policy@…, mx.filtered.example, ke-ssl-er). Reply codes are left out, too.
 */
export function plainWords(said: string): string {
  return said
    .slice(0, LONGEST_SAYING)
    .replace(/\s+/g, " ")
    .replace(/\bhttps?:\/\/\S{1,1000}/gi, "…")
    .replace(/<?[^\s<>"()[\]]{1,64}@[^\s<>"()[\],;:]{1,255}>?/g, "…")
    .replace(/(?<![\w.-])[245]\d\d(?: ?- ?|(?= ))(?:[245]\.\d{1,3}\.\d{1,3} ?)?/g, " ")
    .replace(/(?<![\w.-])[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63}){1,10}/gi, (name) => (isHost(name) ? "…" : name))
    .replace(/(?<![\w-])[a-z\d]{1,40}(?:[-_][a-z\d]{1,40}){1,10}(?![\w-])/gi, (name) => (isSaid(name) ? name : "…"))
    .replace(/ {2,}/g, " ");
}

/** "sentence.Next" is no host: hosts are written in one case, or have more than one dot. */
const isHost = (name: string): boolean => name === name.toLowerCase() || name.indexOf(".") !== name.lastIndexOf(".");

const isSaid = (name: string): boolean =>
  name
    .toLowerCase()
    .split(/[-_]/)
    .every((part) => COMMON.has(part));
