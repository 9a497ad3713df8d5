//! From one schema to another: the steps there and back, written as people would, and what has to be asked before.

mod answers;
mod ask;
mod assign;
mod beside;
mod build;
mod carry;
mod convert;
mod fill;
mod likeness;
mod order;
mod plan;
mod question;
mod rename;
mod resolve;
mod rule;
mod score;
mod table;
mod unused;
mod way;

pub use answers::Answers;
pub(super) use carry::carry;
pub use question::{Asked, Candidate, Question, Unanswered};
pub(super) use rule::adopt;

use super::Step;
use crate::schema::Schema;
use ask::Asking;
use build::{Given, build};
use resolve::resolve;

/// The steps from one schema to another and back.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Changes {
    /// The steps there, in an order in which each applies.
    pub up: Vec<Step>,
    /// The steps back. What no step brings back is noted above the one that leaves it out.
    pub down: Vec<Step>,
    /// What people should know, a sentence each: hints in models that are of no use any more.
    pub notes: Vec<String>,
}

impl Changes {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.up.is_empty()
    }
}

/// The steps that make `to` out of `from`, and those that lead back.
///
/// Each change is made by the smallest operation there is: what is called something else is renamed, rules that are named
/// by convention with it; what an operation can alter is altered; only what nothing alters is dropped and made anew. The
/// same schemas and answers always give the same steps. Expressions count by what they mean.
///
/// A column that takes no NULL and has no default is added to a table that is there with the value that `answers` give: as a
/// default, which goes again in the next step; an expression fills the rows by an UPDATE before NULL is forbidden. A column
/// whose type changes gets a conversion where engines have none of their own. An enum that loses values or changes their
/// order is made anew and its columns change over.
///
/// The way back always leads to a schema equal to `from`, on tables with rows too, but what was dropped comes back empty: a
/// note above the step says so (`loses: ..`), and a column that takes no NULL is filled with a value that says nothing, or
/// with the row's key where no two rows may agree.
///
/// # Errors
/// Everything that has to be answered, all at once: whatever goes with what it holds, what rows get in new columns, and
/// conversions that nobody can know; and every answer that fits nothing.
///
/// ```
/// use aludel::migrate::{Answers, diff};
/// use aludel::prelude::*;
/// use aludel::schema::Schema;
///
/// #[derive(Model)]
/// #[model(table = "tags")]
/// struct Before {
///     id: i64,
/// }
///
/// #[derive(Model)]
/// struct Tag {
///     id: i64,
///     name: Option<String>,
/// }
///
/// let (from, to) = (Schema::from_models(&[Before::META])?, Schema::from_models(&[Tag::META])?);
/// let changes = diff(&from, &to, &Answers::new())?;
/// assert_eq!(changes.up[0].op().unwrap().print(), "ALTER TABLE tags ADD COLUMN name TEXT");
/// assert_eq!(changes.down[0].op().unwrap().print(), "ALTER TABLE tags DROP COLUMN name");
///
/// let open = diff(&to, &from, &Answers::new()).unwrap_err();
/// assert_eq!(open.questions[0].flags, ["--drop tags.name"]);
/// # Ok::<(), aludel::Error>(())
/// ```
pub fn diff(from: &Schema, to: &Schema, answers: &Answers) -> Result<Changes, Unanswered> {
    let resolved = resolve(from, to, answers);
    let given = Given { renames: resolved.renames, models: answers.models.clone(), ..Given::default() };
    let open = Unanswered { problems: resolved.problems, ..Unanswered::default() };
    let mut asking = Asking { from, to, answers, given, open };
    asking.values();
    if from != to {
        asking.ask();
    }
    asking.unused();
    let Asking { given, mut open, .. } = asking;
    if !open.questions.is_empty() || !open.problems.is_empty() {
        return Err(open);
    }
    let there_and_back = || {
        let (up, reached) = build(from, to, &given)?;
        let (down, _) = build(&reached, from, &given.inverse())?;
        Ok((up, down))
    };
    match there_and_back() {
        Ok((up, down)) => Ok(Changes { up, down, notes: resolved.notes }),
        Err(problem) => {
            open.problems.push(problem);
            Err(open)
        }
    }
}

#[cfg(test)]
mod tests;
