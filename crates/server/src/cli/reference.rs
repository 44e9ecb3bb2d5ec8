//! The page that documents every command, from the same definitions as `--help`.

use clap::{Arg, Command, CommandFactory};

use super::Cli;

/// What is written by hand.
const INTRODUCTION: &str = include_str!("reference.md");

/// `docs/command-line.md`, whole.
pub fn reference() -> String {
    let mut root = Cli::command().term_width(100);
    root.build();
    let mut page = String::from(INTRODUCTION);
    let help = root.render_long_help().to_string();
    section(&root, "countersign", &help, &mut page);
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// A command with those below it. Options that are the same for a whole noun are shown at the noun.
fn section(command: &Command, name: &str, help: &str, page: &mut String) {
    let help = help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    page.push_str(&format!("## {name}\n\n```text\n{}\n```\n\n", help.trim_end()));
    let shown = command.get_subcommands().filter(|inner| inner.get_name() != "help");
    for inner in shown {
        let known = |arg: &Arg| {
            let same = |outer: &Arg| arg.is_global_set() && outer.get_id() == arg.get_id();
            let general = ["help", "version"].contains(&arg.get_id().as_str());
            general || command.get_arguments().any(same)
        };
        let hide = |arg: Arg| {
            let known = known(&arg);
            if known { arg.hide(true) } else { arg }
        };
        let help = inner.clone().mut_args(hide).render_help().to_string();
        section(inner, &format!("{name} {}", inner.get_name()), &help, page);
    }
}
