//! To-many relations: asked about in conditions, counted, and as rows of a view.

use std::marker::PhantomData;

use super::expr::{Marks, binary, negated};
use super::link::Link;
use super::select::Orders;
use super::{Cond, Expr, IntoExpr, walk};
use crate::sql::{self, Aggregate, Binary, Function, Path, Select, Sort, Table};
use crate::{Model, Result, Type, Value};

/// The rows of a to-many relation from `M` to `T`, with further wishes: `Post::COMMENTS.filter(..).order_by(..).limit(3)`.
///
/// It is the source of a view field of type `Vec<V>`, or is asked and counted like the relation itself.
#[derive(Debug)]
pub struct Many<M, T> {
    pub(crate) link: Result<Link, String>,
    /// Over the target.
    pub(crate) filter: Option<sql::Expr>,
    /// Over the target.
    pub(crate) order: Vec<Sort>,
    pub(crate) limit: Option<u64>,
    pub(crate) marks: Marks,
    marker: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Clone for Many<M, T> {
    fn clone(&self) -> Self {
        Many {
            link: self.link.clone(),
            filter: self.filter.clone(),
            order: self.order.clone(),
            limit: self.limit,
            marks: self.marks.clone(),
            marker: PhantomData,
        }
    }
}

/// A to-many relation, in whatever form.
pub(crate) trait Relation<M, T>: Sized {
    fn rows(self) -> Many<M, T>;
}

impl<M, T> Relation<M, T> for Many<M, T> {
    fn rows(self) -> Many<M, T> {
        self
    }
}

impl<M: Model, T: Model> Many<M, T> {
    pub(crate) fn new(link: Result<Link>) -> Self {
        Many {
            link: link.map_err(|error| error.to_string()),
            filter: None,
            order: Vec::new(),
            limit: None,
            marks: Marks::default(),
            marker: PhantomData,
        }
    }

    fn narrowed(mut self, condition: Cond<T>) -> Self {
        let (node, marks) = condition.single("filter");
        self.filter = Some(match self.filter.take() {
            Some(filter) => binary(filter, Binary::And, node),
            None => node,
        });
        self.marks.add(marks);
        self
    }

    fn ordered(mut self, order: impl Orders<T>) -> Self {
        order.__orders(&mut |order| {
            self.order.extend(order.keys);
            self.marks.add(order.marks);
        });
        self
    }

    fn limited(mut self, rows: u64) -> Self {
        self.limit = Some(rows);
        self
    }

    /// The rows as a subselect of a statement over `M`, and what stands in the way of it.
    fn subselect(mut self) -> (Select, Path, Marks) {
        let link = match self.link {
            Ok(link) => link,
            Err(message) => {
                self.marks.add(Marks::fault(message));
                return (Select::from(T::META.table), Path::root(), self.marks);
            }
        };
        let mut select = Select::from(link.table);
        for (key, target, ty) in link.on {
            let own = sql::Expr::Column { path: Path::root(), name: key, ty: ty.clone() };
            let outer = sql::Expr::Column { path: Path::root(), name: target, ty };
            select.and(binary(own, Binary::Eq, sql::Expr::Outer(Box::new(outer))));
        }
        if let Some(mut filter) = self.filter {
            walk::prefix(&mut filter, &link.target);
            select.and(filter);
        }
        let marks = self.marks.behind(&link.target);
        if self.limit.is_some() {
            select.order = self.order;
            select.order.iter_mut().for_each(|sort| walk::prefix(&mut sort.by, &link.target));
            select.limit = self.limit;
        }
        (select, link.target, marks)
    }

    fn exist(self, negate: bool) -> Cond<M> {
        let (mut select, _, marks) = self.subselect();
        select.columns.push(one());
        let mut cond = Expr::from_node(sql::Expr::Exists(Box::new(select), negate));
        cond.marks = without_joins(marks);
        cond
    }

    fn computed<U>(self, of: Expr<T, U>) -> Expr<M, U> {
        let limited = self.limit.is_some();
        let (mut select, target, mut marks) = self.subselect();
        let (mut node, more) = of.single("aggregate");
        walk::prefix(&mut node, &target);
        if limited {
            marks.add(Marks::fault(
                "a relation with a limit cannot be counted or aggregated: the limit would apply to the one row of the \
                 result; leave it out",
            ));
        }
        if !walk::aggregates(&mut node) {
            marks.add(Marks::fault(
                "an aggregate is wanted over a to-many relation, which has many rows: write `.aggregate(Post::LIKES.max())`",
            ));
        }
        marks.add(more);
        select.columns.push(node);
        let mut expr = Expr::from_node(sql::Expr::Scalar(Box::new(select)));
        expr.marks = without_joins(marks);
        expr
    }

