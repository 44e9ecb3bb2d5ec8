# 1. The client asks for a token of its own.
ANSWER=$(curl -sS --fail-with-body -u {{ self::shell(v.credentials().as_str()) }} \
  -d grant_type=client_credentials \
  {{ self::shell(v.address("/oauth/token").as_str()) }}) || echo "$ANSWER"
TOKEN=$(echo "$ANSWER" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')

# 2. It calls the API with it. The first call to try: who am I?
curl -sS --fail-with-body -L -H "Authorization: Bearer $TOKEN" \
  {{ self::shell(v.address("/api/v1/users/me").as_str()) }}
