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

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::SQLITE;
use super::ddl::{self, SPELLING};
use super::stored::Definition;
use crate::dialect::ddl::{Rebuild, Refusal};
use crate::dialect::expression::When;
use crate::dialect::{Act, Inventory, Kind, Object, Plan, Probe};
use crate::schema::{ColumnChange, Op, Problem, Schema, Table, View, literal_text, print};

use source::Pending;

/// The plan for as many of `ops` as can be planned on what is known of the texts that are stored.
///
/// # Errors
/// Every operation that cannot be run.
pub(super) fn plan(ops: &[Op], before: &Schema, stored: &Inventory, rebuild: Rebuild) -> Result<Plan, Vec<Refusal>> {
    let before = &part::part(ops, before);
    let mut planner = Planner::new(before, stored, rebuild);
    let mut refusals = Vec::new();
    let mut settled = 0;
    for (at, op) in ops.iter().enumerate() {
        match planner.step(op) {
            Ok(Settled::Yes) => settled = at + 1,
            Ok(Settled::No) => {}
            Err(Stop::Unsure) => return first(&ops[..settled], before, stored),
            Err(Stop::Refused(more)) => refusals.extend(more),
        }
    }
    match planner.flush() {
        Ok(()) => {}
        Err(Stop::Unsure) => return first(&ops[..settled], before, stored),
        Err(Stop::Refused(more)) => refusals.extend(more),
    }
    if refusals.is_empty() { Ok(planner.finish(ops.len())) } else { Err(refusals) }
}

/// The plan for the first of more operations, of which a later one writes a table anew.
fn first(ops: &[Op], before: &Schema, stored: &Inventory) -> Result<Plan, Vec<Refusal>> {
    let mut planner = Planner::new(before, stored, Rebuild::Allowed);
    let mut refusals = Vec::new();
    planner.loose = true;
    for op in ops {
        match planner.step(op) {
            Ok(_) | Err(Stop::Unsure) => {}
            Err(Stop::Refused(more)) => refusals.extend(more),
        }
    }
    if refusals.is_empty() { Ok(planner.finish(ops.len())) } else { Err(refusals) }
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

/// Whether nothing is left to do for the operations so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Settled {
    Yes,
    No,
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
    /// Questions before anything is touched.
    front: Vec<Probe>,
    acts: Vec<Act>,
    notes: Vec<String>,
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
            front: Vec::new(),
            acts: Vec::new(),
            notes: Vec::new(),
            loose: false,
            rebuild,
        }
    }

    /// Takes one more operation in.
    fn step(&mut self, op: &Op) -> Result<Settled, Stop> {
        let op = &*self.spoken(op)?;
        let renames = matches!(op, Op::RenameTable { .. } | Op::RenameColumn { .. });
        if renames {
            self.rename_checks(op);
        }
        if renames || matches!(op, Op::CreateView { .. }) {
            self.flush()?;
        }
        self.pend_for(op).into_iter().for_each(|table| self.absorb(&table, op));
        op.apply(&mut self.goal)?;
        match op {
            Op::RenameTable { table, to } => self.rename_table(table, to),
            Op::RenameColumn { table, column, to } => self.rename_column(table, column, to),
            Op::DropTable { table } => self.drop_table(table),
            Op::CreateView { view, replace } => self.create_view(view, *replace),
            Op::DropView { view } => self.drop_view(view),
            _ => {}
        }
        if renames {
            self.now = Cow::Owned(self.goal.clone());
        }
        Ok(if self.pending.is_empty() { Settled::Yes } else { Settled::No })
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
        self.prove_others(table);
    }

    fn create_view(&mut self, view: &View, replace: bool) {
        if replace && self.stored.objects.iter().any(|object| is_view(object, &view.name)) {
            self.drop_view(&view.name);
        }
        let text = print(&SPELLING, &Op::CreateView { view: view.clone(), replace: false });
        self.run(text.clone());
        self.store(Kind::View, &view.name, &view.name, text);
    }

    fn drop_view(&mut self, view: &str) {
        self.run(format!("DROP VIEW {}", (SPELLING.name)(view)));
        self.stored.objects.retain(|object| object.temporary || !object.table.eq_ignore_ascii_case(view));
    }

    /// Brings every table to what the history says.
    fn flush(&mut self) -> Result<(), Stop> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut refusals = Vec::new();
        for pending in std::mem::take(&mut self.pending) {
            match self.bring(&pending) {
                Ok(()) => {}
                Err(Stop::Refused(more)) => refusals.extend(more),
                Err(Stop::Unsure) => return Err(Stop::Unsure),
            }
            self.touched.insert(pending.table);
        }
        self.called.clear();
        self.now = Cow::Owned(self.goal.clone());
        if refusals.is_empty() { Ok(()) } else { Err(Stop::Refused(refusals)) }
    }

    fn bring(&mut self, pending: &Pending) -> Result<(), Stop> {
        let Some(goal) = self.goal.tables.get(&pending.table).cloned() else { return Ok(()) };
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
        let is = |object: &&mut Object| {
            object.kind == Kind::Table && !object.temporary && object.name.eq_ignore_ascii_case(table)
        };
        if let Some(object) = self.stored.objects.iter_mut().find(is) {
            object.sql = Some(text);
        }
    }

    fn table_text(&self, table: &str) -> Option<&str> {
        let is = |object: &&Object| {
            object.kind == Kind::Table && !object.temporary && object.name.eq_ignore_ascii_case(table)
        };
        self.stored.objects.iter().find(is)?.sql.as_deref()
    }

    fn finish(self, done: usize) -> Plan {
        let mut plan = Plan { done, notes: self.notes, after: self.stored, ..Plan::default() };
        plan.after.exact &= self.unsure.is_empty();
        if self.loose {
            proof::loosen(&mut plan.frame);
        }
        plan.acts = self.front.into_iter().map(Act::Ask).chain(self.acts).collect();
        plan
    }
}

fn is_view(object: &Object, name: &str) -> bool {
    object.kind == Kind::View && !object.temporary && object.name.eq_ignore_ascii_case(name)
}

/// The words for a stored text that cannot be changed.
fn unreadable(table: &str, sql: &str, why: &str) -> Problem {
    Problem::plain(
        format!("the stored statement of table `{table}` cannot be changed: {why}"),
        format!("write the change by hand behind `-- instead: sqlite`; it is stored as: {sql}"),
    )
}
