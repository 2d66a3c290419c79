import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { Gateway, Handoff, HandoffResult, InboundTouch } from "./gateway.ts";
import { type ImapReaderOptions, openImapReader } from "./imap-reader.ts";
import { openMailListener } from "./mail-listener.ts";
import { openMailRoom } from "./mail-room.ts";
import { openEavesdropper } from "./peers/eavesdropper.ts";
import { type Certificates, makeCertificates } from "./peers/make-certificates.ts";
import { trustOf } from "./peers/mail-zone.ts";
import { noPostOffice, openPostOffice, type PostOffice } from "./peers/open-post-office.ts";
import { openSmtpGateway, type SmtpGatewayOptions } from "./smtp-gateway.ts";

const anSmtpGateway = (over: Partial<SmtpGatewayOptions>): Gateway =>
  openSmtpGateway({
    name: "relay",
    host: "127.0.0.1",
    port: 25,
    security: "starttls",
    ownRoots: null,
    auth: null,
    from: { name: "Hub", address: "hello@hub.test" },
    domain: "hub.test",
    secret: "a secret",
    dkim: null,
    ratePerSecond: 100,
    connectionsPerLane: 1,
    timeoutMs: 5_000,
    ...over,
  });

/** What comes of one mail by a gateway of its own. */
async function sent(over: Partial<SmtpGatewayOptions>, to = "anna@town.test"): Promise<HandoffResult> {
  const gateway = anSmtpGateway(over);
  const aMail: Handoff = {
    key: "run/1",
    lane: "conversation",
    to,
    content: { kind: "email", subject: "Hello", text: "for your eyes only", html: null },
    unsubscribe: null,
  };
  return gateway.send(aMail).finally(() => gateway.close());
}

const room = openMailRoom();
const anImapReader = (over: Partial<ImapReaderOptions>) =>
  openImapReader({
    gateway: "imap",
    domain: "hub.test",
    secret: "a secret",
    room,
    trust: trustOf(),
    host: "127.0.0.1",
    port: 143,
    security: "tls",
    ownRoots: null,
    user: "inbox@hub.test",
    pass: "pw",
    mailbox: "INBOX",
    largestBytes: 1_000_000,
    firstRetryMs: 10_000,
    random: () => 0.5,
    now: () => 1,
    hear: async () => {},
    onFault: () => {},
    ...over,
  });

/** The first thing that a reader of its own hears, or the fault it has. */
async function firstHeard(over: Partial<ImapReaderOptions>): Promise<InboundTouch | Error> {
  const first = Promise.withResolvers<InboundTouch | Error>();
  const reader = anImapReader({
    ...over,
    hear: async ([touch]) => touch && first.resolve(touch),
    onFault: (fault) => first.resolve(fault as Error),
  });
  return first.promise.finally(() => reader.close());
}

let certificates: Certificates;
before(() => {
  certificates = makeCertificates();
});
after(async () => {
  certificates.close();
  await room.close();
});

function assertWaits(result: HandoffResult, why: RegExp): void {
  assert.equal(result.kind, "later");
  assert.match(result.kind === "later" ? result.detail : "", why);
}

