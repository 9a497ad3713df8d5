//! How operations run on a SQLite database that is there.
//!
//! SQLite alters little of a table in place; everything else means writing the table anew. Operations are folded first, so
//! that a table is written once whatever happens to it, and then each table is brought from what the database holds to what
//! the history says: in place where this version can, anew where it cannot. Nothing is decided by trying.

mod anew;
mod change;
mod convert;
mod native;
mod part;
mod probe;
mod proof;
mod rename;
mod source;
#[cfg(all(test, feature = "sqlite"))]
mod tests;
mod utf8;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::SQLITE;
use super::ddl::{self, SPELLING};
use super::stored::Definition;
use crate::dialect::ddl::{Rebuild, Refusal};
use crate::dialect::expression::When;
use crate::dialect::{Act, Inventory, Kind, Object, Plan, Probe};
use crate::schema::{ColumnChange, Constraint, Op, Problem, Schema, Table, View, literal_text, print};

use source::Pending;

/// The plan for as many of `ops` as can be planned on what is known of the texts that are stored.
///
/// # Errors
/// Every operation that cannot be run.
pub(super) fn plan(ops: &[Op], before: &Schema, stored: &Inventory, rebuild: Rebuild) -> Result<Plan, Vec<Refusal>> {
    let before = &part::part(ops, before);
    let mut planner = Planner::new(before, stored, rebuild);
    let mut planned = planner.all(ops);
    let mut done = ops.len();
    if matches!(planned, Err(Stop::Unsure)) {
        // The rest writes a table anew, and is planned when its texts are read again.
        done = planner.settled;
        planner = Planner::new(before, stored, rebuild);
        planner.loose = true;
        planned = planner.all(&ops[..done]);
    }
    match planned {
        Err(Stop::Refused(refusals)) => Err(refusals),
        Ok(()) | Err(Stop::Unsure) => Ok(planner.finish(done)),
    }
}

/// Why planning does not go on.
enum Stop {
    /// What cannot be run.
    Refused(Vec<Refusal>),
    /// A text is needed that the engine itself has changed by then: it has to be read again first.
    Unsure,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(vec![refusal])
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Refusal::from(problem).into()
    }
}

/// Folds operations, and turns what they come to into acts.
struct Planner<'a> {
    /// What the database holds after the acts so far.
    now: Cow<'a, Schema>,
    /// What it is to hold.
    goal: Schema,
    /// The texts it holds after the acts so far.
    stored: Inventory,
    /// The tables that differ between `now` and `goal`, in the order they were first touched.
    pending: Vec<Pending>,
    /// Tables that the acts so far change: nothing can be asked of them at the start.
    touched: BTreeSet<String>,
    /// Views and triggers in which the engine has renamed something.
    unsure: BTreeSet<String>,
    /// What rules of enums are to be called, by table and column, because one of these is about to be renamed.
    called: BTreeMap<(String, String), String>,
    /// Temporary tables and views, each with what it is.
    shadows: Vec<(&'static str, String)>,
    /// Tables that cannot be brought along: what comes of that is not told again.
    failed: BTreeSet<String>,
    /// Indexes that are gone before the tables are brought along, because another table has one of that name.
    cleared: BTreeSet<String>,
    /// Tables and views that the acts so far change, and whose dependents are still to be asked of.
    unproven: Vec<String>,
    /// Questions before anything is touched.
    front: Vec<Probe>,
    acts: Vec<Act>,
    notes: Vec<String>,
    /// After how many operations nothing was left to do for any table.
    settled: usize,
    /// Whether foreign keys must not be enforced meanwhile.
    loose: bool,
    rebuild: Rebuild,
}

