import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { STATUS } from "@rapport/server/platform/http/problem";
import { KEYS, openTestHub, type TestHub } from "@rapport/server/test-hub";

type Answer = { content?: Record<string, { schema: { properties?: { type?: { enum?: string[] } } } }> };
type Operation = {
  operationId?: string;
  summary?: string;
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, Answer>;
};
type Description = { paths: Record<string, Record<string, Operation>> };

const ROOT = join(import.meta.dirname, "../..");
let hub: TestHub;
let description: Description;
let operations: [route: string, operation: Operation][];
before(async () => {
  hub = await openTestHub();
  description = (await hub.call("GET", "/api/openapi.json")).body as Description;
  operations = Object.entries(description.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, one]): [string, Operation] => [`${method.toUpperCase()} ${path}`, one]),
  );
});
after(() => hub.end());

test("every operation has a name, and no two have the same", () => {
  assert.ok(operations.length > 50);
  const names = operations.map(([route, { operationId }]) => {
    assert.match(operationId ?? "", /^(get|post|put|patch|delete)[A-Z]\w*$/, route);
    return operationId;
  });
  assert.equal(new Set(names).size, names.length);
  const named = Object.fromEntries(operations.map(([route, { operationId }]) => [route, operationId]));
  assert.equal(named["GET /api/customers/{customerId}/timeline"], "getCustomersByCustomerIdTimeline");
  assert.equal(named["POST /v1/track"], "postV1Track");
});

const codesOf = ({ responses }: Operation) =>
  Object.entries(responses).flatMap(([status, answer]) =>
    (answer.content?.["application/problem+json"]?.schema.properties?.type?.enum ?? []).map((code) => ({
      status,
      code,
    })),
  );

test("every operation names the problems that it may answer, by their status", () => {
  for (const [route, operation] of operations) {
    const codes = codesOf(operation);
    assert.ok(
      codes.some(({ code }) => code === "hub/fault"),
      route,
    );
    for (const { status, code } of codes) assert.equal(STATUS[code as keyof typeof STATUS], Number(status), route);
  }
  const told = new Set(operations.flatMap(([, operation]) => codesOf(operation).map(({ code }) => code)));
  // What no operation answers: there is none, or it is not ours to describe.
  const elsewhere = ["route/not-found", "clock/not-simulated"];
  assert.deepEqual(
    Object.keys(STATUS).filter((code) => !told.has(code) && !elsewhere.includes(code)),
    [],
  );
});

const refusals: [method: string, url: string, path: string, body?: unknown][] = [
  ["POST", "/v1/track", "/v1/track", "nonsense"],
  ["POST", "/v1/batch", "/v1/batch", { batch: {} }],
  ["POST", "/cloudevents", "/cloudevents", {}],
  ["GET", "/v1/projects/x/settings", "/v1/projects/{writeKey}/settings"],
  ["GET", "/sourceConfig?writeKey=x", "/sourceConfig"],
  ["GET", "/api/customers/00000000-0000-4000-8000-00000000abcd", "/api/customers/{customerId}"],
  ["GET", "/api/customers/x", "/api/customers/{customerId}"],
  ["POST", "/api/dead-letters/7/resolve", "/api/dead-letters/{id}/resolve"],
  ["POST", "/api/messages", "/api/messages", {}],
  ["POST", "/api/session", "/api/session", { email: "a@b.example", password: "wrong" }],
  ["DELETE", "/api/keys/00000000-0000-4000-8000-00000000abcd", "/api/keys/{apiKeyId}"],
];
for (const [method, url, path, body] of refusals) {
  test(`what ${method} ${url} refuses is described`, async () => {
    for (const authorization of ["", `Bearer ${KEYS.admin}`, `Bearer ${hub.writeKey}`]) {
      const answer = await hub.app.inject({
        method: method as "GET",
        url,
        headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      if (answer.statusCode < 400) continue;
      const operation = description.paths[path]?.[method.toLowerCase()];
      const codes = operation ? codesOf(operation).map(({ code }) => code) : [];
      assert.ok(codes.includes(answer.json().type), `${answer.json().type} is not among ${codes.join(", ")}`);
    }
  });
}

test("every door that takes events says with schemas what", () => {
  const doors = operations.filter(([route, { summary }]) => route.startsWith("POST") && summary === "with a write key");
  assert.ok(doors.length >= 18);
  for (const [route, { requestBody }] of doors) assert.ok(requestBody, route);
  const modes = Object.keys(description.paths["/cloudevents"]?.post?.requestBody?.content ?? {});
  assert.deepEqual(modes.sort(), [
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "application/json",
  ]);
});

test("types generated from the description compile, refuse what is wrong, and their client works", async () => {
  const hubUrl = await hub.app.listen({ port: 0, host: "127.0.0.1" });
  const folder = mkdtempSync(join(tmpdir(), "typed-client-"));
  try {
    const modules = createRequire(join(ROOT, "packages/server/package.json"));
    writeFileSync(join(folder, "openapi.json"), JSON.stringify(description));
    const generator = join(dirname(modules.resolve("openapi-typescript/package.json")), "bin/cli.js");
    execFileSync(process.execPath, [generator, "openapi.json", "-o", "hub.d.ts"], { cwd: folder, stdio: "pipe" });

    copyFileSync(join(import.meta.dirname, "typed-client.mts"), join(folder, "typed-client.mts"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(ROOT, "tsconfig.base.json"),
        compilerOptions: { lib: ["esnext", "dom"], types: ["node"], skipLibCheck: false },
        include: ["typed-client.mts", "hub.d.ts"],
      }),
    );
    const tsc = join(ROOT, "node_modules/.bin/tsc");
    await run(tsc, ["-p", folder], { cwd: folder });

    const env = { ...process.env, HUB_URL: hubUrl, WRITE_KEY: hub.writeKey, ADMIN_KEY: KEYS.admin };
    const { stdout } = await run(process.execPath, ["typed-client.mts"], { cwd: folder, env });
    assert.deepEqual(JSON.parse(stdout), {
      success: [true, true],
      clouded: 202,
      secret: "string",
      name: "typed",
      listed: true,
      refused: "customer/not-found",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A program's output; what it said where it failed. */
async function run(program: string, args: string[], options: object): Promise<{ stdout: string }> {
  try {
    return await promisify(execFile)(program, args, options);
  } catch (fault) {
    const { stdout, stderr } = fault as { stdout?: string; stderr?: string };
    throw new Error(`${program} failed: ${stdout}${stderr}`);
  }
}
