# get_token.py: pip install requests "pyjwt[crypto]", then python get_token.py
# private-key.pem is the private half of the key that you registered; it never leaves your machine.
import os
import time
import uuid

import jwt
import requests

ISSUER = {{ self::string(v.issuer) }}
CLIENT_ID = {{ self::string(v.client_id) }}

# 1. The client signs who it is, and asks for a token of its own.
with open(os.environ.get("PRIVATE_KEY_FILE", "private-key.pem")) as file:
    key = file.read()
now = int(time.time())
assertion = jwt.encode(
    {"iss": CLIENT_ID, "sub": CLIENT_ID, "aud": ISSUER, "jti": str(uuid.uuid4()), "iat": now, "exp": now + 60},
    key,
    algorithm={{ self::string(v.alg()) }},
{%- if !v.kid().is_empty() %}
    headers={"kid": {{ self::string(v.kid()) }}},
{%- endif %}
)
answer = requests.post(
    f"{ISSUER}/oauth/token",
    data={
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    },
    timeout=10,
)
answer.raise_for_status()
token = answer.json()["access_token"]

# 2. It calls the API with it. The first call to try: who am I?
me = requests.get(f"{ISSUER}/api/v1/users/me", headers={"Authorization": f"Bearer {token}"}, timeout=10)
me.raise_for_status()
print(me.json())
