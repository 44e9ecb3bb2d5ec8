ISSUER={{ self::shell(v.issuer.as_str()) }}
CLIENT_ID={{ self::shell(v.client_id.as_str()) }}
REDIRECT_URI={{ self::shell(v.redirect()) }}

# 1. Discovery tells the addresses.
METADATA=$(curl -sS --fail-with-body "$ISSUER/.well-known/openid-configuration")
address() { printf '%s' "$METADATA" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

# 2. The browser goes to the sign-in page; state and PKCE tie the answer to this request.
VERIFIER=$(openssl rand -hex 32)
CHALLENGE=$(printf '%s' "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
STATE=$(openssl rand -hex 16)
echo "Open this address and sign in:"
echo "$(address authorization_endpoint)?response_type=code&client_id=$CLIENT_ID&redirect_uri={{ self::query(v.redirect()) }}&scope={{ self::query(v.scope.as_str()) }}&state=$STATE&code_challenge=$CHALLENGE&code_challenge_method=S256"

# 3. It comes back with a code. Your app reads it from the request to its redirect URL.
echo "Paste the address where the browser ends:"
read -r CALLBACK
case "$CALLBACK" in *"state=$STATE"*) ;; *) echo "This answers another request."; exit 1 ;; esac
CODE=$(printf '%s' "$CALLBACK" | sed -n 's/.*[?&]code=\([^&#]*\).*/\1/p')

# 4. The code becomes tokens.
curl -sS --fail-with-body{% if v.secret.is_some() %} -u {{ self::shell(v.credentials().as_str()) }}{% else %} -d "client_id=$CLIENT_ID"{% endif %} \
  -d grant_type=authorization_code -d "code=$CODE" -d "code_verifier=$VERIFIER" \
  --data-urlencode "redirect_uri=$REDIRECT_URI" \
  "$(address token_endpoint)"