impl<'a> Planner<'a> {
    fn new(before: &'a Schema, stored: &Inventory, rebuild: Rebuild) -> Self {
        Planner {
            now: Cow::Borrowed(before),
            goal: before.clone(),
            stored: stored.clone(),
            pending: Vec::new(),
            touched: BTreeSet::new(),
            unsure: BTreeSet::new(),
            called: BTreeMap::new(),
            shadows: stored.objects.iter().filter_map(shadow).collect(),
            failed: BTreeSet::new(),
            cleared: BTreeSet::new(),
            unproven: Vec::new(),
            front: Vec::new(),
            acts: Vec::new(),
            notes: Vec::new(),
            settled: 0,
            loose: false,
            rebuild,
        }
    }

    /// Takes all operations in, and brings every table along.
    fn all(&mut self, ops: &[Op]) -> Result<(), Stop> {
        let mut refusals = Vec::new();
        for (at, op) in ops.iter().enumerate() {
            match self.step(op) {
                Err(Stop::Refused(more)) => refusals.extend(more),
                stepped => stepped?,
            }
            if self.pending.is_empty() {
                self.settled = at + 1;
            }
        }
        match self.flush() {
            Err(Stop::Refused(more)) => refusals.extend(more),
            flushed => flushed?,
        }
        if refusals.is_empty() { Ok(()) } else { Err(Stop::Refused(refusals)) }
    }

    /// Takes one more operation in.
    fn step(&mut self, op: &Op) -> Result<(), Stop> {
        self.shadowed(op)?;
        let spoken = self.spoken(op);
        let op = spoken.as_ref().map_or(op, |spoken| &**spoken);
        let renames = matches!(op, Op::RenameTable { .. } | Op::RenameColumn { .. });
        let mut refused = Vec::new();
        if renames {
            self.rename_checks(op);
        }
        if renames || matches!(op, Op::CreateView { .. }) {
            match self.flush() {
                Err(Stop::Refused(more)) => refused = more,
                flushed => flushed?,
            }
        }
        // Whatever was refused, what comes later is about the names that this one gives.
        if let Err(refusal) = &spoken {
            self.failed.extend(op.table().map(str::to_owned));
            refused.push(refusal.clone());
        }
        self.pend_for(op).into_iter().for_each(|table| self.absorb(&table, op));
        op.apply(&mut self.goal)?;
        if renames {
            self.prove_dependents();
        }
        match op {
            Op::RenameTable { table, to } => self.rename_table(table, to),
            Op::RenameColumn { table, column, to } => self.rename_column(table, column, to),
            Op::DropTable { table } => self.drop_table(table),
            Op::CreateView { view, replace } => self.create_view(view, *replace)?,
            Op::DropView { view } => self.drop_view(view),
            _ => {}
        }
        if renames {
            self.now = Cow::Owned(self.goal.clone());
        }
        if refused.is_empty() { Ok(()) } else { Err(Stop::Refused(refused)) }
    }

    /// A temporary table or view takes the statements that are meant for the one behind it.
    fn shadowed(&self, op: &Op) -> Result<(), Problem> {
        let mut names: Vec<&str> = op.table().into_iter().collect();
        match op {
            Op::RenameTable { to, .. } => names.push(to),
            Op::DropIndex { name, .. } | Op::RenameIndex { name, .. } => {
                names.extend(self.goal.index_table(name).map(|table| table.name.as_str()));
            }
            Op::CreateView { view, .. } => names.push(&view.name),
            Op::DropView { view } => names.push(view),
            Op::CreateTable(table) => names.extend(table.foreign_keys.iter().map(|key| key.table.as_str())),
            Op::AddConstraint { constraint: Constraint::ForeignKey(key), .. } => names.push(&key.table),
            _ => {}
        }
        let before = |name: &&str| self.shadows.iter().find(|(_, shadow)| shadow.eq_ignore_ascii_case(name));
        let Some((kind, name)) = names.iter().find_map(before) else { return Ok(()) };
        Err(Problem::plain(
            format!(
                "this connection has a temporary {kind} `{name}`, which statements would mean instead of the lasting one"
            ),
            format!("drop it first: DROP {} temp.{}", kind.to_uppercase(), (SPELLING.name)(name)),
        ))
    }

