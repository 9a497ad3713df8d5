//! Expressions over the columns of a model.

use std::marker::PhantomData;

use crate::sql;

/// An expression of type `T` over the rows of `M`.
pub struct Expr<M, T> {
    pub(crate) node: sql::Expr,
    marker: PhantomData<fn() -> (M, T)>,
}

/// A condition on the rows of `M`.
pub type Cond<M> = Expr<M, bool>;

impl<M, T> Expr<M, T> {
    pub(crate) fn from_node(node: sql::Expr) -> Self {
        Expr { node, marker: PhantomData }
    }
}

impl<M, T> Clone for Expr<M, T> {
    fn clone(&self) -> Self {
        Expr::from_node(self.node.clone())
    }
}
