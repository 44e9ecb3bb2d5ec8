//! How values are shown: times, initials, and the links we are willing to make.

use jiff::Timestamp;

/// The machine-readable twin for the `datetime` attribute, whole seconds: `2026-11-21T14:05:00Z`.
#[must_use]
pub fn time_iso(at: &Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The first letter or digit of a name, upper-case; `?` for a name without any.
#[must_use]
pub fn monogram(name: &str) -> String {
    name.chars()
        .find(|c| c.is_alphanumeric())
        .map_or_else(|| "?".to_owned(), |c| c.to_uppercase().collect())
}

/// The URL if it is one that a page may link to: `https:`, `http:`, or a path on this host.
///
/// Escaping keeps a value inside its attribute but does not stop `javascript:` (and `//host` or `/\host` leave this
/// host unseen), so URLs that come from client metadata pass through here before they become an `href`.
#[must_use]
pub fn web_url(url: &str) -> Option<&str> {
    let scheme_ok = ["https://", "http://"].iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    let path_ok = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    let clean = !url.chars().any(|c| c.is_control() || c.is_whitespace());
    (clean && (scheme_ok || path_ok)).then_some(url)
}

/// [`web_url`] for a value that may be absent.
#[must_use]
pub fn web_url_opt(url: Option<&String>) -> Option<&str> {
    url.and_then(|url| web_url(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Texts;

    #[test]
    fn times_read_as_utc() {
        let at: Timestamp = "2026-11-21T14:05:09.5Z".parse().unwrap();
        assert_eq!(Texts::english().instant(&at), "21 Nov 2026, 14:05 UTC");
        assert_eq!(Texts::choose(["de"]).instant(&at), "21. Nov. 2026, 14:05 Uhr UTC");
        assert_eq!(time_iso(&at), "2026-11-21T14:05:09Z");
        let early: Timestamp = "2027-01-03T00:00:00Z".parse().unwrap();
        assert_eq!(Texts::english().instant(&early), "3 Jan 2027, 00:00 UTC");
    }

    #[test]
    fn monograms() {
        assert_eq!(monogram("acme"), "A");
        assert_eq!(monogram("  “élan”"), "É");
        assert_eq!(monogram("…"), "?");
    }

    #[test]
    fn only_web_links_become_links() {
        for good in
            ["https://a.example/p?q=1#f", "http://localhost:3000/", "HTTPS://A.example", "/account"]
        {
            assert_eq!(web_url(good), Some(good));
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//evil.example",
            "/\\evil.example",
            "https:evil",
            "/\t/evil.example",
            "https://a.example/\n",
            "",
            "page",
        ] {
            assert_eq!(web_url(bad), None, "{bad:?}");
        }
    }
}
