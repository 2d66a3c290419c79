export type Checks = {
  /** Prints one line a check; a failure says what was found. */
  check(what: string, holds: boolean, found?: unknown): void;
  /** Prints the sum, and answers the exit code. */
  end(): number;
};

export function openChecks(say: (line: string) => void): Checks {
  let passed = 0;
  let failed = 0;
  return {
    check(what, holds, found) {
      if (holds) passed += 1;
      else failed += 1;
      const detail = found === undefined ? "" : ` (${typeof found === "string" ? found : JSON.stringify(found)})`;
      say(`${holds ? "✔" : "✘"} ${what}${detail}`);
    },
    end() {
      say(`${passed} passed, ${failed} failed`);
      return failed > 0 || passed === 0 ? 1 : 0;
    },
  };
}
