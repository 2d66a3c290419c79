export { openResolver, type Resolver } from "./resolver.ts";
export { forgetClaims } from "./store.ts";
export { evaluateCommand } from "./evaluate.ts";
