//! One value is the application: what it is called, which models it has, and what its command line can do.

mod migrations;

pub use migrations::{Checked, Current, Draft, Entry, Merge, Migrations, Ran, Request, Status};

use std::future::Future;
use std::io::Write;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;

use crate::command;
use crate::dialect::{self, Dialect};
use crate::migrate::{Function, Functions, Source};
use crate::model::{Bind, Main, Meta};
use crate::{Database, Error, Result, Session, Settings};

/// The application as its database sees it: made by [`project!`](crate::project!), run by [`main`](Project::main).
pub struct Project<B: Bind = Main> {
    pub(crate) name: &'static str,
    pub(crate) url: Option<String>,
    pub(crate) settings: Settings,
    pub(crate) echo: bool,
    pub(crate) models: Option<Vec<&'static Meta>>,
    pub(crate) seeds: Vec<Seed<B>>,
    pub(crate) functions: Functions<B>,
    source: Source,
    upgrade: bool,
    /// The engines its revisions run on, by name.
    engines: Vec<String>,
}

/// A function that fills a database with rows to begin with.
pub(crate) struct Seed<B: Bind> {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn for<'a> Fn(&'a mut Session<B>) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>>,
}

impl<B: Bind> std::fmt::Debug for Project<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Project").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The application whose `main` this is written in: its name comes from its own manifest, its revisions from the folder
/// `migrations` beside that, and the program carries them along.
///
/// ```no_run
/// # use aludel::prelude::*;
/// # async fn serve(_: Database) -> Result<()> { Ok(()) }
/// #[tokio::main]
/// async fn main() -> std::process::ExitCode {
///     aludel::project!().main(async |db: Database| serve(db).await).await
/// }
/// ```
#[macro_export]
macro_rules! project {
    () => {
        $crate::Project::new(::std::env!("CARGO_PKG_NAME")).revisions($crate::revisions!())
    };
}

impl<B: Bind> Project<B> {
    #[doc(hidden)]
    pub fn new(name: &'static str) -> Self {
        Project {
            name,
            url: None,
            settings: Settings::default(),
            echo: false,
            models: None,
            seeds: Vec::new(),
            functions: Functions::new(),
            source: Source::default(),
            upgrade: false,
            engines: Vec::new(),
        }
    }

    /// Uses these models instead of all that are linked; [`schema!`](crate::schema!) makes the list.
    #[must_use]
    pub fn schema(mut self, models: impl Into<Vec<&'static Meta>>) -> Self {
        self.models = Some(models.into());
        self
    }

    /// Takes the revisions from here instead of the folder `migrations` beside the manifest; [`revisions!`](crate::revisions!)
    /// carries those of another.
    #[must_use]
    pub fn revisions(mut self, source: Source) -> Self {
        self.source = source;
        self
    }

    /// Registers a function that revisions call by `-- run: name`: an `async fn(&mut Session, Batch) -> Result<Next>`, called
    /// until it says that it is done; see [`Batch`](crate::migrate::Batch).
    ///
    /// ```no_run
    /// use aludel::migrate::{Batch, Next};
    /// use aludel::prelude::*;
    /// use aludel::sql;
    ///
    /// async fn shout(db: &mut Session, _: Batch) -> Result<Next> {
    ///     db.execute(sql!("update posts set title = upper(title)")).await?;
    ///     Ok(Next::done(1))
    /// }
    ///
    /// # async fn serve(_: Database) -> Result<()> { Ok(()) }
    /// #[tokio::main]
    /// async fn main() -> std::process::ExitCode {
    ///     aludel::project!().function("shout", shout).main(serve).await
    /// }
    /// ```
    #[must_use]
    pub fn function<F>(mut self, name: &'static str, function: F) -> Self
    where
        F: for<'s> Function<'s, B> + 'static,
    {
        self.functions = self.functions.add(name, function);
        self
    }

    /// Whether the database is upgraded at the start, before the application serves; without this it calls
    /// [`Database::upgrade`] itself, or leaves it to `db upgrade`.
    #[must_use]
    pub fn upgrade_at_start(mut self, on: bool) -> Self {
        self.upgrade = on;
        self
    }

    /// The engines that the revisions are to run on; without this, the engine of the database alone. A name that is none is
    /// told when the project runs.
    ///
    /// ```no_run
    /// # use aludel::prelude::*;
    /// # async fn serve(_: Database) -> Result<()> { Ok(()) }
    /// # async fn f() {
    /// aludel::project!().engines(["sqlite", "postgres"]).main(serve).await;
    /// # }
    /// ```
    #[must_use]
    pub fn engines<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.engines = names.into_iter().map(Into::into).collect();
        self
    }

    /// The database where neither `--url` nor `DATABASE_URL` names one; without this, `<name>.db` in the working
    /// directory.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Replaces all settings of the database.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Prints every statement to the standard error output.
    #[must_use]
    pub fn echo(mut self, on: bool) -> Self {
        self.echo = on;
        self
    }

