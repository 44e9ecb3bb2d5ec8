// The pages that a person sees: pictures at two widths in two themes, and what every page must hold.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { newVisitor, signIn, signInPatiently, startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { issuer, ready } from "./lib/demo.mjs";

const { admin, native, user, web } = ready;
const folder = process.env.COUNTERSIGN_SCREENSHOTS;
mkdirSync(folder, { recursive: true });

// RFC 7636, appendix B: the pages do not care which.
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

function authorizeUrl(app, parameters) {
  const url = new URL("/oauth/authorize", issuer);
  const all = { client_id: app.client_id, redirect_uri: app.redirect_uri, response_type: "code", code_challenge: challenge, code_challenge_method: "S256", state: "s", ...parameters };
  url.search = new URLSearchParams(all);
  return String(url);
}

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };
const looks = [
  // Two people, because sign-ins of one account are throttled.
  { name: "wide-light", viewport: wide, colorScheme: "light", person: user },
  { name: "wide-dark", viewport: wide, colorScheme: "dark", person: admin },
  { name: "narrow-light", viewport: narrow, colorScheme: "light", person: user },
  { name: "narrow-dark", viewport: narrow, colorScheme: "dark", person: admin },
];

/** The pages in the order in which one visitor reaches them: `open` gives the response of the page itself. */
const pages = [
  { name: "sign-in", status: 200, id: "login-submit", open: (page) => page.goto(authorizeUrl(web, { scope: "openid" })) },
  {
    name: "sign-in-refused",
    id: "login-submit",
    open: (page) => after(page, () => signIn(page, { email: `nobody-${Math.floor(Math.random() * 1e6)}@example.com`, password: "not the password" })),
  },
  {
    name: "consent",
    id: "consent-allow",
    open: async (page, person) => {
      const scope = "openid profile email offline_access user_default";
      await page.goto(authorizeUrl(native, { scope, prompt: "consent" }));
      return after(page, () => signInPatiently(page, person));
    },
  },
  { name: "error", status: 400, id: "oauth-error", open: (page) => page.goto(authorizeUrl(web, { scope: "openid", redirect_uri: `${web.redirect_uri}/` })) },
  { name: "account", status: 200, open: (page) => page.goto(`${issuer}/account`) },
  { name: "sign-out", status: 200, id: "logout-confirm", open: (page) => page.goto(`${issuer}/oauth/logout`) },
  { name: "signed-out", open: (page) => after(page, () => page.click("#logout-confirm")) },
];

// Who signed in too often waits up to half a minute before the click.
const PATIENCE = 60_000;

/** The document that a click leads to in the end. */
async function after(page, act) {
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.request().isNavigationRequest() && !(answer.status() >= 300 && answer.status() < 400), { timeout: PATIENCE }),
    act(),
  ]);
  await page.waitForLoadState();
  return response;
}

function assertHeaders(headers) {
  const csp = headers["content-security-policy"] ?? "";
  assert.match(csp, /default-src 'none'|default-src 'self'/, `CSP: ${csp}`);
  assert.match(csp, /frame-ancestors 'none'/);
  assert.match(csp, /base-uri 'none'/);
  assert.ok(!/unsafe-inline|unsafe-eval|\*/.test(csp), `CSP: ${csp}`);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.match(headers["referrer-policy"] ?? "", /no-referrer|same-origin/);
  assert.match(headers["cache-control"] ?? "", /no-store/);
  assert.match(headers["content-type"], /^text\/html; ?charset=utf-8$/i);
}

/** What the document holds, before a screenshot puts styles of its own into it. */
function readDocument(page) {
  return page.evaluate(() => {
    const visible = (element) => element.checkVisibility();
    const inputs = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(visible);
    const pressable = [...document.querySelectorAll("button, a, input[type=submit]")].filter(visible);
    return {
      lang: document.documentElement.lang,
      title: document.title,
      viewport: document.querySelector("meta[name=viewport]")?.content ?? "",
      headings: [...document.querySelectorAll("h1")].filter(visible).length,
      overflow: document.documentElement.scrollWidth,
      unlabelled: inputs.filter((input) => !input.labels?.length && !input.ariaLabel).map((input) => input.outerHTML),
      nameless: pressable.filter((it) => !(it.innerText || it.ariaLabel || it.value || it.title || "").trim()).map((it) => it.outerHTML),
      inline: [...document.querySelectorAll("script:not([src]), style, [style]")].map((element) => element.outerHTML.slice(0, 80)),
    };
  });
}

