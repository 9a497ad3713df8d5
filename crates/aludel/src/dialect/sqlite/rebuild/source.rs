//! Where the values of a table's columns come from while operations on it are folded.

use std::collections::BTreeMap;

use super::convert::{self, Doubt};
use super::{Planner, SPELLING, SQLITE, utf8};
use crate::Type;
use crate::dialect::expression::When;
use crate::dialect::sqlite::stored::{Definition, names_any, plain as plain_text, substitute};
use crate::schema::{Column, ColumnChange, Op, PORTABLE, Schema, Table, literal_text, truth, type_name};

/// A table that is to become another one than the database holds.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) table: String,
    /// Whether it is not there yet.
    pub(super) made: bool,
    /// The columns it is to have, by name.
    pub(super) columns: BTreeMap<String, Source>,
    /// Its rules, and what they are called in the database; those that are new are missing.
    pub(super) rules: BTreeMap<String, String>,
    /// Its indexes in the same way.
    pub(super) indexes: BTreeMap<String, String>,
    /// The first operation on it, for messages.
    pub(super) why: String,
}

/// Where the values of a column come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    /// The column that it is in the database; `None` for a new one.
    pub(super) column: Option<String>,
    /// Its values, as an expression over the columns in the database; `None` where they stay as they are.
    pub(super) expression: Option<String>,
    /// What must not be, over the columns in the database.
    pub(super) doubts: Vec<Doubt>,
    /// How the values compare, where they do not do so by themselves: `COLLATE ..`.
    pub(super) collation: Option<String>,
}

impl Source {
    /// The values, as text over the columns in the database.
    pub(super) fn text(&self) -> String {
        match (&self.expression, &self.column) {
            (Some(expression), _) => expression.clone(),
            (None, Some(column)) => (SPELLING.name)(column),
            (None, None) => "NULL".into(),
        }
    }

    /// Whether the values, or how they compare, are others than those of a column in the database.
    fn changes(&self) -> bool {
        self.expression.is_some() || self.column.is_none() || self.collation.is_some()
    }
}

impl Pending {
    fn new(table: &Table, made: bool, why: String) -> Self {
        let mut pending = Pending {
            table: table.name.clone(),
            made,
            columns: BTreeMap::new(),
            rules: BTreeMap::new(),
            indexes: BTreeMap::new(),
            why,
        };
        if !made {
            let source = |column: &Column| Source { column: Some(column.name.clone()), ..Source::default() };
            pending.columns = table.columns.iter().map(|column| (column.name.clone(), source(column))).collect();
            pending.rules = table.constraints().map(|rule| (rule.name().to_owned(), rule.name().to_owned())).collect();
            pending.indexes = table.indexes.iter().map(|index| (index.name.clone(), index.name.clone())).collect();
        }
        pending
    }

    /// An expression over the table as it is to be, as one over the table in the database.
    pub(super) fn over(&self, expression: &str) -> String {
        substitute(expression, &self.table, |name, _| {
            let (name, source) = self.column(name)?;
            let value = match (&source.expression, &source.column) {
                (Some(expression), _) => format!("({expression})"),
                (None, Some(column)) if column == name && source.collation.is_none() => return None,
                (None, Some(column)) => (SPELLING.name)(column),
                (None, None) => "NULL".into(),
            };
            Some(source.collation.as_ref().map_or_else(|| value.clone(), |collation| format!("{value} {collation}")))
        })
    }

    fn column(&self, name: &str) -> Option<(&String, &Source)> {
        self.columns.iter().find(|(column, _)| column.eq_ignore_ascii_case(name))
    }

    /// Whether the values of a column are others than those in the database.
    pub(super) fn changes(&self, column: &str) -> bool {
        self.columns.get(column).is_none_or(Source::changes)
    }

    /// Whether an expression names a column whose values change.
    pub(super) fn changes_in(&self, expression: &str) -> bool {
        names_any(expression, &self.table, |name| self.column(name).is_some_and(|(_, source)| source.changes()))
    }

