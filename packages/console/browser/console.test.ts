import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { ADMIN, alarmsOf, missing, type Opened, openConsole } from "./open-console.ts";

const skip = missing ?? false;
const EVIL = "<img src=x onerror=alert(1)>";
const FIRST_NEWS_MS = 60_000;
let opened: Opened;

before(async () => {
  if (skip) return;
  opened = await openConsole();
});
afterEach(() => opened?.leave());
after(() => opened?.close());

test("a one-time link lets its holder choose a password and leads to Pulse", { skip }, async () => {
  const page = await opened.visit({ stranger: true });
  await page.goto(opened.claim);
  await page.getByLabel("Password", { exact: false }).first().fill(ADMIN.password);
  await page.getByRole("button", { name: "Keep it and sign in" }).click();

  await page.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  assert.match(await page.title(), /Pulse/);
});

test("a stranger with a deep link signs in first and comes back to it; signing out closes the door", {
  skip,
}, async () => {
  const page = await opened.visit({ stranger: true });
  await page.goto("/decisions?outcome=act");
  await page.waitForURL(/sign-in/);
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel("Password").first().fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password").first().fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();

  await page.waitForURL("**/decisions?outcome=act");
  await page.getByRole("button", { name: /Administrator/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/sign-in/);
});

test("Pulse says in one line whether all is well and tells live what happens", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/pulse");

  await page.locator("[data-health]").waitFor();
  await page
    .getByText(/was planned|Was sent a message/)
    .first()
    .waitFor({ timeout: FIRST_NEWS_MS });
  assert.equal(await page.locator(".partition").count(), 64);
  await page
    .locator("section", { hasText: "The last 60 minutes" })
    .locator("svg path")
    .nth(4)
    .waitFor({ state: "attached" });
  await page.locator("li .customer-link").first().click();
  await page.waitForURL(/\/customers\/[0-9a-f-]{36}/);
});

test("a customer is found by name and shown with forecast, consent and timeline", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/customers");
  const latin = page.locator("[data-row] p").filter({ hasText: /^[A-Z][a-z]+ [A-Z][a-z]+$/ });
  const name = (await latin.first().textContent()) ?? "";
  await page.getByLabel("Find a customer").last().fill(name);
  await page.waitForURL(/q=/);
  await page.locator("[data-row]", { hasText: name }).first().click();

  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await page.getByRole("img", { name: "Forecast" }).locator("path").nth(4).waitFor({ state: "attached" });
  await page.getByText(/with 80 % certainty between/).waitFor();
  await page.getByRole("button", { name: "service by SMS: Allowed by default" }).waitFor();
  await page.getByRole("button", { name: "marketing by e-mail: Not without consent" }).click();
  await page.getByLabel("How did the customer say so?").fill("By letter");
  await page.getByRole("dialog").getByRole("button", { name: "The customer agreed" }).click();
  await page.getByRole("button", { name: "marketing by e-mail: Agreed" }).waitFor();
  await page.getByText("Agreed to marketing by e-mail").waitFor();
});

test("a merge is undone after asking and explaining", { skip }, async () => {
  const traits = { email: "merged@town.example", firstName: "Mira", lastName: "Okafor" };
  await opened.track([
    { type: "identify", anonymousId: "phone-1", traits },
    { type: "page", anonymousId: "laptop-1", name: "Home" },
  ]);
  await opened.track([{ type: "identify", anonymousId: "laptop-1", traits: { email: traits.email } }]);
  const page = await opened.visit();
  await page.goto(`/customers?q=${traits.email}`);
  await page.locator("[data-row]").click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Each keeps the events that were its own before the merge.", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Set apart" }).click();

  await page.getByText("Accepted; it takes effect in a moment.").waitFor();
  await page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
});

test("a message is written, looked over, and only then sent", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/customers");
  await page.locator("[data-row]").first().click();
  await page.getByRole("button", { name: "Write a message" }).click();
  await page.getByLabel("Subject").fill("Your question");
  await page.getByLabel("Text").fill("We looked into it.");
  await page.getByRole("button", { name: "Look it over" }).click();
  await page.getByText(/Send this by e-mail to/).waitFor();
  const [request] = await Promise.all([
    page.waitForRequest("**/api/messages"),
    page.getByRole("button", { name: "Send", exact: true }).click(),
  ]);

  assert.ok(request.headers()["idempotency-key"]);
  await page.getByText("Accepted. You see it on the timeline in a moment.").waitFor();
});

test("whoever writes an SMS sees in how many it goes, and what makes them more", { skip }, async () => {
  await opened.track([{ type: "identify", userId: "by-phone", traits: { phone: "+13125550177", firstName: "Pia" } }]);
  const page = await opened.visit();
  await page.goto("/customers?q=by-phone");
  await page.locator("[data-row]").click();
  await page.getByRole("button", { name: "Write a message" }).click();
  await page.getByLabel("Text").fill("a".repeat(150));
  await page.getByText("1 SMS, room for 10 more").waitFor();
  await page.getByLabel("Text").fill(`${"a".repeat(80)}ж`);
  await page.getByText("2 SMS, room for 53 more in the last").waitFor();
  await page.getByText("with “ж” each holds 70 characters instead of 160", { exact: false }).waitFor();
});

