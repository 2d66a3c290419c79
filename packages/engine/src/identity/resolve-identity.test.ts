import assert from "node:assert/strict";
import { test } from "node:test";
import type { Claim } from "@rapport/contract/event";
import fc from "fast-check";

import { emptyGraph, type IdentityGraph, keyOf } from "./identity-graph.ts";
import { defaultIdentityPolicy as policy } from "./policy.ts";
import { resolveIdentity, type Statement } from "./resolve-identity.ts";

const newId = (key: string) => `c-${key}`;
const claim = (text: string): Claim => ({
  kind: text.slice(0, text.indexOf(":")),
  value: text.slice(text.indexOf(":") + 1),
});
const together = (at: number, ...claims: string[]): Statement => ({
  kind: "together",
  claims: claims.map(claim),
  at,
  stated: false,
});

/** Applies statements as the resolver does: to the clusters they touch, one after another. */
function applyAll(statements: Statement[]): IdentityGraph[] {
  let clusters: IdentityGraph[] = [];
  for (const statement of statements) {
    const keys = statement.kind === "together" ? statement.claims.map(keyOf) : [`customer:${statement.from}`];
    const touched = clusters.filter((graph) => keys.some((key) => graph.nodes[key] !== undefined));
    const { graph } = resolveIdentity(touched, statement, policy, newId);
    clusters = [...clusters.filter((graph) => !touched.includes(graph)), graph];
  }
  return clusters;
}

/** Who belongs with whom, without the customers' names. */
function households(clusters: IdentityGraph[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { holders } of clusters)
    for (const [key, id] of Object.entries(holders)) {
      if (!key.startsWith("customer:")) groups.set(id, [...(groups.get(id) ?? []), key]);
    }
  return [...groups.values()].map((keys) => keys.sort().join(" ")).sort();
}

test("a visitor who signs in becomes one customer with what was known before", () => {
  const clusters = applyAll([
    together(1, "anonymous_id:a1"),
    together(2, "user_id:u1", "email:a@b.co"),
    together(3, "user_id:u1", "anonymous_id:a1"),
  ]);

  assert.deepEqual(households(clusters), ["anonymous_id:a1 email:a@b.co user_id:u1"]);
});

test("one device does not make two people of different user ids one", () => {
  const clusters = applyAll([
    together(1, "user_id:u1", "anonymous_id:a1"),
    together(2, "user_id:u2", "anonymous_id:a1"),
  ]);

  assert.deepEqual(households(clusters), ["anonymous_id:a1 user_id:u1", "user_id:u2"]);
});

test("a device used by three people is shared and belongs to none of them", () => {
  const clusters = applyAll(["u1", "u2", "u3"].map((user, i) => together(i, `user_id:${user}`, "anonymous_id:kiosk")));

  assert.deepEqual(households(clusters), ["anonymous_id:kiosk", "user_id:u1", "user_id:u2", "user_id:u3"]);
});

test("an alias joins two user ids although the limit is one", () => {
  const clusters = applyAll([
    together(1, "user_id:old"),
    { kind: "together", claims: [claim("user_id:new"), claim("user_id:old")], at: 2, stated: true },
    together(3, "user_id:new", "email:a@b.co"),
  ]);

  assert.deepEqual(households(clusters), ["email:a@b.co user_id:new user_id:old"]);
});

test("the undo of a merge gives each customer back what it held, and the same link does not merge them again", () => {
  const before = [together(1, "anonymous_id:a1", "email:a@b.co"), together(2, "user_id:u1")];
  const merging = together(3, "user_id:u1", "email:a@b.co");
  const from = "c-user_id:u1";
  const into = "c-email:a@b.co";
  const merged = applyAll([...before, merging]);
  assert.equal(merged[0]?.holders["user_id:u1"], into);

  const undone = applyAll([
    ...before,
    merging,
    { kind: "apart", from, into, at: 4 },
    { ...merging, at: 5 } as Statement,
  ]);

  assert.deepEqual(households(undone), households(applyAll(before)));
  assert.equal(undone[0]?.holders["user_id:u1"], from);
});

test("a loop of aliases cannot grow a cluster beyond its limit", () => {
  const graph = Array.from({ length: 600 }, (_, i) => together(i, "user_id:u", `anonymous_id:a${i}`)).reduce(
    (known, statement) => resolveIdentity([known], statement, policy, newId).graph,
    emptyGraph(),
  );
  assert.ok(Object.keys(graph.nodes).length <= policy.clusterLimit + 1);
});

const anyClaim = fc.oneof(
  fc.constantFrom("u1", "u2", "u3", "u4").map((value) => `user_id:${value}`),
  fc.constantFrom("a1", "a2", "a3").map((value) => `anonymous_id:${value}`),
  fc.constantFrom("x@y.co", "z@y.co").map((value) => `email:${value}`),
  fc.constantFrom("+13125550100", "+13125550101").map((value) => `phone:${value}`),
);
const anyStatement = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.uniqueArray(anyClaim, { minLength: 1, maxLength: 4 }))
  .map(([at, claims]) => together(at, ...claims));

test("any order of the same events, repeated or not, gives the same customers", () => {
  fc.assert(
    fc.property(
      fc
        .array(anyStatement, { minLength: 1, maxLength: 14 })
        .chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.subarray(all)),
        ),
      ([all, shuffled, again]) => {
        assert.deepEqual(households(applyAll([...shuffled, ...again])), households(applyAll(all)));
      },
    ),
    { numRuns: 1_500 },
  );
});
