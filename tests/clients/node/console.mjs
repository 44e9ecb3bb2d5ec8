// The administration console in a real browser: the flows of an administrator, axe, pictures, weights.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { newVisitor, signIn, startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { basic, issuer, post, ready, tokenEndpoint } from "./lib/demo.mjs";

const run = promisify(execFile);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.COUNTERSIGN_SCREENSHOTS;
mkdirSync(folder, { recursive: true });
const { browser, stop } = await startBrowser();

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };
const WEIGHT_MAX = 100_000;
const logo = fileURLToPath(new URL("../../../crates/domain/src/picture/samples/logo.png", import.meta.url));

async function visitor(options = {}, person = ready.admin) {
  const made = await newVisitor(browser, { viewport: wide, locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"], ...options });
  await made.page.goto(`${issuer}/login?returnto=/admin`);
  await signIn(made.page, person);
  await made.page.waitForLoadState();
  return made;
}

/** Fills in the form for a machine client, with or without a script. */
async function createMachine(page, name) {
  await page.goto(`${issuer}/admin/clients/new`);
  await page.click("a[href*='type=web']");
  await page.fill("#clientName", name);
  await page.check("#grant-machine");
  await page.check("#consent-trusted");
  await page.check("[id='scope-user_default']");
  await page.click("#client-submit");
  await page.waitForSelector("#created-secret");
  return { id: await page.innerText("#created-client-id"), secret: await page.innerText("#created-secret") };
}

function token({ id, secret }) {
  return post(tokenEndpoint, new URLSearchParams({ grant_type: "client_credentials" }), basic(id.trim(), secret.trim()));
}

/** What a page transfers with an empty cache, in bytes as they came over the wire. */
async function weight(page, address) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(address, { waitUntil: "networkidle" });
  await session.detach();
  return bytes;
}

await suite("console", async () => {
  const { complaints, context, page } = await visitor();
  const strangers = [];
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== issuer && !request.url().startsWith("data:")) strangers.push(request.url());
  });
  let machine;

  await check("a new administrator has a token from the shown snippet in under two minutes", async () => {
    const started = Date.now();
    machine = await createMachine(page, "Browser-made robot");
    const text = await page.innerText("#snippet-curl");
    await page.screenshot({ path: join(folder, "console-created-wide-light.png"), fullPage: true });
    const { stdout } = await run("bash", ["-c", text]);
    assert.match(stdout, /"name":\s*"Browser-made robot"/, stdout);
    assert.ok(Date.now() - started < 120_000);
    assert.deepEqual(complaints.splice(0), []);
  });

  await check("the shown Node.js program runs as it is", async () => {
    const folder = await mkdtemp(join(tmpdir(), "snippet-"));
    const file = join(folder, "token.mjs");
    writeFileSync(file, await page.locator("#snippet-node").textContent());
    const { stdout } = await run(process.execPath, [file]);
    assert.match(stdout, /Browser-made robot/);
  });

  await check("a secret is copied, works, and is not shown again after a reload", async () => {
    await page.click("[data-copy-from='created-secret'], [data-copy='" + machine.secret.trim() + "']");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), machine.secret.trim());
    assert.equal((await token(machine)).status, 200);
    await page.reload();
    assert.ok(!(await page.content()).includes(machine.secret.trim()));
  });

  await check("the table is searched as one types, and its address says so", async () => {
    await page.goto(`${issuer}/admin/clients`);
    await page.fill("#q", "browser-made");
    await page.waitForFunction(() => document.querySelectorAll("#clients tbody tr").length === 1);
    assert.match(page.url(), /q=browser-made/);
    await page.reload();
    assert.equal(await page.locator("#clients tbody tr").count(), 1);
  });

  await check("a menu opens a dialog, Escape closes it, and the focus comes back", async () => {
    await page.goto(`${issuer}/admin/clients`);
    const menu = page.locator("#clients tbody tr").first().locator("details.menu summary");
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.locator(".menu[open] .menu-item", { hasText: "configuration" }).click();
    await page.waitForSelector("dialog[open] #panel-title");
    await page.screenshot({ path: join(folder, "console-dialog-wide-light.png") });
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("dialog[open]"));
    assert.equal(await page.evaluate(() => document.activeElement?.closest("details.menu") !== null), true);
    assert.deepEqual(complaints.splice(0), []);
  });

  await check("columns are dragged to another place and stay there", async () => {
    await page.goto(`${issuer}/admin/clients`);
    const heads = () => page.$$eval("th[data-column]", (all) => all.map((head) => head.dataset.column));
    const before = await heads();
    const saved = page.waitForResponse((answer) => answer.url().endsWith("/admin/clients/columns"));
    await page.dragAndDrop(`th[data-column=${before[2]}]`, `th[data-column=${before[0]}]`, { targetPosition: { x: 4, y: 10 } });
    await saved;
    await page.reload();
    const after = await heads();
    assert.equal(after[0], before[2]);
    assert.deepEqual([...after].sort(), [...before].sort());
  });

  await check("a second secret is made in a dialog, and both work", async () => {
    await page.goto(`${issuer}/admin/clients/${machine.id.trim()}/secrets`);
    await page.click("a[href$='/secrets/new']");
    await page.fill("dialog #secret-label", "from the browser");
    await page.click("dialog #secret-generate");
    const shown = page.locator("#panel code").filter({ hasText: /^[0-9a-f]{64}$/ });
    await shown.first().waitFor();
    const second = { id: machine.id, secret: await shown.first().innerText() };
    assert.equal((await token(second)).status, 200);
    assert.equal((await token(machine)).status, 200);
  });

  await check("several clients are deleted after they were asked about", async () => {
    const doomed = [await createMachine(page, "Doomed one"), await createMachine(page, "Doomed two")];
    await page.goto(`${issuer}/admin/clients?q=doomed`);
    await page.check("#select-all");
    await page.click("#delete-selected");
    await page.waitForLoadState();
    const panel = await page.innerText("#panel");
    assert.ok(panel.includes("Doomed one") && panel.includes("Doomed two"), panel);
    await page.screenshot({ path: join(folder, "console-delete-wide-light.png"), fullPage: true });
    for (const box of await page.locator("#panel input[type=checkbox]").all()) await box.check();
    await page.click("#panel button[type=submit]");
    await page.waitForLoadState();
    for (const one of doomed) assert.equal((await token(one)).status, 401);
  });

  await check("nothing is asked of another host, and no page complains", () => {
    assert.deepEqual(strangers, []);
    assert.deepEqual(complaints.splice(0), []);
  });

  await check("without JavaScript a client is created all the same", async () => {
    const plain = await visitor({ javaScriptEnabled: false });
    const made = await createMachine(plain.page, "Made without a script");
    assert.equal((await token(made)).status, 200);
    await plain.context.close();
  });

  await check("who is no administrator is told so", async () => {
    const other = await visitor({}, ready.user);
    const answer = await other.page.goto(`${issuer}/admin/clients`);
    assert.equal(answer.status(), 403);
    assert.match(await other.page.innerText("main"), /TenantAdmin/);
    await other.context.close();
  });

  await check("a colour and a logo are tried, kept, seen by who signs in, and taken away", async () => {
    await page.goto(`${issuer}/admin/settings`);
    await page.locator("#accent-picker").fill("#ffcc00");
    await page.waitForSelector("#accent-check figure");
    assert.equal(await page.inputValue("#accent"), "#ffcc00");
    assert.match(await page.innerText("#accent-check"), /text needs 4\.5:1/);
    await page.click("#accent-save");
    await page.waitForURL(/done=accent-saved/);
    await page.setInputFiles("#logo", logo);
    await page.click("#logo-save");
    await page.waitForURL(/done=logo-saved/);
    const guest = await newVisitor(browser, { viewport: wide });
    await guest.page.goto(`${issuer}/login`);
    const seen = await guest.page.evaluate(() => ({
      logo: document.querySelector(".brand-logo").naturalWidth,
      button: getComputedStyle(document.getElementById("login-submit")).backgroundColor,
    }));
    assert.equal(seen.logo, 96);
    assert.notEqual(seen.button, "rgb(14, 94, 87)", "the product's own");
    await guest.page.screenshot({ path: join(folder, "branded-sign-in-wide-light.png"), fullPage: true });
    assert.deepEqual(guest.complaints, []);
    await guest.context.close();
    await page.click("#logo-remove button");
    await page.waitForURL(/done=logo-removed/);
    await page.fill("#accent", "");
    await page.click("#accent-save");
    await page.waitForURL(/done=accent-saved/);
    assert.deepEqual(complaints.splice(0), []);
  });

  const id = machine?.id.trim() ?? ready.m2m.client_id;
  const pages = {
    clients: "/admin/clients",
    "client-type": "/admin/clients/new",
    "client-new": "/admin/clients/new?type=web",
    "client-edit": `/admin/clients/${id}/edit`,
    client: `/admin/clients/${ready.m2m.client_id}`,
    secrets: `/admin/clients/${id}/secrets`,
    rotate: `/admin/clients/${id}/rotate`,
    consent: `/admin/clients/${id}/consent`,
    publish: `/admin/clients/${id}/publish`,
    configuration: `/admin/clients/${id}/configuration`,
    delete: `/admin/clients/delete?id=${id}`,
    audit: "/admin/audit",
    tokens: "/admin/tokens",
    "rotate-keys": "/admin/tokens/rotate",
    settings: "/admin/settings",
    ...(await extraPages(page)),
  };
  const looks = [
    { look: "wide-light", viewport: wide, colorScheme: "light" },
    { look: "wide-dark", viewport: wide, colorScheme: "dark" },
    { look: "narrow-light", viewport: narrow, colorScheme: "light" },
    { look: "narrow-dark", viewport: narrow, colorScheme: "dark" },
  ];
  for (const { look, ...options } of looks) {
    const seen = await visitor(options);
    for (const [name, path] of Object.entries(pages)) {
      await check(`${name}, ${look}: axe finds nothing, it fits, it is light`, async () => {
        const bytes = await weight(seen.page, issuer + path);
        await seen.page.screenshot({ path: join(folder, `console-${name}-${look}.png`), fullPage: true });
        const wideness = await seen.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wideness <= options.viewport.width, `${wideness} px wide`);
        assert.ok(bytes < WEIGHT_MAX, `${bytes} bytes`);
        // Injected by the browser's own tools: the page's policy would refuse it, as it should.
        const session = await seen.page.context().newCDPSession(seen.page);
        await session.send("Runtime.evaluate", { expression: axe });
        const { result } = await session.send("Runtime.evaluate", {
          expression: "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((found) => JSON.stringify(found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', ')}`)))",
          awaitPromise: true,
          returnByValue: true,
        });
        await session.detach();
        assert.deepEqual(JSON.parse(result.value), []);
        assert.deepEqual(seen.complaints.splice(0), []);
      });
    }
    await seen.context.close();
  }
  await stop();
});

/** Pages of users, groups and roles, as far as the navigation leads to them. */
async function extraPages(page) {
  const found = {};
  for (const noun of ["users", "groups", "roles"]) {
    const answer = await page.goto(`${issuer}/admin/${noun}`);
    if (answer.status() !== 200) continue;
    found[noun] = `/admin/${noun}`;
    const first = await page.locator(`main table tbody a[href^='/admin/${noun}/']`).first().getAttribute("href");
    found[noun.slice(0, -1)] = first;
    found[`${noun.slice(0, -1)}-new`] = `/admin/${noun}/new`;
  }
  return found;
}
