import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

export type Visit = {
  page: Page;
  /** What the page sent to the hub, preflights left out. */
  posted: { path: string; type: string | undefined; method: string }[];
  /** What went wrong in the page, and every address it asked that is neither the shop's nor the hub's. */
  problems: string[];
  elsewhere: string[];
};

export type Shop = {
  /** Opens the shop's page, with the SDK in it. */
  visit(): Promise<Visit>;
  close(): Promise<void>;
};

/**
 * The company's own site, on another origin than the hub's, with an npm package's script in its page, and a Chromium that
 * visits it: what the browser does between the two is CORS.
 */
export async function openShop(
  hubUrl: string,
  sdk: { package: string; folder: string; script: string },
): Promise<Shop> {
  const scripts = join(dirname(createRequire(import.meta.url).resolve(sdk.package)), sdk.folder);
  const site = createServer((request, response) => {
    const file = basename(request.url?.split("?")[0] ?? "");
    if (!file.endsWith(".js"))
      return response
        .writeHead(200, { "content-type": "text/html" })
        .end(`<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script src="/${sdk.script}"></script>`);
    return response.writeHead(200, { "content-type": "text/javascript" }).end(readFileSync(join(scripts, file)));
  });
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  const siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

  return {
    visit: () => visit(browser, siteUrl, hubUrl),
    async close() {
      await browser.close();
      site.close();
      site.closeAllConnections();
    },
  };
}

async function visit(browser: Browser, siteUrl: string, hubUrl: string): Promise<Visit> {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  const seen: Visit = { page, posted: [], problems: [], elsewhere: [] };
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin === hubUrl && request.method() !== "GET")
      seen.posted.push({ path: url.pathname, type: request.headers()["content-type"], method: request.method() });
    if (![hubUrl, siteUrl].includes(url.origin) && url.protocol.startsWith("http")) seen.elsewhere.push(request.url());
  });
  page.on("pageerror", (error) => seen.problems.push(error.message));
  page.on("console", (line) => line.type() === "error" && seen.problems.push(line.text()));
  await page.goto(siteUrl);
  return seen;
}
