import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A line that the centre printed: a message taken, a phone's answer delivered, or what the gateway said to a delivery. */
export type SmscLine = {
  id?: string;
  to?: string;
  text?: string;
  coding?: number;
  header?: string;
  /** The link and the sequence number under which a phone's answer was delivered. */
  answered?: string;
  acknowledged?: string;
  status?: number;
};

/** Why the Perl message centre cannot run here, or false when it can. */
export const noSmsc: string | false =
  spawnSync("perl", ["-MNet::SMPP", "-MJSON::PP", "-e", "1"]).status !== 0 && "needs perl and libnet-smpp-perl";

/** A running message centre: what it printed, and a way to wait for a line. */
export type Smsc = {
  port: number;
  lines: SmscLine[];
  heard: (test: (line: SmscLine) => boolean) => Promise<SmscLine>;
  close: () => Promise<void>;
};

/** Starts the message centre of smsc.pl. */
export async function openSmsc(): Promise<Smsc> {
  const process = spawn("perl", [new URL("smsc.pl", import.meta.url).pathname], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: SmscLine[] = [];
  const looking = new Set<() => void>();
  const listening = Promise.withResolvers<number>();
  createInterface(process.stdout).on("line", (text) => {
    const line = JSON.parse(text);
    if (line.listening) return listening.resolve(line.listening);
    lines.push(line);
    for (const look of looking) look();
  });
  process.once("exit", () => listening.reject(new Error("the message centre did not start")));

  return {
    port: await listening.promise,
    lines,
    heard: (test) =>
      new Promise((resolve) => {
        const look = () => {
          const line = lines.find(test);
          if (line === undefined) return;
          looking.delete(look);
          resolve(line);
        };
        looking.add(look);
        look();
      }),
    async close() {
      process.kill();
      if (process.exitCode === null && process.signalCode === null) await once(process, "exit");
    },
  };
}
