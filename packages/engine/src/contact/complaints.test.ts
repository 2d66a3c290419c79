import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@rapport/contract/event";

import { emptyProfile, foldEvent } from "../profile/index.ts";
import { openComplaints } from "./complaints.ts";

const DAY = 86_400_000;
const NONE = new Map();

/** The numbers that are open at `now`, after these events at these moments. */
function openAt(now: number, ...heard: [name: string, at: number, number?: unknown][]): string[] {
  const profile = emptyProfile("c");
  for (const [name, at, ticketId] of heard) {
    const event: Event = {
      id: `${name}/${at}`,
      kind: "track",
      name,
      at,
      receivedAt: at,
      claims: [],
      origin: "server",
      source: "crm",
      channel: "server",
      properties: { ticketId },
    };
    foldEvent(profile, event, NONE);
  }
  return openComplaints(profile, now).map(({ number }) => number);
}

test("a ticket is open from its opening to its closing, by its number, in whatever order it is heard", () => {
  assert.deepEqual(openAt(9, ["Ticket Opened", 1, 7], ["ticket opened", 2, "8"]), ["7", "8"]);
  assert.deepEqual(openAt(9, ["Ticket Closed", 3, 7], ["Ticket Opened", 1, 7]), []);
  assert.deepEqual(openAt(9, ["Ticket Opened", 1, 7], ["Ticket Resolved", 3, 7], ["Ticket Reopened", 4, 7]), ["7"]);
});

test("a complaint without a number is open and closed all the same", () => {
  assert.deepEqual(openAt(9, ["Complaint Opened", 1]), [""]);
  assert.deepEqual(openAt(9, ["Complaint Opened", 1], ["Complaint Closed", 2]), []);
});

test("a ticket that nobody closed for half a year is open no longer", () => {
  assert.deepEqual(openAt(180 * DAY, ["Ticket Opened", 0, 7]), ["7"]);
  assert.deepEqual(openAt(180 * DAY + 1, ["Ticket Opened", 0, 7]), []);
});
