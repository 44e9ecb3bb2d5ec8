//! The person's own page: which apps have access, where they are signed in, and how to take either back.

use askama::Template;
use jiff::Timestamp;

use super::{Brand, ScopeLine, show};
use crate::texts::Texts;

/// `POST /account/apps/remove` (`client_id`), `POST /account/sessions/end` (`session_id`),
/// `POST /account/sessions/end-others`, `POST /logout`; each with `csrf`.
#[derive(Debug, Clone, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    pub brand: Brand,
    pub t: Texts,
    pub user_name: String,
    pub user_email: Option<String>,
    pub apps: Vec<AppLine>,
    pub sessions: Vec<SessionLine>,
    pub csrf: String,
    /// What has just been done, e.g. "Quarterly Reports no longer has access."
    pub notice: Option<String>,
}

/// An app to which the person has given access.
#[derive(Debug, Clone)]
pub struct AppLine {
    pub client_id: String,
    pub name: String,
    pub scopes: Vec<ScopeLine>,
    pub granted_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// A browser in which the person is signed in.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// A handle for the form, never the session's secret.
    pub id: String,
    /// The one that this page is read in.
    pub current: bool,
    /// In words: "Firefox on Linux".
    pub device: String,
    /// The network address it was last seen from.
    pub address: String,
    pub started_at: Timestamp,
    pub last_seen_at: Timestamp,
}

impl AppLine {
    fn monogram(&self) -> String {
        show::monogram(&self.name)
    }
}

impl AccountPage {
    /// This browser first, otherwise in the order given.
    fn sessions_in_order(&self) -> Vec<&SessionLine> {
        let mut sorted: Vec<&SessionLine> = self.sessions.iter().collect();
        sorted.sort_by_key(|session| !session.current);
        sorted
    }

    fn other_sessions(&self) -> usize {
        self.sessions.iter().filter(|session| !session.current).count()
    }

    fn monogram(&self) -> String {
        show::monogram(&self.user_name)
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let at = |minutes_ago: i64| {
            Timestamp::from_second(1_795_269_900 - 60 * minutes_ago)
                .unwrap_or(Timestamp::UNIX_EPOCH)
        };
        let app = |client_id: &str, name: &str, scopes, last_used_at| AppLine {
            client_id: client_id.into(),
            name: name.into(),
            scopes,
            granted_at: at(60 * 24 * 40),
            last_used_at,
        };
        let session = |id: &str, current, device: &str, address: &str, age| SessionLine {
            id: id.into(),
            current,
            device: device.into(),
            address: address.into(),
            started_at: at(age),
            last_seen_at: at(age / 20),
        };
        let base = Self {
            brand: Brand::sample(),
            t: Texts::english(),
            user_name: "Ada Lovelace".into(),
            user_email: Some("ada@northwind.example".into()),
            apps: vec![
                app(
                    "c1",
                    "Quarterly Reports",
                    vec![
                        ScopeLine::new("openid", "Know who you are when you sign in", false),
                        ScopeLine::new("apps:read", "Read your apps", false),
                        ScopeLine::new(
                            "offline_access",
                            "Keep this access while you are away",
                            false,
                        ),
                    ],
                    Some(at(95)),
                ),
                app(
                    "c2",
                    "Fleet Administrator",
                    vec![
                        ScopeLine::new(
                            "user_default",
                            "Full access to your account and content",
                            false,
                        ),
                        ScopeLine::new(
                            "admin_classic",
                            "Full administrator access to your tenant",
                            true,
                        ),
                    ],
                    None,
                ),
            ],
            sessions: vec![
                session("s2", false, "Safari on iPhone", "2001:db8:85a3::8a2e:370:7334", 4400),
                session("s1", true, "Firefox on Linux", "192.0.2.17", 240),
            ],
            csrf: "csrf-token".into(),
            notice: None,
        };
        let mut fresh = base.clone();
        fresh.apps.clear();
        fresh.sessions.retain(|session| session.current);
        fresh.user_email = None;
        let mut removed = base.clone();
        removed.apps.pop();
        removed.notice = Some("Fleet Administrator no longer has access to your account.".into());
        let mut many = base.clone();
        many.sessions.push(session("s3", false, "Edge on Windows", "198.51.100.4", 9000));
        let mut long = base.clone();
        long.user_name =
            "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Hubert Blaine".into();
        long.apps[0].name =
            "Hauptbetriebswerkbauunterbeamtengesellschaft Planning and Forecasting".into();
        vec![
            ("branded", Self { brand: Brand::full_sample(), ..base.clone() }),
            ("usual", base),
            ("fresh", fresh),
            ("removed", removed),
            ("many", many),
            ("long", long),
        ]
    }
}
