//! The demo: an installation with everything in it, to try.
//!
//! Its passwords and secrets are derived from its master key, so a second start shows the same ones
//! and none of them is stored in clear.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use domain::client::{AppType, ConsentMethod, GrantType};
use domain::ids::{ClientId, RegionCode, SubscriptionId};
use domain::scope::ScopeSet;
use domain::secret::SecretText;
use domain::user::{TENANT_ADMIN, User};
use engine::admin::client::{self, ClientDraft};
use engine::admin::directory;
use engine::admin::role_giving::Choice;
use engine::admin::tenant::{self, TenantDraft};
use engine::admin::user::{self, UserDraft};
use engine::authority::Caller;
use engine::{Ctx, Engine};
use serde_json::{Value, json};

use crate::config::{Config, DatabaseUrl, RateLimits, Scheme, load};

const REGION: &str = "eu";
const LICENCE: &str = "DEMO-0001";
const CALLBACK: &str = "http://localhost:3000/callback";
const AFTER_LOGOUT: &str = "http://localhost:3000/";
const ORIGIN: &str = "http://localhost:3000";
const PEOPLE_SCOPES: &str = "openid profile email address phone user_default \
    identity.name:read identity.email:read identity.picture:read identity.subject:read";

/// The configuration of a demo in a data directory, with SQLite files or one PostgreSQL database.
///
/// # Errors
/// When the directory has no absolute path.
pub fn config(data: &Path, database: Option<&DatabaseUrl>) -> anyhow::Result<Config> {
    let mut config = load(None, std::iter::empty())?;
    config.server.data_dir = std::path::absolute(data)?;
    config.server.external_scheme = Scheme::Http;
    config.server.external_port = Some(8080);
    config.rate_limits = unlimited();
    config.database.regions.clear();
    let region = match database {
        Some(url) => url.clone(),
        None => {
            let file = config.server.data_dir.join(format!("region-{REGION}.db"));
            let url = format!("sqlite://{}", file.display());
            DatabaseUrl::parse(&url).map_err(|wrong| anyhow::anyhow!("{wrong}"))?
        }
    };
    config.database.directory = database.cloned();
    config.database.regions.insert(REGION.to_owned(), region);
    Ok(config)
}

/// A demo is one person's own, at loopback: nothing that they try out is slowed down.
fn unlimited() -> RateLimits {
    RateLimits {
        reads_per_minute: 0,
        filters_per_minute: 0,
        writes_per_minute: 0,
        failures_per_address_per_minute: 1_000_000,
    }
}

/// What the demo tells on standard output: one JSON line.
pub struct Made {
    line: Value,
}

struct Seeder<'e> {
    engine: &'e Engine,
}

