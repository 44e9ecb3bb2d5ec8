//! Each command as the request that it is.

use serde_json::{Value, json};

use super::Home;
use super::stub::{Answer, Stub};

/// Runs one command on a server that answers so; gives what it was asked last.
async fn request(command: &[&str], answers: Vec<Answer>) -> (String, Value) {
    let stub = Stub::start(answers).await;
    let ran = Home::of(&stub.origin).await.words(command).await;
    assert_eq!(ran.code, Some(0), "{command:?}: {ran:?}");
    let last = stub.asked().pop().expect("a request");
    let body = if last.body.is_empty() { Value::Null } else { last.json() };
    (last.line, body)
}

fn one() -> Vec<Answer> {
    vec![Answer::new(200, &json!({ "id": "x", "clientId": "x", "data": [], "total": 3 }))]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_ask_for_what_they_name() {
    for (command, line) in [
        ("oauth-client ls", "GET /api/v1/oauth-clients?limit=100"),
        ("oauth-client get a/b", "GET /api/v1/oauth-clients/a%2Fb"),
        ("oauth-client secret ls x", "GET /api/v1/oauth-clients/x"),
        ("oauth-client consent x", "GET /api/v1/oauth-clients/x/connection-configs/me"),
        ("oauth-client activity x", "GET /api/v1/oauth-clients/x/activity"),
        ("user me", "GET /api/v1/users/me"),
        ("user get x", "GET /api/v1/users/x"),
        ("user count", "GET /api/v1/users/actions/count"),
        ("group ls --system", "GET /api/v1/groups?systemGroups=true&limit=100"),
        ("group get x", "GET /api/v1/groups/x"),
        ("role ls --sort +name", "GET /api/v1/roles?sort=%2Bname&limit=100"),
        ("role get x", "GET /api/v1/roles/x"),
        ("tenant me", "GET /api/v1/tenants/me"),
        (
            "api-key ls --status active --sub u",
            "GET /api/v1/api-keys?status=active&sub=u&limit=100",
        ),
        ("api-key get x", "GET /api/v1/api-keys/x"),
        ("oauth-token ls --user-id u", "GET /api/v1/oauth-tokens?userId=u&limit=100"),
        ("audit get x", "GET /api/v1/audits/x"),
        ("audit ls --limit 5", "GET /api/v1/audits?limit=5"),
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        assert_eq!(request(&words, one()).await, (line.to_owned(), Value::Null), "{command}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_is_made_with_every_field_of_the_contract() {
    let jwk = json!({ "kty": "EC", "kid": "k1" });
    let home = Home::new();
    let key = home.beside("jwk.json", &jwk.to_string());
    let words = "oauth-client create --name N --app-type web --description D --client-uri https://a \
        --logo-uri https://l --redirect-uri https://r/1 --redirect-uri https://r/2 --origin https://o \
        --scope user_default --scope apps --grant client_credentials --auth-method client_secret \
        --auth-method private_key_jwt --jwks-uri https://j --consent trusted --jwk-file";
    let words: Vec<&str> = words.split_whitespace().chain([key.as_str()]).collect();
    let (line, body) = request(&words, one()).await;
    assert_eq!(line, "POST /api/v1/oauth-clients");
    let whole = json!({
        "appType": "web", "clientName": "N", "description": "D", "clientUri": "https://a",
        "logoUri": "https://l", "redirectUris": ["https://r/1", "https://r/2"],
        "allowedOrigins": ["https://o"], "allowedScopes": ["user_default", "apps"],
        "allowedGrantTypes": ["client_credentials"],
        "allowedAuthMethods": ["client_secret", "private_key_jwt"], "publicKeys": [jwk],
        "jwksUri": "https://j", "connectionConfig": { "consentMethod": "trusted" },
    });
    assert_eq!(body, whole);
    // Nothing is sent that was not said, and a file goes as it is.
    let least = ["oauth-client", "create", "--name", "N", "--app-type", "spa"];
    let (_, body) = request(&least, one()).await;
    assert_eq!(body, json!({ "appType": "spa", "clientName": "N" }));
    let file = home.beside("create.json", r#"{"appType":"web","later":[1]}"#);
    let (_, body) = request(&["oauth-client", "create", "--file", &file], one()).await;
    assert_eq!(body, json!({ "appType": "web", "later": [1] }));
    for bad in [
        &["oauth-client", "create", "--file", &file, "--name", "N"][..],
        &["oauth-client", "create", "--name", "N"],
        &["oauth-client", "create", "--name", "N", "--app-type", "desktop"],
    ] {
        assert_eq!(home.words(bad).await.code, Some(2), "{bad:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_is_changed_field_by_field() {
    let now = Answer::new(
        200,
        &json!({
            "clientId": "x", "allowedScopes": ["apps", "users"], "allowedOrigins": ["https://o"],
        }),
    );
    let done = Answer::text(204, "");
    let words = "oauth-client patch x --set-name N --add-scope spaces --remove-scope apps \
        --add-scope users --add-scope spaces --remove-origin https://o --add-grant client_credentials";
    let words: Vec<&str> = words.split_whitespace().collect();
    let (line, body) = request(&words, vec![now.clone(), done.clone()]).await;
    assert_eq!(line, "PATCH /api/v1/oauth-clients/x");
    let ops = json!([
        { "op": "replace", "path": "/clientName", "value": "N" },
        // Never the list as it was read: somebody else may have changed it.
        { "op": "remove-value", "path": "/allowedScopes", "value": ["apps", "spaces"] },
        { "op": "add", "path": "/allowedScopes/-", "value": "spaces" },
        { "op": "remove-value", "path": "/allowedOrigins", "value": ["https://o"] },
        { "op": "remove-value", "path": "/allowedGrantTypes", "value": ["client_credentials"] },
        { "op": "add", "path": "/allowedGrantTypes/-", "value": "client_credentials" },
    ]);
    assert_eq!(body, ops);
    let home = Home::new();
    let file = home.beside("ops.json", r#"[{"op":"remove","path":"/logoUri"}]"#);
    let (_, body) = request(&["oauth-client", "patch", "x", "--file", &file], vec![done]).await;
    assert_eq!(body, json!([{ "op": "remove", "path": "/logoUri" }]));
    let stub = Stub::start([now]).await;
    let home = Home::of(&stub.origin).await;
    let ran = home.run("oauth-client patch x --remove-scope nix").await;
    assert_eq!(ran.code, Some(5), "{ran:?}");
    assert_eq!(home.run("oauth-client patch x").await.code, Some(2));
    let both = ["oauth-client", "patch", "x", "--file", &file, "--set-name", "N"];
    assert_eq!(home.words(&both).await.code, Some(2));
}

/// The contract's own operations on a client are `add`, `remove` and `replace` of whole fields.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_changes_as_a_whole_on_a_server_that_knows_no_other_way() {
    let now = || Answer::new(200, &json!({ "clientId": "x", "allowedScopes": ["apps", "users"] }));
    let refused = |source: Value| {
        let error = json!({ "code": "S-1", "title": "Invalid", "source": source });
        Answer::new(400, &json!({ "errors": [error] }))
    };
    let unknown = |place: &str| refused(json!({ "pointer": place }));
    let done = || Answer::text(204, "");
    let command = "oauth-client patch x --set-name N --add-scope spaces --remove-scope apps";
    let name = json!({ "op": "replace", "path": "/clientName", "value": "N" });
    let test = json!({ "op": "test", "path": "/allowedScopes", "value": ["apps", "users"] });
    let whole = json!({ "op": "replace", "path": "/allowedScopes", "value": ["users", "spaces"] });
    let tested = json!([name, test, whole]);
    let plain = json!([name, whole]);
    for (answers, sent, is_noted) in [
        (vec![now(), done()], vec![], false),
        (vec![now(), unknown("/1/op"), done()], vec![&tested], false),
        (vec![now(), unknown("/2/path"), unknown("/1/op"), done()], vec![&tested, &plain], true),
        (
            vec![now(), refused(Value::Null), refused(Value::Null), done()],
            vec![&tested, &plain],
            true,
        ),
    ] {
        let stub = Stub::start(answers).await;
        let ran = Home::of(&stub.origin).await.run(command).await;
        assert_eq!(ran.err.contains("as a whole"), is_noted, "{ran:?}");
        assert_eq!(ran.done(), "The client x is changed.\n");
        let bodies: Vec<Value> = stub.asked()[2..].iter().map(|one| one.json()).collect();
        assert_eq!(bodies.iter().collect::<Vec<_>>(), sent);
    }
    // A refusal for another reason is one, at whichever attempt.
    for (before, why) in [
        (vec![], unknown("/1/value")),
        (vec![], unknown("/allowedScopes")),
        (vec![], Answer::error(409, "changed meanwhile")),
        (vec![unknown("/1/op")], unknown("/1/value")),
        (vec![unknown("/1/op"), unknown("/1/op")], unknown("/1/op")),
    ] {
        let attempts = before.len() + 1;
        let answers = [vec![now()], before, vec![why, done(), done()]].concat();
        let stub = Stub::start(answers).await;
        let home = Home::of(&stub.origin).await;
        let file = home.nothing("secret");
        let words = ["--secret-out", file.to_str().expect("UTF-8")];
        let words: Vec<&str> = command.split(' ').chain(words).collect();
        let ran = home.words(&words).await;
        assert!(matches!(ran.code, Some(1 | 6)) && ran.out.is_empty(), "{ran:?}");
        assert!(!file.exists(), "nothing was made for it");
        assert_eq!(stub.asked().len(), 1 + attempts, "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_changes_are_the_contracts() {
    let replace =
        |path: &str, value: Value| json!([{ "op": "replace", "path": path, "value": value }]);
    for (command, line, sent) in [
        ("oauth-client publish x", "POST /api/v1/oauth-clients/x/actions/publish", Value::Null),
        (
            "oauth-client consent x trusted",
            "PATCH /api/v1/oauth-clients/x/connection-configs/me",
            replace("/consentMethod", json!("trusted")),
        ),
        (
            "oauth-client secret create x",
            "POST /api/v1/oauth-clients/x/client-secrets",
            Value::Null,
        ),
        (
            "oauth-client secret create x --label CI --expires 2027-01-01",
            "POST /api/v1/oauth-clients/x/client-secrets",
            json!({ "label": "CI", "expiresAt": "2027-01-01T00:00:00Z" }),
        ),
        (
            "oauth-client secret rm x abcde --yes --force",
            "DELETE /api/v1/oauth-clients/x/client-secrets/abcde?force=true",
            Value::Null,
        ),
        (
            "user create --subject s --name N --email e@x --role R --role S",
            "POST /api/v1/users",
            json!({ "subject": "s", "name": "N", "email": "e@x",
                "assignedRoles": [{ "name": "R" }, { "name": "S" }] }),
        ),
        (
            "user patch x --set-status disabled",
            "PATCH /api/v1/users/x",
            replace("/status", json!("disabled")),
        ),
        ("user rm x -y", "DELETE /api/v1/users/x", Value::Null),
        (
            "group create --name G --role R",
            "POST /api/v1/groups",
            json!({ "name": "G", "assignedRoles": [{ "name": "R" }] }),
        ),
        (
            "group patch x --set-role R",
            "PATCH /api/v1/groups/x",
            replace("/assignedRoles", json!([{ "name": "R" }])),
        ),
        ("group rm x --yes", "DELETE /api/v1/groups/x", Value::Null),
        (
            "role create --name R --scope apps",
            "POST /api/v1/roles",
            json!({ "name": "R", "assignedScopes": ["apps"] }),
        ),
        (
            "role patch x --add-scope a --remove-scope b",
            "PATCH /api/v1/roles/x",
            json!([{ "op": "add", "path": "/assignedScopes/-", "value": "a" },
                { "op": "remove-value", "path": "/assignedScopes", "value": "b" }]),
        ),
        ("role rm x --yes", "DELETE /api/v1/roles/x", Value::Null),
        (
            "api-key create --description D --expiry P30D",
            "POST /api/v1/api-keys",
            json!({ "description": "D", "expiry": "P30D" }),
        ),
        ("api-key rm x --yes", "DELETE /api/v1/api-keys/x", Value::Null),
        ("oauth-token rm x", "DELETE /api/v1/oauth-tokens/x", Value::Null),
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        assert_eq!(request(&words, one()).await, (line.to_owned(), sent), "{command}");
    }
    let tenant = Answer::new(200, &json!({ "id": "t1" }));
    let words = ["tenant", "patch", "--set-name", "T"];
    let (line, body) = request(&words, vec![tenant, Answer::text(204, "")]).await;
    assert_eq!((line.as_str(), body), ("PATCH /api/v1/tenants/t1", replace("/name", json!("T"))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_a_client_repeats_its_id_and_nothing_is_deleted_unasked() {
    let stub = Stub::start([Answer::text(204, "")]).await;
    let home = Home::of(&stub.origin).await;
    home.run("oauth-client rm c1 --yes").await.done();
    assert_eq!(stub.asked()[0].header("qlik-confirm-delete"), "c1");
    for command in ["oauth-client rm c1", "user rm u1", "oauth-client secret rm c1 abcde"] {
        let ran = home.run(command).await;
        assert_eq!(ran.code, Some(2), "{command}: {ran:?}");
        assert!(ran.err.contains("say --yes"), "{command}: {ran:?}");
    }
    assert_eq!(stub.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_is_shown_once_or_kept_in_a_file() {
    let made =
        || Answer::new(201, &json!({ "clientId": "x", "clientSecret": "s3cret", "hint": "h" }));
    let stub = Stub::start([made(), made(), made(), made(), Answer::error(409, "five")]).await;
    let home = Home::of(&stub.origin).await;
    let create = "oauth-client secret create x";
    let ran = home.run(create).await;
    assert!(ran.err.contains("never shown again") && ran.out.contains("s3cret"), "{ran:?}");
    let ran = home.run(&format!("{create} -q")).await;
    assert_eq!(ran.done(), "s3cret\n");
    let ran = home.run("oauth-client create --name N --app-type web -q").await;
    assert!(ran.err.contains("--secret-out"), "{ran:?}");
    assert_eq!(ran.done(), "x\n");
    let file = home.nothing("kept");
    let out = ["--secret-out", file.to_str().expect("UTF-8")];
    let words = [&create.split(' ').collect::<Vec<_>>()[..], &out].concat();
    let ran = home.words(&words).await;
    assert!(!format!("{ran:?}").contains("s3cret"), "{ran:?}");
    assert_eq!(std::fs::read_to_string(&file).expect("read"), "s3cret\n");
    // A file that is there is not overwritten, and no secret is made for it.
    let before = stub.asked().len();
    assert_eq!(home.words(&words).await.code, Some(1));
    assert_eq!(stub.asked().len(), before);
    // A refusal leaves no file behind.
    std::fs::remove_file(&file).expect("removed");
    assert_eq!(home.words(&words).await.code, Some(6));
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_that_fails_is_told_and_fails_the_command() {
    let outcomes = json!({ "data": [
        { "email": "a@x", "status": "ok", "userId": "u1" },
        { "email": "b@x", "status": "error", "title": "disabled", "code": "1002" },
    ]});
    let stub = Stub::start([Answer::new(207, &outcomes)]).await;
    let ran = Home::of(&stub.origin).await.run("user invite a@x b@x --language en").await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("disabled") && ran.err.contains("1 of 2"), "{ran:?}");
    let sent = stub.asked()[0].json();
    let two =
        [json!({ "email": "a@x", "language": "en" }), json!({ "email": "b@x", "language": "en" })];
    assert_eq!(sent, json!({ "invitees": two }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn activity_tells_which_secret_is_in_use_and_what_is_not_needed() {
    let activity = json!({
        "secrets": [{ "hint": "abcde", "label": "old", "lastUsedAt": "2027-01-01T00:00:00.000Z" },
            { "hint": "fghij", "label": "new" }],
        "keys": [],
        "days": [{ "day": "2027-01-01", "tokens": { "client_credentials": 7 },
            "failures": { "expired_secret": 2 } }],
        "failures": [{ "at": "2027-01-01T00:00:00.000Z", "reason": "expired_secret",
            "title": "The secret has expired",
            "explanation": "Make a new one.", "address": "10.0.0.1", "traceId": "abc" }],
        "scopes": [{ "scope": "apps", "lastRequested": "2027-01-01" }],
        "scopesCountedSince": "2026-01-01T00:00:00.000Z",
        "unusedScopes": ["spaces", "users"],
    });
    let answers = || [Answer::new(200, &activity)];
    let stub = Stub::start(answers()).await;
    let told = Home::of(&stub.origin).await.run("oauth-client activity x").await.done();
    for part in ["abcde", "client_credentials 7", "expired_secret 2", "Make a new one."] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(told.ends_with(": spaces users\n"), "{told}");
    let stub = Stub::start(answers()).await;
    let told = Home::of(&stub.origin).await.run("oauth-client activity x -q").await.done();
    assert_eq!(told, "spaces\nusers\n");
}
