// The programs that the console shows after a client was made, each run as it is shown.
import { execFile, spawn } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { authorize, newVisitor, signInPatiently, startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, created, createMachine } from "./lib/console.mjs";
import { issuer, ready } from "./lib/demo.mjs";

const run = promisify(execFile);
const python = process.env.COUNTERSIGN_PYTHON;
const CALLBACK = ready.web.redirect_uri;
const LIMIT_MS = 240_000;
const modules = dirname(dirname(createRequire(import.meta.url).resolve("axe-core/package.json")));

// What a bundler would put beside the module: the package, and what it imports.
const BUNDLED = ["openid-client", "oauth4webapi", "jose/jwe/compact/decrypt", "jose/errors"];

const { browser, serve, stop } = await startBrowser();

/** A folder with the shown program in it, and the packages that its first line asks for. */
async function place(name, text) {
  const folder = await mkdtemp(join(tmpdir(), "snippet-"));
  await writeFile(join(folder, name), text);
  if (name.endsWith(".mjs")) await symlink(modules, join(folder, "node_modules"));
  return { folder, file: join(folder, name) };
}

/** Each stack: the file's name, and the command that runs it. */
const stacks = {
  curl: { name: "snippet.sh", command: (file) => ["bash", [file]] },
  node: { name: "token.mjs", command: (file) => [process.execPath, [file]] },
  python: { name: "get_token.py", command: (file) => [python, [file]] },
};

async function shown(page, stack) {
  return page.locator(`#snippet-${stack}`).textContent();
}

/** Runs a program that asks for the address where the browser ends, and gives it that. */
async function signInWith(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  let failed = "";
  child.stderr.on("data", (part) => (failed += part));
  const ended = new Promise((resolve) => child.on("close", resolve));
  const address = await new Promise((resolve, reject) => {
    child.stdout.on("data", (part) => {
      out += part;
      const found = /^(http\S+\?\S+)\s*$/m.exec(out);
      if (found) resolve(found[1]);
    });
    ended.then((code) => reject(new Error(`it ended with ${code} before it told an address: ${failed}${out}`)));
  });
  const { context, page } = await newVisitor(browser);
  const { callback } = await authorize(page, address);
  await context.close();
  child.stdin.end(`${callback}\n`);
  const code = await ended;
  assert.equal(code, 0, failed + out);
  return out;
}

/** A project with the crates that the first line of the program asks for, built where the tests build. */
async function rustProject(text) {
  const folder = await mkdtemp(join(tmpdir(), "snippet-rust-"));
  await writeFile(join(folder, "Cargo.toml"), '[package]\nname = "snippet"\nversion = "0.1.0"\nedition = "2024"\n\n[workspace]\n');
  await run("mkdir", ["src"], { cwd: folder });
  await writeFile(join(folder, "src", "main.rs"), text);
  const asked = text.split("\n")[0].replace(/^\/\/ /, "");
  assert.match(asked, /^cargo add /);
  const options = { cwd: folder, env: { ...process.env, CARGO_TARGET_DIR: process.env.COUNTERSIGN_SNIPPETS_TARGET }, timeout: LIMIT_MS, maxBuffer: 1 << 24 };
  await run("bash", ["-c", asked], options);
  await run("cargo", ["build", "--quiet"], options);
  return join(process.env.COUNTERSIGN_SNIPPETS_TARGET, "debug", "snippet");
}

