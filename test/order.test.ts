import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "..");
const run = promisify(execFile);

type Cruise = { summary: { totalCruised: number; violations: { rule: { name: string }; from: string }[] } };
async function cruise(...folders: string[]): Promise<Cruise["summary"]> {
  const command = join(ROOT, "node_modules/.bin/depcruise");
  const args = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...folders];
  const { stdout } = await run(command, args, { cwd: ROOT, maxBuffer: 100_000_000 }).catch(
    (fault: { stdout: string }) => fault,
  );
  return (JSON.parse(stdout) as Cruise).summary;
}

test("the rooms know each other one way only, and the cruiser really reads them", async () => {
  const { totalCruised, violations } = await cruise("packages");
  assert.ok(totalCruised > 50, `${totalCruised} modules were read`);
  assert.deepEqual(violations, []);
});

for (const [what, file, source, rule] of [
  [
    "an engine that knows the server",
    "packages/engine/src/planted-a.ts",
    'import "../../server/src/config.ts";',
    "engine-knows-only-contract",
  ],
  ["an engine that reads files", "packages/engine/src/planted-b.ts", 'import "node:fs";', "engine-is-pure"],
  [
    "a noun entered by the window",
    "packages/server/src/profile/planted.ts",
    'import "../identity/store.ts";',
    "a-noun-is-entered-through-its-index",
  ],
] as const) {
  test(`${what} would be seen`, async () => {
    writeFileSync(join(ROOT, file), `${source}\nexport const planted = 1;\n`);
    try {
      const { violations } = await cruise(file);
      assert.ok(
        violations.some((one) => one.rule.name === rule && one.from === file),
        JSON.stringify(violations),
      );
    } finally {
      rmSync(join(ROOT, file));
    }
  });
}

/** A rule about words in files: where it holds, what it bars, what may break it, and a line that it must see. */
type Rule = { what: string; files: string; bars: RegExp; except: RegExp; sees: string };
const RULES: Rule[] = [
  {
    what: "the engine has no clock and no dice",
    files: "packages/engine/src/**/*.ts",
    bars: /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b/,
    except: /\.test\.ts$/,
    sees: "const now = Date.now();",
  },
  {
    what: "SQL stands in files named store.ts alone, and in reports",
    files: "packages/server/src/**/*.ts",
    bars: /["`]\s*(?:select\s+[\w$*"(].*\bfrom\b|insert into |update \w+ (?:\w+ )?set |delete from |with \w+ as \()/,
    except: /store\.ts$|\/report\/|\.test\.ts$|\/(?:test-database|browser-hub|one-postgres)\.ts$/,
    sees: "await db.query(`select name from customer`);",
  },
  {
    what: "the environment is read in config.ts alone",
    files: "packages/*/src/**/*.ts",
    bars: /\bprocess\.env\b(?!\))/,
    except: /\/(?:config|test-hub|test-database|one-postgres)\.ts$|\.test\.ts$|^packages\/(?:console|town)\//,
    sees: "const port = process.env.PORT;",
  },
];
for (const { what, files, bars, except, sees } of RULES) {
  test(what, () => {
    const all = globSync(files, { cwd: ROOT, exclude: (name) => name.includes("node_modules") });
    assert.ok(all.length > 20, `${all.length} files`);
    const broken = all.filter(
      (file) => !except.test(file) && bars.test(withoutComments(readFileSync(join(ROOT, file), "utf8"))),
    );
    assert.deepEqual(broken, []);
    assert.match(sees, bars);
  });
}

const withoutComments = (source: string): string => source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
