import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const BIN = "/usr/lib/postgresql/15/bin";

/** Why these tests cannot run here; false when they can. */
export const noPostgres: string | false = existsSync(`${BIN}/initdb`) ? false : `there is no PostgreSQL 15 in ${BIN}`;

/** A PostgreSQL of a test's own, empty, on a free port of the loopback; `close` ends it and leaves nothing behind. */
export async function startPostgres(): Promise<{ url: string; close: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "rapport-segment-"));
  const account = process.getuid?.() === 0 ? await accountOf("postgres") : {};
  if (account.uid !== undefined) await chown(dir, account.uid, account.gid ?? account.uid);
  const data = join(dir, "data");
  await run(`${BIN}/initdb`, ["-D", data, "-U", "rapport", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], account);

  const port = await freePort();
  const server = spawn(
    `${BIN}/postgres`,
    ["-D", data, "-p", `${port}`, "-k", dir, "-h", "127.0.0.1", "-F", "-c", "jit=off"],
    {
      ...account,
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const ended = once(server, "exit");
  for await (const line of server.stderr) if (String(line).includes("ready to accept connections")) break;
  return {
    url: `postgres://rapport@127.0.0.1:${port}/postgres`,
    async close() {
      server.kill("SIGINT");
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
async function accountOf(name: string): Promise<{ uid?: number; gid?: number }> {
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, name])).stdout)),
  );
  return { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
