//! The part of a schema that operations are about: a large schema costs no more than a small one.

use std::collections::BTreeSet;

use crate::Type;
use crate::schema::{Constraint, Op, Schema};

/// The tables that `ops` name, those they point at, and those that point at them.
pub(super) fn part(ops: &[Op], schema: &Schema) -> Schema {
    let mut tables = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut owned = Vec::new();
    for op in ops {
        tables.extend(op.table());
        match op {
            Op::CreateTable(table) => {
                names.insert(table.name.as_str());
                owned.extend(table.constraints().map(|rule| rule.name().to_owned()));
                tables.extend(table.foreign_keys.iter().map(|key| key.table.as_str()));
            }
            Op::RenameTable { to, .. } | Op::RenameConstraint { to, .. } => drop(names.insert(to)),
            Op::AddConstraint { constraint, .. } => {
                names.insert(constraint.name());
                if let Constraint::ForeignKey(key) = constraint {
                    tables.insert(&key.table);
                }
            }
            Op::CreateIndex { index, .. } => drop(names.insert(&index.name)),
            Op::RenameIndex { name, to } => {
                names.insert(to);
                tables.extend(schema.index_table(name).map(|table| table.name.as_str()));
            }
            Op::DropIndex { name, .. } => tables.extend(schema.index_table(name).map(|table| table.name.as_str())),
            Op::CreateView { view, .. } => drop(names.insert(&view.name)),
            Op::AddValue { name, .. }
            | Op::RenameValue { name, .. }
            | Op::RenameEnum { name, .. }
            | Op::DropEnum { name } => {
                let uses = |ty: &Type| matches!(ty, Type::Enum(of) if of == name);
                let users = schema.tables.values().filter(|table| table.columns.iter().any(|column| uses(&column.ty)));
                tables.extend(users.map(|table| table.name.as_str()));
            }
            _ => {}
        }
    }
    names.extend(owned.iter().map(String::as_str));
    let mut around = tables.clone();
    for table in schema.tables.values() {
        for key in &table.foreign_keys {
            if tables.contains(table.name.as_str()) {
                around.insert(&key.table);
            }
            if tables.contains(key.table.as_str()) {
                around.insert(&table.name);
            }
        }
    }
    schema.part(&around, &names)
}
