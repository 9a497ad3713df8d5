//! Words that must not stand where they would bind what should stay free: engine names outside of their folders, unfinished
//! work, and anything that speaks of the machine or the papers a text was written on instead of the project.

use super::source::{line, words};
use super::{File, Finding};

const ENGINES: [&str; 4] = ["sqlite", "postgres", "mysql", "mariadb"];

/// Spelled in parts, so that this file does not contain them.
const FOREIGN: [&str; 5] = [
    concat!("spi", "ke"),
    concat!("know", "ledge/"),
    concat!("the b", "rief"),
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
];

/// Where a lock file may take crates from.
const INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let rules = [engines, unfinished, unsafety, foreign, sources];
    files.iter().flat_map(|file| rules.iter().flat_map(|rule| rule(file))).collect()
}

/// Engine names belong to `dialect` and `driver`; a feature's name in a `cfg` names no engine.
fn engines(file: &File) -> Vec<Finding> {
    let Some((inner, source)) = file.core() else { return Vec::new() };
    let home = |module: &str| inner.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'));
    if home("dialect") || home("driver") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (number, text) in (1..).zip(source.code.lines()) {
        let text = text.to_ascii_lowercase();
        if let Some(engine) = ENGINES.iter().find(|engine| text.contains(**engine) && !text.contains("cfg(")) {
            let what = format!("`{engine}` outside of dialect/ and driver/");
            let cure = "ask a fact or policy of `Dialect` instead, or move the spelling into the dialect";
            findings.push(Finding::new(&file.path, number, what, cure));
        }
    }
    findings
}

fn unfinished(file: &File) -> Vec<Finding> {
    let Some(source) = &file.rust else { return Vec::new() };
    let at = |word: &'static str| words(&source.bare, word).map(move |at| (at, word));
    let finding = |(at, word)| {
        Finding::new(
            &file.path,
            line(&source.bare, at),
            format!("`{word}`"),
            "finish it, or return an error that says what to do instead",
        )
    };
    ["todo!", "unimplemented!"].into_iter().flat_map(at).map(finding).collect()
}

/// Every crate forbids unsafe code but the one that declares a linker slice, which denies it with one exception.
fn unsafety(file: &File) -> Vec<Finding> {
    let Some(source) = &file.rust else { return Vec::new() };
    let ours = ["crates/", "xtask/"].iter().any(|start| file.path.starts_with(start));
    let is_root = ["/src/lib.rs", "/src/main.rs"].iter().any(|end| file.path.ends_with(end));
    if !ours || !is_root || file.core().is_some() || source.bare.contains("#![forbid(unsafe_code)]") {
        return Vec::new();
    }
    vec![Finding::new(
        &file.path,
        1,
        "a crate that does not forbid unsafe code",
        "write #![forbid(unsafe_code)] above its modules",
    )]
}

fn foreign(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, text) in (1..).zip(file.text.lines()) {
        let text = text.to_ascii_lowercase();
        for word in FOREIGN.iter().filter(|word| words(&text, word).next().is_some()) {
            let cure = "say it in the project's own terms, with its own reasons and relative paths";
            findings.push(Finding::new(&file.path, number, format!("`{word}`"), cure));
        }
    }
    findings
}

fn sources(file: &File) -> Vec<Finding> {
    if !file.path.ends_with("Cargo.lock") {
        return Vec::new();
    }
    let strange = |text: &str| text.strip_prefix("source = ").is_some_and(|source| source.trim_matches('"') != INDEX);
    let finding = |number| {
        Finding::new(&file.path, number, "a crate from elsewhere than crates.io", "depend on a published release")
    };
    (1..).zip(file.text.lines()).filter(|(_, text)| strange(text)).map(|(number, _)| finding(number)).collect()
}

#[cfg(test)]
mod tests {
    use super::FOREIGN;
    use crate::tidy::tests::found;

    #[test]
    fn engines_are_named_at_home_in_comments_tests_and_features_alone() {
        let text =
            "// SQLite\nlet a = \"SQLite\";\n#[cfg(feature = \"sqlite\")]\nmod b;\n#[cfg(test)] mod tests { sqlite }";
        assert_eq!(
            found(&[("crates/aludel/src/session.rs", text)]),
            ["crates/aludel/src/session.rs:2 `sqlite` outside of dialect/ and driver/"]
        );
        for home in ["crates/aludel/src/driver/pool.rs", "crates/aludel/src/dialect.rs", "examples/blog/src/main.rs"] {
            assert_eq!(found(&[(home, text)]), [""; 0]);
        }
    }

    #[test]
    fn unfinished_work_is_found_in_code_alone() {
        let text = concat!("// todo!\nfn f() { to", "do!() }\nfn g() { un", "implemented!() }");
        assert_eq!(
            found(&[("xtask/src/a.rs", text)]),
            ["xtask/src/a.rs:2 `todo!`", "xtask/src/a.rs:3 `unimplemented!`"]
        );
    }

    #[test]
    fn foreign_words_are_found_in_every_text() {
        for word in FOREIGN {
            assert_eq!(
                found(&[("GUIDE.md", &format!("first\nsee {word}x y"))]).len(),
                usize::from(word.ends_with('/')),
                "{word}"
            );
            assert_eq!(found(&[("a/notes.txt", &format!("first\nsee {word} y"))]), [format!("a/notes.txt:2 `{word}`")]);
        }
    }

    #[test]
    fn crates_forbid_unsafe_code() {
        let [bad, good] = ["//! A.\nmod b;", "//! A.\n#![forbid(unsafe_code)]\nmod b;"];
        assert_eq!(
            found(&[("crates/a/src/lib.rs", bad), ("xtask/src/b.rs", bad), ("xtask/src/main.rs", good)]),
            ["crates/a/src/lib.rs:1 a crate that does not forbid unsafe code"]
        );
    }

    #[test]
    fn lock_files_name_one_registry() {
        let text = "[[package]]\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nsource = \"git+https://x\"";
        assert_eq!(
            found(&[("benches/Cargo.lock", text)]),
            ["benches/Cargo.lock:3 a crate from elsewhere than crates.io"]
        );
    }
}