    /// `op` with its conversion in this engine's words: it is no part of the schema, where expressions stay portable.
    fn spoken<'o>(&self, op: &'o Op) -> Result<Cow<'o, Op>, Refusal> {
        let mut spoken = Cow::Borrowed(op);
        if let Op::AlterColumn { table, change: ColumnChange::Type { using: Some(using), .. }, .. } = op
            && let Some(table) = self.goal.tables.get(table)
        {
            let said = SQLITE.words(table).expression(using, When::Once)?;
            if let Op::AlterColumn { change: ColumnChange::Type { using, .. }, .. } = spoken.to_mut() {
                *using = Some(said);
            }
        }
        Ok(spoken)
    }

    fn drop_table(&mut self, table: &str) {
        let made = self.pending.iter().any(|pending| pending.table == table && pending.made);
        self.pending.retain(|pending| pending.table != table);
        if made {
            return;
        }
        self.loose = true;
        self.touched.insert(table.to_owned());
        self.run(format!("DROP TABLE {}", (SPELLING.name)(table)));
        self.stored.objects.retain(|object| object.kind == Kind::View || !object.table.eq_ignore_ascii_case(table));
        self.unproven.push(table.to_owned());
    }

    fn create_view(&mut self, view: &View, replace: bool) -> Result<(), Stop> {
        let mut triggers = Vec::new();
        if replace && self.stored.objects.iter().any(|object| is(object, Kind::View, &view.name)) {
            triggers = self.triggers(&view.name)?;
            self.drop_view(&view.name);
        }
        let text = print(&SPELLING, &Op::CreateView { view: view.clone(), replace: false });
        self.run(text.clone());
        self.store(Kind::View, &view.name, &view.name, text);
        self.prove_view(&view.name);
        self.put_back(triggers);
        self.touched.insert(view.name.clone());
        Ok(())
    }

    fn drop_view(&mut self, view: &str) {
        self.run(format!("DROP VIEW {}", (SPELLING.name)(view)));
        self.stored.objects.retain(|object| !object.table.eq_ignore_ascii_case(view));
        self.unproven.push(view.to_owned());
    }

    /// Brings every table to what the history says.
    fn flush(&mut self) -> Result<(), Stop> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut refusals = Vec::new();
        let all = std::mem::take(&mut self.pending);
        self.clear(&all);
        for pending in all {
            match self.bring(&pending) {
                Ok(()) => {}
                Err(Stop::Refused(more)) => {
                    self.failed.insert(pending.table.clone());
                    refusals.extend(more);
                }
                Err(Stop::Unsure) => return Err(Stop::Unsure),
            }
            self.touched.insert(pending.table);
        }
        self.called.clear();
        self.cleared.clear();
        self.now = Cow::Owned(self.goal.clone());
        if refusals.is_empty() { Ok(()) } else { Err(Stop::Refused(refusals)) }
    }

    /// Drops the indexes whose names go over to another table: no two have one of the same name at any time.
    fn clear(&mut self, all: &[Pending]) {
        let comes = |pending: &Pending, name: &str| {
            let goal = self.goal.tables.get(&pending.table);
            let mut indexes = goal.into_iter().flat_map(|table| &table.indexes);
            indexes.any(|index| {
                let stays = pending.indexes.get(&index.name).is_some_and(|old| *old == index.name);
                !stays && index.name.eq_ignore_ascii_case(name)
            })
        };
        let mut names = Vec::new();
        for pending in all {
            let on = |object: &&Object| {
                object.kind == Kind::Index && !object.temporary && object.table.eq_ignore_ascii_case(&pending.table)
            };
            for object in self.stored.objects.iter().filter(on) {
                let others = all.iter().filter(|other| other.table != pending.table);
                if self.drops_index(pending, &object.name) && others.into_iter().any(|other| comes(other, &object.name))
                {
                    names.push(object.name.clone());
                }
            }
        }
        for name in names {
            self.run(format!("DROP INDEX {}", (SPELLING.name)(&name)));
            self.cleared.insert(name);
        }
    }

    fn bring(&mut self, pending: &Pending) -> Result<(), Stop> {
        let Some(goal) = self.goal.tables.get(&pending.table).cloned() else { return Ok(()) };
        if self.failed.contains(&pending.table) {
            return Ok(());
        }
        self.unheld(&goal)?;
        if pending.made { self.make(&goal) } else { self.change(pending, &goal) }
    }

    /// A table that is not there yet.
    fn make(&mut self, table: &Table) -> Result<(), Stop> {
        let mut made = ddl::create_table(table, &self.goal)?;
        if !self.called.is_empty() {
            let text = Definition::read(&made.text).and_then(|text| self.called(text));
            made.text = text.map_err(|why| unreadable(&table.name, &made.text, &why))?.text;
        }
        self.run(made.text.clone());
        self.store(Kind::Table, &table.name, &table.name, made.text);
        if let Some(start) = made.start {
            let name = literal_text(&table.name);
            self.run(format!("INSERT INTO sqlite_sequence (name, seq) VALUES ({name}, {})", start - 1));
        }
        for index in &table.indexes {
            self.create_index(ddl::create_index(table, index)?, &index.name, &table.name);
        }
        Ok(())
    }

    fn create_index(&mut self, text: String, name: &str, table: &str) {
        self.run(text.clone());
        self.store(Kind::Index, name, table, text);
    }

    fn run(&mut self, statement: String) {
        self.acts.push(Act::Run(statement));
    }

    fn store(&mut self, kind: Kind, name: &str, table: &str, sql: String) {
        let (name, table) = (name.to_owned(), table.to_owned());
        self.stored.objects.push(Object { kind, name, table, sql: Some(sql), temporary: false });
    }

    /// The stored text of a table, read.
    fn definition(&self, table: &str) -> Result<Definition, Problem> {
        let Some(sql) = self.table_text(table) else {
            return Err(Problem::plain(
                format!("the database has no table `{table}`, and the history says that it has"),
                "see `check --live` for what differs",
            ));
        };
        Definition::read(sql).map_err(|why| unreadable(table, sql, &why))
    }

    /// Notes what the text of a table has become.
    fn set_text(&mut self, table: &str, text: String) {
        if let Some(object) = self.stored.objects.iter_mut().find(|object| is(object, Kind::Table, table)) {
            object.sql = Some(text);
        }
    }

    fn table_text(&self, table: &str) -> Option<&str> {
        self.stored.objects.iter().find(|object| is(object, Kind::Table, table))?.sql.as_deref()
    }

    fn finish(mut self, done: usize) -> Plan {
        self.prove_dependents();
        let mut plan = Plan { done, notes: self.notes, after: self.stored, ..Plan::default() };
        plan.after.exact &= self.unsure.is_empty();
        if self.loose {
            proof::loosen(&mut plan.frame);
        }
        plan.acts = self.front.into_iter().map(Act::Ask).chain(self.acts).collect();
        plan
    }
}

/// Whether it is the lasting object of that kind and name.
fn is(object: &Object, kind: Kind, name: &str) -> bool {
    object.kind == kind && !object.temporary && object.name.eq_ignore_ascii_case(name)
}

fn shadow(object: &Object) -> Option<(&'static str, String)> {
    let kind = match object.kind {
        Kind::Table => "table",
        Kind::View => "view",
        Kind::Index | Kind::Trigger => return None,
    };
    object.temporary.then(|| (kind, object.name.clone()))
}

/// The words for a stored text that cannot be changed.
fn unreadable(table: &str, sql: &str, why: &str) -> Problem {
    Problem::plain(
        format!("the stored statement of table `{table}` cannot be changed: {why}"),
        format!("write the change by hand behind `-- instead: sqlite`; it is stored as: {sql}"),
    )
}
