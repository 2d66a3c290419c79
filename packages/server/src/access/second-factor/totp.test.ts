import assert from "node:assert/strict";
import { test } from "node:test";

import { newTotpSecret, openTotp, sealTotp, tellTotp, totpCode, totpStep } from "./totp.ts";

/** RFC 6238, Appendix B, the rows of SHA-1: seconds, and the code of eight digits. */
const VECTORS: [seconds: number, code: string][] = [
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
];
const SECRET = Buffer.from("12345678901234567890");
for (const [seconds, code] of VECTORS) {
  test(`at ${seconds} s the code is ${code}, as RFC 6238 has it`, () => {
    assert.equal(totpCode(SECRET, seconds * 1_000, 8), code);
    assert.equal(totpStep(SECRET, code.slice(2), seconds * 1_000), Math.floor(seconds / 30));
  });
}

test("the code of the step before or after counts as that step's, and no other counts", () => {
  const now = 1_234_567_890_000;
  const step = Math.floor(now / 30_000);
  const codes = [-2, -1, 0, 1, 2].map((n) => totpStep(SECRET, totpCode(SECRET, now + n * 30_000), now));
  assert.deepEqual(codes, [null, step - 1, step, step + 1, null]);
  for (const wrong of ["", "12345", "1234567", "abcdef", "000000 "]) assert.equal(totpStep(SECRET, wrong, now), null);
});

test("a secret is told as apps read it", () => {
  const { secret, uri } = tellTotp(SECRET, "Northwind & Co", "ann@x.example");
  assert.equal(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  const { protocol, host, searchParams } = new URL(uri);
  assert.deepEqual(
    [protocol, host, searchParams.get("secret"), searchParams.get("issuer")],
    ["otpauth:", "totp", secret, "Northwind & Co"],
  );
});

test("a sealed secret is opened with the hub's own, for the same colleague, and by nothing else", () => {
  const secret = newTotpSecret();
  const sealed = sealTotp("hub", "ann", secret);
  assert.ok(!sealed.includes(secret));
  assert.deepEqual(openTotp("hub", "ann", sealed), secret);
  assert.throws(() => openTotp("other", "ann", sealed));
  assert.throws(() => openTotp("hub", "bob", sealed));
});
