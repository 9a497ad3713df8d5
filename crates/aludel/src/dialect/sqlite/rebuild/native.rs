//! What this version of SQLite alters in place, decided from the operation and from what is stored.
//!
//! A table without rows takes more than one with rows, so nothing is ever tried.

use super::change::{Change, Sides};
use super::source::Pending;
use super::{Planner, SPELLING, Stop};
use crate::Type;
use crate::dialect::sqlite::stored::{Clause, Definition, IndexText, What, mentions};
use crate::dialect::{Kind, Object};
use crate::schema::{Column, Constraint, Default, ForeignKey, Table};

/// From here on, NOT NULL and checks come and go in place.
const RULES_IN_PLACE: [u32; 3] = [3, 53, 0];

impl Planner<'_> {
    /// The statements that make all changes of a table in place; `None` where one of them cannot be.
    pub(super) fn native(
        &self,
        pending: &Pending,
        goal: &Table,
        stored: &Definition,
        sides: &Sides,
    ) -> Option<Vec<String>> {
        let alter = SPELLING.alter(&stored.name.text);
        let name = SPELLING.name;
        let rules = self.stored.version >= RULES_IN_PLACE;
        // A name that one rule leaves another may get, so all that go do so first.
        let (mut gone, mut statements) = (Vec::new(), Vec::new());
        // Foreign keys that come with the one new column they are about stand at that column.
        let mut taken: Vec<&str> = Vec::new();
        for change in &sides.changes {
            match change {
                Change::DropRule { name: rule, .. } if rules && is_lone_check(stored, rule) => {
                    gone.push(format!("{alter}DROP CONSTRAINT {}", name(rule)));
                }
                Change::ReplaceRule { from, text, check: true, .. } if rules && is_lone_check(stored, from) => {
                    gone.push(format!("{alter}DROP CONSTRAINT {}", name(from)));
                    statements.push(format!("{alter}ADD {text}"));
                }
                Change::RenameRule { from, to, .. } if rules && is_lone_check(stored, from) => {
                    let What::Check { expression } = stored.rule(from, None)?.what else { return None };
                    gone.push(format!("{alter}DROP CONSTRAINT {}", name(from)));
                    let rule = expression.of(&stored.text);
                    statements.push(format!("{alter}ADD CONSTRAINT {} CHECK ({rule})", name(to)));
                }
                Change::AddRule { name: rule, .. } if taken.contains(&rule.as_str()) => {}
                Change::AddRule { text, check: true, .. } if rules => statements.push(format!("{alter}ADD {text}")),
                Change::DropColumn(column) if self.drops(pending, stored, column, &sides.changes) => {
                    statements.push(format!("{alter}DROP COLUMN {}", name(column)));
                }
                Change::AddColumn { name: column, text } => {
                    let of = goal.column(column).filter(|of| adds(of, pending) && !stored.strict)?;
                    let mut text = text.clone();
                    if let Some(key) = goal.foreign_keys.iter().find(|key| alone(key, column)) {
                        if of.default.is_some() || pending.rules.contains_key(&key.name) {
                            return None;
                        }
                        let rule = SPELLING.constraint(&Constraint::ForeignKey(key.clone()));
                        let points = rule.find(" REFERENCES ")?;
                        text.push_str(&format!(" CONSTRAINT {}{}", name(&key.name), &rule[points..]));
                        taken.push(&key.name);
                    }
                    if matches!(of.ty, Type::Enum(_)) {
                        let (rule, check) = sides.rule_called(&self.check_name(&goal.name, column))?;
                        text.push_str(&format!(" {check}"));
                        taken.push(rule);
                    }
                    statements.push(format!("{alter}ADD COLUMN {text}"));
                }
                Change::Clause { column, kind: What::NotNull, text } if rules => {
                    let there = stored.column(column)?;
                    let rows = there.clauses.iter().filter(|clause| matches!(clause.what, What::NotNull)).count();
                    let plain = !stored.key().iter().any(|key| key.eq_ignore_ascii_case(column));
                    let action = match (text, rows) {
                        (Some(_), 0) if plain => "SET NOT NULL",
                        (None, 1) if plain => "DROP NOT NULL",
                        _ => return None,
                    };
                    statements.push(format!("{alter}ALTER COLUMN {} {action}", name(column)));
                }
                _ => return None,
            }
        }
        gone.append(&mut statements);
        Some(gone)
    }

    /// Whether a column goes in place: nothing else in the database names it.
    fn drops(&self, pending: &Pending, stored: &Definition, column: &str, changes: &[Change]) -> bool {
        let Some(of) = stored.column(column) else { return false };
        let bound = |clause: &Clause| {
            !matches!(clause.what, What::NotNull | What::Null | What::Default | What::Collate | What::Generated { .. })
        };
        let goes = |rule: &Clause| {
            rule.name.as_ref().is_some_and(|name| {
                changes.iter().any(|change| matches!(change, Change::DropRule { name: gone, .. } if name.is(gone)))
            })
        };
        let elsewhere = |rule: &Clause| {
            let outside = rule.span.start < of.span.start || rule.span.end > of.span.end;
            outside && !goes(rule) && stored.is_about(rule, column)
        };
        let by_rule = of.clauses.iter().any(|clause| bound(clause) && !goes(clause))
            || stored.all_rules().any(|(_, rule)| elsewhere(rule));
        // A view or trigger that names the column of another table of that name costs a rebuild, and nothing else.
        let by_object = self.stored.objects.iter().any(|object| {
            let Some(sql) = &object.sql else { return false };
            match object.kind {
                Kind::Index => {
                    stored.name.is(&object.table)
                        && !self.drops_index(pending, &object.name)
                        && IndexText::read(sql).map_or(true, |index| index.uses(column))
                }
                Kind::View | Kind::Trigger => self.names(object, &stored.name.text) && self.names(object, column),
                Kind::Table => {
                    !stored.name.is(&object.name) && mentions(sql, &stored.name.text) && mentions(sql, column)
                }
            }
        });
        !by_rule && !by_object && stored.columns.len() > 1
    }

    /// Makes changes in place; `edited` is the table's text behind them, where it is another one.
    pub(super) fn alter(
        &mut self,
        pending: &Pending,
        goal: &Table,
        edited: Option<Definition>,
        statements: Vec<String>,
    ) -> Result<(), Stop> {
        let indexes = self.indexes(pending, goal);
        let on = |object: &Object| object.kind == Kind::Index && object.table.eq_ignore_ascii_case(&pending.table);
        let goes = |name: &String| indexes.gone.contains(name) || self.cleared.contains(name);
        let gone: Vec<_> = self.stored.objects.iter().filter(|of| on(of) && goes(&of.name)).cloned().collect();
        if !statements.is_empty() || !gone.is_empty() {
            self.broken(&pending.table);
            // The engine takes no column out while a view or trigger is broken, whichever that is.
            if statements.iter().any(|statement| statement.contains(" DROP COLUMN ")) {
                self.prove_dependents();
            }
            self.unproven.push(pending.table.clone());
        }
        for name in &indexes.gone {
            self.run(format!("DROP INDEX {}", (SPELLING.name)(name)));
        }
        self.stored.objects.retain(|object| !gone.contains(object));
        statements.into_iter().for_each(|statement| self.run(statement));
        if let Some(edited) = edited {
            self.set_text(&pending.table, edited.text);
        }
        for (name, text) in indexes.new {
            self.create_index(text, &name, &pending.table);
        }
        Ok(())
    }

    /// Whether an index that is stored does not stay as it is.
    pub(super) fn drops_index(&self, pending: &Pending, name: &str) -> bool {
        let known = |table: &Table| table.indexes.iter().any(|index| index.name.eq_ignore_ascii_case(name));
        let stays = pending.indexes.iter().any(|(to, from)| to == from && from.eq_ignore_ascii_case(name));
        self.now.tables.get(&pending.table).is_some_and(known) && !stays
    }
}

