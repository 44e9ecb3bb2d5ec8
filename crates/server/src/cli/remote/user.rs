//! `countersign user` (contract, section 6).

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::Session;
use super::confirm::Yes;
use super::list::Filtered;
use super::noun::{Noun, fields, named};
use super::ops::{Ops, OpsFile};
use super::server::Call;
use crate::cli::exit::{Exit, Refusal};
use crate::cli::output::{Column, cell};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum UserCommand {
    /// Show as whom the server sees us.
    Me,
    /// List people and bot users.
    #[command(visible_alias = "list")]
    Ls(Filtered),
    /// Show a user.
    Get {
        /// The user's id.
        user_id: String,
    },
    /// Make a user.
    Create(CreateArgs),
    /// Change a user.
    Patch(PatchArgs),
    /// Delete a user: sessions and tokens end.
    Rm {
        /// The user's id.
        user_id: String,
        #[command(flatten)]
        yes: Yes,
    },
    /// Tell how many users there are.
    Count,
    /// Invite people by email.
    Invite {
        /// Their addresses.
        #[arg(required = true)]
        email: Vec<String>,
        /// The language of the letter, such as en.
        #[arg(long, value_name = "CODE")]
        language: Option<String>,
        /// Also those who were invited before.
        #[arg(long)]
        resend: bool,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CreateArgs {
    /// The `sub` of tokens, for ever.
    #[arg(long)]
    subject: String,
    /// Full name.
    #[arg(long)]
    name: Option<String>,
    /// Email address.
    #[arg(long)]
    email: Option<String>,
    /// A picture.
    #[arg(long, value_name = "URL")]
    picture: Option<String>,
    /// The user's state at first, such as invited.
    #[arg(long)]
    status: Option<String>,
    /// A role, by its name; repeatable.
    #[arg(long, value_name = "NAME")]
    role: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PatchArgs {
    /// The user's id.
    user_id: String,
    #[command(flatten)]
    file: OpsFile,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Debug, Args)]
#[group(id = "changes", multiple = true)]
pub(in crate::cli) struct Changes {
    /// Full name.
    #[arg(long, value_name = "NAME")]
    set_name: Option<String>,
    /// active or disabled: a disabled user's sessions and tokens end.
    #[arg(long, value_name = "STATUS")]
    set_status: Option<String>,
    /// Language of the pages, such as en.
    #[arg(long, value_name = "CODE")]
    set_locale: Option<String>,
    /// Time zone, such as Europe/Stockholm.
    #[arg(long, value_name = "ZONE")]
    set_zoneinfo: Option<String>,
    /// The roles from now on, by name; repeatable.
    #[arg(long, value_name = "NAME")]
    set_role: Vec<String>,
    /// The groups from now on, by name; repeatable.
    #[arg(long, value_name = "NAME")]
    set_group: Vec<String>,
}

const USER: Noun = Noun {
    name: "user",
    path: "users",
    id: "/id",
    label: "/name",
    columns: &[
        ("ID", "/id"),
        ("NAME", "/name"),
        ("EMAIL", "/email"),
        ("STATUS", "/status"),
        ("ROLES", "/assignedRoles"),
        ("SUBJECT", "/subject"),
    ],
    lines: &[
        ("ID", "/id"),
        ("Name", "/name"),
        ("Email", "/email"),
        ("Subject", "/subject"),
        ("Status", "/status"),
        ("Roles", "/assignedRoles"),
        ("Groups", "/assignedGroups"),
        ("Tenant", "/tenantId"),
        ("Client", "/clientId"),
        ("Created", "/createdAt"),
    ],
    loss: ", whose sessions and tokens end",
    confirmation: None,
};

const INVITED: &[Column] =
    &[("EMAIL", "/email"), ("STATUS", "/status"), ("USER ID", "/userId"), ("REASON", "/title")];

pub(in crate::cli) async fn run(session: &Session, command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Me => USER.get(session, "me").await,
        UserCommand::Ls(list) => USER.ls(session, &list).await,
        UserCommand::Get { user_id } => USER.get(session, &user_id).await,
        UserCommand::Create(new) => USER.create(session, body(&new)).await,
        UserCommand::Patch(PatchArgs { user_id, file, changes }) => {
            USER.patch(session, &user_id, changes.ops().or_file(&file)?).await
        }
        UserCommand::Rm { user_id, yes } => USER.rm(session, &user_id, yes).await,
        UserCommand::Count => count(session).await,
        UserCommand::Invite { email, language, resend } => {
            let one = |email: &String| {
                let resend = resend.then_some(true);
                fields([
                    ("email", json!(email)),
                    ("language", json!(language)),
                    ("resend", json!(resend)),
                ])
            };
            invite(session, email.iter().map(one).collect()).await
        }
    }
}

fn body(new: &CreateArgs) -> Value {
    fields([
        ("subject", json!(new.subject)),
        ("name", json!(new.name)),
        ("email", json!(new.email)),
        ("picture", json!(new.picture)),
        ("status", json!(new.status)),
        ("assignedRoles", named(&new.role)),
    ])
}

impl Changes {
    fn ops(self) -> Ops {
        let some = |names: &[String]| (!names.is_empty()).then(|| named(names));
        let mut ops = Ops::default();
        ops.replace("/name", self.set_name);
        ops.replace("/status", self.set_status);
        ops.replace("/preferredLocale", self.set_locale);
        ops.replace("/preferredZoneinfo", self.set_zoneinfo);
        ops.replace("/assignedRoles", some(&self.set_role));
        ops.replace("/assignedGroups", some(&self.set_group));
        ops
    }
}

async fn count(session: &Session) -> anyhow::Result<()> {
    let url = session.server.api(&[USER.path, "actions", "count"]);
    let answer = session.server.call(&Call::new(Method::GET, url)).await?;
    if session.show.is_json() {
        return session.show.answer(&answer);
    }
    session.show.word(&cell(answer.value()?.pointer("/total")))
}

/// Invites people; each has an outcome of their own (207).
async fn invite(session: &Session, invitees: Value) -> anyhow::Result<()> {
    let url = session.server.api(&[USER.path, "actions", "invite"]);
    let call = Call::new(Method::POST, url).body(json!({ "invitees": invitees }));
    let answer = session.server.call(&call).await?;
    let value = answer.value()?;
    let rows = value["data"].as_array().map_or(&[][..], Vec::as_slice);
    if session.show.is_json() {
        session.show.answer(&answer)?;
    } else {
        session.show.list(rows, INVITED, "/userId")?;
    }
    let failed = rows.iter().filter(|row| row["status"] == "error").count();
    if failed > 0 {
        let told = format!("{failed} of {} could not be invited", rows.len());
        return Err(Refusal::new(Exit::Failed, told).into());
    }
    Ok(())
}
