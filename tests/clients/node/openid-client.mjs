// openid-client 6 as it comes from the registry, with a person at a real browser.
import { importJWK, generateKeyPair, decodeProtectedHeader } from "jose";
import * as client from "openid-client";
import { authorize, atApp, newVisitor, signIn, startBrowser } from "./lib/browser.mjs";
import { assert, check, suite } from "./lib/checks.mjs";
import { assertError, assertTokenAnswer, basic, issuer, post, ready, tokenEndpoint, verifiedAccessToken } from "./lib/demo.mjs";

const { admin, web, spa, native, user, key_client: keyClient } = ready;
const everyClaim = "openid profile email address phone";

function discover(clientId, auth) {
  return client.discovery(new URL(issuer), clientId, undefined, auth, { execute: [client.allowInsecureRequests] });
}

/** An authorization request with fresh PKCE, state and nonce, and the checks that belong to its answer. */
async function newRequest(config, redirectUri, parameters) {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  });
  return { url, checks };
}

/** The whole flow: request, pages, callback, exchange. */
async function flow(page, config, redirectUri, parameters) {
  const { url, checks } = await newRequest(config, redirectUri, parameters);
  const { callback, shown } = await authorize(page, url);
  const tokens = await client.authorizationCodeGrant(config, callback, checks);
  return { callback, checks, shown, tokens, claims: tokens.claims() };
}

/** An error that the authorization endpoint sends back to the application. */
async function redirectedError(page, config, redirectUri, parameters, act = async () => {}) {
  const { url, checks } = await newRequest(config, redirectUri, parameters);
  await page.goto(String(url));
  await act();
  assert.ok(atApp(page), `still at ${page.url()}`);
  const answer = new URL(page.url()).searchParams;
  assert.equal(answer.get("state"), checks.expectedState);
  assert.equal(answer.get("iss"), issuer);
  assert.equal(answer.get("code"), null);
  return answer;
}

function assertIdToken(claims, clientId) {
  assert.equal(claims.iss, issuer);
  assert.ok([claims.aud].flat().includes(clientId));
  assert.equal(claims.sub, user.subject);
  assert.ok(claims.exp > claims.iat && Math.abs(claims.iat - Date.now() / 1000) < 60);
}

async function rejected(work, error, status = 400) {
  await assert.rejects(work, (problem) => {
    assert.equal(problem.error, error, problem);
    assert.equal(problem.status, status);
    return true;
  });
}

const { browser, stop } = await startBrowser();

