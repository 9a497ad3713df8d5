//! Expressions over the columns of a model.

use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use super::Column;
use super::walk;
use crate::sql::{self, Binary, Path, Unary};
use crate::{Model, Type, Value};

/// An expression of type `T` over the rows of `M`: what comparing, computing and following relations gives.
///
/// It is a value like any other: clone it, keep it in a variable, return it from a function.
#[derive(Debug)]
pub struct Expr<M, T> {
    pub(crate) nodes: Nodes,
    pub(crate) marks: Marks,
    marker: PhantomData<fn() -> (M, T)>,
}

/// A condition on the rows of `M`; `&`, `|` and `!` combine several.
///
/// As in SQL, a comparison with NULL is neither true nor false: `Post::SUBTITLE.ne("x")` leaves out rows without a
/// subtitle, [`Column::same_as`] does not.
pub type Cond<M> = Expr<M, bool>;

/// One SQL expression, or one per column where a field spans several.
#[derive(Clone, Debug)]
pub(crate) enum Nodes {
    One(sql::Expr),
    Row(Vec<sql::Expr>),
}

impl Nodes {
    pub(crate) fn from_vec(mut nodes: Vec<sql::Expr>) -> Self {
        if nodes.len() == 1 { Nodes::One(nodes.swap_remove(0)) } else { Nodes::Row(nodes) }
    }

    pub(crate) fn into_vec(self) -> Vec<sql::Expr> {
        match self {
            Nodes::One(node) => vec![node],
            Nodes::Row(nodes) => nodes,
        }
    }

    pub(crate) fn each_mut(&mut self, mut visit: impl FnMut(&mut sql::Expr)) {
        match self {
            Nodes::One(node) => visit(node),
            Nodes::Row(nodes) => nodes.iter_mut().for_each(visit),
        }
    }
}

/// What an expression needs of the query around it; empty for almost all of them, and then free.
#[derive(Clone, Debug, Default)]
#[doc(hidden)]
pub struct Marks(Option<Box<Marked>>);

#[derive(Clone, Debug, Default)]
struct Marked {
    /// Row-multiplying joins that must be said by the query.
    joins: Vec<Path>,
    /// Whether a handle stands in it whose key must be put in its place.
    pending: bool,
    /// Why the expression cannot be planned at all.
    fault: Option<String>,
}

impl Marks {
    pub(crate) fn fault(message: impl Into<String>) -> Self {
        Marks(Some(Box::new(Marked { fault: Some(message.into()), ..Marked::default() })))
    }

    pub(crate) fn join(path: Path) -> Self {
        Marks(Some(Box::new(Marked { joins: vec![path], ..Marked::default() })))
    }

    /// The marks of values that may be handles of entities without a key.
    pub(crate) fn of_values(nodes: &[sql::Expr]) -> Self {
        if nodes.iter().any(|node| matches!(node, sql::Expr::Pending(_))) {
            Marks(Some(Box::new(Marked { pending: true, ..Marked::default() })))
        } else {
            Marks::default()
        }
    }

    pub(crate) fn add(&mut self, other: Marks) {
        let Some(other) = other.0 else { return };
        match &mut self.0 {
            None => self.0 = Some(other),
            Some(own) => {
                own.joins.extend(other.joins);
                own.pending |= other.pending;
                own.fault = own.fault.take().or(other.fault);
            }
        }
    }

    /// The same needs, seen from a model that reaches this one by `prefix`.
    pub(crate) fn behind(mut self, prefix: &Path) -> Self {
        if let Some(own) = &mut self.0 {
            for join in &mut own.joins {
                *join = prefix.join(join);
            }
        }
        self
    }

    pub(crate) fn without_joins(mut self) -> Self {
        if let Some(own) = &mut self.0 {
            own.joins.clear();
        }
        self
    }

    pub(crate) fn first_fault(&self) -> Option<&str> {
        self.0.as_ref().and_then(|own| own.fault.as_deref())
    }

    pub(crate) fn pending(&self) -> bool {
        self.0.as_ref().is_some_and(|own| own.pending)
    }

    pub(crate) fn joins(&self) -> &[Path] {
        self.0.as_ref().map_or(&[], |own| &own.joins)
    }
}

impl<M, T> Expr<M, T> {
    pub(crate) fn new(nodes: Nodes, marks: Marks) -> Self {
        Expr { nodes, marks, marker: PhantomData }
    }

    pub(crate) fn from_node(node: sql::Expr) -> Self {
        Self::new(Nodes::One(node), Marks::default())
    }

    /// The same SQL with another Rust type.
    pub(crate) fn retype<U>(self) -> Expr<M, U> {
        Expr::new(self.nodes, self.marks)
    }

