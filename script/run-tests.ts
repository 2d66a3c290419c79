// Runs the tests on the embedded PostgreSQL, then the server's once more on Debian's own, and ends with one line of figures.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { glob } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

import { startEmbeddedPostgres } from "../packages/server/src/platform/embedded-postgres.ts";

const asked = process.argv.slice(2);
const totals = { passed: 0, failed: 0, skipped: 0 };
/** Told once more at the end: between a failure and the last line may stand a thousand that passed. */
const failures: string[] = [];

const folder = mkdtempSync(join(tmpdir(), "rapport-tests-"));
const embedded = await startEmbeddedPostgres(folder, { flags: ["-c fsync=off"] });
console.log("==> Tests, on the embedded PostgreSQL");
await runFiles(
  asked.length > 0 ? asked : await filesOf("packages/*/{src,browser}/**/*.test.ts", "test/**/*.test.ts"),
  embedded.url,
);
await embedded.stop();

const debian = asked.length === 0 ? startDebianPostgres() : null;
if (debian) {
  console.log("==> The server's tests once more, on Debian's PostgreSQL");
  await runFiles(
    await filesOf(
      "packages/server/src/{access,identity,ingest,message,partition,profile,scenario,segment}/**/*.test.ts",
    ),
    debian.url,
  );
  debian.stop();
} else if (asked.length === 0) {
  console.log("==> Not run on Debian's PostgreSQL: it is not installed (apt-get install postgresql)");
}
rmSync(folder, { recursive: true, force: true });
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

async function filesOf(...patterns: string[]): Promise<string[]> {
  const files = await Array.fromAsync(glob(patterns, { exclude: (name) => name.includes("node_modules") }));
  return files.sort();
}

function runFiles(files: string[], postgres: string): Promise<void> {
  const stream = run({
    files,
    concurrency: 2,
    timeout: 600_000,
    env: { ...process.env, RAPPORT_TEST_POSTGRES: postgres },
  });
  stream.on("test:summary", ({ file, counts }) => {
    if (file !== undefined) return;
    totals.passed += counts.passed;
    totals.failed += counts.tests - counts.passed - counts.skipped - counts.todo;
    totals.skipped += counts.skipped;
  });
  stream.on("test:fail", ({ name, file, details }) => {
    const { cause } = details.error;
    const why = cause instanceof Error ? cause.message : String(cause ?? details.error.message);
    failures.push(`${name} (${relative(process.cwd(), file ?? "")}): ${why.split("\n", 3).join(" ").slice(0, 300)}`);
  });
  stream.compose(spec).pipe(process.stdout, { end: false });
  return new Promise((resolve) => stream.on("end", resolve));
}

/** Debian's own server on a free port, in a folder of its own, run by `postgres` when we are root. */
function startDebianPostgres(): { url: string; stop(): void } | null {
  const bin = "/usr/lib/postgresql/15/bin";
  if (!existsSync(join(bin, "initdb"))) return null;
  const root = mkdtempSync(join(tmpdir(), "rapport-debian-"));
  const isRoot = userInfo().uid === 0;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const owner = isRoot ? { uid: id("-u"), gid: id("-g") } : {};
  if (isRoot) execFileSync("chown", ["postgres", root]);
  const data = join(root, "data");
  const exec = (program: string, args: string[]) =>
    execFileSync(join(bin, program), args, { ...owner, cwd: "/", stdio: "ignore" });
  exec("initdb", ["-D", data, "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8"]);
  const port = 20_000 + (process.pid % 20_000);
  exec("pg_ctl", [
    "start",
    "-w",
    "-D",
    data,
    "-l",
    join(root, "log"),
    "-o",
    `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=120`,
  ]);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop() {
      exec("pg_ctl", ["stop", "-w", "-m", "fast", "-D", data]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
