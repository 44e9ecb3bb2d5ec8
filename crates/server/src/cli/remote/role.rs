//! `countersign role` (contract, section 6).

use clap::{Args, Subcommand};
use serde_json::json;

use super::Session;
use super::confirm::Yes;
use super::list::Filtered;
use super::noun::{Noun, fields};
use super::ops::{Ops, OpsFile};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RoleCommand {
    /// List the roles.
    #[command(visible_alias = "list")]
    Ls(Filtered),
    /// Show a role.
    Get {
        /// The role's id.
        role_id: String,
    },
    /// Make a role.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
        /// Free text.
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// A scope that users of this role may use; repeatable.
        #[arg(long, value_name = "SCOPE")]
        scope: Vec<String>,
    },
    /// Change a role.
    Patch(PatchArgs),
    /// Delete a role.
    Rm {
        /// The role's id.
        role_id: String,
        #[command(flatten)]
        yes: Yes,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PatchArgs {
    /// The role's id.
    role_id: String,
    #[command(flatten)]
    file: OpsFile,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Debug, Args)]
#[group(id = "changes", multiple = true)]
pub(in crate::cli) struct Changes {
    /// What people call it.
    #[arg(long, value_name = "NAME")]
    set_name: Option<String>,
    /// Free text.
    #[arg(long, value_name = "TEXT")]
    set_description: Option<String>,
    /// A scope more; repeatable.
    #[arg(long, value_name = "SCOPE")]
    add_scope: Vec<String>,
    /// A scope less; repeatable.
    #[arg(long, value_name = "SCOPE")]
    remove_scope: Vec<String>,
}

const ROLE: Noun = Noun {
    name: "role",
    path: "roles",
    id: "/id",
    label: "/name",
    columns: &[
        ("ID", "/id"),
        ("NAME", "/name"),
        ("TYPE", "/type"),
        ("LEVEL", "/level"),
        ("SCOPES", "/assignedScopes"),
    ],
    lines: &[
        ("ID", "/id"),
        ("Name", "/name"),
        ("Description", "/description"),
        ("Type", "/type"),
        ("Level", "/level"),
        ("Scopes", "/assignedScopes"),
        ("Created", "/createdAt"),
    ],
    loss: ", which everybody who has it loses",
    confirmation: None,
};

pub(in crate::cli) async fn run(session: &Session, command: RoleCommand) -> anyhow::Result<()> {
    match command {
        RoleCommand::Ls(list) => ROLE.ls(session, &list).await,
        RoleCommand::Get { role_id } => ROLE.get(session, &role_id).await,
        RoleCommand::Create { name, description, scope } => {
            let body = fields([
                ("name", json!(name)),
                ("description", json!(description)),
                ("assignedScopes", json!(scope)),
            ]);
            ROLE.create(session, body).await
        }
        RoleCommand::Patch(PatchArgs { role_id, file, changes }) => {
            let mut ops = Ops::default();
            ops.replace("/name", changes.set_name);
            ops.replace("/description", changes.set_description);
            ops.each("add", "/assignedScopes/-", changes.add_scope);
            ops.each("remove-value", "/assignedScopes", changes.remove_scope);
            ROLE.patch(session, &role_id, ops.or_file(&file)?).await
        }
        RoleCommand::Rm { role_id, yes } => ROLE.rm(session, &role_id, yes).await,
    }
}
