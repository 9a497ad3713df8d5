//! Comparing: what gives conditions and orders.

use super::expr::{Marks, Nodes, binary, joined, negated};
use super::operand::{InList, Listed, Operand, plain, types_of};
use super::{Column, Cond, Expr};
use crate::model::Part;
use crate::sql::{self, Binary, List, Match};
use crate::{Field, Model, Type, Value};

/// One key of an order: `Post::ID.desc()`.
#[derive(Debug)]
pub struct Order<M> {
    pub(crate) keys: Vec<sql::Sort>,
    pub(crate) marks: Marks,
    marker: std::marker::PhantomData<fn() -> M>,
}

impl<M> Clone for Order<M> {
    fn clone(&self) -> Self {
        Order { keys: self.keys.clone(), marks: self.marks.clone(), marker: std::marker::PhantomData }
    }
}

impl<M> Order<M> {
    fn new<T: Field>(of: Expr<M, T>, descending: bool) -> Self {
        let nullable = matches!(T::PART, Part::Nullable(_) | Part::Struct(_));
        let key = |by| sql::Sort { by, descending, nulls_first: None, nullable };
        let keys = of.nodes.into_vec().into_iter().map(key).collect();
        Order { keys, marks: of.marks, marker: std::marker::PhantomData }
    }

    /// The opposite direction. Where NULLs were said to be first or last, they stay there.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.keys.iter_mut().for_each(|key| key.descending = !key.descending);
        self
    }

    /// Puts NULLs before everything else; unsaid, they count as smallest.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.keys.iter_mut().for_each(|key| key.nulls_first = Some(true));
        self
    }

    /// Puts NULLs behind everything else; unsaid, they count as smallest.
    #[must_use]
    pub fn nulls_last(mut self) -> Self {
        self.keys.iter_mut().for_each(|key| key.nulls_first = Some(false));
        self
    }
}

/// Both sides, column by column, with `each` between them and `how` between the columns.
fn columnwise<M, T: Field, K>(
    left: Expr<M, T>,
    right: impl Operand<M, T, K>,
    how: Binary,
    each: impl Fn(sql::Expr, sql::Expr) -> sql::Expr,
) -> Cond<M> {
    let right = right.__operand(&types_of::<T>(&left.nodes));
    let mut marks = left.marks;
    marks.add(right.marks);
    let pairs = left.nodes.into_vec().into_iter().zip(right.nodes.into_vec());
    let node = joined(pairs.map(|(left, right)| each(left, right)), how);
    match node {
        Some(node) => Expr::new(Nodes::One(node), marks),
        None => {
            marks.add(Marks::fault("a field without columns cannot be compared"));
            Expr::new(Nodes::Row(Vec::new()), marks)
        }
    }
}

fn is_null(node: sql::Expr, negate: bool) -> sql::Expr {
    sql::Expr::IsNull(Box::new(node), negate)
}

/// `=` and `<>`, where a NULL that is given as a value means `IS NULL`.
fn equal(left: sql::Expr, right: sql::Expr, how: Binary) -> sql::Expr {
    match &right {
        sql::Expr::Value(value, _) if value.is_null() => is_null(left, how == Binary::Ne),
        _ => binary(left, how, right),
    }
}

fn order_compare<M, T: Field, K>(left: Expr<M, T>, how: Binary, right: impl Operand<M, T, K>, call: &str) -> Cond<M> {
    let right = right.__operand(&types_of::<T>(&left.nodes));
    let (right, more) = right.single(call);
    let mut cond = left.wrap(call, |left| binary(left, how, right));
    cond.marks.add(more);
    cond
}