impl Sides {
    /// A rule that comes: its name and its text.
    fn rule_called(&self, wanted: &str) -> Option<(&str, &str)> {
        self.changes.iter().find_map(|change| match change {
            Change::AddRule { name, text, .. } if name == wanted => Some((name.as_str(), text.as_str())),
            _ => None,
        })
    }
}

/// Whether the only rule of that name is a check.
fn is_lone_check(stored: &Definition, name: &str) -> bool {
    let mut rules = stored.all_rules().filter(|(_, rule)| rule.name.as_ref().is_some_and(|other| other.is(name)));
    matches!((rules.next(), rules.next()), (Some((_, rule)), None) if matches!(rule.what, What::Check { .. }))
}

/// Whether ADD COLUMN takes the column whatever rows there are.
fn adds(column: &Column, pending: &Pending) -> bool {
    let constant = matches!(column.default, Some(Default::Value(_)));
    let stored = column.generated.as_ref().is_some_and(|made| made.stored);
    let plain = column.identity.is_none() && !stored;
    // The rows that are there take the default the column was added with, which may be another one by now.
    let default = column.default.as_ref().map_or_else(|| "NULL".into(), |default| (SPELLING.default)(column, default));
    let same = pending.columns.get(&column.name).is_some_and(|source| source.text() == default);
    plain && same && (constant || ((column.nullable || column.generated.is_some()) && column.default.is_none()))
}

/// Whether a foreign key is about this column and no other.
fn alone(key: &ForeignKey, column: &str) -> bool {
    key.columns.len() == 1 && key.columns[0] == column
}
