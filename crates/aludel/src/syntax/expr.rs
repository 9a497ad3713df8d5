//! Expressions of the portable text, which are PostgreSQL's, as a tree.
//!
//! What makes it worth having: a word is known to be a column, a function, a field of EXTRACT or a type, and two
//! spellings of one meaning have one [`Expr::normal`] form.

mod normal;
mod parse;
mod print;
mod reworded;
#[cfg(test)]
mod tests;
mod ty;
mod walk;

pub(crate) use reworded::means;
pub(crate) use ty::Ty;

use super::Span;

/// What is wrong with the text of an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The word that does not fit; empty at the end of the text.
    pub(crate) span: Span,
    /// What is wrong, as a sentence without a point: `an operand is expected, found the end`.
    pub(crate) what: String,
}

/// A name: without quotes it is folded to lower case, as the portable text has it.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The name itself, without quotes.
    pub(crate) text: String,
    /// Whether it stood in quotes, and so counts letter by letter.
    pub(crate) quoted: bool,
    /// Where it stands.
    pub(crate) span: Span,
}

/// Where a name stands, and whether it had quotes that it did not need, is not what it means.
impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Name {}

impl Name {
    /// Whether it means the column `name`: bare words fold case on every engine, and on some that is all they do.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.text == name || (!self.quoted && self.text.eq_ignore_ascii_case(name))
    }

    /// A name that stands in no text.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Name { text: text.into(), quoted: false, span: Span::default() }
    }
}

/// An expression.
///
/// Brackets are not part of it: they follow from the tree. A cast is one thing however it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expr {
    /// A column, with the names of its table and schema before it where they are written.
    Name(Vec<Name>),
    /// `NULL`
    Null,
    /// `TRUE` or `FALSE`
    Bool(bool),
    /// `'text'`, `E'text'`, `$$text$$`: what it says.
    Text(String),
    /// A number without a sign, as written.
    Number(String),
    /// `X'00ff'` and `B'101'`: the letter in upper case, and the digits.
    Bits(char, String),
    /// A word that is a function without brackets: `CURRENT_DATE`, `CURRENT_TIMESTAMP(3)`.
    Current {
        /// The word, in upper case.
        word: &'static str,
        /// The digits of a second it has.
        digits: Option<String>,
        /// Where it stands.
        span: At,
    },
    /// An operator before its operand, `NOT` among them.
    Unary {
        /// The operator.
        op: String,
        /// Its operand.
        of: Box<Expr>,
    },
    /// An operator between its operands, all but those that have a kind of their own.
    Binary {
        /// The operator.
        op: String,
        /// What stands before it.
        left: Box<Expr>,
        /// What stands behind it.
        right: Box<Expr>,
    },
    /// `a AND b AND c`, or the same with `OR`; at least two.
    Chain {
        /// Whether all of them must hold; else one of them.
        all: bool,
        /// The parts.
        of: Vec<Expr>,
    },
    /// `IS [NOT] NULL`, `TRUE`, `FALSE` or `UNKNOWN`.
    Is {
        /// What is asked about.
        of: Box<Expr>,
        /// What it may be, in upper case.
        what: &'static str,
        /// Whether it must not be that.
        not: bool,
    },
    /// `IS DISTINCT FROM`
    Distinct {
        /// One side.
        left: Box<Expr>,
        /// The other.
        right: Box<Expr>,
        /// `IS NOT DISTINCT FROM`
        not: bool,
    },
    /// `[NOT] IN (..)`; the list may be one [`Expr::Select`].
    In {
        /// What is looked for.
        of: Box<Expr>,
        /// Where.
        list: Vec<Expr>,
        /// `NOT IN`
        not: bool,
    },
    /// `[NOT] BETWEEN .. AND ..`
    Between {
        /// What is compared.
        of: Box<Expr>,
        /// The least.
        low: Box<Expr>,
        /// The greatest.
        high: Box<Expr>,
        /// `NOT BETWEEN`
        not: bool,
        /// `BETWEEN SYMMETRIC`: in whichever order the bounds are.
        symmetric: bool,
    },
    /// `[NOT] LIKE`, `ILIKE` or `SIMILAR TO`, with its `ESCAPE`.
    Like {
        /// The text.
        of: Box<Expr>,
        /// `LIKE`, `ILIKE` or `SIMILAR TO`
        how: &'static str,
        /// The pattern.
        pattern: Box<Expr>,
        /// What takes the meaning from `%` and `_`.
        escape: Option<Box<Expr>>,
        /// `NOT LIKE`
        not: bool,
    },
    /// `CASE .. END`
    Case {
        /// What is compared with each; without it each is a condition.
        of: Option<Box<Expr>>,
        /// Conditions and results.
        when: Vec<(Expr, Expr)>,
        /// The result where none holds.
        other: Option<Box<Expr>>,
    },
    /// A function.
    Call(Call),
    /// `name => value` among the arguments of a function.
    Named(Name, Box<Expr>),
    /// `CAST(x AS t)`, `x::t` and `t 'text'`.
    Cast {
        /// The value.
        of: Box<Expr>,
        /// What it becomes.
        ty: Ty,
    },
    /// `x COLLATE "C"`
    Collate {
        /// The text.
        of: Box<Expr>,
        /// The collation.
        name: Vec<Name>,
    },
    /// `x AT TIME ZONE zone`
    Zone {
        /// The moment.
        of: Box<Expr>,
        /// The zone.
        zone: Box<Expr>,
    },
    /// `a[1]`, `a[1:2]`, `a[:]`
    Subscript {
        /// The array.
        of: Box<Expr>,
        /// The first, or the only one.
        from: Option<Box<Expr>>,
        /// The last, where there is a `:`.
        to: Option<Option<Box<Expr>>>,
    },
    /// `(a, b)` or `ROW(a)`
    Row(Vec<Expr>),
    /// `ARRAY[a, b]`
    Array(Vec<Expr>),
    /// `x = ANY (..)`, `x <> ALL (..)`
    Quantified {
        /// What is compared.
        left: Box<Expr>,
        /// The operator.
        op: String,
        /// `ALL`; else `ANY`.
        all: bool,
        /// The array or subselect.
        of: Box<Expr>,
    },
    /// A subselect, as its tokens with one blank where there were any.
    Select {
        /// What stands before its bracket: nothing, `EXISTS` or `ARRAY`.
        head: &'static str,
        /// The tokens within the brackets.
        text: String,
        /// Where they stand.
        span: At,
    },
    /// What an engine says in words of its own. No text is read as this.
    Raw {
        /// The words.
        text: String,
        /// Whether they need no brackets, whatever stands around them.
        whole: bool,
    },
}

