import { readAnswer } from "@rapport/engine/message/answer-words";
import { readKeyword } from "@rapport/engine/message/opt-out-words";

import { headerBlockAt, introductionAt, isMarked, nextWritten, separatorAt } from "./quote-beginnings.ts";
import { signatureAt } from "./signature.ts";

const RULE = /^[-_=*—]{3,}$/;

const LONGEST = 100_000;

/** What a person wrote above, between or below the quoted mail; quotes, introductions and signatures are left out. */
export function replyText(mailText: string): string {
  const lines = startOf(mailText)
    .replace(/\r\n?/g, "\n")
    .replace(/[\u200b\u200e\u200f\ufeff]/g, "")
    .split("\n");
  const chunks = ownChunks(lines)
    .map(written)
    .filter((chunk) => chunk !== "");
  if (chunks.length === 0) return optOutAtTheEnd(lines);
  // Answers of a line between quotes belong together: no blank lines among them that were not there.
  const areTight = chunks.every((chunk) => !chunk.includes("\n"));
  return chunks.join(areTight ? "\n" : "\n\n").replace(/\n{3,}/g, "\n\n");
}

/**
 * Below a quote without marks nobody can tell the answer from the quote. A last paragraph that does nothing but opt out is
 * heard, where nothing else was written: what is heard wrongly there can be undone, and what is lost cannot.
 */
function optOutAtTheEnd(lines: string[]): string {
  const paragraphs: string[][] = [[]];
  for (const line of lines)
    if (line.trim() === "") paragraphs.push([]);
    else paragraphs.at(-1)?.push(line);
  for (const paragraph of paragraphs.reverse()) {
    const last = written(paragraph.filter((line) => !isMarked(line)));
    if (last !== "") return readKeyword(last).kind === "opt-out" ? last : "";
    if (paragraph.some(isMarked)) return "";
  }
  return "";
}

/** Not cut within a character of two code units. */
function startOf(text: string): string {
  const start = text.slice(0, LONGEST);
  return text.length > LONGEST ? start.replace(/[\ud800-\udbff]$/, "") : start;
}

/** The stretches between marked quotes; everything from a quote without marks on is somebody else's. */
function ownChunks(lines: string[]): string[][] {
  const chunks: string[][] = [[]];
  for (let at = 0; at < lines.length; at++) {
    if (separatorAt(lines, at) || headerBlockAt(lines, at)) return chunks;
    const introduction = introductionAt(lines, at);
    if (introduction > 0) {
      at += introduction - 1;
      if (isMarked(nextWritten(lines, at))) continue;
      return chunks;
    }
    const line = lines[at] ?? "";
    if (isMarked(line) || isRestOf(lines[at - 1], line)) {
      if (chunks.at(-1)?.some((own) => own.trim() !== "")) chunks.push([]);
    } else chunks.at(-1)?.push(line);
  }
  return chunks;
}

/** A full line of a quote may have been broken in two, the second half without a mark; an answer is not such a half. */
function isRestOf(before: string | undefined, line: string): boolean {
  const [word = "", ...more] = line.trim().split(" ");
  const isFull = (before ?? "").length + word.length >= FULL_LINE;
  if (!isMarked(before ?? "") || !/^\p{Ll}/u.test(line) || !isFull) return false;
  return readKeyword(line).kind !== "opt-out" && (more.length > 0 || readAnswer(word) === null);
}

/** RFC 5322 wants lines of at most 78 characters; programs break a few before. */
const FULL_LINE = 74;

function written(lines: string[]): string {
  const own = lines.slice(0, signatureAt(lines)).map((line) => line.trimEnd());
  while (own.length > 0 && (own.at(-1) === "" || RULE.test(own.at(-1)?.trim() ?? ""))) own.pop();
  return own.join("\n").trim();
}
