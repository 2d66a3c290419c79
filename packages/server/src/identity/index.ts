export { openResolver, type Resolver } from "./resolver.ts";
export { evaluateCommand } from "./evaluate.ts";
