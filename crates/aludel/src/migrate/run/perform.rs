//! One revision in one transaction: planned, run, verified, remembered.

use std::time::Instant;

use super::piece::{Piece, said};
use super::progress::{Direction, Progress};
use super::record::{entry, record};
use super::state::Known;
use super::wire::{Wire, is_refusal};
use super::{Runner, who};
use crate::dialect::{Act, Frame, Inventory, Plan, Refusal, Setting};
use crate::migrate::book::{self, Applied, Clock, Done, Event, State};
use crate::migrate::run::function::Batch;
use crate::migrate::{Fault, History, Revision, Step};
use crate::schema::{Op, Schema};
use crate::{Error, Result};

/// A run: it holds the connection, and knows what the database has.
pub(super) struct Run<'r> {
    pub(super) runner: &'r Runner<'r>,
    pub(super) history: &'r History,
    pub(super) wire: Wire,
    pub(super) known: Known,
    /// What the transaction of the revision at hand is to be within, as far as that is known.
    frame: Frame,
    /// Settings that are otherwise than usual, with what they were.
    set: Vec<(Setting, String)>,
}

/// Why a transaction was not gone through with.
enum Halt {
    /// It has to begin anew within this frame: its settings cannot be made in the middle of a transaction, and what it
    /// begins with would remember rows that were changed already.
    Anew(Frame),
    /// It cannot be done.
    Failed(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Halt::Failed(error)
    }
}

/// One way over one revision.
#[derive(Clone, Copy)]
pub(super) struct Way<'h> {
    pub(super) revision: &'h Revision,
    pub(super) direction: Direction,
    /// Its place among those of the run, from 1.
    pub(super) at: usize,
    pub(super) of: usize,
}

/// What goes on within the transaction of one revision.
struct Work<'r, 'h> {
    run: &'r mut Run<'h>,
    way: Way<'h>,
    schema: Schema,
    stored: Option<Inventory>,
    done: Vec<Done>,
}

impl<'r> Run<'r> {
    /// Takes the connection; nothing is locked in the database yet.
    pub(super) async fn open(runner: &'r Runner<'r>, history: &'r History) -> Result<Self> {
        let wire = Wire::changing(runner).await?;
        Ok(Run { runner, history, wire, known: Known::default(), frame: Frame::default(), set: Vec::new() })
    }

    /// Goes over one revision; `false` where another run has done so in the meantime.
    pub(super) async fn go(&mut self, way: Way<'r>) -> Result<bool> {
        loop {
            let halt = match self.attempt(way).await {
                Ok(done) => {
                    self.unset().await?;
                    return Ok(done);
                }
                Err(halt) => halt,
            };
            self.wire.roll_back().await;
            self.known.forget();
            if let Err(error) = self.anew(halt).await {
                // The driver puts settings back that this cannot.
                let _ = self.unset().await;
                self.fail(way.revision, &error).await;
                return Err(error);
            }
        }
    }

    /// Goes over a revision on a database that remembers nothing; the schema behind it.
    pub(super) async fn try_out(&mut self, way: Way<'r>, before: &Schema) -> Result<Schema> {
        loop {
            let halt = match self.trial(way, before.clone()).await {
                Ok(after) => {
                    self.unset().await?;
                    return Ok(after);
                }
                Err(halt) => halt,
            };
            self.wire.roll_back().await;
            self.anew(halt).await?;
        }
    }

    async fn trial(&mut self, way: Way<'r>, before: Schema) -> Result<Schema, Halt> {
        self.wire.begin(self.runner).await?;
        let mut work = Work::new(self, way, before, None);
        work.all().await?;
        let after = work.schema;
        self.wire.commit().await?;
        Ok(after)
    }

