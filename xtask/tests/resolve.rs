//! An application may use another library on the same SQLite file beside this one: both must agree on one C library, since
//! cargo links only one package that says `links = "sqlite3"`.

use std::fs;
use std::path::Path;
use std::process::Command;

const SQLX: &str = r#"sqlx = { version = "0.9", default-features = false, features = ["runtime-tokio", "sqlite"] }"#;
const DIESEL: &str = r#"diesel = { version = "2.3", default-features = false, features = ["sqlite"] }"#;

/// Resolves an application that depends on `aludel` and on `peers`, and gives the versions of libsqlite3-sys it gets.
fn resolve(name: &str, peers: &[&str]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), "").unwrap();
    let aludel = root.join("crates/aludel");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         aludel = {{ path = {aludel:?} }}\n{}\n",
        peers.join("\n")
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let _ = fs::remove_file(folder.join("Cargo.lock"));
    let output = Command::new(env!("CARGO")).args(["generate-lockfile", "-q"]).current_dir(&folder).output().unwrap();
    assert!(
        output.status.success(),
        "{peers:?} and aludel do not resolve:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lock = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
    for peer in ["rusqlite"].iter().copied().chain(peers.iter().map(|peer| peer.split(' ').next().unwrap())) {
        assert!(lock.contains(&format!("name = \"{peer}\"")), "{peer} is not in the lock file");
    }
    let versions = lock.split("[[package]]").filter(|package| package.contains("name = \"libsqlite3-sys\""));
    versions
        .map(|package| package.split("version = \"").nth(1).unwrap().split('"').next().unwrap().to_owned())
        .collect()
}

#[track_caller]
fn check(name: &str, peers: &[&str]) {
    let versions = resolve(name, peers);
    assert_eq!(versions.len(), 1, "one C library: {versions:?}");
}

#[test]
fn beside_sqlx() {
    check("beside-sqlx", &[SQLX]);
}

#[test]
fn beside_diesel() {
    check("beside-diesel", &[DIESEL]);
}

#[test]
fn beside_both() {
    check("beside-both", &[SQLX, DIESEL]);
}
