import type { ApiKey, NewApiKey } from "@rapport/contract/api";

/** What a person chooses between: who speaks with a write key is asked with what a key may do. */
export type KeyKind = "browser" | "server" | "read" | "admin";

export const kindOf = ({ scope, origin }: Pick<ApiKey, "scope" | "origin">): KeyKind =>
  scope === "write" ? (origin ?? "browser") : scope;

export const rightsOf = (kind: KeyKind): Pick<NewApiKey, "scope" | "origin"> =>
  kind === "browser" || kind === "server" ? { scope: "write", origin: kind } : { scope: kind };
