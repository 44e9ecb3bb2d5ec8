//! The project's tasks: `cargo xtask setup`, `test`, `bench` and `fuzz`.
//!
//! Each task installs what it lacks, says what it does, ends every process that it
//! started (also after a failure or ctrl-c), and writes only under `target/`, the
//! system's temporary folder and the `node_modules` beside a `package.json`.
#![expect(clippy::print_stdout, reason = "a task runner talks to its user on stdout")]

mod bench;
mod cli;
mod clients;
mod flow;
mod fuzz;
mod html;
mod http;
mod kill;
mod nodes;
mod postgres;
mod process;
mod random;
mod report;
mod rotation;
mod schema;
mod server;
mod setup;
mod test;
mod workshop;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workshop::Workshop;

#[derive(Parser)]
#[command(name = "cargo xtask", about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the tests need and this machine lacks
    Setup,
    /// Run every test: Rust, real clients on both engines, the drills, the fuzz targets
    Test(test::Options),
    /// Measure the release server beside a peer and the physical limit
    Bench(bench::Options),
    /// Run each fuzz target for a while
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror:{}", report::chain(&error));
            ExitCode::FAILURE
        }
    }
}

/// `Ok(false)` means that the task ran to its end and something in it failed.
fn run(arguments: Arguments) -> Result<bool> {
    let shop = Workshop::open()?;
    match arguments.task {
        Task::Setup => setup::ensure(&shop, setup::Need::ALL).map(|()| true),
        Task::Test(options) => test::run(&shop, &options),
        Task::Bench(options) => bench::run(&shop, &options),
        Task::Fuzz(options) => fuzz::run_alone(&shop, &options),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Arguments::command().debug_assert();
    }
}
