import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..");

/** What the audit says and how it ends, where the registry answers so. */
async function audit(
  registry: RequestListener,
  env: Record<string, string> = {},
): Promise<{ code: number; said: string }> {
  const server = createServer(registry).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  // npm remembers what it was told of a hole.
  const cache = mkdtempSync(join(tmpdir(), "audit-"));
  const program = execFile(process.execPath, ["script/audit-packages.ts"], {
    cwd: ROOT,
    env: { ...process.env, npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: cache, ...env },
  });
  let said = "";
  program.stdout?.on("data", (text) => (said += text));
  program.stderr?.on("data", (text) => (said += text));
  const [code] = await once(program, "close");
  server.close();
  server.closeAllConnections();
  rmSync(cache, { recursive: true, force: true });
  return { code, said };
}

const advising =
  (advisories: object): RequestListener =>
  (request, response) => {
    const isAudit = request.method === "POST" && request.url?.endsWith("/advisories/bulk");
    response.writeHead(isAudit ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isAudit ? advisories : {}));
  };
const hole = (severity: string) => [
  { id: 1, url: "https://x.example", title: "A hole", severity, vulnerable_versions: "*" },
];

test("a registry that knows of no hole passes without a word", async () => {
  assert.deepEqual(await audit(advising({})), { code: 0, said: "" });
});

test("a high hole in a package that we ship fails and is named", async () => {
  const { code, said } = await audit(advising({ fastify: hole("high") }));
  assert.equal(code, 1);
  assert.match(said, /fastify: high: A hole/);
});

test("a moderate hole, and a high one in what only tests use, pass", async () => {
  assert.equal((await audit(advising({ fastify: hole("moderate") }))).code, 0);
  assert.equal((await audit(advising({ "fast-check": hole("high") }))).code, 0);
});

test("a registry without audits, and npm set to be offline, pass with a line that says that nobody was asked", async () => {
  const { code, said } = await audit((_request, response) => response.writeHead(405).end());
  assert.equal(code, 0);
  assert.match(said, /^ {4}not asked: 405 .*\n$/);
  const offline = await audit(advising({ fastify: hole("high") }), { npm_config_offline: "true" });
  assert.deepEqual(offline, { code: 0, said: "    not asked: npm is set to be offline\n" });
});
