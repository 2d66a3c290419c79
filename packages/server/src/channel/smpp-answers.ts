import type { Pdu } from "smpp";

/** `ask` sends a request and waits for its answer; it is false when nothing was sent. `cut` fails all that is waited for. */
export type SmppAnswers = { ask(send: (answer: (pdu: Pdu) => void) => boolean): Promise<Pdu> | false; cut(): void };

/** What a session waits for. The library calls back when an answer comes, and never when the link is cut or it is late. */
export function smppAnswers(timeoutMs: number): SmppAnswers {
  const awaited = new Set<(problem: Error) => void>();
  return {
    ask(send) {
      const { promise, resolve, reject } = Promise.withResolvers<Pdu>();
      if (!send(resolve)) return false;

      const limit = setTimeout(() => reject(new Error("no answer in time")), timeoutMs);
      awaited.add(reject);
      return promise.finally(() => {
        clearTimeout(limit);
        awaited.delete(reject);
      });
    },
    cut() {
      for (const fail of awaited) fail(new Error("the link was cut before the answer"));
    },
  };
}
