// The database goes away while an administrator works: every page says so, and what to do; it goes on after.
// The runner stops and starts PostgreSQL when this program says so on a line of its own.
import { startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, axeFinds, created, createMachine, leaving, token } from "./lib/console.mjs";
import { issuer } from "./lib/demo.mjs";

const LIMIT_MS = 60_000;
const { browser, stop } = await startBrowser();

/** Asks the runner, and waits until the server notices. */
async function database(word, isReady) {
  console.log(`database: ${word}`);
  const begun = Date.now();
  for (;;) {
    const ready = await fetch(`${issuer}/readyz`).then((answer) => answer.status === 200);
    if (ready === isReady) return;
    assert.ok(Date.now() - begun < LIMIT_MS, `the server does not notice: ${word}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

await suite("console-away", async () => {
  const { page } = await administrator(browser);
  const asked = async (path) => {
    const answer = await page.goto(issuer + path);
    assert.equal(answer.status(), 503, path);
    assert.equal(await page.locator("h1:visible").count(), 1);
    const text = await page.innerText("main");
    assert.match(text, /database|data/i, text);
    assert.match(text, /again|later|minute/i, `it says what to do: ${text}`);
    assert.ok(!/sqlx|postgres|panic|error returned|127\.0\.0\.1/i.test(text), text);
    assert.deepEqual(await axeFinds(page), []);
  };

  await check("a page that was asked for meanwhile is there when the database is back", async () => {
    await database("stop", false);
    await asked("/admin/clients");
    await page.screenshot({ path: `${process.env.COUNTERSIGN_SCREENSHOTS}/console-away-wide-light.png` });
    await database("start", true);
    assert.equal((await page.reload()).status(), 200);
    assert.equal((await token(await createMachine(page, "Made after it was away"))).status, 200);
  });

  await check("a form that is sent meanwhile comes back with what was typed, and goes through after", async () => {
    await page.goto(`${issuer}/admin/clients/new?type=spa`);
    await page.fill("#clientName", "Typed while it was away");
    await page.fill("#description", "Nothing of this is lost");
    await database("stop", false);
    await leaving(page, () => page.click("#client-submit"));
    assert.match(await page.innerText("main"), /Typed while it was away/);
    await page.screenshot({ path: `${process.env.COUNTERSIGN_SCREENSHOTS}/console-away-form-wide-light.png` });
    assert.deepEqual(await axeFinds(page), []);
    await database("start", true);
    await leaving(page, () => page.click("#continue-submit"));
    const { id } = await created(page);
    await page.goto(`${issuer}/admin/clients/${id}/edit`);
    assert.equal(await page.inputValue("#description"), "Nothing of this is lost");
  });

  await check("clients, people, audit and settings: each page says what happened", async () => {
    await database("stop", false);
    for (const path of ["/admin/clients", "/admin/users", "/admin/audit", "/admin/settings"]) await asked(path);
    await database("start", true);
    assert.equal((await page.goto(`${issuer}/admin/clients`)).status(), 200);
  });

  await stop();
});
