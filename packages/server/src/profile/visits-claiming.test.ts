import assert from "node:assert/strict";
import { after, test } from "node:test";

import { hashOf, openBrowserHub } from "../browser-hub.ts";

/** Who claims to be a customer is shown on that customer's page, whoever the visitor turns out to be. */
const site = await openBrowserHub();
after(() => site.hub.end());
const { hub, call, customerOf, aCustomer, secret, wait } = site;
const key = await secret();
const signIn = (userId: string, anonymousId: string) =>
  hub.send([call("identify", { userId, anonymousId, context: { userHash: hashOf(userId, key) } })], "browser");
const claim = (userId: string, anonymousId: string) => hub.send([call("page", { anonymousId, userId })], "browser");

type Visit = { visitorId: string; kind: string; value: string };
async function visitsTo(userId: string): Promise<(string | undefined)[]> {
  const { body } = await hub.call("GET", `/api/customers/${await customerOf("user_id", userId)}`);
  return (body as { visits: Visit[] }).visits.map(({ visitorId }) => visitorId);
}

test("a claim is shown under the customer as whom the visitor signed in afterwards, once however many visits it made", async () => {
  await aCustomer("victim");
  await aCustomer("liar");
  wait(10_000);
  for (const browser of ["lie-1", "lie-2"]) await claim("victim", browser);
  const visitor = await customerOf("anonymous_id", "lie-1");
  assert.ok((await visitsTo("victim")).includes(visitor));
  for (const browser of ["lie-1", "lie-2"]) await signIn("liar", browser);
  assert.deepEqual(await visitsTo("victim"), [await customerOf("user_id", "liar")]);
});

test("also when that customer is merged into another", async () => {
  await aCustomer("heir");
  await hub.send([call("alias", { previousId: "liar", userId: "heir" })]);
  assert.deepEqual(await visitsTo("victim"), [await customerOf("user_id", "heir")]);
});

test("who signs in as the customer that was claimed is shown as a claim no more", async () => {
  await aCustomer("honest");
  wait(10_000);
  await claim("honest", "honest-browser");
  assert.equal((await visitsTo("honest")).length, 1);
  await signIn("honest", "honest-browser");
  assert.deepEqual(await visitsTo("honest"), []);
});
