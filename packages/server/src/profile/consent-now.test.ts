import assert from "node:assert/strict";
import { test } from "node:test";
import { compileContactRules } from "@rapport/engine/decision/index";
import { type Consent, emptyProfile } from "@rapport/engine/profile/index";

import { consentNow } from "./consent-now.ts";

const rules = (of: "opt-in" | "opt-out", source: string) =>
  compileContactRules({ consent: { marketing: { default: of, source, since: "2026-01-01" } } }, "contact", []);

/** What holds for marketing, channel by channel, after these statements, each a moment after the one before. */
function marketing(said: [key: string, status: Consent["status"]][], ...all: ReturnType<typeof rules>[]) {
  const consent = Object.fromEntries(
    said.map(([key, status], at) => {
      const value = { status, source: "letter", text: null, ip: null };
      return [key, { value, at, by: `event ${at}` }];
    }),
  );
  const answers = consentNow({ ...emptyProfile("c"), consent }, all).filter(({ purpose }) => purpose === "marketing");
  return Object.fromEntries(answers.map(({ channel, may, said: by, source }) => [channel, [may, by, source]]));
}

test("what was said of all channels holds where nothing else was said", () => {
  const { email, sms, chat } = marketing(
    [
      ["marketing/*", "withdrawn"],
      ["marketing/sms", "granted"],
    ],
    rules("opt-in", "law"),
  );
  assert.deepEqual(
    [email, sms, chat],
    [
      [false, "marketing/*", "law"],
      [true, "marketing/sms", "law"],
      [false, "marketing/*", "law"],
    ],
  );
});

test("what was said of a channel holds for every purpose", () => {
  assert.deepEqual(marketing([["*/sms", "withdrawn"]], rules("opt-out", "law")).sms, [false, "*/sms", "law"]);
});

test("where nothing was said the strictest rule of the installed policies holds, and no rule is a no", () => {
  assert.deepEqual(marketing([], rules("opt-out", "contract")).email, [true, null, "contract"]);
  assert.deepEqual(marketing([], rules("opt-out", "contract"), rules("opt-in", "law")).email, [false, null, "law"]);
  assert.deepEqual(marketing([]).email, [false, null, null]);
});
