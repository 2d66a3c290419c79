import type { ParsedMail, ParsedPart } from "mailparser";

import { addressIn, addressesIn } from "./address-in.ts";
import { type BounceReason, isHard, TELLS_NOTHING } from "./bounce-reason.ts";
import { reasonOfSaying } from "./reason-of-saying.ts";
import { phaseIn, refusalIn } from "./smtp-phase.ts";

/** One address that a mail did not reach; not `final` while the server still tries. */
export type Bounce = {
  address: string | null;
  hard: boolean;
  reason: BounceReason;
  status: string | null;
  final: boolean;
};

/** A report of a message of ours is about one address; some servers add those that it was forwarded to. */
const MOST_ADDRESSES = 50;

/**
 * The failures that a mail reports, fifty at most: by the delivery-status part (RFC 3464) where it has one, otherwise by the text that
 * older servers write. Empty when the mail is no bounce, or tells of a success only.
 */
export function readBounces(mail: ParsedMail): Bounce[] {
  const reports = mail.attachments.filter(({ contentType }) => IS_REPORT.test(contentType ?? ""));
  if (reports.length > 0) {
    const groups = reports.flatMap(recipientGroups);
    const failed = groups.filter((group) => !/^(delivered|relayed|expanded)/i.test(field(group, "action") ?? ""));
    const words = ownWords(mail);
    return failed.slice(0, MOST_ADDRESSES).map((group) => fromGroup(group, words));
  }
  return looksLikeBounce(mail) ? fromText(ownWords(mail)) : [];
}

/** RFC 3464, and RFC 6533 for addresses beyond ASCII. */
const IS_REPORT = /^message\/(global-)?delivery-status$/i;

type Fields = Map<string, string>;

/** Groups of fields, one a recipient, apart from the first, which is about the message. */
function recipientGroups(report: ParsedPart): Fields[] {
  return report.content
    .subarray(0, 200_000)
    .toString("utf8")
    .split(/\r?\n[ \t]*\r?\n/)
    .map(fieldsOf)
    .filter((group) => group.has("final-recipient") || group.has("original-recipient") || group.has("action"));
}

function fieldsOf(block: string): Fields {
  const lines = block.split(/\r?\n(?![ \t])/);
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(":");
      return colon < 1
        ? []
        : [
            [
              line.slice(0, colon).trim().toLowerCase(),
              line
                .slice(colon + 1)
                .replace(/\s+/g, " ")
                .trim(),
            ],
          ];
    }),
  );
}

const field = (group: Fields, name: string): string | null => group.get(name) ?? null;

function fromGroup(group: Fields, text: string): Bounce {
  const address =
    addressIn(field(group, "final-recipient") ?? "") ?? addressIn(field(group, "original-recipient") ?? "");
  const [, kind = "", diagnostic = ""] = /^(?:([\w-]+);)?\s*(.*)$/s.exec(field(group, "diagnostic-code") ?? "") ?? [];
  const status =
    [diagnostic, field(group, "status") ?? ""]
      .map(statusIn)
      .find((found) => found !== null && !found.endsWith(".0.0")) ?? statusIn(field(group, "status") ?? "");
  const about = aboutAddress(text, address);
  const refusal = refusalIn(about);
  const phase = phaseIn(diagnostic) ?? refusal?.phase ?? phaseIn(about);
  const byDiagnostic = reasonOfSaying(diagnostic, { status, phase });
  const told =
    byDiagnostic === "undefined" || diagnostic.length < 12
      ? reasonOfSaying(refusal?.line ?? about, { status, phase })
      : byDiagnostic;
  // RFC 3464, 2.3.6: the exit code of a program that should have taken the mail.
  const reason = /^x-unix$/i.test(kind) && /^\d+$/.test(diagnostic) ? "mailer-error" : credible(told, address, text);
  return { address, hard: isHard(reason), reason, status, final: !/^delayed/i.test(field(group, "action") ?? "") };
}

/** Whether an address that is said to be unknown is surely dead: not where one and the same report says that its mailbox is full. */
function credible(told: BounceReason, address: string | null, text: string): BounceReason {
  if (told !== "user-unknown") return told;
  if (TELLS_NOTHING.test(address ?? "")) return "filtered";
  const namesOne = new Set(addressesIn(text).map((named) => named.address)).size <= 1;
  return namesOne && reasonOfSaying(text, { status: null, phase: null }) === "mailbox-full" ? "mailbox-full" : told;
}

