//! `aludel db ..`: the database commands of the application in the current folder.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::Failure;

/// Builds the application and runs `db <words>` in it; gives its exit code, 1 where it could not be built or crashed.
///
/// The application runs in the current folder, so that relative paths among the words mean what they say.
///
/// # Errors
/// Usage: an option of ours without its value. Failed: no manifest here or above, or cargo does not start.
pub(crate) fn run(words: &[String]) -> Result<ExitCode, Failure> {
    let (package, words) = package(words)?;
    let folder =
        env::current_dir().map_err(|error| Failure::Failed(format!("the current folder cannot be read: {error}")))?;
    let manifest = manifest(&folder).ok_or_else(|| {
        let place = folder.display();
        Failure::Failed(format!(
            "there is no Cargo.toml in {place} or above it: go to a project, or make one with `aludel new <name>`"
        ))
    })?;
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "-q", "--manifest-path"]).arg(manifest);
    command.args(package.iter().flat_map(|name| ["--package", name]));
    command.args(["--", "db"]).args(words);
    let status = command.status().map_err(|error| Failure::Failed(format!("cargo does not start: {error}")))?;
    // 101 is cargo's for a build that failed, and Rust's for a panic; no code means a signal.
    let code = status.code().filter(|code| *code != 101).and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

/// Splits off `-p name` before the verb; everything from the verb on is the application's.
fn package(words: &[String]) -> Result<(Option<&str>, &[String]), Failure> {
    match words {
        [option, rest @ ..] if option == "-p" || option == "--package" => match rest {
            [name, rest @ ..] => Ok((Some(name), rest)),
            [] => {
                Err(Failure::Usage(format!("{option} needs the name of a package: `aludel db {option} <name> <verb>`")))
            }
        },
        [option, rest @ ..] => Ok(match option.strip_prefix("--package=") {
            Some(name) => (Some(name), rest),
            None => (None, words),
        }),
        [] => Ok((None, words)),
    }
}

/// The nearest `Cargo.toml`, from `folder` upward.
fn manifest(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join("Cargo.toml")).find(|path| path.is_file())
}
