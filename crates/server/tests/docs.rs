//! The documents name what exists.
//!
//! Invariant: a path in the documents leads somewhere, and a test that a document cites is there.
//! A page that names files long gone is worse than none: its reader believes it.
//!
//! In a document `crates/store/src/lib.rs` is a path, `crates/store/tests/it/code.rs::name` is
//! something that the file defines, and of `crates/engine/src/token/<grant>.rs` the folder must
//! exist.

use std::fs;
use std::path::{Path, PathBuf};

/// What a path in backticks begins with.
const ROOTS: &[&str] =
    &["crates/", "docs/", "xtask/", "tests/", "fuzz/", "bench/", ".ci/", ".cargo/"];

/// Written by a task, so a fresh clone may not have it yet.
const WRITTEN_LATER: &[&str] = &["docs/benchmarks.md"];

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the crate is two folders below the root").to_owned()
}

/// Every document, by its path from the root.
fn documents(root: &Path) -> Vec<String> {
    let mut found = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned()];
    for entry in fs::read_dir(root.join("docs")).expect("there is a docs folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") {
            found.push(format!("docs/{name}"));
        }
    }
    found.sort();
    found
}

/// The text without its fenced blocks: those hold commands and programs of the reader's.
fn prose(text: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// What stands in backticks and begins like a path of ours.
fn named_paths(prose: &str) -> Vec<&str> {
    let spans = prose.split('`').skip(1).step_by(2);
    spans.filter(|span| ROOTS.iter().any(|root| span.starts_with(root))).collect()
}

/// The targets of relative links and pictures.
fn link_targets(prose: &str) -> Vec<&str> {
    let after = |marker: &'static str, end: char| {
        prose.split(marker).skip(1).filter_map(move |rest| rest.split(end).next())
    };
    let all = after("](", ')').chain(after("src=\"", '"')).chain(after("srcset=\"", '"'));
    let elsewhere = |to: &str| to.contains("://") || to.starts_with("mailto:");
    all.filter(|target| !elsewhere(target) && !target.starts_with('#')).collect()
}

/// What is wrong with a path in backticks.
fn path_fault(root: &Path, span: &str) -> Option<String> {
    let (path, item) =
        span.split_once("::").map_or((span, None), |(path, item)| (path, Some(item)));
    if WRITTEN_LATER.contains(&path) {
        return None;
    }
    let (known, pattern) = match path.find(['<', '*']) {
        None => (path, false),
        Some(at) => (path[..at].rsplit_once('/').map_or("", |(folder, _)| folder), true),
    };
    if !root.join(known).exists() {
        return Some(format!("`{span}` does not exist"));
    }
    let item = item.filter(|_| !pattern)?;
    let text = fs::read_to_string(root.join(path)).unwrap_or_default();
    let name = item.trim_end_matches("()");
    let defined = ["fn ", "struct ", "enum ", "const ", "macro_rules! ", "type ", "mod "]
        .iter()
        .any(|keyword| text.contains(&format!("{keyword}{name}")));
    (!defined).then(|| format!("`{path}` defines no `{name}`"))
}

/// What is wrong with a relative link in the document at `from`.
fn link_fault(root: &Path, from: &str, target: &str) -> Option<String> {
    let path = target.split('#').next().unwrap_or_default();
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let known = WRITTEN_LATER.iter().any(|later| Path::new(later) == folder.join(path));
    let exists = root.join(folder).join(path).exists();
    (!known && !exists).then(|| format!("the link to `{target}` leads nowhere"))
}

/// A place on somebody's own machine.
fn machine_path(text: &str) -> Option<&str> {
    ["/root/", "/home/", "/Users/", "C:\\"].into_iter().find(|start| text.contains(start))
}

fn faults(root: &Path, name: &str, text: &str) -> Vec<String> {
    let prose = prose(text);
    let paths = named_paths(&prose).into_iter().filter_map(|span| path_fault(root, span));
    let links = link_targets(&prose).into_iter().filter_map(|to| link_fault(root, name, to));
    let places = machine_path(text).map(|start| format!("`{start}` is a place on one machine"));
    paths.chain(links).chain(places).map(|fault| format!("{name}: {fault}")).collect()
}

#[test]
fn every_document_names_what_exists() {
    let root = root();
    let documents = documents(&root);
    for wanted in ["docs/architecture.md", "docs/threat-model.md", "docs/operations.md"] {
        assert!(documents.iter().any(|name| name == wanted), "no {wanted}");
    }
    let mut wrong = Vec::new();
    let mut paths = 0;
    for name in &documents {
        let text = fs::read_to_string(root.join(name)).expect("a document is UTF-8 text");
        paths += named_paths(&prose(&text)).len();
        wrong.extend(faults(&root, name, &text));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(paths > 100, "only {paths} paths were found: the search is broken");
}

#[test]
fn every_document_is_reached_from_the_readme() {
    let root = root();
    let readme = fs::read_to_string(root.join("README.md")).expect("a readme");
    for name in documents(&root).iter().filter(|name| *name != "README.md") {
        assert!(readme.contains(&format!("]({name}")), "README.md does not link {name}");
    }
}

#[test]
fn the_search_finds_what_is_missing() {
    let root = root();
    let fault = |text: &str| faults(&root, "docs/sample.md", text);
    assert_eq!(
        fault("`crates/server/Cargo.toml` and `crates/server/tests/docs.rs::faults`"),
        [""; 0]
    );
    assert_eq!(
        fault("`crates/engine/src/token/<grant>.rs`, [here](../README.md#top), [b](benchmarks.md)"),
        [""; 0]
    );
    assert_eq!(fault("```\ncrates/none/`x`\n```\n`cargo run` `a/b`"), [""; 0]);
    for bad in [
        "`crates/none.rs`",
        "`crates/server/tests/docs.rs::no_such_thing`",
        "`crates/none/<grant>.rs`",
        "[gone](gone.md)",
        "<img src=\"images/gone.png\">",
        "see /home/somebody/project",
    ] {
        assert_eq!(fault(bad).len(), 1, "{bad}: {:?}", fault(bad));
    }
}
