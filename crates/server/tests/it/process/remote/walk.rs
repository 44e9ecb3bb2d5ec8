//! From creating a machine client to `user me`, on a running server, as the README shows it.

use super::Home;
use crate::process::program::{Cli, Node};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_client_made_by_the_operator_reads_who_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, said) = Node::demo(directory.path(), 0).await;
    let cli = Cli::of_data(directory.path());
    let words = ["--tenant", "demo", "--type", "web", "--name", "Robot", "--consent", "trusted"];
    let rights = ["--grant", "client_credentials", "--scope", "user_default"];
    let made = cli.json("admin client create", &[&words[..], &rights].concat()).await;
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let (id, secret) = (text("clientId"), text("clientSecret"));
    let home = Home::new();
    home.context("demo", said["tenant_url"].as_str().expect("a URL"), &id, &secret).await;
    let me = home.json("user me").await;
    assert_eq!((&me["name"], &me["subject"]), (&"Robot".into(), &id.as_str().into()));
    let tenant = home.run("tenant me --debug").await;
    assert!(tenant.out.contains("demo") && !tenant.err.contains(&secret), "{tenant:?}");
    let log = node.err.all().join("\n");
    assert!(!log.contains(&secret), "{log}");
    // Another name of the same machine, which no DNS knows: the second tenant knows no such client.
    let second = said["second_tenant_url"].as_str().expect("a URL");
    home.context("second", second, &id, &secret).await;
    let ran = home.run("user me --context second").await;
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("trace id: ") && !ran.err.contains(&secret), "{ran:?}");
}
