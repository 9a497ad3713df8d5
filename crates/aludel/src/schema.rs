//! The schema as plain data: what tables there are, from models or from a history of operations.
//!
//! A [`Schema`] compares by meaning: the order of columns and rules, and the models they came from, do not count. What
//! changes a schema is an [`Op`]; the same operations make the tables of a new database and stand in revision files.

mod check;
mod extra;
mod fnv;
mod literal;
mod name;
mod naming;
mod op;
mod order;
mod print;
mod problem;
#[cfg(test)]
mod random;
#[cfg(test)]
mod tests;

pub use extra::{Deferral, Exclusion, View};
pub use op::{ColumnChange, Commented, Constraint, Op, Place};
pub use problem::{Origin, Problem};

pub use crate::syntax::text::same;

pub(crate) use crate::syntax::text::{fault as expression_fault, names as names_column};
pub(crate) use fnv::{WideFnv, fnv};
pub(crate) use literal::{fit, hex, literal, string as literal_text, text as literal_content, truth, unhex};
pub(crate) use name::{
    MAX as MAX_NAME, check as check_name, distance, enum_check, foreign_key as foreign_key_name, hashed, nearest,
    primary_key as primary_key_name, unique as unique_name,
};
pub(crate) use naming::name_all;
#[cfg(test)]
pub(crate) use op::TYPE_WORDS;
pub(crate) use op::{Saying, followed, nearest_type, settle};
pub(crate) use order::{add_column, create_table};
pub(crate) use print::{PORTABLE, Spelling, print, type_name};

use std::collections::{BTreeMap, BTreeSet};

use crate::syntax::text;
use crate::{Type, Value};

/// Tables and enums by name.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Schema {
    /// The tables.
    pub tables: BTreeMap<String, Table>,
    /// The variants of each enum, in order.
    pub enums: BTreeMap<String, Vec<String>>,
    /// The views.
    pub views: BTreeMap<String, View>,
    /// The schemas beside the one that names without a dot are in.
    pub schemas: BTreeSet<String>,
    /// What people should know of all that is no table and no column.
    pub comments: BTreeMap<Commented, String>,
    /// Who has each name of a rule or index.
    names: Names,
}

/// The table of each rule and index by name. It follows from the tables, so it takes no part in equality.
#[derive(Clone, Debug, Default)]
struct Names(BTreeMap<String, String>);

impl PartialEq for Names {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// One table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its name; with a dot, `schema.table`.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its primary key.
    pub primary_key: Option<PrimaryKey>,
    /// Columns of which no two rows agree.
    pub uniques: Vec<Unique>,
    /// References to other tables.
    pub foreign_keys: Vec<ForeignKey>,
    /// Rules over the row.
    pub checks: Vec<Check>,
    /// Rules over pairs of rows.
    pub exclusions: Vec<Exclusion>,
    /// Its indexes, the unique ones that are no constraints among them.
    pub indexes: Vec<Index>,
    /// What people should know of it.
    pub comment: Option<String>,
    /// The model it came from; no part of equality.
    pub origin: Origin,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// What it holds when an INSERT leaves it out.
    pub default: Option<Default>,
    /// The expression that makes it.
    pub generated: Option<Generated>,
    /// Whether the database numbers it.
    pub identity: Option<Identity>,
    /// How its text sorts and compares, by a name that the engine knows.
    pub collation: Option<String>,
    /// What people should know of it.
    pub comment: Option<String>,
    /// The field it came from; no part of equality.
    pub origin: Origin,
}

/// A default of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// A value of the column's type.
    Value(Value),
    /// The database's clock, in UTC.
    Now,
    /// An expression, in SQL.
    Expression(String),
}

/// An expression that makes a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The expression, in SQL.
    pub expression: String,
    /// Whether it is stored rather than computed at each read.
    pub stored: bool,
}

/// How the database numbers a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Whether a value given by an INSERT is refused.
    pub always: bool,
    /// The first number, where it is not 1.
    pub start: Option<i64>,
    /// The distance between numbers, where it is not 1.
    pub increment: Option<i64>,
    /// The least number, where it is not that of the type.
    pub least: Option<i64>,
    /// The greatest number, where it is not that of the type.
    pub greatest: Option<i64>,
    /// Whether it begins anew behind the last.
    pub cycle: bool,
}

/// The columns that name a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrimaryKey {
    /// The constraint's name.
    pub name: String,
    /// The columns, in order.
    pub columns: Vec<String>,
    /// Columns that its index holds beside the key.
    pub include: Vec<String>,
    /// Whether it may wait for the end of the transaction.
    pub deferral: Deferral,
}

