//! Queries as values: which rows, in what order, in which shape. Nothing here runs.
//!
//! A [`Column`] or a relation is a constant of its model; conditions and expressions grow from them, and a [`Query`]
//! takes them in. Planning turns a query into the [`sql`](mod@crate::sql) tree of one statement.

/// Calls the macro `$call` for tuples of one to twelve, with a type parameter and its place for each member.
macro_rules! each_tuple {
    ($call:ident) => {
        $call!(A 0);
        $call!(A 0, B 1);
        $call!(A 0, B 1, C 2);
        $call!(A 0, B 1, C 2, D 3);
        $call!(A 0, B 1, C 2, D 3, E 4);
        $call!(A 0, B 1, C 2, D 3, E 4, F 5);
        $call!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
        $call!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
        $call!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
        $call!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
        $call!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
        $call!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
    };
}

mod after;
mod change;
mod column;
mod compare;
mod compute;
#[cfg(feature = "rust_decimal-1")]
mod decimal_crate;
mod expr;
mod insertion;
mod link;
mod many;
mod operand;
mod part;
mod plan;
mod raw;
mod record;
mod relation;
mod select;
mod selection;
mod source;
#[cfg(test)]
pub(crate) mod tests;
mod view;
mod walk;
mod whole;

pub use change::{Changes, set, set_null};
pub use column::Column;
pub use compare::Order;
pub use compute::count;
pub use expr::{Cond, Expr};
pub use many::Many;
pub use raw::{Sql, SqlRows};
pub use record::Record;
pub use relation::{HasOne, ManyToMany, ToMany, ToOne, ToOption};
pub use select::Query;
pub use selection::Selection;
pub use view::{Plan, Reading, Source, View};
pub use whole::{Whole, whole};

#[doc(hidden)]
pub use change::IntoChanges;
#[doc(hidden)]
pub use compute::{Number, Text};
#[doc(hidden)]
pub use expr::IntoExpr;
#[doc(hidden)]
pub use operand::{InList, Operand};
#[doc(hidden)]
pub use raw::{SqlArg, SqlPart, arg, table, text};
#[doc(hidden)]
pub use relation::Joinable;
#[doc(hidden)]
pub use select::Orders;

pub(crate) use change::{Returning, returning};
pub(crate) use expr::{Marks, binary, joined};
pub(crate) use insertion::Insertion;
pub(crate) use many::first_of_each;
pub(crate) use operand::key_nodes;
pub(crate) use select::Columns;
pub(crate) use walk::prefix;
