//! A feature adds a file: `cfg(feature ..)` stands before `mod` and `use` alone, so that shared code reads the same under
//! every set of features. The one other place is a macro's list of which every entry has one.

use super::source::{close, line, past_attributes, words};
use super::{File, Finding};

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let Some((_, source)) = file.core() else { continue };
        for at in ["cfg", "cfg_attr"].into_iter().flat_map(|word| words(&source.bare, word)) {
            if names_a_feature(&source.bare, at) && !is_allowed(&source.bare, at) {
                let cure = "move what depends on the feature into a file of its own and put the attribute before its `mod` or `use`";
                let what = "a feature's `cfg` on something else than `mod` or `use`";
                findings.push(Finding::new(&file.path, line(&source.bare, at), what, cure));
            }
        }
    }
    findings
}

fn names_a_feature(bare: &str, at: usize) -> bool {
    let Some(open) = bare[at..].find('(').map(|offset| at + offset) else { return false };
    words(&bare[open..close(bare, open)], "feature").next().is_some()
}

fn is_allowed(bare: &str, at: usize) -> bool {
    let Some(hash) = bare[..at].strip_suffix("#[").map(str::len) else { return false };
    let item = &bare[past_attributes(bare, hash)..];
    let item = item.strip_prefix("pub").map_or(item, |rest| {
        let rest = rest.trim_start();
        if rest.starts_with('(') { rest[close(rest, 0)..].trim_start() } else { rest }
    });
    ["mod ", "use ", "extern crate "].iter().any(|start| item.starts_with(start)) || is_entry(bare, hash)
}

/// Whether the attribute at `hash` stands in a macro's list whose every entry begins with a `cfg`.
fn is_entry(bare: &str, hash: usize) -> bool {
    let mut depth = 0_usize;
    let opening = bare[..hash].bytes().enumerate().rev().find(|(_, byte)| {
        match byte {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
            b'(' | b'[' | b'{' => return true,
            _ => {}
        }
        false
    });
    let Some((open, _)) = opening.filter(|(open, _)| bare[..*open].trim_end().ends_with('!')) else { return false };
    let inner = &bare[open + 1..close(bare, open).max(open + 2) - 1];
    let mut depth = 0_i32;
    let mut entries = inner.split(|c: char| {
        depth += i32::from(matches!(c, '(' | '[' | '{')) - i32::from(matches!(c, ')' | ']' | '}'));
        depth == 0 && matches!(c, ',' | ';')
    });
    entries.all(|entry| entry.trim().is_empty() || entry.trim().starts_with("#[cfg("))
}

#[cfg(test)]
mod tests {
    use crate::tidy::tests::found;

    #[track_caller]
    fn check(text: &str, lines: &[usize]) {
        let found = found(&[("crates/aludel/src/value.rs", text)]);
        let expected = lines.iter().map(|line| {
            format!("crates/aludel/src/value.rs:{line} a feature's `cfg` on something else than `mod` or `use`")
        });
        assert_eq!(found, expected.collect::<Vec<_>>());
    }

    #[test]
    fn modules_and_imports_may_depend_on_features() {
        check(
            "#[cfg(feature = \"a\")]\nmod a;\n#[cfg(any(feature = \"a\", feature = \"b\"))]\n#[doc(hidden)]\npub use a::B;",
            &[],
        );
        check("#[cfg(not(feature = \"a\"))]\npub(crate) use a::B;\n#[cfg(unix)]\nfn f() {}", &[]);
    }

    #[test]
    fn items_fields_and_expressions_may_not() {
        check(
            "#[cfg(feature = \"a\")]\nfn f() {}\nstruct S {\n#[cfg(feature = \"a\")]\nb: u8 }\nfn g() { cfg!(feature = \"a\") }",
            &[1, 4, 6],
        );
        check("#[cfg_attr(feature = \"a\", derive(B))]\nstruct S;", &[1]);
    }

    #[test]
    fn a_list_of_nothing_else_may() {
        check("columns! {\n#[cfg(feature = \"a\")] a::A => (x, y),\n#[cfg(feature = \"b\")] b::B => z,\n}", &[]);
        check("columns! {\n#[cfg(feature = \"a\")] a::A,\nb::B,\n}", &[2]);
    }
}
