import type { HeaderField } from "./mail-head.ts";
import { coversWhatCounts, signaturesIn } from "./speaks-for-us.ts";

/** What a relay of ours found out about a mail: the domains that passed, and whether their owner's policy (DMARC) refuses it. */
export type RelayFindings = { dkim: string[]; spf: string | null; dmarcFailed: boolean };

/** A relay of ours hands mail on by so many hops at most. */
const OUR_HOPS = 3;

/**
 * Reads what our own relay wrote into `Authentication-Results` (RFC 8601): the topmost fields that name one of
 * `authservIds`, down to the next `Received`. Those below were in the mail when the relay got it, and anybody can have
 * written them. Null when the relay wrote nothing.
 */
export function readRelayFindings(head: HeaderField[], authservIds: readonly string[]): RelayFindings | null {
  const results = topmost(head, new Set(authservIds.map((id) => id.toLowerCase())));
  if (results === null) return null;
  const passed = (method: string) => results.filter((one) => one.method === method && one.result === "pass");
  const signed = signaturesIn(head).filter(({ fields, limited }) => !limited && coversWhatCounts(fields));
  return {
    dkim: passed("dkim")
      .map(({ properties }) => domainIn(properties.get("header.d") ?? properties.get("header.i")))
      .filter((domain) => signed.some((one) => one.domain === domain)),
    spf: passed("spf").map(({ properties }) => domainIn(properties.get("smtp.mailfrom")))[0] ?? null,
    dmarcFailed: results.some(({ method, result }) => method === "dmarc" && result !== "pass" && result !== "none"),
  };
}

type Result = { method: string; result: string; properties: Map<string, string> };

function topmost(head: HeaderField[], authservIds: ReadonlySet<string>): Result[] | null {
  const found: Result[] = [];
  let hops = 0;
  let isOurs = false;
  for (const { name, value } of head) {
    if (name === "received" && (isOurs || ++hops > OUR_HOPS)) break;
    if (name !== "authentication-results") continue;
    const [id = "", ...results] = partsOf(value);
    if (!authservIds.has((id.split(/\s/, 1)[0] ?? "").toLowerCase())) continue;
    isOurs = true;
    // What a field above has told of a method stands: another below may have been in the mail before.
    const told = new Set(found.map(({ method }) => method));
    found.push(...results.flatMap(resultOf).filter(({ method }) => !told.has(method)));
  }
  return isOurs ? found : null;
}

/** The parts between semicolons, without comments, which nest (RFC 5322, 3.2.2); quoted strings stay as they are. */
function partsOf(value: string): string[] {
  const parts = [""];
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < value.length; at++) {
    const letter = value[at] ?? "";
    const isEscape = letter === "\\" && (isQuoted || depth > 0);
    if (letter === '"' && depth === 0 && !isEscape) isQuoted = !isQuoted;
    if (isEscape) at += 1;
    if (isEscape && isQuoted) parts.push(`${parts.pop()}\\${value[at] ?? ""}`);
    else if (isEscape) continue;
    else if (letter === "(" && !isQuoted) depth += 1;
    else if (letter === ")" && depth > 0) depth -= 1;
    else if (letter === ";" && depth === 0 && !isQuoted) parts.push("");
    else if (depth === 0) parts.push(`${parts.pop()}${letter}`);
  }
  return parts.map((part) => part.trim());
}

/** `method[/version]=result property=value …`; of a property that is given twice, the first. */
function resultOf(part: string): Result[] {
  const [first = "", ...rest] = wordsOf(part);
  const [method = "", result = ""] = first.toLowerCase().split("=");
  const properties = rest.map((one): [string, string] => {
    const equals = one.indexOf("=");
    return [one.slice(0, equals).toLowerCase(), one.slice(equals + 1)];
  });
  return result === ""
    ? []
    : [{ method: method.split("/")[0] ?? "", result, properties: new Map(properties.reverse()) }];
}

/** Words between blanks; a blank in a quoted string parts nothing, nor does one beside an equals sign. */
const wordsOf = (part: string): string[] =>
  part
    .replace(/\s+/g, " ")
    .replace(/ ?= ?/g, "=")
    .match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];

/** Of an address, an identity such as `@domain`, or a domain. */
const domainIn = (text = ""): string => text.slice(text.lastIndexOf("@") + 1).toLowerCase();
