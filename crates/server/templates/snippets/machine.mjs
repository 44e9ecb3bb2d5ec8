// token.mjs: node token.mjs (Node 20 or later; nothing to install)
const issuer = {{ self::string(v.issuer) }};
const clientId = {{ self::string(v.client_id) }};
const clientSecret = {{ self::string(v.secret()) }};

// 1. The client asks for a token of its own.
const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
const answer = await fetch(`${issuer}/oauth/token`, {
  method: "POST",
  headers: { authorization: `Basic ${credentials}` },
  body: new URLSearchParams({ grant_type: "client_credentials" }),
});
if (!answer.ok) throw new Error(await answer.text());
const { access_token: token } = await answer.json();

// 2. It calls the API with it. The first call to try: who am I?
const me = await fetch(`${issuer}/api/v1/users/me`, { headers: { authorization: `Bearer ${token}` } });
console.log(await me.json());
