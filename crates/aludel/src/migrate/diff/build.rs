//! The steps from one schema to another, in an order in which each of them applies.

use std::collections::{BTreeMap, BTreeSet};

use super::carry::carry;
use super::fill::Fill;
use super::plan::Plan;
use super::rename::Renames;
use super::rule::{Rule, adopt};
use super::way::Way;
use crate::migrate::Step;
use crate::migrate::difference::places;
use crate::schema::{Op, Problem, Schema, Table, create_table};

/// What the schemas do not say.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) renames: Renames,
    /// What rows get that are there already, by table and column.
    pub(super) fills: BTreeMap<(String, String), Fill>,
    /// What makes the new values of a column whose type changes, in SQL, by table and column.
    pub(super) using: BTreeMap<(String, String), String>,
    /// Whether this is the way back: then nobody can be asked, and what is lost is noted.
    pub(super) back: bool,
    /// The path of the model of each table, where models say what is wanted.
    pub(super) models: Option<BTreeMap<String, String>>,
}

impl Given {
    /// What is known of the way back.
    pub(super) fn inverse(&self) -> Given {
        Given { renames: self.renames.inverse(), back: !self.back, ..Given::default() }
    }
}

/// The steps, and `to` as they make it: with the expressions of `from` where they mean the same.
///
/// Renames come first, then enums, then each table behind those it points at, foreign keys that go round in circles, and
/// last what is taken away.
pub(super) fn build(from: &Schema, to: &Schema, given: &Given) -> Result<(Vec<Step>, Schema), Problem> {
    let mut way = Way { now: from.clone(), steps: Vec::new() };
    let mut to = to.clone();
    way.create_schemas(&to)?;
    way.rename(&given.renames, &to)?;
    if given.models.is_some() {
        carry(&way.now, &mut to);
    }
    way.bring_enums(&to)?;
    let mut plans = plans(&way.now, &mut to, given);
    way.drop_views(&plans, &to)?;
    way.lift_foreign_keys(&mut plans)?;
    way.free_names(&mut plans, &to)?;
    way.rename_rules(&plans, &to)?;
    let mut late = Vec::new();
    let new = to.tables.keys().filter(|name| !way.now.tables.contains_key(*name));
    let mut waiting: BTreeSet<String> = plans.keys().chain(new).cloned().collect();
    for table in to.parents_first() {
        if way.now.tables.contains_key(&table.name) {
            if let Some(plan) = plans.remove(&table.name) {
                late.extend(way.alter(table, plan, &waiting, given)?);
            }
        } else {
            late.extend(way.create(table, &waiting, given)?);
        }
        waiting.remove(&table.name);
    }
    for (table, rule) in late {
        way.push(rule.add(&table))?;
    }
    way.drop_tables(&to)?;
    let enums: Vec<String> = way.now.enums.keys().filter(|name| !to.enums.contains_key(*name)).cloned().collect();
    enums.into_iter().try_for_each(|name| way.push(Op::DropEnum { name }))?;
    way.create_views(&to)?;
    way.drop_schemas(&to)?;
    match given.models {
        // A comment goes with what it is about, and models comment on tables and columns only.
        Some(_) => to.comments.clone_from(&way.now.comments),
        None => way.remaining_comments(&to)?,
    }
    if way.now != to {
        let differs = places(&way.now, &to).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let what = format!("the steps found do not lead to the schema wanted: {differs}");
        return Err(Problem::plain(what, "please report this"));
    }
    Ok((way.steps, to))
}

/// What has to happen to each table that both have and that differs.
fn plans(now: &Schema, to: &mut Schema, given: &Given) -> BTreeMap<String, Plan> {
    let mut plans = BTreeMap::new();
    for (name, from) in &now.tables {
        let Some(to) = to.tables.get_mut(name).filter(|to| *to != from) else { continue };
        adopt(from, to);
        if from != to {
            let using = |column: &str| given.using.contains_key(&(name.clone(), column.to_owned()));
            plans.insert(name.clone(), Plan::new(from, to, using));
        }
    }
    plans
}

impl Way {
    /// Drops the foreign keys that would stand in the way of a change of what they point at.
    fn lift_foreign_keys(&mut self, plans: &mut BTreeMap<String, Plan>) -> Result<(), Problem> {
        let mut lifted = Vec::new();
        for table in self.now.tables.values() {
            for key in &table.foreign_keys {
                if plans.get(&key.table).is_some_and(|plan| plan.moves(&key.references)) {
                    lifted.push((table.name.clone(), Rule::foreign_key(key.clone())));
                }
            }
        }
        for (table, rule) in lifted {
            let plan = plans.entry(table.clone()).or_default();
            plan.lift(&rule);
            plan.gone.retain(|gone| *gone != rule);
            self.push(rule.drop(&table))?;
        }
        Ok(())
    }

