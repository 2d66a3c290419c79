import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { hashOf, insertKey } from "../../packages/server/src/access/index.ts";
import { type Database, openDatabase } from "../../packages/server/src/platform/database.ts";
import { freePort, startEmbeddedPostgres } from "../../packages/server/src/platform/embedded-postgres.ts";
import { migrate } from "../../packages/server/src/platform/migrate.ts";

const MAIN = join(import.meta.dirname, "../../packages/server/src/main.ts");
/** Written into the database of every site. */
export const WRITE_KEY = "rk_write_site";
export const ADMIN_KEY = "rk_admin_site";

export type HubProcess = {
  pid: number;
  port: number;
  /** What it wrote, to find out why it ended. */
  output(): string;
  isRunning(): boolean;
  /** Sends a signal and, where the process ends by it, waits for its end; answers the exit code. */
  signal(name: "SIGKILL" | "SIGINT" | "SIGSTOP" | "SIGCONT"): Promise<number | null>;
  /** Resolves when the process has ended by itself. */
  ended: Promise<number | null>;
};

/** How a process is started: on a free port unless one is given, with Node's flags, its lines told as it writes them. */
type Started = { port?: number; flags?: string[]; onLine?: (line: string) => void };

export type HubSite = {
  folder: string;
  db: Database;
  url: string;
  postmasterPid(): number;
  /** Starts PostgreSQL again after it was killed, on the same port. */
  restartPostgres(): Promise<void>;
  /** A hub of these roles, ready to work when this resolves, unless its leases are not awaited. */
  start(roles: string, more?: { env?: Record<string, string>; leases?: "not awaited" } & Started): Promise<HubProcess>;
  /** Ends every process of the site and removes its folder. */
  close(): Promise<void>;
};

/** PostgreSQL in a temporary folder, durable as in production, with the schema and keys; hub processes are started on it. */
export async function openHubSite(flags: string[] = []): Promise<HubSite> {
  const folder = mkdtempSync(join(tmpdir(), "rapport-site-"));
  const port = await freePort();
  let server = await startEmbeddedPostgres(folder, { flags, port });
  const { url } = server;
  await migrate(url, () => undefined);
  const db = openDatabase(url, { poolSize: 4, name: "site" });
  await insertKeys(db);
  const processes: HubProcess[] = [];
  return {
    folder,
    db,
    url,
    postmasterPid: () => Number(readFileSync(join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[0]),
    async restartPostgres() {
      server = await startEmbeddedPostgres(folder, { flags, port });
    },
    async start(roles, more = {}) {
      const started = await startHub({ DATABASE_URL: url, ROLES: roles, ...more.env }, more);
      processes.push(started);
      if (!roles.includes("api") && !more.leases)
        await eventually(() => holdsLeases(db, started.pid), "the process takes leases");
      return started;
    },
    async close() {
      for (const one of processes) if (one.isRunning()) await one.signal("SIGKILL");
      await db.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Keys that a site's load is sent with. */
export async function insertKeys(db: Database): Promise<void> {
  for (const [scope, secret] of [
    ["write", WRITE_KEY],
    ["admin", ADMIN_KEY],
  ] as const) {
    const speaks = { origin: scope === "write" ? "server" : null, idGroup: null } as const;
    const key = { apiKeyId: randomUUID(), name: `site-${scope}`, scope, ...speaks, prefix: "rk", createdBy: "site" };
    await insertKey(db, { ...key, createdAt: new Date() }, hashOf(secret));
  }
}

/** A hub process. With the role `api` it is ready when it names its write key. */
export async function startHub(env: Record<string, string>, more: Started = {}): Promise<HubProcess> {
  const port = more.port ?? (await freePort());
  const child = spawn(process.execPath, [...(more.flags ?? []), MAIN], {
    env: { PATH: process.env.PATH ?? "", DEMO: "no", LOG_LEVEL: "error", PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => {
        more.onLine?.(line);
        lines.push(line);
        if (lines.length > 400) lines.shift();
        if (line.startsWith("Write key for events: ")) resolve();
      });
    void ended.then((code) => reject(new Error(`the hub ended with ${code}:\n${lines.join("\n")}`)));
  });
  if ((env.ROLES ?? "api").includes("api")) await ready;
  else ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    port,
    output: () => lines.join("\n"),
    isRunning: () => isRunning(child),
    async signal(name) {
      child.kill(name);
      return name === "SIGKILL" || name === "SIGINT" ? ended : null;
    },
    ended,
  };
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

async function holdsLeases(db: Database, pid: number): Promise<boolean> {
  const { rows } = await db.query("select 1 as held from lease where owner like $1 || '-%' limit 1", [String(pid)]);
  return rows.length > 0;
}

/** Asks again until it holds; fails, saying what was waited for, when it does not in time. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  what: string,
  withinMs = 20_000,
): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