    async fn attempt(&mut self, way: Way<'r>) -> Result<bool, Halt> {
        let started = Instant::now();
        self.wire.begin(self.runner).await?;
        self.refresh().await?;
        let is_there = self.known.ids.contains(&way.revision.id);
        if is_there == (way.direction == Direction::Up) {
            self.wire.roll_back().await;
            return Ok(false);
        }
        self.known.may(way, self.history)?;
        let Way { revision, direction, at, of } = way;
        self.runner.tell(&Progress::Revision { revision, direction, at, of });
        let began = who::now();
        let (schema, stored) = self.known.take(self.history, self.wire.dialect())?;
        let mut work = Work::new(self, way, schema, stored);
        work.all().await?;
        let Work { schema, stored, done, .. } = work;
        let place = self.known.place + 1;
        let entry = Applied { started: began, ..entry(revision, place, State::Applied, &who::who()) };
        for statement in record(self.wire.dialect(), way, &entry, &done, Clock::Given)? {
            self.wire.send(&statement).await?;
        }
        let mark = self.mark().await?;
        self.wire.commit().await?;
        self.known.went(way, place, schema, stored);
        self.known.mark = Some(mark);
        self.runner.tell(&Progress::Done { revision, direction, took: started.elapsed() });
        Ok(true)
    }

    /// Tells in the database of something that happens.
    pub(super) async fn event(&mut self, what: &str, revision: Option<&str>, details: &str) -> Result<()> {
        let who = who::who();
        let event = Event { what, revision, who: &who, at: who::now(), details };
        let statement = book::tell(&event, Clock::Given).render(self.wire.dialect())?;
        self.wire.send(&statement).await.map(drop)
    }

    /// Tells of a failure, where that can be done; the error itself is on its way to the caller.
    async fn fail(&mut self, revision: &Revision, error: &Error) {
        let told = async {
            if self.wire.is_lost() {
                // A function did not give the connection back; whatever it held has been undone.
                self.wire = Wire::changing(self.runner).await?;
            }
            self.wire.begin(self.runner).await?;
            let told = self.event("failed", Some(&revision.id), &error.to_string()).await;
            self.wire.end(told).await
        };
        let _ = told.await;
    }

    /// Gets ready to begin anew.
    ///
    /// # Errors
    /// Why there is no use in it.
    async fn anew(&mut self, halt: Halt) -> Result<()> {
        let frame = match halt {
            Halt::Anew(frame) => frame,
            Halt::Failed(error) => return Err(error),
        };
        self.set(&frame.settings).await?;
        self.frame = frame;
        Ok(())
    }

    async fn set(&mut self, settings: &[Setting]) -> Result<()> {
        for setting in settings {
            if self.set.iter().any(|(other, _)| other == setting) {
                continue;
            }
            let before = self.wire.texts(&setting.read).await?.concat();
            self.wire.run(&format!("{}{}", setting.write, setting.during)).await?;
            self.set.push((setting.clone(), before));
            let is = self.wire.texts(&setting.read).await?.concat();
            if is != setting.during {
                return Err(Error::revision(format!(
                    "`{}{}` had no effect (it is `{is}`): nothing was changed",
                    setting.write, setting.during
                )));
            }
        }
        Ok(())
    }

    /// Performs a plan that belongs to no revision, in one transaction.
    pub(super) async fn plainly(&mut self, plan: &Plan) -> Result<()> {
        let Frame { settings, begin, verify, end } = &plan.frame;
        self.set(settings).await?;
        self.wire.begin(self.runner).await?;
        let done = async {
            for text in begin {
                self.wire.run(text).await?;
            }
            for act in &plan.acts {
                match act {
                    Act::Run(text) => drop(self.wire.run(text).await?),
                    Act::Ask(probe) => self.wire.ask(probe).await?,
                    Act::Follow(_) if begin.is_empty() => {}
                    Act::Follow(text) => drop(self.wire.run(text).await?),
                }
            }
            for probe in verify {
                self.wire.ask(probe).await?;
            }
            for text in end {
                self.wire.run(text).await?;
            }
            Ok(())
        };
        let done = done.await;
        self.wire.end(done).await
    }

    /// Puts back what [`Run::set`] changed.
    pub(super) async fn unset(&mut self) -> Result<()> {
        self.frame = Frame::default();
        while let Some((setting, before)) = self.set.pop() {
            self.wire.run(&format!("{}{before}", setting.write)).await?;
        }
        Ok(())
    }
}

impl<'r, 'h> Work<'r, 'h> {
    fn new(run: &'r mut Run<'h>, way: Way<'h>, schema: Schema, stored: Option<Inventory>) -> Self {
        Work { run, way, schema, stored, done: Vec::new() }
    }

