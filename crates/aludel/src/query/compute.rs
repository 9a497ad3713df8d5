//! Computing: arithmetic, functions and aggregates.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::expr::{Nodes, binary};
use super::many::counted;
use super::operand::{Operand, types_of};
use super::{Column, Expr, IntoExpr};
use crate::sql::{self, Aggregate, Binary, Function, Unary};
use crate::{Decimal, Field, Model, Type, Value};

/// A type that can be computed with: integers, floats, decimals, and Options of these.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number",
    note = "columns of integers, floats and decimals, and Options of these, can be computed with"
)]
pub trait Number: Field {
    /// What a sum of many is.
    type Sum: Field;
    /// What their average is.
    type Average: Field;
}

macro_rules! numbers {
    ($($ty:ty => $sum:ty, $average:ty;)*) => {$(
        impl Number for $ty {
            type Sum = $sum;
            type Average = $average;
        }
    )*};
}

numbers! {
    i8 => i64, f64;
    i16 => i64, f64;
    i32 => i64, f64;
    i64 => i64, f64;
    u8 => i64, f64;
    u16 => i64, f64;
    u32 => i64, f64;
    u64 => i64, f64;
    f32 => f64, f64;
    f64 => f64, f64;
    Decimal => Decimal, Decimal;
}

impl<N: Number> Number for Option<N> {
    type Sum = N::Sum;
    type Average = N::Average;
}

/// Text, or an Option of it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(message = "`{Self}` is no text", note = "write `.read_as::<String>()` before it")]
pub trait Text: Field {
    /// What counting its characters gives.
    type Length: Field;
}

impl Text for String {
    type Length = i64;
}

impl Text for Option<String> {
    type Length = Option<i64>;
}

fn call<M, T, U>(of: impl Into<Expr<M, T>>, function: Function, name: &str) -> Expr<M, U> {
    of.into().wrap(name, |node| sql::Expr::Call(function, vec![node]))
}

fn aggregate<M, T, U>(of: impl Into<Expr<M, T>>, function: Aggregate, distinct: bool) -> Expr<M, U> {
    of.into().wrap("an aggregate", |node| sql::Expr::Aggregate {
        function,
        of: Some(Box::new(node)),
        distinct,
        filter: None,
    })
}

/// A function of two arguments.
fn call_with<M, T: Field, U: Field, K, V>(
    of: impl Into<Expr<M, T>>,
    other: impl Operand<M, U, K>,
    name: &str,
    with: impl FnOnce(sql::Expr, sql::Expr) -> sql::Expr,
) -> Expr<M, V> {
    let of = of.into();
    let (other, marks) = other.__operand(&types_of::<T>(&of.nodes)).single(name);
    let mut expr = of.wrap(name, |node| with(node, other));
    expr.marks.add(marks);
    expr
}

macro_rules! functions {
    ($kind:ident) => {
        impl<M: Model, T: Field> $kind<M, T> {
            /// In lower case.
            pub fn lower(self) -> Expr<M, T> {
                call(self, Function::Lower, "lower")
            }

            /// In upper case.
            pub fn upper(self) -> Expr<M, T> {
                call(self, Function::Upper, "upper")
            }

            /// Without blanks at both ends.
            pub fn trim(self) -> Expr<M, T> {
                call(self, Function::Trim, "trim")
            }

            /// Its number of characters.
            pub fn length(self) -> Expr<M, T::Length>
            where
                T: Text,
            {
                call(self, Function::Length, "length")
            }

            /// The text with another behind it.
            pub fn concat<K>(self, other: impl Operand<M, T, K>) -> Expr<M, T> {
                call_with(self, other, "concat", |left, right| binary(left, Binary::Concat, right))
            }

            /// Its absolute value.
            pub fn abs(self) -> Expr<M, T>
            where
                T: Number,
            {
                call(self, Function::Abs, "abs")
            }

            /// Rounded to `digits` digits behind the point.
            pub fn round(self, digits: u32) -> Expr<M, T>
            where
                T: Number,
            {
                let digits = sql::Expr::Value(Value::Int(i64::from(digits)), Type::Integer);
                Expr::from(self).wrap("round", |node| sql::Expr::Call(Function::Round, vec![node, digits]))
            }

            /// How many rows have it, NULLs left out.
            pub fn count(self) -> Expr<M, i64> {
                aggregate(self, Aggregate::Count, false)
            }

            /// How many different values there are, NULL left out.
            pub fn count_distinct(self) -> Expr<M, i64> {
                aggregate(self, Aggregate::Count, true)
            }

            /// The sum; NULL of no rows.
            pub fn sum(self) -> Expr<M, Option<T::Sum>>
            where
                T: Number,
            {
                aggregate(self, Aggregate::Sum, false)
            }

            /// The average; NULL of no rows.
            pub fn avg(self) -> Expr<M, Option<T::Average>>
            where
                T: Number,
            {
                aggregate(self, Aggregate::Avg, false)
            }

            /// The least; NULL of no rows.
            pub fn min(self) -> Expr<M, Option<T>> {
                aggregate(self, Aggregate::Min, false)
            }

            /// The greatest; NULL of no rows.
            pub fn max(self) -> Expr<M, Option<T>> {
                aggregate(self, Aggregate::Max, false)
            }

            /// The same SQL, read as another Rust type.
            pub fn read_as<U: Field>(self) -> Expr<M, U> {
                Expr::from(self).retype()
            }
        }

        impl<M: Model, T: Field> $kind<M, Option<T>> {
            /// It, or where it is NULL another value, column or expression: `Post::SUBTITLE.coalesce("")`.
            pub fn coalesce<K>(self, other: impl Operand<M, T, K>) -> Expr<M, T> {
                let of = Expr::from(self);
                call_with(of.retype::<T>(), other, "coalesce", |node, other| {
                    sql::Expr::Call(Function::Coalesce, vec![node, other])
                })
            }
        }
    };
}

