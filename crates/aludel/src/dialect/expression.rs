//! Expressions of the portable text, which are PostgreSQL's, in an engine's own words.
//!
//! What an engine has no words for is refused when the operation is planned, not when it runs.

mod assign;
mod kind;
mod pattern;
mod say;
mod scope;
#[cfg(test)]
mod tests;

pub(super) use say::Saying;
pub(super) use scope::{Names, Scope};

use crate::dialect::ddl::{Refusal, elsewhere};
use std::borrow::Cow;

use crate::dialect::{Dialect, Template};
use crate::schema::{Column, Constraint, Default, Generated, Index, Key, KeyOf, Problem, Table};
use crate::syntax::expr::Expr;
use crate::{Type, Value};

/// What an engine says otherwise than the portable text.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// A function, by its name and arguments.
    pub(crate) call: fn(&str, &[Expr]) -> Phrase,
    /// A field of a day or moment, by its name.
    pub(crate) field: fn(&str) -> Option<Template>,
    /// A constant of a type.
    pub(crate) constant: fn(&Value, &Type) -> String,
    /// A decimal of any number of digits.
    pub(crate) decimal: Template,
    /// A decimal with `{1}` digits behind the point, where a cast does not round to them.
    pub(crate) rounded: Option<Template>,
    /// The first `{1}` characters.
    pub(crate) head: Template,
    /// Whether a number with a rest that becomes an integer loses the rest, rather than being rounded.
    pub(crate) cuts: bool,
    /// Whether LIKE passes over case, so that GLOB does the searching; it has no character that escapes, either.
    pub(crate) glob: bool,
    /// The collation in which text compares by its code points.
    pub(crate) plain_collation: &'static str,
    /// Functions of its own whose names mean something else in the portable text, or that only some copies of it have: a
    /// statement for rows may call them.
    pub(crate) own: &'static [&'static str],
    /// What a value becomes on its way into a column of another type, by the first type and the second; `{0}` is the value.
    /// `None` where the engine sees to it itself. An error where it would become another value.
    pub(crate) assigned: fn(&Assigned<'_>) -> Result<Option<Cow<'static, str>>, String>,
}

/// A value on its way into a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assigned<'a> {
    /// The type it has.
    pub(crate) from: &'a Type,
    /// The type of the column.
    pub(crate) to: &'a Type,
    /// Whether it is computed, rather than read from a column.
    pub(crate) computed: bool,
}

/// How an engine says a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phrase {
    /// By the same name.
    Same,
    /// With the arguments in these places.
    As(Template),
    /// Two by two, from the left.
    Pairs(Template),
    /// Each argument by itself, with something between, within the last.
    Each(Template, &'static str, Template),
    /// The clock, which only gives a default.
    Clock,
    /// Chance, which only gives a default.
    Chance(Template),
    /// Not at all.
    Missing,
}

/// When an expression is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Once, as a row is written.
    Once,
    /// Whenever it is looked at: it has to give the same each time.
    Always,
}

/// The expressions of one table, as an engine says them.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    dialect: &'a Dialect,
    /// Without it the text stands as it is.
    phrases: Option<&'a Phrases>,
    table: &'a Table,
}

impl Dialect {
    /// Says expressions over the columns of `table`.
    pub(crate) fn words<'a>(&'a self, table: &'a Table) -> Words<'a> {
        Words { dialect: self, phrases: self.phrases.as_ref(), table }
    }
}

