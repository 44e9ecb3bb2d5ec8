// The console as an administrator finds it: signing in, making a client, and what every page of it must hold.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { newVisitor, signInPatiently } from "./browser.mjs";
import { assert } from "./checks.mjs";
import { basic, issuer, post, ready, tokenEndpoint } from "./demo.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const wide = { width: 1440, height: 900 };
export const narrow = { width: 390, height: 844 };
export const widest = { width: 1920, height: 1080 };

/** A new browser with an administrator (or somebody else) signed in at `/admin`. */
export async function administrator(browser, options = {}, person = ready.admin, site = issuer) {
  const permissions = ["clipboard-read", "clipboard-write"];
  const made = await newVisitor(browser, { viewport: wide, locale: "en-GB", permissions, ...options });
  await made.page.goto(`${site}/login?returnto=/admin`);
  await signInPatiently(made.page, person);
  return made;
}

/** Fills in the form for a machine client, with or without a script. */
export async function createMachine(page, name) {
  await page.goto(`${issuer}/admin/clients/new`);
  await page.click("a[href*='type=web']");
  await page.fill("#clientName", name);
  await page.check("#grant-machine");
  await page.check("#consent-trusted");
  await page.check("[id='scope-user_default']");
  await page.click("#client-submit");
  return created(page);
}

/** What the page after creating a client shows. */
export async function created(page) {
  await page.waitForSelector("#created-client-id");
  const secret = page.locator("#created-secret");
  return {
    id: (await page.innerText("#created-client-id")).trim(),
    secret: (await secret.count()) ? (await secret.innerText()).trim() : undefined,
  };
}

/** A token of the client's own. */
export function token({ id, secret }) {
  return post(tokenEndpoint, new URLSearchParams({ grant_type: "client_credentials" }), basic(id, secret));
}

/** Does what leads to another page, and waits for that page. */
export async function leaving(page, act) {
  await Promise.all([page.waitForEvent("load"), act()]);
}

/** Presses Tab until the element has the focus, as who has no mouse does. */
export async function tabTo(page, selector, most = 150) {
  for (let step = 0; step < most; step += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** What a page transfers with an empty cache, in bytes as they came over the wire. */
export async function weight(page, address) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(address, { waitUntil: "networkidle" });
  await session.detach();
  return bytes;
}

/** What axe-core finds wrong with the page; it comes by the browser's own tools, since the page's policy refuses it. */
export async function axeFinds(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then((found) => JSON.stringify(found.violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", "))))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return JSON.parse(result.value);
}

/**
 * Where things stand: what is broken about it, and the boxes of the page's parts, which no theme may move.
 * Broken is a page wider than its window, text that its button cuts off, and things to press that lie on each other.
 */
export function layout(page) {
  return page.evaluate(() => {
    const name = (element) => `${element.localName}${element.id ? `#${element.id}` : ""} "${(element.innerText || element.ariaLabel || "").trim().slice(0, 30)}"`;
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
    // Whether the element is scrolled out of a list of its own, such as the 41st of many groups: something else is there.
    const away = (element, x, y) => {
      for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(around);
        if (overflowX === "visible" && overflowY === "visible") continue;
        const { left, right, top, bottom } = around.getBoundingClientRect();
        if (x < left || x > right || y < top || y > bottom) return true;
      }
      return false;
    };
    const broken = [];
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > window.innerWidth) broken.push(`the page is ${scrollWidth} px wide in a window of ${window.innerWidth} px`);
    const pressed = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")].filter(shown);
    for (const element of pressed) {
      if (element.matches("button, .button") && element.scrollWidth > element.clientWidth + 1) broken.push(`${name(element)} cuts off its text`);
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || element.closest(".sr")) continue;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      if (away(element, x, y)) continue;
      const at = document.elementFromPoint(x, y);
      const other = at?.closest("a, button, input, select, textarea, summary");
      // A column that stays in sight lies on what is scrolled below it.
      const scrolls = other?.closest(".table-wrap") && element.closest(".table-wrap");
      if (other && other !== element && !scrolls && !element.contains(other) && !other.contains(element) && !other.labels?.length) broken.push(`${name(other)} lies on ${name(element)}`);
    }
    const boxes = {};
    for (const element of document.querySelectorAll("header, nav, main, h1, h2, form, table, .panel, .button")) {
      // What stands in a cell moves with what its neighbours say, such as how long ago something was.
      if (!shown(element) || element.closest("td, th")) continue;
      const { x, y, width, height } = element.getBoundingClientRect();
      boxes[name(element)] = [x, y, width, height].map(Math.round);
    }
    return { broken, boxes };
  });
}

/** Counts what moves while a page loads: to be called before the first page. */
export function watchShifts(context) {
  return context.addInitScript(() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** Every page of the console, by the name of its picture; `machine` and `busy` are clients, the second with a history. */
export async function consolePages(page, machine, busy) {
  const one = `/admin/clients/${machine}`;
  return {
    clients: "/admin/clients",
    "clients-none": "/admin/clients?q=nothing-is-called-this",
    "client-type": "/admin/clients/new",
    "client-new": "/admin/clients/new?type=web",
    "client-new-spa": "/admin/clients/new?type=spa",
    "client-new-native": "/admin/clients/new?type=native",
    "client-new-embed": "/admin/clients/new?type=anonymous-embed",
    "client-edit": `${one}/edit`,
    client: `/admin/clients/${busy}`,
    secrets: `${one}/secrets`,
    "secret-new": `${one}/secrets/new`,
    rotate: `${one}/rotate`,
    consent: `${one}/consent`,
    publish: `${one}/publish`,
    configuration: `${one}/configuration`,
    disable: `${one}/disable`,
    "client-delete": `/admin/clients/delete?id=${machine}`,
    audit: "/admin/audit",
    tokens: "/admin/tokens",
    "rotate-keys": "/admin/tokens/rotate",
    settings: "/admin/settings",
    "not-found": "/admin/clients/0123456789abcdef0123456789abcdef",
    ...(await peoplePages(page)),
  };
}

/** Pages of users, groups and roles: those of the first of each. */
async function peoplePages(page) {
  const found = {};
  for (const noun of ["users", "groups", "roles"]) {
    await page.goto(`${issuer}/admin/${noun}`);
    const one = noun.slice(0, -1);
    found[noun] = `/admin/${noun}`;
    found[one] = await page.locator(`main table tbody a[href^='/admin/${noun}/']`).first().getAttribute("href");
    found[`${one}-new`] = `/admin/${noun}/new`;
  }
  const user = found.user;
  return { ...found, "user-invite": "/admin/users/invite", "user-password": `${user}/password`, "user-status": `${user}/status`, "user-delete": `${user}/delete` };
}

/** Complaints of the browser that were not asked for; reading them forgets them. */
export function assertQuiet(complaints) {
  assert.deepEqual(complaints.splice(0), []);
}