await suite("console-snippets", async () => {
  const { context, page } = await administrator(browser);
  await createMachine(page, "Runs what is shown");

  for (const [stack, { name, command }] of Object.entries(stacks)) {
    await check(`a machine with a secret: ${stack}`, async () => {
      const { folder, file } = await place(name, await shown(page, stack));
      const { stdout } = await run(...command(file), { cwd: folder });
      assert.match(stdout, /Runs what is shown/);
    });
  }

  await check("a machine with a secret: Rust", async () => {
    const { stdout } = await run(await rustProject(await shown(page, "rust")), []);
    assert.match(stdout, /Runs what is shown/);
  });

  await check("the .env file is one that a shell reads", async () => {
    const { file } = await place(".env", await shown(page, "env"));
    const { stdout } = await run("bash", ["-c", `set -a; . "${file}"; curl -sS --fail -u "$OAUTH_CLIENT_ID:$OAUTH_CLIENT_SECRET" -d grant_type=client_credentials "$OAUTH_ISSUER/oauth/token"`]);
    assert.ok(JSON.parse(stdout).access_token);
  });

  await check("a machine with a key: Node.js and Python", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    await page.goto(`${issuer}/admin/clients/new?type=web`);
    await page.fill("#clientName", "Signs what is shown");
    await page.check("#grant-machine");
    await page.check("#consent-trusted");
    await page.uncheck("#auth-secret");
    await page.check("#auth-key");
    await page.check("[id='scope-user_default']");
    await page.fill("#publicKeysText", JSON.stringify({ ...(await exportJWK(publicKey)), kid: "shown", alg: "ES256" }));
    await page.click("#client-submit");
    await created(page);
    for (const stack of ["node", "python"]) {
      const { name, command } = stacks[stack];
      const { folder, file } = await place(name, await shown(page, stack));
      const pem = await exportPKCS8(privateKey);
      assert.equal(createPrivateKey(pem).asymmetricKeyType, "ec");
      await writeFile(join(folder, "private-key.pem"), pem);
      const { stdout } = await run(...command(file), { cwd: folder });
      assert.match(stdout, /Signs what is shown/, stack);
    }
  });

  await check("an app that people sign in to: curl, Node.js, Python and Rust", async () => {
    await page.goto(`${issuer}/admin/clients/new?type=web`);
    await page.fill("#clientName", "Signs people in as is shown");
    await page.fill("#redirectUris-0", CALLBACK);
    for (const scope of ["openid", "profile"]) await page.check(`[id='scope-${scope}']`);
    await page.click("#client-submit");
    await created(page);
    for (const [stack, { name, command }] of Object.entries(stacks)) {
      const { folder, file } = await place(name, await shown(page, stack));
      assert.match(await signInWith(...command(file), { cwd: folder }), /Uma|access_token/, stack);
    }
    const program = await rustProject(await shown(page, "rust"));
    assert.match(await signInWith(program, []), /eyJ/);
  });

  await check("a single-page app: the shown module, on the page of its redirect URL", async () => {
    await page.goto(`${issuer}/admin/clients/new?type=spa`);
    await page.fill("#clientName", "Signs in from a page");
    await page.fill("#redirectUris-0", CALLBACK);
    await page.fill("#allowedOrigins-0", new URL(CALLBACK).origin);
    for (const scope of ["openid", "profile"]) await page.check(`[id='scope-${scope}']`);
    await page.click("#client-submit");
    await created(page);
    const text = await page.locator("#snippets pre", { hasText: "sessionStorage" }).first().textContent();
    assert.match(await runInBrowser(text), /Ada/);
  });

  await context.close();
  await stop();
});

/** Serves the module at the redirect URL, as an app would, and gives what it tells the console. */
async function runInBrowser(text) {
  const { complaints, context, page } = await newVisitor(browser);
  const { origin } = new URL(CALLBACK);
  const address = (name) => `${origin}/m${fileURLToPath(import.meta.resolve(name)).slice(modules.length)}`;
  const imports = Object.fromEntries(BUNDLED.map((name) => [name, address(name)]));
  const html = `<!doctype html><title>app</title><link rel="icon" href="data:,"><script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${text}</script>`;
  serve((path, response) => {
    const isModule = path.startsWith("/m/");
    response.setHeader("content-type", isModule ? "text/javascript" : "text/html");
    response.end(isModule ? readFileSync(join(modules, path.slice(2))) : html);
  });
  const told = page.waitForEvent("console", { predicate: (message) => message.type() === "log", timeout: 120_000 });
  // What goes wrong before it is awaited is told below.
  told.catch(() => {});
  await page.goto(CALLBACK);
  await page.waitForSelector("#login-submit").catch((error) => {
    throw new Error(`${error.message}\n${complaints.join("\n")}`);
  });
  await signInPatiently(page, ready.admin);
  if (await page.locator("#consent-allow").count()) await page.click("#consent-allow");
  const value = JSON.stringify(await (await told).args()[0].jsonValue());
  await context.close();
  return value;
}
