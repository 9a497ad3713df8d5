//! What differs between a table as the database holds it and as it is to be, and the questions that come of it.

use super::probe::Asker;
use super::source::Pending;
use super::{Planner, SPELLING, SQLITE, Stop, ddl, unreadable};
use crate::Type;
use crate::dialect::ddl::Rebuild;
use crate::dialect::sqlite::stored::{Clause, Definition, IndexText, What, plain};
use crate::dialect::{Act, Kind, Object, Probe, Refusal};
use crate::schema::{Column, ForeignKey, Key, KeyOf, Problem, Schema, Table, enum_check, literal_text};

/// One difference of a table. Names are those in the stored text, texts those that it is to hold.
#[derive(Clone, Debug)]
pub(super) enum Change {
    DropRule { name: String, meaning: Clause },
    AddRule { name: String, text: String, check: bool },
    ReplaceRule { from: String, meaning: Clause, text: String, check: bool },
    RenameRule { from: String, to: String, meaning: Clause },
    DropColumn(String),
    AddColumn { name: String, text: String },
    Retype { column: String, ty: String },
    Clause { column: String, kind: What, text: Option<String> },
}

/// A table now and then, as this engine spells both.
pub(super) struct Sides {
    pub(super) base: Definition,
    pub(super) target: Definition,
    pub(super) changes: Vec<Change>,
}

