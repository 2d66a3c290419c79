import { type SimulatedClock, simulatedClock } from "../../packages/server/src/platform/clock.ts";

type Task = { at: number; number: number; deed: () => void };

/** The story's time: it stands still until it is moved, and what people mean to do later is done in between. */
export type StoryClock = SimulatedClock & {
  schedule(delayMs: number, deed: () => void): void;
  /** Does what is due up to then, in order, each at its own time. Answers how many deeds. */
  runUntil(at: number): number;
};

export function storyClock(startAt: number): StoryClock {
  const clock = simulatedClock(startAt);
  let tasks: Task[] = [];
  let number = 0;
  return {
    ...clock,
    schedule(delayMs, deed) {
      tasks.push({ at: clock.now() + Math.max(0, delayMs), number: number++, deed });
    },
    runUntil(at) {
      const due = tasks.filter((task) => task.at <= at).sort((a, b) => a.at - b.at || a.number - b.number);
      tasks = tasks.filter((task) => task.at > at);
      for (const task of due) {
        clock.moveTo(Math.max(task.at, clock.now()));
        task.deed();
      }
      return due.length;
    },
  };
}
