//! What tests of the console begin with: an administrator in front of a browser, and an app.

use crate::browser::Browser;
use crate::oauth_clients::published::{let_in, publish};
use crate::world::{App, World};

/// The first tenant's administrator, signed in.
pub async fn administrator(world: &World) -> Browser {
    let mut browser = world.browser(&world.a);
    browser.sign_in(&world.a.admin).await;
    browser
}

/// The address of a client's page, or of one below it.
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
