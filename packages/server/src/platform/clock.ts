/** Time is a port: real, or moved by hand. Epoch milliseconds. */
export type Clock = { now(): number };

export const realClock: Clock = { now: () => Date.now() };

export type SimulatedClock = Clock & { moveTo(at: number): void };

/** A clock that stands still until it is moved, and never goes back. */
export function simulatedClock(startAt: number): SimulatedClock {
  let now = startAt;
  return {
    now: () => now,
    moveTo(at) {
      if (at < now) throw new Error(`the clock stands at ${now} and cannot go back to ${at}`);
      now = at;
    },
  };
}
