//! How many crates an application takes on with the default features: what a cold build costs, in a number that a machine's
//! speed does not change.

use std::collections::BTreeSet;
use std::path::Path;

use super::Finding;
use crate::step;

/// The most crates `aludel` may bring, itself included.
const LIMIT: usize = 45;

/// # Errors
/// What cargo says where it cannot resolve the workspace.
pub(super) fn check(root: &Path) -> Result<Vec<Finding>, String> {
    let words = ["tree", "-q", "-p", "aludel", "-e", "normal", "--prefix", "none", "--format", "{p}"];
    let (good, tree, error) = step::capture(root, &words)?;
    if !good {
        return Err(format!("cargo cannot resolve the workspace:\n{error}"));
    }
    Ok(judge(&tree, LIMIT))
}

fn judge(tree: &str, limit: usize) -> Vec<Finding> {
    let crates: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_once(" v")).map(|(name, _)| name).collect();
    if crates.len() <= limit {
        return Vec::new();
    }
    let what = format!("{} crates with the default features, more than {limit}", crates.len());
    let cure = "put a dependency behind a feature, drop one of its own features, or write the few lines it saves";
    vec![Finding::new("crates/aludel/Cargo.toml", 1, what, cure)]
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn each_crate_counts_once() {
        let tree = "aludel v0.1.0 (crates/aludel)\nserde v1.0.1\nserde_derive v1.0.1 (proc-macro)\nserde v1.0.1\n\n";
        assert_eq!(judge(tree, 3), []);
        assert_eq!(judge(tree, 2)[0].what, "3 crates with the default features, more than 2");
    }
}
