// npm install openid-client; run this on the page of your redirect URL.
import * as oauth from "openid-client";

// 1. Discovery tells the addresses.
const redirectUri = {{ self::string(v.redirect()) }};
const config = await oauth.discovery(
  new URL({{ self::string(v.issuer) }}),
  {{ self::string(v.client_id) }},
  undefined,
  oauth.None(),
{%- if v.is_plain() %}
  { execute: [oauth.allowInsecureRequests] }, // only because this issuer is http://
{%- endif %}
);

if (!new URLSearchParams(location.search).has("code")) {
  // 2. The browser goes to the sign-in page; state and PKCE tie the answer to this request.
  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  sessionStorage.setItem("sign-in", JSON.stringify({ verifier, state }));
  const address = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: {{ self::string(v.scope) }},
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  location.assign(address);
} else {
  // 3. It comes back with a code, which becomes tokens. Keep them in memory only.
  const { verifier, state } = JSON.parse(sessionStorage.getItem("sign-in"));
  sessionStorage.removeItem("sign-in");
  const tokens = await oauth.authorizationCodeGrant(config, new URL(location.href), {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
  history.replaceState(null, "", redirectUri);
{%- if v.has_openid() %}
  console.log(await oauth.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
{%- else %}
  console.log(tokens);
{%- endif %}
}