functions!(Column);
functions!(Expr);

impl<M, T> Expr<M, Option<Option<T>>> {
    /// NULL is NULL: one Option is enough for what may be NULL for two reasons.
    pub fn flatten(self) -> Expr<M, Option<T>> {
        self.retype()
    }
}

impl<M: Model, T> Expr<M, T> {
    /// An aggregate over only those rows that meet `condition`: `count().filter(Post::LIKES.gt(10))`.
    #[must_use]
    pub fn filter(self, condition: impl IntoExpr<M, bool>) -> Self {
        let (condition, marks) = condition.__expr().single("filter");
        let mut expr = self;
        expr.marks.add(marks);
        match &mut expr.nodes {
            Nodes::One(sql::Expr::Aggregate { filter, .. }) => {
                *filter = Some(Box::new(match filter.take() {
                    Some(filter) => binary(*filter, Binary::And, condition),
                    None => condition,
                }));
            }
            _ => expr.marks.add(super::Marks::fault(
                "only an aggregate has a filter of its own: filter the query, or a to-many relation before it is counted",
            )),
        }
        expr
    }
}

/// How many rows there are.
pub fn count<M: Model>() -> Expr<M, i64> {
    Expr::from_node(counted())
}

macro_rules! operators {
    ($kind:ident: $($op:ident $method:ident;)*) => {
        $(
            impl<M: Model, T: Number> $op<T> for $kind<M, T> {
                type Output = Expr<M, T>;

                fn $method(self, other: T) -> Expr<M, T> {
                    call_with::<M, T, T, _, T>(self, other, stringify!($method), |left, right| {
                        binary(left, Binary::$op, right)
                    })
                }
            }

            impl<M: Model, T: Number> $op<T> for $kind<M, Option<T>> {
                type Output = Expr<M, Option<T>>;

                fn $method(self, other: T) -> Expr<M, Option<T>> {
                    call_with::<M, Option<T>, T, _, Option<T>>(self, other, stringify!($method), |left, right| {
                        binary(left, Binary::$op, right)
                    })
                }
            }

            operators!(@ $kind $op $method Column);
            operators!(@ $kind $op $method Expr);
        )*

        impl<M: Model, T: Number> Neg for $kind<M, T> {
            type Output = Expr<M, T>;

            fn neg(self) -> Expr<M, T> {
                Expr::from(self).wrap("-", |node| sql::Expr::Unary(Unary::Neg, Box::new(node)))
            }
        }
    };
    (@ $kind:ident $op:ident $method:ident $other:ident) => {
        impl<M: Model, T: Number> $op<$other<M, T>> for $kind<M, T> {
            type Output = Expr<M, T>;

            fn $method(self, other: $other<M, T>) -> Expr<M, T> {
                call_with::<M, T, T, _, T>(self, other, stringify!($method), |left, right| {
                    binary(left, Binary::$op, right)
                })
            }
        }
    };
}

operators!(Column: Add add; Sub sub; Mul mul; Div div; Rem rem;);
operators!(Expr: Add add; Sub sub; Mul mul; Div div; Rem rem;);
