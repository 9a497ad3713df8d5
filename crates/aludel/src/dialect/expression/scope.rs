//! What names in an expression may mean.

use crate::schema::{Column, Schema, Table};
use crate::syntax::expr::Name;

/// Whose columns an expression names.
#[derive(Clone, Copy)]
pub(in crate::dialect) enum Names<'a> {
    /// Those of one table: of its rules, keys and defaults. The table's own name before a column says nothing more.
    Of(&'a Table),
    /// Those of the tables of a statement.
    Among(&'a Scope<'a>),
}

/// The tables that one level of a statement reads.
pub(in crate::dialect) struct Scope<'a> {
    pub(in crate::dialect) schema: &'a Schema,
    /// Each by the name it goes by; without its columns where these are not known.
    pub(in crate::dialect) tables: Vec<(String, Option<&'a Table>)>,
    /// What WITH names.
    pub(in crate::dialect) made: Vec<String>,
    /// The table that an UPDATE or DELETE changes.
    pub(in crate::dialect) target: Option<String>,
    /// The level around it.
    pub(in crate::dialect) outer: Option<&'a Scope<'a>>,
}

impl<'a> Names<'a> {
    /// The column that a name with whatever stands before it means.
    pub(super) fn column(self, path: &[Name]) -> Option<&'a Column> {
        match self {
            Names::Of(table) => in_table(table, path.last()?),
            Names::Among(scope) => scope.column(path),
        }
    }

    /// Whether a type of this name is the engine's own, rather than an enum.
    pub(super) fn is_own_type(self, name: &str) -> bool {
        matches!(self, Names::Among(scope) if !scope.schema.enums.contains_key(name))
    }

    /// Whether it stands in a statement for rows.
    pub(super) fn is_statement(self) -> bool {
        matches!(self, Names::Among(_))
    }
}

impl<'a> Scope<'a> {
    /// A level without tables.
    pub(in crate::dialect) fn new(schema: &'a Schema, outer: Option<&'a Scope<'a>>) -> Self {
        Scope { schema, tables: Vec::new(), made: Vec::new(), target: None, outer }
    }

    fn levels(&self) -> impl Iterator<Item = &Scope<'a>> {
        std::iter::successors(Some(self), |scope| scope.outer)
    }

    /// The table of the schema that `name` means.
    pub(in crate::dialect) fn table(&self, name: &Name) -> Option<&'a Table> {
        if self.levels().any(|level| level.made.iter().any(|made| name.is(made))) {
            return None;
        }
        self.schema.tables.values().find(|table| name.is(&table.name))
    }

    /// The table that the statement changes.
    pub(in crate::dialect) fn changed(&self) -> Option<&str> {
        self.levels().find_map(|level| level.target.as_deref())
    }

    fn column(&self, path: &[Name]) -> Option<&'a Column> {
        let (name, before) = path.split_last()?;
        let of = |(called, table): &(String, Option<&'a Table>)| {
            let meant = before.last().is_none_or(|before| before.is(called));
            table.filter(|_| meant).and_then(|table| in_table(table, name))
        };
        self.levels().find_map(|level| level.tables.iter().find_map(of))
    }
}

fn in_table<'a>(table: &'a Table, name: &Name) -> Option<&'a Column> {
    table.columns.iter().find(|column| name.is(&column.name))
}
