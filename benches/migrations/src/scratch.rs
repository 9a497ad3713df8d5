//! A folder of this run, gone with it, and what both sides do in it.

use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("aludel-bench-migrations-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the temporary folder takes files");
        Scratch(path)
    }

    /// A folder in it, made if need be.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(&path).expect("the temporary folder takes folders");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs `command` in `folder`; a failure ends the bench with what it said.
pub fn run(folder: &Path, command: &mut Command) {
    let output = rounds::child(command.current_dir(folder));
    if !output.status.success() {
        let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        panic!("{command:?} failed in {}:\n{out}{error}", folder.display());
    }
}

/// Takes away the database `name` in `folder`.
pub fn remove_database(folder: &Path, name: &str) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(folder.join(format!("{name}{end}")));
    }
}

/// The only file in `folder` that ends like this.
pub fn only(folder: &Path, end: &str) -> PathBuf {
    let files =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it is readable").path());
    let mut found: Vec<PathBuf> = files.filter(|path| path.to_string_lossy().ends_with(end)).collect();
    assert_eq!(found.len(), 1, "one {end} in {}", folder.display());
    found.remove(0)
}

/// Rewrites the file without the lines that hold `words`; there has to be one.
pub fn without(file: &Path, words: &str) {
    let text = std::fs::read_to_string(file).expect("the file is there");
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains(words)).collect();
    assert!(kept.len() < text.lines().count(), "`{words}` in {}", file.display());
    std::fs::write(file, kept.join("\n") + "\n").expect("the file takes text");
}

/// Takes away all files of `folder` that hold `words` in their names.
pub fn forget(folder: &Path, words: &str) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        if entry.file_name().to_string_lossy().contains(words) {
            std::fs::remove_file(entry.path()).expect("the file goes");
        }
    }
}