impl Planner<'_> {
    /// Brings a table that is there to what it is to be.
    pub(super) fn change(&mut self, pending: &Pending, goal: &Table) -> Result<(), Stop> {
        let Some(now) = self.now.tables.get(&pending.table).cloned() else { return Ok(()) };
        let sides = self.sides(pending, &now, goal)?;
        let goal = &SQLITE.words(goal).table()?;
        let values = pending.columns.values().any(|source| source.column.is_some() && source.expression.is_some());
        if sides.changes.is_empty() && !values {
            let asker = Asker::new(&now, None);
            self.ask(&pending.table, index_probes(pending, goal, &asker).into_iter().map(|probe| (probe, None)));
            return self.alter(pending, goal, None, Vec::new());
        }
        let stored = self.definition(&pending.table)?;
        let statements = if values { None } else { self.native(pending, goal, &stored, &sides) };
        if statements.is_none() && self.rebuild == Rebuild::Refused {
            let (table, operation) = (pending.table.clone(), pending.why.clone());
            return Err(Refusal::Rebuild { table, operation }.into());
        }
        let edited = sides.edited(&stored).map_err(|why| unreadable(&pending.table, &stored.text, &why))?;
        self.left_over(pending, &sides, &edited)?;
        let said = SQLITE.words(&now).table().unwrap_or_else(|_| now.clone());
        let probes = self.probes(&pending.asked(&said, goal, &stored, &edited), &now, goal, &stored);
        self.ask(&pending.table, probes);
        match statements {
            Some(statements) => self.alter(pending, goal, Some(edited), statements),
            None => self.anew(pending, goal, &stored, &edited),
        }
    }

    /// A foreign key points at columns that a key or unique rule holds together, or nothing can be written any more.
    pub(super) fn unheld(&self, goal: &Table) -> Result<(), Problem> {
        let held = |schema: &Schema, key: &ForeignKey| {
            let columns: Vec<_> = key.references.iter().map(String::as_str).collect();
            schema.unique_over(&key.table, &columns).is_some()
        };
        // What was so before is nobody's fault here.
        let was = |table: &Table, key: &ForeignKey| {
            let known = self.now.tables.get(&table.name);
            known.is_some_and(|known| known.foreign_keys.contains(key)) && !held(&self.now, key)
        };
        // Nothing that was there before points at a new table.
        let others = self.now.tables.contains_key(&goal.name).then(|| self.goal.tables.values());
        let others = others.into_iter().flatten().filter(|table| table.name != goal.name);
        let pointing = others.flat_map(|table| {
            table.foreign_keys.iter().filter(|key| key.table == goal.name).map(move |key| (table, key))
        });
        let mut about = goal.foreign_keys.iter().map(|key| (goal, key)).chain(pointing);
        let Some((table, key)) = about.find(|(table, key)| !held(&self.goal, key) && !was(table, key)) else {
            return Ok(());
        };
        let what = format!(
            "foreign key `{}` of table `{}` would point at columns of `{}` that no key or unique rule holds together",
            key.name, table.name, key.table
        );
        Err(Problem::plain(what, "drop the foreign key first, or keep a rule over those columns"))
    }

    /// What the database has and no history knows can stand on a column that goes.
    fn left_over(&self, pending: &Pending, sides: &Sides, edited: &Definition) -> Result<(), Problem> {
        let table = &pending.table;
        let gone = |change: &Change| match change {
            Change::DropColumn(column) if edited.column(column).is_none() => Some(column.clone()),
            _ => None,
        };
        for column in sides.changes.iter().filter_map(gone) {
            let problem = |of: String| {
                let what = format!("column `{column}` of table `{table}` cannot go: {of} of the database stands on it");
                Problem::plain(what, "no revision made that; drop it first, behind `-- only: sqlite`")
            };
            let on = |object: &&Object| object.kind == Kind::Index && edited.name.is(&object.table);
            for object in self.stored.objects.iter().filter(on).filter(|index| !self.drops_index(pending, &index.name))
            {
                let text = object.sql.as_deref().and_then(|sql| IndexText::read(sql).ok());
                if text.is_some_and(|text| text.uses(&column)) {
                    return Err(problem(format!("index `{}`", object.name)));
                }
            }
            if let Some((_, rule)) = edited.all_rules().find(|(_, rule)| edited.is_about(rule, &column)) {
                return Err(problem(format!("`{}`", rule.span.of(&edited.text))));
            }
        }
        Ok(())
    }

    /// Asks at the start, or right here where the table has been changed by then.
    fn ask(&mut self, table: &str, probes: impl IntoIterator<Item = (Probe, Option<String>)>) {
        for (probe, parent) in probes {
            let changed = |name: &str| self.touched.contains(name);
            if changed(table) || parent.as_deref().is_some_and(changed) {
                self.acts.push(Act::Ask(probe));
            } else {
                self.front.push(probe);
            }
        }
    }

    fn sides(&self, pending: &Pending, now: &Table, goal: &Table) -> Result<Sides, Stop> {
        let base = read(now, &self.now)?;
        let target = read(goal, &self.goal)?;
        let target = self.called(target).map_err(|why| unreadable(&goal.name, "", &why))?;
        let mut changes = Vec::new();
        self.rule_changes(pending, now, goal, (&base, &target), &mut changes);
        column_changes(pending, now, goal, (&base, &target), &mut changes);
        changes.sort_by_key(Change::order);
        Ok(Sides { base, target, changes })
    }

    fn rule_changes(
        &self,
        pending: &Pending,
        now: &Table,
        goal: &Table,
        (base, target): (&Definition, &Definition),
        changes: &mut Vec<Change>,
    ) {
        // What each rule to be is called in the base, and what in the database.
        let mut known: Vec<(String, String, String)> = Vec::new();
        for (name, old) in &pending.rules {
            known.push((name.clone(), old.clone(), old.clone()));
        }
        for column in now.columns.iter().filter(|column| matches!(column.ty, Type::Enum(_))) {
            let old = enum_check(&now.name, &column.name);
            let kept = goal.column(&column.name).filter(|goal| {
                let source = pending.columns.get(&goal.name).and_then(|source| source.column.as_ref());
                matches!(goal.ty, Type::Enum(_)) && source == Some(&column.name)
            });
            let name = kept.map_or_else(String::new, |kept| self.check_name(&goal.name, &kept.name));
            known.push((name, old.clone(), old));
        }
        for rule in &base.rules {
            let Some(name) = rule.name.as_ref().map(|name| name.text.clone()) else { continue };
            let entry = known.iter().find(|(_, old, _)| *old == name);
            let stored = entry.map_or_else(|| name.clone(), |(.., stored)| stored.clone());
            let goes_on = entry.and_then(|(goal, ..)| named(target, goal).map(|rule| (goal, rule)));
            match goes_on {
                None => changes.push(Change::DropRule { name: stored, meaning: rule.clone() }),
                Some((_, new)) if base.meaning(rule) != target.meaning(new) => {
                    let text = new.span.of(&target.text).to_owned();
                    let check = matches!(new.what, What::Check { .. });
                    changes.push(Change::ReplaceRule { from: stored, meaning: rule.clone(), text, check });
                }
                Some((goal, _)) if *goal != stored => {
                    changes.push(Change::RenameRule { from: stored, to: goal.clone(), meaning: rule.clone() });
                }
                Some(_) => {}
            }
        }
        for rule in &target.rules {
            let Some(name) = &rule.name else { continue };
            let there = known.iter().any(|(goal, old, _)| *goal == name.text && named(base, old).is_some());
            if !there {
                let text = rule.span.of(&target.text).to_owned();
                let check = matches!(rule.what, What::Check { .. });
                changes.push(Change::AddRule { name: name.text.clone(), text, check });
            }
        }
    }

    /// What must not be in the rows for a table to become another one; each with the other table it reads.
    fn probes(
        &self,
        pending: &Pending,
        now: &Table,
        goal: &Table,
        stored: &Definition,
    ) -> Vec<(Probe, Option<String>)> {
        let asker = Asker::new(now, stored.rowid());
        let mut probes = Vec::new();
        for column in &goal.columns {
            probes.extend(self.column_probes(pending, now, column, &asker));
        }
        let table = &now.name;
        for check in &goal.checks {
            let new = !pending.rules.contains_key(&check.name);
            if new || pending.changes_in(&check.expression) {
                let condition = format!("NOT ({})", pending.over(&check.expression));
                let what = format!("{{rows}} of table `{table}` would break the rule `{}`", check.name);
                probes.push(asker.rows(&condition, what, "change them so that it holds, or write another rule"));
            }
        }
        let key = goal.primary_key.iter().map(|key| (&key.name, &key.columns));
        for (name, columns) in key.chain(goal.uniques.iter().map(|unique| (&unique.name, &unique.columns))) {
            if !pending.rules.contains_key(name) || columns.iter().any(|column| pending.changes(column)) {
                let values: Vec<_> = columns.iter().map(|column| pending.over(&(SPELLING.name)(column))).collect();
                probes.push(asker.duplicates(&values, None, &shown(columns), name));
            }
        }
        probes.extend(index_probes(pending, goal, &asker));
        let mut probes: Vec<_> = probes.into_iter().map(|probe| (probe, None)).collect();
        for key in goal.foreign_keys.iter().filter(|key| !pending.rules.contains_key(&key.name)) {
            if self.stands(key, pending) {
                probes.push((asker.orphans(key, pending), Some(key.table.clone())));
            }
        }
        probes
    }

    /// Whether the columns a foreign key points at are in the database as it is.
    fn stands(&self, key: &ForeignKey, pending: &Pending) -> bool {
        let itself = key.table == pending.table && key.references.iter().any(|column| pending.changes(column));
        let parent = self.now.tables.get(&key.table);
        let there = parent.is_some_and(|parent| key.references.iter().all(|column| parent.column(column).is_some()));
        // What has no value in a new column points at nothing, and that is no fault.
        let new = |column: &String| {
            pending.columns.get(column).is_some_and(|source| source.expression.as_deref() == Some("NULL"))
        };
        there && !itself && !key.columns.iter().any(new)
    }

    fn column_probes(&self, pending: &Pending, now: &Table, column: &Column, asker: &Asker<'_>) -> Vec<Probe> {
        let table = &now.name;
        let Some(source) = pending.columns.get(&column.name) else { return Vec::new() };
        let old = source.column.as_ref().and_then(|name| now.column(name));
        let mut probes = Vec::new();
        let doubt = |condition: &str, why: &str| {
            let what = format!("{{rows}} of table `{table}` would hold in `{}` what {why}", column.name);
            let help = "change them before, or say what they become by `USING`";
            asker.rows(condition, what, help)
        };
        probes.extend(source.doubts.iter().map(|of| doubt(&of.condition, &of.why)));
        let value = match &column.generated {
            Some(made) => pending.over(&made.expression),
            None => source.text(),
        };
        let was_null = old.is_none_or(|old| old.nullable) || source.expression.is_some();
        // A default that came later is not that of the rows that are there.
        let constant = source.column.is_none() && column.default.is_some() && source.text() != "NULL";
        // Rows that are there get a number as new ones do.
        let numbered = source.column.is_none() && column.identity.is_some();
        if !column.nullable && was_null && !constant && !numbered {
            let what = format!("{{rows}} of table `{table}` would be NULL in `{}`, which is NOT NULL", column.name);
            let help = match source.column {
                Some(_) => "give them a value before: UPDATE .. SET .. WHERE .. IS NULL",
                None => "give the column a default, or add it without NOT NULL and fill it first",
            };
            probes.push(asker.rows(&format!("({value}) IS NULL"), what, help));
        }
        if let Type::Enum(name) = &column.ty {
            let variants = self.goal.variants(&column.ty);
            let known = old.filter(|old| matches!(old.ty, Type::Enum(_)) && source.expression.is_none());
            let kept = known.is_some_and(|old| self.now.variants(&old.ty).iter().all(|value| variants.contains(value)));
            if !kept {
                let list = variants.iter().map(|value| literal_text(value)).collect::<Vec<_>>().join(", ");
                let why = format!("is no value of `{name}`");
                probes.push(doubt(&format!("({value}) IS NOT NULL AND ({value}) NOT IN ({list})"), &why));
            }
        }
        probes
    }
}

