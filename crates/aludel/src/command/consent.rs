//! Consent: what cannot be undone is asked before it is done.

use super::Context;
use super::json;
use super::line::Format;
use super::told::Stop;
use crate::model::Bind;

/// What is to be consented to.
pub(super) struct Consent<'a> {
    /// A word for programs.
    pub(super) about: &'a str,
    /// What happens, in a sentence without its full stop.
    pub(super) what: &'a str,
    /// The things it happens to, one line each.
    pub(super) things: Vec<String>,
    /// What has to be typed; `None` for a `y`.
    pub(super) typed: Option<&'a str>,
}

/// The question for programs.
#[derive(serde::Serialize)]
struct Asked<'a> {
    question: &'a str,
    about: &'a str,
    what: &'a str,
    things: &'a [String],
    /// What to add to the command.
    answers: [&'a str; 1],
}

impl<B: Bind> Context<'_, '_, B> {
    /// Goes on with `--yes`, or when whoever sits at the terminal says so.
    pub(super) fn consent(&mut self, consent: &Consent<'_>) -> Result<(), Stop> {
        if self.line.has("yes") {
            return Ok(());
        }
        let Consent { about, what, things, typed } = consent;
        let lines: String = things.iter().map(|thing| format!("\n  {thing}")).collect();
        let asked = Asked { question: "consent", about, what, things, answers: ["--yes"] };
        if self.line.format == Format::Json || !self.console.answers {
            let text = format!("error: {what}{lines}\n  = help: add `--yes` if that is meant");
            return Err(Stop::Asks(text, json::of(&asked)));
        }
        self.console.say(&format!("{}{lines}", self.console.alarm.warning(what)));
        let (question, wanted) = match typed {
            Some(word) => (format!("type `{word}` to go on:"), vec![*word]),
            None => ("go on? [y/N]".to_owned(), vec!["y", "yes"]),
        };
        let given = self.console.ask(&question).unwrap_or_default();
        let meant = wanted.iter().any(|word| *word == given || typed.is_none() && given.eq_ignore_ascii_case(word));
        if meant { Ok(()) } else { Err(Stop::Asks("nothing was done".to_owned(), json::of(&asked))) }
    }
}
