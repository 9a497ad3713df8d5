//! Revisions applied, taken back and stamped.

use std::collections::BTreeSet;

use super::{Entry, Migrations, ids};
use crate::dialect::Dialect;
use crate::driver::{self, SharedEngine};
use crate::migrate::{Direction, History, Revision, Runner, Step, Work, with_lost};
use crate::model::Bind;
use crate::schema::Op;
use crate::{Database, Error, Result};

/// What a run did.
#[derive(Clone, Debug, serde::Serialize)]
#[non_exhaustive]
pub struct Ran {
    /// The database, without its password.
    pub database: String,
    /// The revisions it went over, in this order; for a stamp, those the database has now.
    pub revisions: Vec<Entry>,
}

impl<B: Bind> Migrations<'_, B> {
    /// Applies all that `target` needs and the database does not have: `heads` for everything. Makes the database where
    /// there is none.
    ///
    /// # Errors
    /// Faults in the files; as [`Runner::upgrade`].
    pub async fn upgrade(&self, target: &str) -> Result<Ran> {
        let history = self.history()?;
        // What cannot be, or need not be, makes no database.
        if !self.exists()? && history.upgrade(&BTreeSet::new(), target)?.is_empty() {
            return Ok(Ran { database: self.database(), revisions: Vec::new() });
        }
        let db = self.open().await?;
        let done = self.runner(&db, &history).upgrade(target).await;
        self.ran(&db, &history, done).await
    }

    /// Takes back all that lies behind `target`.
    ///
    /// # Errors
    /// Faults in the files; as [`Runner::downgrade`].
    pub async fn downgrade(&self, target: &str) -> Result<Ran> {
        let history = self.history()?;
        if !self.exists()? && history.downgrade(&BTreeSet::new(), target)?.is_empty() {
            return Ok(Ran { database: self.database(), revisions: Vec::new() });
        }
        let whole = with_lost(&history, &self.applied().await?)?;
        let db = self.open().await?;
        let done = self.runner(&db, &history).downgrade(target).await;
        self.ran(&db, whole.as_ref().unwrap_or(&history), done).await
    }

    /// Says that the database has what `targets` need and nothing behind them, and runs nothing. With `purge` it forgets
    /// before what it is said to have. All of it is one transaction.
    ///
    /// # Errors
    /// Faults in the files; as [`Runner::stamp`].
    pub async fn stamp(&self, targets: &[&str], purge: bool) -> Result<Ran> {
        let history = self.history()?;
        if !self.exists()? {
            targets.iter().try_for_each(|target| history.stamp(&BTreeSet::new(), target).map(drop))?;
        }
        let db = self.open().await?;
        let done = self.runner(&db, &history).stamp(targets, purge).await;
        self.ran(&db, &history, done).await
    }

    /// What is lost for good by a downgrade to `target`, one line each: tables and columns that it drops, and statements
    /// that delete rows. A revision whose file is gone counts by the text that the database keeps. Writes nothing.
    ///
    /// # Errors
    /// Faults in the files; a usage error for a target that is none; whatever the database reports.
    pub async fn losses(&self, target: &str) -> Result<Vec<String>> {
        let history = self.history()?;
        let applied = self.applied().await?;
        let whole = with_lost(&history, &applied)?;
        let engine = driver::engine_of(&self.target())?;
        let undone = whole.as_ref().unwrap_or(&history).downgrade(&ids(&applied), target)?;
        Ok(undone.into_iter().flat_map(|revision| losses(revision, engine)).collect())
    }

    /// Takes the files of the revisions that `targets` name for what the database has, although they were edited since.
    ///
    /// # Errors
    /// Faults in the files; as [`Runner::accept`].
    pub async fn accept(&self, targets: &[&str]) -> Result<Ran> {
        let history = self.history()?;
        if !self.exists()? {
            return Err(Error::config(format!("{} is not there yet, so there is nothing to accept", self.database())));
        }
        let db = self.open().await?;
        let done = self.runner(&db, &history).accept(targets).await;
        self.ran(&db, &history, done).await
    }

    /// The text of what an upgrade or downgrade to `target` would run on the database as it is, or of `from:to` without a
    /// look at it. Writes nothing; the database need not be there.
    ///
    /// # Errors
    /// Faults in the files; as [`Runner::sql`], which also refuses a `from` that depends on what a database has.
    pub async fn script(&self, direction: Direction, target: &str) -> Result<String> {
        let history = self.history()?;
        let (from, to) = match target.split_once(':') {
            Some(("", to)) => (Some("base"), to),
            Some((from, to)) => (Some(from), to),
            None => (None, target),
        };
        let to = if to.is_empty() { "heads" } else { to };
        let live = if from.is_none() { self.looking()? } else { None };
        let from = from.or_else(|| live.is_none().then_some("base"));
        let engine = match live {
            Some(engine) => engine,
            None => self.scratch()?,
        };
        let text = Runner::over(&engine, &history).sql(direction, from, to).await;
        engine.close().await;
        text
    }

    /// A database in memory, where none is there to ask.
    fn scratch(&self) -> Result<SharedEngine> {
        let engine = driver::engine_of(&self.target())?;
        driver::scratch(engine)?.ok_or_else(|| Error::config(format!("`{}` has no database in memory", engine.name)))
    }

    fn runner<'r>(&'r self, db: &Database<B>, history: &'r History) -> Runner<'r> {
        self.waiting(Runner::new(db, history).functions(&self.project.functions))
    }

    /// A runner that waits as long as was said, and tells of it.
    pub(super) fn waiting<'r>(&'r self, mut runner: Runner<'r>) -> Runner<'r> {
        if let Some(wait) = self.lock_wait {
            runner = runner.lock_wait(wait);
        }
        match &self.progress {
            Some(listener) => runner.progress(|progress| listener(progress)),
            None => runner,
        }
    }

    async fn ran(&self, db: &Database<B>, history: &History, done: Result<Vec<String>>) -> Result<Ran> {
        let applied = Runner::new(db, history).applied().await;
        db.close().await;
        let done = done?;
        let applied = ids(&applied?);
        let revisions: Vec<&Revision> = done.iter().filter_map(|id| history.get(id)).collect();
        Ok(Ran { database: self.database(), revisions: Entry::all(&revisions, history, &applied) })
    }
}

/// What the way back over a revision takes away on an engine.
fn losses(revision: &Revision, engine: &Dialect) -> Vec<String> {
    let deletes = |text: &str| {
        let first = text.split_whitespace().next().unwrap_or_default();
        ["delete", "truncate"].iter().any(|word| first.eq_ignore_ascii_case(word))
    };
    let told = |step: &Step| match &step.work {
        Work::Change(op) => match &**op {
            Op::DropTable { table } => Some(format!("table `{table}` with its rows")),
            Op::DropColumn { table, column } => Some(format!("column `{table}.{column}` with its values")),
            _ => None,
        },
        Work::Data(text) if deletes(text) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            Some(format!("the rows that `{}` finds", words.join(" ")))
        }
        _ => None,
    };
    let steps = revision.down.iter().flatten().filter(|step| step.is_for(engine));
    steps.filter_map(told).map(|what| format!("{what}, by {}", revision.file)).collect()
}
