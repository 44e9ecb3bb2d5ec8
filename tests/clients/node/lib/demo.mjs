// The running demo: its ready line, plain requests to it, and what its tokens must look like.
import { request } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { assert } from "./checks.mjs";

/** The demo's line of JSON, with `key_client` added by the test runner. */
export const ready = JSON.parse(process.env.COUNTERSIGN_READY);

/** The first tenant's issuer: an origin, without a path. */
export const issuer = new URL(ready.tenant_url).origin;

export const tokenEndpoint = `${issuer}/oauth/token`;

const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));

/** POSTs a JSON body or (as URLSearchParams) a form; gives status, headers and the parsed body. */
export async function post(url, body, headers = {}) {
  const form = body instanceof URLSearchParams;
  const response = await fetch(url, {
    method: "POST",
    headers: form ? headers : { "content-type": "application/json", ...headers },
    body: form ? body : JSON.stringify(body),
    redirect: "manual",
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** A request to this machine with another Host header: `*.localhost` does not resolve everywhere. */
export function ask(site, path, { method = "GET", headers = {}, body } = {}) {
  const url = new URL(path, site);
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port: url.port,
      path: url.pathname + url.search,
      method,
      headers: { host: url.host, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }), ...headers },
    };
    const sent = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    sent.on("error", reject).end(body);
  });
}

export function basic(id, secret) {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
}

/** An error body has RFC 6749's members and those of `errors[]`, and neither leaks nor is cached. */
export function assertError(answer, status, error) {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
  assert.match(answer.headers.get("cache-control") ?? "", /no-store/);
  assert.equal(answer.body.error, error);
  assert.match(answer.body.error_description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, "RFC 6749 charset");
  assert.equal(answer.body.errors.length, 1);
  const [first] = answer.body.errors;
  assert.match(first.code, /\S/);
  assert.match(first.title, /\S/);
  assert.equal(String(first.status), String(status));
  assert.match(answer.body.traceId, /^[0-9a-f]{32}$/);
}

/** A token answer carries what both worlds read. */
export function assertTokenAnswer(answer, scopes) {
  assert.equal(answer.token_type.toLowerCase(), "bearer");
  assert.equal(answer.expires_in, 21600);
  const left = Date.parse(answer.expires_at) - Date.now();
  assert.ok(Math.abs(left - 21_600_000) < 60_000, `expires_at ${answer.expires_at} is not six hours away`);
  assert.deepEqual(answer.scope.split(" ").sort(), [...scopes].sort());
}

/** Verifies an access token as a resource server would (RFC 9068) and gives its claims. */
export async function verifiedAccessToken(token, clientId) {
  const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer, typ: "at+jwt", algorithms: ["ES256"] });
  assert.ok(protectedHeader.kid, "kid");
  assert.ok([payload.aud].flat().includes(issuer), `aud ${payload.aud}`);
  assert.equal(payload.client_id, clientId);
  assert.equal(payload.exp - payload.iat, 21600);
  assert.ok(Math.abs(payload.iat - Date.now() / 1000) < 60, "iat");
  assert.match(payload.jti, /\S{16,}/);
  assert.match(payload.sub, /\S/);
  return payload;
}
