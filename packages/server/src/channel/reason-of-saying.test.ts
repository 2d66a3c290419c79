import assert from "node:assert/strict";
import { test } from "node:test";

import { isHard } from "./bounce-reason.ts";
import { reasonOfSaying } from "./reason-of-saying.ts";
import { phaseIn } from "./smtp-phase.ts";

const reasonOf = (said: string) =>
  reasonOfSaying(said, {
    status: /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(said)?.[0] ?? null,
    phase: phaseIn(said),
  });

function holds(kind: string, hard: boolean, sayings: string[]) {
  test(kind, () => {
    for (const said of sayings) assert.equal(isHard(reasonOf(said)), hard, `${said}: ${reasonOf(said)}`);
  });
}

holds("an address that does not exist is dead, in the words of many mail systems", true, [
  "550 5.1.1 <o'brien@town.example>: Recipient address rejected: User unknown in local recipient table",
  "550 5.1.1 The email account that you tried to reach does not exist.",
  "554 delivery error: dd This user doesn't have a town.example account [0] - mta1025.town.example",
  "550 Message was not accepted -- invalid mailbox. Local mailbox anna@town.example is unavailable: user not found",
  "550 Mailbox not found or access denied",
  "550 Mailbox unavailable or access denied [MxYg]",
  "550 Invalid final delivery userid",
  "User anna (anna@town.example) not listed in Domino Directory",
  "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
  "550 5.4.1 [anna@town.example]: Recipient address rejected: Access denied.",
  "sorry, no mailbox here by that name (#5.1.1 - chkuser)",
  "550 Пользователь не найден",
  "550 该用户不存在",
  "550 Utilisateur inconnu",
  "Sorry, I couldn't find any host named town.example. (#5.1.2)",
  "551 5.1.6 Recipient has moved",
]);

holds("a host that takes no mail is dead", true, [
  "Domain town.example does not accept mail (nullMX)",
  "550 5.1.10 Recipient address has null MX",
  "This address no longer accepts mail.",
]);

holds("words within names of hosts and of other things are no reasons", true, [
  "550 5.0.0 host mx.filtered.example said: user unknown",
  "550 No such user here at mx.ke-ssl-er.example",
  "550 No such user in russland",
  "550 policy-group: No such recipient",
  "550 <policy@spam.example>: No such user here",
  "550 No such user (see https://blocked.example/mailbox-full)",
]);

holds("a refusal of our own sender says nothing of the recipient", false, [
  "550 <bounce+a@hub.example>: Sender address rejected: User unknown in relay recipient table",
  "553 5.1.8 <bounce@hub.example>... Domain of sender address does not exist",
  "550-Verification failed for <bounce@hub.example> 550-No Such User Here 550 Sender verify failed",
  "SMTP error from remote mail server after MAIL FROM:<bounce@hub.example>: 550 unknown user",
  "450 4.7.1 <hub.example>: Helo command rejected: Host not found",
  "550 5.7.27 Sender address has null MX",
]);

holds("a lookup that failed for now says nothing of what was looked up", false, [
  "451 4.3.0 <anna@town.example>: Temporary lookup failure",
  "450 4.1.1 <anna@town.example>: Recipient address rejected: unverified address: Connection timed out",
  "450 4.1.2 <anna@town.example>: Recipient address rejected: Domain not found",
  "Host or domain name not found. Name service error for name=town.example type=MX: Host not found, try again",
  "CNAME lookup failed temporarily. (#4.4.3)",
]);

test("what a local program complains of is the program's, whatever it says of users", () => {
  for (const said of [
    "Couldn't create output file /var/mail/anna: unknown user",
    "local delivery failed: maildrop: Unable to open mailbox",
    'Command died with status 67: "/usr/bin/procmail". Command output: unknown user',
  ])
    assert.equal(reasonOf(said), "mailer-error", said);
});

test("a code that means one thing outranks words, and a full mailbox is somebody's", () => {
  assert.equal(reasonOf("550 5.1.1 rejected by policy"), "user-unknown");
  assert.equal(reasonOf("550 5.7.25 no such user"), "require-ptr");
  assert.equal(reasonOf("550 5.1.1 mailbox full"), "mailbox-full");
});

test("an unknown user after the whole message was heard is a filter, unless the code says that there is none", () => {
  assert.equal(reasonOf("550 Unknown user (in reply to\n    end of DATA command)"), "filtered");
  assert.equal(reasonOf("550 Unknown user (in reply to RCPT TO command)"), "user-unknown");
  assert.equal(reasonOf("550 5.1.1 Unknown user (in reply to end of DATA command)"), "user-unknown");
});

test("sixty kilobytes of anything hold nobody up", () => {
  const started = performance.now();
  for (const unit of ["user ", "a-", "a.", "a@", "mailbox not ", "5.1.1 ", "<", "domain of sender ", "host "])
    reasonOf(unit.repeat(60_000 / unit.length));
  assert.ok(performance.now() - started < 1_000);
});
