// The peer of `cargo xtask bench`: npm's oidc-provider doing what Countersign is measured at. It gives
// ES256 JWT access tokens (RFC 9068) for client_credentials, with its own in-memory storage.
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const [port, clientId, clientSecret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const jwk = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: "ES256",
    },
  ],
  jwks: { keys: [{ ...jwk, alg: "ES256", use: "sig", kid: "bench" }] },
  cookies: { keys: ["bench"] },
  routes: { token: "/oauth/token" },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => issuer,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "user_default",
        audience: issuer,
        accessTokenFormat: "jwt",
        accessTokenTTL: 21600,
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
});

provider.listen(Number(port), "127.0.0.1", () => console.log(JSON.stringify({ issuer })));
