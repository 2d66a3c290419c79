import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { aShop, HUB_DOMAIN, type MailedHub, openMailedHub } from "../mailed-hub.ts";
import { unsubscribeToken } from "./unsubscribe-token.ts";

const ANN = "ann@signed.example";

let site: MailedHub;
let ann: string;
beforeEach(async () => {
  site = await openMailedHub();
  await site.hub.scenarios.install(aShop);
  ann = await site.customer("ann", { email: ANN });
});
afterEach(() => site.end());

const proofs = async (customerId = ann) =>
  (await site.timeline(customerId, "reply")).map(({ origin, properties }) => `${origin} by ${properties?.proof}`);
const offerTo = (userId: string) =>
  site.hub.send([{ type: "track", userId, event: "Offer due", messageId: `offer-${userId}` }]);
/** What closes addresses: each cause, with how far. */
const closed = async () =>
  (await site.query<{ row: string }>("select cause || '/' || scope as row from suppression order by 1")).map(
    ({ row }) => row,
  );
const customers = async () => (await site.query("select 1 from customer where merged_into is null")).length;
const ordered = async () =>
  (await site.query("select 1 from event where body::json->>'name' = 'thing accepted'")).length;

test("a signed letter is its sender's: STOP and START do as they say", async () => {
  await site.mail({ from: ANN, signed: true, text: "STOP" });
  assert.deepEqual([await site.consent(ann), await closed()], ["withdrawn", ["opt-out/marketing"]]);
  site.hub.clock.moveTo(site.hub.clock.now() + 600_000);
  await site.mail({ from: ANN, signed: true, text: "START" });
  assert.deepEqual([await site.consent(ann), await closed()], ["granted", []]);
  assert.deepEqual(await proofs(), ["person by dkim", "person by dkim"]);
});

test("a signed START that somebody sends again later does nothing, whatever unsigned fields it comes with", async () => {
  const start = { from: ANN, signed: true, text: "START", date: new Date(site.hub.clock.now()) };
  await site.mail({ ...start, messageId: "<a@signed.example>" });
  await site.mail({ from: ANN, signed: true, text: "STOP" });
  await site.mail({ ...start, messageId: "<b@signed.example>" });
  assert.deepEqual([await site.consent(ann), await closed()], ["withdrawn", ["opt-out/marketing"]]);
});

test("an unsubscribe link withdraws consent each time it is used, also after a START that came in between", async () => {
  await offerTo("ann");
  const url = `/u/${unsubscribeToken(site.secret, site.email.handedOver.at(-1)?.key ?? "")}`;
  const said = async () => [await site.consent(ann), await closed()];
  for (let times = 0; times < 2; times++) {
    assert.equal((await site.hub.app.inject({ method: "POST", url })).statusCode, 200);
    await site.hub.idle();
    assert.deepEqual(await said(), ["withdrawn", ["opt-out/marketing"]]);
    site.hub.clock.moveTo(site.hub.clock.now() + 3_600_000);
    await site.mail({ from: ANN, signed: true, text: "START" });
    assert.deepEqual(await said(), ["granted", []]);
  }
});

test("a proven STOP ALL ends all but life safety; a proven START lifts it, and no bounce", async () => {
  await site.mail({ from: ANN, signed: true, text: "STOP ALL" });
  assert.deepEqual([await site.consent(ann, "service"), await closed()], ["withdrawn", ["opt-out/all"]]);
  await offerTo("ann");
  assert.deepEqual(
    site.lettersTo(ANN).map((text) => text.slice(0, 8)),
    ["You will"],
  );
  site.hub.clock.moveTo(site.hub.clock.now() + 600_000);
  await site.query(
    "insert into suppression select channel, address_hash, 'all', 'bounce: x', at, 'bounce' from suppression",
  );
  await site.mail({ from: ANN, signed: true, text: "START" });
  assert.deepEqual([await site.consent(ann, "service"), await closed()], ["granted", ["bounce/all"]]);
});

test("a domain that sends by this very server is its sender's, where the letter's author is of it", async () => {
  const bob = await site.customer("bob", { email: "bob@spf.example" });
  await site.mail({ from: "bob@spf.example", text: "thanks" });
  await site.mail({ from: ANN, envelope: { from: "eve@spf.example", to: `care@${HUB_DOMAIN}` }, text: "thanks" });
  assert.deepEqual([await proofs(bob), await proofs()], [["person by spf"], ["claimed-person by none"]]);
});

test("a proven yes by a new letter orders, and one by the token of what was answered", async () => {
  await offerTo("ann");
  await site.mail({ from: ANN, signed: true, text: "1" });
  await site.customer("carl", { email: "carl@plain.example" });
  await offerTo("carl");
  await site.mail({ from: "carl@plain.example", to: site.replyAddress("carl@plain.example"), text: "1" });
  assert.equal(await ordered(), 2);
});

test("a proven customer's HELP is answered, and a proven stranger's makes no customer", async () => {
  await site.mail({ from: ANN, signed: true, text: "HELP" });
  await site.mail({ from: "dan@signed.example", signed: true, text: "HELP" });
  assert.deepEqual([site.email.handedOver.map(({ to }) => to), await customers()], [[ANN], 1]);
});

test("a proven customer may answer from another address that is known to be the customer's", async () => {
  await offerTo("ann");
  const traits = { email: "ann.two@spf.example" };
  await site.hub.send([{ type: "identify", userId: "ann", traits, messageId: "second" }]);
  await site.mail({ from: "ann.two@spf.example", to: site.replyAddress(ANN), text: "1" });
  assert.deepEqual([await ordered(), await proofs()], [1, ["person by spf"]]);
});
