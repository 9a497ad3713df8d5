//! Renames first: everything after them speaks of new names only.

use std::collections::BTreeMap;

use super::order::{fresh, renames};
use super::plan::Plan;
use super::way::Way;
use crate::Type;
use crate::schema::{Op, Place, Problem, Saying, Schema, literal_text};

/// Which names are called something else, as pairs of old and new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Renames {
    pub(super) tables: Vec<(String, String)>,
    /// By the table's new name.
    pub(super) columns: BTreeMap<String, Vec<(String, String)>>,
    pub(super) enums: Vec<(String, String)>,
    /// By the enum's new name.
    pub(super) values: BTreeMap<String, Vec<(String, String)>>,
}

impl Renames {
    /// The way back.
    pub(super) fn inverse(&self) -> Renames {
        let turn = |pairs: &[(String, String)]| pairs.iter().map(|(old, new)| (new.clone(), old.clone())).collect();
        let below = |inner: &BTreeMap<String, Vec<(String, String)>>, outer: &[(String, String)]| {
            inner.iter().map(|(new, pairs)| (old(outer, new).unwrap_or(new).to_owned(), turn(pairs))).collect()
        };
        Renames {
            tables: turn(&self.tables),
            columns: below(&self.columns, &self.tables),
            enums: turn(&self.enums),
            values: below(&self.values, &self.enums),
        }
    }

    /// What `table` was called before; `None` where the table of that name is called something else now.
    pub(super) fn old_table<'a>(&'a self, table: &'a str) -> Option<&'a str> {
        old(&self.tables, table)
    }

    /// What `table` is called now.
    pub(super) fn new_table<'a>(&'a self, table: &'a str) -> &'a str {
        new(&self.tables, table)
    }

    /// As [`old_table`](Self::old_table), of an enum.
    pub(super) fn old_enum<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        old(&self.enums, name)
    }

    /// What the enum `name` is called now.
    pub(super) fn new_enum<'a>(&'a self, name: &'a str) -> &'a str {
        new(&self.enums, name)
    }

    /// An enum whose columns are all of another one now is that one: nothing is lost by taking it so.
    pub(super) fn follow_columns(&mut self, from: &Schema, to: &Schema) {
        for name in from.enums.keys().filter(|name| !to.enums.contains_key(*name)) {
            if self.new_enum(name) != name {
                continue;
            }
            let mut kinds: Vec<&Type> = Vec::new();
            for table in to.tables.values() {
                let Some(known) = self.old_table(&table.name).and_then(|old| from.tables.get(old)) else { continue };
                for column in &table.columns {
                    let old = self.old_column(&table.name, &column.name).and_then(|old| known.column(old));
                    kinds.extend(old.filter(|old| is_enum(&old.ty, name)).map(|_| &column.ty));
                }
            }
            kinds.dedup();
            if let [Type::Enum(new)] = kinds.as_slice()
                && !from.enums.contains_key(new.as_ref())
                && self.enums.iter().all(|(_, taken)| taken != new)
            {
                self.enums.push((name.clone(), new.to_string()));
            }
        }
    }

    /// As [`old_table`](Self::old_table), of a column of the table now called `table`.
    pub(super) fn old_column<'a>(&'a self, table: &str, column: &'a str) -> Option<&'a str> {
        self.columns.get(table).map_or(Some(column), |pairs| old(pairs, column))
    }

    /// As [`old_table`](Self::old_table), of a value of the enum now called `name`.
    pub(super) fn old_value<'a>(&'a self, name: &str, value: &'a str) -> Option<&'a str> {
        self.values.get(name).map_or(Some(value), |pairs| old(pairs, value))
    }
}

fn old<'a>(pairs: &'a [(String, String)], name: &'a str) -> Option<&'a str> {
    match pairs.iter().find(|(_, new)| new == name) {
        Some((old, _)) => Some(old),
        None => pairs.iter().all(|(old, _)| old != name).then_some(name),
    }
}

fn new<'a>(pairs: &'a [(String, String)], name: &'a str) -> &'a str {
    pairs.iter().find(|(old, _)| old == name).map_or(name, |(_, new)| new)
}

/// Whether a column of type `ty` is of the enum `name`.
pub(super) fn is_enum(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Enum(of) if of == name)
}

