//! From a query to one SELECT, with everything that cannot work found before anything is sent.

use super::expr::Marks;
use super::operand::key_nodes;
use super::view::{Plan, Reading};
use super::{Columns, Query, walk};
use crate::dialect::Dialect;
use crate::sql::{self, Expr, Path, Select, Sort, Statement};
use crate::{Cells, Error, Model, Result, Value, model};

/// What makes a value of a row.
pub(crate) type ReadRow<T> = fn(&mut Cells<'_>, &mut Reading) -> Result<T>;

/// A query ready to run.
pub(crate) struct Planned<T> {
    pub(crate) select: Select,
    pub(crate) reading: Reading,
    pub(crate) read: ReadRow<T>,
    pub(crate) fill: fn(&mut T, &mut Reading) -> Result<()>,
}

impl<M: Model, T> Query<M, T> {
    /// Puts the query together.
    ///
    /// # Errors
    /// Usage errors for what no engine could run: clauses that contradict each other, columns that are neither grouped
    /// nor aggregated, columns behind a to-many relation that is not joined, relations that do not resolve.
    pub(crate) fn plan(self) -> Result<Planned<T>> {
        let Query { mut select, shape, mut marks, any_order, .. } = self;
        let mut reading = Reading::default();
        let view = matches!(shape.columns, Columns::View(_));
        match shape.columns {
            Columns::Given(columns) => select.columns = columns,
            Columns::View(plan) => {
                let mut planned = Plan::default();
                plan(&mut planned);
                select.columns = planned.columns;
                reading = planned.reading;
                marks.add(planned.marks);
            }
        }
        check(&mut select, &marks, view, M::META.model)?;
        if !any_order && select.order.is_empty() && (select.limit.is_some() || select.offset.is_some()) {
            select.order = settled_order::<M>(&mut select);
        }
        Ok(Planned { select, reading, read: shape.read, fill: shape.fill })
    }

    /// The query as a subselect.
    ///
    /// # Errors
    /// As planning, and where a view would need further statements.
    pub(crate) fn into_select(self) -> Result<Select> {
        let planned = self.plan()?;
        if planned.reading.branches.is_empty() {
            Ok(planned.select)
        } else {
            Err(Error::usage("a view with to-many fields takes several statements: select columns instead"))
        }
    }

    /// The query's one statement, with what reads its rows.
    ///
    /// # Errors
    /// As planning and rendering, and where a view would need further statements.
    pub(crate) fn into_stream(self, dialect: &Dialect) -> Result<(Statement, ReadRow<T>, Reading)> {
        let planned = self.plan()?;
        if !planned.reading.branches.is_empty() {
            return Err(Error::usage(
                "a view with to-many fields takes several statements and cannot be streamed: fetch it in pages",
            ));
        }
        Ok((planned.select.render(dialect)?, planned.read, planned.reading))
    }

    /// Puts the keys of entities in the place of their handles; `key` answers with the key's columns.
    ///
    /// # Errors
    /// What `key` answers.
    pub(crate) fn resolve(&mut self, key: &mut dyn FnMut(model::Pending) -> Result<Vec<Value>>) -> Result<()> {
        if !self.marks.pending() {
            return Ok(());
        }
        let mut outcome = Ok(());
        let mut settle = |node: &mut Expr| walk::every(node, &mut |node| resolve_one(node, key, &mut outcome));
        walk::inside(&mut self.select, &mut settle);
        if let Columns::Given(columns) = &mut self.shape.columns {
            columns.iter_mut().for_each(&mut settle);
        }
        outcome
    }
}

/// Replaces one key to come.
pub(crate) fn resolve_one(
    node: &mut Expr,
    key: &mut dyn FnMut(model::Pending) -> Result<Vec<Value>>,
    outcome: &mut Result<()>,
) {
    let Expr::Pending(pending) = node else { return };
    let Some(layout) = (pending.model as &dyn std::any::Any).downcast_ref::<model::Layout>() else { return };
    let asked = model::Pending { layout, session: pending.session, index: pending.index };
    match key(asked) {
        Ok(mut values) if pending.part < values.len() => {
            let ty = layout.columns[layout.key[pending.part]].ty.clone();
            *node = Expr::Value(values.swap_remove(pending.part), ty);
        }
        Ok(_) => {
            *outcome = Err(Error::usage(format!("an entity of `{}` has no key yet: flush first", layout.meta.model)))
        }
        Err(error) => *outcome = Err(error),
    }
}

fn check(select: &mut Select, marks: &Marks, view: bool, model: &str) -> Result<()> {
    if let Some(fault) = marks.first_fault() {
        return Err(Error::usage(fault));
    }
    for needed in marks.joins() {
        if !select.joins.iter().any(|join| join.path == *needed) {
            let table = needed.hops().last().map_or("", |hop| &hop.table);
            return Err(Error::usage(format!(
                "a column of `{table}` is used behind a to-many relation of `{model}` that is not joined: add \
                 `.join({model}::..)` of that relation, or ask with `.any(..)`"
            )));
        }
    }
    let grouped = !select.group.is_empty();
    if view && (grouped || select.having.is_some() || !select.joins.is_empty()) {
        return Err(Error::usage(format!(
            "a view or model of `{model}` cannot be read from grouped or multiplied rows: say what to read with \
             `.select((..))`, or ask about a to-many relation with `.any(..)`"
        )));
    }
    let aggregated = select.columns.iter_mut().any(walk::aggregates);
    if select.having.is_some() && !grouped && !aggregated {
        return Err(Error::usage(
            "`having` speaks of groups, and there are none: add `.group_by(..)` or use `.filter(..)`",
        ));
    }
    if select.filter.as_mut().is_some_and(walk::aggregates) {
        return Err(Error::usage(
            "`filter` comes before rows are grouped and cannot hold an aggregate: use `.having(..)`",
        ));
    }
    if grouped || aggregated {
        let group = std::mem::take(&mut select.group);
        let stray = select.columns.iter_mut().find_map(|column| uncovered(column, &group));
        select.group = group;
        if let Some(name) = stray {
            return Err(Error::usage(format!(
                "column `{name}` is selected beside aggregates but is neither grouped nor aggregated: add it to \
                 `.group_by(..)`, or take its `min()` or `max()`"
            )));
        }
    }
    if select.lock.is_some() && (grouped || aggregated || select.distinct) {
        return Err(Error::usage("`lock` holds rows of a table, which grouped, aggregated and distinct rows are not"));
    }
    Ok(())
}

/// The first column of `node` that is neither in `group` nor inside an aggregate.
fn uncovered(node: &mut Expr, group: &[Expr]) -> Option<sql::Name> {
    if group.contains(node) {
        return None;
    }
    match node {
        Expr::Aggregate { .. } => None,
        Expr::Column { name, .. } => Some(name.clone()),
        node => {
            let mut found = None;
            walk::children(node, &mut |child, within| {
                if !within && found.is_none() {
                    found = uncovered(child, group);
                }
            });
            found
        }
    }
}

/// The order of a limited query that names none: whatever tells its rows apart.
fn settled_order<M: Model>(select: &mut Select) -> Vec<Sort> {
    let nullable = !select.group.is_empty() || select.distinct;
    let by = if !select.group.is_empty() {
        select.group.clone()
    } else if select.columns.iter_mut().any(walk::aggregates) {
        Vec::new()
    } else if select.distinct {
        select.columns.clone()
    } else {
        key_nodes::<M>(&Path::root())
    };
    by.into_iter().map(|by| Sort { nullable, ..Sort::upwards(by) }).collect()
}
