// OAuth clients in the console: every type, by keyboard alone, keys, scopes, consent, publishing, and what goes wrong.
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose";
import { randomUUID } from "node:crypto";
import { authorize, startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { administrator, assertQuiet, axeFinds, created, createMachine, leaving, tabTo, token } from "./lib/console.mjs";
import { issuer, post, ready, tokenEndpoint } from "./lib/demo.mjs";

const CALLBACK = ready.web.redirect_uri;
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
// RFC 7636, appendix B.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const { browser, stop } = await startBrowser();

function authorizeUrl(client, scope) {
  const url = new URL("/oauth/authorize", issuer);
  url.search = new URLSearchParams({ client_id: client.id, redirect_uri: CALLBACK, response_type: "code", scope, state: "s", code_challenge: challenge, code_challenge_method: "S256" });
  return url;
}

/** A person signs in to the client, and its code becomes a token. */
async function codeFlow(client, scope = "openid profile") {
  const { context, page } = await administrator(browser, {}, ready.user);
  const { callback, shown } = await authorize(page, authorizeUrl(client, scope));
  await context.close();
  const form = new URLSearchParams({ grant_type: "authorization_code", code: callback.searchParams.get("code"), redirect_uri: CALLBACK, code_verifier: verifier });
  if (!client.secret) form.set("client_id", client.id);
  const headers = client.secret ? { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` } : {};
  const answer = await post(tokenEndpoint, form, headers);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return shown;
}

/** The client signs who it is (RFC 7523). */
async function tokenByKey(id, key, kid) {
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: "ES256", ...(kid ? { kid } : {}) })
    .setIssuer(id)
    .setSubject(id)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime("1 minute")
    .sign(key);
  return post(tokenEndpoint, new URLSearchParams({ grant_type: "client_credentials", client_assertion_type: ASSERTION, client_assertion: assertion }));
}

async function startForm(page, type, name) {
  await page.goto(`${issuer}/admin/clients/new`);
  await page.click(`#type-${type}`);
  await page.fill("#clientName", name);
}

await suite("console-clients", async () => {
  const { complaints, page } = await administrator(browser);

  await check("a Web client is made: its users sign in, and are asked", async () => {
    await startForm(page, "web", "Web from the console");
    await page.fill("#redirectUris-0", CALLBACK);
    for (const scope of ["openid", "profile"]) await page.check(`[id='scope-${scope}']`);
    await page.click("#client-submit");
    const web = await created(page);
    assert.ok(web.secret);
    assert.ok((await codeFlow(web)).includes("consent"));
    assertQuiet(complaints);
  });

  await check("a single-page app is made, without a secret; a wrong origin is told as it is typed", async () => {
    await startForm(page, "spa", "Single page from the console");
    assert.equal(await page.locator("#grant-machine, #auth-secret").count(), 0, "only Web has these");
    await page.fill("#redirectUris-0", CALLBACK);
    await page.fill("#allowedOrigins-0", "http://localhost:3000/with/a/path");
    await page.waitForSelector("#allowedOrigins-0-check .wrong");
    await page.fill("#allowedOrigins-0", "http://localhost:3000");
    await page.waitForSelector("#allowedOrigins-0-check .good");
    for (const scope of ["openid", "profile"]) await page.check(`[id='scope-${scope}']`);
    assert.ok(await page.locator("[id='scope-offline_access']").isDisabled(), "offline_access is not for single-page apps");
    await page.click("#client-submit");
    const spa = await created(page);
    assert.equal(spa.secret, undefined);
    await codeFlow(spa);
    assertQuiet(complaints);
  });

  await check("a native app is made, without a secret", async () => {
    await startForm(page, "native", "Native from the console");
    await page.fill("#redirectUris-0", CALLBACK);
    await page.click("[data-add=redirectUris]");
    await page.fill("#redirectUris-1", "com.example.charts:/signed-in");
    await page.waitForSelector("#redirectUris-1-check .good");
    for (const scope of ["openid", "profile"]) await page.check(`[id='scope-${scope}']`);
    await page.click("#client-submit");
    const native = await created(page);
    assert.equal(native.secret, undefined);
    await codeFlow(native);
    assertQuiet(complaints);
  });

  await check("an anonymous embed is made, which has no sign-in of its own", async () => {
    await startForm(page, "anonymous-embed", "Embed from the console");
    assert.equal(await page.locator("#redirectUris-0, #auth-secret").count(), 0);
    await page.click("#client-submit");
    const embed = await created(page);
    assert.equal(embed.secret, undefined);
    assertQuiet(complaints);
  });

  await check("wrong fields keep what was typed, and each says what is wrong", async () => {
    await startForm(page, "web", "Has a wrong address");
    await page.fill("#description", "Kept \"as it is\" <b>");
    await page.fill("#redirectUris-0", "http://example.com/not-https");
    await page.check("[id='scope-user_default']");
    await page.click("#client-submit");
    await page.waitForSelector("#form-alert");
    assert.equal(await page.inputValue("#clientName"), "Has a wrong address");
    assert.equal(await page.inputValue("#description"), "Kept \"as it is\" <b>");
    assert.ok(await page.isChecked("[id='scope-user_default']"));
    assert.match(await page.innerText("#redirectUris-0-check"), /https/);
    assert.equal(await page.getAttribute("#redirectUris-0", "aria-invalid"), "true");
    assert.deepEqual(await axeFinds(page), []);
    await page.click("#form-alert a");
    assert.ok(await page.evaluate(() => document.activeElement?.closest("#redirectUris") || location.hash === "#redirectUris-0"));
    assertQuiet(complaints);
  });

  await check("the keyboard is enough to make a client and to copy its secret", async () => {
    const { keyboard } = page;
    await page.goto(`${issuer}/admin/clients`);
    await tabTo(page, "#client-new");
    await keyboard.press("Enter");
    await page.waitForSelector("#client-types");
    await tabTo(page, "#type-web");
    await keyboard.press("Enter");
    await page.waitForSelector("#client-form");
    await tabTo(page, "#clientName");
    await keyboard.type("Made by keyboard");
    await tabTo(page, "#grant-machine");
    await keyboard.press("Space");
    await tabTo(page, "#consent-required");
    await keyboard.press("ArrowDown");
    await tabTo(page, "#scope-search");
    await keyboard.type("user_default");
    await tabTo(page, "[id='scope-user_default']");
    await keyboard.press("Space");
    await tabTo(page, "#client-submit");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, "none", "the focus is to be seen");
    await keyboard.press("Enter");
    const made = await created(page);
    await tabTo(page, `[data-copy='${made.secret}']`);
    await keyboard.press("Enter");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), made.secret);
    assert.equal((await token(made)).status, 200);
    await page.goto(`${issuer}/admin/clients?q=made+by+keyboard`);
    await tabTo(page, "#clients details.menu summary");
    await keyboard.press("Enter");
    for (let step = 0; step < 12; step += 1) {
      await keyboard.press("ArrowDown");
      if (await page.evaluate(() => document.activeElement.matches(".menu-danger"))) break;
    }
    await keyboard.press("Enter");
    await page.waitForSelector("dialog[open] #delete-confirm");
    await tabTo(page, "#delete-confirm");
    await keyboard.press("Space");
    await tabTo(page, "#delete-submit");
    await leaving(page, () => keyboard.press("Enter"));
    assert.equal((await token(made)).status, 401);
    assertQuiet(complaints);
  });

  await check("a pasted JWK is understood, and its private half gets a token; a private key is refused", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    await startForm(page, "web", "Signs with a key");
    await page.check("#grant-machine");
    await page.check("#consent-trusted");
    await page.uncheck("#auth-secret");
    await page.check("#auth-key");
    await page.check("[id='scope-user_default']");
    await page.fill("#publicKeysText", JSON.stringify(await exportJWK(privateKey)));
    await page.waitForSelector("#publicKeysText-check .wrong");
    assert.match(await page.innerText("#publicKeysText-check"), /private/i);
    await page.fill("#publicKeysText", JSON.stringify({ ...(await exportJWK(publicKey)), alg: "ES256", kid: "pasted-1" }));
    await page.waitForSelector("#publicKeysText-check .good");
    assert.match(await page.innerText("#publicKeysText-check"), /P-256|ES256/);
    await page.click("#client-submit");
    const made = await created(page);
    assert.equal(made.secret, undefined, "no secret was asked for");
    assert.equal((await tokenByKey(made.id, privateKey, "pasted-1")).status, 200);
    const stranger = await generateKeyPair("ES256");
    assert.equal((await tokenByKey(made.id, stranger.privateKey, "pasted-1")).status, 401);
    // A second one, as PEM.
    const second = await generateKeyPair("ES256", { extractable: true });
    await page.goto(`${issuer}/admin/clients/${made.id}/edit`);
    await page.fill("#publicKeysText", await exportSPKI(second.publicKey));
    await page.waitForSelector("#publicKeysText-check .good");
    await page.click("#client-submit");
    await page.waitForURL(/\/admin\/clients\/[0-9a-f]+(\?|$)/);
    assert.equal((await tokenByKey(made.id, await importJWK(await exportJWK(second.privateKey), "ES256"))).status, 200);
    assert.equal((await tokenByKey(made.id, privateKey, "pasted-1")).status, 200);
    assertQuiet(complaints);
  });

  await check("the tree of scopes: search, all or selected, parents include their parts, powerful ones warn", async () => {
    await startForm(page, "web", "Looks at scopes");
    const visible = () => page.locator("#scope-tree .scope-choice:visible").count();
    const all = await visible();
    await page.fill("#scope-search", "user_default");
    assert.ok((await visible()) < all);
    await page.fill("#scope-search", "no scope is called this");
    assert.equal(await visible(), 0);
    assert.ok(await page.isVisible("#scopes-none"));
    await page.fill("#scope-search", "");
    assert.ok(!(await page.isVisible("#powerful-warning")));
    await page.check("[id='scope-admin_classic']");
    assert.ok(await page.isVisible("#powerful-warning"));
    await page.check("[id='scope-openid']");
    assert.equal(await page.innerText("#scopes-count"), "2");
    await page.click("#scopes-selected");
    assert.equal(await visible(), 2);
    await page.click("#scopes-all");
    assert.equal(await visible(), all);
    const parent = await page.locator(".scope-choice[data-parent]").first().getAttribute("data-parent");
    await page.check(`[id='scope-${parent}']`);
    assert.ok((await page.locator(`.scope-choice.included[data-parent='${parent}']`).count()) > 0);
    assertQuiet(complaints);
  });

  const machine = await createMachine(page, "Changes its consent");

  await check("consent is changed to required, which stops a machine, and back", async () => {
    await choose(page, machine, "Change consent", "#consent-required", "#consent-save");
    assert.equal((await token(machine)).status, 400);
    await choose(page, machine, "Change consent", "#consent-trusted", "#consent-save");
    assert.equal((await token(machine)).status, 200);
    assertQuiet(complaints);
  });

  await check("a client is disabled with a reason, and enabled", async () => {
    await openMenu(page, machine, "Disable");
    await page.fill("dialog #disable-reason", "For a test");
    await leaving(page, () => page.click("dialog #disable-submit"));
    assert.equal((await token(machine)).status, 401);
    await openMenu(page, machine, "Enable");
    await leaving(page, () => page.click("dialog #enable-submit"));
    assert.equal((await token(machine)).status, 200);
    assertQuiet(complaints);
  });

  await check("a published client cannot be trusted any more, and says so", async () => {
    await openMenu(page, machine, "Publish");
    assert.match(await page.innerText("dialog #panel"), /undone/i);
    await leaving(page, () => page.click("dialog #publish-submit"));
    await openMenu(page, machine, "Change consent");
    assert.ok(await page.isDisabled("dialog #consent-trusted"));
    assert.match(await page.innerText("dialog #consent-trusted-hint strong"), /publish/i);
    assertQuiet(complaints);
  });

  await check("the configuration is copied, and discovery is where it says", async () => {
    await openMenu(page, machine, "configuration");
    const address = await page.locator("dialog code", { hasText: ".well-known" }).first().innerText();
    assert.equal((await (await fetch(address)).json()).issuer, issuer);
    assertQuiet(complaints);
  });

  await check("a session that ends in the middle of a form loses nothing", async () => {
    const { context, page: own } = await administrator(browser);
    await startForm(own, "web", "Typed before the session ended");
    await own.fill("#description", "with a second field");
    await own.check("#grant-machine");
    await own.check("#consent-trusted");
    await own.check("[id='scope-user_default']");
    const cookies = (await context.cookies()).filter(({ name }) => /session/.test(name));
    assert.ok(cookies.length > 0);
    for (const { name } of cookies) await context.clearCookies({ name });
    await own.click("#client-submit");
    await own.waitForSelector("#console-confirm");
    await own.fill("#username", ready.admin.email);
    await own.fill("#password", ready.admin.password);
    await leaving(own, () => own.click("#confirm-submit"));
    if (await own.locator("#continue-submit").count()) await own.click("#continue-submit");
    else {
      assert.equal(await own.inputValue("#clientName"), "Typed before the session ended");
      await own.click("#client-submit");
    }
    const made = await created(own);
    assert.equal((await token(made)).status, 200);
    await context.close();
  });

  await check("the administrator of another tenant sees and changes nothing here", async () => {
    const second = new URL(ready.second_tenant_url).origin;
    const { context, page: other } = await administrator(browser, {}, ready.admin, second);
    assert.equal((await other.goto(`${second}/admin/clients?q=from+the+console`)).status(), 200);
    assert.equal(await other.locator("#clients tbody tr").count(), 0);
    for (const path of ["", "/edit", "/secrets", "/rotate", "/consent"]) {
      const answer = await other.goto(`${second}/admin/clients/${ready.m2m.client_id}${path}`);
      assert.equal(answer.status(), 404, path);
    }
    // Its session is none at the first tenant's host.
    await other.goto(`${issuer}/admin/clients`);
    assert.ok(await other.locator("#login-submit").count());
    await context.close();
  });

  await check("a page that is not there leads back", async () => {
    const answer = await page.goto(`${issuer}/admin/nothing/here`);
    assert.equal(answer.status(), 404);
    await leaving(page, () => page.click("main a[href^='/']"));
    complaints.splice(0);
    assert.match(page.url(), /^http:\/\/localhost:\d+\/(admin)?/);
  });

  await stop();
});

/** Opens a dialog from the menu of the client's row. */
async function openMenu(page, { id }, text) {
  await page.goto(`${issuer}/admin/clients?q=${id}`);
  await page.click("#clients details.menu summary");
  await page.locator(".menu[open] .menu-sheet :is(a, button)", { hasText: text }).click();
  await page.waitForSelector("dialog[open] #panel-title");
}

async function choose(page, client, text, radio, save) {
  await openMenu(page, client, text);
  await page.check(`dialog ${radio}`);
  await leaving(page, () => page.click(`dialog ${save}`));
}
