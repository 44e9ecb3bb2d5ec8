//! `countersign group` (contract, section 6).

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Session;
use super::confirm::Yes;
use super::list::Filtered;
use super::noun::{Noun, fields, named};
use super::ops::{Ops, OpsFile};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum GroupCommand {
    /// List the groups.
    #[command(visible_alias = "list")]
    Ls {
        #[command(flatten)]
        list: Filtered,
        /// The groups that are always there, in place of the others.
        #[arg(long)]
        system: bool,
    },
    /// Show a group.
    Get {
        /// The group's id.
        group_id: String,
    },
    /// Make a group.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
        /// Free text.
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// Where its members come from: idp or custom.
        #[arg(long, value_name = "TYPE")]
        provider_type: Option<String>,
        /// A role that its members have, by name; repeatable.
        #[arg(long, value_name = "NAME")]
        role: Vec<String>,
    },
    /// Change a group.
    Patch(PatchArgs),
    /// Delete a group.
    Rm {
        /// The group's id.
        group_id: String,
        #[command(flatten)]
        yes: Yes,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PatchArgs {
    /// The group's id.
    group_id: String,
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
    /// The roles of its members from now on, by name; repeatable.
    #[arg(long, value_name = "NAME")]
    set_role: Vec<String>,
}

const GROUP: Noun = Noun {
    name: "group",
    path: "groups",
    id: "/id",
    label: "/name",
    columns: &[
        ("ID", "/id"),
        ("NAME", "/name"),
        ("STATUS", "/status"),
        ("PROVIDER", "/providerType"),
        ("ROLES", "/assignedRoles"),
    ],
    lines: &[
        ("ID", "/id"),
        ("Name", "/name"),
        ("Description", "/description"),
        ("Status", "/status"),
        ("Provider", "/providerType"),
        ("Roles", "/assignedRoles"),
        ("Created", "/createdAt"),
    ],
    loss: "; its members lose the roles that they have through it",
    confirmation: None,
};

pub(in crate::cli) async fn run(session: &Session, command: GroupCommand) -> anyhow::Result<()> {
    match command {
        GroupCommand::Ls { list, system } => ls(session, &list, system).await,
        GroupCommand::Get { group_id } => GROUP.get(session, &group_id).await,
        GroupCommand::Create { name, description, provider_type, role } => {
            let body: Value = fields([
                ("name", json!(name)),
                ("description", json!(description)),
                ("providerType", json!(provider_type)),
                ("assignedRoles", named(&role)),
            ]);
            GROUP.create(session, body).await
        }
        GroupCommand::Patch(PatchArgs { group_id, file, changes }) => {
            let mut ops = Ops::default();
            ops.replace("/name", changes.set_name);
            ops.replace("/description", changes.set_description);
            let roles = (!changes.set_role.is_empty()).then(|| named(&changes.set_role));
            ops.replace("/assignedRoles", roles);
            GROUP.patch(session, &group_id, ops.or_file(&file)?).await
        }
        GroupCommand::Rm { group_id, yes } => GROUP.rm(session, &group_id, yes).await,
    }
}

async fn ls(session: &Session, list: &Filtered, system: bool) -> anyhow::Result<()> {
    let Filtered { filter, paging } = list;
    let system = system.then_some("true");
    let query = [("filter", filter.as_deref()), ("systemGroups", system)];
    GROUP.ls_with(session, &query, paging).await
}
