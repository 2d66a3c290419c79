import { randomUUID } from "node:crypto";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const ROOT = join(import.meta.dirname, "../../..");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why these tests cannot run here; null when they can. */
export const missing: string | null = existsSync(CHROMIUM) ? null : `there is no browser at ${CHROMIUM} (set CHROMIUM)`;

export const ADMIN = { email: "admin@rapport.example", password: "correct horse battery" };

/** A real hub with its demo town, and a real browser in front of it. */
export type Opened = {
  url: string;
  /** Sends events by the public API. */
  track(batch: Record<string, unknown>[]): Promise<void>;
  /** A fresh browser window, signed in unless `stranger`; open until `leave`. */
  visit(options?: BrowserContextOptions & { stranger?: boolean }): Promise<Page>;
  /** Closes all windows: each draws and listens as long as it is open, and slows those of the tests that follow. */
  leave(): Promise<void>;
  claim: string;
  /** Lets the first administrator in by the one-time link, for the visits that follow. */
  begin(): Promise<void>;
  /** Where the hub's own database answers, for what no door of the hub lets in. */
  databaseUrl(): string;
  close(): Promise<void>;
};

/** What a page tells when it runs what it should not: dialogs, and what its policy of contents held back. */
export function alarmsOf(page: Page): string[] {
  const alarms: string[] = [];
  page.on("dialog", (dialog) => {
    alarms.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("console", (line) => {
    if (/Content.Security.Policy/i.test(line.text())) alarms.push(line.text());
  });
  return alarms;
}

/** Starts the hub on an empty folder and waits for the lines it prints when it is ready. */
export async function openConsole(): Promise<Opened> {
  execFileSync(join(ROOT, "script/build-console"), { stdio: "inherit" });
  // The hub makes its folder itself: the database may run as another user, whom a private one would keep out.
  const folder = join(tmpdir(), `rapport-console-${randomUUID()}`);
  const port = await freePort();
  // By its name: browsers keep no passkey for a bare address.
  const url = `http://localhost:${port}`;
  const env = { ...process.env, DATA_FOLDER: folder, PORT: String(port), PUBLIC_URL: url, LOG_LEVEL: "error" };
  const hub = spawn(process.execPath, ["packages/server/src/main.ts"], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { claim, writeKey } = await printed(hub);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  let state: Awaited<ReturnType<BrowserContext["storageState"]>> | undefined;
  const opened: Opened = {
    url,
    claim,
    async visit({ stranger = false, ...options } = {}) {
      const context = await openContext(browser, url, {
        ...options,
        ...(state && !stranger ? { storageState: state } : {}),
      });
      if (!stranger && !state) {
        const response = await context.request.post("/api/session", { data: ADMIN });
        if (!response.ok()) throw new Error(await response.text());
        state = await context.storageState();
      }
      return context.newPage();
    },
    async leave() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    async begin() {
      const page = await opened.visit({ stranger: true });
      await page.goto(claim);
      await page.getByLabel("Password").first().fill(ADMIN.password);
      await page.getByRole("button", { name: "Keep it and sign in" }).click();
      await page.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
      await opened.leave();
    },
    async track(batch) {
      const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`;
      const headers = { "content-type": "application/json", authorization };
      const response = await fetch(`${url}/v1/batch`, { method: "POST", headers, body: JSON.stringify({ batch }) });
      if (!response.ok) throw new Error(await response.text());
    },
    databaseUrl() {
      const { password } = JSON.parse(readFileSync(join(folder, "postgres.json"), "utf8")) as { password: string };
      const port = readFileSync(join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[3];
      return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    },
    async close() {
      await browser.close();
      hub.kill("SIGTERM");
      await once(hub, "exit");
      await rm(folder, { recursive: true, force: true });
    },
  };
  return opened;
}

async function openContext(browser: Browser, baseURL: string, options: BrowserContextOptions): Promise<BrowserContext> {
  const viewport = { width: 1440, height: 900 };
  const context = await browser.newContext({ baseURL, locale: "en-US", colorScheme: "light", viewport, ...options });
  context.setDefaultTimeout(60_000);
  return context;
}

async function printed(hub: ChildProcess): Promise<{ claim: string; writeKey: string }> {
  if (!hub.stdout) throw new Error("the hub has no output");
  let claim = "";
  for await (const line of createInterface({ input: hub.stdout })) {
    claim ||= /(\/claim\?token=\S+)/.exec(line)?.[1] ?? "";
    const writeKey = /Write key for events: (\S+)/.exec(line)?.[1];
    if (writeKey) {
      hub.stdout.resume();
      return { claim, writeKey };
    }
  }
  throw new Error("the hub ended before it was ready");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
