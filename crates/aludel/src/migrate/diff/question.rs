//! What only people can answer.

use std::fmt;

use super::answers::Path;
use crate::schema::Problem;

/// What stands between two schemas and the steps from one to the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unanswered {
    /// What has to be answered, all of it.
    pub questions: Vec<Question>,
    /// Answers that fit nothing, and schemas that do not hold together.
    pub problems: Vec<Problem>,
}

/// What only people can answer: whether something was renamed, may go, or what rows get.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Question {
    /// The same for the same question: `rename users.mail`.
    pub id: String,
    /// What is asked.
    pub kind: Asked,
    /// The name it is about: of a rename and a drop the former, else the new one.
    pub object: String,
    /// What it may be called now, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// The candidate that stands out, to be offered first; never taken without an answer.
    pub suggested: Option<String>,
    /// The question as a sentence.
    pub text: String,
    /// What to type; one of them answers the question.
    pub flags: Vec<String>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether something that is gone is something that is new.
    Rename,
    /// Whether something may go with all it holds.
    Drop,
    /// What rows that are there get in a new column.
    Default,
    /// What makes the values of a column that changes its type.
    Using,
}

/// What something may be called now.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// How like they are, from 0 to 1.
    pub score: f64,
    /// What speaks for it, a few words each.
    pub reasons: Vec<String>,
}

impl Asked {
    /// The word for it in JSON: `rename`, `drop`, `default` or `using`.
    pub fn name(self) -> &'static str {
        match self {
            Asked::Rename => "rename",
            Asked::Drop => "drop",
            Asked::Default => "default",
            Asked::Using => "using",
        }
    }
}

impl Question {
    pub(super) fn new(kind: Asked, object: &Path, text: String, flags: Vec<String>) -> Question {
        let (candidates, suggested) = Default::default();
        let object = object.to_string();
        Question { id: format!("{} {object}", kind.name()), kind, object, candidates, suggested, text, flags }
    }
}

/// The question, its candidates, and what to type.
impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        for candidate in &self.candidates {
            write!(f, "\n  {:.2} {}: {}", candidate.score, candidate.name, candidate.reasons.join(", "))?;
        }
        for flag in &self.flags {
            write!(f, "\n  = answer: {flag}")?;
        }
        Ok(())
    }
}

/// An answer as a shell takes it.
pub(super) fn flag(name: &str, value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._=-".contains(letter);
    match value.chars().all(plain) {
        true => format!("--{name} {value}"),
        false => format!("--{name} '{}'", value.replace('\'', "'\\''")),
    }
}

impl From<Unanswered> for crate::Error {
    fn from(open: Unanswered) -> Self {
        let problems = open.problems.iter().map(ToString::to_string);
        let lines: Vec<String> = problems.chain(open.questions.iter().map(ToString::to_string)).collect();
        crate::Error::usage(lines.join("\n"))
    }
}