fn is_in<M, T: Field, K>(left: Expr<M, T>, list: impl InList<T, K>, negate: bool) -> Cond<M> {
    let types = types_of::<T>(&left.nodes);
    let mut marks = left.marks;
    let mut null = false;
    let list = match list.__list(&types) {
        Listed::Select(Ok(select)) => List::Select(select),
        Listed::Select(Err(error)) => {
            marks.add(Marks::fault(error.to_string()));
            List::Values(Vec::new(), Type::Text)
        }
        Listed::Values(rows) => match (plain(&rows), &types[..]) {
            (Some(rows), [ty]) => {
                let (nulls, values): (Vec<_>, Vec<_>) = rows.into_iter().flatten().partition(Value::is_null);
                null = !nulls.is_empty();
                List::Values(values, ty.clone())
            }
            (Some(rows), _) => List::Rows(rows, types),
            // Keys to come stand in no list of values, so such lists are spelled out.
            (None, _) => {
                let left = left.nodes.into_vec();
                rows.iter().for_each(|row| marks.add(Marks::of_values(row)));
                let rows = rows.into_iter().filter_map(|row| {
                    joined(left.iter().cloned().zip(row).map(|(l, r)| binary(l, Binary::Eq, r)), Binary::And)
                });
                let node = joined(rows, Binary::Or).unwrap_or_else(|| sql::Expr::Row(Vec::new()));
                return Expr::new(Nodes::One(if negate { negated(node) } else { node }), marks);
            }
        },
    };
    let of = match left.nodes {
        Nodes::One(node) => node,
        Nodes::Row(nodes) => sql::Expr::Row(nodes),
    };
    // As in `eq`, a NULL that is given as a value is asked for: IN would find nothing by it, and NOT IN nothing at all.
    let asked = null.then(|| is_null(of.clone(), negate));
    let how = if negate { Binary::And } else { Binary::Or };
    let listed = sql::Expr::In(Box::new(of), list, negate);
    let node = match asked {
        Some(asked) => binary(listed, how, asked),
        None => listed,
    };
    Expr::new(Nodes::One(node), marks)
}

fn like<M, T: Field, K>(of: Expr<M, T>, text: impl Operand<M, String, K>, how: Match, fold: bool) -> Cond<M> {
    let (text, more) = text.__operand(&[Type::Text]).single("like");
    let mut cond = of.wrap("like", |of| sql::Expr::Like { of: Box::new(of), text: Box::new(text), how, fold });
    cond.marks.add(more);
    cond
}

