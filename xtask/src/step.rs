//! Running one command under a heading, and what to say when it fails.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The cargo that runs us, so that `cargo +toolchain xtask ..` means the same toolchain throughout.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Runs `cargo <words>` in `folder` under `heading`, its output passed through.
///
/// # Errors
/// The command to repeat, where it could not be started or did not succeed.
pub(crate) fn run(folder: &Path, heading: &str, words: &[&str]) -> Result<(), String> {
    println!("\n== {heading}");
    let started = Instant::now();
    let outcome = pass(folder, words);
    println!("   {heading}: {:.1} s", started.elapsed().as_secs_f64());
    outcome.map_err(|message| format!("{heading}: {message}"))
}

/// Runs `cargo <words>` in `folder`, its output passed through, without a heading.
///
/// # Errors
/// The command to repeat, where it could not be started or did not succeed.
pub(crate) fn pass(folder: &Path, words: &[&str]) -> Result<(), String> {
    let status = command(folder).args(words).status().map_err(|error| format!("cargo does not start: {error}"))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("failed; repeat it with:\n  (cd {} && cargo {})", folder.display(), words.join(" ")))
}

/// Runs `cargo <words>` in `folder` and gives what it wrote: (succeeded, standard output, standard error).
///
/// # Errors
/// A sentence where cargo does not start.
pub(crate) fn capture(folder: &Path, words: &[&str]) -> Result<(bool, String, String), String> {
    let output = command(folder).args(words).output().map_err(|error| format!("cargo does not start: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((output.status.success(), text(&output.stdout), text(&output.stderr)))
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(cargo());
    // What cargo set for this program itself must not leak into the builds it starts: it would change their fingerprints.
    for (name, _) in std::env::vars_os() {
        let word = name.to_string_lossy();
        if word.starts_with("CARGO_PKG_") || word.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command.current_dir(folder);
    command
}
