import { headerBlockAt, introductionAt, separatorAt } from "./quote-beginnings.ts";
import { signatureAt } from "./signature.ts";

const RULE = /^[-_=*—]{3,}$/;

const LONGEST = 100_000;

/** What a person wrote above, between or below the quoted mail; quotes, introductions and signatures are left out. */
export function replyText(mailText: string): string {
  const lines = startOf(mailText)
    .replace(/\r\n?/g, "\n")
    .replace(/[\u200b\u200e\u200f\ufeff]/g, "")
    .split("\n");
  return ownChunks(lines)
    .map(written)
    .filter((chunk) => chunk !== "")
    .join("\n\n")
    .replace(/\n{3,}/g, "\n\n");
}

/** Not cut within a character of two code units. */
function startOf(text: string): string {
  const start = text.slice(0, LONGEST);
  return text.length > LONGEST ? start.replace(/[\ud800-\udbff]$/, "") : start;
}

/** Some programs quote by a bar; a row of a table ends with one, too. */
const isQuoted = (line: string | undefined): boolean => /^\s{0,8}(>|\|(?!.*\|\s*$))/.test(line ?? "");

/** The stretches between marked quotes; everything from a quote without marks on is somebody else's. */
function ownChunks(lines: string[]): string[][] {
  const chunks: string[][] = [[]];
  for (let at = 0; at < lines.length; at++) {
    if (separatorAt(lines, at) || headerBlockAt(lines, at)) return chunks;
    const introduction = introductionAt(lines, at);
    if (introduction > 0) {
      at += introduction - 1;
      if (isQuoted(lines.slice(at + 1, at + 4).find((line) => line.trim() !== ""))) continue;
      return chunks;
    }
    const line = lines[at] ?? "";
    if (isQuoted(line) || isRestOf(lines[at - 1], line)) {
      if (chunks.at(-1)?.some((own) => own.trim() !== "")) chunks.push([]);
    } else chunks.at(-1)?.push(line);
  }
  return joinAnswers(chunks);
}

/** A full line of a quote may have been broken in two, the second half without a mark. */
function isRestOf(before: string | undefined, line: string): boolean {
  const [word = ""] = line.split(" ", 1);
  return isQuoted(before) && /^\p{Ll}/u.test(line) && (before ?? "").length + word.length >= FULL_LINE;
}

/** RFC 5322 wants lines of at most 78 characters; programs break a few before. */
const FULL_LINE = 74;

/** Answers of a line or so between quotes belong together: no blank lines among them that were not there. */
function joinAnswers(chunks: string[][]): string[][] {
  const areTight = chunks.every((chunk) => chunk.filter((line) => line.trim() !== "").length <= 1);
  return areTight ? [chunks.flat()] : chunks;
}

function written(lines: string[]): string {
  const own = lines.slice(0, signatureAt(lines)).map((line) => line.trimEnd());
  while (own.length > 0 && (own.at(-1) === "" || RULE.test(own.at(-1)?.trim() ?? ""))) own.pop();
  return own.join("\n").trim();
}
