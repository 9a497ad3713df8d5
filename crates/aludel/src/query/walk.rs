//! Walking expression trees, subselects included.

use crate::sql::{Expr, Fragment, List, Path, Select, Table};

/// Calls `visit` for each direct child of `node`; the flag tells whether the child stands in a subselect.
pub(crate) fn children(node: &mut Expr, visit: &mut dyn FnMut(&mut Expr, bool)) {
    match node {
        Expr::Column { .. } | Expr::Excluded(..) | Expr::Value(..) | Expr::Pending(_) => {}
        Expr::Outer(of) | Expr::Unary(_, of) | Expr::Cast(of, _) | Expr::IsNull(of, _) => visit(of, false),
        Expr::Binary(left, _, right) | Expr::Same(left, right, _) => {
            visit(left, false);
            visit(right, false);
        }
        Expr::Call(_, nodes) | Expr::Row(nodes) => nodes.iter_mut().for_each(|node| visit(node, false)),
        Expr::Case(arms, otherwise) => {
            for (when, then) in arms {
                visit(when, false);
                visit(then, false);
            }
            if let Some(otherwise) = otherwise {
                visit(otherwise, false);
            }
        }
        Expr::In(of, list, _) => {
            visit(of, false);
            if let List::Select(select) = list {
                inside(select, &mut |node| visit(node, true));
            }
        }
        Expr::Between(of, low, high) => [of, low, high].into_iter().for_each(|node| visit(node, false)),
        Expr::Like { of, text, .. } => {
            visit(of, false);
            visit(text, false);
        }
        Expr::Exists(select, _) | Expr::Scalar(select) => inside(select, &mut |node| visit(node, true)),
        Expr::Aggregate { of, filter, .. } => {
            for node in [of, filter].into_iter().flatten() {
                visit(node, false);
            }
        }
        Expr::RowNumber { partition, order } => {
            partition.iter_mut().for_each(|node| visit(node, false));
            order.iter_mut().for_each(|sort| visit(&mut sort.by, false));
        }
        Expr::Raw(fragments) => {
            for fragment in fragments {
                if let Fragment::Expr(node) = fragment {
                    visit(node, false);
                }
            }
        }
    }
}

/// Calls `visit` for each expression directly in `select` (and in the subselect it reads from).
pub(crate) fn inside(select: &mut Select, visit: &mut dyn FnMut(&mut Expr)) {
    if let Table::Select(from) = &mut select.from {
        inside(from, visit);
    }
    let parts = select.columns.iter_mut().chain(&mut select.filter).chain(&mut select.group).chain(&mut select.having);
    parts.for_each(&mut *visit);
    select.order.iter_mut().for_each(|sort| visit(&mut sort.by));
}

/// Puts `path` before every column of the statement that `node` stands in.
pub(crate) fn prefix(node: &mut Expr, path: &Path) {
    if !path.hops().is_empty() {
        prefix_at(node, path, 0);
    }
}

/// The same `depth` subselects further in, where only [`Expr::Outer`] leads back out.
fn prefix_at(node: &mut Expr, path: &Path, depth: usize) {
    match node {
        Expr::Column { path: own, .. } if depth == 0 => *own = path.join(own),
        Expr::Outer(of) if depth > 0 => prefix_at(of, path, depth - 1),
        Expr::Outer(_) => {}
        node => children(node, &mut |child, within| prefix_at(child, path, depth + usize::from(within))),
    }
}

/// Calls `change` for every node of the tree below and including `node`.
pub(crate) fn every(node: &mut Expr, change: &mut dyn FnMut(&mut Expr)) {
    change(node);
    children(node, &mut |child, _| every(child, change));
}

/// Whether `node` computes over groups of rows (its subselects aside).
pub(crate) fn aggregates(node: &mut Expr) -> bool {
    if matches!(node, Expr::Aggregate { .. }) {
        return true;
    }
    let mut found = false;
    children(node, &mut |child, within| found |= !within && aggregates(child));
    found
}
