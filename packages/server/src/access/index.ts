export { type Actor, guard, hashOf, mayCall } from "./guard.ts";
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
  hasStaffWithPassword,
  insertKey,
  insertStaff,
  listAudit,
} from "./store.ts";
