import { Agent, request } from "node:http";

import { WRITE_KEY } from "./hub-site.ts";

export type Answer = { status: number; retryAfter: string | null; body: string };

const agent = new Agent({ keepAlive: true, maxSockets: 512 });

/** One POST; rejects when the connection fails before the answer has come whole. */
export function post(
  port: number,
  path: string,
  body: string | Buffer,
  more: { key?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${more.key ?? WRITE_KEY}:`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json", ...more.headers };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, path, method: "POST", headers, agent, timeout: 20_000 },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("error", reject);
        answer.on("aborted", () => reject(new Error("cut off")));
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers["retry-after"] ?? null, body: text }),
        );
      },
    );
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", reject);
    asked.end(body);
  });
}

export type LoadOptions = {
  ports: () => number[];
  tag: string;
  key?: string;
  clients?: number;
  batch?: number;
  customers?: number;
  event?: string;
  /** Characters that each event carries besides. */
  ballast?: number;
  /** Rest between two batches of one client. */
  pauseMs?: number;
};

export type Load = {
  /** Ids answered with a 2xx: none of them may ever be lost. */
  acknowledged: Set<string>;
  /** Every id ever sent, answered or not. */
  sent: Set<string>;
  /** Answers by status; 0 for a connection that failed. */
  statuses: Map<number, number>;
  /** Refusals that did not say when to come again. */
  withoutRetryAfter: number;
  /** How long each batch that was taken took to be, milliseconds, in order. */
  tookMs: number[];
  /** Sends no more, and resolves when all that was sent has been acknowledged: clients repeat until then. */
  finish(): Promise<void>;
  /** Gives up at once, whatever has not been acknowledged. */
  abandon(): void;
};

/** Clients that send batches with ids of their own and repeat a batch, ids unchanged, until it is acknowledged. */
export function openLoad(options: LoadOptions): Load {
  const { ports, tag, clients = 6, batch = 20, customers = 300, event = "data used", pauseMs = 5 } = options;
  const ballast = "x".repeat(options.ballast ?? 0);
  const load: Load = {
    acknowledged: new Set(),
    sent: new Set(),
    statuses: new Map(),
    withoutRetryAfter: 0,
    tookMs: [],
    async finish() {
      finishing = true;
      await all;
    },
    abandon() {
      finishing = true;
      abandoned = true;
    },
  };
  let finishing = false;
  let abandoned = false;
  let number = 0;
  const all = Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  return load;

  async function run(client: number): Promise<void> {
    while (!finishing) {
      const calls = Array.from({ length: batch }, () => {
        const messageId = `${tag}-${number++}`;
        load.sent.add(messageId);
        const userId = `u${(number * 7_919) % customers}`;
        return { type: "track", event, messageId, userId, properties: { mb: 1 + (number % 7), ballast } };
      });
      await deliver(
        client,
        calls.map((call) => call.messageId),
        JSON.stringify({ batch: calls }),
      );
      await rest(pauseMs);
    }
  }

  async function deliver(client: number, ids: string[], body: string): Promise<void> {
    for (let attempt = client; !abandoned; attempt++) {
      const known = ports();
      const began = performance.now();
      const answer = await post(known[attempt % known.length] ?? 0, "/v1/batch", body, options).catch(() => null);
      const status = answer?.status ?? 0;
      load.statuses.set(status, (load.statuses.get(status) ?? 0) + 1);
      if (answer && status >= 200 && status < 300) {
        for (const id of ids) load.acknowledged.add(id);
        load.tookMs.push(performance.now() - began);
        return;
      }
      if (answer && answer.retryAfter === null) load.withoutRetryAfter += 1;
      if (answer && status < 429 && status !== 408) throw new Error(`refused for good: ${status} ${answer.body}`);
      await rest(40);
    }
  }
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
