//! What changes a schema: one operation per statement of the portable text.

mod apply;
mod comments;
mod enums;
mod find;
mod reverse;
mod saying;
mod settle;
mod spaces;

#[cfg(test)]
pub(crate) use find::TYPE_WORDS;
pub(crate) use find::nearest_type;
pub(crate) use saying::Saying;
pub(crate) use settle::{followed, settle};

use super::{Check, Column, Default, Exclusion, ForeignKey, Identity, Index, PrimaryKey, Table, Unique, View};
use crate::Type;

/// One change of a schema.
///
/// History is a fold: each operation has [`Op::apply`], and [`Op::reverse`] where there is a way back. The portable text
/// of each comes from [`Op::print`], the text an engine runs from its dialect.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A new table, without indexes and comments: those are operations of their own.
    CreateTable(Table),
    /// A table and its rows go.
    DropTable {
        /// Its name.
        table: String,
    },
    /// A table is called something else.
    RenameTable {
        /// Its name so far.
        table: String,
        /// Its name from now on.
        to: String,
    },
    /// A new column.
    AddColumn {
        /// The table.
        table: String,
        /// The column, without a comment.
        column: Column,
    },
    /// A column and its values go. What stands on it has to go before.
    DropColumn {
        /// The table.
        table: String,
        /// The column's name.
        column: String,
    },
    /// A column is called something else, also where rules and indexes name it.
    RenameColumn {
        /// The table.
        table: String,
        /// The column's name so far.
        column: String,
        /// Its name from now on.
        to: String,
    },
    /// One attribute of a column changes.
    AlterColumn {
        /// The table.
        table: String,
        /// The column's name.
        column: String,
        /// What it becomes.
        change: ColumnChange,
    },
    /// A new constraint.
    AddConstraint {
        /// The table.
        table: String,
        /// The constraint.
        constraint: Constraint,
        /// Rows that are there already are not looked at, on engines that can do without.
        not_valid: bool,
    },
    /// A constraint that was added without a look at the rows takes that look.
    ValidateConstraint {
        /// The table.
        table: String,
        /// The constraint's name.
        name: String,
    },
    /// A constraint goes.
    DropConstraint {
        /// The table.
        table: String,
        /// The constraint's name.
        name: String,
    },
    /// A constraint is called something else.
    RenameConstraint {
        /// The table.
        table: String,
        /// The constraint's name so far.
        name: String,
        /// Its name from now on.
        to: String,
    },
    /// A new index.
    CreateIndex {
        /// The table.
        table: String,
        /// The index.
        index: Index,
        /// Rows may be written meanwhile, on engines that otherwise forbid it.
        concurrently: bool,
    },
    /// An index goes.
    DropIndex {
        /// Its name.
        name: String,
        /// Rows may be written meanwhile, on engines that otherwise forbid it.
        concurrently: bool,
    },
    /// An index is called something else.
    RenameIndex {
        /// Its name so far.
        name: String,
        /// Its name from now on.
        to: String,
    },
    /// A new enum.
    CreateEnum {
        /// Its name.
        name: String,
        /// Its variants, in order.
        variants: Vec<String>,
    },
    /// An enum goes. No column may be of it.
    DropEnum {
        /// Its name.
        name: String,
    },
    /// An enum is called something else.
    RenameEnum {
        /// Its name so far.
        name: String,
        /// Its name from now on.
        to: String,
    },
    /// An enum takes a further variant.
    AddValue {
        /// The enum.
        name: String,
        /// The variant.
        value: String,
        /// Where it stands among the others.
        place: Place,
    },
    /// A variant is called something else, in all rows too.
    RenameValue {
        /// The enum.
        name: String,
        /// The variant so far.
        value: String,
        /// The variant from now on.
        to: String,
    },
    /// A new view.
    CreateView {
        /// The view.
        view: View,
        /// It takes the place of the one of that name.
        replace: bool,
    },
    /// A view goes.
    DropView {
        /// Its name.
        view: String,
    },
    /// A new schema.
    CreateSchema {
        /// Its name.
        name: String,
    },
    /// A schema goes. Nothing may be in it.
    DropSchema {
        /// Its name.
        name: String,
    },
    /// A comment is set, or taken away.
    Comment {
        /// What it is about.
        on: Commented,
        /// The comment.
        text: Option<String>,
    },
}

