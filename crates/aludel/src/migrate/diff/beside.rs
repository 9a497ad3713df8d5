//! What is no table: schemas, views, and comments on all that is no table and no column.

use std::collections::BTreeMap;

use super::order::by_need;
use super::plan::Plan;
use super::way::Way;
use crate::schema::{Op, Problem, Schema, names_column};

impl Way {
    pub(super) fn create_schemas(&mut self, to: &Schema) -> Result<(), Problem> {
        let new: Vec<String> = to.schemas.difference(&self.now.schemas).cloned().collect();
        new.into_iter().try_for_each(|name| self.push(Op::CreateSchema { name }))
    }

    pub(super) fn drop_schemas(&mut self, to: &Schema) -> Result<(), Problem> {
        let gone: Vec<String> = self.now.schemas.difference(&to.schemas).cloned().collect();
        gone.into_iter().try_for_each(|name| self.push(Op::DropSchema { name }))
    }

    /// Drops the views that go or change, and for a while those that look at a table that goes or changes its columns.
    pub(super) fn drop_views(&mut self, plans: &BTreeMap<String, Plan>, to: &Schema) -> Result<(), Problem> {
        let moves = |table: &String| {
            !to.tables.contains_key(table) || plans.get(table).is_some_and(|plan| !plan.shaken.is_empty())
        };
        let names = |query: &str, of: &str| names_column(query, of.rsplit('.').next().unwrap_or(of));
        let views = &self.now.views;
        let mut gone: Vec<&str> = Vec::new();
        for view in views.values() {
            let looks = || self.now.tables.keys().any(|table| moves(table) && names(&view.query, table));
            if to.views.get(&view.name) != Some(view) || looks() {
                gone.push(&view.name);
            }
        }
        // A view goes with those it looks at.
        loop {
            let looks = |name: &&str| gone.iter().any(|other| names(&views[*name].query, other));
            let more: Vec<&str> =
                views.keys().map(String::as_str).filter(|name| !gone.contains(name)).filter(looks).collect();
            if more.is_empty() {
                break;
            }
            gone.extend(more);
        }
        let order = by_need(&gone, |view, other| names(&views[other].query, view));
        let ops: Vec<Op> = order.into_iter().map(|view| Op::DropView { view: view.to_owned() }).collect();
        ops.into_iter().try_for_each(|op| self.push(op))
    }

    /// Creates the views that are wanted, each behind those it looks at.
    pub(super) fn create_views(&mut self, to: &Schema) -> Result<(), Problem> {
        let new: Vec<&str> =
            to.views.keys().map(String::as_str).filter(|name| !self.now.views.contains_key(*name)).collect();
        let order =
            by_need(&new, |view, other| names_column(&to.views[view].query, other.rsplit('.').next().unwrap_or(other)));
        order
            .into_iter()
            .try_for_each(|name| self.push(Op::CreateView { view: to.views[name].clone(), replace: false }))
    }

    pub(super) fn remaining_comments(&mut self, to: &Schema) -> Result<(), Problem> {
        let gone = self.now.comments.keys().filter(|on| !to.comments.contains_key(on));
        let mut ops: Vec<Op> = gone.map(|on| Op::Comment { on: on.clone(), text: None }).collect();
        let new = to.comments.iter().filter(|(on, text)| self.now.comments.get(on) != Some(text));
        ops.extend(new.map(|(on, text)| Op::Comment { on: on.clone(), text: Some(text.clone()) }));
        ops.into_iter().try_for_each(|op| self.push(op))
    }
}