    /// Registers a function that `db seed` runs, each in a transaction of its own. It is run again by every `db seed`, so
    /// it should look before it adds.
    #[must_use]
    pub fn seed<F>(mut self, name: &'static str, seed: F) -> Self
    where
        F: AsyncFn(&mut Session<B>) -> Result<()> + 'static,
    {
        let seed = Arc::new(seed);
        let run: Box<dyn for<'a> Fn(&'a mut Session<B>) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>> =
            Box::new(move |session| {
                let seed = seed.clone();
                Box::pin(async move { seed(session).await })
            });
        self.seeds.push(Seed { name, run });
        self
    }

    /// Runs `db <command>` where the first argument is `db`, else opens the database and calls `serve`.
    ///
    /// What goes wrong is told on the standard error output, and the exit code says so: 0 done or nothing to do, 1
    /// failed, 2 not understood.
    pub async fn main<E>(self, serve: impl AsyncFnOnce(Database<B>) -> Result<(), E>) -> ExitCode
    where
        E: std::fmt::Display + From<Error>,
    {
        let mut arguments = std::env::args_os().skip(1);
        let first = arguments.next();
        if first.as_deref() == Some(std::ffi::OsStr::new("db")) {
            return command::run(&self, arguments).await;
        }
        let result = match first {
            None => match self.start().await {
                Ok(db) => serve(db).await,
                Err(error) => Err(E::from(error)),
            },
            Some(word) => {
                say(&format!(
                    "error: `{}` is not understood: run `{name}` to serve, or `{name} db help` for the commands of the \
                     database",
                    word.to_string_lossy(),
                    name = self.name
                ));
                return ExitCode::from(2);
            }
        };
        match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                say(&format!("error: {error}"));
                ExitCode::FAILURE
            }
        }
    }

    async fn start(&self) -> Result<Database<B>> {
        let db = self.open(None).await?;
        if self.upgrade {
            db.upgrade().await?;
        }
        Ok(db)
    }

    /// The URL or path of the database: `given`, then `DATABASE_URL`, then [`url`](Project::url), then `<name>.db`.
    pub fn target(&self, given: Option<&str>) -> String {
        let set = || std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        given
            .map(str::to_owned)
            .or_else(set)
            .or_else(|| self.url.clone())
            .unwrap_or_else(|| format!("{}.db", self.name))
    }

    /// Where its revisions are.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The engines that [`engines`](Project::engines) names, each once; none where it was not called.
    ///
    /// # Errors
    /// A configuration error that lists the known ones, where a name is none of them.
    pub fn dialects(&self) -> Result<Vec<&'static Dialect>> {
        let mut found: Vec<&'static Dialect> = Vec::new();
        for name in &self.engines {
            let Some(engine) = dialect::named(name) else {
                let known: Vec<&str> = dialect::ALL.iter().map(|known| known.name).collect();
                return Err(Error::config(format!(
                    "`engines` names `{name}`, which is no engine: there are `{}`",
                    known.join("`, `")
                )));
            };
            if !found.iter().any(|other| other.name == engine.name) {
                found.push(engine);
            }
        }
        Ok(found)
    }

    /// Opens the database that [`target`](Project::target) names.
    ///
    /// # Errors
    /// As [`Database::open`] and [`dialects`](Project::dialects).
    pub async fn open(&self, given: Option<&str>) -> Result<Database<B>> {
        self.open_with(given, self.settings.clone()).await
    }

    pub(crate) async fn open_with(&self, given: Option<&str>, settings: Settings) -> Result<Database<B>> {
        self.dialects()?;
        let mut opening = Database::open(self.target(given).as_str()).settings(settings).echo(self.echo);
        opening = opening.revisions(self.source.clone()).functions(self.functions.clone());
        if let Some(models) = &self.models {
            opening = opening.schema(models.clone());
        }
        opening.await
    }

    /// The models: those of [`schema`](Project::schema), or all that are linked.
    pub(crate) fn metas(&self) -> Vec<&'static Meta> {
        self.models.clone().unwrap_or_else(|| crate::model::registered(B::NAME))
    }

    /// Runs the seed called `name`, or all in order of registration; answers with the names of those that ran.
    ///
    /// # Errors
    /// A usage error that lists the seeds where none is called so; what a seed returns, its own work rolled back.
    pub async fn run_seeds(&self, db: &Database<B>, name: Option<&str>) -> Result<Vec<&'static str>> {
        let chosen = self.seeds_called(name)?;
        for seed in &chosen {
            let mut session = db.session();
            (seed.run)(&mut session).await?;
            session.commit().await?;
        }
        Ok(chosen.iter().map(|seed| seed.name).collect())
    }

    /// The seed called `name`, or all in order of registration.
    pub(crate) fn seeds_called(&self, name: Option<&str>) -> Result<Vec<&Seed<B>>> {
        let chosen: Vec<_> = self.seeds.iter().filter(|seed| name.is_none_or(|name| seed.name == name)).collect();
        if let (true, Some(name)) = (chosen.is_empty(), name) {
            let known: Vec<_> = self.seeds.iter().map(|seed| seed.name).collect();
            return Err(Error::usage(match known[..] {
                [] => format!("there is no seed `{name}`, since none is registered: `project!().seed(\"{name}\", ..)`"),
                _ => format!("there is no seed `{name}`; there are: {}", known.join(", ")),
            }));
        }
        Ok(chosen)
    }
}

/// Tells whoever started the program; `eprintln!` would panic where nobody reads any more.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
