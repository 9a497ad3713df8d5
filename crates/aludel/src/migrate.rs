//! Migrations: revision files, the history they make, and the way from one revision to another.
//!
//! A [`Revision`] is one file of portable SQL, read into operations. A [`History`] is all of them as a graph, and a
//! [`Fold`] the schema they make. What stands in a file is data; nothing below `migrate::run` reads a file or talks to a
//! database.

mod book;
mod checksum;
mod conflict;
mod diff;
mod difference;
mod excerpt;
mod fold;
mod graph;
#[cfg(all(test, feature = "sqlite"))]
mod histories;
mod history;
mod name;
mod parse;
mod print;
mod revision;
mod run;

pub use book::{Applied, State, TABLES};
pub use conflict::Conflict;
pub use diff::{Answers, Asked, Candidate, Changes, Question, Unanswered, diff};
pub use difference::{Difference, differences};
pub use fold::Fold;
pub use history::History;
pub use name::{file_name, new_id};
pub(crate) use parse::EDITION;
pub use revision::{Allow, Fault, Instead, Revision, Step, Work};
#[doc(hidden)]
pub use run::Function;
pub use run::{Batch, Direction, Files, Functions, Next, Progress, Proof, Runner, Source, prove};
pub(crate) use run::{Program, statements, with_lost};

pub use crate::syntax::Span;
