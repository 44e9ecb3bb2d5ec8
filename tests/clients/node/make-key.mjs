// Makes an ES256 key pair for a private_key_jwt client: FOLDER/private.jwk.json and FOLDER/public.jwk.json.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";

const folder = process.argv[2];
const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
const named = async (key) => JSON.stringify({ ...(await exportJWK(key)), alg: "ES256", use: "sig", kid });
writeFileSync(join(folder, "private.jwk.json"), await named(privateKey), { mode: 0o600 });
writeFileSync(join(folder, "public.jwk.json"), await named(publicKey));
