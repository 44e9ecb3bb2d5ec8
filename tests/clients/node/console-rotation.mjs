// The rotation guide, followed by an administrator while the app works: no request of the app may fail.
import { join } from "node:path";
import { startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, assertQuiet, axeFinds, createMachine, token } from "./lib/console.mjs";
import { issuer } from "./lib/demo.mjs";

const WORKERS = 3;
const PAUSE_MS = 15;
// The guide looks every three seconds.
const LIVE_LIMIT_MS = 30_000;

const { browser, stop } = await startBrowser();

/** The app at work: it asks for tokens with the secret that it has just now. */
function startLoad(client) {
  const load = { secret: client.secret, answers: { 200: 0 }, refused: [], running: true };
  const work = async () => {
    while (load.running) {
      const { secret } = load;
      const { status, body } = await token({ id: client.id, secret });
      load.answers[status] = (load.answers[status] ?? 0) + 1;
      if (status !== 200) load.refused.push(`${secret.slice(-5)}: ${status} ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const workers = Promise.all(Array.from({ length: WORKERS }, work));
  load.stop = () => ((load.running = false), workers);
  return load;
}

/** Waits until the guide says, without being loaded anew, that the old secret is quiet for so many seconds. */
function quietFor(page, seconds) {
  const told = (least) => Number(/(\d+) seconds/.exec(document.getElementById("rotate-state")?.innerText)?.[1] ?? 0) >= least;
  return page.waitForFunction(told, seconds, { timeout: LIVE_LIMIT_MS });
}

await suite("console-rotation", async () => {
  const { complaints, page } = await administrator(browser);
  const client = await createMachine(page, "Replaces its secret by the guide");
  const load = startLoad(client);
  const folder = process.env.COUNTERSIGN_SCREENSHOTS;

  const replacement = await check("the guide makes the second secret", async () => {
    await page.goto(`${issuer}/admin/clients/${client.id}/secrets`);
    await page.click("#secrets-rotate");
    await page.fill("#secret-label", "the next one");
    await page.click("#secret-generate");
    return (await page.innerText("#secret-value")).trim();
  });

  await check("the guide sees that the old one is in use, and does not offer to delete it", async () => {
    await page.click("#secret-done");
    await page.waitForSelector("#rotate-live");
    await page.waitForSelector("#old-used time");
    assert.equal(await page.locator("#rotate-delete").count(), 0);
    await page.screenshot({ path: join(folder, "console-rotate-busy-wide-light.png"), fullPage: true });
    assert.deepEqual(await axeFinds(page), []);
  });

  await check("the app is given the new one, and the guide tells live how long the old one is quiet", async () => {
    load.secret = replacement;
    await page.waitForSelector("#new-used time", { timeout: LIVE_LIMIT_MS });
    await page.waitForSelector("#rotate-state", { timeout: LIVE_LIMIT_MS });
    await quietFor(page, 4);
    await quietFor(page, 8);
    // It waits for ten quiet minutes before it offers to delete, which a test with its own clock covers.
    assert.equal(await page.locator("#rotate-delete").count(), 0);
    await page.screenshot({ path: join(folder, "console-rotate-calming-wide-light.png"), fullPage: true });
    assert.deepEqual(await axeFinds(page), []);
  });

  await check("who cannot wait types its hint to delete it; it is refused, and the guide is done", async () => {
    const guide = page.url();
    const hint = client.secret.slice(-5);
    await page.goto(`${issuer}/admin/clients/${client.id}/secrets/${hint}/delete`);
    await page.fill("#secret-confirm", "wrong");
    await page.click("#secret-delete");
    await page.waitForSelector("#secret-confirm-wrong");
    await page.fill("#secret-confirm", hint);
    await page.click("#secret-delete");
    await page.waitForURL((url) => !url.pathname.endsWith("/delete"));
    assert.equal((await token(client)).status, 401);
    await page.goto(guide);
    assert.equal(await page.locator("[aria-current=step]").count(), 0, "all four steps are done");
  });

  await check("no request of the app failed", async () => {
    await load.stop();
    assert.deepEqual(load.refused, []);
    assert.ok(load.answers[200] > 200, `${load.answers[200]} requests`);
    assertQuiet(complaints);
  });

  await check("the page of a client that works shows what it does, and what was refused", async () => {
    await page.goto(`${issuer}/admin/clients/${client.id}`);
    await page.waitForSelector("#chart-tokens");
    await page.waitForSelector("#failures");
    await page.screenshot({ path: join(folder, "console-client-busy-wide-light.png"), fullPage: true });
    assert.deepEqual(await axeFinds(page), []);
    assertQuiet(complaints);
  });

  await stop();
});
