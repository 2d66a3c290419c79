import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Fault } from "./fault.ts";

/** One lock taken out, and the test that must notice. `lock` stands in the file exactly once. */
type Mutation = { without: string; file: string; lock: string; gap: string; noticedBy: string };

const SERVER = "packages/server/src";
const MUTATIONS: Mutation[] = [
  {
    without: "the count of what a partition's worker deleted",
    file: `${SERVER}/partition/partition-worker.ts`,
    lock: "if (deleted !== batches.length) throw",
    gap: "if (deleted < 0) throw",
    noticedBy: `${SERVER}/partition/two-owners.test.ts`,
  },
  {
    without: "the fence: a lease's token",
    file: `${SERVER}/platform/lease/store.ts`,
    lock: "return new Set(rows.map((row) => row.name));",
    gap: "return new Set([...rows, ...leases].map((row) => row.name));",
    noticedBy: `${SERVER}/partition/two-owners.test.ts`,
  },
  {
    without: "the sender's claim",
    file: `${SERVER}/message/store.ts`,
    lock: "where state = 'waiting' and lane between",
    gap: "where lane between",
    noticedBy: `${SERVER}/message/hand-off-races.test.ts`,
  },
  {
    without: "the record that a key of POST /api/messages was used",
    file: `${SERVER}/access/store.ts`,
    lock: "where known.status is null and known.created_at < excluded.created_at - interval '1 minute'",
    gap: "where true",
    noticedBy: `${SERVER}/message/idempotency.test.ts`,
  },
  {
    without: "the message id that is made of its key",
    file: `${SERVER}/message/routes.ts`,
    lock: ".update(JSON.stringify([actor, key]))",
    gap: ".update(JSON.stringify([actor, key, performance.now()]))",
    noticedBy: `${SERVER}/message/idempotency.test.ts`,
  },
  {
    without: "the hold on addresses during a hand-off",
    file: `${SERVER}/message/hand-off.ts`,
    lock: "holdAddresses(tx, hashes.map(lockOf)),",
    gap: "holdAddresses(tx, []),",
    noticedBy: `${SERVER}/message/hand-off-races.test.ts`,
  },
  {
    without: "the memory of message ids",
    file: `${SERVER}/identity/resolve-portions.ts`,
    lock: "filter(([id]) => !seen.has(uuidOf(id)))",
    gap: "filter(([id]) => !seen.has(uuidOf(id)) || true)",
    noticedBy: `${SERVER}/ingest/segment-api.test.ts`,
  },
  {
    without: "the book's forgetting of what was undone",
    file: `${SERVER}/identity/resolve-portions.ts`,
    lock: "forget();\n      const [first] = read;",
    gap: "const [first] = read;",
    noticedBy: `${SERVER}/identity/set-aside.test.ts`,
  },
];

export const mutations: Record<string, Fault> = {
  M: {
    title: "each lock taken out of a copy of the source: the tests of races must fail",
    async run({ check }) {
      const copy = copyOfSource();
      try {
        for (const file of new Set(MUTATIONS.map((one) => one.noticedBy)))
          check(`${file} passes as long as nothing is taken out`, (await runTests(copy, file)) === 0);
        for (const mutation of MUTATIONS) {
          const mend = takeOut(copy, mutation);
          const code = await runTests(copy, mutation.noticedBy);
          mend();
          check(`without ${mutation.without}, ${mutation.noticedBy} fails`, code !== 0, code);
        }
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
    },
  },
};

const ROOT = join(import.meta.dirname, "../..");

/** The source in a temporary folder, patched there alone; packages from the registry are linked, our own are the copy's. */
function copyOfSource(): string {
  const copy = mkdtempSync(join(tmpdir(), "rapport-mutations-"));
  for (const name of ["packages", "test", "bench", "migrations", "scenarios", "script", "package.json"])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  mkdirSync(join(copy, "node_modules/@rapport"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (name !== "@rapport") symlinkSync(join(ROOT, "node_modules", name), join(copy, "node_modules", name));
  for (const name of readdirSync(join(copy, "packages")))
    symlinkSync(join(copy, "packages", name), join(copy, "node_modules/@rapport", name));
  return copy;
}

/** Answers how to put the lock back. */
function takeOut(copy: string, { file, lock, gap }: Mutation): () => void {
  const path = join(copy, file);
  const whole = readFileSync(path, "utf8");
  if (whole.split(lock).length !== 2) throw new Error(`not once in ${file}: ${lock}`);
  writeFileSync(
    path,
    whole.replace(lock, () => gap),
  );
  return () => writeFileSync(path, whole);
}

async function runTests(copy: string, file: string): Promise<number> {
  const child = spawn(process.execPath, ["script/run-tests.ts", file], { cwd: copy, stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
