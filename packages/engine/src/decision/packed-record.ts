import type { Candidate, DecisionRecord, Factors, Filter, Reason, Way } from "./decision-record.ts";

/**
 * A record as it is kept: the same facts without the names of the fields of candidates, which make up most of it. One is
 * written at every decision, so its size is what a decision costs to keep.
 */
export type PackedRecord = Omit<DecisionRecord, "candidates"> & { candidates: readonly PackedCandidate[] };

type PackedReason = [code: string, params: Reason["params"]];
type PackedWay =
  | [channel: string, at: number, reach: number, cost: number, annoyance: number, score: number]
  | [channel: string, barredBy: PackedReason];
type PackedCandidate = [
  action: string,
  item: string | null,
  removedBy: [filter: Filter, ...PackedReason] | 0,
  factors: [success: number, valueToCompany: number, valueToCustomer: number, weight: number] | 0,
  score: number | null,
  ...ways: PackedWay[],
];

export function packRecord(record: DecisionRecord): PackedRecord {
  return { ...record, candidates: record.candidates.map(packCandidate) };
}

function packCandidate({ action, item, removedBy, factors, score, ways }: Candidate): PackedCandidate {
  return [
    action,
    item,
    removedBy ? [removedBy.filter, removedBy.reason.code, removedBy.reason.params] : 0,
    factors ? [factors.success, factors.valueToCompany, factors.valueToCustomer, factors.weight] : 0,
    score,
    ...ways.map(packWay),
  ];
}

const packWay = (way: Way): PackedWay =>
  way.kind === "open"
    ? [way.channel, way.at, way.reach, way.cost, way.annoyance, way.score]
    : [way.channel, [way.reason.code, way.reason.params]];

export function unpackRecord(packed: PackedRecord): DecisionRecord {
  return { ...packed, candidates: packed.candidates.map(unpackCandidate) };
}

function unpackCandidate([action, item, removed, given, score, ...ways]: PackedCandidate): Candidate {
  const removedBy = removed ? { filter: removed[0], reason: { code: removed[1], params: removed[2] } } : null;
  const factors: Factors | null = given
    ? { success: given[0], valueToCompany: given[1], valueToCustomer: given[2], weight: given[3] }
    : null;
  return { action, item, removedBy, factors, score, ways: ways.map(unpackWay) };
}

function unpackWay(packed: PackedWay): Way {
  const channel = packed[0] as Way["channel"];
  if (packed.length === 2) return { kind: "barred", channel, reason: { code: packed[1][0], params: packed[1][1] } };
  const [, at, reach, cost, annoyance, score] = packed;
  return { kind: "open", channel, at, reach, cost, annoyance, score };
}