    async fn all(&mut self) -> Result<(), Halt> {
        let Way { revision, direction, .. } = self.way;
        let pieces = said(revision, direction, self.run.wire.dialect(), &self.schema);
        let pieces = pieces.map_err(|faults| super::refused(&faults))?;
        let plans = self.foresee(&pieces).await?;
        self.framed(plans.iter().flatten())?;
        let Frame { begin, verify, end, .. } = self.run.frame.clone();
        self.statements(&begin).await?;
        let mut sure = true;
        for (piece, plan) in pieces.iter().zip(plans) {
            let plan = if sure { plan } else { None };
            sure &= !piece.is_opaque()
                && plan.as_ref().is_none_or(|plan| plan.done == piece.ops().len() && plan.after.exact);
            self.piece(piece, plan).await?;
        }
        for probe in &verify {
            self.run.wire.ask(probe).await.map_err(|error| self.blame(error, None))?;
        }
        self.statements(&end).await
    }

    /// The plans of all pieces, as far as they can be known now: what is stored behind an opaque piece is a guess.
    async fn foresee(&mut self, pieces: &[Piece<'h>]) -> Result<Vec<Option<Plan>>, Halt> {
        if !pieces.iter().any(|piece| matches!(piece, Piece::Change(_))) {
            return Ok(pieces.iter().map(|_| None).collect());
        }
        let mut stored = match self.stored.take() {
            Some(stored) => stored,
            None => self.run.wire.inventory().await?,
        };
        if let [piece] = pieces {
            return Ok(vec![Some(self.plan(&piece.ops(), piece.step(), &self.schema, &stored)?)]);
        }
        let mut schema = self.schema.clone();
        let (mut plans, mut sure) = (Vec::new(), true);
        for piece in pieces {
            let ops = piece.ops();
            let plan = match piece {
                Piece::Change(_) => match self.plan(&ops, piece.step(), &schema, &stored) {
                    Err(error) if sure => return Err(error.into()),
                    plan => plan.ok(),
                },
                _ => None,
            };
            sure &= !piece.is_opaque();
            if let Some(plan) = &plan {
                stored = plan.after.clone();
                sure &= plan.done == ops.len() && plan.after.exact;
            }
            plans.push(plan);
            self.fold(piece, &mut schema)?;
        }
        Ok(plans)
    }

    fn plan(&self, ops: &[Op], step: Option<&Step>, schema: &Schema, stored: &Inventory) -> Result<Plan> {
        let engine = self.run.wire.dialect();
        engine.plan(ops, schema, stored).map_err(|refusals| {
            let refusals: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
            self.blame(Error::revision(refusals.join("\n")), step)
        })
    }

    fn fold(&self, piece: &Piece<'_>, schema: &mut Schema) -> Result<()> {
        for op in piece.ops() {
            op.apply(schema).map_err(|problem| self.blame(Error::revision(problem.to_string()), piece.step()))?;
        }
        Ok(())
    }

    /// Whether the transaction is within what the plans need around them.
    fn framed<'p>(&self, plans: impl IntoIterator<Item = &'p Plan>) -> Result<(), Halt> {
        let mut frame = self.run.frame.clone();
        let grew = plans.into_iter().fold(false, |grew, plan| frame.join(&plan.frame) | grew);
        if grew { Err(Halt::Anew(frame)) } else { Ok(()) }
    }

    async fn piece(&mut self, piece: &Piece<'h>, plan: Option<Plan>) -> Result<(), Halt> {
        let mut done = Done { what: piece.what(), hash: String::new(), rows: 0, cursor: None };
        match piece {
            Piece::Change(_) => {
                done.hash = self.change(piece, plan).await?;
                self.done.push(done);
                return Ok(());
            }
            Piece::Text { step, text, .. } => {
                done.hash = book::hash([&**text]);
                done.rows = self.statement(text).await.map_err(|error| self.blame(error, Some(step)))?;
            }
            Piece::Call { .. } if !self.run.runner.calls => {}
            Piece::Call { step, name, arguments } => {
                done.hash = book::hash(std::iter::once(*name).chain(arguments.iter().map(String::as_str)));
                let (rows, cursor) = self.call(name, arguments).await.map_err(|error| self.blame(error, Some(step)))?;
                (done.rows, done.cursor) = (rows, cursor);
            }
        }
        if piece.is_opaque() {
            self.stored = None;
        }
        let mut schema = std::mem::take(&mut self.schema);
        let folded = self.fold(piece, &mut schema);
        self.schema = schema;
        self.done.push(done);
        folded.map_err(Halt::Failed)
    }

