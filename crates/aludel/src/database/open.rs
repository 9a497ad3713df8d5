//! Opening a database: what to open, with which models and settings.

use std::future::IntoFuture;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::time::Duration;

use super::{Database, Shared};
use crate::driver::{self, BoxFuture, Settings, SharedEngine};
use crate::migrate::{Functions, Program, Source};
use crate::model::{Bind, Main, Meta};
use crate::schema::Schema;
use crate::session::shape::Library;
use crate::sql::Statement;
use crate::unit::Graph;
use crate::{Error, Result};

/// What to open: a URL, a path, a database that is open already, or nothing for the default file.
pub enum Target<B: Bind = Main> {
    /// A URL or a bare path.
    Text(String),
    /// A database that is open already.
    Open(Database<B>),
    /// `<name of the program>.db` in the working directory.
    Default,
}

/// A URL without its password.
impl<B: Bind> std::fmt::Debug for Target<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Target::Text(text) => f.debug_tuple("Text").field(&driver::redact(text)).finish(),
            Target::Open(database) => f.debug_tuple("Open").field(database).finish(),
            Target::Default => f.write_str("Default"),
        }
    }
}

impl<B: Bind> From<&str> for Target<B> {
    fn from(text: &str) -> Self {
        Target::Text(text.to_owned())
    }
}

impl<B: Bind> From<String> for Target<B> {
    fn from(text: String) -> Self {
        Target::Text(text)
    }
}

impl<B: Bind> From<&String> for Target<B> {
    fn from(text: &String) -> Self {
        Target::Text(text.clone())
    }
}

impl<B: Bind> From<&Path> for Target<B> {
    fn from(path: &Path) -> Self {
        Target::Text(path.to_string_lossy().into_owned())
    }
}

impl<B: Bind> From<PathBuf> for Target<B> {
    fn from(path: PathBuf) -> Self {
        Target::from(path.as_path())
    }
}

impl<B: Bind> From<&Database<B>> for Target<B> {
    fn from(database: &Database<B>) -> Self {
        Target::Open(database.clone())
    }
}

impl<B: Bind> From<()> for Target<B> {
    fn from((): ()) -> Self {
        Target::Default
    }
}

/// A database to be opened: settings first, then `.await`.
#[must_use = "nothing is opened until this is awaited"]
#[derive(Debug)]
pub struct Opening<B: Bind = Main> {
    target: Target<B>,
    models: Option<Vec<&'static Meta>>,
    settings: Settings,
    echo: bool,
    revisions: Option<Source>,
    functions: Functions<B>,
}

impl<B: Bind> Database<B> {
    /// Opens a database: a URL (`sqlite:app.db`), a bare path, an open [`Database`], or `()` for `<program>.db`.
    ///
    /// Folders above a file are made. The models are those of the linked program, or those given by
    /// [`schema`](Opening::schema); all problems of their schema are reported at once. Nothing is sent but what the
    /// engine needs to begin.
    ///
    /// # Errors
    /// A schema error with every problem, each with file and line. A configuration error for a URL that cannot be used,
    /// a folder, or a file that is no database. Unavailable where a server does not answer.
    ///
    /// ```standalone_crate
    /// # use aludel::prelude::*;
    /// # aludel::block(async {
    /// let db: Database = Database::open(":memory:").echo(false).await?;
    /// assert_eq!(db.health().await?.dialect, "sqlite");
    /// # Ok::<(), aludel::Error>(()) }).unwrap();
    /// ```
    pub fn open(target: impl Into<Target<B>>) -> Opening<B> {
        Opening {
            target: target.into(),
            models: None,
            settings: Settings::default(),
            echo: false,
            revisions: None,
            functions: Functions::new(),
        }
    }
}

impl<B: Bind> Opening<B> {
    /// Uses these models instead of all linked ones; [`schema!`](crate::schema!) makes the list.
    pub fn schema(mut self, models: impl Into<Vec<&'static Meta>>) -> Self {
        self.models = Some(models.into());
        self
    }

    /// Replaces all settings.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The revisions of the program, for [`Database::upgrade`] and its like; [`revisions!`](crate::revisions!) carries them.
    /// They are read when they are first asked for. An open database takes these in place of its own.
    pub fn revisions(mut self, source: Source) -> Self {
        self.revisions = Some(source);
        self
    }

    /// The functions that the revisions call.
    pub fn functions(mut self, functions: Functions<B>) -> Self {
        self.functions = functions;
        self
    }

    /// Prints every statement to the standard error output: its text, how many parameters, how long it took.
    pub fn echo(mut self, on: bool) -> Self {
        self.echo = on;
        self
    }

    /// How long to wait for a connection (5 s).
    pub fn acquire_timeout(mut self, wait: Duration) -> Self {
        self.settings.acquire_timeout = wait;
        self
    }

    /// How long one statement may run; without this, as long as it takes.
    pub fn statement_timeout(mut self, limit: Duration) -> Self {
        self.settings.statement_timeout = Some(limit);
        self
    }

    fn open(self) -> Result<Database<B>> {
        let (known, functions) = (self.revisions.is_some(), self.functions);
        let program = Arc::new(Program::new(self.revisions, functions));
        let text = match self.target {
            Target::Open(database) if known => return Ok(Database { program, ..database }),
            Target::Open(database) => return Ok(database),
            Target::Text(text) => text,
            Target::Default => default_file()?,
        };
        let models = self.models.unwrap_or_else(|| crate::model::registered(B::NAME));
        let schema = Schema::from_models(&models)?;
        let engine = driver::open(&text, &self.settings)?;
        let shared = Arc::new(Shared::new(engine, schema, &models, self.echo));
        Ok(Database { shared, program })
    }
}

impl Shared {
    fn new(engine: SharedEngine, schema: Schema, models: &[&'static Meta], echo: bool) -> Self {
        let dialect = engine.dialect();
        Shared {
            begin: [dialect.begin_read, dialect.begin_write].map(Statement::plain),
            engine,
            schema,
            graph: Graph::new(models),
            library: Library::default(),
            echo,
            sessions: AtomicU32::new(1),
            statements: AtomicU64::new(0),
        }
    }

    /// A database of which no models are known.
    pub(crate) fn without_models(engine: SharedEngine) -> Arc<Self> {
        Arc::new(Shared::new(engine, Schema::default(), &[], false))
    }
}

/// `<name of the program>.db`
fn default_file() -> Result<String> {
    let program = std::env::current_exe().ok();
    match program.as_deref().and_then(Path::file_stem) {
        Some(name) => Ok(format!("{}.db", name.to_string_lossy())),
        None => Err(Error::config("the name of the program is not known: say which database to open")),
    }
}

impl<B: Bind> IntoFuture for Opening<B> {
    type Output = Result<Database<B>>;
    type IntoFuture = BoxFuture<'static, Result<Database<B>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.open() })
    }
}