function assertDocument(facts, width) {
  assert.match(facts.lang, /^[a-z]{2}/);
  assert.match(facts.title, /\S/);
  assert.match(facts.viewport, /width=device-width/);
  assert.equal(facts.headings, 1, "one visible h1");
  assert.ok(facts.overflow <= width, `the page is ${facts.overflow} px wide in a window of ${width} px`);
  assert.deepEqual(facts.unlabelled, []);
  assert.deepEqual(facts.nameless, []);
  assert.deepEqual(facts.inline, []);
}

const { browser, stop } = await startBrowser();

await suite("pages", async () => {
  const backgrounds = {};
  for (const { name: look, viewport, colorScheme, person } of looks) {
    const { context, complaints, page } = await newVisitor(browser, { viewport, colorScheme });
    for (const { name, status, id, open } of pages) {
      await check(`${name}, ${look}`, async () => {
        const response = await open(page, person);
        const facts = await readDocument(page);
        await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
        if (status !== undefined) {
          assert.equal(response.status(), status);
        }
        if (id !== undefined) {
          assert.ok(await page.locator(`#${id}`).isVisible(), `#${id} is not to be seen`);
        }
        assertHeaders(await response.allHeaders());
        assertDocument(facts, viewport.width);
        backgrounds[look] ??= await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.deepEqual(complaints.splice(0), []);
      });
    }
    await context.close();
  }

  await check("the dark theme is another one", () => {
    assert.notEqual(backgrounds["wide-light"], backgrounds["wide-dark"]);
  });

  await check("the keyboard is enough to sign in, and the focus is to be seen", async () => {
    const { context, page } = await newVisitor(browser, { viewport: wide });
    await page.goto(authorizeUrl(web, { scope: "openid", prompt: "login" }));
    await page.focus("#username");
    await page.keyboard.type(admin.email);
    for (let steps = 0; steps < 5 && !(await page.evaluate(() => document.activeElement.id === "password")); steps += 1) {
      await page.keyboard.press("Tab");
    }
    const ring = await page.evaluate(() => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
      return { outline: outlineStyle !== "none" && outlineWidth !== "0px", boxShadow: boxShadow !== "none" };
    });
    assert.ok(ring.outline || ring.boxShadow, "no focus ring");
    await page.keyboard.type(admin.password);
    await after(page, () => page.keyboard.press("Enter"));
    assert.equal(await page.locator("#login-submit").count(), 0);
    await context.close();
  });

  await check("/account lists the apps that were let in, and takes one away", async () => {
    const { context, complaints, page } = await newVisitor(browser, { viewport: wide });
    await page.goto(authorizeUrl(native, { scope: "openid profile" }));
    await signInPatiently(page);
    if (await page.locator("#consent-allow").count()) {
      await page.click("#consent-allow");
      await page.waitForURL(/localhost:3000/);
    }
    await page.goto(`${issuer}/account`);
    const forms = page.locator("form[action='/account/apps/remove']");
    const before = await forms.count();
    assert.ok(before > 0, "no app has access");
    // The button waits behind a line that says what it breaks.
    const fold = page.locator("details", { has: forms }).last();
    await fold.locator("summary").click();
    await page.screenshot({ path: join(folder, "account-removal-wide-light.png"), fullPage: true });
    await fold.getByRole("button", { name: /remove access/i }).click();
    await page.waitForLoadState();
    await page.goto(`${issuer}/account`);
    await page.screenshot({ path: join(folder, "account-after-removal-wide-light.png"), fullPage: true });
    assert.equal(await forms.count(), before - 1);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  await check("/account tells times in the reader's zone; without a script in UTC, and says so", async () => {
    const zone = "Asia/Kathmandu";
    for (const javaScriptEnabled of [true, false]) {
      const { context, complaints, page } = await newVisitor(browser, { viewport: wide, locale: "en-GB", timezoneId: zone, javaScriptEnabled });
      await page.goto(`${issuer}/login`);
      await signInPatiently(page);
      await page.goto(`${issuer}/account`);
      const times = await page.locator("time").evaluateAll((all) => all.map(({ dateTime, textContent }) => [dateTime, textContent]));
      assert.ok(times.length > 0, "no time on the page");
      for (const [instant, text] of times) {
        const at = (timeZone) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(new Date(instant));
        const expected = javaScriptEnabled ? at(zone) : `${at("UTC")} UTC`;
        assert.ok(text.endsWith(expected), `${instant} is told as ${text}, not ${expected}`);
      }
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });
  await stop();
});
