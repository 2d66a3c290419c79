import { Resolver } from "node:dns/promises";

/** Asks the name servers. Rejects with a `code`: ENOTFOUND and ENODATA say that there is nothing, all others that nobody knows. */
export type LookUp = (name: string, type: string) => Promise<string[][] | string[]>;

const ONE_ANSWER_MS = 2_000;

export function openMailDns(): LookUp {
  const resolver = new Resolver({ timeout: ONE_ANSWER_MS, tries: 1 });
  return (name, type) => resolver.resolve(name, type) as Promise<string[][] | string[]>;
}

/** A chain of RFC 7208 asks ten times, a signature once, DMARC a few times. */
const MOST_ASKED = 40;
const ALL_ANSWERS_MS = 5_000;

/** The same for one mail: so many questions, and so long, whatever its sender's name servers do. Beyond is a fault like any other. */
export function boundedLookUp(lookUp: LookUp): LookUp {
  const deadline = performance.now() + ALL_ANSWERS_MS;
  let asked = 0;
  return async (name, type) => {
    const leftMs = deadline - performance.now();
    asked += 1;
    if (asked > MOST_ASKED || leftMs <= 0) throw outOfTime();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(outOfTime()), leftMs);
    });
    try {
      return await Promise.race([lookUp(name, type), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

const outOfTime = () => Object.assign(new Error("the name servers took too long"), { code: "ETIMEOUT" });
