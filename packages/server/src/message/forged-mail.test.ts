import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { aShop, HUB_DOMAIN, type MailedHub, openMailedHub } from "../mailed-hub.ts";

const ANN = "ann@victim.example";
const EVE = "eve@evil.example";
const DAY = 86_400_000;
const NOON = Date.UTC(2026, 5, 10, 16);

let site: MailedHub;
beforeEach(async () => {
  site = await openMailedHub();
  await site.hub.scenarios.install(aShop);
});
afterEach(() => site.end());

const offerTo = (userId: string) =>
  site.hub.send([{ type: "track", userId, event: "Offer due", messageId: `offer-${userId}-${site.hub.clock.now()}` }]);
/** What closes addresses: each cause, with how far. */
const closed = async () =>
  (await site.query<{ row: string }>("select cause || '/' || scope as row from suppression order by 1")).map(
    ({ row }) => row,
  );
const customers = async () => (await site.query("select 1 from customer where merged_into is null")).length;
const ordered = async () =>
  (await site.query("select 1 from event where body::json->>'name' = 'thing accepted'")).length;
const report = (to: string, named: string) => ({
  from: "MAILER-DAEMON@mx.example",
  envelope: { from: "", to: [to] },
  raw: `From: MAILER-DAEMON@mx.example\r\nTo: ${to}\r\nSubject: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ${named}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--b--\r\n`,
});

test("START in a customer's name gives no consent back and opens no address", async () => {
  const ann = await site.customer("ann", { email: ANN });
  await offerTo("ann");
  await site.mail(report(site.replyAddress(ANN).replace("reply", "bounce"), ANN));
  await site.mail({ from: ANN, to: site.replyAddress(ANN), text: "STOP" });
  assert.equal(await site.consent(ann), "withdrawn");

  await site.mail({ from: ANN, text: "START" });
  assert.deepEqual([await site.consent(ann), await closed()], ["withdrawn", ["bounce/all", "opt-out/marketing"]]);
  const [reply] = await site.timeline(ann, "reply");
  assert.deepEqual([reply?.origin, reply?.properties?.proof], ["claimed-person", "none"]);
});

test("a yes in a customer's name orders nothing, and whoever sent it learns nothing", async () => {
  const ann = await site.customer("ann", { email: ANN });
  await offerTo("ann");
  await site.mail({ from: ANN, text: "1" });
  await site.mail({ from: ANN, envelope: { from: EVE, to: `care@${HUB_DOMAIN}` }, text: "yes" });
  assert.deepEqual([await ordered(), site.lettersTo(ANN).length, site.lettersTo(EVE)], [0, 1, []]);
  assert.deepEqual(
    (await site.timeline(ann, "reply")).map(({ origin }) => origin),
    ["claimed-person", "claimed-person"],
  );
});

test("what a report says of our own address counts, not what it says of those that the letter was forwarded to", async () => {
  await site.customer("ann", { email: ANN });
  await offerTo("ann");
  const to = site.replyAddress(ANN).replace("reply", "bounce");
  const full = `Final-Recipient: rfc822; ${ANN}\r\nAction: failed\r\nStatus: 4.2.2\r\n\r\nFinal-Recipient`;
  const both = report(to, "o'brien@elsewhere.example");
  await site.mail({ ...both, raw: both.raw.replace("Final-Recipient", full) });
  assert.deepEqual(await closed(), []);

  await site.mail(both);
  assert.deepEqual(await closed(), ["bounce/all"]);
});

test("a report counts for the address its own token names, whomever it names", async () => {
  const [ann, eve] = [await site.customer("ann", { email: ANN }), await site.customer("eve", { email: EVE })];
  await offerTo("eve");
  await offerTo("ann");
  const [before] = [await site.timeline(ann)];
  await site.mail(report(site.replyAddress(EVE).replace("reply", "bounce"), ANN));
  await site.mail(report(`bounce@${HUB_DOMAIN}`, ANN));
  assert.deepEqual(await closed(), ["bounce/all"]);
  assert.deepEqual(await site.timeline(ann), before);
  assert.ok((await site.timeline(eve)).some(({ name }) => name === "message.failed"));

  await site.hub.send([{ type: "track", userId: "ann", event: "Offer due", messageId: "again" }]);
  site.hub.clock.moveTo(site.hub.clock.now() + DAY);
  await offerTo("ann");
  assert.ok(site.lettersTo(ANN).length > 1, "letters still go to whom the forged report named");
});

