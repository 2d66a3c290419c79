export { factsOf, valuesOf } from "./facts-of.ts";
export { type Model, modelOf, nothingForeseen, type Timer } from "./model.ts";
export type { IdOf, PlannedMessage } from "./planned-message.ts";
export { type Reaction, reactToEvents, type SetTimer, type TakenDecision } from "./react.ts";
export { addressesOf, zonesOf } from "./whereabouts.ts";
