import assert from "node:assert/strict";
import { test } from "node:test";

import { peerAddress } from "./peer-address.ts";

const cases: [address: string, host: string, port: number, security: string][] = [
  ["smtps://mail.example", "mail.example", 465, "tls"],
  ["smtp://mail.example", "mail.example", 587, "starttls"],
  ["smtp://10.0.0.5:2525", "10.0.0.5", 2525, "starttls"],
  ["smtp://127.evil.example", "127.evil.example", 587, "starttls"],
  ["smtp://127.0.0.1:1025", "127.0.0.1", 1025, "plain"],
  ["smtp://localhost:25", "localhost", 25, "plain"],
  ["smtp://[::1]:25", "::1", 25, "plain"],
  ["smtp+clear://relay", "relay", 25, "plain"],
  ["imap://mail.example", "mail.example", 143, "starttls"],
  ["imaps://mail.example", "mail.example", 993, "tls"],
  ["imap+clear://mail.example:1143", "mail.example", 1143, "plain"],
  ["smpp://smsc.example", "smsc.example", 2775, "plain"],
  ["ssmpp://smsc.example", "smsc.example", 3550, "tls"],
];
for (const [address, host, port, security] of cases) {
  test(`${address} is ${host}, port ${port}, ${security}`, () =>
    assert.deepEqual(peerAddress(address), { host, port, security, auth: null }));
}

test("a name and a password may hold any characters, as percent signs", () => {
  assert.deepEqual(peerAddress("smtps://me%40x.example:p%2Fw%3A@mail.example").auth, {
    user: "me@x.example",
    pass: "p/w:",
  });
});
