//! The README shows code at once, a whole program soon, and says of the manifests only what is in them.

use super::features::features;
use super::{File, Finding};

const PAPER: &str = "README.md";
const WORKSPACE: &str = "Cargo.toml";
const CORE: &str = "crates/aludel/Cargo.toml";

/// The last line on which code must have begun, and on which a whole program must have ended.
const CODE_BY: usize = 15;
const PROGRAM_BY: usize = 60;

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let text = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
    let Some(paper) = text(PAPER) else { return Vec::new() };
    let mut findings = shape(paper);
    if let Some(version) = text(WORKSPACE).and_then(rust_version)
        && !paper.contains(&format!("Rust version is {version}."))
    {
        let cure = format!("write: The minimum supported Rust version is {version}.");
        findings.push(Finding::new(PAPER, 1, "does not say the minimum Rust version of the manifest", cure));
    }
    findings.extend(text(CORE).map(|manifest| table(paper, manifest)).unwrap_or_default());
    findings
}

fn shape(paper: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines: Vec<&str> = paper.lines().collect();
    if !lines.iter().take(CODE_BY).any(|line| line.starts_with("```rust")) {
        findings.push(Finding::new(PAPER, CODE_BY, "no code by this line", "move the first program up"));
    }
    let main = lines.iter().position(|line| line.contains("fn main()"));
    let end = main.and_then(|main| lines[main..].iter().position(|line| *line == "```").map(|end| main + end + 1));
    if end.is_none_or(|end| end > PROGRAM_BY) {
        findings.push(Finding::new(PAPER, PROGRAM_BY, "no whole program by this line", "shorten or move it up"));
    }
    findings
}

fn rust_version(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.split('"').next())
}

/// The rows `| `feature` | yes | ..` against the features of the manifest.
fn table(paper: &str, manifest: &str) -> Vec<Finding> {
    let rows = (1..).zip(paper.lines()).skip_while(|(_, line)| *line != "## Features").skip(1);
    let rows = rows.take_while(|(_, line)| !line.starts_with('#'));
    let told: Vec<(usize, &str, bool)> = rows
        .filter_map(|(number, line)| {
            let (name, rest) = line.strip_prefix("| `")?.split_once("` |")?;
            Some((number, name, rest.trim_start().starts_with("yes")))
        })
        .collect();
    let default = manifest.lines().find(|line| line.starts_with("default = ")).unwrap_or_default();
    let there = features(manifest);
    let mut findings = Vec::new();
    for (line, name) in &there {
        if !told.iter().any(|(_, told, _)| told == name) {
            let what = format!("the feature `{name}` is not in the README's table");
            findings.push(Finding::new(CORE, *line, what, "add a row for it"));
        }
    }
    for (line, name, yes) in told {
        if !there.iter().any(|(_, there)| there == name) {
            findings.push(Finding::new(PAPER, line, format!("there is no feature `{name}`"), "delete the row"));
        } else if yes != default.contains(&format!("\"{name}\"")) {
            let what = format!("the manifest says otherwise whether `{name}` is a default feature");
            findings.push(Finding::new(PAPER, line, what, "write yes, or nothing, as the manifest has it"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::tidy::tests::found;

    const PAPER: &str = "# A\n```rust\nfn main() {\n}\n```\n## Features\n| `sqlite` | yes | s |\n| `json` | | j |\n\
                         ## End\nRust version is 1.95.\n";
    const WORKSPACE: &str = "rust-version = \"1.95\"\n";
    const CORE: &str = "[features]\ndefault = [\"sqlite\"]\nsqlite = []\njson = []\n";

    #[track_caller]
    fn check(paper: &str, workspace: &str, core: &str, expected: &[&str]) {
        let files = [("README.md", paper), ("Cargo.toml", workspace), ("crates/aludel/Cargo.toml", core)];
        assert_eq!(found(&files), expected);
    }

    #[test]
    fn what_the_manifests_say_is_told() {
        check(PAPER, WORKSPACE, CORE, &[]);
        let newer = "rust-version = \"1.96\"\n";
        check(PAPER, newer, CORE, &["README.md:1 does not say the minimum Rust version of the manifest"]);
        let other = "[features]\ndefault = [\"json\"]\njson = []\nuuid-1 = []\n";
        check(
            PAPER,
            WORKSPACE,
            other,
            &[
                "README.md:7 there is no feature `sqlite`",
                "README.md:8 the manifest says otherwise whether `json` is a default feature",
                "crates/aludel/Cargo.toml:4 the feature `uuid-1` is not in the README's table",
            ],
        );
    }

    #[test]
    fn code_comes_first() {
        let late = "\n".repeat(60) + PAPER;
        let findings = ["README.md:15 no code by this line", "README.md:60 no whole program by this line"];
        assert_eq!(found(&[("README.md", &late)]), findings);
    }
}
