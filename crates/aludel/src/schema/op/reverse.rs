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
            Op::DropTable { table: name } => {
                let mut ops = order::create_table(table(&name)?);
                ops.extend(order::comments(before, |on| order::is_of(on, table(&name))));
                return Some(ops);
            }
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
            Op::AddConstraint { table, constraint, .. } => {
                Op::DropConstraint { table, name: constraint.name().to_owned() }
            }
            Op::DropConstraint { table: of, name } => {
                let constraint = table(&of)?.constraints().find(|constraint| constraint.name() == name)?;
                let on = Commented::Constraint(of.clone(), name);
                let add = Op::AddConstraint { table: of, constraint, not_valid: false };
                return Some(with_comments(add, [on], before));
            }
            Op::RenameConstraint { table, name, to } => Op::RenameConstraint { table, name: to, to: name },
            // Whether the rows were looked at is no part of a schema.
            Op::ValidateConstraint { .. } => return Some(Vec::new()),
            Op::CreateIndex { index, concurrently, .. } => Op::DropIndex { name: index.name, concurrently },
            Op::DropIndex { name, concurrently } => {
                let table = before.index_table(&name)?;
                let index = table.indexes.iter().find(|index| index.name == name)?.clone();
                let create = Op::CreateIndex { table: table.name.clone(), index, concurrently };
                return Some(with_comments(create, [Commented::Index(name)], before));
            }
            Op::RenameIndex { name, to } => Op::RenameIndex { name: to, to: name },
            Op::CreateEnum { name, .. } => Op::DropEnum { name },
            Op::DropEnum { name } => {
                let create = Op::CreateEnum { variants: before.enums.get(&name)?.clone(), name: name.clone() };
                return Some(with_comments(create, [Commented::Enum(name)], before));
            }
            Op::RenameEnum { name, to } => Op::RenameEnum { name: to, to: name },
            // Rows may hold the value by then.
            Op::AddValue { .. } => return None,
            Op::RenameValue { name, value, to } => Op::RenameValue { name, value: to, to: value },
            Op::CreateView { view, replace } => match before.views.get(&view.name) {
                Some(view) if replace => Op::CreateView { view: view.clone(), replace },
                _ => Op::DropView { view: view.name },
            },
            Op::DropView { view } => {
                let create = Op::CreateView { view: before.views.get(&view)?.clone(), replace: false };
                return Some(with_comments(create, [Commented::View(view)], before));
            }
            Op::CreateSchema { name } => Op::DropSchema { name },
            Op::DropSchema { name } => {
                let on = Commented::Schema(name.clone());
                return Some(with_comments(Op::CreateSchema { name }, [on], before));
            }
            Op::Comment { on, .. } => {
                let text = match &on {
                    Commented::Table(name) => table(name)?.comment.clone(),
                    Commented::Column(name, column) => table(name)?.column(column)?.comment.clone(),
                    other => before.comments.get(other).cloned(),
                };
                Op::Comment { on, text }
            }
        };
        Some(vec![one])
    }
}

/// What brings a thing back, and the comment on it.
fn with_comments(op: Op, on: [Commented; 1], before: &Schema) -> Vec<Op> {
    let mut ops = vec![op];
    ops.extend(order::comments(before, |other| on.contains(other)));
    ops
}

fn reverse_change(column: &Column, change: &ColumnChange) -> Option<ColumnChange> {
    Some(match change {
        ColumnChange::Type { .. } => {
            ColumnChange::Type { ty: column.ty.clone(), using: None, collation: column.collation.clone() }
        }
        ColumnChange::Nullable(_) => ColumnChange::Nullable(column.nullable),
        ColumnChange::Default(_) => ColumnChange::Default(column.default.clone()),
        ColumnChange::Identity(_) => ColumnChange::Identity(column.identity),
        ColumnChange::Expression(Some(_)) => ColumnChange::Expression(Some(column.generated.clone()?.expression)),
        // An ordinary column cannot be made a generated one in place.
        ColumnChange::Expression(None) => return None,
    })
}