/// Columns of which no two rows agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unique {
    /// The constraint's name.
    pub name: String,
    /// The columns, in order.
    pub columns: Vec<String>,
    /// Columns that its index holds beside the key.
    pub include: Vec<String>,
    /// Whether NULLs are equal to each other.
    pub nulls_not_distinct: bool,
    /// Whether it may wait for the end of the transaction.
    pub deferral: Deferral,
}

/// A reference to the rows of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: String,
    /// The columns that point, in order.
    pub columns: Vec<String>,
    /// The table pointed at.
    pub table: String,
    /// The columns pointed at, in the same order.
    pub references: Vec<String>,
    /// What happens to the row when its parent goes.
    pub on_delete: Action,
    /// What happens to the row when its parent's key changes.
    pub on_update: Action,
    /// Whether a key that is NULL in part is refused.
    pub match_full: bool,
    /// The columns that `SET NULL` and `SET DEFAULT` on delete set; empty for all.
    pub set_columns: Vec<String>,
    /// Whether it may wait for the end of the transaction.
    pub deferral: Deferral,
}

/// What happens to a row when the row it points at goes or changes its key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Action {
    #[default]
    /// Refuse, at the end of the statement or transaction.
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Do the same to the row.
    Cascade,
    /// Set the columns to NULL.
    SetNull,
    /// Set the columns to their defaults.
    SetDefault,
}

/// A rule over a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name.
    pub name: String,
    /// The rule, in SQL.
    pub expression: String,
    /// Whether tables that inherit do without it.
    pub no_inherit: bool,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// What it is sorted by, in order.
    pub keys: Vec<Key>,
    /// Whether no two rows of it may agree.
    pub unique: bool,
    /// Which rows it holds, in SQL; `None` holds all.
    pub filter: Option<String>,
    /// The access method, where it is no B-tree.
    pub method: Option<String>,
    /// Columns it holds beside the keys.
    pub include: Vec<String>,
    /// Whether NULLs are equal to each other.
    pub nulls_not_distinct: bool,
    /// Storage parameters, by name.
    pub options: BTreeMap<String, String>,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The column or expression.
    pub of: KeyOf,
    /// Whether it descends.
    pub descending: bool,
    /// How its text sorts and compares.
    pub collation: Option<String>,
    /// The operator class with its parameters, where it is not the type's own.
    pub class: Option<String>,
    /// Whether NULLs stand first, where that is not what the direction says: last ascending, first descending.
    pub nulls_first: Option<bool>,
}

/// What a key of an index is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOf {
    /// A column, by name.
    Column(String),
    /// An expression, in SQL.
    Expression(String),
}

impl Schema {
    /// Where a primary key, unique rule, foreign key, check or unique index of that name stands: its table and the
    /// columns it is about (none for a check or an expression).
    pub fn constraint(&self, name: &str) -> Option<(&Table, Vec<&str>)> {
        if let Some(table) = self.names.0.get(name).and_then(|table| self.tables.get(table)) {
            return table.constraint_columns(name).map(|columns| (table, columns));
        }
        // The rule that stands for an enum has no name of its own.
        self.tables.values().find_map(|table| table.constraint_columns(name).map(|columns| (table, columns)))
    }

    /// The name of the primary key, unique rule or unique index of `table` over exactly `columns`, in any order. An index
    /// over expressions or some rows only tells no two rows apart.
    pub(crate) fn unique_over(&self, table: &str, columns: &[&str]) -> Option<&str> {
        let table = self.tables.get(table)?;
        let same = |other: Vec<&str>| other.len() == columns.len() && columns.iter().all(|name| other.contains(name));
        let key = table.primary_key.iter().map(|key| (&key.name, strs(&key.columns)));
        let uniques = table.uniques.iter().map(|unique| (&unique.name, strs(&unique.columns)));
        let whole = |index: &&Index| index.unique && index.texts().next().is_none();
        let indexes = table.indexes.iter().filter(whole);
        let indexes = indexes.map(|index| (&index.name, index.columns().collect()));
        key.chain(uniques).chain(indexes).find(|(_, other)| same(other.clone())).map(|(name, _)| name.as_str())
    }

    /// The same schema with other tables.
    pub(crate) fn with(mut self, tables: BTreeMap<String, Table>) -> Self {
        let names =
            |table: &Table| name::names(table).into_iter().map(|name| (name, table.name.clone())).collect::<Vec<_>>();
        self.names = Names(tables.values().flat_map(names).collect());
        self.tables = tables;
        self
    }

