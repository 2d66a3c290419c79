export type Turnstile = { within<T>(deed: () => Promise<T>): Promise<T> };

/** Lets so many deeds go on at once; the others wait in the order in which they came. */
export function openTurnstile(most: number): Turnstile {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    async within(deed) {
      if (inside < most) inside += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await deed();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else inside -= 1;
      }
    },
  };
}
