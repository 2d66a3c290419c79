import assert from "node:assert/strict";
import { test } from "node:test";

import { phaseIn, refusalIn } from "./smtp-phase.ts";

test("mail systems name the command that was refused, each in its own words", () => {
  for (const [words, phase] of [
    ["host mx.example said: 550 no (in reply to RCPT TO command)", "rcpt"],
    ["SMTP error from remote mail server after end of data: 550 no", "data"],
    ["192.0.2.1 failed after I sent the message.", "data"],
    ["Connected to 192.0.2.1 but sender was rejected.", "mail"],
    ["host mx.example refused to talk to me: 554 no", "connect"],
    ["no such user", null],
  ] as const)
    assert.equal(phaseIn(words), phase, words);
});

test("the line that refused the recipient decides, not what followed from it", () => {
  const lines = [
    ">>> RCPT To:<a@town.example>",
    "<<< 550 5.1.1 unknown",
    ">>> DATA",
    "<<< 554 5.5.1 Error: no valid recipients",
  ];
  assert.deepEqual(refusalIn(lines.join("\n")), { phase: "rcpt", line: "550 5.1.1 unknown" });
});

test("an answer to RCPT under a DATA that was sent already is known by what follows it", () => {
  const lines = [">>> DATA", "<<< 550 5.5.0 unavailable", "<<< 503 5.0.0 Need RCPT (recipient)"];
  assert.deepEqual(refusalIn(lines.join("\n")), { phase: "rcpt", line: "550 5.5.0 unavailable" });
});

test("without a transcript no line decides", () => assert.equal(refusalIn("550 unknown user"), null));
