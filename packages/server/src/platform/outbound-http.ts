import { lookup as resolveByDns } from "node:dns/promises";
import { Agent as HttpAgent, type IncomingHttpHeaders, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP } from "node:net";

import { isPublicAddress } from "./public-address.ts";
import { OutboundRefused, OutboundUnreachable, publicLookup } from "./public-lookup.ts";

export { OutboundRefused, OutboundUnreachable };

export type OutboundRequest = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs?: number;
};

export type OutboundAnswer = { status: number; headers: IncomingHttpHeaders; body: string };

export type OutboundOptions = {
  /** Hosts, as `name` or `name:port`, that may be reached wherever they are: an operator's own relay, a test's peer. */
  allowHosts: string[];
  timeoutMs: number;
  largestAnswerBytes: number;
  /** Every address of a name; DNS by default. */
  resolve?: (host: string) => Promise<string[]>;
};

export type OutboundHttp = { request(request: OutboundRequest): Promise<OutboundAnswer>; close(): void };

/**
 * The one way out by HTTP. Addresses that are not public are refused when the connection is made, on the very address
 * that is connected to, so neither a name that resolves inwards nor one that changes in between gets in. Redirects are
 * answers, never followed. Rejects with OutboundRefused, OutboundUnreachable, or, when the outcome is unknown, a plain Error.
 */
export function openOutboundHttp(options: OutboundOptions): OutboundHttp {
  const resolve =
    options.resolve ?? (async (host) => (await resolveByDns(host, { all: true })).map(({ address }) => address));
  const trusting = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const guarded = {
    http: new HttpAgent({ keepAlive: true, lookup: publicLookup(resolve) }),
    https: new HttpsAgent({ keepAlive: true, lookup: publicLookup(resolve) }),
  };

  return {
    async request(request) {
      const url = readUrl(request.url);
      const isAllowed = options.allowHosts.includes(url.hostname) || options.allowHosts.includes(url.host);
      const host = url.hostname.replace(/^\[|\]$/g, "");
      // A literal address is connected to without a look-up.
      if (!isAllowed && isIP(host) !== 0 && !isPublicAddress(host))
        throw new OutboundRefused(`${host} is not a public address`);

      const agents = isAllowed ? trusting : guarded;
      return exchange(url, request, { ...options, agent: url.protocol === "https:" ? agents.https : agents.http });
    },
    close() {
      for (const agent of [trusting, guarded].flatMap(Object.values)) agent.destroy();
    },
  };
}

function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) throw new OutboundRefused("not an http(s) URL");
  if (url.username !== "" || url.password !== "") throw new OutboundRefused("a URL may not carry a user");
  return url;
}

type ExchangeOptions = OutboundOptions & { agent: HttpAgent | HttpsAgent };

function exchange(url: URL, request: OutboundRequest, options: ExchangeOptions): Promise<OutboundAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<OutboundAnswer>();
  const open = url.protocol === "https:" ? httpsRequest : httpRequest;
  const outgoing = open(url, {
    method: request.method,
    agent: options.agent,
    headers: { ...request.headers, ...lengthOf(request.body) },
  });
  const limit = setTimeout(
    () => outgoing.destroy(new Error("no answer in time")),
    request.timeoutMs ?? options.timeoutMs,
  );
  promise.finally(() => clearTimeout(limit)).catch(() => {});

  outgoing.on("error", (problem) =>
    reject(nothingWasSent(problem) ? new OutboundUnreachable(problem.message, { cause: problem }) : problem),
  );
  outgoing.on("response", (answer) => {
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > options.largestAnswerBytes) answer.destroy(new Error("the answer is too large"));
      else chunks.push(chunk);
    });
    answer.on("error", reject);
    answer.on("end", () =>
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      }),
    );
  });
  outgoing.end(request.body);
  return promise;
}

function lengthOf(body: string | undefined): Record<string, number> {
  return body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
}

function nothingWasSent(problem: NodeJS.ErrnoException): boolean {
  return problem.syscall === "connect" || problem.syscall === "getaddrinfo";
}