macro_rules! comparisons {
    ($kind:ident) => {
        impl<M: Model, T: Field> $kind<M, T> {
            /// Equal to a value, column or expression; `None` as a value asks for NULL.
            pub fn eq<K>(self, other: impl Operand<M, T, K>) -> Cond<M> {
                columnwise(self.into(), other, Binary::And, |left, right| equal(left, right, Binary::Eq))
            }

            /// Not equal; `None` as a value asks for anything but NULL.
            pub fn ne<K>(self, other: impl Operand<M, T, K>) -> Cond<M> {
                columnwise(self.into(), other, Binary::Or, |left, right| equal(left, right, Binary::Ne))
            }

            /// Equal, where NULL equals NULL and nothing else.
            pub fn same_as<K>(self, other: impl Operand<M, T, K>) -> Cond<M> {
                columnwise(self.into(), other, Binary::And, |left, right| {
                    sql::Expr::Same(Box::new(left), Box::new(right), false)
                })
            }

            /// Less than.
            pub fn lt<K>(self, other: impl Operand<M, T, K>) -> Cond<M> {
                order_compare(self.into(), Binary::Lt, other, "lt")
            }

            /// Less than or equal.
            pub fn le<K>(self, other: impl Operand<M, T, K>) -> Cond<M> {
                order_compare(self.into(), Binary::Le, other, "le")
            }

            /// Greater than.
            pub fn gt<K>(self, other: impl Operand<M, T, K>) -> Cond<M> {
                order_compare(self.into(), Binary::Gt, other, "gt")
            }

            /// Greater than or equal.
            pub fn ge<K>(self, other: impl Operand<M, T, K>) -> Cond<M> {
                order_compare(self.into(), Binary::Ge, other, "ge")
            }

            /// Between two values, both included.
            pub fn between<K, L>(self, low: impl Operand<M, T, K>, high: impl Operand<M, T, L>) -> Cond<M> {
                let of = Expr::from(self);
                let types = types_of::<T>(&of.nodes);
                let (low, mut marks) = low.__operand(&types).single("between");
                let (high, more) = high.__operand(&types).single("between");
                marks.add(more);
                let between = |of| sql::Expr::Between(Box::new(of), Box::new(low), Box::new(high));
                let mut cond = of.wrap("between", between);
                cond.marks.add(marks);
                cond
            }

            /// One of the values, or of the rows of a query that selects one column. An empty list holds nothing; `None` among
            /// the values asks for NULL.
            pub fn in_<K>(self, list: impl InList<T, K>) -> Cond<M> {
                is_in(self.into(), list, false)
            }

            /// None of the values. An empty list lets everything pass; `None` among the values leaves out NULL.
            pub fn not_in<K>(self, list: impl InList<T, K>) -> Cond<M> {
                is_in(self.into(), list, true)
            }

            /// Whether it is NULL (every column of it, where there are several).
            pub fn is_null(self) -> Cond<M> {
                let of = Expr::from(self);
                let node = joined(of.nodes.into_vec().into_iter().map(|node| is_null(node, false)), Binary::And);
                Expr::new(Nodes::from_vec(node.into_iter().collect()), of.marks)
            }

            /// Whether it is not NULL (no column of it, where there are several).
            pub fn is_not_null(self) -> Cond<M> {
                let of = Expr::from(self);
                let node = joined(of.nodes.into_vec().into_iter().map(|node| is_null(node, true)), Binary::And);
                Expr::new(Nodes::from_vec(node.into_iter().collect()), of.marks)
            }

            /// The text contains this one, taken literally: `%` and `_` have no meaning. Case counts.
            pub fn contains<K>(self, text: impl Operand<M, String, K>) -> Cond<M> {
                like(self.into(), text, Match::Contains, false)
            }

            /// The text contains this one, taken literally, upper and lower case alike.
            pub fn contains_fold<K>(self, text: impl Operand<M, String, K>) -> Cond<M> {
                like(self.into(), text, Match::Contains, true)
            }

            /// The text starts with this one, taken literally. Case counts.
            pub fn starts_with<K>(self, text: impl Operand<M, String, K>) -> Cond<M> {
                like(self.into(), text, Match::Starts, false)
            }

            /// The text starts with this one, taken literally, upper and lower case alike.
            pub fn starts_with_fold<K>(self, text: impl Operand<M, String, K>) -> Cond<M> {
                like(self.into(), text, Match::Starts, true)
            }

            /// The text ends with this one, taken literally. Case counts.
            pub fn ends_with<K>(self, text: impl Operand<M, String, K>) -> Cond<M> {
                like(self.into(), text, Match::Ends, false)
            }

            /// The text ends with this one, taken literally, upper and lower case alike.
            pub fn ends_with_fold<K>(self, text: impl Operand<M, String, K>) -> Cond<M> {
                like(self.into(), text, Match::Ends, true)
            }

            /// The text matches a pattern: `%` any text, `_` one character, `\` before either takes it literally.
            pub fn like<K>(self, pattern: impl Operand<M, String, K>) -> Cond<M> {
                like(self.into(), pattern, Match::Pattern, false)
            }

            /// The text matches a pattern, upper and lower case alike.
            pub fn like_fold<K>(self, pattern: impl Operand<M, String, K>) -> Cond<M> {
                like(self.into(), pattern, Match::Pattern, true)
            }

            /// Orders by it, upwards.
            pub fn asc(self) -> Order<M> {
                Order::new(self.into(), false)
            }

            /// Orders by it, downwards.
            pub fn desc(self) -> Order<M> {
                Order::new(self.into(), true)
            }
        }
    };
}

comparisons!(Column);
comparisons!(Expr);
