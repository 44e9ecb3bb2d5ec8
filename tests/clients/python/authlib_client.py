"""Authlib as it comes from the registry: code + PKCE through plain HTML forms, client_credentials, and the rest."""

import json
import os
import secrets
import sys
import time
import traceback
from urllib.parse import parse_qs, urljoin, urlsplit

# The demo speaks plain http on loopback, which Authlib refuses unless it is told.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from forms import find_form, submit

READY = json.loads(os.environ["COUNTERSIGN_READY"])
ISSUER = READY["tenant_url"].rstrip("/")
USER = READY["user"]
counts = {"held": 0, "failed": 0}


def check(title):
    """Runs the function below it at once and prints one line."""

    def run(work):
        try:
            result = work()
        except Exception:
            counts["failed"] += 1
            print(f"  FAILED {title}\n{explained()}")
            return None
        counts["held"] += 1
        print(f"  ok     {title}")
        return result

    return run


def explained():
    """The error that is being handled, and where in this folder it came up."""
    kind, problem, trace = sys.exc_info()
    here = os.path.dirname(os.path.abspath(__file__))
    own = [frame for frame in traceback.extract_tb(trace) if os.path.dirname(frame.filename) == here and frame.name != "run"]
    places = [f"at {os.path.basename(frame.filename)}:{frame.lineno}: {frame.line}" for frame in own]
    return "\n".join(f"         {line}" for line in [f"{kind.__name__}: {problem}", *places])


def equal(got, wanted, what=""):
    assert got == wanted, f"{what or 'value'}: got {got!r}, wanted {wanted!r}"


def refused(error, work):
    try:
        work()
    except OAuthError as problem:
        equal(problem.error, error, "error")
        return
    raise AssertionError("this was expected to fail")


def follow(session, response):
    """Follows redirects as long as they stay on the tenant."""
    while response.is_redirect:
        target = urljoin(response.url, response.headers["location"])
        if not target.startswith(ISSUER + "/"):
            return target, response
        response = session.get(target, allow_redirects=False)
    return None, response


def authorize(session, url):
    """Signs in and consents by form until the application is reached; gives the callback URL and the pages shown."""
    shown = []
    target, page = follow(session, session.get(url, allow_redirects=False))
    while target is None:
        equal(page.status_code, 200, page.text)
        assert len(shown) < 5, f"going round in circles: {shown}"
        if find_form(page.text, "login-submit"):
            shown.append("sign-in")
            answer = submit(session, page, "login-submit", {"username": USER["email"], "password": USER["password"]})
        else:
            assert find_form(page.text, "consent-allow"), page.text
            shown.append("consent")
            answer = submit(session, page, "consent-allow")
        target, page = follow(session, answer)
    return target, shown


def client(app, **options):
    options.setdefault("token_endpoint_auth_method", "client_secret_basic" if "client_secret" in app else "none")
    session = OAuth2Session(app["client_id"], app.get("client_secret"), redirect_uri=app.get("redirect_uri"), **options)
    session.trust_env = False
    return session


def browser():
    session = requests.Session()
    session.trust_env = False
    return session


def code_flow(session, visitor, scope, **parameters):
    verifier = secrets.token_urlsafe(48)
    session.scope = scope
    url, state = session.create_authorization_url(META["authorization_endpoint"], code_verifier=verifier, **parameters)
    equal(parse_qs(urlsplit(url).query)["code_challenge"], [create_s256_code_challenge(verifier)], "code_challenge")
    callback, shown = authorize(visitor, url)
    answer = parse_qs(urlsplit(callback).query)
    equal(answer["iss"], [ISSUER], "iss")
    equal(answer["state"], [state], "state")
    token = session.fetch_token(META["token_endpoint"], authorization_response=callback, state=state, code_verifier=verifier)
    return token, shown, (callback, state, verifier)


def verified(token, algorithm, audience):
    decoded = jwt.decode(token, KEYS, algorithms=[algorithm])
    claims = decoded.claims
    equal(claims["iss"], ISSUER, "iss")
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    assert audience in audiences, audiences
    assert abs(claims["iat"] - time.time()) < 60 < claims["exp"] - time.time()
    return claims


def assert_token_answer(token, scope):
    equal(token["token_type"].lower(), "bearer")
    equal(token["expires_in"], 21600)
    equal(sorted(token["scope"].split()), sorted(scope.split()))


META = browser().get(f"{ISSUER}/.well-known/openid-configuration").json()
KEYS = KeySet.import_key_set(browser().get(META["jwks_uri"]).json())
SCOPE = "openid profile email offline_access"
m2m, web = READY["m2m"], READY["web"]


@check("metadata of both kinds agree")
def _():
    oauth = browser().get(f"{ISSUER}/.well-known/oauth-authorization-server").json()
    for name in ("issuer", "jwks_uri", "token_endpoint", "revocation_endpoint", "authorization_endpoint"):
        equal(oauth[name], META[name], name)
    equal(META["issuer"], ISSUER)


