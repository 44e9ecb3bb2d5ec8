// @qlik/api as it comes from the registry: machine-to-machine, impersonation, users and tenants.
import { createQlikApi } from "@qlik/api";
import { assert, check, suite } from "./lib/checks.mjs";
import { ask, assertError, assertTokenAnswer, basic, issuer, post, ready, tokenEndpoint, verifiedAccessToken } from "./lib/demo.mjs";

const { m2m, user } = ready;
const credentials = { client_id: m2m.client_id, client_secret: m2m.client_secret };
const impersonation = "urn:qlik:oauth:user-impersonation";

/** A client of the package; a second call with other options has its own token. */
function api(options = {}) {
  return createQlikApi({
    hostConfig: { authType: "oauth2", host: ready.tenant_url, clientId: m2m.client_id, clientSecret: m2m.client_secret, ...options },
  });
}

/** The package logs what it thinks of an error; the checks read the error itself. */
async function refusal(work) {
  const { error } = console;
  console.error = () => {};
  try {
    await work();
  } catch (problem) {
    return problem;
  } finally {
    console.error = error;
  }
  throw new assert.AssertionError({ message: "this was expected to fail" });
}

await suite("@qlik/api", async () => {
  const bot = await check("a machine client reads who it is", async () => {
    const { status, data } = await api().users.getMyUser();
    assert.equal(status, 200);
    assert.match(data.id, /\S/);
    assert.match(data.subject, /\S/);
    assert.match(data.name, /\S/);
    assert.match(data.tenantId, /\S/);
    assert.notEqual(data.id, user.id);
    return data;
  });

  await check("the bot user is the same at the next sign-in", async () => {
    const { data } = await api({ scope: "admin_classic" }).users.getMyUser();
    assert.equal(data.id, bot.id);
    assert.equal(data.subject, bot.subject);
  });

  await check("the tenant that it belongs to", async () => {
    const { status, data } = await api().tenants.getMyTenant();
    assert.equal(status, 200);
    assert.equal(data.id, bot.tenantId);
    assert.ok(data.hostnames.includes("localhost"), JSON.stringify(data.hostnames));
    assert.equal(data.status, "active");
  });

  for (const [field, value] of [["subject", user.subject], ["userId", user.id]]) {
    await check(`acting for a user found by ${field}`, async () => {
      const { status, data } = await api({ [field]: value }).users.getMyUser();
      assert.equal(status, 200);
      assert.equal(data.id, user.id);
      assert.equal(data.subject, user.subject);
      assert.equal(data.email, user.email);
      assert.equal(data.tenantId, bot.tenantId);
    });
  }

  await check("a wrong secret is refused with a reason", async () => {
    // The package keeps tokens by client and scope, whatever the secret: ask for what it has not yet.
    const wrong = { clientSecret: "0".repeat(64), scope: "user_default admin_classic" };
    const error = await refusal(() => api(wrong).users.getMyUser());
    assert.ok(Array.isArray(error.errors), `not an AuthorizationError: ${error}`);
    assert.match(error.errors[0].code, /\S/);
    assert.equal(String(error.errors[0].status), "401");
  });

  await check("an unknown subject is refused with a reason", async () => {
    const error = await refusal(() => api({ subject: "nobody-has-this-subject" }).users.getMyUser());
    assert.ok(Array.isArray(error.errors), `not an AuthorizationError: ${error}`);
    assert.match(error.errors[0].code, /\S/);
  });

  // The same requests on the wire, where the answers can be read to the last member.
  const token = await check("JSON with the credentials in the body, as the package sends it", async () => {
    const answer = await post(tokenEndpoint, { ...credentials, scope: "user_default", grant_type: "client_credentials" });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.match(answer.headers.get("cache-control"), /no-store/);
    assertTokenAnswer(answer.body, ["user_default"]);
    assert.equal(answer.body.refresh_token, undefined);
    const claims = await verifiedAccessToken(answer.body.access_token, m2m.client_id);
    assert.equal(claims.scope, "user_default");
    return answer.body.access_token;
  });

  await check("JSON with Basic credentials and no client_id, as qlik-sdk sends it", async () => {
    const body = { grant_type: "client_credentials", scope: "offline_access user_default" };
    const answer = await post(tokenEndpoint, body, basic(m2m.client_id, m2m.client_secret));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.ok(answer.body.scope.split(" ").includes("user_default"));
  });

  await check("an empty scope means all that the client may have", async () => {
    const answer = await post(tokenEndpoint, { ...credentials, grant_type: "client_credentials" });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assertTokenAnswer(answer.body, ["admin_classic", "user_default"]);
  });

  await check("impersonation gives a token of the user", async () => {
    const lookup = { user_lookup: { field: "subject", value: user.subject } };
    const answer = await post(tokenEndpoint, { ...credentials, ...lookup, scope: "user_default", grant_type: impersonation });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assertTokenAnswer(answer.body, ["user_default"]);
    const claims = await verifiedAccessToken(answer.body.access_token, m2m.client_id);
    assert.equal(claims.sub, user.subject);
  });

  await check("/users/me is a 301 and /tenants/me a 302, on the same origin", async () => {
    const headers = { authorization: `Bearer ${token}` };
    for (const [path, status, start] of [["/api/v1/users/me", 301, "/api/v1/users/"], ["/api/v1/tenants/me", 302, "/api/v1/tenants/"]]) {
      const answer = await fetch(issuer + path, { headers, redirect: "manual" });
      assert.equal(answer.status, status, path);
      const place = new URL(answer.headers.get("location"), issuer);
      assert.equal(place.origin, issuer);
      assert.ok(place.pathname.startsWith(start), place.pathname);
    }
  });

  await check("product-info.json needs no token and names the platform", async () => {
    const answer = await fetch(`${issuer}/resources/autogenerated/product-info.json`);
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).composition.deploymentType, "qlikcloudservices");
  });

  await check("wrong secret: 401, both error shapes", async () => {
    const wrong = { ...credentials, client_secret: "0".repeat(64), grant_type: "client_credentials" };
    assertError(await post(tokenEndpoint, wrong), 401, "invalid_client");
  });

  await check("unknown client: 401, both error shapes", async () => {
    const unknown = { client_id: "0".repeat(32), client_secret: "0".repeat(64), grant_type: "client_credentials" };
    assertError(await post(tokenEndpoint, unknown), 401, "invalid_client");
  });

  await check("a scope beyond the client's: refused with both error shapes", async () => {
    assertError(await post(tokenEndpoint, { ...credentials, scope: "no.such.scope", grant_type: "client_credentials" }), 400, "invalid_scope");
  });

  await check("an unknown grant type: refused with both error shapes", async () => {
    assertError(await post(tokenEndpoint, { ...credentials, grant_type: "password" }), 400, "unsupported_grant_type");
  });

  await check("the API refuses no token, a broken one and a changed one", async () => {
    const path = `${issuer}/api/v1/users/${user.id}`;
    const [head, body, signature] = token.split(".");
    const changed = [head, body, signature.startsWith("A") ? `B${signature.slice(1)}` : `A${signature.slice(1)}`].join(".");
    for (const headers of [{}, { authorization: "Bearer x.y.z" }, { authorization: `Bearer ${changed}` }]) {
      const answer = await fetch(path, { headers });
      assert.equal(answer.status, 401);
      assert.match((await answer.json()).errors[0].code, /\S/);
    }
  });

  await check("the other tenant refuses this tenant's token and credentials", async () => {
    const second = ready.second_tenant_url;
    const read = await ask(second, `/api/v1/users/${bot.id}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(read.status, 401, read.text);
    const body = JSON.stringify({ ...credentials, grant_type: "client_credentials" });
    const asked = await ask(second, "/oauth/token", { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.equal(asked.status, 401, asked.text);
    assert.equal(JSON.parse(asked.text).error, "invalid_client");
  });

  await check("an unknown host is a 404", async () => {
    const answer = await ask(`http://nobody.eu.localhost:${new URL(issuer).port}`, "/.well-known/openid-configuration");
    assert.equal(answer.status, 404);
  });
});