impl Words<'_> {
    /// One expression. Text that is no expression of the portable text stands as it is.
    ///
    /// # Errors
    /// What the engine has no words for.
    pub(crate) fn expression(&self, text: &str, when: When) -> Result<String, Refusal> {
        let (Some(phrases), Ok(expr)) = (self.phrases, Expr::parse(text)) else { return Ok(text.to_owned()) };
        let saying = Saying { dialect: self.dialect, phrases, names: Names::Of(self.table), when, select: None };
        saying.say(expr).map(|said| said.spell_out()).map_err(|missing| {
            let what = format!("{} has no {missing}: `{text}` (table `{}`)", self.dialect.name, self.table.name);
            Problem::new(&self.table.origin, what, elsewhere(self.dialect)).into()
        })
    }

    /// The table with all expressions in it.
    pub(crate) fn table(&self) -> Result<Table, Refusal> {
        let mut table = self.table.clone();
        for column in &mut table.columns {
            *column = self.column(column)?;
        }
        for check in &mut table.checks {
            check.expression = self.expression(&check.expression, When::Always)?;
        }
        for index in &mut table.indexes {
            *index = self.index(index)?;
        }
        Ok(table)
    }

    /// A column: its default, or what makes it.
    pub(crate) fn column(&self, column: &Column) -> Result<Column, Refusal> {
        let mut column = column.clone();
        if let Some(Default::Expression(text)) = &mut column.default {
            *text = self.expression(text, When::Once)?;
        }
        if let Some(Generated { expression, .. }) = &mut column.generated {
            *expression = self.expression(expression, When::Always)?;
        }
        Ok(column)
    }

    /// A constraint.
    pub(crate) fn constraint(&self, constraint: &Constraint) -> Result<Constraint, Refusal> {
        let mut constraint = constraint.clone();
        if let Constraint::Check(check) = &mut constraint {
            check.expression = self.expression(&check.expression, When::Always)?;
        }
        Ok(constraint)
    }

    /// An index: keys and filter.
    pub(crate) fn index(&self, index: &Index) -> Result<Index, Refusal> {
        let mut index = index.clone();
        for Key { of, .. } in &mut index.keys {
            if let KeyOf::Expression(text) = of {
                *text = self.expression(text, When::Always)?;
            }
        }
        if let Some(filter) = &mut index.filter {
            *filter = self.expression(filter, When::Always)?;
        }
        Ok(index)
    }
}

/// `template` with `operands` in their places, in brackets where they would fall apart.
fn fill(template: &str, operands: &[Expr]) -> Expr {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let (number, behind) = behind.split_once('}').unwrap_or((behind, ""));
        let opened = text.ends_with('(') || text.ends_with(", ");
        let closed = behind.starts_with(')') || behind.starts_with(", ") || behind.starts_with(" AS ");
        if number == "*" {
            let all: Vec<_> = operands.iter().map(Expr::spell_out).collect();
            text.push_str(&all.join(", "));
        } else if let Some(operand) = number.parse().ok().and_then(|at: usize| operands.get(at)) {
            let operand = if opened && closed { operand.spell_out() } else { whole(operand.clone()).spell_out() };
            text.push_str(&operand);
        }
        rest = behind;
    }
    text.push_str(rest);
    Expr::Raw { whole: is_whole(&text), text }
}

/// `expr` as something that does not fall apart.
fn whole(expr: Expr) -> Expr {
    let text = expr.spell_out();
    let leaf = matches!(
        expr,
        Expr::Raw { whole: true, .. }
            | Expr::Null
            | Expr::Bool(_)
            | Expr::Number(_)
            | Expr::Call(_)
            | Expr::Case { .. }
    );
    if leaf { expr } else { Expr::Raw { text: format!("({text})"), whole: true } }
}

/// Whether `text` is one word, or a word with one pair of brackets around all the rest.
fn is_whole(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let behind = text.trim_start_matches(word);
    let mut open = 0_usize;
    let mut quoted = false;
    for (at, c) in behind.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => open += 1,
            ')' if !quoted => open = open.saturating_sub(1),
            _ => {}
        }
        if open == 0 && !quoted {
            return at + c.len_utf8() == behind.len() && c == ')';
        }
    }
    behind.is_empty()
}

/// Whether PostgreSQL alone has the function `name`.
pub(in crate::dialect) fn is_foreign(name: &str) -> bool {
    const FAMILIES: [&str; 16] = [
        "array_",
        "jsonb_",
        "json_build",
        "json_object",
        "json_to",
        "make_",
        "pg_",
        "regexp_",
        "string_",
        "to_",
        "ts_",
        "range_",
        "setweight",
        "xml",
        "uuid_",
        "justify_",
    ];
    FAMILIES.iter().any(|family| name.starts_with(family)) || FOREIGN.contains(&name)
}

const FOREIGN: [&str; 37] = [
    "age",
    "cardinality",
    "convert_from",
    "convert_to",
    "current_setting",
    "date_bin",
    "date_trunc",
    "decode",
    "div",
    "encode",
    "extract",
    "date_part",
    "factorial",
    "format",
    "initcap",
    "isfinite",
    "json_typeof",
    "lower_inc",
    "lpad",
    "md5",
    "nextval",
    "overlay",
    "quote_ident",
    "quote_literal",
    "repeat",
    "reverse",
    "row_to_json",
    "rpad",
    "sha256",
    "split_part",
    "starts_with",
    "translate",
    "trunc",
    "unnest",
    "upper_inc",
    "width_bucket",
    "trim_scale",
];
