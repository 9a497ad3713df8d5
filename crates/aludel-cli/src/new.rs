//! `aludel new <name>`: a project that runs as it stands.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Failure;

/// The files of a project, by their paths in it. `{{name}}` and `{{aludel}}` in them are filled in.
const FILES: [(&str, &str); 6] = [
    ("Cargo.toml", include_str!("../template/Cargo.toml.txt")),
    ("build.rs", include_str!("../template/build.rs")),
    ("src/main.rs", include_str!("../template/main.rs")),
    (".cargo/config.toml", include_str!("../template/config.toml")),
    (".gitignore", include_str!("../template/gitignore.txt")),
    ("migrations/a81a6b2237d7_first_tables.sql", include_str!("../template/migrations/a81a6b2237d7_first_tables.sql")),
];

/// Names that cargo or the compiler keep for themselves and that are no keyword.
const RESERVED: [&str; 11] =
    ["test", "core", "std", "alloc", "proc_macro", "aludel", "axum", "serde", "tokio", "build", "deps"];

/// Words that no crate can be named by.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

/// Makes the folder `name` with a project in it, and says what to type next.
///
/// # Errors
/// Usage: no name, a name no package can have, an unknown option. Failed: the folder is there already, or cannot be written.
pub(crate) fn run(words: &[String]) -> Result<(), Failure> {
    let (name, aludel) = arguments(words)?;
    check_name(name).map_err(|why| Failure::Usage(format!("`{name}` cannot be the name of a project: {why}")))?;
    let aludel = match aludel {
        Some(folder) => format!("path = {:?}", checkout(folder)?),
        None => format!("version = {:?}", env!("CARGO_PKG_VERSION")),
    };
    let folder = Path::new(name);
    // `create_dir` and not `create_dir_all`: it is the one that refuses what is there.
    fs::create_dir(folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::Failed(format!("`{name}` is there already: choose another name, or move it away"))
        }
        _ => Failure::Failed(format!("`{name}` cannot be made: {error}")),
    })?;
    for (path, text) in FILES {
        let text = text.replace("{{name}}", name).replace("{{aludel}}", &aludel);
        write(&folder.join(path), &text)
            .map_err(|error| Failure::Failed(format!("{name}/{path} cannot be written: {error}")))?;
    }
    println!(
        "{name} is ready:\n\n  cd {name}\n  cargo run\n\nIt serves on http://127.0.0.1:3000; src/main.rs says what. When a model \
         has changed:\n\n  cargo db revision -m \"what changes\"\n  cargo db upgrade"
    );
    if let Some(manifest) = workspace() {
        println!(
            "\n{} is a workspace, and cargo takes {name} for a member of it: add \"{name}\" to its `members`, or an empty \
             `[workspace]` to {name}/Cargo.toml.",
            manifest.display()
        );
    }
    Ok(())
}

/// The manifest of the workspace that the current folder is in.
fn workspace() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let manifests = here.ancestors().map(|folder| folder.join("Cargo.toml"));
    let is_workspace = |manifest: &PathBuf| {
        fs::read_to_string(manifest).is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
    };
    manifests.into_iter().find(is_workspace)
}

/// The name, and the folder of `--aludel`.
fn arguments(words: &[String]) -> Result<(&str, Option<&str>), Failure> {
    let (mut name, mut aludel) = (None, None);
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--aludel" => {
                let folder = words
                    .next()
                    .ok_or_else(|| Failure::Usage("--aludel needs a folder: `--aludel <folder>`".into()))?;
                aludel = Some(folder);
            }
            _ if word.starts_with('-') => {
                return Err(Failure::Usage(format!("`aludel new` has no option `{word}`; `aludel help` lists them")));
            }
            _ if name.is_some() => {
                return Err(Failure::Usage(format!("`{word}` is one name too many: `aludel new <name>`")));
            }
            _ => name = Some(word),
        }
    }
    let name = name.ok_or_else(|| Failure::Usage("the project needs a name: `aludel new <name>`".into()))?;
    Ok((name, aludel))
}

fn check_name(name: &str) -> Result<(), String> {
    let odd = name.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'));
    let module = name.replace('-', "_");
    if let Some(odd) = odd {
        return Err(format!("it has {odd:?}; letters, digits, - and _ may be in it"));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err("it does not begin with a letter".into());
    }
    if KEYWORDS.contains(&module.as_str()) {
        return Err("it is a word of Rust".into());
    }
    if RESERVED.contains(&module.as_str()) {
        return Err("a crate of that name is in every such project".into());
    }
    Ok(())
}

/// The full path of the crate `aludel` in a checkout, given as its own folder or as the root of the repository.
fn checkout(folder: &str) -> Result<PathBuf, Failure> {
    let places = [Path::new(folder).to_path_buf(), Path::new(folder).join("crates/aludel")];
    let is_aludel = |place: &PathBuf| {
        fs::read_to_string(place.join("Cargo.toml"))
            .is_ok_and(|text| text.lines().any(|line| line.trim() == "name = \"aludel\""))
    };
    let place = places.into_iter().find(is_aludel).ok_or_else(|| {
        Failure::Failed(format!(
            "`{folder}` is no checkout of aludel: its Cargo.toml, or crates/aludel/Cargo.toml in it, is not there"
        ))
    })?;
    place.canonicalize().map_err(|error| Failure::Failed(format!("`{folder}` cannot be read: {error}")))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn names_are_those_a_crate_can_have() {
        for name in ["shop", "my-shop", "a1_b", "db"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "1shop", "-shop", "sh op", "../shop", "shöp", "async", "std", "proc-macro", "aludel", "a.b"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
