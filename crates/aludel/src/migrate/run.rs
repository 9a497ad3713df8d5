//! What reads revision files and brings databases along.
//!
//! Revisions are applied to a database, undone and stamped: one transaction each, under a lock, remembered in the database.

mod boot;
mod function;
mod patience;
mod perform;
mod piece;
mod progress;
mod prove;
mod record;
mod rows;
mod script;
mod shown;
mod source;
mod state;
mod who;
mod wire;

pub(crate) use boot::Program;
pub use function::{Batch, Function, Functions, Next};
pub use progress::{Direction, Progress};
pub use prove::{Proof, prove};
pub use source::{Files, Source};

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::Database;
use crate::database::Shared;
use crate::dialect::{Inventory, Plan};
use crate::driver::{BoxFuture, SharedEngine};
use crate::migrate::book::{self, Applied, State};
use crate::migrate::{Fault, History, Revision};
use crate::model::{Bind, Main};
use crate::{Error, Result};
use function::Library;
use perform::{Run, Way};
use record::entry;
use script::{Start, script};
pub(crate) use shown::statements;
pub(crate) use state::with_lost;
use state::{applied, fits, ids, is_ours};
use wire::Wire;

/// Brings a database along a history.
///
/// Each revision runs in a transaction of its own, together with the row that remembers it: whatever happens (an error, a
/// future that is dropped, a process that is killed), the database has all of it or nothing of it. What is applied is read
/// again under the lock, so many may run at once and each revision is applied by one of them.
///
/// ```
/// use aludel::migrate::{History, Revision, Runner};
/// use aludel::prelude::*;
///
/// # aludel::block(async {
/// let text = "-- edition: 1\n-- revision: 4f1c\n-- parents:\n-- message: add tags\n\nCREATE TABLE tags (name VARCHAR(50) NOT NULL);\n";
/// let history = History::new(vec![Revision::parse("4f1c_add_tags.sql", text)?])?;
/// let db: Database = Database::open(":memory:").schema(aludel::schema![]).await?;
/// let runner = Runner::new(&db, &history);
/// assert_eq!(runner.upgrade("head").await?, ["4f1c"]);
/// assert_eq!(runner.upgrade("head").await?, [""; 0]);
/// # Ok::<(), aludel::Error>(()) }).unwrap();
/// ```
pub struct Runner<'h> {
    shared: Arc<Shared>,
    history: &'h History,
    functions: Box<dyn Library>,
    /// Whether functions are called at all.
    calls: bool,
    wait: Duration,
    progress: Option<Box<Listener<'h>>>,
}

/// Who is told of a run.
type Listener<'h> = dyn Fn(&Progress<'_>) + Send + Sync + 'h;

impl std::fmt::Debug for Runner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner")
            .field("wait", &self.wait)
            .field("functions", &self.functions.names())
            .finish_non_exhaustive()
    }
}

impl<'h> Runner<'h> {
    /// For a database and the revisions of its program.
    pub fn new<B: Bind>(db: &Database<B>, history: &'h History) -> Self {
        Runner::with(db.shared.clone(), history)
    }

    /// For a database of which no models are known.
    pub fn over(engine: &SharedEngine, history: &'h History) -> Self {
        Runner::with(Shared::without_models(engine.clone()), history)
    }

    fn with(shared: Arc<Shared>, history: &'h History) -> Self {
        let functions = Box::new(Functions::<Main>::new());
        Runner { shared, history, functions, calls: true, wait: Duration::from_secs(30), progress: None }
    }

    /// The functions that revisions call.
    #[must_use]
    pub fn functions<B: Bind>(mut self, functions: &Functions<B>) -> Self {
        self.functions = Box::new(functions.clone());
        self
    }

