export { openResolver, type Resolver } from "./resolver.ts";
export { identifiersOf } from "./store.ts";
export { evaluateCommand } from "./evaluate.ts";
