//! What the HTTP client of the command line does whatever the server says: tokens, waiting, paging,
//! redirects, errors, exit codes, and secrets that stay secret.

use serde_json::{Value, json};

use super::stub::{Answer, Stub, TOKEN};
use super::{Home, SECRET};

fn users(from: usize, count: usize, next: Option<&str>) -> Answer {
    let row = |n: usize| json!({ "id": format!("u{n}"), "name": format!("User {n}") });
    let data: Vec<Value> = (from..from + count).map(row).collect();
    let links = next.map_or(json!({}), |href| json!({ "next": { "href": href } }));
    Answer::new(200, &json!({ "data": data, "links": links }))
}

fn me() -> Answer {
    Answer::new(200, &json!({ "id": "u1", "name": "Me" }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_asked_for_once_and_renewed_once_when_it_is_not_taken() {
    let stub = Stub::start([Answer::error(401, "expired"), me()]).await;
    let home = Home::of(&stub.origin).await;
    assert_eq!(home.run("user me -q").await.done(), "u1\n");
    assert_eq!(stub.lines(), [TOKEN, "GET /api/v1/users/me", TOKEN, "GET /api/v1/users/me"]);
    let seen = stub.seen();
    let form = format!("grant_type=client_credentials&client_id=client-1&client_secret={SECRET}");
    assert_eq!(seen[0].body, form);
    assert_eq!(seen[1].header("authorization"), "Bearer token-1");
    assert_eq!(seen[3].header("authorization"), "Bearer token-2");
    assert!(seen[3].header("user-agent").starts_with("countersign/"));
    // A second refusal is one.
    let stub = Stub::start([Answer::error(401, "no"), Answer::error(401, "no"), me()]).await;
    let ran = Home::of(&stub.origin).await.run("user me").await;
    assert_eq!((ran.code, stub.lines().len()), (Some(3), 4), "{ran:?}");
    // An API key is not renewed.
    let stub = Stub::start([Answer::error(401, "no"), me()]).await;
    let key = [("COUNTERSIGN_SERVER", stub.origin.as_str()), ("COUNTERSIGN_API_KEY", SECRET)];
    let ran = Home::new().run_with(&key, &["user", "me"]).await;
    assert_eq!((ran.code, stub.lines().len()), (Some(3), 1), "{ran:?}");
    assert_eq!(stub.seen()[0].header("authorization"), format!("Bearer {SECRET}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_limit_is_waited_for_three_times() {
    let limited = || Answer::error(429, "too fast").with("retry-after", "0");
    let stub = Stub::start([limited(), limited(), limited(), me()]).await;
    let ran = Home::of(&stub.origin).await.run("user me -q").await;
    assert_eq!(ran.err.matches("limits our rate").count(), 3, "{ran:?}");
    assert_eq!(ran.done(), "u1\n");
    let stub = Stub::start([limited(), limited(), limited(), limited(), me()]).await;
    let ran = Home::of(&stub.origin).await.run("user me").await;
    assert_eq!((ran.code, stub.asked().len()), (Some(8), 4), "{ran:?}");
    // Longer than a minute, or a time that cannot be read, is not waited for.
    for told in ["61", "3600", "Fri, 31 Dec 1999 23:59:59 GMT", "-1", "99999999999999999999"] {
        let stub = Stub::start([Answer::error(429, "x").with("retry-after", told), me()]).await;
        let ran = Home::of(&stub.origin).await.run("user me").await;
        assert_eq!((ran.code, stub.asked().len()), (Some(8), 1), "{told}: {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_followed_as_far_as_is_wanted() {
    let next = "{origin}/api/v1/users?limit=100&next=c1";
    let pages = || [users(0, 100, Some(next)), users(100, 50, None)];
    let stub = Stub::start(pages()).await;
    let home = Home::of(&stub.origin).await;
    let ids = home.words(&["user", "ls", "--all", "-q", "--filter", "name co \"a&b\""]).await;
    assert_eq!(ids.done().lines().count(), 150);
    let asked = stub.lines();
    let first = "GET /api/v1/users?filter=name+co+%22a%26b%22&limit=100";
    assert_eq!(asked, [TOKEN, first, "GET /api/v1/users?limit=100&next=c1"]);
    let stub = Stub::start(pages()).await;
    let ran = Home::of(&stub.origin).await.run("user ls --limit 120 --sort -name --json").await;
    assert!(ran.err.contains("There are more"), "{ran:?}");
    assert_eq!(ran.json()["data"].as_array().map(Vec::len), Some(120));
    assert_eq!(stub.lines()[1], "GET /api/v1/users?sort=-name&limit=100");
    // One page is all that the server answered.
    let answer = r#"{ "links":{ }, "data": [ {"b":1,"a":2} ], "totalResults": 1 }"#;
    let stub = Stub::start([Answer::text(200, answer)]).await;
    let ran = Home::of(&stub.origin).await.run("user ls --limit 7 --json").await;
    let whole: Value = serde_json::from_str(answer).expect("JSON");
    assert_eq!(ran.json(), whole);
    assert_eq!(stub.lines()[1], "GET /api/v1/users?limit=7");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_cannot_keep_a_list_going_for_ever() {
    let page = |n: usize| format!("{{origin}}/api/v1/users?limit=100&next=c{n}");
    // Two cursors in turn, a longer circle, and back to the beginning.
    for circle in [vec![1, 2], vec![1, 2, 3, 4]] {
        let answers = (0..20).map(|n| users(n, 1, Some(&page(circle[n % circle.len()]))));
        let stub = Stub::start(answers).await;
        let ran = Home::of(&stub.origin).await.run("user ls --all").await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
        assert!(ran.err.contains("the same page again"), "{ran:?}");
        assert_eq!(stub.asked().len(), circle.len() + 1);
    }
    let first = users(0, 1, Some("{origin}/api/v1/users?limit=100"));
    let stub = Stub::start([users(0, 1, Some(&page(1))), first]).await;
    let ran = Home::of(&stub.origin).await.run("user ls --all").await;
    assert!(ran.err.contains("the same page again"), "{ran:?}");
    // Ever new pages with nothing on them; a few are no reason to stop.
    let stub = Stub::start((0..99).map(|n| users(0, 0, Some(&page(n))))).await;
    let ran = Home::of(&stub.origin).await.run("user ls --all").await;
    assert!(ran.err.contains("without a row"), "{ran:?}");
    assert_eq!((ran.code, stub.asked().len()), (Some(1), 10));
    let few = (0..9).map(|n| users(0, 0, Some(&page(n)))).chain([users(0, 3, None)]);
    let stub = Stub::start(few).await;
    let ran = Home::of(&stub.origin).await.run("user ls --all -q").await;
    assert_eq!(ran.done().lines().count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_goes_to_no_other_origin() {
    let evil = Stub::start([users(0, 1, None), me(), me()]).await;
    let elsewhere = format!("{}/api/v1/users?next=x", evil.origin);
    let stub = Stub::start([
        users(0, 1, Some(&elsewhere)),
        Answer::text(301, "").with("location", &elsewhere),
        Answer::text(307, "").with("location", "//evil.example/"),
        users(0, 1, Some("{origin}/api/v1/users?limit=100")),
    ])
    .await;
    let home = Home::of(&stub.origin).await;
    for command in ["user ls --all", "user me", "user me"] {
        let ran = home.run(command).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{command}: {ran:?}");
        assert!(ran.err.contains("where our token must not go"), "{command}: {ran:?}");
    }
    let ran = home.run("user ls --all").await;
    assert!(ran.err.contains("the same page again"), "{ran:?}");
    assert_eq!(evil.lines(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_of_reads_are_followed_and_no_others() {
    let to = |place: &str| Answer::text(302, "").with("location", place);
    let stub = Stub::start([to("/api/v1/users/u1"), me()]).await;
    let home = Home::of(&stub.origin).await;
    assert_eq!(home.run("user me -q").await.done(), "u1\n");
    assert_eq!(stub.asked()[1].header("authorization"), "Bearer token-1");
    let stub = Stub::start(vec![to("/api/v1/users/me"); 9]).await;
    let ran = Home::of(&stub.origin).await.run("user me").await;
    assert_eq!((ran.code, stub.asked().len()), (Some(1), 4), "{ran:?}");
    let stub = Stub::start([to("/api/v1/roles"), me()]).await;
    let ran = Home::of(&stub.origin).await.run("role create --name R").await;
    assert_eq!((ran.code, stub.asked().len()), (Some(1), 1), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exit_codes_and_errors_tell_what_happened() {
    for (status, code) in
        [(400, 1), (403, 4), (404, 5), (409, 6), (412, 6), (500, 7), (503, 7), (418, 1)]
    {
        let stub = Stub::start([Answer::error(status, "because")]).await;
        let ran = Home::of(&stub.origin).await.run("user get u1").await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(code), ""), "{status}: {ran:?}");
        let told = "countersign: Refused: because [/clientName] (STUB-1)\n  \
                    trace id: 0123456789abcdef0123456789abcdef\n";
        assert_eq!(ran.err, told, "{status}");
    }
    for (answer, code, told) in [
        (Answer::text(502, "<html>nginx</html>"), 7, "answers 502 and does not say why"),
        (Answer::text(200, "<html>"), 1, "is no JSON"),
        (Answer::text(200, "{}"), 1, "no list in `data`"),
        (Answer::new(200, &json!({ "data": {} })), 1, "no list in `data`"),
    ] {
        let stub = Stub::start([answer]).await;
        let ran = Home::of(&stub.origin).await.run("user ls").await;
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(ran.err.contains(told), "{ran:?}");
    }
    // Nobody listens there.
    let port = Stub::start([]).await.origin.clone();
    let ran = Home::of("http://localhost:1").await.run("user me").await;
    assert_eq!(ran.code, Some(7), "{port}: {ran:?}");
    assert!(ran.err.contains("cannot be reached"), "{ran:?}");
    for usage in ["user", "user ls --limit 0", "user ls --all --limit 3", "user ls --json -q"] {
        assert_eq!(Home::new().run(usage).await.code, Some(2), "{usage}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_is_in_no_output_even_when_the_server_repeats_it() {
    let echo = |status| {
        let detail = format!("you sent {SECRET} and token-1-and-more; {}", "x".repeat(2000));
        Answer::error(status, &detail)
    };
    let deep = Answer::error(400, &format!("{}{SECRET}", "x".repeat(1000 - SECRET.len() / 2)));
    let stub = Stub::start([echo(400), echo(500), deep]).await;
    let home = Home::of(&stub.origin).await;
    for _ in 0..3 {
        let ran = home.run("user me --debug").await;
        assert!(ran.err.contains("> POST ") && ran.err.contains("< 200"), "{ran:?}");
        assert!(!ran.err.contains(&SECRET[..SECRET.len() / 2]), "{ran:?}");
        assert!(!ran.out.contains(SECRET));
    }
    let show = home.run("context show").await.done();
    let list = home.run("context list --json").await.done();
    assert!(!show.contains(SECRET) && !list.contains(SECRET), "{show}{list}");
    // No flag takes a secret.
    for flag in ["--secret", "--client-secret", "--api-key", "--password"] {
        let words = ["context", "create", "x", "--server", "https://a.example"];
        let words = [&words[..], &["--client-id", "c", flag, SECRET]].concat();
        let ran = home.words(&words).await;
        assert_eq!(ran.code, Some(2), "{flag}: {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_answer_is_not_read_to_its_end() {
    let stub = Stub::start([Answer::text(200, &"x".repeat(17 * 1024 * 1024))]).await;
    let ran = Home::of(&stub.origin).await.run("user me").await;
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("more than"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_says_cannot_write_on_the_terminal() {
    let nasty = json!({ "id": "u1\u{1b}[2J", "name": "a\nb\u{7}" });
    let stub = Stub::start([
        Answer::new(200, &json!({ "data": [nasty] })),
        Answer::new(200, &nasty),
        Answer::error(400, "\u{1b}]0;owned\u{7}"),
    ])
    .await;
    let home = Home::of(&stub.origin).await;
    for command in ["user ls", "user get u1", "user get u1"] {
        let ran = home.run(command).await;
        let all = format!("{}{}", ran.out, ran.err);
        assert!(!all.contains(['\u{1b}', '\u{7}']), "{command}: {all:?}");
    }
    // What is no JSON is not passed on as if it were.
    let page = "<title>\u{1b}]0;owned\u{7}</title>";
    let stub = Stub::start([Answer::text(200, page), Answer::text(200, page)]).await;
    let home = Home::of(&stub.origin).await;
    for command in ["user get u1 --json", "user patch u1 --set-name N --json"] {
        let ran = home.run(command).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{command}: {ran:?}");
        assert!(ran.err.contains("is no JSON") && !ran.err.contains('\u{1b}'), "{ran:?}");
    }
}