    /// The same with what questions need to know: the values of generated columns, and how texts compare in the table that
    /// is to be, whose text is `new`.
    pub(super) fn asked(&self, now: &Table, goal: &Table, old: &Definition, new: &Definition) -> Pending {
        let mut asked = self.clone();
        let plain = old.columns.iter().all(|column| old.collation(&column.name.text).is_none());
        for (name, source) in &mut asked.columns {
            let was = source.column.as_ref().map(|column| old.collation(column).map(plain_text));
            let will = new.collation(name);
            let by_itself = source.expression.is_none() && was == Some(will.map(plain_text));
            source.collation = match will {
                _ if by_itself => None,
                None if plain => None,
                will => Some(will.unwrap_or("COLLATE BINARY").to_owned()),
            };
        }
        // One generated column may be made of another, which is made of a third.
        for _ in &goal.columns {
            let made = goal.columns.iter().filter_map(|column| Some((column, &column.generated.as_ref()?.expression)));
            for (column, expression) in made {
                let Some(source) = asked.columns.get(&column.name) else { continue };
                let was = source.column.as_ref().and_then(|name| now.column(name)?.generated.as_ref());
                let same = was.is_some_and(|was| was.expression == *expression) && !asked.changes_in(expression);
                let value = (!same).then(|| asked.over(expression));
                if let Some(source) = asked.columns.get_mut(&column.name).filter(|_| value.is_some()) {
                    source.expression = value;
                }
            }
        }
        asked
    }
}

impl Planner<'_> {
    /// The tables that `op` changes, each of them pending from here on.
    pub(super) fn pend_for(&mut self, op: &Op) -> Vec<String> {
        let tables: Vec<String> = match op {
            Op::CreateTable(table) => {
                self.pending.push(Pending::new(table, true, op.print()));
                return Vec::new();
            }
            Op::AddColumn { table, .. }
            | Op::DropColumn { table, .. }
            | Op::AlterColumn { table, .. }
            | Op::AddConstraint { table, .. }
            | Op::DropConstraint { table, .. }
            | Op::RenameConstraint { table, .. }
            | Op::CreateIndex { table, .. } => vec![table.clone()],
            Op::DropIndex { name, .. } | Op::RenameIndex { name, .. } => {
                self.goal.index_table(name).map(|table| table.name.clone()).into_iter().collect()
            }
            Op::AddValue { name, .. } | Op::RenameValue { name, .. } => users(&self.goal, name),
            _ => Vec::new(),
        };
        tables.iter().for_each(|table| self.pend(table, || op.print()));
        tables
    }

    /// Makes a table pending.
    pub(super) fn pend(&mut self, table: &str, why: impl Fn() -> String) {
        if self.pending.iter().any(|pending| pending.table == table) {
            return;
        }
        if let Some(known) = self.now.tables.get(table) {
            self.pending.push(Pending::new(known, false, why()));
        }
    }

    /// Notes what an operation, which is about to be applied, does to the values and names of a pending table.
    pub(super) fn absorb(&mut self, table: &str, op: &Op) {
        let goal = &self.goal;
        let Some(pending) = self.pending.iter_mut().find(|pending| pending.table == table) else { return };
        if pending.made {
            return;
        }
        match op {
            Op::AddColumn { column, .. } => {
                let name = &column.name;
                // What cannot be said is refused with the table's text.
                let column = &goal.tables.get(table).and_then(|table| SQLITE.words(table).column(column).ok());
                let default =
                    column.as_ref().and_then(|column| Some((SPELLING.default)(column, column.default.as_ref()?)));
                let source = Source { expression: Some(default.unwrap_or_else(|| "NULL".into())), ..Source::default() };
                pending.columns.insert(name.clone(), source);
            }
            Op::DropColumn { column, .. } => drop(pending.columns.remove(column)),
            Op::AlterColumn { column, change: ColumnChange::Type { ty, using, .. }, .. } => {
                if let Some((known, old)) =
                    goal.tables.get(table).and_then(|known| Some((known, known.column(column)?)))
                {
                    retype(pending, known, old, ty, using.as_deref());
                }
            }
            Op::DropConstraint { name, .. } => drop(pending.rules.remove(name)),
            Op::RenameConstraint { name, to, .. } => renamed(&mut pending.rules, name, to),
            Op::DropIndex { name, .. } => drop(pending.indexes.remove(name)),
            Op::RenameIndex { name, to } => renamed(&mut pending.indexes, name, to),
            Op::RenameValue { name, value, to } => {
                let columns = goal.tables.get(table).map(|table| table.columns.as_slice()).unwrap_or_default();
                for column in columns.iter().filter(|column| is_enum(column, name)) {
                    if let Some(source) = pending.columns.get_mut(&column.name) {
                        let (old, value, to) = (source.text(), literal_text(value), literal_text(to));
                        source.expression = Some(format!("CASE {old} WHEN {value} THEN {to} ELSE {old} END"));
                    }
                }
            }
            _ => {}
        }
    }
}

