//! Few public traits: users learn each one, and every trait in a signature is a sentence in somebody's compiler error.

use super::source::{line, words};
use super::{File, Finding};

/// A dozen.
const LIMIT: usize = 12;

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut public = Vec::new();
    let front = files.iter().find(|file| file.core().is_some_and(|(inner, _)| inner == "lib.rs"));
    let hidden =
        front.and_then(|file| file.rust.as_ref()).map(|source| hidden_modules(&source.bare)).unwrap_or_default();
    for file in files {
        let Some((inner, source)) = file.core() else { continue };
        let module = inner.split(['/', '.']).next().unwrap_or(inner);
        if hidden.iter().any(|hidden| hidden == module) {
            continue;
        }
        for at in words(&source.bare, "pub trait").filter(|at| !is_hidden(&source.bare[..*at])) {
            public.push((file, line(&source.bare, at), source.bare[at + "pub trait".len()..].trim_start()));
        }
    }
    let name =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    let all = || public.iter().map(|(_, _, text)| name(text)).collect::<Vec<_>>().join(", ");
    let beyond = public.iter().skip(LIMIT).map(|(file, line, text)| {
        let what = format!("`{}` is a public trait too many: {} of at most {LIMIT}", name(text), public.len());
        let cure = format!("make one of these `pub(crate)` or `#[doc(hidden)]`, or a function: {}", all());
        Finding::new(&file.path, *line, what, cure)
    });
    beyond.collect()
}

/// Modules that `lib.rs` keeps out of the documentation.
fn hidden_modules(bare: &str) -> Vec<String> {
    let hidden = words(bare, "pub mod").filter(|at| is_hidden(&bare[..*at]));
    hidden.map(|at| bare[at + "pub mod".len()..].split(';').next().unwrap_or_default().trim().to_owned()).collect()
}

/// Whether the attributes right before an item hide it from the documentation.
fn is_hidden(before: &str) -> bool {
    let start = before.rfind(['}', ';']).map_or(0, |at| at + 1);
    before[start..].contains("#[doc(hidden)]")
}

#[cfg(test)]
mod tests {
    use super::LIMIT;
    use crate::tidy::tests::found;

    #[test]
    fn the_thirteenth_is_one_too_many() {
        let traits = |n: usize| (0..n).map(|i| format!("pub trait T{i} {{}}\n")).collect::<String>();
        let path = "crates/aludel/src/model.rs";
        let hidden =
            "#[doc(hidden)]\n#[diagnostic::on_unimplemented(note = \"n\")]\npub trait H {}\npub(crate) trait I {}\n";
        assert_eq!(found(&[(path, &(traits(LIMIT) + hidden))]), [""; 0]);
        assert_eq!(
            found(&[(path, &traits(LIMIT + 1))]),
            [format!("{path}:13 `T12` is a public trait too many: 13 of at most 12")]
        );
    }
}
