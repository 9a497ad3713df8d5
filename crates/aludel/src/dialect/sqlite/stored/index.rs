//! The text of a stored CREATE INDEX.

use super::words::Words;
use super::{Name, Result, names_any, quoted, substitute};
use crate::syntax::Span;

/// A stored CREATE INDEX.
#[derive(Clone, Debug)]
pub(in crate::dialect::sqlite) struct IndexText<'t> {
    text: &'t str,
    name: Name,
    table: Name,
    /// Keys and condition: everything behind the table.
    rest: Span,
}

impl<'t> IndexText<'t> {
    /// Reads the text of an index.
    ///
    /// # Errors
    /// What is not understood.
    pub(in crate::dialect::sqlite) fn read(text: &'t str) -> Result<Self> {
        let mut words = Words::new(text)?;
        words.expect("CREATE")?;
        words.eat("UNIQUE");
        words.expect("INDEX")?;
        let mut name = words.name()?;
        if words.eat(".") {
            name = words.name()?;
        }
        words.expect("ON")?;
        let table = words.name()?;
        let rest = words.here()?;
        Ok(IndexText { text, name, table, rest: Span { start: rest.start, end: text.len() } })
    }

    /// The index under another name, which is given quoted.
    pub(in crate::dialect::sqlite) fn named(&self, name: &str) -> String {
        format!("{}{name}{}", &self.text[..self.name.span.start], &self.text[self.name.span.end..])
    }

    /// The index on a table that is called otherwise, the name given quoted.
    pub(in crate::dialect::sqlite) fn on(&self, table: &str) -> String {
        let bare = substitute(self.rest.of(self.text), &self.table.text, |column, qualified| {
            qualified.then(|| quoted(column))
        });
        let Span { start, end } = self.table.span;
        format!("{}{table}{}{bare}", &self.text[..start], &self.text[end..self.rest.start])
    }

    /// The index after a column is called otherwise, the name given quoted.
    pub(in crate::dialect::sqlite) fn with_column(&self, from: &str, to: &str) -> String {
        let rest = substitute(self.rest.of(self.text), &self.table.text, |column, _| {
            column.eq_ignore_ascii_case(from).then(|| to.to_owned())
        });
        format!("{}{rest}", &self.text[..self.rest.start])
    }

    /// Whether its keys or its condition name a column.
    pub(in crate::dialect::sqlite) fn uses(&self, column: &str) -> bool {
        names_any(self.rest.of(self.text), &self.table.text, |name| name.eq_ignore_ascii_case(column))
    }
}
