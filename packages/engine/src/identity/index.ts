export { carrierNumber, countryOfNumber, type NumberType } from "./carrier-number.ts";
export { claimOf, emptyGraph, type IdentifierKey, type IdentityGraph, keyOf, kindOfKey } from "./identity-graph.ts";
export { normaliseClaim } from "./normalise-claim.ts";
export { normaliseEmail } from "./normalise-email.ts";
export { normalisePhone } from "./normalise-phone.ts";
export { isPlaceholderEmail } from "./placeholder.ts";
export { partitionCluster, type RefusedLink, sharedIdentifiers } from "./partition-cluster.ts";
export { phoneForms } from "./phone-forms.ts";
export { CUSTOMER_KIND, defaultIdentityPolicy, type IdentityPolicy, isBelieved, kindOf } from "./policy.ts";
export {
  type Reassignment,
  type Resolution,
  resolveIdentity,
  type Statement,
  strongestKey,
} from "./resolve-identity.ts";
