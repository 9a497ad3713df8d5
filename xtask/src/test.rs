//! `cargo xtask test`: the one command that says whether everything holds.
//!
//! Each step stands alone, prints how long it took, and the first that fails ends the run with the command to repeat it.

use std::path::Path;
use std::process::Command;

use crate::{step, tidy};

/// What a run needs beside cargo, and how it is had.
struct Need {
    what: &'static str,
    /// The program and argument that answer when it is there.
    probe: (&'static str, &'static str),
    /// What installs it; the first word is a program.
    cure: &'static [&'static [&'static str]],
}

/// Without a C compiler nothing links and SQLite does not build; the other two are parts of a toolchain that a minimal
/// installation leaves out. Servers for further engines find their place here, as needs with a probe and a cure.
const NEEDS: [Need; 3] = [
    Need {
        what: "a C compiler (`cc`)",
        probe: ("cc", "--version"),
        cure: &[&["apt-get", "update", "-q"], &["apt-get", "install", "-qy", "gcc", "libc6-dev"]],
    },
    Need { what: "rustfmt", probe: ("cargo-fmt", "--version"), cure: &[&["rustup", "component", "add", "rustfmt"]] },
    Need { what: "clippy", probe: ("cargo-clippy", "--version"), cure: &[&["rustup", "component", "add", "clippy"]] },
];

/// Provides what is missing, then runs every check and test of the repository.
///
/// # Errors
/// The first thing that is missing or fails, with what to type next.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let started = std::time::Instant::now();
    NEEDS.iter().try_for_each(provide)?;
    let everything = ["--workspace", "--all-targets", "--all-features"];
    step::run(root, "format", &["fmt", "--all", "--check"])?;
    step::run(root, "clippy", &[&["clippy"], &everything[..], &["--", "-D", "warnings"]].concat())?;
    tidy::run(root, true)?;
    // Broken links between documented items are warnings of no other tool.
    let words = ["rustdoc", "-q", "-p", "aludel", "--lib", "--all-features", "--", "-D", "warnings"];
    step::run(root, "documentation", &words)?;
    step::run(root, "tests", &["test", "--workspace", "--all-features"])?;
    if root.join("crates/aludel/tests/timing.rs").exists() {
        // Alone and last: a clock read beside other tests measures the other tests. Its target says `test = false`, which
        // keeps it out of the run above.
        let words = ["test", "-p", "aludel", "--all-features", "--test", "timing", "--", "--test-threads=1"];
        step::run(root, "timing tests", &words)?;
    }
    println!("\nAll of it holds ({:.0} s).", started.elapsed().as_secs_f64());
    Ok(())
}

/// Sees that a need is met, installing it where this machine lets us.
fn provide(need: &Need) -> Result<(), String> {
    let Need { what, probe: (program, argument), cure } = *need;
    if answers(program, argument) {
        return Ok(());
    }
    println!("== {what} is missing");
    for words in cure {
        let Some((mut command, line)) = installer(words) else { break };
        println!("   {line}");
        if !command.status().is_ok_and(|status| status.success()) {
            break;
        }
    }
    if answers(program, argument) {
        return Ok(());
    }
    let lines: Vec<String> = cure.iter().map(|words| format!("  {}", words.join(" "))).collect();
    Err(format!(
        "{what} is missing and could not be installed from here; install it, for example with:\n{}",
        lines.join("\n")
    ))
}

/// The command that runs `words` with the rights it needs, and its spelling; `None` where this machine has no such program
/// or gives us no such right.
fn installer(words: &[&str]) -> Option<(Command, String)> {
    let (program, arguments) = words.split_first()?;
    let packages = *program == "apt-get";
    if packages && !Path::new("/etc/debian_version").exists() {
        return None;
    }
    if packages && !is_root() {
        // Without a terminal there is nobody to type a password.
        let mut command = Command::new("sudo");
        command.arg("-n").args(words).env("DEBIAN_FRONTEND", "noninteractive");
        return answers("sudo", "-V").then(|| (command, format!("sudo -n {}", words.join(" "))));
    }
    let mut command = Command::new(program);
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    Some((command, words.join(" ")))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn answers(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).output().is_ok_and(|output| output.status.success())
}

#[cfg(test)]
mod tests {
    use super::{NEEDS, Need, answers, provide};

    #[test]
    fn what_compiled_this_test_is_there() {
        assert!(answers(NEEDS[0].probe.0, NEEDS[0].probe.1));
    }

    #[test]
    fn a_need_without_a_cure_says_what_to_type() {
        let need = Need { what: "a unicorn", probe: ("no-such-unicorn", "-V"), cure: &[&["no-such-stable", "fetch"]] };
        let message = provide(&need).unwrap_err();
        assert!(message.contains("a unicorn is missing") && message.contains("no-such-stable fetch"), "{message}");
    }
}
