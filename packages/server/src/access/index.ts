export { type Actor, guard, hashOf, mayCall } from "./guard.ts";
export { hasStaffWithPassword, insertStaff } from "./colleague/store.ts";
export { type LiveStreams, openLiveStreams } from "./live-streams.ts";
export { audited } from "./audited.ts";
export { accessRoutes } from "./routes.ts";
export { idSpaceOf } from "./id-space.ts";
export { type AuditVerdict, verifyAudit } from "./verify-audit.ts";
export { openSignIn, type SignIns } from "./sign-in.ts";
export {
  appendAudit,
  auditHash,
  beginIdempotent,
  endIdempotent,
  findKey,
  forgetIdempotent,
  insertKey,
  listAudit,
} from "./store.ts";
export { forgetEnded } from "./session/store.ts";
export { forgetTries } from "./tries/store.ts";
