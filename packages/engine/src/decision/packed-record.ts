import type { Candidate, DecisionRecord, Factors, Filter, Reason, Way } from "./decision-record.ts";

/**
 * A record as it is kept: the same facts without the names of the fields of candidates, which make up most of it. One is
 * written at every decision, so its size is what a decision costs to keep.
 */
export type PackedRecord = Omit<DecisionRecord, "candidates"> & { candidates: readonly PackedCandidate[] };

type Removal = NonNullable<Candidate["removedBy"]>;
const NOT_REMOVED = 0;
/** Removed by the same filter, for the same reason, as the candidate before it. */
const AS_BEFORE = 1;

type PackedReason = [code: string, params: Reason["params"]];
type PackedWay =
  | [channel: string, at: number, reach: number, cost: number, annoyance: number, score: number]
  | [channel: string, barredBy: PackedReason];
type PackedCandidate = [
  action: string,
  item: string | null,
  removedBy: [filter: Filter, ...PackedReason] | typeof NOT_REMOVED | typeof AS_BEFORE,
  factors: [success: number, valueToCompany: number, valueToCustomer: number, weight: number] | 0,
  score: number | null,
  ...ways: PackedWay[],
];

export function packRecord(record: DecisionRecord): PackedRecord {
  let before: Removal | null = null;
  const candidates = record.candidates.map((candidate) => {
    const packed = packCandidate(candidate, before);
    before = candidate.removedBy;
    return packed;
  });
  return { ...record, candidates };
}

function packCandidate(
  { action, item, removedBy, factors, score, ways }: Candidate,
  before: Removal | null,
): PackedCandidate {
  return [
    action,
    item,
    packRemoval(removedBy, before),
    factors ? [factors.success, factors.valueToCompany, factors.valueToCustomer, factors.weight] : 0,
    score,
    ...ways.map(packWay),
  ];
}

function packRemoval(removal: Removal | null, before: Removal | null): PackedCandidate[2] {
  if (removal === null) return NOT_REMOVED;
  if (before !== null && removal.filter === before.filter && isSameReason(removal.reason, before.reason))
    return AS_BEFORE;
  return [removal.filter, removal.reason.code, removal.reason.params];
}

function isSameReason(one: Reason, other: Reason): boolean {
  if (one.code !== other.code) return false;
  for (const name in one.params) if (one.params[name] !== other.params[name]) return false;
  for (const name in other.params) if (!(name in one.params)) return false;
  return true;
}

const packWay = (way: Way): PackedWay =>
  way.kind === "open"
    ? [way.channel, way.at, way.reach, way.cost, way.annoyance, way.score]
    : [way.channel, [way.reason.code, way.reason.params]];

export function unpackRecord(packed: PackedRecord): DecisionRecord {
  let before: Removal | null = null;
  const candidates = packed.candidates.map((one) => {
    const candidate = unpackCandidate(one, before);
    before = candidate.removedBy;
    return candidate;
  });
  return { ...packed, candidates };
}

function unpackCandidate(
  [action, item, removed, given, score, ...ways]: PackedCandidate,
  before: Removal | null,
): Candidate {
  const removedBy = removed === AS_BEFORE ? before : unpackRemoval(removed);
  const factors: Factors | null = given
    ? { success: given[0], valueToCompany: given[1], valueToCustomer: given[2], weight: given[3] }
    : null;
  return { action, item, removedBy, factors, score, ways: ways.map(unpackWay) };
}

const unpackRemoval = (packed: Exclude<PackedCandidate[2], typeof AS_BEFORE>): Removal | null =>
  packed === NOT_REMOVED ? null : { filter: packed[0], reason: { code: packed[1], params: packed[2] } };

function unpackWay(packed: PackedWay): Way {
  const channel = packed[0] as Way["channel"];
  if (packed.length === 2) return { kind: "barred", channel, reason: { code: packed[1][0], params: packed[1][1] } };
  const [, at, reach, cost, annoyance, score] = packed;
  return { kind: "open", channel, at, reach, cost, annoyance, score };
}
