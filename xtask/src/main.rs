//! The chores of this repository: `cargo xtask tidy`, `cargo xtask test`, `cargo xtask bench`.

#![forbid(unsafe_code)]

mod bench;
mod step;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
usage: cargo xtask <chore>

  test               everything that must hold: format, clippy, tidy, all tests, timing tests last
  tidy               the house rules, read from the sources (under two seconds)
  tidy --features    the same, and a check of each feature alone, of none and of all
  bench [work ..]    the figures of `benches` beside other libraries; only works whose name has one of the words
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let root = root();
    let outcome = match words.as_slice() {
        ["test"] => test::run(&root),
        ["tidy"] => tidy::run(&root, false),
        ["tidy", "--features"] => tidy::run(&root, true),
        ["bench", words @ ..] => bench::run(&root, words),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace: where this crate was compiled, unless the checkout has been moved since.
fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest).parent().map(Path::to_path_buf).unwrap_or_default()
}