    /// How long to wait for other programs that change the tables (30 s). A wait in progress ends within the database's
    /// `busy_timeout` of it.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Tells `listener` of every moment of a run. Without one nothing is told: the library prints nothing.
    #[must_use]
    pub fn progress(mut self, listener: impl Fn(&Progress<'_>) + Send + Sync + 'h) -> Self {
        self.progress = Some(Box::new(listener));
        self
    }

    fn without_calls(self) -> Self {
        Runner { calls: false, ..self }
    }

    fn tell(&self, progress: &Progress<'_>) {
        if let Some(listener) = &self.progress {
            listener(progress);
        }
    }

    /// The revisions that the database has, in the order in which they came; those whose files are gone too. Writes
    /// nothing: one statement, two where there are any.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn applied(&self) -> BoxFuture<'_, Result<Vec<Applied>>> {
        Box::pin(async move { applied(&mut Wire::reading(&self.shared).await?).await })
    }

    /// What is stored in the database, to be compared with what its revisions make. Writes nothing: one statement.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn stored(&self) -> BoxFuture<'_, Result<Inventory>> {
        Box::pin(async move { Wire::reading(&self.shared).await?.inventory().await })
    }

    /// The revisions that an upgrade to the heads would apply, in order. Writes nothing.
    ///
    /// # Errors
    /// Whatever the database reports.
    pub fn pending(&self) -> BoxFuture<'_, Result<Vec<&'h Revision>>> {
        Box::pin(async move {
            let applied = ids(&self.applied().await?);
            self.history.upgrade(&self.history.known(&applied), "heads")
        })
    }

    /// Applies all that `target` needs and the database does not have; the ids of what this run applied. Where there is
    /// nothing to apply, nothing is written and no lock is taken.
    ///
    /// # Errors
    /// `is_revision`: the database has revisions that are edited or not known here, a function is not registered, a change
    /// would lose or break rows (with how many, and some of them), or a statement failed: with file and line. The revisions
    /// before it stay applied. `is_locked` where another program was not done in time. A usage error for a target that is
    /// none. Else whatever the database reports.
    pub fn upgrade<'r>(&'r self, target: &'r str) -> BoxFuture<'r, Result<Vec<String>>> {
        Box::pin(async move {
            let applied = self.applied().await?;
            fits(self.history, &applied)?;
            is_ours(self.history, &applied)?;
            let mut ids = ids(&applied);
            let wanted = self.history.upgrade(&ids, target)?;
            if !wanted.is_empty() {
                ids.extend(wanted.iter().map(|revision| revision.id.clone()));
                // Words that do not fit are told before anything is touched, each at its place.
                let fold = self.history.schema(self.shared.engine.dialect(), &ids);
                fold.map_err(|faults| refused(&faults))?;
            }
            self.go(self.history, "upgrade", &wanted, Direction::Up).await
        })
    }

    /// Undoes all that lies behind `target`, last first; the ids of what this run undid. A revision whose file is gone is
    /// undone by the text that the database keeps.
    ///
    /// # Errors
    /// As [`upgrade`](Runner::upgrade); a configuration error where a revision on the way has no way back.
    pub fn downgrade<'r>(&'r self, target: &'r str) -> BoxFuture<'r, Result<Vec<String>>> {
        Box::pin(async move {
            let applied = self.applied().await?;
            fits(self.history, &applied)?;
            let whole = with_lost(self.history, &applied)?;
            let history = whole.as_ref().unwrap_or(self.history);
            let wanted = history.downgrade(&ids(&applied), target)?;
            self.go(history, "downgrade", &wanted, Direction::Down).await
        })
    }

    /// Says that the database has what `targets` need and nothing behind them, and runs nothing: for databases made in
    /// another way. With `purge`, what it remembers so far is forgotten before, revisions without a file among it. The ids
    /// that it has then. All of it is one transaction.
    ///
    /// # Errors
    /// As [`upgrade`](Runner::upgrade); then the database remembers what it did before.
    pub fn stamp<'r>(&'r self, targets: &'r [&'r str], purge: bool) -> BoxFuture<'r, Result<Vec<String>>> {
        Box::pin(async move {
            let mut run = Run::open(self, self.history).await?;
            run.wire.begin(self).await?;
            let done = self.stamped(&mut run, targets, purge).await;
            run.wire.end(done).await
        })
    }

    /// Takes the file of each revision of `targets` for what the database has, although it was edited since: for changes
    /// that mean nothing to databases that have the old text. The ids whose checksum was another. All of it is one
    /// transaction.
    ///
    /// # Errors
    /// A usage error where a target names one that is not applied; else as [`upgrade`](Runner::upgrade). Then nothing is
    /// accepted.
    pub fn accept<'r>(&'r self, targets: &'r [&'r str]) -> BoxFuture<'r, Result<Vec<String>>> {
        Box::pin(async move {
            let mut run = Run::open(self, self.history).await?;
            run.wire.begin(self).await?;
            let done = self.accepted(&mut run, targets).await;
            run.wire.end(done).await
        })
    }

    /// The text of what an upgrade (or downgrade) from `from` to `target` would run, with what remembers it, for the engine's
    /// own shell. Without `from` the database is asked what it has, and looked at; else the text is written without it.
    ///
    /// The text stops at the first error and leaves the database as it was before that revision. Writes nothing.
    ///
    /// # Errors
    /// As [`upgrade`](Runner::upgrade); a usage error for a `from` that depends on what a database has, such as `current`;
    /// where a revision calls a function of the application, which no text can do.
    pub fn sql<'r>(
        &'r self,
        direction: Direction,
        from: Option<&'r str>,
        target: &'r str,
    ) -> BoxFuture<'r, Result<String>> {
        Box::pin(async move {
            let engine = self.shared.engine.dialect();
            let (applied, start) = match from {
                None => self.live().await?,
                Some(from) => {
                    if History::is_relative(from) {
                        return Err(Error::usage(format!(
                            "`{from}` depends on what a database has, and a script from one revision to another is written \
                             without one: begin at an id, a label, `head` or `base`, or write only where it ends"
                        )));
                    }
                    let nothing = BTreeSet::new();
                    let there = match from {
                        "base" => Vec::new(),
                        from => self.history.upgrade(&nothing, from)?,
                    };
                    let ids: BTreeSet<String> = there.iter().map(|revision| revision.id.clone()).collect();
                    let schema = self.history.schema(engine, &ids)?;
                    let stored = Inventory::of(engine, &schema);
                    let place = i64::try_from(ids.len()).unwrap_or(i64::MAX);
                    let fresh = ids.is_empty();
                    (ids, Start { schema, stored, fresh, place })
                }
            };
            let wanted = match direction {
                Direction::Up => self.history.upgrade(&applied, target)?,
                Direction::Down => self.history.downgrade(&applied, target)?,
            };
            script(engine, start, &wanted, direction)
        })
    }

    /// What the database has, to write a script for it.
    async fn live(&self) -> Result<(BTreeSet<String>, Start)> {
        let mut wire = Wire::reading(&self.shared).await?;
        let fresh = !wire.is_kept().await?;
        let applied = applied(&mut wire).await?;
        let stored = wire.inventory().await?;
        fits(self.history, &applied)?;
        is_ours(self.history, &applied)?;
        let ids = ids(&applied);
        let schema = self.history.schema(self.shared.engine.dialect(), &ids)?;
        let place = applied.last().map_or(0, |entry| entry.place);
        Ok((ids, Start { schema, stored, fresh, place }))
    }

    async fn stamped(&self, run: &mut Run<'_>, targets: &[&str], purge: bool) -> Result<Vec<String>> {
        let engine = run.wire.dialect();
        run.make_tables().await?;
        let mut had = applied(&mut run.wire).await?;
        if purge {
            for entry in had.drain(..) {
                run.forget(&entry.id).await?;
            }
        }
        is_ours(self.history, &had)?;
        let ids = ids(&had);
        let mut wanted = ids.clone();
        for target in targets {
            wanted = self.history.stamp(&wanted, target)?;
        }
        for id in ids.difference(&wanted) {
            run.forget(id).await?;
        }
        let mut place = had.last().map_or(0, |entry| entry.place);
        for revision in self.history.revisions() {
            if wanted.contains(&revision.id) && !ids.contains(&revision.id) {
                place += 1;
                let entry = entry(revision, place, State::Stamped, &who::who());
                run.wire.send(&book::remember(&entry, book::Clock::Given).render(engine)?).await?;
            }
        }
        let how = if purge { " --purge" } else { "" };
        run.event("stamp", None, &format!("{}{how}", targets.join(" "))).await?;
        run.event("done", None, "stamp").await?;
        Ok(wanted.into_iter().collect())
    }

    async fn accepted(&self, run: &mut Run<'_>, targets: &[&str]) -> Result<Vec<String>> {
        let engine = run.wire.dialect();
        let had = applied(&mut run.wire).await?;
        let mut wanted = BTreeSet::new();
        for target in targets {
            wanted.extend(self.history.resolve(target, &ids(&had))?);
        }
        let mut changed = Vec::new();
        for id in &wanted {
            let found = had.iter().find(|entry| entry.id == *id).zip(self.history.get(id));
            let Some((old, revision)) = found else {
                return Err(Error::usage(format!("the database does not have `{id}`, so there is nothing to accept")));
            };
            let new = entry(revision, old.place, old.state, &old.who);
            if new.checksum != old.checksum {
                run.wire.send(&book::accept(&new).render(engine)?).await?;
                run.event("accept", Some(id), &format!("checksum {} was {}", new.checksum, old.checksum)).await?;
                changed.push(id.clone());
            }
        }
        Ok(changed)
    }

    async fn go(
        &self,
        history: &History,
        what: &str,
        wanted: &[&Revision],
        direction: Direction,
    ) -> Result<Vec<String>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        self.can(wanted, direction)?;
        let mut run = Run::open(self, history).await?;
        run.announce(what, wanted).await?;
        let mut done = Vec::new();
        for (at, revision) in wanted.iter().enumerate() {
            if run.go(Way { revision, direction, at: at + 1, of: wanted.len() }).await? {
                done.push(revision.id.clone());
            }
        }
        Ok(done)
    }

    /// Performs a plan in one transaction under the lock.
    ///
    /// # Errors
    /// Locked when the time to wait is over; `is_revision` where a question of the plan is answered; whatever the database
    /// reports. Then nothing was done.
    pub(crate) async fn perform(&self, plan: &Plan) -> Result<()> {
        let mut run = Run::open(self, self.history).await?;
        let done = run.plainly(plan).await;
        done.and(run.unset().await)
    }

    /// Refuses where a function is not there that a revision calls, before anything is touched.
    fn can(&self, wanted: &[&Revision], direction: Direction) -> Result<()> {
        let names = self.functions.names();
        let registered = match names.as_slice() {
            [] => "none is registered".to_owned(),
            names => format!("registered are `{}`", names.join("`, `")),
        };
        let engine = self.shared.engine.dialect();
        let mut faults = Vec::new();
        for revision in wanted {
            for (step, name) in piece::calls(piece::steps(revision, direction), engine) {
                if !names.contains(&name) {
                    faults.push(Fault {
                        file: revision.file.clone(),
                        text: revision.text.clone(),
                        span: Some(step.span),
                        what: format!("there is no function `{name}`: {registered}"),
                        help: format!("register it: `project!().function(\"{name}\", {name})`; nothing was changed"),
                    });
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(refused(&faults)) }
    }
}

/// The error of faults in files.
fn refused(faults: &[Fault]) -> Error {
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Error::revision(faults.join("\n\nerror: "))
}
