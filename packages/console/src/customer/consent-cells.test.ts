import assert from "node:assert/strict";
import { test } from "node:test";
import type { Customer } from "@rapport/contract/api";

import { consentCells } from "./consent-cells.ts";

const stop = {
  purpose: "*",
  channel: "sms",
  status: "withdrawn",
  at: 1,
  source: "reply",
  text: null,
  ip: null,
} as const;
const now = (purpose: string, channel: string, may: boolean, said: string | null): Customer["consentNow"][number] => ({
  purpose,
  channel,
  may,
  said,
  source: "contract",
});
const cells = consentCells({
  consent: [stop],
  consentNow: [
    now("service", "sms", false, "*/sms"),
    now("service", "email", true, null),
    now("marketing", "email", false, null),
  ],
}).flat();
const at = (purpose: string, channel: string) =>
  cells.find((cell) => cell.purpose === purpose && cell.channel === channel);

test("what was said of a whole channel stands in each of its cells, with the statement", () => {
  assert.deepEqual([at("service", "sms")?.status, at("service", "sms")?.stated], ["withdrawn", stop]);
});

test("where nothing was said the rule's default stands, allowed or barred, and says where it comes from", () => {
  assert.deepEqual(
    [at("service", "email"), at("marketing", "email")].map((cell) => [cell?.status, cell?.stated, cell?.source]),
    [
      ["allowed", null, "contract"],
      ["barred", null, "contract"],
    ],
  );
});

test("a purpose that the hub says nothing of is barred", () => {
  assert.equal(at("profiling", "chat")?.status, "barred");
});
