// Every page of the console at three widths, in both themes and both languages: pictures, axe, weight, layout.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, assertQuiet, axeFinds, consolePages, createMachine, layout, narrow, watchShifts, weight, wide, widest } from "./lib/console.mjs";
import { issuer, ready } from "./lib/demo.mjs";

const folder = process.env.COUNTERSIGN_SCREENSHOTS;
mkdirSync(folder, { recursive: true });
const WEIGHT_MAX = 100_000;
// What web.dev calls good is below 0.1; these pages have nothing that comes late.
const SHIFT_MAX = 0.01;
// A theme moves nothing, but "three seconds ago" may become four while the pictures are taken.
const BOX_TOLERANCE = 12;

// Each sign-in of these tests adds to them: what stands below is lower then.
const GROWS = ["audit", "user"];

const looks = [
  { look: "wide-light", viewport: wide, colorScheme: "light" },
  { look: "wide-dark", viewport: wide, colorScheme: "dark", like: "wide-light" },
  { look: "narrow-light", viewport: narrow, colorScheme: "light" },
  { look: "narrow-dark", viewport: narrow, colorScheme: "dark", like: "narrow-light" },
  { look: "widest-light-de", viewport: widest, colorScheme: "light", locale: "de-DE" },
];

const { browser, stop } = await startBrowser();

await suite("console-pages", async () => {
  const first = await administrator(browser);
  const machine = await createMachine(first.page, "Stock keeper");
  const pages = await consolePages(first.page, machine.id, ready.m2m.client_id);
  await first.context.close();
  const seen = {};
  for (const { look, like, ...options } of looks) {
    const visitor = await administrator(browser, options);
    await watchShifts(visitor.context);
    for (const [name, path] of Object.entries(pages)) {
      await check(`${name}, ${look}`, async () => {
        const { page } = visitor;
        const bytes = await weight(page, issuer + path);
        const shifted = await page.evaluate(() => window.shifted);
        const { broken, boxes } = await layout(page);
        await page.screenshot({ path: join(folder, `console-${name}-${look}.png`), fullPage: true });
        seen[`${name}-${look}`] = boxes;
        assert.ok(bytes < WEIGHT_MAX, `${bytes} bytes`);
        assert.ok(shifted < SHIFT_MAX, `things moved while the page loaded: ${shifted}`);
        assert.deepEqual(broken, []);
        if (like) assertSameBoxes(boxes, seen[`${name}-${like}`], GROWS.includes(name));
        assert.equal(await page.locator("h1:visible").count(), 1, "one heading");
        assert.deepEqual(await axeFinds(page), []);
        assertQuiet(visitor.complaints);
      });
    }
    await visitor.context.close();
  }
  await stop();
});

/** The same parts at the same places as in the other theme, but for what the clock moved. */
function assertSameBoxes(boxes, others = {}, grows) {
  for (const [name, box] of Object.entries(boxes)) {
    const other = others[name];
    if (!other) continue;
    // A table is as wide as what it says, such as how long ago something was.
    const table = name.startsWith("table");
    const compared = [0, ...(grows ? [] : [1]), ...(table ? [] : [2]), ...(grows || table ? [] : [3])];
    const apart = Math.max(...compared.map((at) => Math.abs(box[at] - other[at])));
    assert.ok(apart <= BOX_TOLERANCE, `${name} is at ${box}, and at ${other} in the other theme`);
  }
  const missing = Object.keys(others).filter((name) => /^(header|nav|main|h1|form|table)/.test(name) && !(name in boxes));
  assert.ok(missing.length <= 2, `missing in this theme: ${missing}`);
}