    /// Drops at once whatever has a name that something else is to have.
    fn free_names(&mut self, plans: &mut BTreeMap<String, Plan>, to: &Schema) -> Result<(), Problem> {
        let going: Vec<&Table> =
            self.now.tables.values().filter(|table| !to.tables.contains_key(&table.name)).collect();
        if going.is_empty() && plans.values().all(|plan| plan.gone.is_empty()) {
            return Ok(());
        }
        let mut wanted: BTreeMap<String, &str> = to.tables.keys().map(|name| (name.clone(), name.as_str())).collect();
        for table in to.tables.values() {
            wanted.extend(Rule::all(table).iter().map(|rule| (rule.name().to_owned(), table.name.as_str())));
        }
        let blocks = |table: &&Table| {
            wanted.contains_key(&table.name) || Rule::all(table).iter().any(|rule| wanted.contains_key(rule.name()))
        };
        let blocking: Vec<String> = going.into_iter().filter(blocks).map(|table| table.name.clone()).collect();
        for (name, plan) in plans {
            let renamed: BTreeSet<&str> = plan.renamed.iter().map(|(_, new)| new.as_str()).collect();
            let blocks = |rule: &mut Rule| {
                renamed.contains(rule.name()) || wanted.get(rule.name()).is_some_and(|owner| owner != name)
            };
            for rule in plan.gone.extract_if(.., blocks) {
                self.push(rule.drop(name))?;
            }
        }
        for table in blocking {
            self.open(&table)?;
            self.push(Op::DropTable { table })?;
        }
        Ok(())
    }

    /// Makes a new table; gives back the foreign keys that have to wait.
    fn create(
        &mut self,
        table: &Table,
        waiting: &BTreeSet<String>,
        given: &Given,
    ) -> Result<Vec<(String, Rule)>, Problem> {
        let mut table = table.clone();
        let name = table.name.clone();
        let ready = |target: &str| target == name || !waiting.contains(target);
        let (now, late): (Vec<_>, Vec<_>) = table.foreign_keys.drain(..).partition(|key| ready(&key.table));
        table.foreign_keys = now;
        let mut notes = Vec::new();
        if given.back {
            notes.push(format!("loses: the rows of {name}"));
        }
        if let Some(path) = given.models.as_ref().and_then(|models| models.get(&name)) {
            notes.push(format!("model: {path} ({}:{})", table.origin.file, table.origin.line));
        }
        self.push_all(create_table(&table), notes)?;
        Ok(late.into_iter().map(|key| (name.clone(), Rule::foreign_key(key))).collect())
    }

    /// Drops the tables that are not wanted any more, each before those it points at.
    fn drop_tables(&mut self, to: &Schema) -> Result<(), Problem> {
        let order: Vec<String> = self.now.parents_first().iter().rev().map(|table| table.name.clone()).collect();
        let order: Vec<String> = order.into_iter().filter(|name| !to.tables.contains_key(name)).collect();
        let place: BTreeMap<&str, usize> = order.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        // Whoever points at a table that goes before it is part of a circle.
        let mut circles = Vec::new();
        for (at, name) in order.iter().enumerate() {
            for key in &self.now.tables[name].foreign_keys {
                if place.get(key.table.as_str()).is_some_and(|target| *target < at) {
                    circles.push(Op::DropConstraint { table: name.clone(), name: key.name.clone() });
                }
            }
        }
        let drops = order.iter().map(|table| Op::DropTable { table: table.clone() });
        circles.into_iter().chain(drops).try_for_each(|op| self.push(op))
    }

    /// Drops the foreign keys of other tables that point at `table`.
    fn open(&mut self, table: &str) -> Result<(), Problem> {
        let others = self.now.tables.values().filter(|other| other.name != table);
        let keys = others.flat_map(|other| other.foreign_keys.iter().map(move |key| (other, key)));
        let ops: Vec<Op> = keys
            .filter(|(_, key)| key.table == table)
            .map(|(other, key)| Op::DropConstraint { table: other.name.clone(), name: key.name.clone() })
            .collect();
        ops.into_iter().try_for_each(|op| self.push(op))
    }
}
