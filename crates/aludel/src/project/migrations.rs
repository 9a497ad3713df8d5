//! What can be asked of the revisions of a project, and done with them: what the `db` commands call.

mod asserting;
mod checking;
mod dropping;
mod entry;
mod files;
mod listing;
mod running;
mod standing;
mod writing;

pub use checking::Checked;
pub use entry::Entry;
pub use running::Ran;
pub use standing::{Current, Status};
pub use writing::{Draft, Merge, Request};

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::Project;
use crate::driver::{self, SharedEngine};
use crate::migrate::{Applied, History, Progress, Runner};
use crate::model::{Bind, Main};
use crate::{Database, Result, Settings};

/// The revisions of a project, its models, and a database, which need not be there.
///
/// Everything that the `db` commands do, as functions for applications that want to do it themselves. Those that only look
/// write nothing and make no database.
///
/// ```no_run
/// # use aludel::prelude::*;
/// # async fn f() -> Result<()> {
/// let project: aludel::Project = aludel::project!();
/// let migrations = project.migrations();
/// for entry in migrations.list(None).await? {
///     println!("{} {} {}", if entry.applied { "x" } else { " " }, entry.id, entry.message);
/// }
/// # Ok(()) }
/// ```
pub struct Migrations<'a, B: Bind = Main> {
    project: &'a Project<B>,
    url: Option<String>,
    folder: Option<PathBuf>,
    lock_wait: Option<Duration>,
    progress: Option<Box<Listener<'a>>>,
}

/// Who is told of a run.
type Listener<'a> = dyn Fn(&Progress<'_>) + Send + Sync + 'a;

impl<B: Bind> std::fmt::Debug for Migrations<'_, B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Migrations").field("database", &self.database()).field("folder", &self.folder()).finish()
    }
}

impl<B: Bind> Project<B> {
    /// The revisions of this project, with what can be asked of them and done with them.
    pub fn migrations(&self) -> Migrations<'_, B> {
        Migrations { project: self, url: None, folder: None, lock_wait: None, progress: None }
    }
}

impl<'a, B: Bind> Migrations<'a, B> {
    /// Uses this database instead of the one that [`Project::target`] names.
    #[must_use]
    pub fn at(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Uses the files of this folder instead of those of the project.
    #[must_use]
    pub fn in_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// How long to wait for other programs that change the tables (30 s).
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Self {
        self.lock_wait = Some(wait);
        self
    }

    /// Tells `listener` of every moment of an upgrade or downgrade.
    #[must_use]
    pub fn progress(mut self, listener: impl Fn(&Progress<'_>) + Send + Sync + 'a) -> Self {
        self.progress = Some(Box::new(listener));
        self
    }

    /// The URL or path of the database, without its password.
    pub fn database(&self) -> String {
        driver::redact(&self.target())
    }

    fn target(&self) -> String {
        self.project.target(self.url.as_deref())
    }

    /// Whether the database is there.
    ///
    /// # Errors
    /// A URL that cannot be understood; a place that cannot be looked at.
    pub fn exists(&self) -> Result<bool> {
        driver::exists(&self.target())
    }

    /// The settings of the database. Who waits no longer than so waits no longer for a single statement.
    fn settings(&self) -> Settings {
        let mut settings = self.project.settings.clone();
        settings.busy_timeout = settings.busy_timeout.min(self.lock_wait.unwrap_or(settings.busy_timeout));
        settings
    }

    /// The database, to change it; it is made where it is not there.
    async fn open(&self) -> Result<Database<B>> {
        self.project.open_with(self.url.as_deref(), self.settings()).await
    }

    /// The database, to look at it only; `None` where it is not there.
    fn looking(&self) -> Result<Option<SharedEngine>> {
        if !self.exists()? {
            return Ok(None);
        }
        let mut settings = self.settings();
        settings.read_only = true;
        driver::open(&self.target(), &settings).map(Some)
    }

    /// The revisions that the database has, in the order in which they came; none where there is no database.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub async fn applied(&self) -> Result<Vec<Applied>> {
        let Some(engine) = self.looking()? else { return Ok(Vec::new()) };
        let history = History::default();
        let applied = Runner::over(&engine, &history).applied().await;
        engine.close().await;
        applied
    }
}

/// The ids of what is applied.
fn ids(applied: &[Applied]) -> BTreeSet<String> {
    applied.iter().map(|entry| entry.id.clone()).collect()
}
