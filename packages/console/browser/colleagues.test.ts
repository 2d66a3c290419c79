import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";

import { ADMIN, missing, type Opened, openConsole } from "./open-console.ts";

const skip = missing ?? false;
const BEA = { name: "Bea Lindqvist", email: "bea@rapport.example", password: "a few good words" };
/** Where pictures for a look are kept; none are made without. */
const SHOTS = process.env.CONSOLE_SHOTS;
let opened: Opened;

before(async () => {
  if (skip) return;
  opened = await openConsole();
  await opened.begin();
});
afterEach(() => opened?.leave());
after(() => opened?.close());

const shot = async (page: Page, name: string) => {
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
};
const rowOf = (page: Page, name: string) => page.locator("[data-colleague]", { hasText: name });
async function deed(page: Page, name: string, what: string, confirm?: string) {
  await page.getByRole("button", { name: `What to do with ${name}` }).click();
  await page.getByRole("menuitem", { name: what }).click();
  if (confirm) await page.getByRole("dialog").getByRole("button", { name: confirm, exact: true }).click();
}
async function signIn(page: Page, { email, password }: { email: string; password: string }) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").first().fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}
const codeOf = (secret: string, at = Date.now()) =>
  new TOTP({ secret: Secret.fromBase32(secret.replaceAll(" ", "")) }).generate({ timestamp: at });
/** The code of the next step: one of this step may have been used already. */
const nextCodeOf = (secret: string) => codeOf(secret, Date.now() + 30_000);

/** What stands in for a fingerprint reader, by Chromium's own protocol. */
async function withAuthenticator(page: Page) {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send("WebAuthn.enable");
  await protocol.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

test("a colleague is invited by a link, and the list says how each stands", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/settings/colleagues");
  await page.getByLabel("Name").fill(BEA.name);
  await page.getByLabel("E-mail").fill(BEA.email);
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = (await page.locator("code", { hasText: "/claim?token=" }).textContent()) ?? "";
  await rowOf(page, BEA.name).getByText("invited").waitFor();
  await rowOf(page, BEA.name).getByText("never signed in").waitFor();

  await deed(page, BEA.name, "Make a new one-time link", "Make a new one-time link");
  await page.getByText("Links made before are void", { exact: false }).waitFor();
  const again =
    (await page.getByRole("status").locator("code", { hasText: "/claim?token=" }).last().textContent()) ?? "";
  assert.notEqual(again, link);
  await shot(page, "colleagues-invited");
  const bea = await opened.visit({ stranger: true });
  await bea.goto(again);
  await bea.getByLabel("Password", { exact: false }).first().fill(BEA.password);
  await bea.getByRole("button", { name: "Keep it and sign in" }).click();
  await bea.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  await page.reload();
  await rowOf(page, BEA.name).getByText("active").waitFor();
});

test("a colleague who is blocked is out at once, live view included, and comes back when it is undone", {
  skip,
}, async () => {
  const bea = await opened.visit({ stranger: true });
  await signIn(bea, BEA);
  await bea.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  const page = await opened.visit();
  await page.goto("/settings/colleagues");
  await deed(page, BEA.name, "Block", "Block");
  await page.getByText(`${BEA.name} is blocked.`).waitFor();
  await rowOf(page, BEA.name).getByText("blocked").waitFor();
  await shot(page, "colleagues-blocked");
  await bea.waitForURL(/sign-in/);
  await page.getByRole("button", { name: "Undo" }).click();
  await rowOf(page, BEA.name).getByText("active").waitFor();
  await signIn(bea, BEA);
  await bea.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  await page.getByRole("button", { name: `What to do with ${BEA.name}` }).click();
  await page.getByRole("menuitem", { name: "Sessions" }).click();
  await page.getByRole("dialog").locator("[data-session]").first().waitFor();
  await shot(page, "colleagues-sessions");
});

let secret = "";
test("an authenticator app is set up by its picture's secret, and its code is asked from then on", {
  skip,
}, async () => {
  const bea = await opened.visit({ stranger: true });
  await signIn(bea, BEA);
  await bea.getByRole("button", { name: new RegExp(BEA.name) }).click();
  await bea.getByRole("menuitem", { name: "My account" }).click();
  await bea.getByRole("button", { name: "Set up an app" }).click();
  await bea.getByRole("img", { name: "Picture for the authenticator app" }).waitFor();
  secret = (await bea.locator("[data-secret]").textContent()) ?? "";
  await shot(bea, "account-app");
  await bea.getByLabel("Code that the app shows").fill(codeOf(secret));
  await bea.getByRole("button", { name: "Turn it on" }).click();
  await bea.locator("[data-codes] p").first().waitFor();
  const codes = await bea.locator("[data-codes] p").allTextContents();
  assert.equal(codes.length, 10);
  await shot(bea, "account-codes");

  const again = await opened.visit({ stranger: true });
  await signIn(again, BEA);
  await again.getByRole("heading", { name: "One more step" }).waitFor();
  await shot(again, "sign-in-second");
  await again.getByLabel("Code of your authenticator app").fill("000000");
  await again.getByRole("button", { name: "Sign in", exact: true }).click();
  await again.getByRole("alert").waitFor();
  await again.getByLabel("Code of your authenticator app").fill(nextCodeOf(secret));
  await again.getByRole("button", { name: "Sign in", exact: true }).click();
  await again.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();

  const lost = await opened.visit({ stranger: true });
  await signIn(lost, BEA);
  await lost.getByLabel("Code of your authenticator app").fill(codes[0] ?? "");
  await lost.getByRole("button", { name: "Sign in", exact: true }).click();
  await lost.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  await lost.goto("/account");
  await lost.getByText("9 codes are left").waitFor();
});

