//! `cargo xtask bench`: builds the programs in `benches` and prints their one table.
//!
//! They resolve on their own, since the peers they compare with pin other versions of the same C library than each other, and
//! the test command never builds them. A workspace inside of `benches` is one more resolution.

use std::fs;
use std::path::{Path, PathBuf};

use crate::step;

/// Builds every bench, then runs one after the other with `words`: which works to measure, and options of the benches.
///
/// # Errors
/// A sentence with the command to repeat, where there are no benches, or a build or run fails.
pub(crate) fn run(root: &Path, words: &[&str]) -> Result<(), String> {
    let benches = root.join("benches");
    let target = benches.join("target");
    let target = target.to_str().ok_or("the path of this checkout is not UTF-8")?;
    let mut programs = Vec::new();
    for workspace in workspaces(&benches) {
        let heading = format!("build {}", workspace.strip_prefix(root).unwrap_or(&workspace).display());
        step::run(&workspace, &heading, &["build", "--release", "--workspace", "--bins", "--target-dir", target])?;
        programs.extend(binaries(&workspace)?.into_iter().map(|name| (workspace.clone(), name)));
    }
    if programs.is_empty() {
        return Err("there is no program in benches/: nothing to measure".into());
    }
    println!();
    for (number, (workspace, name)) in programs.iter().enumerate() {
        let run = ["run", "-q", "--release", "--target-dir", target, "--bin", name, "--"];
        // The first program prints the head of the table, the others add their rows.
        let rows: &[&str] = if number == 0 { &[] } else { &["--rows"] };
        step::pass(workspace, &[&run, rows, words].concat())?;
    }
    Ok(())
}

/// `benches` and the folders in it that are workspaces themselves.
fn workspaces(benches: &Path) -> Vec<PathBuf> {
    let inner = fs::read_dir(benches).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders: Vec<PathBuf> =
        inner.chain([benches.to_path_buf()]).filter(|folder| is_workspace(folder)).collect();
    folders.sort();
    folders
}

fn is_workspace(folder: &Path) -> bool {
    fs::read_to_string(folder.join("Cargo.toml"))
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
}

/// The binaries of the workspace in `folder`, sorted.
fn binaries(folder: &Path) -> Result<Vec<String>, String> {
    let (good, out, error) = step::capture(folder, &["metadata", "--no-deps", "--format-version", "1"])?;
    if !good {
        return Err(format!("cargo cannot read {}/Cargo.toml:\n{error}", folder.display()));
    }
    let mut names = bin_targets(&out);
    names.sort();
    Ok(names)
}

/// The names of targets of kind `bin` in cargo's metadata, read without a JSON parser: `"kind":["bin"]` comes before the
/// target's `"name"`, and neither holds an escaped quote.
fn bin_targets(metadata: &str) -> Vec<String> {
    let target = |rest: &str| {
        let name = rest.split_once("\"name\":\"")?.1;
        Some(name.split_once('"')?.0.to_owned())
    };
    metadata.split("\"kind\":[\"bin\"]").skip(1).filter_map(target).collect()
}

#[cfg(test)]
mod tests {
    use super::bin_targets;

    #[test]
    fn binaries_are_read_and_libraries_are_not() {
        let metadata = r#"{"targets":[{"kind":["lib"],"crate_types":["lib"],"name":"peers","src_path":"a"},
            {"kind":["bin"],"crate_types":["bin"],"name":"floor","src_path":"b"}]}"#;
        assert_eq!(bin_targets(metadata), ["floor"]);
    }
}
