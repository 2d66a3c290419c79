import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import type { Config } from "./config.ts";
import { freePort } from "./platform/embedded-postgres.ts";
import { type Scenarios, packNames, readPack } from "./scenario/index.ts";

const TOWN = join(import.meta.dirname, "../../town/src/main.ts");

/** What the hub and its town say to each other before they speak the real protocols. */
type Opened = { smtpPort: number; smppPort: number };

export type DemoTown = {
  /** The configuration with the town's post office and phone network as gateways. */
  config: Config;
  /** Installs the packs where there are none, and lets the people live. */
  begin(parts: { scenarios: Scenarios; writeKey: string }): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A simulated town in a process of its own, so that the demo company has customers who read, answer and complain. It
 * knows the hub by its public protocols alone. Not started when real gateways are configured.
 */
export async function openDemoTown(config: Config): Promise<DemoTown | null> {
  if (!config.demo || config.mail.url || config.sms.smppUrl || config.sms.twilio) return null;
  const listenPort = config.mail.listenPort ?? (await freePort());
  const town = spawn(process.execPath, [TOWN, "--hub-mail-port", String(listenPort)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  // Ctrl-C reaches the town as well; it then simply ends, and what is left in its queues is told as undelivered.
  const [opened] = (await once(town, "message")) as [Opened];
  return {
    config: {
      ...config,
      mail: { ...config.mail, url: `smtp://127.0.0.1:${opened.smtpPort}`, listenPort },
      sms: { ...config.sms, smppUrl: `smpp://hub:town@127.0.0.1:${opened.smppPort}` },
    },
    async begin({ scenarios, writeKey }) {
      if (scenarios.packs().length === 0) for (const name of packNames()) await scenarios.install(readPack(name));
      if (town.connected) town.send({ hubUrl: `http://127.0.0.1:${config.port}`, writeKey });
    },
    stop: () => end(town),
  };
}

async function end(town: ChildProcess): Promise<void> {
  if (town.exitCode !== null || town.signalCode !== null) return;
  town.kill("SIGTERM");
  await once(town, "exit");
}
