import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import pg from "pg";

import { ADMIN, missing, type Opened, openConsole } from "./open-console.ts";

const skip = missing ?? false;
const PASSWORD = "a few good words";
let opened: Opened;

before(async () => {
  if (skip) return;
  opened = await openConsole();
  await opened.begin();
});
afterEach(() => opened?.leave());
after(() => opened?.close());

/** Invites a colleague as an agent, and answers the link that is shown once. */
async function invite(name: string, email: string): Promise<string> {
  const page = await opened.visit();
  await page.goto("/settings/colleagues");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Make the link" }).click();
  const link =
    (await page
      .getByText(/\/claim\?token=/)
      .first()
      .textContent()) ?? "";
  await page.getByRole("combobox", { name: `Role of ${name}` }).waitFor();
  return link.trim();
}

async function comeIn(link: string) {
  const page = await opened.visit({ stranger: true });
  await page.goto(link);
  await page.getByLabel("Password").first().fill(PASSWORD);
  await page.getByRole("button", { name: "Keep it and sign in" }).click();
  return page;
}

test("an invited colleague comes in by a link that works once, and may do what the role allows", { skip }, async () => {
  const link = await invite("Nora Lind", "nora@rapport.example");
  const page = await comeIn(link);
  await page.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  await page.goto("/settings/colleagues");
  await page.getByRole("alert").getByText("Your role does not allow this", { exact: false }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Make the link" }).count(), 0);

  const again = await comeIn(link);
  await again.getByRole("alert").waitFor();
  assert.match(again.url(), /claim/);
});

test("an address that is invited already is refused in words", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/settings/colleagues");
  await page.getByLabel("Name").fill("Somebody");
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.getByRole("alert").waitFor();
});

test("a role that is changed holds at the colleague's next step, and the audit log says who changed it", {
  skip,
}, async () => {
  const colleague = await comeIn(await invite("Omar Reyes", "omar@rapport.example"));
  await colleague.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  await colleague.goto("/customers");
  await colleague.locator("[data-row]").first().click();
  await colleague.getByRole("button", { name: "Write a message" }).waitFor();

  const page = await opened.visit();
  await page.goto("/settings/colleagues");
  await page.getByRole("combobox", { name: "Role of Omar Reyes" }).click();
  const [changed] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "PATCH"),
    page.getByRole("option", { name: "viewer" }).click(),
  ]);
  assert.ok(changed.ok());
  await colleague.reload();
  await colleague.getByRole("tab", { name: "Timeline" }).waitFor();
  assert.equal(await colleague.getByRole("button", { name: "Write a message" }).count(), 0);
  await page.goto("/settings/audit");
  await page.getByText(/role/).first().waitFor();
});

test("a letter that nobody could read makes Pulse say so and lead there; set aside, it is gone for good", {
  skip,
}, async () => {
  await opened.track([{ type: "track", userId: "nameless" }]);
  const page = await opened.visit();
  await page.goto("/pulse");
  await page.locator('[data-trouble="growing"] a').click();
  await page.waitForURL("**/settings/dead-letters");
  const letter = page.locator("article", { hasText: "nameless" });
  await letter.getByRole("button", { name: "Set aside" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await letter.waitFor();
  await letter.getByRole("button", { name: "Set aside" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Set aside" }).click();
  await letter.waitFor({ state: "detached" });

  await page.reload();
  await page.getByText("No dead letters").waitFor();
  await page.goto("/pulse");
  await page.locator('[data-health="well"]').waitFor();
});

test("letters are found by a part of their reason, and all that are found are set aside after a question with their number", {
  skip,
}, async () => {
  // What is refused of one request is one letter.
  for (let n = 0; n < 3; n++)
    await opened.track([{ type: "track", userId: `many-${n}`, event: "Seen", properties: "none" }]);
  await opened.track([{ type: "track", userId: "another" }]);
  const page = await opened.visit();
  await page.goto("/settings/dead-letters");
  await page.locator("article", { hasText: "another" }).waitFor();
  await page.getByLabel("Reason contains").fill("PROPERTIES");
  await page.locator("article", { hasText: "another" }).waitFor({ state: "detached" });
  assert.match(page.url(), /reason=PROPERTIES/);
  await page.getByRole("status").getByText("3 letters", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Set all aside" }).click();
  const dialog = page.getByRole("dialog", { name: "Set aside for good: 3 letters?" });
  await dialog.waitFor();
  await dialog.getByRole("button", { name: "Set all aside" }).click();
  await page.getByText("No dead letter matches").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.locator("article", { hasText: "another" }).waitFor();

  await page.getByRole("button", { name: "Try all again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Try all again" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.goto("/pulse");
  await page.locator('[data-trouble="growing"] a').click();
  await page.locator("article", { hasText: "another" }).waitFor();
  await page.getByRole("button", { name: "Set all aside" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Set all aside" }).click();
  await page.getByText("No dead letters").waitFor();
  await page.goto("/settings/audit");
  await page.getByText("set many dead letters aside").first().waitFor();
});

test("a letter that could not be applied is tried again, and its event stands on the timeline once", {
  skip,
}, async () => {
  const email = "late@town.example";
  await opened.track([{ type: "identify", userId: "late", traits: { email, firstName: "Ida", lastName: "Late" } }]);
  const page = await opened.visit();
  await page.goto(`/customers?q=${email}`);
  await page.locator("[data-row]").click();
  await page.waitForURL(/\/customers\/[0-9a-f-]{36}/);
  const customerId = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? "";
  await setAsideInApply(customerId, "Parcel lost");

  await page.goto("/settings/dead-letters");
  const letter = page.locator("article", { hasText: "Parcel lost" });
  await letter.getByRole("button", { name: "Try again" }).click();
  await letter.waitFor({ state: "detached" });
  await page.goto(`/customers/${customerId}`);
  await page.getByText("Parcel lost").first().waitFor();
  assert.equal(await page.getByText("Parcel lost").count(), 1);
});

/** No event that comes by the door fails to apply, so the letter of one that did is written where the worker writes it. */
async function setAsideInApply(customerId: string, name: string): Promise<void> {
  const at = Date.now();
  const claims = [{ kind: "customer", value: customerId }];
  const event = {
    id: randomUUID(),
    kind: "track",
    name,
    at,
    receivedAt: at,
    claims,
    source: "shop",
    channel: "server",
  };
  const client = new pg.Client({ connectionString: opened.databaseUrl() });
  await client.connect();
  try {
    await client.query(
      "insert into dead_letter (at, stage, source, reason, body) values (now(), 'apply', 'partition 0', 'a fault since mended', $1)",
      [Buffer.from(JSON.stringify({ kind: "event", customerId, event }))],
    );
  } finally {
    await client.end();
  }
}
