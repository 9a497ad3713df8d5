//! The other side of a comparison: a value, a column or an expression.

use super::column::node;
use super::expr::{Marks, Nodes};
use super::{Column, Expr, Query};
use crate::model::{Assign, Part};
use crate::sql::{self, Path};
use crate::{Error, Field, Fk, Model, Type, Value};

/// What an expression of type `T` over `M` can be compared with or set to: a value that the column takes, or a column
/// or expression of the same type. `Kind` only tells the implementations apart and is always inferred.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with or set to a `{Self}`",
    note = "give a value that the column takes, or a column or expression of `{M}` of the same type (the one that may \
            be NULL on the left)"
)]
pub trait Operand<M, T, Kind> {
    /// The operand as SQL, where `like` are the types of the columns it meets.
    fn __operand(self, like: &[Type]) -> Expr<M, T>;
}

/// Kinds of [`Operand`].
#[doc(hidden)]
#[derive(Debug)]
pub enum ByValue {}
#[doc(hidden)]
#[derive(Debug)]
pub enum ByExpr {}
#[doc(hidden)]
#[derive(Debug)]
pub enum ByPresent {}
#[doc(hidden)]
#[derive(Debug)]
pub enum ByKey {}

impl<M, T: Field, A: Assign<T>> Operand<M, T, ByValue> for A {
    fn __operand(self, like: &[Type]) -> Expr<M, T> {
        let nodes = bind(&self.assign(), like);
        let marks = Marks::of_values(&nodes);
        Expr::new(Nodes::from_vec(nodes), marks)
    }
}

macro_rules! expressions {
    ($($kind:ident),*) => {$(
        impl<M: Model, T: Field> Operand<M, T, ByExpr> for $kind<M, T> {
            fn __operand(self, _: &[Type]) -> Expr<M, T> {
                self.into()
            }
        }

        impl<M: Model, T: Field> Operand<M, Option<T>, ByPresent> for $kind<M, T>
        where
            Option<T>: Field,
        {
            fn __operand(self, _: &[Type]) -> Expr<M, Option<T>> {
                Expr::from(self).retype()
            }
        }

        impl<M: Model, K, N: Model<Key = K>> Operand<M, Fk<N>, ByKey> for $kind<M, K> {
            fn __operand(self, _: &[Type]) -> Expr<M, Fk<N>> {
                Expr::from(self).retype()
            }
        }
    )*};
}

expressions!(Column, Expr);

/// The values of `field` as parameters; an entity without a key becomes a key to come.
pub(crate) fn bind<T: Field>(field: &T, like: &[Type]) -> Vec<sql::Expr> {
    if let Some(pending) = field.pending() {
        let keys = 0..pending.layout.key.len();
        return keys
            .map(|part| {
                sql::Expr::Pending(sql::Pending {
                    model: pending.layout,
                    session: pending.session,
                    index: pending.index,
                    part,
                })
            })
            .collect();
    }
    let mut values = Vec::with_capacity(like.len());
    field.write(&mut values);
    let types = like.iter().cloned().chain(std::iter::repeat(Type::Text));
    values.into_iter().zip(types).map(|(value, ty)| sql::Expr::Value(value, ty)).collect()
}

/// The types of the columns that `nodes` meet their operand with.
pub(crate) fn types_of<T: Field>(nodes: &Nodes) -> Vec<Type> {
    let nodes = match nodes {
        Nodes::One(node) => std::slice::from_ref(node),
        Nodes::Row(nodes) => nodes,
    };
    let declared = declared_types(T::PART);
    let declared = declared.into_iter().map(Some).chain(std::iter::repeat(None));
    nodes.iter().zip(declared).map(|(node, declared)| node.ty().cloned().or(declared).unwrap_or(Type::Text)).collect()
}

/// The column types of a field as its Rust type alone declares them.
pub(crate) fn declared_types(part: &'static Part) -> Vec<Type> {
    match part {
        Part::Column(leaf) => vec![leaf.ty.clone()],
        Part::Nullable(inner) => declared_types(inner),
        Part::Struct(parts) => parts.iter().flat_map(|(_, part)| declared_types(part)).collect(),
        Part::Tuple(parts) => parts.iter().flat_map(|part| declared_types(part)).collect(),
        Part::Reference(target) => {
            let layout = (target().layout)();
            layout.key.iter().map(|&key| layout.columns[key].ty.clone()).collect()
        }
    }
}

/// What `in_` takes: values that the column takes, or a query that selects one column of the same type.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`in_` on a column of type `{T}` cannot take a `{Self}`",
    note = "give an array, Vec or iterator of values that the column takes, or a query that selects one column of the \
            same type: `User::filter(..).select(User::ID)`"
)]
pub trait InList<T, Kind> {
    /// The values as parameters, or the subselect.
    fn __list(self, like: &[Type]) -> Listed;
}

/// What [`InList`] gives.
#[doc(hidden)]
#[derive(Debug)]
pub enum Listed {
    /// One row of parameters per value.
    Values(Vec<Vec<sql::Expr>>),
    /// A subselect, or why there cannot be one.
    Select(Result<Box<sql::Select>, Error>),
}

impl<T: Field, I: IntoIterator> InList<T, ByValue> for I
where
    I::Item: Assign<T>,
{
    fn __list(self, like: &[Type]) -> Listed {
        Listed::Values(self.into_iter().map(|value| bind(&value.assign(), like)).collect())
    }
}

impl<N: Model, T: Field> InList<T, ByExpr> for Query<N, T> {
    fn __list(self, _: &[Type]) -> Listed {
        Listed::Select(self.into_select().map(Box::new))
    }
}

impl<N: Model, T: Field> InList<Option<T>, ByPresent> for Query<N, T> {
    fn __list(self, _: &[Type]) -> Listed {
        Listed::Select(self.into_select().map(Box::new))
    }
}

impl<N: Model, K: Field, P: Model<Key = K>> InList<Fk<P>, ByKey> for Query<N, K> {
    fn __list(self, _: &[Type]) -> Listed {
        Listed::Select(self.into_select().map(Box::new))
    }
}

/// The key's columns of a model that stands at `path`.
pub(crate) fn key_nodes<M: Model>(path: &Path) -> Vec<sql::Expr> {
    let layout = M::__layout();
    layout.key.iter().map(|&key| node(&layout.columns[key], path.clone())).collect()
}

/// The values of a list as one list, when none of them is a key to come.
pub(crate) fn plain(rows: &[Vec<sql::Expr>]) -> Option<Vec<Vec<Value>>> {
    let value = |node: &sql::Expr| match node {
        sql::Expr::Value(value, _) => Some(value.clone()),
        _ => None,
    };
    rows.iter().map(|row| row.iter().map(value).collect()).collect()
}
