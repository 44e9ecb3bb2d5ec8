//! From a file and the environment to a [`Config`], or to everything that is wrong with it.

use std::path::Path;

use toml::de::DeTable;

use super::Config;
use super::check;
use super::environment;
use super::place::{Place, SourceFile};
use super::problem::{ConfigErrors, Fault, Problem};
use super::schema::Rule;
use super::tree::{self, Table};
use super::validate;

/// A configuration of more bytes than this is not one.
const MAX_FILE_BYTES: u64 = 1_048_576;

/// Reads the file, if there is one, and puts the environment's `COUNTERSIGN__SECTION__KEY` over it.
/// For the process's own environment pass [`super::process_environment`].
///
/// # Errors
/// All problems that were found, each with its place. Secrets are not in them.
pub fn load(
    path: Option<&Path>,
    env: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigErrors> {
    let mut table = Table::new();
    let mut place = Place::Default;
    if let Some(path) = path {
        let name = path.display().to_string();
        let text = read(path, &name).map_err(|problem| ConfigErrors::new(vec![problem]))?;
        table = parse(SourceFile { name: &name, text: &text }).map_err(ConfigErrors::new)?;
        place = Place::Whole { file: name };
    }
    let mut problems = environment::apply(&mut table, env);
    problems.extend(validate::table(&table, Rule::root(), "", &place));
    if !problems.is_empty() {
        return Err(ConfigErrors::new(problems));
    }
    let config =
        typed(table.clone()).map_err(|fault| ConfigErrors::new(vec![fault.at(&place, "")]))?;
    let contradictions = check::contradictions(&config, &table);
    if contradictions.is_empty() { Ok(config) } else { Err(ConfigErrors::new(contradictions)) }
}

fn read(path: &Path, name: &str) -> Result<String, Problem> {
    let problem = |wrong: String, right: &str| {
        let place = Place::Whole { file: name.to_owned() };
        Fault::new(wrong, right).at(&place, "")
    };
    let make_one = "check the path, or make a file with `countersign config example`";
    let length = std::fs::metadata(path)
        .map_err(|error| problem(format!("cannot be read: {error}"), make_one))?
        .len();
    if length > MAX_FILE_BYTES {
        return Err(problem(format!("has {length} bytes"), "a configuration has at most 1 MiB"));
    }
    let bytes = std::fs::read(path)
        .map_err(|error| problem(format!("cannot be read: {error}"), make_one))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()])
            .into_owned();
        let place = SourceFile { name, text: &valid }.place(valid.len());
        Fault::new("the text is not UTF-8", "save the file as UTF-8").at(&place, "")
    })
}

/// Parses a file. The parser's own report would repeat the line, and with it a password: only its
/// message and the position are taken.
fn parse(source: SourceFile<'_>) -> Result<Table, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(source.text);
    if errors.is_empty() {
        return Ok(tree::from_toml(source, table.get_ref()));
    }
    let problem = |error: &toml::de::Error| {
        let offset = error.span().map_or(0, |span| span.start);
        let wrong = format!("the TOML cannot be read: {}", error.message().replace('\n', ", "));
        Fault::new(wrong, "write `key = value` below a [section]; texts in \"quotes\"")
            .at(&source.place(offset), "")
    };
    Err(errors.iter().map(problem).collect())
}

/// Gives the values their types. The schema has accepted them, so this fails only if a type is
/// stricter than its schema; the message may hold a value, so it is not shown.
fn typed(table: Table) -> Result<Config, Fault> {
    serde_json::from_value(tree::Value::Table(table).to_json()).map_err(|_| {
        Fault::new(
            "a value has a form that the schema does not describe",
            "compare it with `countersign config example`",
        )
    })
}
