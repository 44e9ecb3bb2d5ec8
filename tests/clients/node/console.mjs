// The administration console in a real browser: the first flows of an administrator, with and without a script.
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { newVisitor, startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, assertQuiet, createMachine, leaving, token, wide } from "./lib/console.mjs";
import { issuer, ready } from "./lib/demo.mjs";

const run = promisify(execFile);
const folder = process.env.COUNTERSIGN_SCREENSHOTS;
mkdirSync(folder, { recursive: true });
const { browser, stop } = await startBrowser();

const logo = fileURLToPath(new URL("../../../crates/domain/src/picture/samples/logo.png", import.meta.url));

await suite("console", async () => {
  const { complaints, context, page } = await administrator(browser);
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
    assertQuiet(complaints);
  });

  await check("a secret is copied, works, and is not shown again after a reload", async () => {
    await page.click("[data-copy-from='created-secret'], [data-copy='" + machine.secret + "']");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), machine.secret);
    assert.equal((await token(machine)).status, 200);
    await page.reload();
    assert.ok(!(await page.content()).includes(machine.secret));
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
    await page.locator(".menu[open] .menu-sheet :is(a, button)", { hasText: "configuration" }).click();
    await page.waitForSelector("dialog[open] #panel-title");
    await page.screenshot({ path: join(folder, "console-dialog-wide-light.png") });
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("dialog[open]") && document.activeElement?.closest("details.menu"));
    assertQuiet(complaints);
  });

  await check("an open menu lies over the rows below it, to its edges", async () => {
    await page.goto(`${issuer}/admin/clients`);
    await page.locator("#clients details.menu > summary").first().click();
    const covered = await page.locator(".menu[open] .menu-sheet :is(a, button)").evaluateAll((items) =>
      items.flatMap((item) => {
        const { left, right, top, bottom } = item.getBoundingClientRect();
        const corners = [[left + 1, top + 1], [right - 1, top + 1], [left + 1, bottom - 1], [right - 1, bottom - 1]];
        const isSeen = ([x, y]) => document.elementFromPoint(x, y)?.closest(".menu-sheet") === item.closest(".menu-sheet");
        return corners.every(isSeen) ? [] : [item.innerText];
      }),
    );
    assert.deepEqual(covered, []);
    await page.screenshot({ path: join(folder, "console-menu-wide-light.png") });
    await page.keyboard.press("Escape");
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
    await page.goto(`${issuer}/admin/clients/${machine.id}/secrets`);
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
    await leaving(page, () => page.click("#delete-selected"));
    const panel = await page.innerText("#panel");
    assert.ok(panel.includes("Doomed one") && panel.includes("Doomed two"), panel);
    await page.screenshot({ path: join(folder, "console-delete-wide-light.png"), fullPage: true });
    for (const box of await page.locator("#panel input[type=checkbox]").all()) await box.check();
    await leaving(page, () => page.click("#panel button[type=submit]"));
    for (const one of doomed) assert.equal((await token(one)).status, 401);
  });

  await check("nothing is asked of another host, and no page complains", () => {
    assert.deepEqual(strangers, []);
    assertQuiet(complaints);
  });

  await check("without JavaScript a client is created all the same", async () => {
    const plain = await administrator(browser, { javaScriptEnabled: false });
    const made = await createMachine(plain.page, "Made without a script");
    assert.equal((await token(made)).status, 200);
    await plain.context.close();
  });

  await check("who is no administrator is told so", async () => {
    const other = await administrator(browser, {}, ready.user);
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
    assertQuiet(guest.complaints);
    await guest.context.close();
    await page.click("#logo-remove button");
    await page.waitForURL(/done=logo-removed/);
    await page.fill("#accent", "");
    await page.click("#accent-save");
    await page.waitForURL(/done=accent-saved/);
    assertQuiet(complaints);
  });

  await stop();
});