/// A function with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// Its name, with a schema before it where that is written.
    pub(crate) name: Vec<Name>,
    /// What stands between its brackets.
    pub(crate) form: Form,
    /// The arguments, in the order that plain functions of this name take them.
    pub(crate) arguments: Vec<Expr>,
}

/// What stands between the brackets of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Arguments with commas between.
    Plain,
    /// `DISTINCT` before them.
    Distinct,
    /// `*`
    Star,
    /// `field FROM x`
    Extract,
    /// `BOTH chars FROM x`, with this word.
    Trim(&'static str),
    /// `x FROM 2 FOR 3`
    Substring,
    /// `a IN b`
    Position,
    /// `x PLACING y FROM 2 FOR 3`
    Overlay,
}

/// A place, which is not what something means: all are equal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At(pub(crate) Span);

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for At {}

impl Call {
    /// A plain call.
    pub(crate) fn plain(name: &str, arguments: Vec<Expr>) -> Expr {
        Expr::Call(Call { name: vec![Name::new(name)], form: Form::Plain, arguments })
    }

    /// Its name where no schema but that of all built-in functions is before it.
    pub(crate) fn known(&self) -> Option<&str> {
        match self.name.as_slice() {
            [name] => Some(&name.text),
            [schema, name] if schema.text == "pg_catalog" => Some(&name.text),
            _ => None,
        }
    }
}

impl Expr {
    /// Reads the text of one expression.
    ///
    /// # Errors
    /// The first word that does not fit, and what is expected in its place; nesting beyond any that people write.
    pub(crate) fn parse(text: &str) -> Result<Expr, Fault> {
        parse::parse(text)
    }

    /// The canonical text: keywords in upper case, names in quotes where they need them, no bracket too many. Reading it
    /// gives the same expression again.
    pub(crate) fn print(&self) -> String {
        print::print(self, print::Brackets::Fewest)
    }

    /// The text with all brackets that any engine needs to read it as it is meant.
    pub(crate) fn spell_out(&self) -> String {
        print::print(self, print::Brackets::Careful)
    }
}
