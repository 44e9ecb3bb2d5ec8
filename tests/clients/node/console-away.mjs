// The database goes away while an administrator works: the page says so, nothing typed is lost, and it goes on after.
// The runner stops and starts PostgreSQL when this program says so on a line of its own.
import { startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, axeFinds, created, leaving, token } from "./lib/console.mjs";
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

  await page.goto(`${issuer}/admin/clients/new?type=web`);
  await page.fill("#clientName", "Typed while it was away");
  await page.check("#grant-machine");
  await page.check("#consent-trusted");
  await page.check("[id='scope-user_default']");
  const form = page;
  const other = await form.context().newPage();

  await check("every page of the console says that its data is away, in words", async () => {
    await database("stop", false);
    const answer = await other.goto(`${issuer}/admin/clients`);
    assert.equal(answer.status(), 503);
    await other.screenshot({ path: `${process.env.COUNTERSIGN_SCREENSHOTS}/console-away-wide-light.png` });
    await other.close();
  });

  await check("a form that is sent meanwhile is not lost: going back, all is still there", async () => {
    await leaving(form, () => form.click("#client-submit"));
    assert.match(await form.innerText("main"), /data/i);
    await form.goBack();
    assert.equal(await form.inputValue("#clientName"), "Typed while it was away");
    assert.ok(await form.isChecked("#consent-trusted"));
  });

  await check("the form is sent when the database is back, and its client works", async () => {
    await database("start", true);
    await form.click("#client-submit");
    assert.equal((await token(await created(form))).status, 200);
  });

  await check("pages, people and clients: each says what happened", async () => {
    await database("stop", false);
    for (const path of ["/admin/clients", "/admin/users", "/admin/audit", "/admin/settings"]) await asked(path);
    await database("start", true);
    assert.equal((await page.goto(`${issuer}/admin/clients`)).status(), 200);
  });

  await stop();
});