describe("with a Postfix and a Dovecot that want TLS", { skip: noPostOffice }, () => {
  let office: PostOffice;
  let listener: Awaited<ReturnType<typeof openMailListener>>;
  const listened = Promise.withResolvers<InboundTouch>();
  before(async () => {
    const { good: shows, rootsFile } = certificates;
    listener = await openMailListener({
      gateway: "mail-in",
      domain: "relayed.test",
      secret: "a secret",
      room,
      trust: trustOf(),
      host: "127.0.0.1",
      port: 0,
      largestBytes: 200_000,
      tls: shows,
      now: () => 1,
      hear: async ([touch]) => touch && listened.resolve(touch),
    });
    office = await openPostOffice({ relayPort: listener.port, tls: { shows, rootsFile } });
  });
  after(async () => {
    await office?.close();
    await listener?.close();
  });

  for (const security of ["starttls", "tls"] as const) {
    const port = () => (security === "tls" ? office.smtpsPort : office.smtpPort);

    test(`mail goes out by ${security} to a relay that shows its own certificate`, async () => {
      const result = await sent({ security, port: port(), ownRoots: certificates.roots }, "inbox@hub.test");
      assert.equal(result.kind, "accepted");
    });

    test(`a relay by ${security} whose certificate nobody known signed gets nothing`, async () => {
      assertWaits(await sent({ security, port: port() }), /certificate|self.signed/i);
    });

    test(`the mailbox is read by ${security} from a server that shows its own certificate`, async () => {
      const imapPort = security === "tls" ? office.imapsPort : office.imapPort;
      await sent({ security, port: port(), ownRoots: certificates.roots }, "inbox@hub.test");
      const touch = await firstHeard({ security, port: imapPort, ownRoots: certificates.roots });
      assert.ok(!(touch instanceof Error), String(touch));
      assert.ok(touch.kind === "reply" && touch.text === "for your eyes only");
    });

    test(`a mailbox by ${security} whose certificate nobody known signed is not opened`, async () => {
      const imapPort = security === "tls" ? office.imapsPort : office.imapPort;
      const fault = await firstHeard({ security, port: imapPort });
      assert.match(String(fault), /certificate|self.signed/i);
    });
  }

  test("a relay that wants TLS takes no mail in clear", async () => {
    assertWaits(await sent({ security: "plain", port: office.smtpPort }), /STARTTLS/);
  });

  test("Postfix, told to verify whom it relays to, brings mail to our listener", async () => {
    await sent({ port: office.smtpPort, ownRoots: certificates.roots }, "reply@relayed.test");
    const touch = await listened.promise;
    assert.ok(touch.kind === "reply" && touch.text === "for your eyes only");
  });
});

describe("with a Postfix that shows what it should not", { skip: noPostOffice }, () => {
  for (const shown of ["selfSigned", "otherName"] as const) {
    test(`a certificate that is ${shown} is refused by both ways out and both ways in`, async () => {
      const { roots: ownRoots, rootsFile } = certificates;
      const office = await openPostOffice({ relayPort: 1, tls: { shows: certificates[shown], rootsFile } });
      const why = shown === "selfSigned" ? /self.signed/ : /does not match certificate's altnames/;
      try {
        assertWaits(await sent({ ownRoots, security: "starttls", port: office.smtpPort }), why);
        assertWaits(await sent({ ownRoots, security: "tls", port: office.smtpsPort }), why);
        assert.match(String(await firstHeard({ ownRoots, security: "starttls", port: office.imapPort })), why);
        assert.match(String(await firstHeard({ ownRoots, security: "tls", port: office.imapsPort })), why);
      } finally {
        await office.close();
      }
    });
  }
});

const SECRETS = /AUTH|LOGIN|MAIL FROM|RCPT|eyes only|EXAMINE|SELECT|FETCH/i;

test("a relay that offers no STARTTLS where it is required is told neither password nor mail", async () => {
  const ear = await openEavesdropper("220 relay ESMTP\r\n", (line) => {
    if (/^EHLO/.test(line)) return "250-relay\r\n250 AUTH PLAIN LOGIN\r\n";
    return line === "STARTTLS" ? "502 5.5.1 What is that?\r\n" : "250 ok\r\n";
  });
  assertWaits(await sent({ port: ear.port, auth: { user: "hub", pass: "pw" } }), /STARTTLS/);
  assert.ok(ear.told.length > 0);
  assert.deepEqual(
    ear.told.filter((line) => SECRETS.test(line)),
    [],
  );
  await ear.close();
});

const mailboxes: [who: string, greeting: string][] = [
  ["offers no STARTTLS", "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n"],
  ["claims that we are signed in already", "* PREAUTH [CAPABILITY IMAP4rev1] welcome back\r\n"],
  ["offers STARTTLS and refuses it", "* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n"],
];
for (const [who, greeting] of mailboxes) {
  test(`a mail server that ${who} is told no password and not read`, async () => {
    const ear = await openEavesdropper(greeting, (line) => {
      const [tag, command = ""] = line.split(" ");
      if (command === "STARTTLS") return `${tag} NO not today\r\n`;
      return command === "CAPABILITY"
        ? `* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n${tag} OK done\r\n`
        : `${tag} OK done\r\n`;
    });
    const fault = await firstHeard({ security: "starttls", port: ear.port });
    assert.ok(fault instanceof Error);
    assert.deepEqual(
      ear.told.filter((line) => SECRETS.test(line)),
      [],
    );
    await ear.close();
  });
}
