//! The operations that make or drop a whole schema, in an order every engine takes.

use std::collections::BTreeSet;

use super::{Column, Commented, Constraint, ForeignKey, Op, Schema, Table};

impl Schema {
    /// The operations that make this schema out of nothing: enums, then each table behind those it points at.
    ///
    /// A foreign key that closes a circle follows as an operation of its own behind both tables. Indexes and comments
    /// follow their table.
    pub fn create_ops(&self) -> Vec<Op> {
        let enums = self.enums.iter();
        let mut ops: Vec<Op> = self.schemas.iter().map(|name| Op::CreateSchema { name: name.clone() }).collect();
        ops.extend(enums.map(|(name, variants)| Op::CreateEnum { name: name.clone(), variants: variants.clone() }));
        let mut made = BTreeSet::new();
        let mut late = Vec::new();
        for table in self.parents_first() {
            let mut table = table.clone();
            let name = table.name.clone();
            let (now, later): (Vec<_>, Vec<_>) =
                table.foreign_keys.drain(..).partition(|key| key.table == name || made.contains(&key.table));
            table.foreign_keys = now;
            late.extend(later.into_iter().map(|key| (name.clone(), key)));
            ops.extend(create_table(&table));
            made.insert(name);
        }
        ops.extend(late.into_iter().map(|(table, key)| add_foreign_key(table, key)));
        ops.extend(self.views.values().map(|view| Op::CreateView { view: view.clone(), replace: false }));
        ops.extend(comments(self, |_| true));
        ops
    }

    /// The operations that take everything away again: circles opened, then each table before those it points at.
    pub fn drop_ops(&self) -> Vec<Op> {
        let tables = self.parents_first();
        let mut gone = BTreeSet::new();
        let mut drops = Vec::new();
        let mut ops: Vec<Op> = self.views.keys().map(|view| Op::DropView { view: view.clone() }).collect();
        for table in tables.into_iter().rev() {
            // Whoever still points here when it goes is part of a circle.
            for other in self.tables.values().filter(|other| other.name != table.name && !gone.contains(&other.name)) {
                for key in other.foreign_keys.iter().filter(|key| key.table == table.name) {
                    ops.push(Op::DropConstraint { table: other.name.clone(), name: key.name.clone() });
                }
            }
            gone.insert(table.name.clone());
            drops.push(Op::DropTable { table: table.name.clone() });
        }
        ops.extend(drops);
        ops.extend(self.enums.keys().map(|name| Op::DropEnum { name: name.clone() }));
        ops.extend(self.schemas.iter().map(|name| Op::DropSchema { name: name.clone() }));
        ops
    }

    /// All tables, each behind those it points at where no circle forbids, else by name.
    pub(crate) fn parents_first(&self) -> Vec<&Table> {
        let mut order = Vec::with_capacity(self.tables.len());
        let mut seen = BTreeSet::new();
        for table in self.tables.values() {
            self.visit(table, &mut seen, &mut order);
        }
        order
    }

    fn visit<'a>(&'a self, table: &'a Table, seen: &mut BTreeSet<&'a str>, order: &mut Vec<&'a Table>) {
        // An explicit stack: a chain of tables may be longer than the call stack is deep.
        let mut stack = vec![(table, 0)];
        if !seen.insert(&table.name) {
            return;
        }
        while let Some((table, at)) = stack.pop() {
            let Some(key) = table.foreign_keys.get(at) else {
                order.push(table);
                continue;
            };
            stack.push((table, at + 1));
            if let Some(parent) = self.tables.get(&key.table)
                && seen.insert(&parent.name)
            {
                stack.push((parent, 0));
            }
        }
    }
}

/// The operations that make one table with its indexes and comments.
pub(crate) fn create_table(table: &Table) -> Vec<Op> {
    let mut bare = table.clone();
    let indexes = std::mem::take(&mut bare.indexes);
    let mut comments = Vec::new();
    if let Some(text) = bare.comment.take() {
        comments.push(Op::Comment { on: Commented::Table(table.name.clone()), text: Some(text) });
    }
    for column in &mut bare.columns {
        comments.extend(take_comment(&table.name, column));
    }
    let mut ops = vec![Op::CreateTable(bare)];
    ops.extend(indexes.into_iter().map(|index| Op::CreateIndex {
        table: table.name.clone(),
        index,
        concurrently: false,
    }));
    ops.extend(comments);
    ops
}

/// The operations that make one column with its comment.
pub(crate) fn add_column(table: &str, column: &Column) -> Vec<Op> {
    let mut column = column.clone();
    let comment = take_comment(table, &mut column);
    let mut ops = vec![Op::AddColumn { table: table.to_owned(), column }];
    ops.extend(comment);
    ops
}

/// The operations that comment on what is no table and no column, as far as it is `wanted`.
pub(super) fn comments(schema: &Schema, wanted: impl Fn(&Commented) -> bool) -> Vec<Op> {
    let found = schema.comments.iter().filter(|(on, _)| wanted(on));
    found.map(|(on, text)| Op::Comment { on: on.clone(), text: Some(text.clone()) }).collect()
}

/// Whether `on` goes when `table` goes.
pub(super) fn is_of(on: &Commented, table: Option<&Table>) -> bool {
    match (on, table) {
        (Commented::Constraint(of, _), Some(table)) => *of == table.name,
        (Commented::Index(name), Some(table)) => table.indexes.iter().any(|index| index.name == *name),
        _ => false,
    }
}

fn take_comment(table: &str, column: &mut Column) -> Option<Op> {
    let text = column.comment.take()?;
    Some(Op::Comment { on: Commented::Column(table.to_owned(), column.name.clone()), text: Some(text) })
}

fn add_foreign_key(table: String, key: ForeignKey) -> Op {
    Op::AddConstraint { table, constraint: Constraint::ForeignKey(key), not_valid: false }
}
