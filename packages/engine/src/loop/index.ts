export type { AddressCap } from "./address-cap.ts";
export { type BrowserEvent, browserEventOf, type Cap } from "./browser-events.ts";
export { featuresFor } from "./is-heard.ts";
export { CONFIRM_ANSWER } from "./ask-again.ts";
export { factsOf, valuesOf } from "./facts-of.ts";
export { type Model, modelOf, nothingForeseen, type Timer } from "./model.ts";
export { reactToEvents } from "./react.ts";
export type { IdOf, PlannedMessage, Reaction, SetTimer, TakenDecision, TimerNews } from "./reaction.ts";
export { addressesOf, phoneOf, reachOf, zonesOf } from "./whereabouts.ts";
