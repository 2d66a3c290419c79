import { compileCondition, fieldOf, type Value } from "../condition/index.ts";
import type { Candidate, DecisionRecord, ReachFrom, Reason } from "./decision-record.ts";
import { tellReason } from "./tell-reason.ts";

/** An answer in parts for a screen in any language, and the same as an English sentence. */
export type Answer = { parts: readonly Reason[]; sentence: string };

/** Why was this decided? Told from the record alone. */
export function why(record: DecisionRecord): Answer {
  const { outcome, candidates, unlisted } = record;
  const rest = Object.entries(unlisted).map(([code, count]): Reason => ({ code: "removed", params: { code, count } }));
  if (outcome.kind === "nothing") {
    const nothing = { code: "nothing", params: { why: tellReason(outcome.reason) } };
    return answer([nothing, outcome.reason, ...rest], tellReason(nothing));
  }

  const { action, item, channel, at, score } = outcome;
  const params = { action, channel, at, score };
  const parts: Reason[] = [
    item === null ? { code: "chosen", params } : { code: "chosen-item", params: { ...params, item } },
  ];
  const [chosen, next] = candidates;
  if (outcome.mustSend) parts.push({ code: "must-send", params: {} });
  if (chosen?.factors) parts.push({ code: "expects", params: chosen.factors });
  const [way] = chosen?.ways ?? [];
  if (way?.kind === "open") {
    parts.push({
      code: "way",
      params: { channel, reach: way.reach, cost: way.cost, annoyance: way.annoyance },
    });
    const learned = record.given.evidence?.[channel];
    if (learned) parts.push(tellEvidence(channel, learned));
  }
  if (next?.removedBy?.filter === "choice") {
    parts.push({ code: "better", params: { action: next.item ?? next.action, score: next.score ?? 0 } });
  }
  return answer([...parts, ...rest], parts.map(tellReason).join("; "));
}

/** How the probability came about: from what came back of this customer's contacts, or from what is usual. */
function tellEvidence(channel: string, { expected, contacts, reached }: ReachFrom): Reason {
  return contacts === 0
    ? { code: "reach-expected", params: { channel, expected } }
    : { code: "reach-learned", params: { channel, expected, contacts, reached } };
}

/**
 * Why was this action (with this option, where it is taken for each) not chosen? A candidate that was not eligible is
 * told with the part of its condition that did not hold and the facts that part read. Told from the record alone.
 */
export function whyNot(record: DecisionRecord, action: string, item: string | null = null): Answer {
  const { outcome } = record;
  const theirs = record.candidates.filter((candidate) => candidate.action === action);
  const candidate = theirs.find((one) => item === null || one.item === item);
  if (!candidate) {
    const rest = Object.entries(record.unlisted);
    if (rest.length === 0) return answer([{ code: "unknown-action", params: { action } }]);
    return answer(rest.map(([code, count]) => ({ code: "removed", params: { code, count } })));
  }
  if (!candidate.removedBy) {
    const { channel, at, score } = outcome.kind === "act" ? outcome : { channel: "", at: record.at, score: 0 };
    return answer([{ code: "chosen", params: { action, channel, at, score } }]);
  }
  return answer([candidate.removedBy.reason, ...factsBehind(record, candidate)]);
}

function factsBehind({ given, at }: DecisionRecord, { item, removedBy }: Candidate): Reason[] {
  const condition = removedBy?.reason.params.condition;
  const compiled = typeof condition === "string" ? compileCondition(condition) : null;
  if (compiled?.kind !== "condition") return [];
  const options = Array.isArray(given.facts.options) ? given.facts.options : [];
  const facts = { ...given.facts, now: at, item: options.find((option) => fieldOf(option, "name") === item) ?? null };
  return compiled.condition.reads.map((path) => {
    const value = path.reduce<Value>((of, name) => fieldOf(of, name), facts);
    const words = typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
    return { code: "fact", params: { path: path.join("."), value: value === null ? "unknown" : words } };
  });
}

function answer(parts: readonly Reason[], sentence = parts.map(tellReason).join("; ")): Answer {
  return { parts, sentence: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.` };
}
