import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

type Package = { resolved?: string; link?: boolean; integrity?: string; license?: string; dev?: boolean };
const lock = JSON.parse(readFileSync(join(import.meta.dirname, "../package-lock.json"), "utf8")) as {
  packages: Record<string, Package>;
};
/** What is installed from outside, by where it is put. */
const installed = Object.entries(lock.packages).filter(([place, { link }]) => place.includes("node_modules/") && !link);

const PERMISSIVE = ["MIT", "MIT-0", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0"];
const MORE_PERMISSIVE = ["CC0-1.0", "Unlicense", "Python-2.0", "CC-BY-4.0"];
/** Weak copyleft, unmodified: its own files stay under it. */
const WEAK_COPYLEFT = ["MPL-2.0"];
/** Clients of others that only tests run: their licences stand in files of their own, and none of it is shipped. */
const LICENSED_APART = /^node_modules\/(@segment\/|new-date$|customerio-gist-web$|@customerio\/)/;

test("every package comes from npm's registry, and is what the lockfile knows", () => {
  assert.ok(installed.length > 100);
  const elsewhere = installed.filter(
    ([, { resolved }]) => resolved && !resolved.startsWith("https://registry.npmjs.org/"),
  );
  assert.deepEqual(
    elsewhere.map(([place]) => place),
    [],
  );
  assert.deepEqual(
    installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([place]) => place),
    [],
  );
});

test("what we ship has a permissive licence, or a weak copyleft that we leave unmodified", () => {
  const shipped = installed.filter(([, { dev }]) => !dev);
  assert.ok(shipped.length > 50);
  assert.deepEqual(wrong(shipped, [...PERMISSIVE, ...MORE_PERMISSIVE, ...WEAK_COPYLEFT]), []);
});

test("what only tests and builds use has a licence that lets us use it", () => {
  const others = installed.filter(([place, { dev }]) => dev && !LICENSED_APART.test(place));
  assert.deepEqual(wrong(others, [...PERMISSIVE, ...MORE_PERMISSIVE, ...WEAK_COPYLEFT]), []);
});

/** Those without one of these licences: of "A OR B" either does, of "A AND B" both must. */
const wrong = (packages: [string, Package][], allowed: string[]): string[] =>
  packages
    .filter(([, { license = "none" }]) => {
      const plain = license.replace(/^\(|\)$|\s\(http[^)]*\)/g, "");
      return !plain.split(" OR ").some((choice) => choice.split(" AND ").every((one) => allowed.includes(one)));
    })
    .map(([place, { license }]) => `${place}: ${license}`);
