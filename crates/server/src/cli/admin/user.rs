//! `countersign admin user create|list|disable|enable`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, Subcommand};
use domain::ids::UserId;
use domain::user::{GroupRef, RoleRef, User, UserKind, UserStatus};
use engine::Ctx;
use engine::admin::role_giving::Choice;
use engine::admin::user::{self, UserDraft};
use engine::authority::Caller;
use serde_json::{Map, Value, json};

use super::problem::explain;
use super::tenant::InTenant;
use crate::cli::output::{Column, Output, Page};
use crate::cli::secret_input::PasswordSource;
use crate::cli::target::Base;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make a user. The password is asked for at the terminal.
    Create(CreateArgs),
    /// List people and bot users.
    List {
        #[command(flatten)]
        at: InTenant,
        #[command(flatten)]
        page: Page,
    },
    /// Switch a user off: sessions and tokens end at once.
    Disable {
        #[command(flatten)]
        at: InTenant,
        /// The user's id, subject or email address.
        user: String,
    },
    /// Let a user in again.
    Enable {
        #[command(flatten)]
        at: InTenant,
        /// The user's id, subject or email address.
        user: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    #[command(flatten)]
    at: InTenant,
    /// Full name.
    #[arg(long)]
    name: String,
    /// Email address, with which the user signs in.
    #[arg(long)]
    email: Option<String>,
    /// The address is known to be the user's.
    #[arg(long)]
    email_verified: bool,
    /// The `sub` of tokens, for ever; the user's id without it.
    #[arg(long)]
    subject: Option<String>,
    /// A role, such as TenantAdmin; repeatable.
    #[arg(long, value_name = "NAME")]
    role: Vec<String>,
    /// A JSON object of further standard claims, such as given_name.
    #[arg(long, value_name = "FILE")]
    claims_file: Option<PathBuf>,
    #[command(flatten)]
    password: PasswordSource,
}

const COLUMNS: &[Column] = &[
    ("ID", "/id"),
    ("NAME", "/name"),
    ("EMAIL", "/email"),
    ("STATUS", "/status"),
    ("ROLES", "/assignedRoles"),
    ("SUBJECT", "/subject"),
];
const LINES: &[Column] = &[
    ("ID", "/id"),
    ("Name", "/name"),
    ("Email", "/email"),
    ("Subject", "/subject"),
    ("Status", "/status"),
    ("Roles", "/assignedRoles"),
];

pub(super) fn run(base: Base, command: UserCommand) -> anyhow::Result<()> {
    let Base { target, output } = base;
    target.work(async |engine| match command {
        UserCommand::Create(new) => create(&new.at.ctx(engine).await?, new, &output).await,
        UserCommand::List { at, page } => list(&at.ctx(engine).await?, &page, &output).await,
        UserCommand::Disable { at, user } => {
            switch(&at.ctx(engine).await?, &user, UserStatus::Disabled, &output).await
        }
        UserCommand::Enable { at, user } => {
            switch(&at.ctx(engine).await?, &user, UserStatus::Active, &output).await
        }
    })
}

async fn create(ctx: &Ctx<'_>, new: CreateArgs, output: &Output) -> anyhow::Result<()> {
    let claims = new.claims_file.as_deref().map(claims).transpose()?.unwrap_or_default();
    let draft = UserDraft {
        subject: new.subject,
        name: Some(new.name),
        email: new.email,
        email_verified: new.email_verified,
        password: new.password.read()?,
        roles: new.role.into_iter().map(Choice::Name).collect(),
        claims,
        ..UserDraft::default()
    };
    let made = user::create(ctx, &Caller::operator(), &draft).await.map_err(explain)?;
    output.record(&view(&made), LINES)
}

fn claims(file: &Path) -> anyhow::Result<Map<String, Value>> {
    let read = || -> anyhow::Result<Map<String, Value>> {
        Ok(serde_json::from_str(&std::fs::read_to_string(file)?)?)
    };
    read().with_context(|| format!("--claims-file {} is no JSON object", file.display()))
}

async fn list(ctx: &Ctx<'_>, page: &Page, output: &Output) -> anyhow::Result<()> {
    let after: Option<UserId> = page.after()?;
    let mut rows = user::list_by_id(ctx, page.fetch(), after.as_ref()).await.map_err(explain)?;
    let next = page.cut(&mut rows, |row| row.id.to_string());
    let rows: Vec<Value> = rows.iter().map(view).collect();
    output.list(&rows, COLUMNS, next.as_deref())
}

async fn switch(
    ctx: &Ctx<'_>,
    user: &str,
    status: UserStatus,
    output: &Output,
) -> anyhow::Result<()> {
    let found = user::find(ctx, user).await.map_err(explain)?;
    user::set_status(ctx, &Caller::operator(), &found.id, status).await.map_err(explain)?;
    let told = format!("{} ({}) is {} now.", found.name, found.id, status.as_str());
    output.done(&told, &view(&User { status, ..found }))
}

fn role(role: &Arc<RoleRef>) -> Value {
    json!({ "id": role.id, "name": role.name, "type": role.kind, "level": role.level })
}

fn group(group: &Arc<GroupRef>) -> Value {
    json!({ "id": group.id, "name": group.name })
}

/// A user with the field names of the contract, section 5.
fn view(user: &User) -> Value {
    let mut view = json!({
        "id": user.id,
        "tenantId": user.tenant_id,
        "subject": user.subject,
        "name": user.name,
        "email": user.email,
        "status": user.status,
        "assignedRoles": user.roles.iter().map(role).collect::<Vec<_>>(),
        "assignedGroups": user.groups.iter().map(group).collect::<Vec<_>>(),
        "createdAt": user.created_at,
        "lastUpdatedAt": user.updated_at,
    });
    if let UserKind::Bot(client_id) = &user.kind {
        view["botClientId"] = json!(client_id);
    }
    view
}
