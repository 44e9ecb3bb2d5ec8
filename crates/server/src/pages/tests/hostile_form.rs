//! The form of a client and what follows it, with hostile values: struct literals, so a new field can't be forgotten.

use askama::Template;
use domain::client::{AppType, AuthMethod, ConsentMethod, GrantType};
use domain::jose::Alg;
use engine::admin::client::ClientFields;
use serde_json::json;

use super::super::console::*;
use super::hostile::{brand, shell};
use crate::texts::Texts;

fn fields(text: &str) -> ClientFields {
    let s = || text.to_owned();
    ClientFields {
        client_name: s(),
        description: s(),
        client_uri: s(),
        logo_uri: s(),
        policy_uri: s(),
        tos_uri: s(),
        redirect_uris: vec![s(), s()],
        post_logout_redirect_uris: vec![s()],
        allowed_origins: vec![s()],
        allowed_scopes: vec![s()],
        allowed_grant_types: GrantType::ALL.to_vec(),
        allowed_auth_methods: AuthMethod::ALL.to_vec(),
        public_keys: vec![json!({ "kid": text })],
        jwks_uri: s(),
        require_pkce: true,
        id_token_signed_response_alg: Alg::RS256,
        disable_tag: Some(s()),
    }
}

/// Every page with `text` in every string.
pub(super) fn pages_with(text: &str) -> Vec<(&'static str, String)> {
    let s = || text.to_owned();
    let wrong = |field: &str, index| Wrong { field: field.to_owned(), index, message: s() };
    let catalogue = domain::scope::Catalogue::embedded().unwrap();
    let form = |editing| ClientFormPage {
        shell: shell(text),
        app_type: AppType::Web,
        editing,
        once: s(),
        fields: fields(text),
        keys_text: s(),
        keys: vec![KeyChoice { kid: s(), what: s(), is_kept: true }],
        consent: ConsentMethod::Required,
        scopes: ScopeTree::new(Texts::english(), &catalogue, AppType::Web, &[s()]),
        limits: FormLimits { redirect_uris: 5, origins: 5 },
        wrong: vec![
            wrong("redirectUris", Some(0)),
            wrong("redirectUris", None),
            wrong("clientName", None),
            wrong("description", None),
            wrong("publicKeys", None),
            wrong("jwksUri", None),
            wrong("allowedScopes", None),
        ],
        alert: Some(s()),
    };
    let editing = Editing { client_id: s(), name: s(), base: s(), secrets: 2 };
    let values = |is_machine, by_key| SnippetValues {
        issuer: s(),
        client_id: s(),
        secret: Some(s()),
        app_type: AppType::Web,
        is_machine,
        by_key,
        key: Some((s(), s())),
        redirect_uri: Some(s()),
        scope: s(),
    };
    let created = |snippets| ClientCreatedPage {
        shell: shell(text),
        client_id: s(),
        name: s(),
        secret: Some(s()),
        is_edit: false,
        is_waiting: true,
        lacks: vec!["created-no-scopes", "created-no-use"],
        snippets,
    };
    let held = |reason| ContinuePage {
        brand: brand(text),
        t: Texts::english(),
        reason,
        action: format!("/{text}"),
        what: s(),
        fields: vec![(s(), s())],
        lines: vec![HeldLine { label: s(), values: vec![s(), s()] }],
        withheld: s(),
        csrf: s(),
    };
    let confirm = |user_name| ConfirmPage {
        brand: brand(text),
        t: Texts::english(),
        what: s(),
        why: s(),
        user_name,
        username: s(),
        wrong: Some(s()),
        held: s(),
        csrf: s(),
    };
    let piece = ClientCheckPiece { lines: vec![CheckLine { text: s(), is_wrong: true }] };
    vec![
        ("client-type", ClientTypePage { shell: shell(text) }.render().unwrap()),
        ("client-form", form(None).render().unwrap()),
        ("client-form of an edit", form(Some(editing)).render().unwrap()),
        ("client-created", created(values(true, false).snippets()).render().unwrap()),
        ("client-created by key", created(values(true, true).snippets()).render().unwrap()),
        ("client-created for sign-in", created(values(false, false).snippets()).render().unwrap()),
        ("client-check", piece.render().unwrap()),
        ("console-continue", held(ContinueReason::SignedIn { user_name: s() }).render().unwrap()),
        (
            "console-continue of a form that was not done",
            held(ContinueReason::DataAway { trace_id: s() }).render().unwrap(),
        ),
        ("console-confirm", confirm(Some(s())).render().unwrap()),
        ("console-confirm signed out", confirm(None).render().unwrap()),
    ]
}
