// @qlik/api as it comes from the registry, as an administrator's tool: OAuth clients, users, groups, roles, tenants, API keys.
import { createQlikApi } from "@qlik/api";
import { assert, check, suite } from "./lib/checks.mjs";
import { issuer, post, ready, tokenEndpoint } from "./lib/demo.mjs";

/** More than two whole pages of the greatest size. */
const MANY = 250;
/** Clients of a tenant, and active API keys of a user, unless the operator or an administrator says otherwise. */
const MAX_CLIENTS = 200;
const KEYS_OF_A_USER = 5;
const noCache = { noCache: true };
const run = Date.now().toString(36);

function api(clientId = ready.m2m.client_id, clientSecret = ready.m2m.client_secret) {
  return createQlikApi({ hostConfig: { authType: "oauth2", host: ready.tenant_url, clientId, clientSecret, scope: "user_default admin_classic" } });
}

const { oauthClients, users, groups, roles, tenants, apiKeys } = api();

/** The error that a call throws; the package also logs it. */
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

/** Every item of a list, over the package's own paging, which follows `links.next.href`. */
async function everyPage(first) {
  const items = [];
  let page = first;
  let pages = 0;
  while (page) {
    items.push(...page.data.data);
    pages += 1;
    assert.ok(pages <= 20, "the pages do not end");
    page = page.next ? await page.next(noCache) : undefined;
  }
  return { items, pages };
}

/** Runs work for each number, eight at a time. */
async function each(count, work) {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const worker = async () => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) await work(number);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** A list of more than 250 is whole, in order and without repetition, forwards. */
function assertWhole({ items, pages }, names) {
  assert.ok(pages > 2, `${pages} pages`);
  assert.deepEqual(items.map((item) => item.name ?? item.description).sort(), [...names].sort());
  assert.equal(new Set(items.map((item) => item.id)).size, items.length, "an item is there twice");
}

