//! `docs/command-line.md` is what the program itself says.

use std::fs;
use std::path::Path;

use super::program::run;

#[test]
fn the_page_of_the_command_line_is_what_help_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/command-line.md");
    let right = countersign::cli::reference();
    if fs::read_to_string(&page).unwrap_or_default() != right {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command-line.md");
        fs::write(&new, right).expect("written");
        panic!("docs/command-line.md is out of date: cp {} docs/", new.display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]).await.done();
        assert!(script.contains("oauth-client") && script.contains("secret-out"), "{shell}");
    }
    let refused = run(&["completions", "cmd"]).await;
    assert_eq!(refused.code, Some(2), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exit_codes_are_in_the_help() {
    let help = run(&["--help"]).await.done();
    for line in ["3  not authenticated", "8  rate limited", "COUNTERSIGN_CLIENT_SECRET_FILE"] {
        assert!(help.contains(line), "{line}: {help}");
    }
}
