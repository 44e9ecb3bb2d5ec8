// The audit trail for somebody who knows no ids: who and what by name, days as the reader has them.
import { startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, assertQuiet, axeFinds, createMachine, leaving } from "./lib/console.mjs";
import { issuer, ready } from "./lib/demo.mjs";

const trail = `${issuer}/admin/audit`;
const NAME = "Nightly export <b>";
const { browser, stop } = await startBrowser();

/** Lets go of a field that was filled in, and waits for what it finds. */
async function narrowed(page, field, value) {
  const found = page.waitForResponse((answer) => answer.url().startsWith(trail));
  await page.fill(field, value);
  await page.locator(field).blur();
  await found;
  await page.waitForFunction(() => !document.querySelector("#results[aria-busy]"));
}

await suite("console-audit", async () => {
  // Nobody is further east: their day is often tomorrow's.
  const { complaints, context, page } = await administrator(browser, { timezoneId: "Pacific/Kiritimati" });
  const machine = await createMachine(page, NAME);

  await check("an event names what it is about, and leads there", async () => {
    await page.goto(`${trail}?event=client.created`);
    const line = page.locator(".event-line").first();
    assert.match(await line.innerText(), /Client created · Nightly export <b>/);
    assert.deepEqual(await axeFinds(page), []);
    await leaving(page, () => line.locator("a").click());
    assert.equal(page.url(), `${issuer}/admin/clients/${machine.id}`);
  });

  await check("a press anywhere else on the line opens the event, and one more closes it", async () => {
    await page.goto(`${trail}?event=client.created`);
    const event = page.locator("details.event").first();
    for (const expected of [true, false]) {
      await page.locator(".event-when").first().click({ force: true });
      assert.equal(await event.evaluate((details) => details.open), expected);
    }
    await event.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert.ok((await event.innerText()).includes(machine.id));
  });

  await check("a person is found by name, and the address keeps what was typed", async () => {
    await page.goto(trail);
    await narrowed(page, "#actor", ready.admin.email.toUpperCase());
    assert.ok((await page.locator(".event-line").count()) > 0);
    assert.equal(new URL(page.url()).searchParams.get("actor"), ready.admin.email.toUpperCase());
    await narrowed(page, "#actor", "Nemo");
    assert.match(await page.innerText("#results"), /Nobody is called “Nemo”/);
  });

  await check("days are the reader's, and an address with days keeps whose they are", async () => {
    await page.goto(`${trail}?event=client.created`);
    assert.match(await page.innerText("#days"), /Pacific\/Kiritimati/);
    const today = new Intl.DateTimeFormat("sv", { timeZone: "Pacific/Kiritimati" }).format(new Date());
    await narrowed(page, "#from", today);
    assert.ok((await page.innerText("#results")).includes(NAME));
    const address = page.url();
    assert.equal(new URL(address).searchParams.get("zone"), "Pacific/Kiritimati");
    const elsewhere = await administrator(browser, { timezoneId: "America/Los_Angeles" });
    await elsewhere.page.goto(address);
    assert.match(await elsewhere.page.innerText("#days"), /Pacific\/Kiritimati/);
    assert.ok((await elsewhere.page.innerText("#results")).includes(NAME));
    await elsewhere.page.goto(`${trail}?from=${today}`);
    assert.match(await elsewhere.page.innerText("#days"), /UTC/);
    await elsewhere.context.close();
    await narrowed(page, "#from", "");
    assert.equal(new URL(page.url()).searchParams.get("zone"), null, "without days nobody's");
    assertQuiet(complaints);
  });

  await check("without JavaScript days are those of UTC, and say so", async () => {
    const plain = await administrator(browser, { javaScriptEnabled: false, timezoneId: "Pacific/Kiritimati" });
    await plain.page.goto(trail);
    assert.match(await plain.page.innerText("#days"), /UTC/);
    await plain.page.fill("#subject", NAME.toLowerCase());
    await plain.page.fill("#from", new Date().toISOString().slice(0, 10));
    await leaving(plain.page, () => plain.page.click("#filters button[type=submit]"));
    assert.ok((await plain.page.innerText("#results")).includes(NAME));
    await plain.context.close();
  });

  await context.close();
  await stop();
});
