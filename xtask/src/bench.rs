//! `cargo xtask bench`: builds the workspace in `benches`, runs its binaries and prints their tables.
//!
//! It resolves on its own, since the peers it compares with pin other versions of the same C library, and the test command
//! never builds it.

use std::fs;
use std::path::Path;

use crate::step;

/// Builds and runs every binary of the bench workspace, or those in `names`.
///
/// # Errors
/// A sentence with the command to repeat, where there are no benches, a name is unknown, or a build or run fails.
pub(crate) fn run(root: &Path, names: &[&str]) -> Result<(), String> {
    let folder = root.join("benches");
    if !folder.join("Cargo.toml").exists() {
        return Err("there is no workspace in benches/: nothing to measure".into());
    }
    let known = binaries(&folder)?;
    if let Some(unknown) = names.iter().find(|name| !known.iter().any(|k| k == *name)) {
        return Err(format!("no bench is named `{unknown}`; there are: {}", known.join(", ")));
    }
    step::run(&folder, "build the benches", &["build", "--release", "--workspace", "--bins"])?;
    for name in known.iter().filter(|name| names.is_empty() || names.contains(&name.as_str())) {
        step::run(&folder, &format!("bench {name}"), &["run", "-q", "--release", "--bin", name])?;
    }
    Ok(())
}

/// The binaries of the workspace in `folder`, sorted: each package of it is named like its binary.
fn binaries(folder: &Path) -> Result<Vec<String>, String> {
    let (good, out, error) = step::capture(folder, &["metadata", "--no-deps", "--format-version", "1"])?;
    if !good {
        return Err(format!("cargo cannot read benches/Cargo.toml:\n{error}"));
    }
    let mut names = bin_targets(&out);
    names.sort();
    names.dedup();
    if names.is_empty() && fs::metadata(folder).is_ok() {
        return Err("the workspace in benches/ has no binaries".into());
    }
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
