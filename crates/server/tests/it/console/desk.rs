//! What tests of the console begin with: an administrator in front of a browser, and an app.

use crate::browser::Browser;
use crate::call::Answer;
use crate::html;
use crate::oauth_clients::published::{let_in, publish};
use crate::world::{App, World};

/// The first tenant's administrator, signed in.
pub async fn administrator(world: &World) -> Browser {
    let mut browser = world.browser(&world.a);
    browser.sign_in(&world.a.admin).await;
    browser
}

/// The address of a client's page, or of one below it.
/// That a refusal stands beside its field, which says so, and not above the form.
pub fn stands_beside(page: &Answer, field: &str) {
    let tags = html::tags(page.text());
    let of_id = |id: &str| tags.iter().find(|tag| tag.get("id") == Some(id));
    let id = format!("{field}-wrong");
    assert!(of_id(&id).is_some_and(|tag| !tag.text.is_empty()), "{field}: {}", page.text());
    assert!(of_id("form-wrong").is_none(), "{field}: it stands above, too");
    let input = of_id(field).expect("the field");
    assert_eq!(input.get("aria-invalid"), Some("true"), "{field}");
    let described = input.get("aria-describedby").expect("what describes it");
    assert!(described.split(' ').any(|one| one == id), "{described}");
}

pub fn path(app: &App, rest: &str) -> String {
    format!("/admin/clients/{}{rest}", app.id())
}

/// An app asks for a token as a machine: the answer's status.
pub async fn ask(world: &World, app: &App, secret: &str) -> u16 {
    ask_for(world, app, secret, "user_default").await
}

/// The same for a scope.
pub async fn ask_for(world: &World, app: &App, secret: &str, scope: &str) -> u16 {
    let call = world.post(&world.a, "/oauth/token").basic(app.id(), secret).from("10.0.0.7");
    call.form(&[("grant_type", "client_credentials"), ("scope", scope)]).send().await.status
}

/// The last five characters of a secret.
pub fn hint_of(secret: &str) -> &str {
    &secret[secret.len() - 5..]
}

/// A client that another tenant published and this one let in.
pub async fn published_elsewhere(world: &World) -> App {
    let app = world.b.web.clone();
    publish(world, &world.b, &app).await;
    let_in(world, &world.a, &app).await;
    app
}