await suite("management with @qlik/api", async () => {
  const draft = {
    appType: "web",
    clientName: `Nightly ${run}`,
    description: "Made by a test",
    allowedScopes: ["user_default", "admin_classic"],
    allowedGrantTypes: ["client_credentials"],
    connectionConfig: { consentMethod: "trusted" },
  };

  const made = await check("a machine client is made, and its secret is shown", async () => {
    const { status, data } = await oauthClients.createOAuthClient(draft);
    assert.equal(status, 201);
    assert.match(data.clientId, /^[0-9a-f]{32}$/);
    assert.match(data.clientSecret, /^[0-9a-f]{64}$/);
    assert.equal(data.clientName, draft.clientName);
    return data;
  });

  await check("it gets a token and reads who it is", async () => {
    const { status, data } = await api(made.clientId, made.clientSecret).users.getMyUser();
    assert.equal(status, 200);
    assert.equal(data.subject, made.clientId);
  });

  await check("it is read and found, without its secret", async () => {
    const { data } = await oauthClients.getOAuthClient(made.clientId, noCache);
    assert.equal(data.clientName, draft.clientName);
    assert.deepEqual([...data.allowedScopes].sort(), ["admin_classic", "user_default"]);
    const filter = `clientName eq "${draft.clientName}" and appType eq "web"`;
    const found = await oauthClients.getOAuthClients({ filter, totalResults: true, sort: "-createdAt" }, noCache);
    assert.equal(found.data.totalResults, 1);
    assert.equal(found.data.data[0].clientId, made.clientId);
    assert.ok(!JSON.stringify([data, found.data]).includes(made.clientSecret));
  });

  await check("a patch changes what it names and nothing else", async () => {
    const patch = [{ op: "replace", path: "/clientName", value: `Renamed ${run}` }, { op: "replace", path: "/description", value: "" }];
    assert.equal((await oauthClients.patchOAuthClient(made.clientId, patch)).status, 204);
    const { data } = await oauthClients.getOAuthClient(made.clientId, noCache);
    assert.equal(data.clientName, `Renamed ${run}`);
    assert.deepEqual(data.allowedGrantTypes, ["client_credentials"]);
  });

  await check("a patch with one bad operation changes nothing", async () => {
    const patch = [{ op: "replace", path: "/clientName", value: "Half" }, { op: "replace", path: "/appType", value: "spa" }];
    const problem = await refusal(() => oauthClients.patchOAuthClient(made.clientId, patch));
    assert.equal(problem.status, 400);
    assert.match(problem.data.errors[0].code, /^OAUTH-CLIENTS-\d+$/);
    assert.match(problem.data.errors[0].source.pointer, /^\/1/);
    assert.equal((await oauthClients.getOAuthClient(made.clientId, noCache)).data.clientName, `Renamed ${run}`);
  });

  await check("a second secret works beside the first, and goes", async () => {
    const second = await oauthClients.createOAuthClientSecret(made.clientId);
    assert.equal(second.status, 201);
    assert.equal(second.data.clientId, made.clientId);
    // The package keeps tokens by client and scope, whatever the secret: ask by hand.
    const credentials = { client_id: made.clientId, client_secret: second.data.clientSecret };
    assert.equal((await post(tokenEndpoint, { ...credentials, grant_type: "client_credentials" })).status, 200);
    const { data } = await oauthClients.getOAuthClient(made.clientId, noCache);
    assert.equal(data.clientSecrets.length, 2);
    const removed = await oauthClients.deleteOAuthClientSecret(made.clientId, second.data.hint);
    assert.equal(removed.status, 204);
  });

  await check("the last secret stays, with an explanation", async () => {
    const { data } = await oauthClients.getOAuthClient(made.clientId, noCache);
    const problem = await refusal(() => oauthClients.deleteOAuthClientSecret(made.clientId, data.clientSecrets[0].hint));
    assert.equal(problem.status, 409);
    assert.match(problem.data.errors[0].detail, /secret/);
  });

  await check("consent is made required, and trusted again", async () => {
    for (const value of ["required", "trusted"]) {
      const patch = [{ op: "replace", path: "/consentMethod", value }];
      assert.equal((await oauthClients.patchOAuthClientConnectionConfig(made.clientId, patch)).status, 204);
      const { data } = await oauthClients.getOAuthClientConnectionConfig(made.clientId, noCache);
      assert.equal(data.consentMethod, value);
    }
  });

  await check("publishing makes consent required", async () => {
    const { status, data } = await oauthClients.publishOAuthClient(made.clientId);
    assert.equal(status, 201);
    assert.ok(Math.abs(Date.parse(data.publishedAt) - Date.now()) < 60_000);
    const config = await oauthClients.getOAuthClientConnectionConfig(made.clientId, noCache);
    assert.equal(config.data.consentMethod, "required");
    const trusted = [{ op: "replace", path: "/consentMethod", value: "trusted" }];
    await refusal(() => oauthClients.patchOAuthClientConnectionConfig(made.clientId, trusted));
  });

  await check("it is deleted, and gone", async () => {
    assert.equal((await oauthClients.deleteOAuthClient(made.clientId)).status, 204);
    const problem = await refusal(() => oauthClients.getOAuthClient(made.clientId, noCache));
    assert.equal(problem.status, 404);
  });

  await check("nearly as many clients as a tenant may have are listed over small pages", async () => {
    const before = (await oauthClients.getOAuthClients({ limit: 1, totalResults: true }, noCache)).data.totalResults;
    const count = MAX_CLIENTS - 5 - before;
    assert.ok(count > 150, `there are ${before} already`);
    const ids = [];
    await each(count, async (number) => {
      const { data } = await oauthClients.createOAuthClient({ appType: "native", clientName: `Page ${run} ${number}` });
      ids.push(data.clientId);
    });
    const first = await oauthClients.getOAuthClients({ filter: `clientName sw "Page ${run} "`, limit: 10, sort: "+clientName" }, noCache);
    const { items, pages } = await everyPage(first);
    assert.equal(pages, Math.ceil(count / 10));
    assert.deepEqual(items.map((item) => item.clientId).sort(), ids.sort());
    await each(ids.length, (number) => oauthClients.deleteOAuthClient(ids[number]));
  });

  await check(`${MANY} users are made, listed over pages and counted`, async () => {
    const names = Array.from({ length: MANY }, (_, number) => `User ${run} ${number}`);
    const before = (await users.countUsersWithoutQuery(noCache)).data.total;
    await each(MANY, async (number) => {
      const { status } = await users.createUser({ subject: `idp|${run}|${number}`, name: names[number] });
      assert.equal(status, 201);
    });
    const first = await users.getUsers({ filter: `name co "User ${run} "`, limit: 100, sort: "+name", totalResults: true }, noCache);
    assert.equal(first.data.totalResults, MANY);
    assertWhole(await everyPage(first), names);
    assert.equal((await users.countUsersWithoutQuery(noCache)).data.total, before + MANY);
  });

  const role = await check("a role is made, and given to a user", async () => {
    const { status, data } = await roles.createRole({ name: `Readers ${run}`, description: "May read", assignedScopes: ["admin.users:read"] });
    assert.equal(status, 201);
    const found = await users.filterUsers({}, { filter: `name eq "User ${run} 1"` });
    const [user] = found.data.data;
    const patch = [{ op: "replace", path: "/assignedRoles", value: [{ id: data.id }] }];
    assert.equal((await users.patchUser(user.id, patch)).status, 204);
    const read = await users.getUser(user.id, {}, noCache);
    assert.deepEqual(read.data.assignedRoles.map((one) => one.name), [`Readers ${run}`]);
    return data;
  });

  await check("a user is disabled, and deleted", async () => {
    const found = await users.getUsers({ filter: `subject eq "idp|${run}|2"` }, noCache);
    const [user] = found.data.data;
    assert.equal((await users.patchUser(user.id, [{ op: "replace", path: "/status", value: "disabled" }])).status, 204);
    assert.equal((await users.getUser(user.id, {}, noCache)).data.status, "disabled");
    assert.equal((await users.deleteUser(user.id)).status, 204);
    assert.equal((await refusal(() => users.getUser(user.id, {}, noCache))).status, 404);
  });

  await check("people are invited, each with an outcome", async () => {
    const invitees = [{ email: `new-${run}@demo.example` }, { email: ready.user.email }];
    const { status, data } = await users.inviteUsers({ invitees });
    assert.equal(status, 207);
    assert.deepEqual(data.data.map((one) => one.status), ["ok", "error"]);
  });

  await check(`${MANY} groups are made and listed over pages; one is changed and deleted`, async () => {
    const names = Array.from({ length: MANY }, (_, number) => `Group ${run} ${number}`);
    await each(MANY, (number) => groups.createGroup({ name: names[number], providerType: "custom", status: "active" }));
    const first = await groups.getGroups({ filter: `name co "Group ${run} "`, limit: 100, sort: "+name" }, noCache);
    const { items, pages } = await everyPage(first);
    assertWhole({ items, pages }, names);
    const [group] = items;
    const patch = [{ op: "replace", path: "assignedRoles", value: [{ id: role.id }] }];
    assert.equal((await groups.patchGroup(group.id, patch)).status, 204);
    assert.equal((await groups.getGroup(group.id, noCache)).data.assignedRoles[0].name, `Readers ${run}`);
    assert.equal((await groups.deleteGroup(group.id)).status, 204);
    assert.equal((await refusal(() => groups.getGroup(group.id, noCache))).status, 404);
  });

  await check("the settings of groups", async () => {
    const { data } = await groups.getGroupsSettings(noCache);
    assert.equal(typeof data.autoCreateGroups, "boolean");
    const patch = [{ op: "replace", path: "/autoCreateGroups", value: !data.autoCreateGroups }];
    assert.equal((await groups.patchGroupsSettings(patch)).status, 204);
    assert.equal((await groups.getGroupsSettings(noCache)).data.autoCreateGroups, !data.autoCreateGroups);
  });

  await check(`${MANY} roles are made and listed over pages; one is changed, and all go`, async () => {
    const names = Array.from({ length: MANY }, (_, number) => `Role ${run} ${number}`);
    await each(MANY, (number) => roles.createRole({ name: names[number], assignedScopes: [] }));
    const first = await roles.getRoles({ filter: `name sw "Role ${run} "`, limit: 100, sort: "+name" }, noCache);
    const { items, pages } = await everyPage(first);
    assertWhole({ items, pages }, names);
    const patch = [{ op: "replace", path: "/description", value: "Changed" }];
    assert.equal((await roles.patchRole(items[0].id, patch)).status, 204);
    assert.equal((await roles.getRole(items[0].id, noCache)).data.description, "Changed");
    await each(items.length, (number) => roles.deleteRole(items[number].id));
  });

  await check("the tenant is renamed, and back", async () => {
    const { data: tenant } = await tenants.getMyTenant(noCache);
    for (const value of [`Tenant ${run}`, tenant.name]) {
      assert.equal((await tenants.patchTenant(tenant.id, [{ op: "replace", path: "/name", value }])).status, 204);
      assert.equal((await tenants.getTenant(tenant.id, noCache)).data.name, value);
    }
  });

  await check(`${MANY} API keys of several users are listed over pages; one is revoked`, async () => {
    const found = await users.getUsers({ filter: `name co "User ${run} "`, limit: MANY / KEYS_OF_A_USER, sort: "+name" }, noCache);
    const owners = found.data.data.map((user) => user.id);
    assert.equal(owners.length, MANY / KEYS_OF_A_USER);
    const names = Array.from({ length: MANY }, (_, number) => `Many ${run} ${number}`);
    await each(MANY, async (number) => {
      const sub = owners[number % owners.length];
      const { status, data } = await apiKeys.createApiKey({ description: names[number], sub, expiry: "PT1H" });
      assert.equal(status, 201);
      assert.equal(data.sub, sub);
    });
    const one = await refusal(() => apiKeys.createApiKey({ description: "One too many", sub: owners[0] }));
    assert.equal(one.status, 409);
    const { items, pages } = await everyPage(await apiKeys.getApiKeys({ limit: 100, sort: "+created" }, noCache));
    const mine = items.filter((key) => key.description.startsWith(`Many ${run} `));
    assertWhole({ items: mine, pages }, names);
    assert.equal((await apiKeys.deleteApiKey(mine[0].id)).status, 204);
    assert.equal((await apiKeys.getApiKey(mine[0].id, noCache)).data.status, "revoked");
  });

  await check("an API key is shown once, works on its own, and ends", async () => {
    const { data: me } = await users.getMyUser(noCache);
    const { status, data: key } = await apiKeys.createApiKey({ description: `Key ${run}`, expiry: "P1D" });
    assert.equal(status, 201);
    assert.match(key.token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const whoami = () => fetch(`${issuer}/api/v1/users/${me.id}`, { headers: { authorization: `Bearer ${key.token}` } });
    assert.equal((await whoami()).status, 200);
    assert.equal((await apiKeys.getApiKey(key.id, noCache)).data.token, undefined);
    assert.equal((await apiKeys.patchApiKey(key.id, [{ op: "replace", path: "/description", value: `Renamed ${run}` }])).status, 204);
    assert.equal((await apiKeys.deleteApiKey(key.id)).status, 204);
    assert.equal((await whoami()).status, 401);
  });
});
