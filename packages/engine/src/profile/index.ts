export { answerFeature, type FeatureIndex, indexFeatures } from "./features.ts";
export { foldEvent } from "./fold-event.ts";
export { type Consent, type Contact, type ContactChannel, emptyProfile, type Feature, type Profile, type Purpose, type Stamped } from "./profile.ts";
