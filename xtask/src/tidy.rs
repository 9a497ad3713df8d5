//! `cargo xtask tidy`: the house rules that no compiler lint knows, read from the sources in a second or two.
//!
//! A rule is a function from the files of the repository to findings; it says where, what, and what to do about it.

mod cfg;
mod features;
mod layers;
mod map;
mod readme;
mod sizes;
mod source;
mod traits;
mod weight;
mod wording;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use source::Source;

/// The folder that the rules about layers, dialects and features speak of.
const CORE: &str = "crates/aludel/src/";

/// How many findings are printed: a broken rule breaks often in one place.
const SHOWN: usize = 50;

/// One text file of the repository.
struct File {
    /// Relative to the root, with slashes.
    path: String,
    text: String,
    /// Where it is Rust.
    rust: Option<Source>,
}

impl File {
    fn new(path: impl Into<String>, text: impl Into<String>) -> File {
        let (path, text) = (path.into(), text.into());
        let rust = path.ends_with(".rs").then(|| Source::new(&text));
        File { path, text, rust }
    }

    /// The path inside the core crate's sources and the blanked text, where it is one of them.
    fn core(&self) -> Option<(&str, &Source)> {
        Some((self.path.strip_prefix(CORE)?, self.rust.as_ref()?))
    }
}

/// One breach of one rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    what: String,
    cure: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>, cure: impl Into<String>) -> Finding {
        Finding { path: path.into(), line, what: what.into(), cure: cure.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}\n    {}", self.path, self.line, self.what, self.cure)
    }
}

/// Checks every rule, and with `features` that each feature compiles alone, too.
///
/// # Errors
/// How many findings there are; they have been printed.
pub(crate) fn run(root: &Path, features: bool) -> Result<(), String> {
    println!("\n== tidy{}", if features { " with features" } else { "" });
    let started = Instant::now();
    let mut findings = check(files(root)?);
    findings.extend(weight::check(root)?);
    if features {
        findings.extend(features::check(root)?);
    }
    findings.sort();
    findings.dedup();
    for finding in findings.iter().take(SHOWN) {
        println!("{finding}");
    }
    if findings.len() > SHOWN {
        println!("and {} more", findings.len() - SHOWN);
    }
    println!("   tidy: {:.1} s", started.elapsed().as_secs_f64());
    match findings.len() {
        0 => Ok(()),
        n => Err(format!(
            "tidy has {n} finding(s); repeat it with:\n  cargo xtask tidy{}",
            if features { " --features" } else { "" }
        )),
    }
}

/// All rules that need no more than the files' text.
fn check(mut files: Vec<File>) -> Vec<Finding> {
    let tests: Vec<String> = files.iter().flat_map(test_modules).collect();
    let is_test = |path: &str| {
        tests
            .iter()
            .any(|module| path.strip_prefix(module.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/')))
    };
    for file in files.iter_mut().filter(|file| is_test(&file.path)) {
        file.rust = Some(Source::new(""));
    }
    let files = files.as_slice();
    [layers::check, map::check, readme::check, wording::check, cfg::check, sizes::check, traits::check]
        .iter()
        .flat_map(|rule| rule(files))
        .collect()
}

/// The modules that `file` has for its tests only, as paths without an ending: `#[cfg(test)] mod random;`.
fn test_modules(file: &File) -> Vec<String> {
    let names = file.rust.iter().flat_map(|source| &source.test_modules);
    let folder = file.path.trim_end_matches(".rs").trim_end_matches("/lib").trim_end_matches("/main");
    names.map(|name| format!("{folder}/{name}")).collect()
}

/// Every text file that belongs to the repository: what git tracks or would track, else all outside of `target`.
fn files(root: &Path) -> Result<Vec<File>, String> {
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(words).current_dir(root).output();
    let mut paths = match listed {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).split_terminator('\0').map(PathBuf::from).collect()
        }
        _ => {
            let mut paths = Vec::new();
            walk(root, Path::new(""), &mut paths)
                .map_err(|error| format!("cannot list {}: {error}", root.display()))?;
            paths
        }
    };
    paths.sort();
    paths.dedup();
    // What is not UTF-8 is no text; what git lists and is not there has just been deleted.
    let read = |path: PathBuf| {
        let text = fs::read_to_string(root.join(&path)).ok()?;
        Some(File::new(path.to_string_lossy().replace('\\', "/"), text))
    };
    Ok(paths.into_iter().filter_map(read).collect())
}

fn walk(root: &Path, folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            paths.push(path);
        } else if !matches!(entry.file_name().to_str(), Some("target" | ".git")) {
            walk(root, &path, paths)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{File, check, files};
    use std::path::Path;

    /// The findings of all rules on these files, as `path:line what`.
    #[track_caller]
    pub(super) fn found(sources: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<File> = sources.iter().map(|(path, text)| File::new(*path, *text)).collect();
        let mut findings = check(files);
        findings.sort();
        findings.into_iter().map(|finding| format!("{}:{} {}", finding.path, finding.line, finding.what)).collect()
    }

    #[test]
    fn a_module_for_tests_is_held_to_no_layer() {
        let parent = ("crates/aludel/src/value.rs", "#[cfg(test)]\nmod random;\nmod row;");
        let text = "use crate::session::Session;";
        assert_eq!(found(&[parent, ("crates/aludel/src/value/random.rs", text)]), [""; 0]);
        assert_eq!(found(&[parent, ("crates/aludel/src/value/random/seed.rs", text)]), [""; 0]);
        assert_eq!(found(&[parent, ("crates/aludel/src/value/row.rs", text)]).len(), 1);
    }

    #[test]
    fn the_repository_is_listed_without_what_git_ignores() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let files = files(root).unwrap();
        assert!(files.iter().any(|file| file.path == "xtask/src/tidy.rs" && file.rust.is_some()));
        assert!(files.iter().all(|file| !file.path.starts_with("target/")));
    }
}