    /// What matters to some of its tables: these, with all enums and views, and who has each of `names`.
    pub(crate) fn part(&self, tables: &BTreeSet<&str>, names: &BTreeSet<&str>) -> Self {
        let kept =
            self.tables.iter().filter(|(name, _)| tables.contains(name.as_str()) || names.contains(name.as_str()));
        let part = Schema { enums: self.enums.clone(), views: self.views.clone(), ..Schema::default() };
        let mut part = part.with(kept.map(|(name, table)| (name.clone(), table.clone())).collect());
        let taken = names.iter().filter_map(|name| Some(((*name).to_owned(), self.names.0.get(*name)?.clone())));
        part.names.0.extend(taken);
        part
    }

    /// The variants of the enum that `ty` is; empty for every other type.
    pub fn variants(&self, ty: &Type) -> &[String] {
        match ty {
            Type::Enum(name) => self.enums.get(name.as_ref()).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }

    /// The table that has an index of that name.
    pub fn index_table(&self, name: &str) -> Option<&Table> {
        let table = self.tables.get(self.names.0.get(name)?)?;
        table.indexes.iter().any(|index| index.name == name).then_some(table)
    }
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns that a constraint of that name is about.
    fn constraint_columns(&self, name: &str) -> Option<Vec<&str>> {
        if let Some(constraint) = self.constraints().find(|constraint| constraint.name() == name) {
            return Some(match &constraint {
                Constraint::Check(check) => self.mentioned(&check.expression),
                Constraint::Exclusion(rule) => self.mentioned(&rule.elements),
                rule => rule.columns().iter().filter_map(|name| self.column(name)).map(|c| c.name.as_str()).collect(),
            });
        }
        if let Some(index) = self.indexes.iter().find(|index| index.unique && index.name == name) {
            return Some(index.columns().collect());
        }
        let is_enum = |column: &&Column| matches!(column.ty, Type::Enum(_));
        let column = self.columns.iter().filter(is_enum).find(|column| enum_check(&self.name, &column.name) == name)?;
        Some(vec![&column.name])
    }

    /// The first column that an expression names.
    pub(crate) fn first_named(&self, expression: &str) -> Option<&Column> {
        self.columns.iter().find(|column| text::names(expression, &column.name))
    }

    /// The columns that an expression names.
    fn mentioned(&self, expression: &str) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).filter(|name| text::names(expression, name)).collect()
    }

    /// The constraints, primary key first.
    pub fn constraints(&self) -> impl Iterator<Item = Constraint> + '_ {
        let key = self.primary_key.iter().cloned().map(Constraint::PrimaryKey);
        let uniques = self.uniques.iter().cloned().map(Constraint::Unique);
        let foreign_keys = self.foreign_keys.iter().cloned().map(Constraint::ForeignKey);
        let checks = self.checks.iter().cloned().map(Constraint::Check);
        let exclusions = self.exclusions.iter().cloned().map(Constraint::Exclusion);
        key.chain(uniques).chain(foreign_keys).chain(checks).chain(exclusions)
    }
}

/// Order is not identity: a column dropped and added again stands last, and the table is the same.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        fn same<T: PartialEq>(one: &[T], other: &[T]) -> bool {
            one.len() == other.len() && one.iter().all(|item| other.contains(item))
        }
        self.name == other.name
            && self.primary_key == other.primary_key
            && self.comment == other.comment
            && same(&self.columns, &other.columns)
            && same(&self.uniques, &other.uniques)
            && same(&self.foreign_keys, &other.foreign_keys)
            && same(&self.checks, &other.checks)
            && same(&self.exclusions, &other.exclusions)
            && same(&self.indexes, &other.indexes)
    }
}

impl Column {
    /// A column that takes NULL and has no rules.
    pub fn new(name: impl Into<String>, ty: Type) -> Self {
        Column {
            name: name.into(),
            ty,
            nullable: true,
            default: None,
            generated: None,
            identity: None,
            collation: None,
            comment: None,
            origin: Origin::default(),
        }
    }
}

impl Index {
    /// The columns among its keys, in order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter_map(|key| match &key.of {
            KeyOf::Column(name) => Some(name.as_str()),
            KeyOf::Expression(_) => None,
        })
    }

    /// The expressions in it: keys and filter.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().filter_map(|key| match &key.of {
            KeyOf::Column(_) => None,
            KeyOf::Expression(text) => Some(text.as_str()),
        });
        keys.chain(self.filter.as_deref())
    }
}

impl Key {
    /// An ascending key on a column.
    pub fn column(name: impl Into<String>) -> Self {
        Key::of(KeyOf::Column(name.into()))
    }

    /// An ascending key.
    pub fn of(of: KeyOf) -> Self {
        Key { of, descending: false, collation: None, class: None, nulls_first: None }
    }
}

fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