    /// The one SQL expression this is; a fault where it spans several columns.
    pub(crate) fn single(self, call: &str) -> (sql::Expr, Marks) {
        let mut marks = self.marks;
        match self.nodes {
            Nodes::One(node) => (node, marks),
            Nodes::Row(nodes) => {
                marks.add(Marks::fault(format!(
                    "`{call}` was called on a field of {} columns; such a field only knows eq, ne, in_, not_in, is_null, \
                     is_not_null, same_as, asc and desc",
                    nodes.len()
                )));
                (sql::Expr::Value(Value::Null, Type::Text), marks)
            }
        }
    }

    /// The same expression with another SQL expression around it.
    pub(crate) fn wrap<U>(self, call: &str, with: impl FnOnce(sql::Expr) -> sql::Expr) -> Expr<M, U> {
        let (node, marks) = self.single(call);
        Expr::new(Nodes::One(with(node)), marks)
    }

    /// The expression as seen from a model that reaches `M` by `prefix`.
    pub(crate) fn behind<N>(mut self, prefix: &Path) -> Expr<N, T> {
        self.nodes.each_mut(|node| walk::prefix(node, prefix));
        Expr::new(self.nodes, self.marks.behind(prefix))
    }
}

impl<M, T> Clone for Expr<M, T> {
    fn clone(&self) -> Self {
        Expr::new(self.nodes.clone(), self.marks.clone())
    }
}

impl<M: Model, T> From<Column<M, T>> for Expr<M, T> {
    fn from(column: Column<M, T>) -> Self {
        column.expr()
    }
}

impl<M> Expr<M, bool> {
    /// Both conditions.
    #[must_use]
    pub fn and(self, other: impl IntoExpr<M, bool>) -> Self {
        self.both(Binary::And, other.__expr())
    }

    /// Either condition, or both.
    #[must_use]
    pub fn or(self, other: impl IntoExpr<M, bool>) -> Self {
        self.both(Binary::Or, other.__expr())
    }

    fn both(self, how: Binary, other: Self) -> Self {
        let (left, mut marks) = self.single("and");
        let (right, more) = other.single("and");
        marks.add(more);
        Expr::new(Nodes::One(binary(left, how, right)), marks)
    }
}

/// A column or an expression: what conditions, and what lies behind relations, are given as.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no `{T}` over rows of `{M}`",
    label = "not a `{T}` of `{M}`",
    note = "use columns of `{M}` itself, or follow a relation to the model they belong to: \
            `Post::AUTHOR.is(User::NAME.eq(\"Ann\"))`, `Post::AUTHOR.then(User::NAME)`",
    note = "a condition is a comparison, `Post::LIKES.gt(10)`, or a column of type `bool`"
)]
pub trait IntoExpr<M, T> {
    /// The expression.
    #[doc(hidden)]
    fn __expr(self) -> Expr<M, T>;
}

impl<M, T> IntoExpr<M, T> for Expr<M, T> {
    fn __expr(self) -> Expr<M, T> {
        self
    }
}

impl<M: Model, T> IntoExpr<M, T> for Column<M, T> {
    fn __expr(self) -> Expr<M, T> {
        self.expr()
    }
}

/// `left how right`
pub(crate) fn binary(left: sql::Expr, how: Binary, right: sql::Expr) -> sql::Expr {
    sql::Expr::Binary(Box::new(left), how, Box::new(right))
}

/// `NOT node`
pub(crate) fn negated(node: sql::Expr) -> sql::Expr {
    sql::Expr::Unary(Unary::Not, Box::new(node))
}

/// All of `nodes` joined by `how`; `None` of none.
pub(crate) fn joined(nodes: impl IntoIterator<Item = sql::Expr>, how: Binary) -> Option<sql::Expr> {
    nodes.into_iter().reduce(|left, right| binary(left, how, right))
}

macro_rules! logic {
    ($($kind:ident),*) => {$(
        impl<M: Model, R: IntoExpr<M, bool>> BitAnd<R> for $kind<M, bool> {
            type Output = Cond<M>;

            fn bitand(self, other: R) -> Cond<M> {
                Cond::from(self).and(other)
            }
        }

        impl<M: Model, R: IntoExpr<M, bool>> BitOr<R> for $kind<M, bool> {
            type Output = Cond<M>;

            fn bitor(self, other: R) -> Cond<M> {
                Cond::from(self).or(other)
            }
        }

        impl<M: Model> Not for $kind<M, bool> {
            type Output = Cond<M>;

            fn not(self) -> Cond<M> {
                Cond::from(self).wrap("!", negated)
            }
        }
    )*};
}

logic!(Column, Expr);