impl Way {
    /// Renames enums with their values and tables with their columns.
    pub(super) fn rename(&mut self, renamed: &Renames, to: &Schema) -> Result<(), Problem> {
        let enums = |name: &str| self.now.enums.contains_key(name);
        let enums = renames(renamed.enums.clone(), enums, |name| enums(name) || to.enums.contains_key(name));
        for (name, to) in enums {
            self.push(Op::RenameEnum { name, to })?;
        }
        for (name, pairs) in &renamed.values {
            let variants = [&self.now, to].map(|schema| schema.enums.get(name).cloned().unwrap_or_default());
            let held = |value: &str| variants[0].iter().any(|known| known == value);
            for (value, to) in
                renames(pairs.clone(), held, |value| variants.iter().flatten().any(|known| known == value))
            {
                // What says the old word is made again by its table's plan, as the models have it.
                let gone = Saying::of(&self.now, name, &value).iter().filter_map(Saying::drop).collect::<Vec<_>>();
                gone.into_iter().try_for_each(|op| self.push(op))?;
                self.push(Op::RenameValue { name: name.clone(), value, to })?;
            }
        }
        let known = |name: &str| [&self.now, to].iter().any(|schema| is_taken(schema, name));
        let held = |name: &str| self.now.tables.contains_key(name);
        for (table, to) in renames(renamed.tables.clone(), held, known) {
            self.push(Op::RenameTable { table, to })?;
        }
        for (table, pairs) in &renamed.columns {
            let tables = [&self.now, to].map(|schema| schema.tables.get(table).cloned().unwrap_or_default());
            let known = |name: &str| tables.iter().any(|table| table.column(name).is_some());
            let held = |name: &str| tables[0].column(name).is_some();
            for (column, to) in renames(pairs.clone(), held, known) {
                self.push(Op::RenameColumn { table: table.clone(), column, to })?;
            }
        }
        Ok(())
    }

    /// Renames constraints and indexes: those that are named by their table and columns follow these.
    pub(super) fn rename_rules(&mut self, plans: &BTreeMap<String, Plan>, to: &Schema) -> Result<(), Problem> {
        let all =
            || plans.iter().flat_map(|(table, plan)| plan.renamed.iter().map(move |(rule, new)| (table, rule, new)));
        let pairs = all().map(|(_, rule, new)| (rule.name().to_owned(), new.clone())).collect();
        let mut owners: BTreeMap<String, _> =
            all().map(|(table, rule, _)| (rule.name().to_owned(), (table, rule))).collect();
        // What has a name that a rule is to have is gone by now.
        let known = |name: &str| [&self.now, to].iter().any(|schema| is_taken(schema, name));
        for (old, new) in renames(pairs, |_| false, known) {
            let Some((table, rule)) = owners.remove(&old) else { continue };
            owners.insert(new.clone(), (table, rule));
            self.push(rule.rename(table, old, new))?;
        }
        Ok(())
    }

    /// Makes the enums what they shall be, as far as columns allow.
    ///
    /// Nothing takes a value out of an enum or moves it: then the enum steps aside, and columns change to a new one of its
    /// name. It goes when no column is left.
    pub(super) fn bring_enums(&mut self, to: &Schema) -> Result<(), Problem> {
        for (name, variants) in &to.enums {
            let Some(known) = self.now.enums.get(name) else {
                self.push(Op::CreateEnum { name: name.clone(), variants: variants.clone() })?;
                continue;
            };
            let mut rest = variants.iter();
            if known.iter().all(|value| rest.any(|other| other == value)) {
                self.add_values(name, variants)?;
            } else {
                let aside = fresh(name, |name| [&self.now, to].iter().any(|schema| schema.enums.contains_key(name)));
                let gone = known.iter().filter(|value| !variants.contains(value));
                let gone: Vec<String> = gone.map(|value| literal_text(value)).collect();
                let note = format!("rows that hold {} stand in the way", gone.join(" or "));
                let notes = if gone.is_empty() { Vec::new() } else { vec![note] };
                self.push_all(vec![Op::RenameEnum { name: name.clone(), to: aside }], notes)?;
                self.push(Op::CreateEnum { name: name.clone(), variants: variants.clone() })?;
            }
        }
        Ok(())
    }

    fn add_values(&mut self, name: &str, variants: &[String]) -> Result<(), Problem> {
        for (at, value) in variants.iter().enumerate() {
            let known = &self.now.enums[name];
            if known.contains(value) {
                continue;
            }
            let place = match at.checked_sub(1).map(|before| variants[before].clone()) {
                None => known.first().map_or(Place::Last, |first| Place::Before(first.clone())),
                Some(before) if known.last() == Some(&before) => Place::Last,
                Some(before) => Place::After(before),
            };
            self.push(Op::AddValue { name: name.to_owned(), value: value.clone(), place })?;
        }
        Ok(())
    }
}

fn is_taken(schema: &Schema, name: &str) -> bool {
    schema.tables.contains_key(name) || schema.constraint(name).is_some() || schema.index_table(name).is_some()
}
