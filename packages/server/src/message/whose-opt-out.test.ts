import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { aShop, type MailedHub, openMailedHub } from "../mailed-hub.ts";

const ANN = "ann@victim.example";
const BOB = "bob@town.example";
let site: MailedHub;
beforeEach(async () => {
  site = await openMailedHub();
  await site.hub.scenarios.install(aShop);
});
afterEach(() => site.end());

const offerTo = (...userIds: string[]) =>
  site.hub.send(
    userIds.map((userId) => {
      const messageId = `offer-${userId}-${site.hub.clock.now()}`;
      return { type: "track", userId, event: "Offer due", messageId };
    }),
  );
let texts = 0;
async function text(from: string, words: string): Promise<void> {
  site.hub.clock.moveTo(site.hub.clock.now() + 1_000);
  const ends = { kind: "reply", gateway: "fake-sms", channel: "sms", from, to: "+13125550100" } as const;
  await site.hub.hear([{ ...ends, text: words, inReplyToKey: null, at: site.hub.clock.now(), id: `text-${texts++}` }]);
  await site.hub.idle();
}
const consentBySms = async (customerId: string) => {
  const { body } = await site.hub.call("GET", `/api/customers/${customerId}`);
  const { consent } = body as { consent: { purpose: string; channel: string; status: string }[] };
  return consent.find(({ purpose, channel }) => purpose === "marketing" && channel === "sms")?.status ?? null;
};
const offersBySms = () => site.sms.handedOver.filter(({ content }) => content.text.startsWith("A thing")).length;

const forms: [country: string, known: string, written: string][] = [
  ["Mexico", "+5215512345678", "+525512345678"],
  ["Mexico", "+525512345678", "+5215512345678"],
  ["Brazil", "+5511987654321", "+551187654321"],
  ["Argentina", "+5491123456789", "+541123456789"],
  ["Argentina", "+541123456789", "+5491123456789"],
  ["Benin", "+2290197123456", "+22997123456"],
];
for (const [country, known, written] of forms) {
  test(`a STOP from ${written} ends texts to ${known} of ${country}, and its START lets them come again`, async () => {
    const ann = await site.customer("ann", { phone: known, timezone: "America/New_York" });
    await text(written, "STOP");
    assert.equal(await consentBySms(ann), "withdrawn");
    await offerTo("ann");
    assert.equal(offersBySms(), 0);

    site.hub.clock.moveTo(site.hub.clock.now() + 600_000);
    await text(written, "START");
    await offerTo("ann");
    assert.deepEqual([await consentBySms(ann), offersBySms()], ["granted", 1]);
  });
}

test("a STOP ends texts to both of two customers who are known by two forms of the number", async () => {
  const ann = await site.customer("ann", { phone: "+541123456789", timezone: "America/New_York" });
  const bob = await site.customer("bob", { phone: "+5491123456789", timezone: "America/New_York" });
  await text("+541123456789", "STOP");
  await offerTo("ann", "bob");
  assert.deepEqual([await consentBySms(ann), await consentBySms(bob), offersBySms()], ["withdrawn", "withdrawn", 0]);
});

const letters = (to: string) => site.lettersTo(to).length;

test("a STOP in answer to another customer's letter is its writer's, and not the other's", async () => {
  const [ann, bob] = [await site.customer("ann", { email: ANN }), await site.customer("bob", { email: BOB })];
  await offerTo("ann");
  await site.mail({ from: BOB, to: site.replyAddress(ANN), text: "STOP" });
  assert.deepEqual([await site.consent(ann), await site.consent(bob)], ["granted", "withdrawn"]);
  assert.deepEqual(await site.timeline(ann, "reply"), []);
  assert.equal((await site.query("select 1 from suppression")).length, 1);
  assert.deepEqual([letters(ANN), letters(BOB)], [1, 1], "Bob alone is told that he is unsubscribed");
});

test("a STOP of nobody the hub knows, in answer to a customer's letter, is told of both and closes both addresses", async () => {
  const ann = await site.customer("ann", { email: ANN });
  await offerTo("ann");
  await site.mail({ from: "other@private.example", to: site.replyAddress(ANN), text: "STOP" });
  assert.deepEqual([await site.consent(ann), (await site.timeline(ann, "reply")).length], ["withdrawn", 1]);
  const [stranger] = await site.query<{ id: string }>(
    "select customer_id as id from customer where customer_id <> $1",
    [ann],
  );
  const [reply] = await site.timeline(stranger?.id ?? "", "reply");
  assert.deepEqual([reply?.origin, reply?.properties?.text], ["claimed-person", "STOP"]);
  assert.equal((await site.query("select 1 from suppression where scope = 'marketing'")).length, 2);
});
