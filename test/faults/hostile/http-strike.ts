import { Agent, request } from "node:http";

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export type Strike = {
  method?: string;
  path: string;
  peer: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
};

/** One request from an address of this machine; answers the status. */
export function httpStrike(port: number, { method = "POST", path, peer, headers, body }: Strike): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", localAddress: peer, port, path, method, agent, timeout: 20_000 };
    const asked = request({ ...options, headers: { "content-type": "application/json", ...headers } }, (answer) => {
      answer.on("error", reject);
      answer.on("end", () => resolve(String(answer.statusCode)));
      answer.resume();
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", reject);
    asked.end(body);
  });
}

export const basic = (key: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}`,
});