impl Seeder<'_> {
    /// A secret of the demo: always the same for the same master key.
    fn secret(&self, label: &str) -> SecretText {
        self.engine.derived_secret(&format!("demo:{label}"))
    }

    fn password(&self, label: &str) -> SecretText {
        SecretText::from(&self.secret(label).expose()[..20])
    }

    fn client_id(&self, label: &str) -> anyhow::Result<ClientId> {
        Ok(ClientId::parse(&self.secret(&format!("{label} id")).expose()[..32])?)
    }

    async fn subscription(&self) -> anyhow::Result<SubscriptionId> {
        let known = self.engine.store().directory();
        if let Some(found) = known.subscription_find_by_licence(LICENCE).await? {
            return Ok(found.id);
        }
        let organization = directory::organization_create(self.engine, "Demo organization").await?;
        let made =
            directory::subscription_create(self.engine, &organization.id, LICENCE, 100).await?;
        Ok(made.id)
    }

    async fn region(&self) -> anyhow::Result<RegionCode> {
        let code = RegionCode::parse(REGION)?;
        let known = self.engine.store().directory().region_list().await?;
        if !known.iter().any(|region| region.code == code) {
            directory::region_create(self.engine, &code, "Europe").await?;
        }
        Ok(code)
    }

    async fn tenant(&self, name: &str, hostnames: &[&str]) -> anyhow::Result<Ctx<'_>> {
        let known = self.engine.store().directory().hostname_find(hostnames[0]).await?;
        if known.is_none() {
            let draft = TenantDraft {
                name: name.to_owned(),
                subscription_id: self.subscription().await?,
                region: self.region().await?,
                hostnames: hostnames.iter().map(|host| (*host).to_owned()).collect(),
            };
            tenant::create(self.engine, &draft).await?;
        }
        Ok(tenant::context_of(self.engine, hostnames[0]).await?)
    }

    async fn user(&self, ctx: &Ctx<'_>, draft: UserDraft) -> anyhow::Result<User> {
        let subject = draft.subject.as_deref().unwrap_or_default();
        if let Some(known) = user::find_by_subject(ctx, subject).await? {
            return Ok(known);
        }
        Ok(user::create(ctx, &Caller::operator(), &draft).await?)
    }

    async fn client(
        &self,
        ctx: &Ctx<'_>,
        label: &str,
        draft: ClientDraft,
    ) -> anyhow::Result<ClientId> {
        let id = self.client_id(label)?;
        if client::find(ctx, &id).await?.is_none() {
            let secret = (draft.app_type == AppType::Web).then(|| self.secret(label));
            let draft = ClientDraft { id: Some(id.clone()), secret, ..draft };
            client::create(ctx, &Caller::operator(), &draft).await?;
        }
        Ok(id)
    }
}

fn admin_draft(password: SecretText) -> UserDraft {
    UserDraft {
        subject: Some("demo|admin".to_owned()),
        name: Some("Ada Admin".to_owned()),
        email: Some("admin@demo.example".to_owned()),
        email_verified: true,
        password: Some(password),
        roles: vec![Choice::named(TENANT_ADMIN)],
        ..UserDraft::default()
    }
}

/// An ordinary user with every standard claim (OpenID Connect Core 5.1).
fn user_draft(password: SecretText) -> UserDraft {
    let claims = json!({
        "given_name": "Uma",
        "family_name": "User",
        "middle_name": "Quinn",
        "nickname": "uma",
        "preferred_username": "uma.user",
        "profile": "https://demo.example/uma",
        "picture": "https://demo.example/uma.png",
        "website": "https://uma.example/",
        "gender": "female",
        "birthdate": "1990-04-01",
        "zoneinfo": "Europe/Stockholm",
        "locale": "en-GB",
        "phone_number": "+46 8 123 456 78",
        "phone_number_verified": true,
        "address": {
            "formatted": "Storgatan 1\n111 22 Stockholm\nSweden",
            "street_address": "Storgatan 1",
            "locality": "Stockholm",
            "postal_code": "111 22",
            "country": "Sweden",
        },
    });
    UserDraft {
        subject: Some("demo|user".to_owned()),
        name: Some("Uma Quinn User".to_owned()),
        email: Some("user@demo.example".to_owned()),
        email_verified: true,
        password: Some(password),
        claims: claims.as_object().cloned().unwrap_or_default(),
        ..UserDraft::default()
    }
}

fn m2m_draft() -> anyhow::Result<ClientDraft> {
    Ok(ClientDraft {
        description: "A machine client: no user is there.".to_owned(),
        machine_grants: vec![GrantType::ClientCredentials, GrantType::UserImpersonation],
        allowed_scopes: ScopeSet::parse("admin_classic user_default")?,
        consent_method: ConsentMethod::Trusted,
        ..ClientDraft::new(AppType::Web, "Nightly reports")
    })
}

fn people_draft(app_type: AppType, name: &str, more_scopes: &str) -> anyhow::Result<ClientDraft> {
    Ok(ClientDraft {
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_redirect_uris: vec![AFTER_LOGOUT.to_owned(), CALLBACK.to_owned()],
        allowed_scopes: ScopeSet::parse(&format!("{PEOPLE_SCOPES} {more_scopes}"))?,
        allowed_origins: match app_type {
            AppType::Spa => vec![ORIGIN.to_owned()],
            _ => Vec::new(),
        },
        ..ClientDraft::new(app_type, name)
    })
}