impl Change {
    /// Rules go before the columns they are about, and come behind them.
    pub(super) fn order(&self) -> u8 {
        match self {
            Change::DropRule { .. } | Change::ReplaceRule { .. } | Change::RenameRule { .. } => 0,
            Change::DropColumn(_) => 1,
            Change::Retype { .. } => 2,
            Change::Clause { .. } => 3,
            Change::AddColumn { .. } => 4,
            Change::AddRule { .. } => 5,
        }
    }
}

/// A table as this engine spells it, read back.
fn read(table: &Table, schema: &Schema) -> Result<Definition, Stop> {
    let text = ddl::create_table(table, schema)?.text;
    Definition::read(&text).map_err(|why| unreadable(&table.name, &text, &why).into())
}

pub(super) fn named<'d>(definition: &'d Definition, name: &str) -> Option<&'d Clause> {
    definition.rules.iter().find(|rule| rule.name.as_ref().is_some_and(|other| other.text == name))
}

fn shown(columns: &[String]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}

fn column_changes(
    pending: &Pending,
    now: &Table,
    goal: &Table,
    (base, target): (&Definition, &Definition),
    changes: &mut Vec<Change>,
) {
    let kept = |name: &str| pending.columns.values().any(|source| source.column.as_deref() == Some(name));
    let gone = now.columns.iter().filter(|column| !kept(&column.name));
    changes.extend(gone.map(|column| Change::DropColumn(column.name.clone())));
    for column in &goal.columns {
        let Some(new) = target.column(&column.name) else { continue };
        let old = pending.columns.get(&column.name).and_then(|source| source.column.as_ref());
        let Some(old) = old.and_then(|old| base.column(old)) else {
            // Without the blanks that align it with the others.
            let (name, rest) = new.span.of(&target.text).split_at(new.name.span.end - new.name.span.start);
            let text = format!("{name} {}", rest.trim_start());
            changes.push(Change::AddColumn { name: column.name.clone(), text });
            continue;
        };
        let (old_type, new_type) = (old.ty(base), new.ty(target));
        if plain(old_type) != plain(new_type) {
            changes.push(Change::Retype { column: column.name.clone(), ty: new_type.to_owned() });
        }
        let text = |clause: &Clause, of: &Definition| clause.span.of(&of.text).to_owned();
        for clause in &old.clauses {
            let other = new.clauses.iter().find(|other| other.what.same_kind(&clause.what));
            let same = other.is_some_and(|other| plain(&text(clause, base)) == plain(&text(other, target)));
            if !same {
                let (kind, text) = (clause.what.clone(), other.map(|other| text(other, target)));
                changes.push(Change::Clause { column: column.name.clone(), kind, text });
            }
        }
        for clause in new.clauses.iter().filter(|new| !old.clauses.iter().any(|old| old.what.same_kind(&new.what))) {
            let (kind, text) = (clause.what.clone(), Some(text(clause, target)));
            changes.push(Change::Clause { column: column.name.clone(), kind, text });
        }
    }
}

/// Rows that a unique index would not take.
fn index_probes(pending: &Pending, goal: &Table, asker: &Asker<'_>) -> Vec<Probe> {
    let mut probes = Vec::new();
    for index in goal.indexes.iter().filter(|index| index.unique) {
        let key = |key: &Key| {
            let of = match &key.of {
                KeyOf::Column(name) => (SPELLING.name)(name),
                KeyOf::Expression(text) => text.clone(),
            };
            match &key.collation {
                Some(collation) => format!("{of} COLLATE {}", (SPELLING.name)(collation)),
                None => of,
            }
        };
        let keys: Vec<_> = index.keys.iter().map(key).collect();
        let filter = index.filter.as_deref();
        if pending.indexes.contains_key(&index.name)
            && !keys.iter().map(String::as_str).chain(filter).any(|text| pending.changes_in(text))
        {
            continue;
        }
        let values: Vec<_> = keys.iter().map(|key| format!("({})", pending.over(key))).collect();
        let filter = filter.map(|filter| pending.over(filter));
        probes.push(asker.duplicates(&values, filter.as_deref(), &keys.join(", "), &index.name));
    }
    probes
}