test("HELP and STOP of nobody the hub knows make no customer, and HELP is answered to nobody unproven", async () => {
  await site.customer("ann", { email: ANN });
  await site.mail({ from: "stranger@nowhere.example", text: "HELP" });
  await site.mail({ from: "stranger@nowhere.example", text: "STOP" });
  await site.mail({ from: ANN, text: "HELP" });
  assert.deepEqual([await customers(), await closed()], [1, ["opt-out/marketing"]]);
  assert.deepEqual(site.email.handedOver, []);
});

test("what nothing proves links nobody: a stranger's letter is no part of whoever has that address", async () => {
  await site.mail({ from: ANN, text: "I would like to know more" });
  const ann = await site.customer("ann", { email: ANN });
  await site.mail({ from: ANN, text: "Are you there?" });
  assert.equal(await customers(), 2);
  assert.deepEqual(
    (await site.timeline(ann, "reply")).map(({ properties }) => properties?.text),
    ["Are you there?"],
  );
});

test("a letter that was read elsewhere is asked about where it was sent, once, and the answer from there orders", async () => {
  const ann = await site.customer("ann", { email: ANN });
  await offerTo("ann");
  const to = site.replyAddress(ANN);
  await site.mail({ from: EVE, to, text: "1" });
  await site.mail({ from: EVE, to, text: "yes" });
  assert.deepEqual([await ordered(), site.lettersTo(EVE)], [0, []]);
  assert.match(site.lettersTo(ANN).slice(1).join("|"), /^Somebody said yes[^|]*A thing for \$5\. Reply 1\.\s*$/);
  assert.equal((await site.timeline(ann, "reply"))[0]?.properties?.proof, "token-elsewhere");

  await site.mail({ from: ANN, to: site.replyAddress(ANN), text: "1" });
  assert.equal(await ordered(), 1);
});

test("an offer whose words were kept with half a character in them is asked about like any other", async () => {
  await site.customer("ann", { email: ANN });
  await offerTo("ann");
  await site.query("update message_status set detail = replace(detail::text, 'A thing', 'A thing \\ud83d')::json");
  await site.mail({ from: EVE, to: site.replyAddress(ANN), text: "1" });
  assert.match(site.lettersTo(ANN).slice(1).join("|"), /^Somebody said yes[^|]*A thing/);
});

test("a token gives no consent from elsewhere, nor from its own address when it is old", async () => {
  const ann = await site.customer("ann", { email: ANN });
  await offerTo("ann");
  const to = site.replyAddress(ANN);
  await site.mail({ from: ANN, to, text: "STOP" });
  await site.mail({ from: EVE, to, text: "START" });
  assert.equal(await site.consent(ann), "withdrawn");
  site.hub.clock.moveTo(site.hub.clock.now() + 31 * DAY);
  await site.mail({ from: ANN, to, text: "START" });
  assert.equal(await site.consent(ann), "withdrawn");
  assert.equal((await site.timeline(ann, "reply"))[0]?.properties?.proof, "token-expired");
});

test("an unproven STOP ends marketing at once and nothing else, tells the customer, and staff undo it", async () => {
  const ann = await site.customer("ann", { email: ANN });
  await site.mail({ from: ANN, text: "STOP ALL" });
  assert.deepEqual(
    [await site.consent(ann), await site.consent(ann, "service"), await closed()],
    ["withdrawn", null, ["opt-out/marketing"]],
  );
  await offerTo("ann");
  assert.deepEqual(
    site.lettersTo(ANN).map((text) => text.slice(0, 8)),
    ["You will", "A thing "],
  );
  site.hub.clock.moveTo(site.hub.clock.now() + 1_000);
  const granted = { purpose: "marketing", channel: "email", status: "granted", source: "call of 10 June" };
  assert.equal((await site.hub.call("POST", `/api/customers/${ann}/consent`, granted)).status, 202);
  await site.hub.idle();
  assert.deepEqual([await site.consent(ann), await closed()], ["granted", []]);
});

