//! Each feature of the core crate alone, none of them, and all: an addition that leans on another feature shows here.

use std::fs;
use std::path::Path;

use super::Finding;
use crate::step;

const MANIFEST: &str = "crates/aludel/Cargo.toml";

/// # Errors
/// A sentence where the manifest or cargo cannot be read.
pub(super) fn check(root: &Path) -> Result<Vec<Finding>, String> {
    let manifest =
        fs::read_to_string(root.join(MANIFEST)).map_err(|error| format!("cannot read {MANIFEST}: {error}"))?;
    let mut sets: Vec<(usize, String)> = vec![(1, String::new())];
    sets.extend(features(&manifest));
    let all: Vec<&str> = sets[1..].iter().map(|(_, name)| name.as_str()).collect();
    sets.push((1, all.join(",")));
    let mut findings = Vec::new();
    for (line, set) in sets {
        let words =
            ["check", "-q", "-p", "aludel", "--no-default-features", "--message-format", "short", "--features", &set];
        let (good, _, said) = step::capture(root, &words)?;
        if !good {
            // What a feature leaves unused is no error here: clippy looks at that, with all of them.
            let errors: Vec<&str> = said.lines().filter(|line| line.contains("error")).collect();
            let cure = format!("repeat it with: cargo check -p aludel --no-default-features --features '{set}'");
            let what = format!("features [{set}] do not compile:\n    {}", errors.join("\n    "));
            findings.push(Finding::new(MANIFEST, line, what, cure));
        }
    }
    Ok(findings)
}

/// The keys of the `[features]` table but `default`, each with its line.
pub(super) fn features(manifest: &str) -> Vec<(usize, String)> {
    let table = (1..).zip(manifest.lines()).skip_while(|(_, line)| line.trim() != "[features]").skip(1);
    let keys = table
        .take_while(|(_, line)| !line.starts_with('['))
        .filter_map(|(number, line)| Some((number, line.split_once('=')?.0)));
    let keys = keys.map(|(number, key)| (number, key.trim().to_owned()));
    keys.filter(|(_, key)| key != "default" && !key.starts_with('#') && !key.contains('"')).collect()
}

#[cfg(test)]
mod tests {
    use super::features;

    #[test]
    fn features_are_read_from_their_table() {
        let manifest = "[package]\nname = \"a\"\n[features]\ndefault = [\"b\"]\n# c = 1\nb = [\n  \"dep:x\",\n]\nuuid-1 = []\n\n[dependencies]\nd = \"1\"\n";
        assert_eq!(features(manifest), [(6, "b".to_owned()), (9, "uuid-1".to_owned())]);
    }
}
