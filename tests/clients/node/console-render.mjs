// How soon the console's pages are first seen, each by a browser that has nothing in its cache: one line of JSON each.
// `cargo xtask bench --pages` runs it; it measures and checks nothing.
import { signIn, startBrowser } from "./lib/browser.mjs";
import { wide } from "./lib/console.mjs";
import { issuer, ready } from "./lib/demo.mjs";

const LOADS = 20;
const one = `/admin/clients/${ready.m2m.client_id}`;
const pages = ["/login", "/admin/clients", "/admin/clients/new?type=web", one, `${one}/secrets`, "/admin/users", "/admin/audit", "/admin/settings"];

const { browser, stop } = await startBrowser();
const context = await browser.newContext({ viewport: wide });
const page = await context.newPage();
await page.goto(`${issuer}/login?returnto=/admin`);
await signIn(page, ready.admin);
await page.waitForLoadState();

/** Milliseconds from the navigation to the first text or picture (First Contentful Paint), and to the answer's first byte. */
function painted() {
  return new Promise((resolve) => {
    const tell = () => {
      const paint = performance.getEntriesByName("first-contentful-paint")[0];
      if (!paint) return requestAnimationFrame(tell);
      const [navigation] = performance.getEntriesByType("navigation");
      resolve({ paint: paint.startTime, answer: navigation.responseStart - navigation.requestStart });
    };
    tell();
  });
}

for (const path of pages) {
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  const times = [];
  let bytes = 0;
  // The first load warms the server, not the browser.
  for (let load = 0; load <= LOADS; load += 1) {
    if (load === LOADS) session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(issuer + path, { waitUntil: "networkidle" });
    if (load > 0) times.push(await page.evaluate(painted));
  }
  await session.detach();
  console.log(JSON.stringify({ path: path.replace(ready.m2m.client_id, "{id}"), paint: times.map((time) => time.paint), answer: times.map((time) => time.answer), bytes }));
}
await stop();
process.exit(0);