test("a passkey signs in alone, and as the second step", { skip }, async () => {
  const page = await opened.visit({ stranger: true });
  await withAuthenticator(page);
  await signIn(page, ADMIN);
  await page.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  await page.goto("/account");
  await page.getByLabel("Name of the device").fill("Test reader");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator("[data-passkey]", { hasText: "Test reader" }).waitFor();
  assert.equal(await page.locator("[data-codes] p").count(), 10);
  await shot(page, "account-passkey");

  const leave = async () => {
    await page.getByRole("button", { name: /Administrator/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(/sign-in/);
  };
  await leave();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByRole("heading", { name: "My account", level: 1 }).waitFor();
  await leave();
  await signIn(page, ADMIN);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("heading", { name: "Pulse", level: 1 }).waitFor();
  await page.goto("/account");
  await page
    .getByText(/last used/)
    .first()
    .waitFor();

  await page.goto("/settings/colleagues");
  await page.getByRole("switch", { name: "Everybody needs a second factor" }).click({ force: true });
  await page.getByRole("button", { name: "Require it" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await shot(page, "colleagues-required");
  await page.getByLabel("Name").fill("Cy New");
  await page.getByLabel("E-mail").fill("cy@rapport.example");
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = (await page.locator("code", { hasText: "/claim?token=" }).textContent()) ?? "";
  const cy = await opened.visit({ stranger: true });
  await cy.goto(link);
  await cy.getByLabel("Password", { exact: false }).first().fill(BEA.password);
  await cy.getByRole("button", { name: "Keep it and sign in" }).click();
  await cy.getByRole("heading", { name: "Set up a second factor" }).waitFor();
  await shot(cy, "enrol-first");
  await cy.goto("/customers");
  await cy.getByRole("button", { name: "Set up an app" }).click();
  await cy.getByLabel("Code that the app shows").fill(codeOf((await cy.locator("[data-secret]").textContent()) ?? ""));
  await cy.getByRole("button", { name: "Turn it on" }).click();
  await cy.getByRole("button", { name: "Go on to the console" }).click();
  await cy.getByRole("heading", { name: "Customers", level: 1 }).waitFor();
});

test("a colleague's second factor is reset by an administrator, after asking", { skip }, async () => {
  const page = await opened.visit({ stranger: true });
  await signIn(page, { email: "cy@rapport.example", password: BEA.password });
  await page.getByRole("heading", { name: "One more step" }).waitFor();
  const admin = await opened.visit();
  await admin.goto("/settings/colleagues");
  await deed(admin, "Cy New", "Reset the second factor", "Reset the second factor");
  await admin.getByText("The second factor of Cy New is removed.").waitFor();
  await signIn(page, { email: "cy@rapport.example", password: BEA.password });
  await page.getByRole("heading", { name: "Set up a second factor" }).waitFor();
});

test("the account and the colleagues are told in Russian and Chinese, and fit a telephone", { skip }, async () => {
  for (const [locale, account, colleagues] of [
    ["ru-RU", "Моя учётная запись", "Коллеги"],
    ["zh-CN", "我的账户", "同事"],
  ] as const) {
    const page = await opened.visit({ locale, viewport: { width: 390, height: 844 } });
    for (const [path, heading] of [
      ["/account", account],
      ["/settings/colleagues", colleagues],
    ] as const) {
      await page.goto(path);
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
      await page.locator("[data-session], [data-colleague]").first().waitFor();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${path} in ${locale} is ${overflow} px too wide`);
      await shot(page, `${path.replaceAll("/", "-").slice(1)}-${locale}`);
    }
  }
});

test("a colleague changes the password, and sees and ends other sessions", { skip }, async () => {
  const page = await opened.visit();
  await page.goto("/account");
  await page.locator("[data-session]").nth(1).waitFor();
  const before = await page.locator("[data-session]").count();
  await page
    .getByRole("button", { name: /^End the session/ })
    .first()
    .click();
  await page.waitForFunction((count) => document.querySelectorAll("[data-session]").length < count, before);
  await page.getByLabel("Present password").fill("not my password");
  await page.getByLabel("New password").fill("quite another one");
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Present password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Change the password" }).click();
  await page.getByText("Your password was changed", { exact: false }).waitFor();
  assert.equal(await page.locator("[data-session]").count(), 1);
  await shot(page, "account-done");
});

test("the API's reader works under its content security policy", { skip }, async () => {
  const page = await opened.visit({ stranger: true });
  const refused: string[] = [];
  page.on("console", (line) => {
    if (/Content.Security.Policy/i.test(line.text())) refused.push(line.text());
  });
  await page.goto("/api/docs");
  await page.getByText("/api/account/sessions", { exact: false }).first().waitFor();
  assert.deepEqual(refused, []);
});