    fn every(self, condition: Cond<T>) -> Cond<M> {
        // A condition that is NULL is not met.
        let unmet = condition.wrap("all", |node| {
            let no = sql::Expr::Value(Value::Bool(false), Type::Bool);
            negated(sql::Expr::Call(Function::Coalesce, vec![node, no]))
        });
        self.narrowed(unmet).exist(true)
    }
}

/// Inside a subselect nothing may need a join, since there is no place to say it.
fn without_joins(mut marks: Marks) -> Marks {
    if !marks.joins().is_empty() && marks.first_fault().is_none() {
        marks.add(Marks::fault(
            "a condition inside a to-many relation names a column behind a further to-many relation: use `.any(..)` on \
             that one",
        ));
    }
    marks.without_joins()
}

/// What a select reads whose rows only matter by being there.
pub(crate) fn one() -> sql::Expr {
    sql::Expr::Raw(vec![sql::Fragment::Text("1".into())])
}

/// Row-counting aggregate.
pub(crate) fn counted() -> sql::Expr {
    sql::Expr::Aggregate { function: Aggregate::Count, of: None, distinct: false, filter: None }
}

macro_rules! asked {
    ($([$($more:ident)?] $kind:ty;)*) => {$(
        impl<M: Model, T: Model $(, $more: Model)?> $kind {
            /// Only the related rows that meet `condition`.
            #[must_use]
            pub fn filter(self, condition: impl IntoExpr<T, bool>) -> Many<M, T> {
                self.rows().narrowed(condition.__expr())
            }

            /// The related rows in this order; unsaid, a view has them in the order of their key.
            #[must_use]
            pub fn order_by(self, order: impl Orders<T>) -> Many<M, T> {
                self.rows().ordered(order)
            }

            /// At most so many related rows for each row.
            #[must_use]
            pub fn limit(self, rows: u64) -> Many<M, T> {
                self.rows().limited(rows)
            }

            /// Whether any related row meets `condition`.
            pub fn any(self, condition: impl IntoExpr<T, bool>) -> Cond<M> {
                self.filter(condition).exist(false)
            }

            /// Whether no related row meets `condition`.
            pub fn none(self, condition: impl IntoExpr<T, bool>) -> Cond<M> {
                self.filter(condition).exist(true)
            }

            /// Whether every related row meets `condition`; true where there is none.
            pub fn all(self, condition: impl IntoExpr<T, bool>) -> Cond<M> {
                self.rows().every(condition.__expr())
            }

            /// Whether there is a related row.
            pub fn exists(self) -> Cond<M> {
                self.rows().exist(false)
            }

            /// How many related rows there are.
            pub fn count(self) -> Expr<M, i64> {
                self.rows().computed(Expr::from_node(counted()))
            }

            /// An aggregate over the related rows: `User::POSTS.aggregate(Post::LIKES.sum())`.
            pub fn aggregate<U>(self, of: Expr<T, U>) -> Expr<M, U> {
                self.rows().computed(of)
            }
        }
    )*};
}

asked! {
    [] Many<M, T>;
    [] super::ToMany<M, T>;
    [Through] super::ManyToMany<M, T, Through>;
}

/// The inner select of a per-parent limit numbers its rows; this reads the first ones of each.
pub(crate) fn first_of_each(mut inner: Select, keys: Vec<sql::Expr>, order: Vec<Sort>, limit: u64) -> Select {
    let width = inner.columns.len();
    inner.names = (0..width).map(|at| format!("c{at}").into()).chain(["n".into()]).collect();
    inner.columns.push(sql::Expr::RowNumber { partition: keys.clone(), order });
    let types: Vec<Type> = inner.columns.iter().map(|node| node.ty().cloned().unwrap_or(Type::Text)).collect();
    let column =
        |at: usize| sql::Expr::Column { path: Path::root(), name: inner.names[at].clone(), ty: types[at].clone() };
    let mut outer = Select::from("");
    outer.columns = (0..width).map(column).collect();
    let limit = sql::Expr::Value(Value::Int(i64::try_from(limit).unwrap_or(i64::MAX)), Type::BigInt);
    outer.filter = Some(binary(column(width), Binary::Le, limit));
    outer.order = (0..keys.len()).chain([width]).map(|at| Sort::upwards(column(at))).collect();
    outer.from = Table::Select(Box::new(inner));
    outer
}