for method in ("client_secret_basic", "client_secret_post"):

    @check(f"client_credentials with {method}")
    def _(method=method):
        session = client(m2m, token_endpoint_auth_method=method)
        token = session.fetch_token(META["token_endpoint"], grant_type="client_credentials", scope="user_default")
        assert_token_answer(token, "user_default")
        claims = verified(token["access_token"], "ES256", ISSUER)
        equal(claims["client_id"], m2m["client_id"])
        equal(claims["scope"], "user_default")
        equal(session.get(f"{ISSUER}/api/v1/users/me").status_code, 200, "users/me")


@check("client_credentials with a wrong secret: both error shapes")
def _():
    wrong = {"client_id": m2m["client_id"], "client_secret": "0" * 64}
    refused("invalid_client", lambda: client(wrong).fetch_token(META["token_endpoint"], grant_type="client_credentials"))
    answer = browser().post(META["token_endpoint"], data={**wrong, "grant_type": "client_credentials"})
    equal(answer.status_code, 401)
    body = answer.json()
    equal(body["error"], "invalid_client")
    assert body["errors"][0]["code"] and body["errors"][0]["title"] and body["traceId"], body


visitor = browser()
session = client(web, code_challenge_method="S256")


@check("code + PKCE through the HTML forms")
def first():
    token, shown, used = code_flow(session, visitor, SCOPE, nonce="a-nonce")
    equal(shown[0], "sign-in")
    assert_token_answer(token, SCOPE)
    claims = verified(token["id_token"], "RS256", web["client_id"])
    equal(claims["nonce"], "a-nonce")
    equal(claims["sub"], USER["subject"], "sub")
    equal(verified(token["access_token"], "ES256", ISSUER)["sub"], claims["sub"])
    return dict(token), claims, used


@check("userinfo by GET and by POST")
def _():
    for answer in (session.get(META["userinfo_endpoint"]), session.post(META["userinfo_endpoint"])):
        equal(answer.status_code, 200, answer.text)
        equal(answer.json()["sub"], first[1]["sub"])
        equal(answer.json()["email"], USER["email"])


@check("the second time nothing is asked")
def _():
    again = client(web, code_challenge_method="S256")
    token, shown, _used = code_flow(again, visitor, "openid profile email")
    equal(shown, [])
    assert "refresh_token" not in token, "only offline_access gives one"


@check("refresh")
def refreshed():
    token = dict(session.refresh_token(META["token_endpoint"], refresh_token=first[0]["refresh_token"]))
    assert_token_answer(token, SCOPE)
    assert token["refresh_token"] != first[0]["refresh_token"]
    assert token["access_token"] != first[0]["access_token"]
    equal(verified(token["access_token"], "ES256", ISSUER)["sub"], first[1]["sub"])
    return token


@check("introspection")
def _():
    answer = session.introspect_token(META["introspection_endpoint"], token=refreshed["access_token"]).json()
    equal((answer["active"], answer["client_id"], answer["iss"]), (True, web["client_id"], ISSUER))
    equal(sorted(answer["scope"].split()), sorted(SCOPE.split()))
    anonymous = browser().post(META["introspection_endpoint"], data={"token": refreshed["access_token"]})
    equal(anonymous.status_code, 401, "introspection without authentication")


@check("revocation")
def _():
    token = refreshed["refresh_token"]
    answer = session.revoke_token(META["revocation_endpoint"], token=token, token_type_hint="refresh_token")
    equal(answer.status_code, 200, answer.text)
    equal(session.introspect_token(META["introspection_endpoint"], token=token).json(), {"active": False})
    refused("invalid_grant", lambda: session.refresh_token(META["token_endpoint"], refresh_token=token))


@check("a code that was used is refused")
def _():
    callback, state, verifier = first[2]
    again = client(web, code_challenge_method="S256")
    refused(
        "invalid_grant",
        lambda: again.fetch_token(META["token_endpoint"], authorization_response=callback, state=state, code_verifier=verifier),
    )


@check("a public client with PKCE alone")
def _():
    native = READY["native"]
    public = client(native, code_challenge_method="S256")
    token, _shown, _used = code_flow(public, visitor, "openid offline_access")
    assert_token_answer(token, "openid offline_access")
    token = public.refresh_token(META["token_endpoint"], refresh_token=token["refresh_token"])
    equal(verified(token["access_token"], "ES256", ISSUER)["client_id"], native["client_id"])


@check("private_key_jwt")
def _():
    app = READY["key_client"]
    key = ECKey.import_key(app["private_jwk"])
    keyed = OAuth2Session(app["client_id"], key, token_endpoint_auth_method="private_key_jwt")
    keyed.trust_env = False
    headers = {"kid": app["private_jwk"]["kid"]}
    keyed.register_client_auth_method(PrivateKeyJWT(META["token_endpoint"], headers=headers, alg="ES256"))
    token = keyed.fetch_token(META["token_endpoint"], grant_type="client_credentials", scope="user_default")
    assert_token_answer(token, "user_default")


print(f"  Authlib: {counts['held']} checks held, {counts['failed']} did not")
sys.exit(1 if counts["failed"] or not counts["held"] else 0)
