//! Lists of revisions.

use std::collections::BTreeSet;

use super::{Entry, Migrations, ids};
use crate::driver;
use crate::migrate::{Applied, Revision, statements, with_lost};
use crate::model::Bind;
use crate::{Error, Result};

impl<B: Bind> Migrations<'_, B> {
    /// All revisions, newest first, or those of a range such as `4f1c:head`, of which either side may be left out.
    ///
    /// # Errors
    /// Faults in the files; a usage error for a range that is none; whatever the database reports.
    pub async fn list(&self, range: Option<&str>) -> Result<Vec<Entry>> {
        let history = self.history()?;
        let applied = ids(&self.applied().await?);
        let chosen = match range {
            Some(range) => history.range(range, &history.known(&applied))?,
            None => history.revisions().iter().collect(),
        };
        let mut entries = Entry::all(&chosen, &history, &applied);
        entries.reverse();
        Ok(entries)
    }

    /// The revisions that none follows.
    ///
    /// # Errors
    /// As [`list`](Migrations::list).
    pub async fn heads(&self) -> Result<Vec<Entry>> {
        Ok(self.list(None).await?.into_iter().filter(|entry| entry.head).collect())
    }

    /// The revisions that several follow.
    ///
    /// # Errors
    /// As [`list`](Migrations::list).
    pub async fn branches(&self) -> Result<Vec<Entry>> {
        Ok(self.list(None).await?.into_iter().filter(|entry| entry.children.len() > 1).collect())
    }

    /// The revisions that `symbol` names: `head`, `4f1c`, `-1` ..
    ///
    /// # Errors
    /// As [`list`](Migrations::list); a usage error where it names none.
    pub async fn find(&self, symbol: &str) -> Result<Vec<Revision>> {
        let history = self.history()?;
        let applied = ids(&self.applied().await?);
        let found = history.resolve(symbol, &history.known(&applied))?;
        if found.is_empty() {
            return Err(Error::usage(format!("`{symbol}` is before the first revision: there is nothing to see")));
        }
        Ok(found.iter().filter_map(|id| history.get(id)).cloned().collect())
    }

    /// What the database remembers of the revisions that `symbol` names, whatever their files say, and whether or not they are
    /// there. A whole id, or the beginning of one that no other begins with, needs no files.
    ///
    /// # Errors
    /// As [`list`](Migrations::list); a usage error where it names none that the database has.
    pub async fn remembered(&self, symbol: &str) -> Result<Vec<Applied>> {
        let applied = self.applied().await?;
        let exact: Vec<Applied> = applied.iter().filter(|entry| entry.id == symbol).cloned().collect();
        if !exact.is_empty() {
            return Ok(exact);
        }
        let resolved = self.history().and_then(|history| {
            let whole = with_lost(&history, &applied)?.unwrap_or(history);
            whole.resolve(symbol, &whole.known(&ids(&applied)))
        });
        let begun = || applied.iter().filter(|entry| entry.id.starts_with(symbol)).map(|entry| entry.id.clone());
        let named = match resolved {
            // Files that cannot be read are no reason to keep back what was run: it may be what mends them.
            Err(error) if !error.is_usage() && begun().count() == 1 => begun().collect(),
            resolved => resolved?,
        };
        let (found, rest): (Vec<Applied>, Vec<Applied>) =
            applied.into_iter().partition(|entry| named.contains(&entry.id));
        if found.is_empty() {
            let ids: Vec<&str> = rest.iter().map(|entry| entry.id.as_str()).collect();
            let has = if ids.is_empty() { "it has none".to_owned() } else { format!("it has {}", ids.join(", ")) };
            return Err(Error::usage(format!("`{symbol}` is no revision of the database: {has}")));
        }
        Ok(found)
    }

    /// What the engine of the database runs for a revision, whose place in the history is known and whose database is not
    /// looked at: statements, each with its `;`, and the functions of the application as comments.
    ///
    /// # Errors
    /// Faults in the files; operations that the engine cannot run.
    pub fn statements(&self, revision: &Revision) -> Result<String> {
        let (history, engine) = (self.history()?, driver::engine_of(&self.target())?);
        let needed = history.upgrade(&BTreeSet::new(), &revision.id)?;
        let ids = needed.iter().map(|needed| needed.id.clone()).filter(|id| *id != revision.id).collect();
        statements(engine, revision, history.schema(engine, &ids)?)
    }
}
