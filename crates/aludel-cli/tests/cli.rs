//! The `aludel` binary, driven as a shell drives it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fresh folder of this test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs `aludel <words>` in `folder`: exit code, standard output, standard error.
fn aludel(folder: &Path, words: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_aludel")).args(words).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Asserts exit code and that what it says has every one of `parts`.
#[track_caller]
fn check(folder: &Path, words: &[&str], code: i32, parts: &[&str]) {
    let (found, out, error) = aludel(folder, words);
    assert_eq!(found, code, "{words:?}\n{out}{error}");
    let said = if code == 0 { &out } else { &error };
    for part in parts {
        assert!(said.contains(part), "{words:?} does not say {part:?}:\n{said}");
    }
}

#[test]
fn words_are_answered() {
    let here = folder("words");
    check(&here, &["help"], 0, &["usage: aludel", "new <name>", "db <verb>", "exit codes"]);
    check(&here, &["--version"], 0, &["aludel ", env!("CARGO_PKG_VERSION")]);
    check(&here, &[], 2, &["which command?", "usage: aludel"]);
    check(&here, &["nwe", "shop"], 2, &["no command `nwe`", "did you mean `aludel new`?"]);
    for (slip, verb) in [("helth", "health"), ("upgrad", "upgrade"), ("migrat", ""), ("dowgrade", "downgrade")] {
        let said =
            if verb.is_empty() { "the commands are".to_owned() } else { format!("did you mean `aludel db {verb}`?") };
        check(&here, &[slip], 2, &[&said]);
    }
    check(&here, &["serve"], 2, &["no command `serve`", "new, db, help, version"]);
}

#[test]
fn new_makes_a_project_that_cargo_reads() {
    let here = folder("new");
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    check(
        &here,
        &["new", "my-shop", "--aludel", checkout.to_str().unwrap()],
        0,
        &["my-shop is ready", "cd my-shop", "Cargo.toml is a workspace", "add \"my-shop\" to its `members`"],
    );
    let project = here.join("my-shop");
    let mut files = list(&project);
    files.sort();
    let revision = "migrations/a81a6b2237d7_first_tables.sql";
    let expected = [".cargo/config.toml", ".gitignore", "Cargo.toml", "build.rs", revision, "src/main.rs"];
    assert_eq!(files, expected);
    for file in files {
        assert!(!fs::read_to_string(project.join(&file)).unwrap().contains("{{"), "{file} has a gap");
    }
    // Cargo takes the manifest for a member of the workspace around it; a project stands alone.
    let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
    fs::write(project.join("Cargo.toml"), format!("{manifest}\n[workspace]\n")).unwrap();
    let words = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Command::new(env!("CARGO")).args(words).current_dir(&project).output().unwrap();
    let metadata = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for part in ["\"name\":\"my-shop\"", "\"name\":\"aludel\"", "\"axum-0_8\"", "custom-build"] {
        assert!(metadata.contains(part), "{part}:\n{metadata}");
    }
}

#[test]
fn new_takes_the_release_of_its_own_version() {
    let here = folder("release");
    check(&here, &["new", "shop"], 0, &["shop is ready"]);
    let manifest = fs::read_to_string(here.join("shop/Cargo.toml")).unwrap();
    assert!(manifest.contains(&format!("aludel = {{ version = \"{}\",", env!("CARGO_PKG_VERSION"))), "{manifest}");
}

#[test]
fn new_says_nothing_of_a_workspace_where_there_is_none() {
    let here = std::env::temp_dir().join(format!("aludel-new-{}", std::process::id()));
    fs::create_dir_all(&here).unwrap();
    if here.ancestors().all(|folder| !folder.join("Cargo.toml").exists()) {
        let (code, out, error) = aludel(&here, &["new", "shop"]);
        assert!(code == 0 && !out.contains("workspace"), "{out}{error}");
    }
    fs::remove_dir_all(&here).unwrap();
}

#[test]
fn new_overwrites_nothing_and_refuses_what_is_no_name() {
    let here = folder("refusals");
    fs::create_dir(here.join("shop")).unwrap();
    fs::write(here.join("file"), "kept").unwrap();
    check(&here, &["new", "shop"], 1, &["`shop` is there already"]);
    check(&here, &["new", "file"], 1, &["`file` is there already"]);
    check(&here, &["new"], 2, &["needs a name"]);
    check(&here, &["new", "a", "b"], 2, &["`b` is one name too many"]);
    check(&here, &["new", "1a"], 2, &["does not begin with a letter"]);
    check(&here, &["new", "../a"], 2, &["letters, digits, - and _"]);
    check(&here, &["new", "match"], 2, &["word of Rust"]);
    check(&here, &["new", "a", "--force"], 2, &["no option `--force`"]);
    check(&here, &["new", "a", "--aludel"], 2, &["--aludel needs a folder"]);
    check(&here, &["new", "a", "--aludel", "shop"], 1, &["`shop` is no checkout of aludel"]);
    let mut left = list(&here);
    left.sort();
    assert_eq!(left, ["file"]);
    assert_eq!(fs::read_to_string(here.join("file")).unwrap(), "kept");
}

#[test]
fn db_runs_the_application_in_this_folder() {
    let here = folder("db");
    fs::create_dir_all(here.join("app/src/deep")).unwrap();
    fs::write(here.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"app\"]\n").unwrap();
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    fs::write(here.join("app/Cargo.toml"), manifest).unwrap();
    let main = r#"
        fn main() {
            let words: Vec<String> = std::env::args().skip(1).collect();
            println!("{words:?} in {}", std::env::current_dir().unwrap().file_name().unwrap().display());
            std::process::exit(words.last().and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("no code")));
        }"#;
    fs::write(here.join("app/src/main.rs"), main).unwrap();
    let deep = here.join("app/src/deep");
    check(&deep, &["db", "check", "--live", "0"], 0, &["[\"db\", \"check\", \"--live\", \"0\"] in deep"]);
    check(&here, &["db", "--package", "app", "history", "-p", "0"], 0, &["[\"db\", \"history\", \"-p\", \"0\"]"]);
    check(&here, &["db", "--package=app", "revision", "3"], 3, &[]);
    check(&here, &["db", "-p"], 2, &["needs the name of a package"]);
    check(&here, &["db", "-p", "absent", "check"], 1, &["absent"]);
    check(&deep, &["db", "crash"], 1, &["no code"]);
    fs::write(here.join("app/src/main.rs"), "fn main() { broken }").unwrap();
    check(&deep, &["db", "check", "0"], 1, &["broken"]);
}

#[test]
fn db_outside_of_a_project_says_where_it_looked() {
    let nowhere = std::env::temp_dir();
    if nowhere.ancestors().any(|folder| folder.join("Cargo.toml").exists()) {
        return;
    }
    check(&nowhere, &["db", "check"], 1, &["there is no Cargo.toml in", "aludel new <name>"]);
}

/// The files under `folder`, as relative paths.
fn list(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match path.is_dir() {
            true => files.extend(list(&path).into_iter().map(|inner| format!("{name}/{inner}"))),
            false => files.push(name),
        }
    }
    files
}