/// A column of another type: its values are what the expression says, else the same ones as the new type spells them.
fn retype(pending: &mut Pending, table: &Table, old: &Column, ty: &Type, using: Option<&str>) {
    // A cast of text says no more than the type does, and SQLite makes something of whatever text there is.
    let casts = convert::is_text(&old.ty) && using.is_some_and(|using| is_cast(using, table, &old.name, ty));
    // These words are ours, and one that is none of them would be forgotten. Who writes others says what becomes of the rest.
    let reads = *ty == Type::Bool && using.is_some_and(|using| is_said(using, table, &truth(&old.name)));
    let using = using.map(|using| pending.over(using));
    let Some(source) = pending.columns.get_mut(&old.name) else { return };
    let value = match &source.expression {
        Some(expression) => format!("({expression})"),
        None => source.text(),
    };
    match using.filter(|_| !casts) {
        Some(using) => {
            source.doubts.extend(convert::misfit(ty, &format!("({using})")));
            if old.ty == Type::Bytes && convert::is_text(ty) {
                source.doubts.push(utf8::broken(&format!("CAST(({using}) AS BLOB)")));
            }
            if convert::is_text(&old.ty) && reads {
                let condition = format!("({value}) IS NOT NULL AND ({using}) IS NULL");
                source.doubts.push(Doubt { condition, why: "is neither true nor false".into() });
            }
            source.expression = Some(using);
        }
        None => {
            let read = if casts { convert::read_number(ty, &value) } else { None };
            let (expression, doubts) = read.unwrap_or_else(|| convert::convert(&old.ty, ty, &value));
            source.doubts.extend(doubts);
            source.expression = expression.or_else(|| source.expression.take());
        }
    }
}

/// Whether an expression, in this engine's words, is a cast of the column to the type it gets.
fn is_cast(using: &str, table: &Table, column: &str, ty: &Type) -> bool {
    is_said(using, table, &format!("CAST({} AS {})", (PORTABLE.name)(column), type_name(ty)))
}

/// Whether an expression, in this engine's words, is the portable `text`.
fn is_said(using: &str, table: &Table, text: &str) -> bool {
    SQLITE.words(table).expression(text, When::Once).is_ok_and(|said| said == using)
}

/// The tables that have a column of an enum.
fn users(schema: &Schema, name: &str) -> Vec<String> {
    let uses = |table: &&Table| table.columns.iter().any(|column| is_enum(column, name));
    schema.tables.values().filter(uses).map(|table| table.name.clone()).collect()
}

fn is_enum(column: &Column, name: &str) -> bool {
    matches!(&column.ty, Type::Enum(of) if of == name)
}

fn renamed(names: &mut BTreeMap<String, String>, from: &str, to: &str) {
    if let Some(name) = names.remove(from) {
        names.insert(to.to_owned(), name);
    }
}
