import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import type { Page } from "playwright-core";

import { alarmsOf, missing, type Opened, openConsole } from "./open-console.ts";

const skip = missing ?? false;
let opened: Opened;

before(async () => {
  if (skip) return;
  opened = await openConsole();
  await opened.begin();
});
afterEach(() => opened?.leave());
after(() => opened?.close());

/** Runs a script wherever it is taken for markup; the word tells from which text it came. */
const evil = (word: string) => `${word}<img src=x onerror=alert(1)>"'><svg/onload=alert(1)>`;
/** What strangers, customers and colleagues can write that some room of the console shows. */
const SHOWN = ["name", "trait", "value", "event", "property", "title", "claim", "colleague", "key", "note"];

async function writeEverywhere(page: Page): Promise<string> {
  const email = `${randomUUID()}@town.example`;
  const userId = evil("user");
  const call = { userId, anonymousId: evil("visitor") };
  await opened.track([
    { type: "identify", ...call, traits: { email, firstName: evil("name"), [evil("trait")]: evil("value") } },
    { type: "track", ...call, event: evil("event"), properties: { [evil("property")]: evil("property") } },
    {
      ...{ type: "page", ...call, name: evil("title"), properties: { url: `https://x.example/${evil("url")}` } },
      context: { page: { referrer: evil("referrer"), title: evil("title") }, campaign: { source: evil("campaign") } },
    },
    { type: "group", ...call, groupId: evil("group"), traits: { name: evil("group") } },
    { type: "track", ...call, event: `message.${evil("letter")}` },
  ]);
  const post = async (path: string, data: object) => {
    const answer = await page.context().request.post(path, { data });
    assert.ok(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const key = { name: evil("key"), scope: "write", origin: "browser" };
  const { secret } = await post("/api/keys", key);
  const said = { type: "identify", userId, anonymousId: evil("liar"), traits: { [evil("claim")]: evil("claim") } };
  await post("/api/staff", { name: evil("colleague"), email: `${randomUUID()}@rapport.example`, role: "agent" });
  const answer = await fetch(`${opened.url}/v1/batch`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${String(secret)}` },
    body: JSON.stringify({ batch: [said] }),
  });
  assert.equal(answer.status, 200);
  return email;
}

/** The room of the visit that claims to be this customer. */
async function visitorOf(page: Page, customer: string): Promise<string> {
  for (;;) {
    const answer = await page.context().request.get(`/api${customer}`);
    const [visit] = ((await answer.json()) as { visits: { visitorId: string }[] }).visits;
    if (visit) return `/customers/${visit.visitorId}`;
    await page.waitForTimeout(100);
  }
}

test("whatever others write is text in every room: no page runs it", { skip }, async () => {
  const page = await opened.visit();
  const alarms = alarmsOf(page);
  await page.goto("/pulse");
  const email = await writeEverywhere(page);
  const seen = new Set<string>();
  const look = async (where: string) => {
    await page.waitForLoadState("networkidle");
    for (const closed of await page.locator('main button[aria-expanded="false"]').all())
      await closed.click({ timeout: 2_000 }).catch(() => undefined);
    const text = (await page.locator("body").textContent()) ?? "";
    for (const word of SHOWN) if (text.includes(`${word}<img`)) seen.add(word);
    assert.equal(await page.locator('img[src="x"], svg[onload]').count(), 0, `${where} took text for markup`);
  };

  await page.goto("/customers");
  await page.getByLabel("Find a customer").last().fill(email);
  await page.locator("[data-row]", { hasText: "name<img" }).click();
  await page.getByRole("heading", { name: evil("name"), level: 1 }).waitFor();
  const customer = new URL(page.url()).pathname;
  const visitor = await visitorOf(page, customer);
  const said = { purpose: "marketing", channel: "email", status: "granted", source: evil("note") };
  const consent = await page.context().request.post(`/api${customer}/consent`, { data: said });
  assert.equal(consent.status(), 202, await consent.text());
  for (const room of [
    customer,
    visitor,
    "/pulse",
    "/decisions",
    "/settings/dead-letters",
    "/settings/colleagues",
    "/settings/keys",
    "/settings/audit",
  ]) {
    await page.goto(room);
    await look(room);
  }
  assert.deepEqual(alarms, []);
  assert.deepEqual(
    [...SHOWN].filter((word) => !seen.has(word)),
    [],
    "these were looked for and shown nowhere",
  );
});
