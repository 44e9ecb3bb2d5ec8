//! The people of a tenant.

use domain::ids::UserId;
use domain::secret::SecretText;
use engine::Ctx;
use engine::admin::role_giving::Choice;
use engine::admin::user::{self, UserDraft};
use engine::authority::Caller;
use serde_json::{Map, Value, json};

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: UserId,
    pub subject: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

/// Makes a person; the same subject exists in the other tenant.
pub async fn person(ctx: &Ctx<'_>, name: &str, host: &str, roles: &[&str]) -> Person {
    make(ctx, name, host, roles, Map::new()).await
}

/// A person with every standard claim (OpenID Connect Core 5.1).
pub async fn alice(ctx: &Ctx<'_>, host: &str) -> Person {
    let Value::Object(claims) = claims() else { unreachable!("an object") };
    make(ctx, "alice", host, &[], claims).await
}

/// Alice's claims beside name and email.
pub fn claims() -> Value {
    json!({
        "given_name": "Alice",
        "family_name": "Able",
        "middle_name": "Ann",
        "nickname": "al",
        "preferred_username": "alice.able",
        "profile": "https://people.example/alice",
        "picture": "https://people.example/alice.png",
        "website": "https://alice.example/",
        "gender": "female",
        "birthdate": "1990-04-01",
        "zoneinfo": "Europe/Stockholm",
        "locale": "en-GB",
        "phone_number": "+46 8 123 456 78",
        "phone_number_verified": true,
        "address": { "formatted": "Storgatan 1\nStockholm", "country": "Sweden" },
    })
}

async fn make(
    ctx: &Ctx<'_>,
    name: &str,
    host: &str,
    roles: &[&str],
    claims: Map<String, Value>,
) -> Person {
    let email = format!("{name}@{host}");
    let password = format!("correct horse of {name}");
    let draft = UserDraft {
        subject: Some(format!("idp|{name}")),
        name: Some(format!("Full {name}")),
        email: Some(email.clone()),
        email_verified: true,
        password: Some(SecretText::from(password.as_str())),
        roles: roles.iter().map(|role| Choice::named(role)).collect(),
        claims,
        ..UserDraft::default()
    };
    let user = user::create(ctx, &Caller::operator(), &draft).await.expect("a user");
    Person { id: user.id, subject: user.subject, name: user.name, email, password }
}
