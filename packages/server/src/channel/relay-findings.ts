import type { HeaderField } from "./mail-head.ts";
import { coversWhatCounts, type DkimSignature, signaturesIn, speaksForUs } from "./speaks-for-us.ts";

/**
 * What a relay of ours found out about a mail: the domains that passed, and whether their owner's policy (DMARC) refuses it.
 * A signature is in the letter, which anybody may send again, so it is held to the bounds that it has without a relay: what it
 * covers, how old the letter is, and to whom. SPF tells who brought this copy to the relay just now, and needs none, as without
 * a relay. DMARC only ever refuses here; its pass would rest on one of the two.
 */
export type RelayFindings = { dkim: string[]; spf: string | null; dmarcFailed: boolean };

/** A relay of ours hands mail on by so many hops at most. */
const OUR_HOPS = 3;

/**
 * Reads what our own relay wrote into `Authentication-Results` (RFC 8601): the topmost fields that name one of
 * `authservIds`, down to the next `Received`. Those below were in the mail when the relay got it, and anybody can have
 * written them. Null when the relay wrote nothing.
 */
export function readRelayFindings(
  head: HeaderField[],
  { authservIds, domain, now }: { authservIds: readonly string[]; domain: string; now: number },
): RelayFindings | null {
  const results = topmost(head, new Set(authservIds.map((id) => id.toLowerCase())));
  if (results === null) return null;
  const passed = (method: string) => results.filter((one) => one.method === method && one.result === "pass");
  const signatures = speaksForUs(head, { domain, now }) ? signaturesIn(head) : [];
  return {
    dkim: passed("dkim")
      .filter((result) => isCovered(signatures.filter((signature) => mayBeOf(result, signature))))
      .map(({ properties }) => domainIn(properties.get("header.d") ?? properties.get("header.i"))),
    spf: passed("spf").map(({ properties }) => domainIn(properties.get("smtp.mailfrom")))[0] ?? null,
    dmarcFailed: results.some(({ method, result }) => method === "dmarc" && result !== "pass" && result !== "none"),
  };
}

/** Whether a result may be of this signature: the relay tells its domain, or an identity, in that domain or below it. */
function mayBeOf({ properties }: Result, { domain }: DkimSignature): boolean {
  const signing = properties.get("header.d");
  if (signing !== undefined) return domainIn(signing) === domain;
  return `.${domainIn(properties.get("header.i"))}`.endsWith(`.${domain}`);
}

/**
 * Which of a domain's signatures has passed, a relay's findings do not tell: selectors repeat, and anybody can add a signature
 * that does not hold. So each of them must cover what counts.
 */
const isCovered = (signatures: DkimSignature[]): boolean =>
  signatures.length > 0 && signatures.every(({ fields, limited }) => !limited && coversWhatCounts(fields));

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
