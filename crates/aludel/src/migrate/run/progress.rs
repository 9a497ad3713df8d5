//! What is told of a run while it goes on; whoever asked for it decides how to show it.

use std::time::Duration;

use crate::migrate::Revision;

/// Which way a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Revisions are applied.
    Up,
    /// Revisions are undone.
    Down,
}

/// One moment of a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// Another program holds the lock.
    Waiting {
        /// For how long already.
        since: Duration,
        /// Until when, counted from the same moment.
        limit: Duration,
    },
    /// A revision begins.
    Revision {
        /// Which.
        revision: &'a Revision,
        /// Which way.
        direction: Direction,
        /// Its place among those of this run, from 1.
        at: usize,
        /// How many there are.
        of: usize,
    },
    /// A statement is about to run.
    Statement {
        /// The revision.
        revision: &'a Revision,
        /// Its text.
        text: &'a str,
    },
    /// A function has done another batch.
    Batch {
        /// The revision.
        revision: &'a Revision,
        /// The function's name.
        name: &'a str,
        /// Rows so far.
        rows: u64,
    },
    /// A revision is committed.
    Done {
        /// Which.
        revision: &'a Revision,
        /// Which way.
        direction: Direction,
        /// How long it took.
        took: Duration,
    },
}
