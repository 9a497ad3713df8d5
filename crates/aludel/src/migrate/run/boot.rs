//! What an application asks of its database before it serves: to be brought along, or to be where its revisions are.

use std::sync::OnceLock;

use super::source::Source;
use super::state::{fits, ids, is_ours};
use super::{Functions, Runner};
use crate::migrate::{History, Revision};
use crate::model::Bind;
use crate::{Database, Error, Result};

/// The revisions of a program, with the functions that they call.
#[derive(Debug)]
pub(crate) struct Program<B: Bind> {
    source: Option<Source>,
    functions: Functions<B>,
    /// Read once: what comes into the folder later is for the next start.
    history: OnceLock<History>,
}

impl<B: Bind> Program<B> {
    pub(crate) fn new(source: Option<Source>, functions: Functions<B>) -> Self {
        Program { source, functions, history: OnceLock::new() }
    }

    fn history(&self) -> Result<&History> {
        if let Some(history) = self.history.get() {
            return Ok(history);
        }
        let Some(source) = &self.source else {
            return Err(Error::usage(
                "no revisions are known of this database: open it through `project!()`, or by \
                 `Database::open(..).revisions(aludel::revisions!())`",
            ));
        };
        let files = source.files_at_start()?;
        if let Some(note) = files.note() {
            eprintln!("note: {note}");
        }
        let history = files.history()?;
        Ok(self.history.get_or_init(|| history))
    }
}

impl<B: Bind> Database<B> {
    /// Applies all revisions of the program that the database does not have, in order; gives those that this call applied.
    ///
    /// Many programs may do this at once when they start: each revision is applied by one of them. Where nothing is pending,
    /// nothing is written and no lock is taken: two statements that read.
    ///
    /// # Errors
    /// `is_revision` where the database has revisions that this program does not know, which happens when a newer one was at
    /// work: nothing is changed then. Else as [`Runner::upgrade`]. A usage error where the database was opened without
    /// revisions, a configuration error with every fault of their files.
    ///
    /// ```standalone_crate
    /// # use aludel::prelude::*;
    /// # aludel::block(async {
    /// let db: Database = Database::open(":memory:").revisions(aludel::revisions!()).await?;
    /// for revision in db.upgrade().await? {
    ///     println!("applied {} ({})", revision.id, revision.message);
    /// }
    /// db.assert_current().await?;
    /// # Ok::<(), aludel::Error>(()) }).unwrap();
    /// ```
    pub async fn upgrade(&self) -> Result<Vec<&Revision>> {
        let history = self.program.history()?;
        let done = Runner::new(self, history).functions(&self.program.functions).upgrade("heads").await?;
        Ok(done.iter().filter_map(|id| history.get(id)).collect())
    }

    /// The revisions of the program that the database does not have, in the order in which they would be applied. Writes
    /// nothing: two statements.
    ///
    /// # Errors
    /// As [`upgrade`](Database::upgrade) for revisions that are not known or have faults; whatever the database reports.
    pub async fn pending(&self) -> Result<Vec<&Revision>> {
        Runner::new(self, self.program.history()?).pending().await
    }

    /// Refuses where the database is not where the revisions of the program are: for programs that do not upgrade by
    /// themselves. Writes nothing: two statements.
    ///
    /// # Errors
    /// `is_revision`, naming what is pending with the command that applies it, or what the database has that this program
    /// does not know or knows otherwise; else as [`pending`](Database::pending).
    pub async fn assert_current(&self) -> Result<()> {
        let history = self.program.history()?;
        let applied = Runner::new(self, history).applied().await?;
        fits(history, &applied)?;
        is_ours(history, &applied)?;
        let pending = history.upgrade(&ids(&applied), "heads")?;
        if pending.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = pending.iter().map(|one| format!("  `{}` ({})", one.id, one.message)).collect();
        Err(Error::revision(format!(
            "the database lacks revisions of this program:\n{}\nApply them with `db upgrade`, or let the program do it: \
             `Database::upgrade` before it serves",
            lines.join("\n")
        )))
    }
}
