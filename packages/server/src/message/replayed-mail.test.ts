import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { createTransport, type SendMailOptions } from "nodemailer";

import { aShop, HUB_DOMAIN, type MailedHub, openMailedHub, signing } from "../mailed-hub.ts";

const ANN = "ann@signed.example";
const EVE = "eve@evil.example";
let site: MailedHub;
let ann: string;
beforeEach(async () => {
  site = await openMailedHub();
  await site.hub.scenarios.install(aShop);
  ann = await site.customer("ann", { email: ANN });
});
afterEach(() => site.end());

/** A letter that Ann signs as large providers do: nothing of In-Reply-To, which anybody may then take out or put in. */
async function signedByAnn(over: SendMailOptions): Promise<string> {
  const transport = createTransport({
    ...{ streamTransport: true, buffer: true, newline: "windows" },
    dkim: { ...signing.dkim, headerFieldNames: "from:to:subject:date:message-id:mime-version:content-type" },
  } as const);
  const mail = { from: ANN, to: `care@${HUB_DOMAIN}`, subject: "Re: x", date: new Date(site.hub.clock.now()), ...over };
  return String((await transport.sendMail(mail)).message);
}
const sendOn = (raw: string, to = `care@${HUB_DOMAIN}`) =>
  site.mail({ from: EVE, envelope: { from: EVE, to: [to] }, raw });
const unanswering = (raw: string): string => raw.replace(/^In-Reply-To:[^\r]*\r\n(?:[ \t][^\r]*\r\n)*/m, "");
const offer = (id: string) => site.hub.send([{ type: "track", userId: "ann", event: "Offer due", messageId: id }]);
const answered = () => `<${site.replyAddress(ANN).replace("reply+", "").replace(/@.*/, "")}@${HUB_DOMAIN}>`;
const accepted = async () =>
  (await site.query("select 1 from event where body::json->>'name' = 'thing accepted'")).length;
const wait = (ms: number) => site.hub.clock.moveTo(site.hub.clock.now() + ms);

test("a signed START that answered a letter of ours does nothing when it comes again without its In-Reply-To", async () => {
  await offer("o1");
  await site.mail({ from: ANN, signed: true, text: "STOP" });
  const start = await signedByAnn({ text: "START", inReplyTo: answered() });
  assert.notEqual(unanswering(start), start);
  await sendOn(start);
  assert.equal(await site.consent(ann), "granted");
  wait(600_000);
  await site.mail({ from: ANN, signed: true, text: "STOP" });
  wait(600_000);
  await sendOn(start);
  assert.equal(await site.consent(ann), "withdrawn", "the same letter again");
  await sendOn(unanswering(start));
  assert.equal(await site.consent(ann), "withdrawn");
});

test("a signed yes to one offer, sent again by somebody without its In-Reply-To, accepts no later offer", async () => {
  await offer("o1");
  const yes = await signedByAnn({ text: "yes", inReplyTo: answered() });
  await sendOn(yes);
  assert.equal(await accepted(), 1);
  wait(86_400_000);
  await offer("o2");
  await sendOn(yes);
  assert.equal(await accepted(), 1, "the same letter again");
  await sendOn(unanswering(yes));
  assert.equal(await accepted(), 1);
});

for (const [what, change] of [
  ["as it is", (raw: string) => raw],
  ["with two blanks in its Date", (raw: string) => raw.replace(/^(Date: \w+,) /m, "$1  ")],
] as const)
  test(`a signed yes to one offer, sent again ${what} to the reply address of a later one, does not accept that`, async () => {
    await offer("o1");
    const yes = await signedByAnn({ text: "yes" });
    await sendOn(yes);
    assert.equal(await accepted(), 1);
    wait(86_400_000);
    await offer("o2");
    await sendOn(change(yes), site.replyAddress(ANN));
    assert.equal(await accepted(), 1);
  });

/** What relaxed canonicalisation ignores (RFC 6376, 3.4): such a letter still carries a signature that holds. */
const respaced: [what: string, change: (raw: string) => string][] = [
  ["two blanks in its Date", (raw) => raw.replace(/^(Date: \w+,) /m, "$1  ")],
  ["a tab in its Date", (raw) => raw.replace(/^(Date: \w+,) /m, "$1\t")],
  ["a folded Date", (raw) => raw.replace(/^(Date: \w+,) /m, "$1\r\n\t ")],
  ["a fold before its Date's colon", (raw) => raw.replace(/^Date: /m, "DATE\r\n :")],
  ["two blanks in its From and To", (raw) => raw.replace(/^(From|To): /gm, "$1:  ")],
  ["blank lines more at its end", (raw) => `${raw}\r\n\r\n`],
  ["blanks at a line's end", (raw) => raw.replace(/START\r\n/, "START  \r\n")],
];
for (const [what, respace] of respaced)
  test(`a signed START, sent again with ${what}, is heard once`, async () => {
    const start = await signedByAnn({ text: "START" });
    assert.notEqual(respace(start), start);
    await sendOn(start);
    wait(600_000);
    await site.mail({ from: ANN, signed: true, text: "STOP" });
    wait(600_000);
    await sendOn(respace(start));
    assert.equal(await site.consent(ann), "withdrawn");
    const { origin, properties } = (await site.timeline(ann, "reply"))[0] ?? {};
    assert.deepEqual([origin, properties?.text], ["person", "STOP"], "the signature held, and nothing new was heard");
  });
