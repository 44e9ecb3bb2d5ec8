//! From a configuration file to a token, and what stops a start.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::installation::{Databases, HOST, Installation, PASSWORD};
use super::program::{Cli, Node};
use super::web::Site;

async fn from_configuration_to_token(databases: Databases) {
    let place = Installation::plain(databases).await;
    let (client_id, secret, _) = place.machine_client().await;
    let id = place.user("una@example.test").await;
    let key = place.data().join("master.key");
    let mode = std::fs::metadata(&key).expect("the key file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (node, site) = place.serve().await;
    let (status, token) = site.token(&client_id, &secret).await;
    assert_eq!(status, 200, "{token}");
    assert_eq!(site.me(token["access_token"].as_str().expect("a token")).await, 200);
    // As the person, too, which the command line has made.
    let form = [
        ("grant_type", "urn:qlik:oauth:user-impersonation"),
        ("user_lookup[field]", "userId"),
        ("user_lookup[value]", &id),
    ];
    let (status, token) = site.token_form(&client_id, &secret, &form).await;
    assert_eq!(status, 200, "{token}");
    node.stop().await;
    place.tidy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_and_a_few_commands_give_a_token_on_sqlite() {
    from_configuration_to_token(Databases::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_and_a_few_commands_give_a_token_on_postgres() {
    if let Some(databases) = Databases::postgres().await {
        from_configuration_to_token(databases).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relative_data_directory_is_one_below_the_current_directory() {
    let place = Installation::configured(Databases::Sqlite, "");
    let file = place.directory.path().join("relative.toml");
    // The tests run in the package's directory, from where this leads to the temporary one.
    let up = "../".repeat(std::env::current_dir().expect("here").components().count());
    let data = format!("{up}{}", place.data().display().to_string().trim_start_matches('/'));
    let text = format!(
        "[server]\ndata_dir = \"./{data}\"\n[database.regions]\neu = \"sqlite://./{data}/eu.db\"\n"
    );
    std::fs::write(&file, text).expect("written");
    Cli::of_config(&file).run("migrate", &[]).await.done();
    assert!(place.data().join("directory.db").exists() && place.data().join("eu.db").exists());
    let found = Cli::of_config(&file).json("doctor", &[]).await;
    assert_eq!(found["healthy"], true, "{found}");
    assert!(found.to_string().contains("is its owner's alone"), "it looked there: {found}");
}

async fn refusal(place: &Installation) -> String {
    place.cli.run("serve", &[]).await.refused()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pending_migrations_stop_the_start() {
    let place = Installation::configured(Databases::Sqlite, "");
    let told = refusal(&place).await;
    assert!(told.contains("not up to date") && told.contains("countersign migrate"), "{told}");
    place.cli.run("migrate", &[]).await.done();
    let again = place.cli.run("migrate", &[]).await.done();
    assert!(again.contains("up to date"), "{again}");
    Node::serve(&place.config).await.stop().await;
}

fn replace_key(file: &Path, text: &str) {
    std::fs::write(file, text).expect("written");
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(file, private).expect("permissions");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_a_missing_and_a_readable_key_are_told_apart() {
    let place = Installation::plain(Databases::Sqlite).await;
    let key = place.data().join("master.key");
    let right = std::fs::read_to_string(&key).expect("the key");
    replace_key(&key, &"ab".repeat(32));
    let told = refusal(&place).await;
    assert!(told.contains("master key is not the one"), "{told}");
    assert!(!told.contains("abab"), "the key is not shown: {told}");
    replace_key(&key, "not a key");
    let told = refusal(&place).await;
    assert!(told.contains("64 hexadecimal digits"), "{told}");
    std::fs::remove_file(&key).expect("removed");
    let told = refusal(&place).await;
    assert!(told.contains("is missing") && told.contains("put it back"), "{told}");
    assert!(!key.exists(), "no new key in the place of the lost one");
    replace_key(&key, &right);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("permissions");
    let told = refusal(&place).await;
    assert!(told.contains("chmod 600"), "{told}");
    replace_key(&key, &right);
    place.serve().await.0.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_host_is_nobodys() {
    let place = Installation::plain(Databases::Sqlite).await;
    let (node, site) = place.serve().await;
    let paths = ["/", "/oauth/authorize", "/.well-known/openid-configuration", "/login"];
    for host in ["example.test", "other.eu.example.test", "127.0.0.1", "app.eu.example.test.evil"] {
        let stranger = Site::new(node.address, host);
        for path in paths {
            let answer = stranger.get(path).send().await.expect("an answer");
            assert_eq!(answer.status(), 404, "{host}{path}");
            assert!(!answer.headers().contains_key("set-cookie"));
        }
        assert_eq!(stranger.token("x", "y").await.0, 404);
    }
    let known = site.get(paths[2]).send().await.expect("an answer");
    assert_eq!(known.status(), 200, "{HOST} is known, and {PASSWORD:?} is nobody's");
    // Load balancers ask by whatever name.
    for path in ["/healthz", "/readyz"] {
        let answer = Site::new(node.address, "10.0.0.1").get(path).send().await;
        assert_eq!(answer.expect("an answer").status(), 200);
    }
}
