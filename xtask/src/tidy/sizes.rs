//! Files stay small enough to be read in one go, and are named by what they hold.

use super::{File, Finding};

/// The most lines a Rust file may have without a reason.
const LIMIT: usize = 600;

/// `path reason ..`, one per line; `#` begins a comment.
const EXCEPTIONS: &str = "xtask/tidy-exceptions.txt";

/// Names that say nothing about what a file holds.
const EMPTY_NAMES: [&str; 7] = ["utils", "util", "helpers", "common", "manager", "base", "misc"];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let listed = files.iter().find(|file| file.path == EXCEPTIONS).map(|file| file.text.as_str()).unwrap_or_default();
    let mut excepted = Vec::new();
    for (number, text) in
        (1..).zip(listed.lines()).filter(|(_, text)| !text.trim().is_empty() && !text.starts_with('#'))
    {
        let (path, reason) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        excepted.push(path);
        if reason.trim().is_empty() {
            findings.push(Finding::new(
                EXCEPTIONS,
                number,
                format!("no reason for `{path}`"),
                "say after the path why it cannot be split",
            ));
        }
        if !files.iter().any(|file| file.path == path && lines(file) > LIMIT) {
            let what = format!("`{path}` is gone or within {LIMIT} lines");
            findings.push(Finding::new(EXCEPTIONS, number, what, "delete this line"));
        }
    }
    for file in files.iter().filter(|file| file.rust.is_some()) {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path).trim_end_matches(".rs");
        if lines(file) > LIMIT && !excepted.contains(&file.path.as_str()) {
            let what = format!("{} lines, more than {LIMIT}", lines(file));
            findings.push(Finding::new(
                &file.path,
                LIMIT + 1,
                what,
                format!("split it by the question a reader asks, or give a reason in {EXCEPTIONS}"),
            ));
        }
        if name == "mod" {
            findings.push(Finding::new(
                &file.path,
                1,
                "a file named mod.rs",
                "name it after its module, beside the folder",
            ));
        }
        if EMPTY_NAMES.contains(&name) {
            findings.push(Finding::new(
                &file.path,
                1,
                format!("`{name}` names no subject"),
                "name the file after what it holds",
            ));
        }
    }
    findings
}

fn lines(file: &File) -> usize {
    file.text.lines().count()
}

#[cfg(test)]
mod tests {
    use super::{EXCEPTIONS, LIMIT};
    use crate::tidy::tests::found;

    #[test]
    fn a_long_file_needs_a_reason() {
        let (long, longest) = ("\n".repeat(LIMIT + 1), "\n".repeat(LIMIT));
        assert_eq!(found(&[("a/b.rs", &long), ("a/c.rs", &longest)]), ["a/b.rs:601 601 lines, more than 600"]);
        assert_eq!(found(&[("a/b.rs", &long), (EXCEPTIONS, "# why\na/b.rs one table\n")]), [""; 0]);
        assert_eq!(
            found(&[("a/b.rs", &long), (EXCEPTIONS, "a/b.rs\n")]),
            ["xtask/tidy-exceptions.txt:1 no reason for `a/b.rs`"]
        );
    }

    #[test]
    fn a_stale_exception_is_a_finding() {
        let list = "a/b.rs short by now\ngone.rs split long ago\n";
        assert_eq!(
            found(&[("a/b.rs", "\n"), (EXCEPTIONS, list)]),
            [
                "xtask/tidy-exceptions.txt:1 `a/b.rs` is gone or within 600 lines",
                "xtask/tidy-exceptions.txt:2 `gone.rs` is gone or within 600 lines",
            ]
        );
    }

    #[test]
    fn names_say_what_files_hold() {
        assert_eq!(
            found(&[("a/mod.rs", ""), ("b/utils.rs", ""), ("c/model.rs", "")]),
            ["a/mod.rs:1 a file named mod.rs", "b/utils.rs:1 `utils` names no subject",]
        );
    }
}
