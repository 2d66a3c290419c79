export { openResolver, type Resolver } from "./resolver.ts";
export { forgetClaims, forgetPeerUse } from "./store.ts";
export { evaluateCommand } from "./evaluate.ts";