/// Makes what is missing, and says what there is.
///
/// # Errors
/// The first thing that could not be made.
pub async fn seed(engine: &Engine) -> anyhow::Result<Made> {
    let seeder = Seeder { engine };
    let demo = seeder.tenant("demo", &["localhost", "demo.eu.localhost"]).await?;
    let second = seeder.tenant("second", &["second.eu.localhost"]).await?;
    let (admin_password, user_password) = (seeder.password("admin"), seeder.password("user"));
    seeder.user(&demo, admin_draft(admin_password.clone())).await?;
    seeder.user(&second, admin_draft(admin_password.clone())).await?;
    let user = seeder.user(&demo, user_draft(user_password.clone())).await?;
    let m2m = seeder.client(&demo, "m2m", m2m_draft()?).await?;
    let web = people_draft(AppType::Web, "Quarterly reports", "offline_access")?;
    let web = seeder.client(&demo, "web", web).await?;
    let spa = seeder.client(&demo, "spa", people_draft(AppType::Spa, "Dashboards", "")?).await?;
    let native = people_draft(AppType::Native, "Pocket charts", "offline_access")?;
    let native = seeder.client(&demo, "native", native).await?;
    let settings = engine.settings();
    let base = &settings.base_domain;
    Ok(Made {
        line: json!({
            "tenant_url": demo.tenant.issuer,
            "organization_url": settings.origin_of(&format!("console.{base}")),
            "hub_url": settings.origin_of(&format!("hub.{base}")),
            "second_tenant_url": second.tenant.issuer,
            "admin": { "email": "admin@demo.example", "password": admin_password.expose() },
            "user": {
                "email": "user@demo.example",
                "password": user_password.expose(),
                "id": user.id,
                "subject": user.subject,
            },
            "m2m": { "client_id": m2m, "client_secret": seeder.secret("m2m").expose() },
            "web": {
                "client_id": web,
                "client_secret": seeder.secret("web").expose(),
                "redirect_uri": CALLBACK,
            },
            "spa": { "client_id": spa, "redirect_uri": CALLBACK },
            "native": { "client_id": native, "redirect_uri": CALLBACK },
        }),
    })
}

/// Tells people on standard error, and programs on standard output.
///
/// # Errors
/// When an output is closed.
pub fn announce(made: &Made) -> anyhow::Result<()> {
    let text = |pointer: &str| made.line.pointer(pointer).and_then(Value::as_str).unwrap_or("");
    let rows = [
        ("Tenant", text("/tenant_url").to_owned()),
        ("Your account", format!("{}/account", text("/tenant_url"))),
        ("Administration", format!("{}/admin", text("/tenant_url"))),
        ("Discovery", format!("{}/.well-known/openid-configuration", text("/tenant_url"))),
        ("Second tenant", text("/second_tenant_url").to_owned()),
        ("Administrator", format!("{}  {}", text("/admin/email"), text("/admin/password"))),
        ("User", format!("{}  {}", text("/user/email"), text("/user/password"))),
        ("Machine client", text("/m2m/client_id").to_owned()),
        ("Web client", text("/web/client_id").to_owned()),
        ("Single-page client", text("/spa/client_id").to_owned()),
        ("Native client", text("/native/client_id").to_owned()),
    ];
    let mut told =
        String::from("\nCountersign is ready. This is a demo: do not put real data into it.\n\n");
    for (name, value) in rows {
        told.push_str(&format!("  {name:<20}{value}\n"));
    }
    told.push_str(&format!(
        "\nGet a token:\n  curl -s -u {}:{} -d grant_type=client_credentials {}/oauth/token\n\nCtrl-C stops it.\n",
        text("/m2m/client_id"),
        text("/m2m/client_secret"),
        text("/tenant_url"),
    ));
    std::io::stderr().write_all(told.as_bytes()).context("standard error is closed")?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", made.line).context("standard output is closed")?;
    out.flush().context("standard output is closed")
}