impl Op {
    /// The table it is about, by its name so far; none for enums, and for indexes that are named without their table.
    pub fn table(&self) -> Option<&str> {
        match self {
            Op::CreateTable(table) => Some(&table.name),
            Op::DropTable { table }
            | Op::RenameTable { table, .. }
            | Op::AddColumn { table, .. }
            | Op::DropColumn { table, .. }
            | Op::RenameColumn { table, .. }
            | Op::AlterColumn { table, .. }
            | Op::AddConstraint { table, .. }
            | Op::DropConstraint { table, .. }
            | Op::RenameConstraint { table, .. }
            | Op::ValidateConstraint { table, .. }
            | Op::CreateIndex { table, .. }
            | Op::Comment {
                on: Commented::Table(table) | Commented::Column(table, _) | Commented::Constraint(table, _),
                ..
            } => Some(table),
            Op::DropIndex { .. }
            | Op::RenameIndex { .. }
            | Op::CreateEnum { .. }
            | Op::DropEnum { .. }
            | Op::RenameEnum { .. }
            | Op::AddValue { .. }
            | Op::RenameValue { .. }
            | Op::CreateView { .. }
            | Op::DropView { .. }
            | Op::CreateSchema { .. }
            | Op::DropSchema { .. }
            | Op::Comment { .. } => None,
        }
    }
}

/// What an attribute of a column becomes.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnChange {
    /// A type, with the expression that converts the values where they do not convert by themselves.
    Type {
        /// The type.
        ty: Type,
        /// The conversion, in SQL.
        using: Option<String>,
        /// How its text sorts and compares from now on; `None` for the type's own way.
        collation: Option<String>,
    },
    /// Whether it may be NULL.
    Nullable(bool),
    /// A default, or none.
    Default(Option<Default>),
    /// Numbered by the database, or not.
    Identity(Option<Identity>),
    /// A generated column is made by another expression, in SQL, or becomes (`None`) an ordinary one with its values.
    Expression(Option<String>),
}

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// `PRIMARY KEY`
    PrimaryKey(PrimaryKey),
    /// `UNIQUE`
    Unique(Unique),
    /// `FOREIGN KEY`
    ForeignKey(ForeignKey),
    /// `CHECK`
    Check(Check),
    /// `EXCLUDE`
    Exclusion(Exclusion),
}

impl Constraint {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Constraint::PrimaryKey(PrimaryKey { name, .. })
            | Constraint::Unique(Unique { name, .. })
            | Constraint::ForeignKey(ForeignKey { name, .. })
            | Constraint::Check(Check { name, .. })
            | Constraint::Exclusion(Exclusion { name, .. }) => name,
        }
    }

    /// The columns of its table that it lists; none for a check or exclusion, which name them in their text.
    pub fn columns(&self) -> &[String] {
        match self {
            Constraint::PrimaryKey(PrimaryKey { columns, .. })
            | Constraint::Unique(Unique { columns, .. })
            | Constraint::ForeignKey(ForeignKey { columns, .. }) => columns,
            Constraint::Check(_) | Constraint::Exclusion(_) => &[],
        }
    }
}

/// Where a new variant stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind all others.
    Last,
    /// Before this one.
    Before(String),
    /// Behind this one.
    After(String),
}

/// What a comment is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Commented {
    /// A table.
    Table(String),
    /// A column of a table.
    Column(String, String),
    /// An index.
    Index(String),
    /// A constraint of a table.
    Constraint(String, String),
    /// An enum.
    Enum(String),
    /// A view.
    View(String),
    /// A schema.
    Schema(String),
}
