export { compileContactRules } from "./compile-contact-rules.ts";
export { compilePolicy } from "./compile-policy.ts";
export { decide, type DecideInput, decideOn } from "./decide.ts";
export type {
  Act,
  Candidate,
  DecisionRecord,
  Factors,
  Filter,
  Given,
  Reach,
  ReachEvidence,
  ReachFrom,
  Reason,
  Way,
} from "./decision-record.ts";
export { isTriggered } from "./is-triggered.ts";
export type { Policy, PolicyFault } from "./policy.ts";
export type { Action } from "./action.ts";
export { REASON_CODES, tellReason } from "./tell-reason.ts";
export { type Changes, replay, whatIf } from "./what-if.ts";
export { type Answer, why, whyNot } from "./why.ts";
export { type PackedRecord, packRecord, unpackRecord } from "./packed-record.ts";
