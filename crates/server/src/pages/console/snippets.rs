//! Ready code for a client that was just made: each snippet is a file in `templates/snippets`, so
//! that a test runs it exactly as the page shows it.
//!
//! Invariant: a value stands in a snippet so that the language reads it as that value: in the
//! shell in single quotes, elsewhere as a JSON string, which JavaScript, Python and Rust read
//! alike for the characters that ids, secrets, issuers and registered addresses may have.

use askama::Template;
use domain::client::AppType;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Code in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Its stable word: `curl`, `node`, `python`, `rust`, `browser`, `env`.
    pub stack: &'static str,
    /// Its name, which is the same in every language of people.
    pub title: &'static str,
    pub text: String,
}

/// What stands in snippets.
#[derive(Debug, Clone)]
pub struct SnippetValues {
    pub issuer: String,
    pub client_id: String,
    pub secret: Option<String>,
    pub app_type: AppType,
    /// Whether the client acts for itself.
    pub is_machine: bool,
    /// Whether it proves itself with a key and has no secret.
    pub by_key: bool,
    /// The first key's name and algorithm.
    pub key: Option<(String, String)>,
    pub redirect_uri: Option<String>,
    pub scope: String,
}

/// A value in the shell, whatever it holds.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A value as a string of JSON and of the languages that read it alike.
fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value in the query of an address.
fn query(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

macro_rules! templates {
    ($($name:ident = $path:literal;)+) => {
        $(
            #[derive(Template)]
            #[template(path = $path, escape = "none")]
            struct $name<'a> {
                v: &'a SnippetValues,
            }
        )+
    };
}

templates! {
    MachineCurl = "snippets/machine.sh";
    MachineNode = "snippets/machine.mjs";
    MachinePython = "snippets/machine.py";
    MachineRust = "snippets/machine.rs.txt";
    KeyNode = "snippets/machine-key.mjs";
    KeyPython = "snippets/machine-key.py";
    SignInCurl = "snippets/sign-in.sh";
    SignInNode = "snippets/sign-in.mjs";
    SignInPython = "snippets/sign-in.py";
    SignInRust = "snippets/sign-in.rs.txt";
    SignInBrowser = "snippets/sign-in.browser.mjs";
    Environment = "snippets/client.env";
}

impl SnippetValues {
    /// The snippets that fit the client, the plainest first.
    #[must_use]
    pub fn snippets(&self) -> Vec<Snippet> {
        let v = self;
        let mut all = Vec::new();
        let mut add = |stack, title, text: askama::Result<String>| {
            // Rendering into memory fails only when a `Display` does.
            all.extend(text.ok().map(|text| Snippet { stack, title, text }));
        };
        if self.is_machine && self.by_key {
            add("node", "Node", KeyNode { v }.render());
            add("python", "Python", KeyPython { v }.render());
        } else if self.is_machine {
            add("curl", "curl", MachineCurl { v }.render());
            add("node", "Node", MachineNode { v }.render());
            add("python", "Python", MachinePython { v }.render());
            add("rust", "Rust", MachineRust { v }.render());
        } else if self.redirect_uri.is_some() && !self.by_key {
            if self.app_type == AppType::Spa {
                add("browser", "JavaScript", SignInBrowser { v }.render());
            }
            add("curl", "curl", SignInCurl { v }.render());
            if self.app_type != AppType::Spa {
                add("node", "Node", SignInNode { v }.render());
                add("python", "Python", SignInPython { v }.render());
                // The library asks for `openid` whether it is wanted or not.
                if self.has_openid() {
                    add("rust", "Rust", SignInRust { v }.render());
                }
            }
        }
        add("env", ".env", Environment { v }.render());
        all
    }

    /// Whether libraries have to be told that the issuer speaks plain HTTP, as the demo does.
    fn is_plain(&self) -> bool {
        self.issuer.starts_with("http://")
    }

    fn secret(&self) -> &str {
        self.secret.as_deref().unwrap_or_default()
    }

    fn credentials(&self) -> String {
        format!("{}:{}", self.client_id, self.secret())
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    fn redirect(&self) -> &str {
        self.redirect_uri.as_deref().unwrap_or_default()
    }

    fn kid(&self) -> &str {
        self.key.as_ref().map_or("", |(kid, _)| kid)
    }

    fn alg(&self) -> &str {
        self.key.as_ref().map_or("RS256", |(_, alg)| alg)
    }

    fn has_openid(&self) -> bool {
        self.scope.split(' ').any(|scope| scope == "openid")
    }

    pub(super) fn sample() -> Self {
        Self {
            issuer: "https://northwind.eu.example".to_owned(),
            client_id: "630201422597f43c47128aa651af2172".to_owned(),
            secret: Some("f1c9d0a27be84b53a6c0de9a31e7f0b2c4d5e6f708192a3b".to_owned()),
            app_type: AppType::Web,
            is_machine: true,
            by_key: false,
            key: None,
            redirect_uri: Some("https://app.example/callback".to_owned()),
            scope: "openid apps:read".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_values_in_every_language() {
        let hostile = "https://app.example/cb?a='$(touch${IFS}x)';b";
        assert_eq!(shell(hostile), r"'https://app.example/cb?a='\''$(touch${IFS}x)'\'';b'");
        assert_eq!(string("a\"b\\c\nd"), r#""a\"b\\c\nd""#);
        assert_eq!(query("a b/c"), "a%20b%2Fc");
        let values = SnippetValues {
            is_machine: false,
            redirect_uri: Some(hostile.to_owned()),
            ..SnippetValues::sample()
        };
        for snippet in values.snippets() {
            let bare = snippet.text.replace(&shell(hostile), "").replace(&string(hostile), "");
            assert!(!bare.contains("$(touch") || snippet.stack == "env", "{}", snippet.text);
        }
    }

    #[test]
    fn every_kind_of_client_gets_code_with_its_own_values() {
        let machine = SnippetValues::sample();
        let by_key = SnippetValues {
            by_key: true,
            secret: None,
            key: Some(("2026".to_owned(), "ES256".to_owned())),
            ..machine.clone()
        };
        let web = SnippetValues { is_machine: false, ..machine.clone() };
        let spa = SnippetValues { app_type: AppType::Spa, secret: None, ..web.clone() };
        let embed = SnippetValues { redirect_uri: None, ..spa.clone() };
        for (values, stacks) in [
            (&machine, "curl node python rust env"),
            (&by_key, "node python env"),
            (&web, "curl node python rust env"),
            (&spa, "browser curl env"),
            (&embed, "env"),
        ] {
            let snippets = values.snippets();
            let found: Vec<&str> = snippets.iter().map(|snippet| snippet.stack).collect();
            assert_eq!(found.join(" "), stacks);
            for snippet in &snippets {
                assert!(snippet.text.contains(&values.client_id), "{}", snippet.text);
                assert!(snippet.text.contains(&values.issuer), "{}", snippet.text);
                if let Some(secret) = &values.secret {
                    assert!(snippet.text.contains(secret.as_str()), "{}", snippet.text);
                }
                assert!(!snippet.text.contains("{{") && !snippet.text.contains("{%"));
            }
        }
    }
}
