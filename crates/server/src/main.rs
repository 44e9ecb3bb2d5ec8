//! The `countersign` command.

use std::process::ExitCode;

use clap::Parser;
use countersign::cli::Cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    countersign::cli::run(Cli::parse())
}
