export { openResolver, type Resolver } from "./resolver.ts";
export { identifiersOf } from "./store.ts";
