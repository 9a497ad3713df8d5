//! Help: what commands there are, and what one does.

use super::option::{EVERYWHERE, FLAGS, Flag, long};
use super::paint::Paint;
use super::verb::{self, VERBS, Verb};
use crate::schema::nearest;

/// What whoever is new here types.
const BEGINNING: &[(&str, &str)] = &[
    ("", "where things stand, and what to type next"),
    ("revision -m \"add shields\"", "write what has changed in the models"),
    ("upgrade", "bring the database there"),
    ("help revision", "more about a command"),
];

/// What there is.
pub(super) fn all(app: &str, paint: Paint) -> String {
    let mut text = format!("The database of {app}, and the revisions of its tables.\n\n");
    text.push_str(&format!("{} {app} db <command> [options]\n\n{}\n", paint.bold("Usage:"), paint.bold("Commands:")));
    text.push_str(&line("(nothing)", "where things stand, and what to type next", paint));
    for verb in VERBS {
        text.push_str(&line(&format!("{} {}", verb.name, verb.arguments), verb.about, paint));
    }
    text.push_str(&line("help [COMMAND]", "this, or all about one command", paint));
    text.push_str(&options(EVERYWHERE, "Options", paint));
    text.push_str(&examples(app, BEGINNING, paint));
    let codes = "0 done or nothing to do, 1 failed or differs, 2 not understood, 3 an answer or consent is missing,\n\
                 4 another process is at it";
    text.push_str(&format!("\n{} {codes}", paint.bold("Exit codes:")));
    text
}

/// All about one.
pub(super) fn one(app: &str, verb: &Verb, paint: Paint) -> String {
    let usage = format!("{app} db {} {}", verb.name, verb.arguments);
    let mut text = format!("{}\n\n{} {} [options]\n\n", capital(verb.about), paint.bold("Usage:"), usage.trim_end());
    text.push_str(&verb.explained());
    text.push('\n');
    text.push_str(&options(verb.flags, "Options", paint));
    text.push_str(&options(EVERYWHERE, if verb.flags.is_empty() { "Options" } else { "As everywhere" }, paint));
    text.push_str(&examples(app, verb.examples, paint));
    text.push_str(&format!("\n{} {}", paint.bold("Exit codes:"), verb.codes));
    text
}

/// What is wrong with a word that should have been a command.
pub(super) fn no_verb(word: &str) -> String {
    match verb::meant(word) {
        Some(name) => format!("there is no command `{word}`; did you mean `{name}`?"),
        None => format!("there is no command `{word}`"),
    }
}

/// What is wrong with an option that `verb` does not take.
pub(super) fn no_flag(typed: &str, verb: Option<&Verb>) -> String {
    let name = typed.trim_start_matches('-');
    let own = verb.map(|verb| verb.flags).unwrap_or_default();
    let near = || nearest(name, own.iter().chain(EVERYWHERE).copied());
    let elsewhere = || -> Vec<&str> {
        let known = FLAGS.iter().find(|flag| flag.usage().split([',', ' ']).any(|word| word == typed));
        let takes = |verb: &&Verb| known.is_some_and(|flag| verb.flags.contains(&flag.name));
        VERBS.iter().filter(takes).map(|verb| verb.name).collect()
    };
    let near = near().filter(|near| *near != name);
    let Some(verb) = verb.filter(|verb| !verb.name.is_empty()) else {
        return match (&elsewhere()[..], near) {
            ([], Some(near)) => format!("there is no option `{typed}`; did you mean `--{near}`?"),
            ([], None) => format!("there is no option `{typed}`"),
            (verbs, _) => format!("`{typed}` stands behind a command that takes it: {}", verbs.join(", ")),
        };
    };
    let what = format!("`{}` does not take `{typed}`", verb.name);
    match (near, &elsewhere()[..]) {
        (_, [verbs @ .., last]) if !verbs.is_empty() => format!("{what}; {} and {last} do", verbs.join(", ")),
        (_, [only]) => format!("{what}; `{only}` does"),
        (Some(near), _) => format!("{what}; did you mean `--{near}`?"),
        _ => what,
    }
}

/// What is wrong with the words behind a command.
pub(super) fn surplus(verb: &Verb, words: &[String]) -> Option<String> {
    let (least, most) = verb.words;
    match words.get(most) {
        Some(word) if verb.name.is_empty() => {
            Some(format!("`{word}` names a revision: write it behind a command, such as `downgrade {word}`"))
        }
        Some(word) if most == 0 => Some(format!("`{}` takes no `{word}`", verb.name)),
        Some(word) => Some(format!("`{word}` is one argument too many: {} {}", verb.name, verb.arguments)),
        None if words.len() < least => Some(format!("`{}` wants more: {} {}", verb.name, verb.name, verb.arguments)),
        None => None,
    }
}

