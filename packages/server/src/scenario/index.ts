export { type Company, openScenarios, packNames, readPack, type Scenarios } from "./scenarios.ts";
