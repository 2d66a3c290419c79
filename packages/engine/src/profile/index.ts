export { type Bounds, CLAIMED_TRAITS, MOST_CLAIMED_IDENTIFIERS, TRAITS, traitFault } from "./bounded.ts";
export { answerFeature, type FeatureIndex, indexFeatures } from "./features.ts";
export { foldEvent } from "./fold-event.ts";
export {
  type Consent,
  type Contact,
  type ContactChannel,
  bucketMs,
  emptyProfile,
  type Feature,
  type FeatureState,
  type HouseholdContact,
  type Offer,
  type Profile,
  type Proof,
  type Purpose,
  type Stamped,
} from "./profile.ts";
