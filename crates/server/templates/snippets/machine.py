# get_token.py: pip install requests, then python get_token.py
import requests

ISSUER = {{ self::string(v.issuer) }}
CLIENT_ID = {{ self::string(v.client_id) }}
CLIENT_SECRET = {{ self::string(v.secret()) }}

# 1. The client asks for a token of its own.
answer = requests.post(
    f"{ISSUER}/oauth/token",
    auth=(CLIENT_ID, CLIENT_SECRET),
    data={"grant_type": "client_credentials"},
    timeout=10,
)
answer.raise_for_status()
token = answer.json()["access_token"]

# 2. It calls the API with it. The first call to try: who am I?
me = requests.get(f"{ISSUER}/api/v1/users/me", headers={"Authorization": f"Bearer {token}"}, timeout=10)
me.raise_for_status()
print(me.json())
