import { HubProblem, problemOf } from "./problem.ts";

type Method = "GET" | "POST" | "PATCH" | "DELETE";
type Asked = { method?: Method; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal };

/**
 * Asks the hub. `Answer` is the contract's type of this call: the hub checks its own answers against the contract.
 * Throws `HubProblem` for a refusal, and for a hub that cannot be reached.
 */
export async function ask<Answer = undefined>(path: string, { method = "GET", body, headers, signal }: Asked = {}) {
  const response = await fetch(path, {
    method,
    headers: { accept: "application/json", ...(body === undefined ? {} : JSON_BODY), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new HubProblem(await problemOf(response));
  return (hasNoBody(response) ? undefined : await response.json()) as Answer;
}

/** A query string of what is set; empty when nothing is. */
export function queryOf(given: Record<string, string | undefined | null>): string {
  const set = Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return set.length === 0 ? "" : `?${new URLSearchParams(set)}`;
}

const JSON_BODY = { "content-type": "application/json" };
const hasNoBody = (response: Response) => !(response.headers.get("content-type") ?? "").includes("json");
