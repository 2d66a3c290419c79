export { openResolver, type Resolver } from "./resolver.ts";
export { identifiersOf, insertInbox } from "./store.ts";
