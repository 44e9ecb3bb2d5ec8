// Headless Chromium, a stand-in for the application at the redirect URI, and the product's own pages.
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { assert } from "./checks.mjs";
import { ready } from "./demo.mjs";

const APP_HOST = "localhost:3000";

/** The application's page, unless a suite has another. */
function signedIn(_path, response) {
  response.setHeader("content-type", "text/html").end("<!doctype html><title>app</title><link rel=icon href=data:,><p>signed in");
}

/**
 * Starts the browser and the application that waits at http://localhost:3000/callback. It listens on
 * a free port, and the browser is told to go there: port 3000 of this machine may be taken. `serve`
 * gives the application other pages.
 */
export async function startBrowser() {
  let pages = signedIn;
  const app = createServer((request, response) => pages(new URL(request.url, `http://${APP_HOST}`).pathname, response));
  await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-dev-shm-usage",
      `--host-resolver-rules=MAP ${APP_HOST} 127.0.0.1:${app.address().port}`,
    ],
  });
  return { browser, serve: (other) => (pages = other), stop: async () => (await browser.close(), app.close()) };
}

/** A new visitor whose every console error, blocked resource and script error is written down. */
export async function newVisitor(browser, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  const complaints = [];
  context.on("page", (page) => watch(page, complaints));
  return { context, complaints, page: await context.newPage() };
}

function watch(page, complaints) {
  page.on("console", (message) => {
    if (message.type() === "error" || /content security policy/i.test(message.text())) {
      // Error pages have a 4xx status on purpose, which the console mentions.
      const ownStatus = /status of 4\d\d/.test(message.text()) && message.location().url.split("#")[0] === page.url().split("#")[0];
      if (!ownStatus) {
        complaints.push(`${message.text()} (${message.location().url})`);
      }
    }
  });
  page.on("pageerror", (error) => complaints.push(`script error: ${error.message}`));
}

/** Types e-mail and password and presses the button; a page that says how long to wait is waited for. */
export async function signIn(page, person = ready.user) {
  await untilAllowed(page);
  await typeAndPress(page, person);
}

async function typeAndPress(page, { email, password }) {
  await page.fill("#username", email);
  await page.fill("#password", password);
  await page.click("#login-submit");
}

/** Who signed in too often waits as long as the page says, in either language. */
async function untilAllowed(page) {
  const wait = /in (\d+|a|einer) (second|Sekunde)/.exec(await page.locator("main").innerText());
  if (wait) await page.waitForTimeout(((Number(wait[1]) || 1) + 1) * 1000);
}

/** Signs in from the page that asks for it; again when too many sign-ins of one person came before. */
export async function signInPatiently(page, person = ready.user) {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    // This may take longer than a page may.
    await untilAllowed(page);
    await Promise.all([page.waitForEvent("load"), typeAndPress(page, person)]);
    if ((await page.locator("#login-submit").count()) === 0) return;
  }
}

/** Follows an authorization URL to the application; gives the callback's URL and the pages shown. */
export async function authorize(page, url, person = ready.user) {
  const shown = [];
  await page.goto(String(url));
  for (let step = 0; step < 6; step += 1) {
    if (atApp(page)) {
      return { callback: new URL(page.url()), shown };
    }
    if (await page.locator("#login-submit").count()) {
      shown.push("sign-in");
      await signIn(page, person);
    } else if (await page.locator("#consent-allow").count()) {
      shown.push("consent");
      await page.click("#consent-allow");
    } else {
      break;
    }
    await page.waitForLoadState();
  }
  assert.ok(atApp(page), `stuck at ${page.url()}: ${await page.locator("body").innerText()}`);
  return { callback: new URL(page.url()), shown };
}

export function atApp(page) {
  return new URL(page.url()).host === APP_HOST;
}
