//! What has to happen to one table, before anybody asks in which order.

use std::collections::BTreeSet;

use super::convert::{Conversion, akin, conversion};
use super::rule::Rule;
use crate::schema::{Column, Table, names_column};

/// What has to happen to one table that both schemas have.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Rules that go, those among them that come back.
    pub(super) gone: Vec<Rule>,
    /// Rules that come.
    pub(super) new: Vec<Rule>,
    /// Rules that are called something else, with the new name.
    pub(super) renamed: Vec<(Rule, String)>,
    /// Columns that go and come back: nothing makes the one out of the other.
    pub(super) remade: BTreeSet<String>,
    /// Columns whose values become others: of another type, remade or gone.
    pub(super) shaken: BTreeSet<String>,
}

impl Plan {
    /// Compares a table with what it shall be.
    pub(super) fn new(from: &Table, to: &Table, using: impl Fn(&str) -> bool) -> Plan {
        let mut plan = Plan::default();
        plan.columns(from, to, using);
        plan.rules(from, to);
        plan
    }

    fn columns(&mut self, from: &Table, to: &Table, using: impl Fn(&str) -> bool) {
        // Of those of another type, the ones about which nothing said before can be trusted.
        let mut kept = BTreeSet::new();
        for column in &from.columns {
            match to.column(&column.name) {
                None => drop(self.shaken.insert(column.name.clone())),
                Some(other) if is_remade(column, other, using(&column.name)) => {
                    self.shaken.insert(column.name.clone());
                    self.remade.insert(column.name.clone());
                }
                Some(other) if is_retyped(column, other) => {
                    self.shaken.insert(column.name.clone());
                    kept.extend(akin(&column.ty, &other.ty).then(|| column.name.clone()));
                }
                Some(_) => {}
            }
        }
        // What is made from a column cannot watch it become another.
        let mut reached = self.shaken.clone();
        while !reached.is_empty() {
            let stands = |column: &&Column| {
                // What becomes an ordinary column takes its values along before.
                let stays = to.column(&column.name).is_none_or(|to| to.generated.is_some());
                let made = column.generated.as_ref().filter(|_| stays && !self.shaken.contains(&column.name));
                made.is_some_and(|made| reached.iter().any(|name| names_column(&made.expression, name)))
            };
            reached = from.columns.iter().filter(stands).map(|column| column.name.clone()).collect();
            self.remade.extend(reached.iter().filter(|name| to.column(name).is_some()).cloned());
            self.shaken.extend(reached.iter().cloned());
        }
        let rules = Rule::all(from).into_iter();
        let gone = |name: &String| self.remade.contains(name) || to.column(name).is_none();
        let falls = |rule: &Rule| {
            let mut shaken = self.shaken.iter();
            shaken.any(|name| (gone(name) && rule.lists(name)) || (!kept.contains(name) && rule.names(name)))
                || (rule.is_foreign_key() && self.shaken.iter().any(|name| rule.lists(name)))
        };
        self.gone = rules.filter(falls).collect();
    }

    /// Matches the rules: by all of it, then by all but the name. What is gone already comes back if it is wanted.
    fn rules(&mut self, from: &Table, to: &Table) {
        let mut rest: Vec<Rule> = Rule::all(from).into_iter().filter(|rule| !self.gone.contains(rule)).collect();
        let mut wanted = Rule::all(to);
        wanted.retain(|rule| match rest.iter().position(|known| known == rule) {
            Some(at) => {
                rest.remove(at);
                false
            }
            None => true,
        });
        wanted.retain(|rule| match rest.iter().position(|known| known.is_like(rule)) {
            Some(at) => {
                self.renamed.push((rest.remove(at), rule.name().to_owned()));
                false
            }
            None => true,
        });
        self.gone.extend(rest);
        self.new = wanted;
    }

    /// Takes a foreign key away for a while, because what it points at changes. Returns whether it was not to go anyway.
    pub(super) fn lift(&mut self, rule: &Rule) -> bool {
        if self.gone.contains(rule) {
            return false;
        }
        let renamed = self.renamed.iter().position(|(known, _)| known == rule).map(|at| self.renamed.remove(at).1);
        self.new.push(renamed.map_or_else(|| rule.clone(), |name| rule.named(&name)));
        self.gone.push(rule.clone());
        true
    }

    /// Whether foreign keys that point at these columns have to be made anew.
    pub(super) fn moves(&self, columns: &[String]) -> bool {
        let same =
            |key: Vec<&str>| key.len() == columns.len() && columns.iter().all(|name| key.contains(&name.as_str()));
        columns.iter().any(|name| self.shaken.contains(name))
            || self.gone.iter().any(|rule| rule.unique_columns().is_some_and(same))
    }
}

/// Whether nothing makes the one column out of the other; `using` says that an expression was given that does.
pub(super) fn is_remade(from: &Column, to: &Column, using: bool) -> bool {
    match (&from.generated, &to.generated) {
        (None, Some(_)) => true,
        (Some(_), Some(other)) => {
            let mut like = Column { nullable: to.nullable, comment: to.comment.clone(), ..from.clone() };
            like.generated.iter_mut().for_each(|made| made.expression.clone_from(&other.expression));
            like != *to
        }
        (_, None) => !using && conversion(&from.name, &from.ty, &to.ty) == Conversion::None,
    }
}

/// Whether a column gets another type or collation.
pub(super) fn is_retyped(from: &Column, to: &Column) -> bool {
    from.ty != to.ty || from.collation != to.collation
}
