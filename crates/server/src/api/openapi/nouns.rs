//! What the API is about, in the words and the order in which its documents name it.

use domain::api_error::Noun;
use serde_json::{Value, json};

/// One part of the API: the tag of its operations, and the address of its page.
#[derive(Debug)]
pub struct NounTag {
    /// What its errors begin with.
    pub noun: Noun,
    /// The tag, as in `/api/v1/<tag>`.
    pub tag: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What it is, in a sentence or two.
    pub text: &'static str,
}

const fn part(noun: Noun, tag: &'static str, title: &'static str, text: &'static str) -> NounTag {
    NounTag { noun, tag, title, text }
}

/// Every part, in the order of the documents.
pub const NOUNS: &[NounTag] = &[
    part(
        Noun::OauthClient,
        "oauth-clients",
        "OAuth clients",
        "The apps that may ask this tenant for tokens: their redirect URLs, scopes, secrets and keys, and whether people are asked for consent.",
    ),
    part(
        Noun::User,
        "users",
        "Users",
        "People, and the bot users that machine clients act as, with their roles and groups.",
    ),
    part(
        Noun::Group,
        "groups",
        "Groups",
        "Groups of users, of the tenant's own or from an identity provider, and the roles that they give.",
    ),
    part(
        Noun::Role,
        "roles",
        "Roles",
        "Roles and the scopes that they give to those who hold them.",
    ),
    part(Noun::Tenant, "tenants", "Tenants", "The tenant of this host."),
    part(
        Noun::ApiKey,
        "api-keys",
        "API keys",
        "Long-lived bearer credentials of one user, for scripts. The key itself is shown once, when it is made.",
    ),
    part(
        Noun::OauthToken,
        "oauth-tokens",
        "OAuth tokens",
        "What users have granted to apps, and how it is taken back.",
    ),
    part(
        Noun::Audit,
        "audits",
        "Audit events",
        "Who did what, when, from where and through which client. Each event is chained to the one before it.",
    ),
];

/// The text at the top of the document.
pub const INTRODUCTION: &str = "\
The REST API of one tenant. Send an access token of this tenant, or an API key, as `Authorization: Bearer …`. \
Scopes and roles decide together: a scope never gives what the user's role lacks.\n\n\
Lists give `limit` items (20 unless asked, at most 100) and absolute links to the next and the previous page; \
follow them as they are. Filters are SCIM expressions (RFC 7644, section 3.4.2.2). \
Changes are JSON Patch arrays (RFC 6902), sent as `application/json`, and are made as a whole or not at all. \
Errors carry a code, what is wrong, where, and the trace id that finds the server's log line.";

/// The tags of the document.
pub fn tags() -> Value {
    let tags = NOUNS.iter().map(|noun| json!({ "name": noun.tag, "description": noun.text }));
    tags.chain([json!({ "name": "oauth", "description": "The protocol's own endpoints, in short. Discovery has the whole." })])
        .collect()
}