/** The key of an offer, by text. */
const touch = { kind: "reply", gateway: "fake-sms", channel: "sms", from: "+13125550101", to: "1", text: "1" } as const;

test("an offer that never left cannot be accepted", async () => {
  await site.customer("ann", { phone: "+13125550101", timezone: "America/New_York" });
  site.hub.clock.moveTo(Date.UTC(2026, 5, 11, 4));
  await offerTo("ann");
  assert.deepEqual(site.sms.handedOver, []);
  await site.hub.hear([{ ...touch, inReplyToKey: null, at: site.hub.clock.now(), id: "early" }]);
  await site.hub.idle();
  assert.equal(await ordered(), 0);

  site.hub.clock.moveTo(site.hub.clock.now() + 10 * 3_600_000);
  await site.hub.idle();
  await site.hub.hear([{ ...touch, inReplyToKey: null, at: site.hub.clock.now(), id: "in time" }]);
  await site.hub.idle();
  assert.deepEqual([site.sms.handedOver.length, await ordered()], [1, 1]);
});

test("a yes that comes while its offer is still being handed off orders", async () => {
  await site.customer("ann", { phone: "+13125550101", timezone: "America/New_York" });
  let answered: Promise<void> = Promise.resolve();
  site.whileSending(async () => {
    answered = site.hub.hear([{ ...touch, inReplyToKey: null, at: site.hub.clock.now(), id: "at once" }]);
    await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 200))]);
  });
  await offerTo("ann");
  await answered;
  await site.hub.idle();
  assert.deepEqual([site.sms.handedOver.length, await ordered()], [1, 1]);
});

test("who says a customer's words first, without proof, does not keep the customer's own from being heard", async () => {
  const ann = await site.customer("ann", { email: ANN });
  await offerTo("ann");
  const words = {
    from: ANN,
    to: site.replyAddress(ANN),
    text: "1",
    messageId: "<m1@victim.example>",
    date: new Date(NOON),
  };
  await site.mail({ ...words, to: `care@${HUB_DOMAIN}` });
  await site.mail(words);
  await site.mail(words);
  assert.equal(await ordered(), 1);
  assert.deepEqual((await site.timeline(ann, "reply")).map(({ origin }) => origin).sort(), [
    "claimed-person",
    "person",
  ]);
});

test("an action may be accepted by a yes that nothing proves; a policy that does not say so hears no more of it", async () => {
  const [shop] = aShop.policies;
  const [offer] = shop?.actions ?? [];
  const after = (name: string, from?: string[]) => ({
    ...{ ...shop, name, on: ["thing accepted"], ...(from && { from }) },
    actions: [{ ...offer, name, stepHints: {} }],
  });
  await site.hub.scenarios.install({
    ...aShop,
    version: "2",
    policies: [
      { ...shop, actions: [{ ...offer, acceptFrom: ["person", "claimed-person"] }] },
      after("of-the-proven"),
      after("of-anybody", ["person", "claimed-person", "hub"]),
    ],
  });
  const ann = await site.customer("ann", { email: ANN });
  await offerTo("ann");
  const to = site.replyAddress(ANN);
  await site.mail({ from: ANN, text: "1" });
  await site.mail({ from: ANN, to, text: "1" });

  assert.equal(await ordered(), 2, "once in the customer's name, and once by the customer");
  const decided = await site.query<{ policy: string }>(
    "select policy from decision where customer_id = $1 and trigger = 'thing accepted' order by at, policy",
    [ann],
  );
  assert.deepEqual(
    decided.map(({ policy }) => policy),
    ["of-anybody", "of-anybody", "of-the-proven"],
  );
});
