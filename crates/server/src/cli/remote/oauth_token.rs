//! `countersign oauth-token` (contract, section 6): the grants that apps hold.

use clap::Subcommand;

use super::Session;
use super::confirm::Yes;
use super::list::Paging;
use super::noun::Noun;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum OauthTokenCommand {
    /// List the tokens: an administrator sees all, others their own.
    #[command(visible_alias = "list")]
    Ls {
        /// Only those of this user.
        #[arg(long, value_name = "ID")]
        user_id: Option<String>,
        #[command(flatten)]
        paging: Paging,
    },
    /// Revoke a token: its app asks the user again.
    Rm {
        /// The token's id.
        token_id: String,
    },
}

const TOKEN: Noun = Noun {
    name: "token",
    path: "oauth-tokens",
    id: "/id",
    label: "/description",
    columns: &[
        ("ID", "/id"),
        ("USER", "/userId"),
        ("DESCRIPTION", "/description"),
        ("DEVICE", "/deviceType"),
        ("LAST USED", "/lastUsed"),
    ],
    lines: &[],
    loss: "",
    confirmation: None,
};

pub(in crate::cli) async fn run(
    session: &Session,
    command: OauthTokenCommand,
) -> anyhow::Result<()> {
    match command {
        OauthTokenCommand::Ls { user_id, paging } => {
            TOKEN.ls_with(session, &[("userId", user_id.as_deref())], &paging).await
        }
        // The contract has no way to read one, so there is nothing to ask about.
        OauthTokenCommand::Rm { token_id } => TOKEN.rm(session, &token_id, Yes { yes: true }).await,
    }
}
