//! How likely something that is gone is something that is new.

use std::collections::{BTreeMap, BTreeSet};

use super::convert::{Conversion, akin, conversion};
use super::likeness::{self, count};
use super::rename::Renames;
use super::rule::Rule;
use crate::schema::{Column, Constraint, Schema, Table, type_name};

/// A score from 0 to 1, with what speaks for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Score {
    pub(super) worth: f64,
    pub(super) reasons: Vec<String>,
}

impl Score {
    fn add(&mut self, share: f64, weight: f64) {
        self.worth += share * weight;
    }

    fn because(&mut self, reason: impl Into<String>) {
        self.reasons.push(reason.into());
    }

    fn name(&mut self, old: &str, new: &str, weight: f64) {
        let alike = likeness::names(old, new);
        self.add(alike, weight);
        if alike > 0.6 {
            self.because("a name like it");
        }
    }
}

/// Whether the column `old` of one table may be `new` of the other.
pub(super) fn columns(from: &Table, to: &Table, renames: &Renames, old: &Column, new: &Column) -> Score {
    let mut score = Score::default();
    let kinds = (type_name(&old.ty), type_name(&new.ty));
    if old.ty == new.ty {
        score.add(1.0, 0.30);
        score.because(format!("{} too", kinds.1));
    } else if akin(&old.ty, &new.ty) {
        score.add(1.0, 0.20);
        score.because(format!("{} from {}", kinds.1, kinds.0));
    } else if [(&old.ty, &new.ty), (&new.ty, &old.ty)].iter().all(|(a, b)| conversion("", a, b) == Conversion::Plain) {
        // Anything can be written as text; what converts both ways is kin.
        score.add(1.0, 0.10);
    }
    score.add(f64::from(u8::from(old.nullable == new.nullable)), 0.05);
    score.add(f64::from(u8::from(old.default == new.default)), 0.05);
    score.add(f64::from(u8::from(old.generated.is_some() == new.generated.is_some())), 0.05);
    if old.default.is_some() && old.default == new.default {
        score.because("the same default");
    }
    let (mine, theirs) = (roles(from, &old.name, renames), roles(to, &new.name, &Renames::default()));
    if mine.is_empty() && theirs.is_empty() {
        // No role is less of a likeness than the same role.
        score.add(0.6, 0.20);
    } else {
        score.add(share(&mine, &theirs), 0.20);
        score.reasons.extend(mine.intersection(&theirs).map(|role| format!("also {role}")));
    }
    score.name(&old.name, &new.name, 0.25);
    let at = (place(from, &old.name), place(to, &new.name));
    let near = |side: usize| {
        let names = [(from, at.0), (to, at.1)].map(|(table, at)| neighbour(table, at, side));
        match (names[0], names[1]) {
            (Some(one), Some(other)) => renames.old_column(&to.name, other) == Some(one),
            (None, None) => true,
            _ => false,
        }
    };
    let beside = count(usize::from(near(0)) + usize::from(near(2))) / 2.0;
    score.add(beside, 0.10);
    if beside > 0.9 {
        score.because("in the same place");
    }
    score
}

fn place(table: &Table, column: &str) -> usize {
    table.columns.iter().position(|other| other.name == column).unwrap_or_default()
}

/// The column before (`side` 0) or behind (`side` 2) the one at `at`.
fn neighbour(table: &Table, at: usize, side: usize) -> Option<&str> {
    Some(&table.columns.get((at + side).checked_sub(1)?)?.name)
}

/// What a column is good for.
fn roles(table: &Table, column: &str, renames: &Renames) -> BTreeSet<String> {
    let role = |rule: &Rule| match rule {
        Rule::Constraint(Constraint::PrimaryKey(_)) => "the key".into(),
        Rule::Constraint(Constraint::Unique(_)) => "unique".into(),
        Rule::Constraint(Constraint::ForeignKey(key)) => format!("a reference to {}", renames.new_table(&key.table)),
        Rule::Constraint(_) => "checked".into(),
        Rule::Index(_) => "indexed".into(),
    };
    Rule::all(table).iter().filter(|rule| rule.lists(column) || rule.names(column)).map(role).collect()
}

/// The share of what both have in what either has.
fn share<T: Ord>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> f64 {
    let all = one.union(other).count();
    if all == 0 { 1.0 } else { count(one.intersection(other).count()) / count(all) }
}