await suite("openid-client", async () => {
  const config = await check("discovery of the tenant", async () => {
    const found = await discover(web.client_id, client.ClientSecretBasic(web.client_secret));
    const metadata = found.serverMetadata();
    assert.equal(metadata.issuer, issuer);
    for (const [name, value] of Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name))) {
      assert.equal(new URL(value).origin, issuer, name);
    }
    assert.deepEqual(metadata.code_challenge_methods_supported, ["S256"]);
    assert.ok(metadata.id_token_signing_alg_values_supported.includes("RS256"));
    assert.ok(metadata.scopes_supported.includes("openid"));
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    for (const grant of ["authorization_code", "client_credentials", "refresh_token"]) {
      assert.ok(metadata.grant_types_supported.includes(grant), grant);
    }
    return found;
  });

  const { context, complaints, page } = await newVisitor(browser);
  const scope = `${everyClaim} offline_access`;

  await check("prompt=none before the sign-in: login_required", async () => {
    const answer = await redirectedError(page, config, web.redirect_uri, { scope: "openid", prompt: "none" });
    assert.equal(answer.get("error"), "login_required");
  });

  await check("a wrong password and an unknown account give the same page", async () => {
    const { url } = await newRequest(config, web.redirect_uri, { scope: "openid" });
    const texts = [];
    for (const email of [user.email, "nobody@example.com"]) {
      await page.goto(String(url));
      await signIn(page, { email, password: "not the password" });
      assert.ok(!atApp(page));
      assert.equal(await page.locator("#login-submit").count(), 1);
      texts.push(await page.locator("body").innerText());
    }
    assert.equal(texts[0], texts[1]);
  });

  const first = await check("web client: sign-in, consent, callback, exchange", async () => {
    const done = await flow(page, config, web.redirect_uri, { scope });
    assert.deepEqual(done.shown, ["sign-in", "consent"]);
    assert.equal(done.callback.searchParams.get("iss"), issuer);
    assertIdToken(done.claims, web.client_id);
    assertTokenAnswer(done.tokens, scope.split(" "));
    const header = decodeProtectedHeader(done.tokens.id_token);
    assert.equal(header.alg, "RS256");
    assert.ok(header.kid);
    const claims = await verifiedAccessToken(done.tokens.access_token, web.client_id);
    assert.equal(claims.sub, done.claims.sub);
    assert.ok(done.tokens.refresh_token);
    return done;
  });

  await check("userinfo has every standard claim of the scopes", async () => {
    const info = await client.fetchUserInfo(config, first.tokens.access_token, first.claims.sub);
    assert.equal(info.email, user.email);
    const claims = `name family_name given_name middle_name nickname preferred_username profile picture website gender
      birthdate zoneinfo locale updated_at email email_verified address phone_number phone_number_verified`;
    for (const name of claims.split(/\s+/)) {
      assert.notEqual(info[name], undefined, name);
    }
    assert.equal(typeof info.updated_at, "number");
    assert.equal(typeof info.address, "object");
  });

  await check("consent is remembered: prompt=none, same person, same sign-in", async () => {
    const again = await flow(page, config, web.redirect_uri, { scope: everyClaim, prompt: "none", max_age: "10000" });
    assert.deepEqual(again.shown, []);
    assert.equal(again.claims.sub, first.claims.sub);
    assert.equal(typeof again.claims.auth_time, "number");
    assert.equal(again.tokens.refresh_token, undefined, "only offline_access gives a refresh token");
  });

  await check("prompt=login asks for the password again", async () => {
    const again = await flow(page, config, web.redirect_uri, { scope: "openid", prompt: "login" });
    assert.deepEqual(again.shown, ["sign-in"]);
    assert.equal(again.claims.sub, first.claims.sub);
  });

  const refreshed = await check("refresh rotates the token and keeps the person", async () => {
    const tokens = await client.refreshTokenGrant(config, first.tokens.refresh_token);
    assertTokenAnswer(tokens, scope.split(" "));
    assert.ok(tokens.refresh_token);
    assert.notEqual(tokens.refresh_token, first.tokens.refresh_token);
    assert.notEqual(tokens.access_token, first.tokens.access_token);
    assert.equal(tokens.claims().sub, first.claims.sub);
    assert.equal(tokens.claims().auth_time, first.claims.auth_time);
    return tokens;
  });

  await check("a refresh may ask for less", async () => {
    const tokens = await client.refreshTokenGrant(config, refreshed.refresh_token, { scope: "openid email" });
    assert.deepEqual(tokens.scope.split(" ").sort(), ["email", "openid"]);
    refreshed.refresh_token = tokens.refresh_token;
  });

  await check("introspection of a live token", async () => {
    const answer = await client.tokenIntrospection(config, refreshed.access_token);
    assert.equal(answer.active, true);
    assert.equal(answer.client_id, web.client_id);
    assert.equal(answer.sub, first.claims.sub);
    assert.equal(answer.iss, issuer);
    assert.deepEqual(answer.scope.split(" ").sort(), scope.split(" ").sort());
    assert.ok(answer.exp > Date.now() / 1000);
    assert.deepEqual(await client.tokenIntrospection(config, "no such token"), { active: false });
  });

  await check("revocation of the refresh token ends the family", async () => {
    await client.tokenRevocation(config, refreshed.refresh_token);
    assert.deepEqual(await client.tokenIntrospection(config, refreshed.refresh_token), { active: false });
    await rejected(() => client.refreshTokenGrant(config, refreshed.refresh_token), "invalid_grant");
  });

  await check("revocation of an access token: introspection and userinfo refuse it", async () => {
    const { tokens } = await flow(page, config, web.redirect_uri, { scope: "openid" });
    await client.tokenRevocation(config, tokens.access_token);
    assert.deepEqual(await client.tokenIntrospection(config, tokens.access_token), { active: false });
    const answer = await fetch(config.serverMetadata().userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get("www-authenticate"), /^Bearer.*error="invalid_token"/);
  });

  await check("a code works once; its replay takes back what it gave", async () => {
    const { callback, checks, tokens } = await flow(page, config, web.redirect_uri, { scope: "openid offline_access" });
    await rejected(() => client.authorizationCodeGrant(config, callback, checks), "invalid_grant");
    await rejected(() => client.refreshTokenGrant(config, tokens.refresh_token), "invalid_grant");
  });

  await check("a code with another verifier is refused", async () => {
    const { url, checks } = await newRequest(config, web.redirect_uri, { scope: "openid" });
    const { callback } = await authorize(page, url);
    checks.pkceCodeVerifier = client.randomPKCECodeVerifier();
    await rejected(() => client.authorizationCodeGrant(config, callback, checks), "invalid_grant");
  });

  await check("a wrong secret: 401, both error shapes", async () => {
    const form = new URLSearchParams({ grant_type: "refresh_token", refresh_token: "x" });
    const answer = await post(tokenEndpoint, form, basic(web.client_id, "0".repeat(64)));
    assertError(answer, 401, "invalid_client");
    assert.match(answer.headers.get("www-authenticate"), /^Basic/);
  });

  await check("web client with the secret in the body", async () => {
    const other = await discover(web.client_id, client.ClientSecretPost(web.client_secret));
    const { tokens } = await flow(page, other, web.redirect_uri, { scope: "openid" });
    assert.equal((await verifiedAccessToken(tokens.access_token, web.client_id)).sub, first.claims.sub);
  });

  await check("a redirect URI that is off by a little shows an error page", async () => {
    for (const wrong of [`${web.redirect_uri}/`, `${web.redirect_uri}?x=1`, web.redirect_uri.replace("3000", "3001")]) {
      const { url } = await newRequest(config, wrong, { scope: "openid" });
      const answer = await page.goto(String(url));
      assert.equal(answer.status(), 400);
      assert.equal(new URL(page.url()).origin, issuer, "it was redirected");
      assert.equal(await page.locator("#oauth-error").count(), 1);
    }
  });

  await check("single-page client: PKCE and no secret", async () => {
    const config = await discover(spa.client_id, client.None());
    const { tokens, claims } = await flow(page, config, spa.redirect_uri, { scope: "openid email" });
    assertIdToken(claims, spa.client_id);
    await verifiedAccessToken(tokens.access_token, spa.client_id);
    assert.equal(tokens.refresh_token, undefined);
  });

  await check("single-page client without PKCE is refused", async () => {
    const config = await discover(spa.client_id, client.None());
    const without = { scope: "openid", code_challenge: "", code_challenge_method: "" };
    const { url, checks } = await newRequest(config, spa.redirect_uri, without);
    url.searchParams.delete("code_challenge");
    url.searchParams.delete("code_challenge_method");
    await page.goto(String(url));
    const answer = new URL(page.url()).searchParams;
    assert.equal(answer.get("error"), "invalid_request");
    assert.equal(answer.get("state"), checks.expectedState);
  });

  await check("native client: PKCE, no secret, refresh", async () => {
    const config = await discover(native.client_id, client.None());
    const { tokens, claims } = await flow(page, config, native.redirect_uri, { scope: "openid offline_access" });
    assertIdToken(claims, native.client_id);
    const next = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal((await verifiedAccessToken(next.access_token, native.client_id)).sub, claims.sub);
    // Another client may not use it.
    const other = await discover(spa.client_id, client.None());
    await rejected(() => client.refreshTokenGrant(other, next.refresh_token), "invalid_grant");
  });

  const byKey = await check("private_key_jwt: client_credentials", async () => {
    const key = { key: await importJWK(keyClient.private_jwk, "ES256"), kid: keyClient.private_jwk.kid };
    const config = await discover(keyClient.client_id, client.PrivateKeyJwt(key));
    const tokens = await client.clientCredentialsGrant(config, { scope: "user_default" });
    assertTokenAnswer(tokens, ["user_default"]);
    await verifiedAccessToken(tokens.access_token, keyClient.client_id);
    return config;
  });

  await check("private_key_jwt: code and refresh; a trusted client asks for no consent", async () => {
    const { tokens, claims, shown } = await flow(page, byKey, keyClient.redirect_uri, { scope: "openid offline_access" });
    assert.deepEqual(shown, []);
    assertIdToken(claims, keyClient.client_id);
    assert.ok((await client.refreshTokenGrant(byKey, tokens.refresh_token)).access_token);
  });

  await check("private_key_jwt: another key is refused", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    const config = await discover(keyClient.client_id, client.PrivateKeyJwt({ key: privateKey, kid: keyClient.private_jwk.kid }));
    await rejected(() => client.clientCredentialsGrant(config), "invalid_client", 401);
  });

  await check("form_post brings the code in a form", async () => {
    const { url, checks } = await newRequest(config, web.redirect_uri, { scope: "openid", response_mode: "form_post" });
    const arrived = page.waitForRequest((request) => request.method() === "POST" && request.url() === web.redirect_uri);
    await page.goto(String(url));
    const button = page.locator("button[type=submit], input[type=submit]");
    if (!atApp(page) && (await button.count())) {
      // The page may go on by itself meanwhile.
      await button.first().click().catch(() => {});
    }
    const form = new URLSearchParams((await arrived).postData());
    assert.equal(form.get("state"), checks.expectedState);
    const callback = new URL(`${web.redirect_uri}?${form}`);
    assert.equal((await client.authorizationCodeGrant(config, callback, checks)).claims().sub, first.claims.sub);
  });

  await check("a person who declines: access_denied", async () => {
    const stranger = await newVisitor(browser);
    const asked = { scope: "openid", prompt: "consent" };
    const answer = await redirectedError(stranger.page, config, web.redirect_uri, asked, async () => {
      // Another person: sign-ins of one account are throttled.
      await signIn(stranger.page, admin);
      await stranger.page.click("#consent-deny");
      await stranger.page.waitForURL(/localhost:3000/);
    });
    assert.equal(answer.get("error"), "access_denied");
    assert.deepEqual(stranger.complaints, []);
    await stranger.context.close();
  });

  await check("the whole flow without JavaScript", async () => {
    const plain = await newVisitor(browser, { javaScriptEnabled: false });
    const { shown, claims } = await flow(plain.page, config, web.redirect_uri, { scope: "openid" });
    assert.deepEqual(shown, ["sign-in"]);
    assert.equal(claims.sub, first.claims.sub);
    await plain.context.close();
  });

  await check("sign-out asked for by the application: back to it, with its state, and signed out", async () => {
    const { tokens } = await flow(page, config, web.redirect_uri, { scope: "openid" });
    const back = { post_logout_redirect_uri: web.redirect_uri, state: "bye & so on" };
    await page.goto(String(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, ...back })));
    if (await page.locator("#logout-confirm").count()) {
      await page.click("#logout-confirm");
      await page.waitForLoadState();
    }
    assert.ok(atApp(page), `still at ${page.url()}`);
    assert.deepEqual([...new URL(page.url()).searchParams], [["state", back.state]]);
    const answer = await redirectedError(page, config, web.redirect_uri, { scope: "openid", prompt: "none" });
    assert.equal(answer.get("error"), "login_required");
  });

  await check("sign-out to a URI that is not registered does not go there", async () => {
    const url = client.buildEndSessionUrl(config, { id_token_hint: first.tokens.id_token, post_logout_redirect_uri: `${web.redirect_uri}/x` });
    await page.goto(String(url));
    assert.equal(new URL(page.url()).origin, issuer);
  });

  await check("no console error, no CSP violation on the way", () => assert.deepEqual(complaints, []));
  await context.close();
  await stop();
});
