// The table of a tenant with 10,000 clients: search, filters, sorts and paging stay quick, and nothing is lost.
import { startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, assertQuiet, axeFinds, token, weight } from "./lib/console.mjs";
import { issuer, post, ready } from "./lib/demo.mjs";

const MANY = 10_000;
const WRITERS = 16;
const WEIGHT_MAX = 100_000;
// What a person still feels as at once is a tenth of this: it only has to tell a page from a scan.
const PAGE_MS = 1_000;
const types = ["spa", "native", "web", "anonymous-embed"];

const { browser, stop } = await startBrowser();

function draft(at) {
  const appType = types[at % types.length];
  return {
    appType,
    clientName: `Bulk ${String(at).padStart(5, "0")}`,
    ...(appType === "anonymous-embed" ? {} : { redirectUris: ["https://app.example/callback"], allowedScopes: ["openid"] }),
  };
}

/** Makes the clients over the API, several at once. */
async function fill() {
  const answer = await token({ id: ready.m2m.client_id, secret: ready.m2m.client_secret });
  const authorization = `Bearer ${answer.body.access_token}`;
  let next = 0;
  const work = async () => {
    while (next < MANY) {
      const made = await post(`${issuer}/api/v1/oauth-clients`, draft(next++), { authorization });
      assert.equal(made.status, 201, JSON.stringify(made.body));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, work));
}

await suite("console-many", async () => {
  await check(`${MANY} clients are made`, fill);
  const { complaints, page } = await administrator(browser);
  const rows = () => page.locator("#clients tbody tr").count();
  const first = () => page.innerText("#clients tbody tr:first-child .cell-name");
  const count = async () => Number((await page.innerText("#clients-count")).replace(/[^0-9]/g, ""));

  /** Opens a page of the table and gives how long its answer took to come whole. */
  async function open(query) {
    const answer = await page.goto(`${issuer}/admin/clients?${query}`);
    assert.equal(answer.status(), 200, query);
    const took = await page.evaluate(() => performance.getEntriesByType("navigation")[0].responseEnd);
    assert.ok(took < PAGE_MS, `${query}: ${took} ms`);
    return took;
  }

  await check("the table counts them, and its page weighs no more than with a few", async () => {
    await open("");
    assert.ok((await count()) >= MANY, `${await count()}`);
    assert.ok((await weight(page, `${issuer}/admin/clients`)) < WEIGHT_MAX);
    assert.deepEqual(await axeFinds(page), []);
  });

  await check("one of them is found by its name, as one types", async () => {
    await open("");
    await page.fill("#q", "bulk 07342");
    await page.waitForFunction(() => document.querySelectorAll("#clients tbody tr").length === 1);
    assert.equal(await first(), "Bulk 07342");
    await page.fill("#q", "no client is called this");
    await page.waitForSelector("#clients", { state: "detached" });
  });

  await check("filters and sorts agree with what was made", async () => {
    await open("q=bulk&type=native");
    assert.equal(await count(), MANY / 4);
    await open("q=bulk&sort=%2BclientName");
    assert.equal(await first(), "Bulk 00000");
    await open("q=bulk&sort=-clientName");
    assert.equal(await first(), `Bulk ${String(MANY - 1).padStart(5, "0")}`);
    const heads = await page.$$eval("#clients th .sort", (all) => all.map((link) => new URL(link.href).search.slice(1)));
    assert.ok(heads.length >= 9, "any column sorts");
    for (const query of heads) await open(query);
  });

  await check("the pages lead through all of one type, each client once, and back", async () => {
    await open("q=bulk&type=spa&sort=%2BclientName");
    const seen = new Set();
    let pages = 0;
    for (;;) {
      for (const name of await page.locator("#clients tbody .cell-name").allInnerTexts()) seen.add(name);
      pages += 1;
      const next = page.locator("a[rel=next]");
      if (!(await next.count())) break;
      await page.goto(new URL(await next.getAttribute("href"), issuer).href);
    }
    assert.equal(seen.size, MANY / 4);
    await page.goto(new URL(await page.locator("a[rel=prev]").getAttribute("href"), issuer).href);
    assert.ok((await rows()) > 0);
    assertQuiet(complaints);
    return pages;
  });

  await stop();
});
