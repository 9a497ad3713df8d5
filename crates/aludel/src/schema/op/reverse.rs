//! The way back of an operation.

use super::{ColumnChange, Commented, Op};
use crate::schema::{Column, Schema, order};

impl Op {
    /// The operations that lead back from the schema after this one to `before`; `None` where there is no way, or where
    /// the operation does not apply to `before`.
    ///
    /// What comes back is the schema, not the rows: a table dropped comes back empty.
    pub fn reverse(&self, before: &Schema) -> Option<Vec<Op>> {
        let table = |name: &str| before.tables.get(name);
        let one = match self.clone() {
            Op::CreateTable(table) => Op::DropTable { table: table.name },
            Op::DropTable { table: name } => return Some(order::create_table(table(&name)?)),
            Op::RenameTable { table, to } => Op::RenameTable { table: to, to: table },
            Op::AddColumn { table, column } => Op::DropColumn { table, column: column.name },
            Op::DropColumn { table: name, column } => {
                return Some(order::add_column(&name, table(&name)?.column(&column)?));
            }
            Op::RenameColumn { table, column, to } => Op::RenameColumn { table, column: to, to: column },
            Op::AlterColumn { table: name, column, change } => {
                let change = reverse_change(table(&name)?.column(&column)?, &change)?;
                Op::AlterColumn { table: name, column, change }
            }
            Op::AddConstraint { table, constraint } => Op::DropConstraint { table, name: constraint.name().to_owned() },
            Op::DropConstraint { table: of, name } => {
                let constraint = table(&of)?.constraints().find(|constraint| constraint.name() == name)?;
                Op::AddConstraint { table: of, constraint }
            }
            Op::RenameConstraint { table, name, to } => Op::RenameConstraint { table, name: to, to: name },
            Op::CreateIndex { index, .. } => Op::DropIndex { name: index.name },
            Op::DropIndex { name } => {
                let table = before.index_table(&name)?;
                let index = table.indexes.iter().find(|index| index.name == name)?.clone();
                Op::CreateIndex { table: table.name.clone(), index }
            }
            Op::RenameIndex { name, to } => Op::RenameIndex { name: to, to: name },
            Op::CreateEnum { name, .. } => Op::DropEnum { name },
            Op::DropEnum { name } => Op::CreateEnum { variants: before.enums.get(&name)?.clone(), name },
            Op::RenameEnum { name, to } => Op::RenameEnum { name: to, to: name },
            // Rows may hold the value by then.
            Op::AddValue { .. } => return None,
            Op::RenameValue { name, value, to } => Op::RenameValue { name, value: to, to: value },
            Op::Comment { on, .. } => {
                let text = match &on {
                    Commented::Table(name) => table(name)?.comment.clone(),
                    Commented::Column(name, column) => table(name)?.column(column)?.comment.clone(),
                };
                Op::Comment { on, text }
            }
        };
        Some(vec![one])
    }
}

fn reverse_change(column: &Column, change: &ColumnChange) -> Option<ColumnChange> {
    Some(match change {
        ColumnChange::Type { .. } => ColumnChange::Type { ty: column.ty.clone(), using: None },
        ColumnChange::Nullable(_) => ColumnChange::Nullable(column.nullable),
        ColumnChange::Default(_) => ColumnChange::Default(column.default.clone()),
        ColumnChange::Identity(_) => ColumnChange::Identity(column.identity),
        ColumnChange::Expression(Some(_)) => ColumnChange::Expression(Some(column.generated.clone()?.expression)),
        // An ordinary column cannot be made a generated one in place.
        ColumnChange::Expression(None) => return None,
    })
}
