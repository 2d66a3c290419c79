import type { Problem } from "@rapport/contract/api";

/** What the hub refused, as it told it (RFC 9457). `status` 0 means that the hub was not reached at all. */
export class HubProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** Reads a refusal; an answer that is no problem document (a proxy's page, say) becomes one. */
export async function problemOf(response: Response): Promise<Problem> {
  const given: unknown = await response.json().catch(() => null);
  if (isProblem(given)) return given;
  return { type: "hub/fault", title: `${response.status} ${response.statusText}`.trim(), status: response.status };
}

/** Any failure as a problem, so that a screen has one thing to show. */
export function problemIn(fault: unknown): Problem {
  if (fault instanceof HubProblem) return fault.problem;
  return { type: "hub/unreachable", title: fault instanceof Error ? fault.message : String(fault), status: 0 };
}

function isProblem(given: unknown): given is Problem {
  return typeof given === "object" && given !== null && "type" in given && "title" in given && "status" in given;
}
