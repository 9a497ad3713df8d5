//! What a database has, as far as a run knows it.

use std::collections::BTreeSet;

use super::perform::{Run, Way};
use super::progress::Direction;
use super::record;
use super::wire::Wire;
use crate::dialect::{Dialect, Inventory};
use crate::migrate::book::{self, Applied};
use crate::migrate::{Fault, History, Revision};
use crate::schema::Schema;
use crate::{Error, Field, Result};

/// The revisions of a database, and what follows from them.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) ids: BTreeSet<String>,
    /// The place of the last.
    pub(super) place: i64,
    /// As of when all this holds; `None` where it has to be asked.
    pub(super) mark: Option<Mark>,
    schema: Option<Schema>,
    stored: Option<Inventory>,
}

/// A moment of a database: it is another one whenever anything was changed that a run has to know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The last event: whoever changes what is remembered of revisions tells of it.
    event: Option<i64>,
    /// What the engine says of its tables, since others change these without a word.
    tables: Vec<String>,
}

impl Known {
    /// Nothing is certain any more.
    pub(super) fn forget(&mut self) {
        *self = Known::default();
    }

    /// Refuses where the revisions are not there that this one stands on, or those still are that stand on it.
    pub(super) fn may(&self, way: Way<'_>, history: &History) -> Result<()> {
        let id = &way.revision.id;
        let (in_the_way, why): (Vec<&str>, _) = match way.direction {
            Direction::Up => {
                let needs = history.needs(id).into_iter().map(|needed| needed.id.as_str());
                let missing = needs.filter(|needed| !self.ids.contains(*needed)).collect();
                (missing, ["applied", "on which it stands, was undone"])
            }
            Direction::Down => {
                let stands = |other: &&String| history.needs(other).iter().any(|needed| needed.id == *id);
                let standing = self.ids.iter().filter(stands).map(String::as_str).collect();
                (standing, ["undone", "which stands on it, was applied"])
            }
        };
        if in_the_way.is_empty() {
            return Ok(());
        }
        let ([done, other], ids) = (why, in_the_way.join("`, `"));
        Err(Error::revision(format!(
            "revision `{id}` was not {done}: `{ids}`, {other} by another program in the meantime; run this again"
        )))
    }

    /// The schema and what is stored, to be worked on.
    pub(super) fn take(&mut self, history: &History, engine: &Dialect) -> Result<(Schema, Option<Inventory>)> {
        let schema = match self.schema.take() {
            Some(schema) => schema,
            None => history.schema(engine, &self.ids).map_err(<Vec<Fault> as Into<Error>>::into)?,
        };
        Ok((schema, self.stored.take()))
    }

    /// A revision was gone over, and the schema is this now.
    pub(super) fn went(&mut self, way: Way<'_>, place: i64, schema: Schema, stored: Option<Inventory>) {
        match way.direction {
            Direction::Up => {
                self.place = place;
                self.ids.insert(way.revision.id.clone());
            }
            Direction::Down => way.revision.covers().for_each(|id| drop(self.ids.take(id))),
        }
        (self.schema, self.stored) = (Some(schema), stored);
    }
}

/// The revisions that a database has; none where it does not remember any.
pub(super) async fn applied(wire: &mut Wire) -> Result<Vec<Applied>> {
    if !wire.is_kept().await? {
        return Ok(Vec::new());
    }
    let statement = book::list(wire.dialect())?;
    wire.rows(&statement, book::read).await
}

/// Refuses where files do not fit what was run.
pub(super) fn fits(history: &History, applied: &[Applied]) -> Result<()> {
    let edited: Vec<String> = applied
        .iter()
        .filter_map(|entry| {
            let revision = history.get(&entry.id)?;
            (revision.checksum() != entry.checksum).then(|| format!("  `{}` in {}", entry.id, revision.file))
        })
        .collect();
    if edited.is_empty() {
        return Ok(());
    }
    Err(Error::revision(format!(
        "revisions that this database has were edited since:\n{}\nBring each file back to what was run (`db show ID --applied` \
         prints it) and make the change in a new revision; or, where the new text means the same for databases that have \
         the old one, accept it: `db stamp --accept ID`",
        edited.join("\n")
    )))
}

