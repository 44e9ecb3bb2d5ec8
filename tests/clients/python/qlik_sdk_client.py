"""qlik-sdk as it comes from the registry: an administrator's client makes another one, which then asks who it is."""

import json
import os
import sys
import time
import traceback

# Everything stays on this machine, whatever proxy the environment names.
os.environ["NO_PROXY"] = "*"

from qlik_sdk import AuthType, Config, Qlik

READY = json.loads(os.environ["COUNTERSIGN_READY"])
RUN = f"{time.time_ns():x}"
counts = {"held": 0, "failed": 0}


def check(title):
    """Runs the function below it at once and prints one line."""

    def run(work):
        try:
            result = work()
        except Exception:
            counts["failed"] += 1
            trace = "\n".join(f"         {line}" for line in traceback.format_exc(limit=-3).splitlines())
            print(f"  FAILED {title}\n{trace}")
            return None
        counts["held"] += 1
        print(f"  ok     {title}")
        return result

    return run


def equal(got, wanted, what=""):
    assert got == wanted, f"{what or 'value'}: got {got!r}, wanted {wanted!r}"


def signed_in(client_id, client_secret):
    """The library with a token of a machine client."""
    qlik = Qlik(
        Config(
            host=READY["tenant_url"],
            auth_type=AuthType.OAuth2,
            client_id=client_id,
            client_secret=client_secret,
            scope=["user_default", "admin_classic"],
        )
    )
    qlik.auth.authorize()
    return qlik


administrator = signed_in(READY["m2m"]["client_id"], READY["m2m"]["client_secret"])


@check("a trusted machine client is made over /oauth-clients")
def made():
    draft = {
        "appType": "web",
        "clientName": f"From Python {RUN}",
        "allowedScopes": ["user_default", "admin_classic"],
        "allowedGrantTypes": ["client_credentials"],
        "connectionConfig": {"consentMethod": "trusted"},
    }
    answer = administrator.auth.rest(path="/oauth-clients", method="POST", data=draft)
    equal(answer.status_code, 201, answer.text)
    return answer.json()


@check("it gets a token and asks who it is")
def _():
    me = signed_in(made["clientId"], made["clientSecret"]).users.get_me()
    equal(me.subject, made["clientId"], "subject")
    equal(me.name, made["clientName"], "name")


@check("the same over /users/me, through its redirect")
def _():
    answer = signed_in(made["clientId"], made["clientSecret"]).auth.rest(path="/users/me")
    equal(answer.status_code, 200, answer.text)
    equal(answer.json()["subject"], made["clientId"], "subject")


@check("yes and no as Python writes them")
def _():
    for path, parameters in [
        ("/users", {"totalResults": True, "limit": 1}),
        ("/oauth-clients", {"totalResults": False, "limit": 1}),
        ("/groups", {"systemGroups": False, "totalResults": True}),
    ]:
        answer = administrator.auth.rest(path=path, params=parameters)
        equal(answer.status_code, 200, answer.text)
        equal("totalResults" in answer.json(), parameters["totalResults"], path)


@check("users are listed page by page, with the parameters that the library always sends")
def _():
    for number in range(120):
        data = {"subject": f"py|{RUN}|{number}", "name": f"Py {RUN} {number}"}
        equal(administrator.auth.rest(path="/users", method="POST", data=data).status_code, 201)
    listed = list(administrator.users.get_users(limit=50).pagination)
    names = [user.name for user in listed]
    equal(sum(name.startswith(f"Py {RUN} ") for name in names), 120, "users")
    equal(len({user.id for user in listed}), len(listed), "nobody twice")


@check("the client is deleted, and its secret is worth nothing")
def _():
    answer = administrator.auth.rest(path=f"/oauth-clients/{made['clientId']}", method="DELETE")
    equal(answer.status_code, 204, answer.text)
    try:
        signed_in(made["clientId"], made["clientSecret"])
    except Exception:
        return
    raise AssertionError("a deleted client got a token")


print(f"  qlik-sdk: {counts['held']} checks held, {counts['failed']} did not")
sys.exit(1 if counts["failed"] or not counts["held"] else 0)
