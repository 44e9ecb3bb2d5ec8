//! `docs/api.md` and `docs/errors.md`: what stands between their markers is what the tables say.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::api::openapi::{LISTS, NOUNS, document, filter_text, role_text, scopes_text};
use countersign::router::{Access, endpoints};
use domain::api_error::{self, Fault, Noun};
use domain::oauth_error::ErrorKind;

const END: &str = "<!-- end -->";

/// Compares a document's part with what it should be, and writes the right document beside the
/// build when it is not.
fn compare(name: &str, parts: &[(&str, String)]) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    let text = fs::read_to_string(&page).expect("a document");
    let mut right = text.clone();
    for (part, generated) in parts {
        let start = format!("<!-- generated: {part} -->\n");
        let (before, rest) = right.split_once(&start).expect("the marker of the part");
        let (_, after) = rest.split_once(END).expect("the end of the part");
        right =
            format!("{before}{start}\n{}\n{END}{after}", generated.trim_end().to_owned() + "\n");
    }
    if right != text {
        let new: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&new, right).expect("written");
        panic!("docs/{name} is out of date: cp {} docs/", new.display());
    }
}

/// One table for each noun: the operation, what it does, the scopes and the role.
fn access() -> String {
    let mut text = String::new();
    for noun in NOUNS {
        let rows = endpoints().into_iter().filter(|row| {
            row.path.strip_prefix("/api/v1/").and_then(|rest| rest.split('/').next())
                == Some(noun.tag)
        });
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "### {}\n\n| endpoint | what | scope | role |", noun.title);
        text.push_str("| --- | --- | --- | --- |\n");
        for row in rows {
            let Access::Bearer(right) = row.access else { continue };
            let operation = &document().value["paths"][row.path][row.method.to_ascii_lowercase()];
            let what = operation["summary"].as_str().unwrap_or_default();
            let (scopes, role) = (scopes_text(right), role_text(right));
            let _ =
                writeln!(text, "| `{} {}` | {what} | {scopes} | {role} |", row.method, row.path);
        }
        text.push('\n');
    }
    text
}

/// What each list can be filtered and sorted by.
fn lists() -> String {
    let mut text = String::from("| list | `filter` | `sort` |\n| --- | --- | --- |\n");
    for (path, listing) in LISTS {
        let sorts =
            listing.sorts.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let sign = if listing.default_sort.descending { "-" } else { "+" };
        let _ = writeln!(
            text,
            "| `{path}` | {} | {sorts}; `{sign}{}` unless asked |",
            filter_text(listing.attributes),
            listing.default_sort.by
        );
    }
    text
}

fn nouns() -> String {
    let mut text = String::from("| about | codes |\n| --- | --- |\n");
    for noun in Noun::ALL {
        let _ = writeln!(text, "| {} | `{}-…` |", noun.name(), noun.prefix());
    }
    text
}

fn faults() -> String {
    let mut text =
        String::from("| code | status | title | what to do |\n| --- | --- | --- | --- |\n");
    for fault in Fault::ALL {
        let code = api_error::code(Noun::User, *fault).replace(Noun::User.prefix(), "…");
        let (status, title, advice) = (fault.status(), fault.title(), fault.advice());
        let _ = writeln!(text, "| `{code}` | {status} | {title} | {advice} |");
    }
    text
}

fn protocol() -> String {
    let mut text = String::from(
        "| code | `error` | status | title | what to do |\n| --- | --- | --- | --- | --- |\n",
    );
    for kind in ErrorKind::ALL {
        let (code, error, status) = (kind.code(), kind.error(), kind.status());
        let (title, advice) = (kind.title(), kind.advice());
        let _ = writeln!(text, "| `{code}` | `{error}` | {status} | {title} | {advice} |");
    }
    text
}

#[test]
fn the_page_of_the_api_says_what_the_tables_say() {
    compare("api.md", &[("access", access()), ("lists", lists())]);
}

#[test]
fn the_page_of_errors_says_what_the_tables_say() {
    compare("errors.md", &[("nouns", nouns()), ("faults", faults()), ("protocol", protocol())]);
}