/// Refuses where the database has revisions that no file has.
pub(super) fn is_ours(history: &History, applied: &[Applied]) -> Result<()> {
    let ids = ids(applied);
    let unknown = history.unknown(&ids);
    if unknown.is_empty() {
        return Ok(());
    }
    let told = |id: &&str| match applied.iter().find(|entry| entry.id == *id) {
        Some(entry) => format!("  `{id}` {} (applied {} by {})", entry.message, entry.finished, entry.who),
        None => format!("  `{id}`"),
    };
    Err(Error::revision(format!(
        "the database has revisions that this program does not know:\n{}\nIt was upgraded by a newer program, or their files are \
         missing here. Nothing was changed: run the newer program, bring the files, or go back with `db downgrade`, which \
         uses the text that the database keeps",
        unknown.iter().map(told).collect::<Vec<_>>().join("\n")
    )))
}

/// The history with the revisions that only the database still has; `None` where there are none.
pub(crate) fn with_lost(history: &History, applied: &[Applied]) -> Result<Option<History>> {
    let ids = ids(applied);
    let unknown = history.unknown(&ids);
    if unknown.is_empty() {
        return Ok(None);
    }
    let mut revisions = history.revisions().to_vec();
    for entry in applied.iter().filter(|entry| unknown.contains(&entry.id.as_str())) {
        revisions.push(Revision::parse(&entry.file, &entry.text)?);
    }
    Ok(Some(History::new(revisions)?))
}

pub(super) fn ids(applied: &[Applied]) -> BTreeSet<String> {
    applied.iter().map(|entry| entry.id.clone()).collect()
}

impl Run<'_> {
    /// Within the transaction: sees to the tables, and reads them again where anybody changed anything.
    pub(super) async fn refresh(&mut self) -> Result<()> {
        if self.known.mark.is_none() {
            self.make_tables().await?;
        }
        let mark = self.mark().await?;
        if let Some(known) = self.known.mark.as_ref().filter(|known| known.event == mark.event) {
            if *known != mark {
                self.known.stored = None;
            }
            self.known.mark = Some(mark);
            return Ok(());
        }
        let applied = applied(&mut self.wire).await?;
        fits(self.history, &applied)?;
        is_ours(self.history, &applied)?;
        self.known.forget();
        self.known.place = applied.last().map_or(0, |entry| entry.place);
        self.known.ids = self.history.counted(&ids(&applied));
        self.known.mark = Some(mark);
        Ok(())
    }

    /// Makes the tables that remember revisions, where they are not there.
    pub(super) async fn make_tables(&mut self) -> Result<()> {
        if self.wire.is_kept().await? {
            return Ok(());
        }
        for text in self.wire.dialect().ddl(&book::make(), &Schema::default())? {
            self.wire.run(&text).await?;
        }
        Ok(())
    }

    /// Tells in a transaction of its own what begins, so that whoever waits for the lock can be told who has it.
    pub(super) async fn announce(&mut self, what: &str, wanted: &[&Revision]) -> Result<()> {
        self.wire.begin(self.runner).await?;
        let told = async {
            self.refresh().await?;
            let ids: Vec<&str> = wanted.iter().map(|revision| revision.id.as_str()).collect();
            self.event(what, None, &ids.join(" ")).await?;
            self.mark().await
        };
        let told = told.await;
        self.known.mark = Some(self.wire.end(told).await?);
        Ok(())
    }

    /// Forgets a revision and its steps.
    pub(super) async fn forget(&mut self, id: &str) -> Result<()> {
        for statement in record::forget(self.wire.dialect(), id)? {
            self.wire.send(&statement).await?;
        }
        Ok(())
    }

    /// The moment at which the database is.
    pub(super) async fn mark(&mut self) -> Result<Mark> {
        let statement = book::mark(self.wire.dialect())?;
        let event = self.wire.rows(&statement, Option::<i64>::read).await?.pop().flatten();
        let tables = match self.wire.dialect().stamp() {
            Some(query) => self.wire.texts(query).await?,
            None => Vec::new(),
        };
        Ok(Mark { event, tables })
    }
}
