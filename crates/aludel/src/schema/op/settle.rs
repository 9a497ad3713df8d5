//! What the text of an operation leaves to the schema it meets.

use std::borrow::Cow;

use super::find::{Result, known_column, known_table};
use super::{ColumnChange, Constraint, Op};
use crate::schema::{Default, ForeignKey, PrimaryKey, Problem, Schema, Table, fit};

impl Op {
    /// The operation with what only the schema before it tells: a default as a value of its column's type, and the key
    /// that a foreign key without a list of columns points at.
    ///
    /// # Errors
    /// A problem where the table or column is not there, the default is no value of the type, or the key has another
    /// number of columns.
    pub fn settled(&self, before: &Schema) -> std::result::Result<Cow<'_, Op>, Problem> {
        match self {
            Op::AlterColumn { table, column, change: ColumnChange::Default(Some(Default::Value(value))) } => {
                let ty = &known_column(known_table(before, table)?, column)?.ty;
                let fitted = fit(value.clone(), ty).map_err(|(what, help)| Problem::plain(what, help))?;
                if fitted == *value {
                    return Ok(Cow::Borrowed(self));
                }
                let change = ColumnChange::Default(Some(Default::Value(fitted)));
                Ok(Cow::Owned(Op::AlterColumn { table: table.clone(), column: column.clone(), change }))
            }
            Op::AddConstraint { table, constraint: Constraint::ForeignKey(key), not_valid }
                if key.references.is_empty() =>
            {
                let constraint = Constraint::ForeignKey(pointed(key, known_table(before, table)?, before)?);
                Ok(Cow::Owned(Op::AddConstraint { table: table.clone(), constraint, not_valid: *not_valid }))
            }
            Op::CreateTable(table) if table.foreign_keys.iter().any(|key| key.references.is_empty()) => {
                let keys: Result<Vec<_>> = table.foreign_keys.iter().map(|key| pointed(key, table, before)).collect();
                Ok(Cow::Owned(Op::CreateTable(Table { foreign_keys: keys?, ..table.clone() })))
            }
            _ => Ok(Cow::Borrowed(self)),
        }
    }
}

/// `ops` as [`Op::settled`] makes them, each met by what those before it make of `before`. One that does not apply stays.
pub(crate) fn settle<'a>(ops: &'a [Op], before: &Schema) -> Cow<'a, [Op]> {
    let leaves = |op: &Op| match op {
        Op::AlterColumn { change: ColumnChange::Default(Some(Default::Value(_))), .. } => true,
        Op::AddConstraint { constraint: Constraint::ForeignKey(key), .. } => key.references.is_empty(),
        Op::CreateTable(table) => table.foreign_keys.iter().any(|key| key.references.is_empty()),
        _ => false,
    };
    if !ops.iter().any(leaves) {
        return Cow::Borrowed(ops);
    }
    let mut schema = before.clone();
    let settled = ops.iter().map(|op| {
        let settled = op.settled(&schema).map_or_else(|_| op.clone(), Cow::into_owned);
        // Whoever runs the operations tells what does not apply.
        drop(settled.apply(&mut schema));
        settled
    });
    settled.collect()
}

/// `key` with the columns it points at: where it names none, the primary key of its table.
fn pointed(key: &ForeignKey, table: &Table, schema: &Schema) -> Result<ForeignKey> {
    if !key.references.is_empty() {
        return Ok(key.clone());
    }
    let target = if key.table == table.name { table } else { known_table(schema, &key.table)? };
    let none = || Problem::plain(format!("table `{}` has no primary key to point at", key.table), "name the columns");
    let PrimaryKey { columns, .. } = target.primary_key.as_ref().ok_or_else(none)?;
    if columns.len() != key.columns.len() {
        let what = format!("`{}` pairs {} columns with the {} of a key", key.name, key.columns.len(), columns.len());
        return Err(Problem::plain(what, format!("name the columns of `{}`", key.table)));
    }
    Ok(ForeignKey { references: columns.clone(), ..key.clone() })
}
