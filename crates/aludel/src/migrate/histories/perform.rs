//! A database in a file, brought along a history of two revisions as applications do it.

use rusqlite::Connection;
use tempfile::TempDir;

use crate::driver::{Settings, SharedEngine, Synchronous, open};
use crate::migrate::{History, Revision, Runner, Step, Work};
use crate::schema::Schema;

/// A file with the first revision applied.
pub(super) struct Place {
    history: History,
    engine: SharedEngine,
    /// Another connection to it.
    pub(super) live: Connection,
    _folder: TempDir,
}

/// The revision that makes `schema` out of nothing, as its file reads.
pub(super) fn first(schema: &Schema) -> Revision {
    let step = |op| Step::new(Work::Change(Box::new(op)));
    let revision = Revision {
        id: "a1".into(),
        message: "the first".into(),
        edition: 1,
        up: schema.create_ops().into_iter().map(step).collect(),
        ..Revision::default()
    };
    read("a1.sql", &revision.print())
}

pub(super) fn read(file: &str, text: &str) -> Revision {
    Revision::parse(file, text).unwrap_or_else(|faults| panic!("{}", crate::Error::from(faults)))
}

impl Place {
    pub(super) fn new(first: Revision, next: Revision) -> Self {
        let history = History::new(vec![first, next]).unwrap_or_else(|faults| panic!("{}", crate::Error::from(faults)));
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("test.db");
        let settings = Settings { synchronous: Synchronous::Off, ..Settings::default() };
        let engine = open(file.to_str().unwrap(), &settings).unwrap();
        let live = Connection::open(&file).unwrap();
        let place = Place { history, engine, live, _folder: folder };
        assert_eq!(place.go(|runner| crate::block(runner.upgrade("a1"))), Ok(vec!["a1".to_owned()]));
        place
    }

    /// Applies the second revision.
    ///
    /// # Errors
    /// Why not: rows that do not fit, or a change that cannot be made.
    pub(super) fn up(&self) -> Result<(), String> {
        self.go(|runner| crate::block(runner.upgrade("head"))).map(|done| assert_eq!(done, ["b2"]))
    }

    /// Undoes it.
    ///
    /// # Errors
    /// As [`up`](Place::up).
    pub(super) fn down(&self) -> Result<(), String> {
        self.go(|runner| crate::block(runner.downgrade("-1"))).map(|done| assert_eq!(done, ["b2"]))
    }

    fn go(&self, run: impl FnOnce(&Runner<'_>) -> crate::Result<Vec<String>>) -> Result<Vec<String>, String> {
        run(&Runner::over(&self.engine, &self.history)).map_err(|error| {
            assert!(error.is_revision(), "{error}");
            error.to_string()
        })
    }
}
