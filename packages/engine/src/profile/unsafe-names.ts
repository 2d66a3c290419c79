/** Names that would reach into objects' prototypes: never the name of a trait, a policy or a message. */
export const UNSAFE: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
