# sign_in.py: pip install authlib requests, then python sign_in.py
{%- if v.is_plain() %}
import os

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # only because this issuer is http://
{%- endif %}
import secrets

import requests
from authlib.integrations.requests_client import OAuth2Session

# 1. Discovery tells the addresses.
ISSUER = {{ self::string(v.issuer) }}
metadata = requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=10).json()
session = OAuth2Session(
    {{ self::string(v.client_id) }},
{%- if v.secret.is_some() %}
    {{ self::string(v.secret()) }},
{%- else %}
    token_endpoint_auth_method="none",
{%- endif %}
    redirect_uri={{ self::string(v.redirect()) }},
    scope={{ self::string(v.scope) }},
    code_challenge_method="S256",
)

# 2. The browser goes to the sign-in page; state and PKCE tie the answer to this request.
verifier = secrets.token_urlsafe(48)
address, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
print(f"Open this address and sign in:\n{address}")

# 3. It comes back with a code. Your app reads it from the request to its redirect URL.
callback = input("Paste the address where the browser ends:\n")

# 4. The code becomes tokens.
session.fetch_token(metadata["token_endpoint"], authorization_response=callback, state=state, code_verifier=verifier)
{%- if v.has_openid() %}
print(session.get(metadata["userinfo_endpoint"]).json())
{%- else %}
print(session.token)
{%- endif %}
