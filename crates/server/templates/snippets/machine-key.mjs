// token.mjs: npm install jose, then node token.mjs
// private-key.pem is the private half of the key that you registered (PKCS#8); it never leaves your machine.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { importPKCS8, SignJWT } from "jose";

const issuer = {{ self::string(v.issuer) }};
const clientId = {{ self::string(v.client_id) }};
const alg = {{ self::string(v.alg()) }};

// 1. The client signs who it is, and asks for a token of its own.
const key = await importPKCS8(await readFile(process.env.PRIVATE_KEY_FILE ?? "private-key.pem", "utf8"), alg);
const assertion = await new SignJWT({ jti: randomUUID() })
  .setProtectedHeader({ alg{% if !v.kid().is_empty() %}, kid: {{ self::string(v.kid()) }}{% endif %} })
  .setIssuer(clientId)
  .setSubject(clientId)
  .setAudience(issuer)
  .setIssuedAt()
  .setExpirationTime("1 minute")
  .sign(key);
const answer = await fetch(`${issuer}/oauth/token`, {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  }),
});
if (!answer.ok) throw new Error(await answer.text());
const { access_token: token } = await answer.json();

// 2. It calls the API with it. The first call to try: who am I?
const me = await fetch(`${issuer}/api/v1/users/me`, { headers: { authorization: `Bearer ${token}` } });
console.log(await me.json());