/// What is asked of both schemas again and again.
pub(super) struct Tables<'a> {
    /// How many tables have a column of that name: the more, the less it tells.
    common: BTreeMap<&'a str, usize>,
    /// Who points at each table.
    inbound: [BTreeMap<&'a str, BTreeSet<&'a str>>; 2],
}

impl<'a> Tables<'a> {
    pub(super) fn new(from: &'a Schema, to: &'a Schema) -> Self {
        let mut common = BTreeMap::new();
        for column in [from, to].into_iter().flat_map(|schema| schema.tables.values()).flat_map(|table| &table.columns)
        {
            *common.entry(column.name.as_str()).or_insert(0) += 1;
        }
        let inbound = [from, to].map(|schema| {
            let mut inbound: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for table in schema.tables.values() {
                for key in &table.foreign_keys {
                    inbound.entry(&key.table).or_default().insert(&table.name);
                }
            }
            inbound
        });
        Tables { common, inbound }
    }

    /// Whether the table `old` may be `new`.
    pub(super) fn score(&self, old: &Table, new: &Table) -> Score {
        let mut score = Score::default();
        let (alike, same) = self.columns(old, new);
        score.add(alike, 0.5);
        if same > 0 {
            score.because(format!("{same} of {} columns too", old.columns.len()));
        }
        let key = |table: &Table| {
            let columns = table.primary_key.iter().flat_map(|key| &key.columns);
            columns.filter_map(|name| table.column(name)).map(|column| type_name(&column.ty)).collect::<Vec<_>>()
        };
        score.add(f64::from(u8::from(key(old) == key(new))), 0.1);
        let (mine, theirs) = (points(old), points(new));
        // To point at nothing is less of a likeness than to point at the same.
        score.add(if mine.is_empty() && theirs.is_empty() { 0.5 } else { share(&mine, &theirs) }, 0.1);
        if !mine.is_empty() && mine == theirs {
            score.because("the same references");
        }
        score.name(&old.name, &new.name, 0.2);
        let none = BTreeSet::new();
        let of = |side: usize, table: &str| self.inbound[side].get(table).unwrap_or(&none);
        let (mine, theirs) = (of(0, &old.name), of(1, &new.name));
        score.add(if mine.is_empty() && theirs.is_empty() { 0.5 } else { share(mine, theirs) }, 0.1);
        if !mine.is_empty() && mine == theirs {
            score.because("the same tables point at it");
        }
        score
    }

    /// How much of the columns is on both sides, by name and type, and how many are there under one name. A column that
    /// many tables have counts little.
    fn columns(&self, old: &Table, new: &Table) -> (f64, usize) {
        let weight = |column: &Column| 1.0 / count(self.common.get(column.name.as_str()).copied().unwrap_or(1)).sqrt();
        let (mut both, mut all, mut same) = (0.0, 0.0, 0);
        let mut rest: Vec<&Column> = new.columns.iter().collect();
        let mut left = Vec::new();
        for column in &old.columns {
            let Some(at) = rest.iter().position(|other| other.name == column.name) else {
                left.push(column);
                continue;
            };
            let other = rest.remove(at);
            both += weight(column) * if other.ty == column.ty { 1.0 } else { 0.7 };
            all += weight(column);
            same += 1;
        }
        for column in left {
            match rest.iter().position(|other| other.ty == column.ty) {
                Some(at) => {
                    let other = rest.remove(at);
                    let worth = f64::midpoint(weight(column), weight(other));
                    both += 0.3 * worth;
                    all += worth;
                }
                None => all += weight(column),
            }
        }
        all += rest.iter().map(|column| weight(column)).sum::<f64>();
        (if all == 0.0 { 1.0 } else { both / all }, same)
    }
}

/// The tables that a table points at.
fn points(table: &Table) -> BTreeSet<&str> {
    let targets = table.foreign_keys.iter().map(|key| key.table.as_str());
    targets.map(|target| if target == table.name { "itself" } else { target }).collect()
}

/// Whether the value `old` of an enum may be `new`; both lists are in order.
pub(super) fn values(from: &[String], to: &[String], old: &str, new: &str) -> Score {
    let mut score = Score::default();
    score.name(old, new, 0.6);
    let at = |list: &[String], value: &str| list.iter().position(|other| other == value);
    let last = |list: &[String], at: Option<usize>| at.map(|at| at + 1) == Some(list.len());
    let (mine, theirs) = (at(from, old), at(to, new));
    if mine == theirs || (last(from, mine) && last(to, theirs)) {
        score.add(1.0, 0.4);
        score.because("in the same place");
    }
    score
}
