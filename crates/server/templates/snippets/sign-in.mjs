// sign-in.mjs: npm install openid-client, then node sign-in.mjs
import { createInterface } from "node:readline/promises";
import * as oauth from "openid-client";

// 1. Discovery tells the addresses.
const redirectUri = {{ self::string(v.redirect()) }};
const config = await oauth.discovery(
  new URL({{ self::string(v.issuer) }}),
  {{ self::string(v.client_id) }},
  {% if v.secret.is_some() %}{{ self::string(v.secret()) }}{% else %}undefined{% endif %},
  {% if v.secret.is_some() %}undefined{% else %}oauth.None(){% endif %},
{%- if v.is_plain() %}
  { execute: [oauth.allowInsecureRequests] }, // only because this issuer is http://
{%- endif %}
);

// 2. The browser goes to the sign-in page; state and PKCE tie the answer to this request.
const verifier = oauth.randomPKCECodeVerifier();
const state = oauth.randomState();
const address = oauth.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope: {{ self::string(v.scope) }},
  state,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
});
console.log(`Open this address and sign in:\n${address}`);

// 3. It comes back with a code. Your app reads it from the request to its redirect URL.
const ask = createInterface({ input: process.stdin, output: process.stdout });
const callback = new URL(await ask.question("Paste the address where the browser ends:\n"));
ask.close();

// 4. The code becomes tokens.
const tokens = await oauth.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state });
{%- if v.has_openid() %}
console.log(await oauth.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
{%- else %}
console.log(tokens);
{%- endif %}