test("a decision tells why, and a what-if changes the answer without keeping anything", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/decisions?action=plan");
  await page.locator("[data-row]").first().click();
  await page
    .getByText(/It succeeds with probability/)
    .first()
    .waitFor();
  await page.locator('[data-candidate="chosen"]').waitFor();
  await page.getByLabel("features.plan_offers_90d").first().fill("2");

  await page.locator('[data-what-if="other"]').waitFor();
  await page.getByRole("button", { name: "As it was" }).click();
  await page.locator("[data-what-if]").waitFor({ state: "detached" });
  await page.getByText("Withdrawn", { exact: true }).click();
  await page.locator('[data-what-if="other"]').waitFor();
  await page.getByText("Nothing was sent").first().waitFor();
});

test("decisions are listed by their titles, found by them, and told in the reader's language", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/decisions?outcome=act");
  await page.getByPlaceholder("Action", { exact: true }).click();
  await page.getByRole("option", { name: "Advise another plan" }).click();
  await page.waitForURL(/action=plan/);
  await page.locator("[data-row]", { hasText: "Advise another plan" }).first().waitFor();
  assert.equal(await page.locator("[data-row]", { hasNotText: "Advise another plan" }).count(), 0);

  for (const [locale, title] of [
    ["ru-RU", "Посоветовать другой тариф"],
    ["zh-CN", "建议更换套餐"],
  ] as const) {
    const reader = await opened.visit({ locale });
    await reader.goto("/decisions?action=plan");
    await reader.locator("[data-row]", { hasText: title }).first().click();
    await reader.getByRole("heading", { name: title, level: 2 }).first().waitFor();
  }
});

test("nobody is sold to while a ticket is open: the customer's page says so, and a what-if shows it", {
  skip,
}, async () => {
  const page = await opened.visit();
  await page.goto("/decisions?outcome=act&action=plan");
  await page.locator("[data-row]").first().click();
  await page.getByRole("switch", { name: "A complaint is open" }).click();
  await page.locator('[data-what-if="other"]').waitFor();
  await page.getByText("A complaint is open, and service keeps silent then.").waitFor();

  const email = "vexed@town.example";
  const ticket = { type: "track", userId: "vexed", event: "Ticket Opened", properties: { ticketId: "T-1" } };
  await opened.track([{ type: "identify", userId: "vexed", traits: { email } }, ticket]);
  await page.goto(`/customers?q=${email}`);
  await page.locator("[data-row]").click();
  await page.locator("[data-complaints]", { hasText: "T-1" }).waitFor();
});

test("the console speaks Russian and Chinese, and keeps the choice", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/decisions");
  for (const [name, heading] of [
    ["Русский", "Решения"],
    ["中文", "决策"],
  ] as const) {
    await page.locator("header").getByRole("button").first().click();
    await page.getByRole("menuitem", { name }).click();
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
  }
  await page.reload();
  await page.getByRole("heading", { name: "决策", level: 1 }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  const russian = await opened.visit({ locale: "ru-RU" });
  await russian.goto("/customers");
  await russian.getByRole("heading", { name: "Клиенты", level: 1 }).waitFor();
});

test("dark is as the system has it, or as chosen", { skip }, async () => {
  const page = await opened.visit({ colorScheme: "dark" });
  await page.goto("/customers");
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  await page.getByRole("button", { name: /^Colours/ }).click();
  await page.getByRole("menuitem", { name: "Light" }).click();
  await page.locator('html[data-mantine-color-scheme="light"]').waitFor();
});

test("every room is reached by keys, and a list is walked with j, k and Enter", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/pulse");
  await page.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL("**/decisions");
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.waitForURL("**/customers");
  await page.locator("[data-row]").nth(1).waitFor();
  for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
  await page.locator("[data-row]:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/customers\/[0-9a-f-]{36}/);
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Find a customer");
});

test("when the hub fails, a room says what happened and tries again on request", { skip }, async () => {
  const page = await opened.visit();
  await page.route("**/api/customers?*", (route) => route.abort());
  await page.route("**/api/customers", (route) => route.abort());
  await page.goto("/customers");
  await page.getByRole("alert").getByText("The hub cannot be reached.", { exact: false }).waitFor();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("[data-row]").first().waitFor();

  await page.goto("/customers/00000000-0000-4000-8000-000000000000");
  await page.getByRole("alert").getByText("there is no such customer").waitFor();
});

test("a key is shown once and can be revoked", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/settings/keys");
  await page.getByLabel("Name").fill("The shop");
  await page.getByRole("button", { name: "Create the key" }).click();
  await page
    .getByText(/^rk_browser_/)
    .first()
    .waitFor();
  await page
    .getByRole("row", { name: /The shop/ })
    .getByRole("button", { name: "Revoke" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("row", { name: /The shop.*revoked/ }).waitFor();
});

test("a customer whose name is markup is inert text, and no page ran a script of its own", { skip }, async () => {
  await opened.track([{ type: "identify", userId: "evil", traits: { firstName: EVIL, email: "evil@town.example" } }]);
  const page = await opened.visit();
  const alarms = alarmsOf(page);
  await page.goto("/customers");
  await page.getByLabel("Find a customer").last().fill("evil@town.example");
  await page.locator("[data-row]", { hasText: EVIL }).click();

  await page.getByRole("heading", { name: EVIL, level: 1 }).waitFor();
  await page
    .getByText("No forecast")
    .or(page.getByRole("img", { name: "Forecast" }))
    .first()
    .waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.deepEqual(alarms, []);
});
