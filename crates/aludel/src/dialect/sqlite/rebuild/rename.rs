//! Renaming tables and columns: done by the engine itself, which also rewrites whatever names them.

use super::{Planner, SPELLING, proof};
use crate::Type;
use crate::dialect::sqlite::stored::{Definition, IndexText, mentions, renamed};
use crate::dialect::{Act, Kind, Object};
use crate::schema::{Op, enum_check, literal_text};

impl Planner<'_> {
    /// Rules of enums are called by table and column, so they take their new names before these do.
    pub(super) fn rename_checks(&mut self, op: &Op) {
        let (table, only, to) = match op {
            Op::RenameTable { table, to } => (table, None, to),
            Op::RenameColumn { table, column, to } => (table, Some(column), to),
            _ => return,
        };
        let columns = self.goal.tables.get(table).map(|table| table.columns.as_slice()).unwrap_or_default();
        let enums = columns.iter().filter(|column| matches!(column.ty, Type::Enum(_)));
        let names: Vec<_> = enums.map(|column| column.name.clone()).collect();
        for column in names.into_iter().filter(|column| only.is_none_or(|only| only == column)) {
            let check = match only {
                Some(_) => enum_check(table, to),
                None => enum_check(to, &column),
            };
            self.called.insert((table.clone(), column), check);
            self.pend(table, || op.print());
        }
    }

    /// What the rule of an enum is to be called.
    pub(super) fn check_name(&self, table: &str, column: &str) -> String {
        let called = self.called.get(&(table.to_owned(), column.to_owned()));
        called.cloned().unwrap_or_else(|| enum_check(table, column))
    }

    /// A table with the names that its rules of enums are to have.
    pub(super) fn called(&self, mut table: Definition) -> Result<Definition, String> {
        let name = table.name.text.clone();
        for ((_, column), to) in self.called.iter().filter(|((of, _), _)| *of == name) {
            if let Some(rule) = table.rule(&enum_check(&name, column), None).cloned() {
                table = table.with_rule_named(&rule, &(SPELLING.name)(to))?;
            }
        }
        Ok(table)
    }

    pub(super) fn rename_table(&mut self, table: &str, to: &str) {
        let quoted = (SPELLING.name)(to);
        let mut from = table.to_owned();
        // Letter case tells no tables apart: a name that differs in nothing else is taken.
        if from.eq_ignore_ascii_case(to) {
            from = self.free_name(table);
            self.run(format!("{}RENAME TO {}", SPELLING.alter(table), (SPELLING.name)(&from)));
        }
        self.run(format!("{}RENAME TO {quoted}", SPELLING.alter(&from)));
        let (old, new) = (literal_text(table), literal_text(to));
        if self.stored.objects.iter().any(|object| object.name == "sqlite_stat1") {
            self.run(format!("UPDATE sqlite_stat1 SET tbl = {new} WHERE tbl = {old}"));
        }
        self.acts.push(Act::Follow(proof::follow_name(table, to)));
        self.doubt(table);
        for object in self.stored.objects.iter_mut().filter(|object| is_rewritten(object)) {
            let on = object.table.eq_ignore_ascii_case(table);
            let edited = object.sql.as_ref().and_then(|sql| match object.kind {
                Kind::Table if mentions(sql, table) => {
                    Definition::read(sql).ok()?.after_table(table, &quoted).ok().map(|text| text.text)
                }
                Kind::Index if on => IndexText::read(sql).ok().map(|text| text.on(&quoted)),
                Kind::View | Kind::Trigger if mentions(sql, table) => Some(renamed(sql, table, None, &quoted)),
                _ => None,
            });
            object.sql = edited.or_else(|| object.sql.take());
            if on && object.kind != Kind::View {
                to.clone_into(&mut object.table);
            }
            if on && object.kind == Kind::Table {
                to.clone_into(&mut object.name);
            }
        }
        self.touched.insert(to.to_owned());
        if self.failed.contains(table) {
            self.failed.insert(to.to_owned());
        }
    }

    pub(super) fn rename_column(&mut self, table: &str, column: &str, to: &str) {
        let (from, quoted) = ((SPELLING.name)(column), (SPELLING.name)(to));
        self.run(format!("{}RENAME COLUMN {from} TO {quoted}", SPELLING.alter(table)));
        self.doubt(table);
        for object in self.stored.objects.iter_mut().filter(|object| is_rewritten(object)) {
            let on = object.table.eq_ignore_ascii_case(table);
            let edited = object.sql.as_ref().and_then(|sql| match object.kind {
                Kind::Table if mentions(sql, table) => {
                    Definition::read(sql).ok()?.after_column(table, column, &quoted).ok().map(|text| text.text)
                }
                Kind::Index if on => IndexText::read(sql).ok().map(|text| text.with_column(column, &quoted)),
                Kind::View | Kind::Trigger if mentions(sql, table) => Some(renamed(sql, table, Some(column), &quoted)),
                _ => None,
            });
            object.sql = edited.or_else(|| object.sql.take());
        }
        self.touched.insert(table.to_owned());
    }

    /// What the engine makes of a view or trigger that names the table is its own business.
    fn doubt(&mut self, table: &str) {
        let objects = self.stored.objects.iter().filter(|object| matches!(object.kind, Kind::View | Kind::Trigger));
        let names = objects.filter(|object| object.sql.as_deref().is_some_and(|sql| mentions(sql, table)));
        self.unsure.extend(names.map(|object| object.name.clone()).collect::<Vec<_>>());
    }

    /// Whether a view or trigger may name something.
    pub(super) fn names(&self, object: &Object, name: &str) -> bool {
        self.unsure.contains(&object.name) || object.sql.as_deref().is_some_and(|sql| mentions(sql, name))
    }
}

/// Whether the engine rewrites an object that names what it renames: no table of one connection points at others.
fn is_rewritten(object: &Object) -> bool {
    !object.temporary || matches!(object.kind, Kind::View | Kind::Trigger)
}
