//! Expressions.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::{Name, Select};
use crate::{Type, Value};

/// A to-one hop from one table to another, by equal columns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hop {
    /// The table hopped to.
    pub table: Name,
    /// Pairs of columns: here, there.
    pub on: Vec<(Name, Name)>,
    /// Whether there may be no row there: a LEFT JOIN, and everything behind it too.
    pub optional: bool,
}

/// How to get from a statement's own table to the one a column belongs to; empty is the table itself.
///
/// Equal paths within one SELECT are one join.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(Option<Arc<Vec<Hop>>>);

impl Path {
    /// The statement's own table.
    pub const fn root() -> Self {
        Path(None)
    }

    /// The hops, in order.
    pub fn hops(&self) -> &[Hop] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// This path with one hop more.
    #[must_use]
    pub fn then(&self, hop: Hop) -> Self {
        let mut hops = self.hops().to_vec();
        hops.push(hop);
        Path(Some(Arc::new(hops)))
    }

    /// The first `length` hops.
    pub(super) fn prefix(&self, length: usize) -> Self {
        match &self.0 {
            Some(hops) if length > 0 && length < hops.len() => Path(Some(Arc::new(hops[..length].to_vec()))),
            Some(_) if length > 0 => self.clone(),
            _ => Path(None),
        }
    }

    /// `self` followed by `rest`: how an expression on a target is seen from the model that points at it.
    #[must_use]
    pub fn join(&self, rest: &Path) -> Self {
        if rest.0.is_none() {
            return self.clone();
        }
        let hops: Vec<Hop> = self.hops().iter().chain(rest.hops()).cloned().collect();
        Path(if hops.is_empty() { None } else { Some(Arc::new(hops)) })
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A column of the statement's own table, or of one that a path leads to.
    Column {
        /// Where its table stands.
        path: Path,
        /// Its name.
        name: Name,
        /// Its type.
        ty: Type,
    },
    /// The same expression, seen from inside a subselect: its columns belong to the enclosing statement.
    Outer(Box<Expr>),
    /// A column of the row that an upsert could not insert.
    Excluded(Name, Type),
    /// A bound value with the type of the column it meets.
    Value(Value, Type),
    /// Two operands.
    Binary(Box<Expr>, Binary, Box<Expr>),
    /// One operand.
    Unary(Unary, Box<Expr>),
    /// A function of the portable set.
    Call(Function, Vec<Expr>),
    /// A change of type.
    Cast(Box<Expr>, Type),
    /// `CASE WHEN .. THEN .. ELSE .. END`
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// `IS NULL`, or `IS NOT NULL` where negated.
    IsNull(Box<Expr>, bool),
    /// Equality that takes NULL for a value: `IS NOT DISTINCT FROM`; negated, `IS DISTINCT FROM`.
    Same(Box<Expr>, Box<Expr>, bool),
    /// `IN`, or `NOT IN` where negated. An empty list is false (negated: true), never an error.
    In(Box<Expr>, List, bool),
    /// `BETWEEN`
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// LIKE with the pattern's own wildcards escaped by the renderer, unless it is a pattern.
    Like {
        /// What is searched.
        of: Box<Expr>,
        /// The text, bound.
        text: Box<Expr>,
        /// Where the text has to stand.
        how: Match,
        /// Whether case is folded.
        fold: bool,
    },
    /// `EXISTS`, or `NOT EXISTS` where negated.
    Exists(Box<Select>, bool),
    /// A subselect of one column and at most one row.
    Scalar(Box<Select>),
    /// `COUNT`, `SUM` ..
    Aggregate {
        /// Which.
        function: Aggregate,
        /// Of what; `None` counts rows.
        of: Option<Box<Expr>>,
        /// Only different values.
        distinct: bool,
        /// Only these rows.
        filter: Option<Box<Expr>>,
    },
    /// `ROW_NUMBER() OVER (PARTITION BY .. ORDER BY ..)`
    RowNumber {
        /// Counted anew for each of these.
        partition: Vec<Expr>,
        /// In this order.
        order: Vec<Sort>,
    },
    /// A row of several columns, `(a, b)`: as the left side of [`Expr::In`] with rows or a subselect, or compared
    /// with another row.
    Row(Vec<Expr>),
    /// A key that is not known yet. It is replaced by a value before rendering; one that is left is a usage error.
    Pending(Pending),
    /// Text and expressions in turn: the way out to anything an engine can say.
    Raw(Vec<Fragment>),
}

/// One key column of an entity that a session holds.
#[derive(Clone, Copy)]
pub struct Pending {
    /// What the layers above know its model by.
    pub model: &'static (dyn Any + Send + Sync),
    /// The session's number.
    pub session: u32,
    /// The entity's place.
    pub index: u32,
    /// Which of the key's columns.
    pub part: usize,
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(self.model, other.model)
            && (self.session, self.index, self.part) == (other.session, other.index, other.part)
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pending({}:{}.{})", self.session, self.index, self.part)
    }
}

/// A piece of [`Expr::Raw`].
#[derive(Clone, Debug, PartialEq)]
pub enum Fragment {
    /// SQL text, as written.
    Text(Name),
    /// The name of a table or column, to be quoted.
    Name(Name),
    /// An expression.
    Expr(Expr),
}

/// What `IN` looks in.
#[derive(Clone, Debug, PartialEq)]
pub enum List {
    /// Values of one type: one parameter where the engine can (array, `json_each`), else a padded list.
    Values(Vec<Value>, Type),
    /// Rows of several columns, for composite keys; each inner list is one row.
    Rows(Vec<Vec<Value>>, Vec<Type>),
    /// A subselect.
    Select(Box<Select>),
}

/// Operators of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its operator")]
pub enum Binary {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Concat,
}

/// Operators of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its operator")]
pub enum Unary {
    Not,
    Neg,
}

/// Functions that every engine has, in its own spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Function {
    /// The time of the statement, in microseconds and UTC.
    Now,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// Without blanks at both ends.
    Trim,
    /// Characters.
    Length,
    /// Absolute value.
    Abs,
    /// Rounded to as many digits as the second argument says.
    Round,
    /// The first that is not NULL.
    Coalesce,
    /// NULL where both are equal.
    NullIf,
    /// From a place (counted from 1), so many characters.
    Substring,
    /// Every occurrence replaced.
    Replace,
    /// The lesser of two.
    Least,
    /// The greater of two.
    Greatest,
}

/// Functions over rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its function")]
pub enum Aggregate {
    Count,
    Sum,
    Avg,
    Min,
    Max,
}

/// Where the text of a LIKE has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// Anywhere.
    Contains,
    /// At the start.
    Starts,
    /// At the end.
    Ends,
    /// The text is a pattern with `%` and `_`, and `\` before a literal one.
    Pattern,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// By what.
    pub by: Expr,
    /// Downwards.
    pub descending: bool,
    /// NULLs first (true), last (false), or where the portable default puts them: smallest.
    pub nulls_first: Option<bool>,
    /// Whether NULL can occur; where it cannot, nothing is said of it, and indexes serve on every engine.
    pub nullable: bool,
}

impl Sort {
    /// Upwards by something that is never NULL.
    pub fn upwards(by: Expr) -> Self {
        Sort { by, descending: false, nulls_first: None, nullable: false }
    }
}
