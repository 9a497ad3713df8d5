//! `db revision`, `db init` and `db merge`: new files.

use super::Context;
use super::consent::Consent;
use super::json;
use super::line::Format;
use super::told::{Stop, Told};
use crate::migrate::{Answers, Asked, Question, Revision, Unanswered};
use crate::model::Bind;
use crate::project::{Draft, Request};
use crate::{Error, Result};

/// What was written, for programs.
#[derive(serde::Serialize)]
struct Written<'a> {
    /// `None` where nothing was to do.
    revision: Option<&'a str>,
    file: Option<&'a str>,
    written: bool,
    text: Option<&'a str>,
    notes: &'a [String],
}

/// Questions for programs.
#[derive(serde::Serialize)]
struct Questions<'a> {
    questions: Vec<One<'a>>,
}

#[derive(serde::Serialize)]
struct One<'a> {
    id: &'a str,
    kind: &'static str,
    object: &'a str,
    text: &'a str,
    suggested: Option<&'a str>,
    candidates: Vec<Candidate<'a>>,
    /// What to add to the command; one of them answers.
    answers: &'a [String],
}

#[derive(serde::Serialize)]
struct Candidate<'a> {
    name: &'a str,
    score: f64,
    reasons: &'a [String],
}

pub(super) async fn revision<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let mut request = request(context)?;
    if context.line.has("empty") && context.line.has("autogenerate") {
        return Err(Stop::Misused("`--empty` and `--autogenerate` say the opposite of each other".to_owned()));
    }
    let draft = drafted(context, &mut request).await?;
    written(context, draft, "nothing to do: the models are what the revisions say")
}

pub(super) async fn init<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let migrations = context.migrations();
    let folder = migrations.folder();
    let (shown, fresh) = (migrations.shown(), !folder.is_dir());
    if !migrations.history()?.revisions().is_empty() {
        let text = format!("nothing to do: {shown} has revisions already");
        return Ok(Told::new(text, &nothing(&[])));
    }
    std::fs::create_dir_all(&folder).map_err(|error| Error::config(format!("{shown} cannot be made: {error}")))?;
    let mut request = request(context)?;
    let draft = drafted(context, &mut request).await?;
    let made = if fresh { format!("made {shown}") } else { format!("{shown} is there") };
    let mut told = written(context, draft, "no models yet, so no revision: `revision` writes the first one later")?;
    told.text = format!("{made}\n{}", told.text);
    Ok(told)
}

pub(super) async fn merge<B: Bind>(context: &mut Context<'_, '_, B>) -> Result<Told, Stop> {
    let symbols: Vec<&str> = context.line.words.iter().map(String::as_str).collect();
    let migrations = context.migrations();
    let (message, label) = (context.line.value("message"), context.line.value("label"));
    let Some(merge) = migrations.merge(&symbols, message, label)? else {
        return Ok(Told::new("nothing to do: there is one head", &nothing(&[])));
    };
    if !merge.conflicts.is_empty() {
        let what = "both sides touch the same, so it matters which of them runs first";
        context.consent(&Consent { about: "merge", what, things: merge.conflicts, typed: None })?;
    }
    finish(context, &merge.revision, &[])
}

/// What the options say.
fn request<B: Bind>(context: &Context<'_, '_, B>) -> Result<Request> {
    let line = context.line;
    let mut answers = Answers::new();
    line.values("rename").try_for_each(|text| answers.rename(text))?;
    line.values("drop").try_for_each(|text| answers.drop(text))?;
    line.values("default").try_for_each(|text| answers.default_value(text))?;
    line.values("using").try_for_each(|text| answers.using(text))?;
    if line.has("yes") {
        answers.drop_all();
    }
    let owned = |name: &str| line.value(name).map(str::to_owned);
    Ok(Request {
        message: owned("message"),
        empty: line.has("empty"),
        head: owned("head"),
        label: owned("label"),
        depends: line.values("depends").map(str::to_owned).collect(),
        answers,
    })
}

/// The draft, with everything answered that somebody at the terminal answers.
async fn drafted<B: Bind>(context: &mut Context<'_, '_, B>, request: &mut Request) -> Result<Draft, Stop> {
    loop {
        let open = match context.migrations().draft(request).await? {
            Draft::Open(open) => open,
            draft => return Ok(draft),
        };
        if !open.problems.is_empty() {
            return Err(Stop::Failed(open.into()));
        }
        if context.line.format == Format::Json || !context.console.answers {
            return Err(asked(&open));
        }
        for question in &open.questions {
            if !answered(context, question, &mut request.answers)? {
                return Err(Stop::Asks("nothing was written".to_owned(), questions(&open)));
            }
        }
    }
}