    /// Runs operations, in as many plans as it takes; the hash of the statements.
    async fn change(&mut self, piece: &Piece<'h>, plan: Option<Plan>) -> Result<String, Halt> {
        let (ops, step) = (piece.ops(), piece.step());
        let (mut rest, mut plan, mut texts) = (ops.as_slice(), plan, Vec::new());
        while !rest.is_empty() {
            let next = match plan.take() {
                Some(plan) => plan,
                None => self.replan(rest, step).await?,
            };
            texts.extend(next.statements().map(str::to_owned));
            self.acts(&next, step).await?;
            let (done, more) = rest.split_at(next.done.clamp(1, rest.len()));
            for op in done {
                let applied = op.apply(&mut self.schema);
                applied.map_err(|problem| self.blame(Error::revision(problem.to_string()), step))?;
            }
            self.stored = Some(next.after).filter(|after| more.is_empty() && after.exact);
            rest = more;
        }
        Ok(book::hash(texts.iter().map(String::as_str)))
    }

    /// Plans operations behind something whose outcome had to be looked at.
    async fn replan(&mut self, ops: &[Op], step: Option<&Step>) -> Result<Plan, Halt> {
        let stored = self.run.wire.inventory().await?;
        let plan = self.plan(ops, step, &self.schema, &stored)?;
        self.framed([&plan])?;
        Ok(plan)
    }

    async fn acts(&mut self, plan: &Plan, step: Option<&Step>) -> Result<()> {
        for act in &plan.acts {
            let done = match act {
                Act::Run(text) => self.statement(text).await.map(drop),
                Act::Ask(probe) => self.run.wire.ask(probe).await,
                Act::Follow(_) if self.run.frame.begin.is_empty() => Ok(()),
                Act::Follow(text) => self.statement(text).await.map(drop),
            };
            done.map_err(|error| self.blame(error, step))?;
        }
        Ok(())
    }

    /// Runs statements that belong to no step.
    async fn statements(&mut self, texts: &[String]) -> Result<(), Halt> {
        for text in texts {
            self.statement(text).await.map_err(|error| self.blame(error, None))?;
        }
        Ok(())
    }

    async fn statement(&mut self, text: &str) -> Result<u64> {
        self.run.runner.tell(&Progress::Statement { revision: self.way.revision, text });
        self.run.wire.run(text).await
    }

    /// Calls a function until it is done; the rows it did, and its last cursor.
    async fn call(&mut self, name: &str, arguments: &[String]) -> Result<(u64, Option<String>)> {
        let runner = self.run.runner;
        let mut batch = Batch::first(arguments.to_vec());
        loop {
            runner.tell(&Progress::Batch { revision: self.way.revision, name, rows: batch.rows });
            let connection = self.run.wire.lend()?;
            let called = runner.functions.call(name, runner.shared.clone(), connection, batch.clone());
            let (next, connection) = called.await?;
            self.run.wire.take_back(connection);
            let rows = batch.rows + next.rows;
            match next.cursor {
                None => return Ok((rows, batch.cursor)),
                cursor if cursor == batch.cursor => {
                    return Err(Error::usage(format!(
                        "`{name}` returned the cursor it was given, and would be called with it for ever: return \
                         `Next::done(..)` where nothing is left"
                    )));
                }
                cursor => batch = Batch { cursor, rows, ..batch },
            }
        }
    }

    /// Says in which revision, and where in its file, something went wrong. What lies at the machine or at other programs
    /// stays what it is.
    fn blame(&self, error: Error, step: Option<&Step>) -> Error {
        if !is_refusal(&error) && !error.is_revision() {
            return error;
        }
        let revision = self.way.revision;
        let did = match self.way.direction {
            Direction::Up => "was not applied",
            Direction::Down => "was not undone",
        };
        let fault = Fault {
            file: revision.file.clone(),
            text: revision.text.clone(),
            span: step.map(|step| step.span),
            what: format!("revision `{}` {did}, and nothing of it was kept: {error}", revision.id),
            help: String::new(),
        };
        let text = error.statement().map(str::to_owned);
        let told = Error::revision(fault.to_string()).with_source(error);
        match text {
            Some(text) => told.with_statement(&text),
            None => told,
        }
    }
}
