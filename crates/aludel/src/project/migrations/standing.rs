//! Where things stand.

use super::{Entry, Migrations, ids};
use crate::Result;
use crate::driver;
use crate::migrate::{Applied, History};
use crate::model::Bind;

/// Which revisions a database has, and which it lacks.
#[derive(Clone, Debug, serde::Serialize)]
#[non_exhaustive]
pub struct Current {
    /// The database, without its password.
    pub database: String,
    /// Whether it is there.
    pub exists: bool,
    /// Those it has that no other of them follows.
    pub current: Vec<Entry>,
    /// Those it lacks, in the order in which they would be applied.
    pub pending: Vec<Entry>,
    /// The ids it has that no file knows.
    pub unknown: Vec<String>,
    /// Those it has whose file says something else than what was run.
    pub edited: Vec<Entry>,
    /// All it remembers, in the order in which they came.
    pub applied: Vec<Applied>,
}

/// Where things stand: the database, the files and the models.
#[derive(Clone, Debug, serde::Serialize)]
#[non_exhaustive]
pub struct Status {
    /// The folder of the files.
    pub folder: String,
    /// How many revisions there are.
    pub revisions: usize,
    /// Those that none follows.
    pub heads: Vec<Entry>,
    /// The database against the files.
    pub database: Current,
    /// The models against the files, one line for each place where they differ.
    pub differences: Vec<String>,
    /// How the files in the folder differ from those that the program carries.
    pub note: Option<String>,
    /// The command to type next; `None` where nothing is to do.
    pub next: Option<String>,
}

impl<B: Bind> Migrations<'_, B> {
    /// Which revisions the database has, and which it lacks. Writes nothing; the database need not be there.
    ///
    /// # Errors
    /// Faults in the files; whatever the database reports.
    pub async fn current(&self) -> Result<Current> {
        self.compared(&self.history()?).await
    }

    /// Where things stand. Writes nothing; the database need not be there.
    ///
    /// # Errors
    /// As [`current`](Migrations::current); a schema error with all problems of the models.
    pub async fn status(&self) -> Result<Status> {
        let history = self.history()?;
        let database = self.compared(&history).await?;
        let differences: Vec<String> = self.differences_of(&history)?.iter().map(ToString::to_string).collect();
        let heads = Entry::all(&history.heads(), &history, &ids(&database.applied));
        let next = next(&heads, &database, differences.is_empty());
        Ok(Status {
            folder: self.shown(),
            revisions: history.revisions().len(),
            heads,
            database,
            differences,
            note: self.note()?,
            next,
        })
    }

    async fn compared(&self, history: &History) -> Result<Current> {
        let exists = driver::exists(&self.target())?;
        let applied = self.applied().await?;
        let ids = ids(&applied);
        let unknown: Vec<String> = history.unknown(&ids).into_iter().map(str::to_owned).collect();
        let is_edited = |entry: &&Applied| history.get(&entry.id).is_some_and(|file| file.checksum() != entry.checksum);
        let edited: Vec<_> = applied.iter().filter(is_edited).filter_map(|entry| history.get(&entry.id)).collect();
        Ok(Current {
            database: self.database(),
            exists,
            current: Entry::all(&history.current(&ids), history, &ids),
            pending: Entry::all(&history.upgrade(&history.known(&ids), "heads")?, history, &ids),
            edited: Entry::all(&edited, history, &ids),
            unknown,
            applied,
        })
    }
}

/// What to type next.
fn next(heads: &[Entry], database: &Current, agree: bool) -> Option<String> {
    // What the files have not can be brought back from the database; before that, the rest is not what it seems.
    if let Some(id) = database.unknown.first().or_else(|| database.edited.first().map(|entry| &entry.id)) {
        return Some(format!("show {id} --applied"));
    }
    let next = match heads {
        [] if agree => return None,
        [] => "init",
        [_, _, ..] => "merge",
        [_] if !agree => "revision -m \"..\"",
        [_] if !database.pending.is_empty() => "upgrade",
        [_] => return None,
    };
    Some(next.to_owned())
}