/// Asks, and takes the answer; false where none was given.
fn answered<B: Bind>(
    context: &mut Context<'_, '_, B>,
    question: &Question,
    answers: &mut Answers,
) -> Result<bool, Stop> {
    let console = &mut *context.console;
    console.say(&console.alarm.bold(&question.text));
    match question.kind {
        Asked::Rename => {
            for (number, candidate) in (1..).zip(&question.candidates) {
                let reasons = candidate.reasons.join(", ");
                console.say(&format!("  {number}  {}  ({:.2}: {reasons})", candidate.name, candidate.score));
            }
            console.say("  0  none of them: it goes, with what it holds");
            let given = console.ask("which?");
            let Some(number) = given.and_then(|given| given.parse::<usize>().ok()) else { return Ok(false) };
            match number.checked_sub(1).map(|at| question.candidates.get(at)) {
                None => answers.drop(&question.object)?,
                Some(Some(candidate)) => answers.choose(question, candidate),
                Some(None) => return Ok(false),
            }
        }
        Asked::Drop => {
            let given = console.ask("let it go? [y/N]").unwrap_or_default();
            if !given.eq_ignore_ascii_case("y") && !given.eq_ignore_ascii_case("yes") {
                return Ok(false);
            }
            answers.drop(&question.object)?;
        }
        Asked::Default | Asked::Using => {
            let what = if question.kind == Asked::Default { "value:" } else { "expression in SQL:" };
            let Some(given) = console.ask(what).filter(|given| !given.is_empty()) else { return Ok(false) };
            let answer = format!("{}={given}", question.object);
            match question.kind {
                Asked::Default => answers.default_value(&answer)?,
                _ => answers.using(&answer)?,
            }
        }
    }
    Ok(true)
}

fn asked(open: &Unanswered) -> Stop {
    let lines: Vec<String> = open.questions.iter().map(|question| format!("error: {question}")).collect();
    Stop::Asks(lines.join("\n"), questions(open))
}

fn questions(open: &Unanswered) -> String {
    json::of(&Questions { questions: open.questions.iter().map(One::of).collect() })
}

impl<'a> One<'a> {
    fn of(question: &'a Question) -> Self {
        let candidate =
            |it: &'a crate::migrate::Candidate| Candidate { name: &it.name, score: it.score, reasons: &it.reasons };
        One {
            id: &question.id,
            kind: question.kind.name(),
            object: &question.object,
            text: &question.text,
            suggested: question.suggested.as_deref(),
            candidates: question.candidates.iter().map(candidate).collect(),
            answers: &question.flags,
        }
    }
}

fn nothing(notes: &[String]) -> Written<'_> {
    Written { revision: None, file: None, written: false, text: None, notes }
}

fn written<B: Bind>(context: &mut Context<'_, '_, B>, draft: Draft, none: &str) -> Result<Told, Stop> {
    match draft {
        Draft::Nothing(notes) => {
            let lines: Vec<&str> = [none].into_iter().chain(notes.iter().map(String::as_str)).collect();
            Ok(Told::new(lines.join("\n"), &nothing(&notes)))
        }
        Draft::Open(open) => Err(asked(&open)),
        Draft::Ready(revision, notes) => finish(context, &revision, &notes),
    }
}

/// Writes the file, or with `--sql` only shows it.
fn finish<B: Bind>(context: &mut Context<'_, '_, B>, revision: &Revision, notes: &[String]) -> Result<Told, Stop> {
    let paint = context.console.paint;
    let dry = context.line.has("sql");
    if !dry {
        context.migrations().write(revision)?;
    }
    let path = revision.file.to_string();
    let did = if dry { "would write" } else { "wrote" };
    let mut text = format!("{did} {}\n\n{}", paint.bold(&path), revision.text.trim_end());
    for note in notes {
        text.push_str(&format!("\n\nnote: {note}"));
    }
    let data =
        Written { revision: Some(&revision.id), file: Some(&path), written: !dry, text: Some(&revision.text), notes };
    Ok(Told::new(text, &data))
}