function statusIn(text: string): string | null {
  return text.match(/(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/)?.[1] ?? null;
}

const FROM_A_MACHINE =
  /mailer[-_]?daemon|mail[-_]?daemon|post[-_]?master|mail ?delivery|no-?reply|delivery-?(subsystem|notif)|^\W*root@|symantec|mmaol|mail-?system/i;
const FAILED =
  /undeliver|returned (mail|e-?mail|to sender)|delivery (status|fail|has failed|problem|error|delayed|unsuccessful)|failure (notice|notification|delivery)|failed (mail|delivery)|mail failed|return(ing|ed) (\w+ )?to (the )?sender|mail (delivery |system |could not|failure)|delivery notification|could not be (sent|delivered)|non ?remis|unzustellbar|не доставлено|недоставлен|无法投递|退信|配信|メール|エラー|bounce|warning: could not send|deferred mail|message not delivered|can.?t (be )?deliver|rejected|nondeliverable|error (sending|delivering)|mail error|problem delivering|unable to deliver|not (be )?deliver(ed|able)|permanent (error|failure)|smtp error|error message below|invalid (user|recipient) address|\b5\d\d[ -]5\.\d{1,3}\.\d{1,3}\b/i;

/** Both must speak for it: who wrote it, and what it says. A person who forwards a bounce with a word of his own is no machine. */
function looksLikeBounce(mail: ParsedMail): boolean {
  const from = mail.from?.value[0];
  const isMachine =
    FROM_A_MACHINE.test(`${from?.name ?? ""} ${from?.address ?? ""}`) ||
    returnPathIsEmpty(mail) ||
    mail.headers.has("x-failed-recipients");
  return isMachine && (FAILED.test(mail.subject ?? "") || FAILED.test(ownWords(mail).slice(0, 1_000)));
}

function returnPathIsEmpty(mail: ParsedMail): boolean {
  return mail.headerLines.some(({ key, line }) => key === "return-path" && /:\s*<>\s*$/.test(line));
}

/** What the server itself wrote: the text up to the copy of the message that it returns. */
function ownWords(mail: ParsedMail): string {
  const text = (mail.text ?? "").slice(0, 50_000);
  const copy = text.search(
    /^(-{2,}.{0,40}(copy of|original message|unsent message|below this line|returned message|message (text|header|content)|undelivered message|header of).*|(your )?original message.{0,40}|received: (from|by) .*|return-path: .*|message header.{0,20}|------ this is a copy.*)$/im,
  );
  return copy > 40 ? text.slice(0, copy) : text;
}

/** Each address named with the words around it. Without any, one bounce of the whole text. */
function fromText(text: string): Bounce[] {
  const named = [...new Set(addressesIn(text).map(({ address }) => address))]
    .filter((address) => !FROM_A_MACHINE.test(address))
    .slice(0, MOST_ADDRESSES);
  const bounces = named.map((address) => fromWords(address, aboutAddress(text, address)));
  const told = bounces.filter(({ reason }) => reason !== "undefined");
  return told.length > 0 ? told : [fromWords(named[0] ?? null, text)];
}

function fromWords(address: string | null, words: string): Bounce {
  const refusal = refusalIn(words);
  const phase = refusal?.phase ?? phaseIn(words);
  const status = statusIn(refusal?.line ?? words);
  const reply = refusal?.line ?? words.match(REPLY)?.[0] ?? "";
  const byReply = reasonOfSaying(reply, { status: statusIn(reply), phase });
  const told = byReply === "undefined" ? reasonOfSaying(words, { status, phase }) : byReply;
  const reason = credible(told, address, "");
  return { address, hard: isHard(reason), reason, status, final: !STILL_TRYING.test(words) };
}

/** What a server answered, within the words of another that tells of it. */
const REPLY = /(?<![\w.-])[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3}[ -])?.{8,1000}/s;

const STILL_TRYING =
  /not yet been delivered|will (continue|keep) (to )?try|no action is required|warning message only|still trying/i;

/** From the address to where the next one is named, or all that was said when that is too little to judge. */
function aboutAddress(text: string, address: string | null): string {
  const start = address === null ? -1 : text.indexOf(address);
  if (address === null || start < 0) return text;
  const next = addressesIn(text).find(
    (other) => other.at > start && other.address !== address && !FROM_A_MACHINE.test(other.address),
  );
  const lineStart = text.lastIndexOf("\n", start) + 1;
  const about = text.slice(lineStart, next?.at ?? text.length);
  return about.length - address.length > 30 ? about : text;
}