/// Where to read on.
pub(super) fn advice(app: &str, verb: Option<&str>) -> String {
    match verb.and_then(verb::named) {
        Some(verb) => format!("`{app} db help {}` explains it", verb.name),
        None => format!("`{app} db help` lists the commands"),
    }
}

/// Lines to be typed, with what for.
fn examples(app: &str, lines: &[(&str, &str)], paint: Paint) -> String {
    let typed: Vec<String> = lines.iter().map(|(typed, _)| format!("{app} db {typed}").trim_end().to_owned()).collect();
    let width = typed.iter().map(String::len).max().unwrap_or_default();
    let shown = typed.iter().zip(lines).map(|(typed, (_, why))| {
        format!("  {typed}{}  {}\n", " ".repeat(width - typed.len()), paint.dim(&format!("# {why}")))
    });
    format!("\n{}\n{}", paint.bold("Examples:"), shown.collect::<String>())
}

fn options(names: &[&str], title: &str, paint: Paint) -> String {
    let flags: Vec<&Flag> = names.iter().filter_map(|name| long(name)).collect();
    if flags.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = flags.into_iter().map(|flag| line(&flag.usage(), flag.about, paint)).collect();
    format!("\n{}\n{}", paint.bold(&format!("{title}:")), lines.concat())
}

fn line(left: &str, right: &str, paint: Paint) -> String {
    let left = left.trim_end();
    let gap = " ".repeat(25_usize.saturating_sub(left.len()).max(1));
    format!("  {}{gap}{right}\n", paint.good(left))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_with_what_was_meant() {
        assert_eq!(no_verb("helth"), "there is no command `helth`; did you mean `health`?");
        assert_eq!(no_verb("hlep"), "there is no command `hlep`; did you mean `help`?");
        assert_eq!(no_verb("rollback"), "there is no command `rollback`; did you mean `downgrade`?");
        assert_eq!(no_verb("frobnicate"), "there is no command `frobnicate`");
        let check = verb::named("check");
        assert_eq!(no_flag("--formt", check), "`check` does not take `--formt`; did you mean `--format`?");
        assert_eq!(no_flag("--database", check), "`check` does not take `--database`; `drop` does");
        assert_eq!(no_flag("--sql", check), "`check` does not take `--sql`; revision, upgrade, downgrade and show do");
        assert_eq!(no_flag("--frobnicate", check), "`check` does not take `--frobnicate`");
        assert_eq!(no_flag("--formt", None), "there is no option `--formt`; did you mean `--format`?");
        assert_eq!(no_flag("-x", None), "there is no option `-x`");
        assert_eq!(no_flag("--schema", None), "`--schema` stands behind a command that takes it: ensure");
    }

    #[test]
    fn what_others_call_it_is_a_command_here() {
        for word in ["migrate", "down", "makemigrations", "log", "setup"] {
            assert!(verb::named(word).is_none() && verb::meant(word).and_then(verb::named).is_some(), "{word}");
        }
    }

    #[test]
    fn words_are_counted() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let said = |name: &str, given: &[&str]| surplus(verb::named(name).unwrap(), &words(given));
        assert_eq!(said("check", &["x"]).unwrap(), "`check` takes no `x`");
        assert_eq!(said("upgrade", &["a", "b"]).unwrap(), "`b` is one argument too many: upgrade [REV]");
        assert_eq!(said("downgrade", &[]).unwrap(), "`downgrade` wants more: downgrade REV");
        assert_eq!(said("merge", &["a", "b", "c"]), None);
    }

    #[test]
    fn every_option_is_one_that_exists_and_every_example_can_be_parsed() {
        for verb in VERBS {
            assert!(verb.flags.iter().all(|flag| long(flag).is_some()), "{}", verb.name);
            assert!(!verb.examples.is_empty() && verb.examples.iter().all(|(_, why)| !why.is_empty()), "{}", verb.name);
            assert!(verb.codes.contains("2 not understood"), "{}", verb.name);
            for (example, _) in verb.examples {
                let typed = example.replace("\"", "");
                assert!(typed.starts_with(verb.name), "{example}");
            }
        }
        let used = |flag: &Flag| EVERYWHERE.contains(&flag.name) || VERBS.iter().any(|v| v.flags.contains(&flag.name));
        assert!(FLAGS.iter().all(used));
    }
}
