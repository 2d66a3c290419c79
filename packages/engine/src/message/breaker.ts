/**
 * A gateway's circuit breaker as a plain record: closed lets all through and counts faults in a row; open lets nothing
 * through until `until`, save for an alarm a second; half-open has one trial message under way and waits for its result.
 */
export type Breaker =
  | { state: "closed"; faults: number }
  | { state: "open"; since: number; until: number; openings: number }
  | { state: "half-open"; since: number; openings: number };

export const CLOSED: Breaker = { state: "closed", faults: 0 };

const FAULTS_TO_OPEN = 5;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;
/** A trial whose result never came (its process died) does not keep the gateway shut for ever. */
const TRIAL_LASTS_MS = 60_000;

/** An alarm cannot wait for minutes: it tries again after this, whatever the rest. */
const ALARM_WAITS_MS = 1_000;

/** Whether a message, or an alarm, may be handed over now, and the breaker after asking: the one that may in an open one is its trial. */
export function maySend(breaker: Breaker, nowMs: number, isAlarm = false): { may: boolean; breaker: Breaker } {
  switch (breaker.state) {
    case "closed":
      return { may: true, breaker };
    case "open":
      return nowMs < breaker.until && !(isAlarm && nowMs >= breaker.since + ALARM_WAITS_MS)
        ? { may: false, breaker }
        : trial(breaker.openings, nowMs);
    case "half-open":
      return nowMs < breaker.since + (isAlarm ? ALARM_WAITS_MS : TRIAL_LASTS_MS)
        ? { may: false, breaker }
        : trial(breaker.openings, nowMs);
  }
}

function trial(openings: number, nowMs: number): { may: true; breaker: Breaker } {
  return { may: true, breaker: { state: "half-open", since: nowMs, openings } };
}

/**
 * The breaker after a result. `ok` is false only for what speaks against the gateway itself (a fault, a refusal of
 * service), never for a wrong address. Each opening in a row rests twice as long.
 */
export function afterResult(breaker: Breaker, ok: boolean, nowMs: number): Breaker {
  if (ok) return breaker.state === "open" ? breaker : CLOSED;

  switch (breaker.state) {
    case "closed":
      return breaker.faults + 1 < FAULTS_TO_OPEN ? { state: "closed", faults: breaker.faults + 1 } : opened(1, nowMs);
    case "open":
      return breaker;
    case "half-open":
      return opened(breaker.openings + 1, nowMs);
  }
}

function opened(openings: number, nowMs: number): Breaker {
  return {
    state: "open",
    since: nowMs,
    until: nowMs + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (openings - 1)),
    openings,
  };
}
