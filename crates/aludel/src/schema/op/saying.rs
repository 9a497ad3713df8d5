//! What says the value of an enum in a text of its own.

use std::fmt;

use super::Op;
use super::find::is_enum;
use crate::schema::{Schema, Table, names_column};
use crate::syntax::text;

/// A thing that holds a value of an enum as a literal beside a column of it. It would speak of no row at all once the
/// value is called otherwise: a rule would not hold any more, and nobody be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Saying {
    Constraint { table: String, name: String },
    Index(String),
    Column { table: String, name: String },
    View(String),
}

impl Saying {
    /// All that say `value` of the enum `name`, in order.
    pub(crate) fn of(schema: &Schema, name: &str, value: &str) -> Vec<Saying> {
        let mut found = Vec::new();
        let mut columns = Vec::new();
        for table in schema.tables.values() {
            let own: Vec<&str> = table
                .columns
                .iter()
                .filter(|column| is_enum(&column.ty, name))
                .map(|column| column.name.as_str())
                .collect();
            let says = |text: &str| text::says(text, value) && own.iter().any(|column| names_column(text, column));
            if !own.is_empty() {
                in_table(table, says, &mut found);
                columns.extend(own);
            }
        }
        let says = |query: &str| {
            text::says(query, value)
                && text::all_names(query)
                    .iter()
                    .any(|name| columns.iter().any(|column| name.eq_ignore_ascii_case(column)))
        };
        let views = schema.views.values().filter(|view| says(&view.query));
        found.extend(views.map(|view| Saying::View(view.name.clone())));
        found
    }

    /// The step that takes it away; `None` where rows or other things would go with it.
    pub(crate) fn drop(&self) -> Option<Op> {
        match self {
            Saying::Constraint { table, name } => Some(Op::DropConstraint { table: table.clone(), name: name.clone() }),
            Saying::Index(name) => Some(Op::DropIndex { name: name.clone(), concurrently: false }),
            Saying::Column { .. } | Saying::View(_) => None,
        }
    }
}

fn in_table(table: &Table, says: impl Fn(&str) -> bool, found: &mut Vec<Saying>) {
    let of = || table.name.clone();
    let checks = table.checks.iter().filter(|rule| says(&rule.expression)).map(|rule| &rule.name);
    let texts = |rule: &&crate::schema::Exclusion| says(&rule.elements) || rule.filter.as_deref().is_some_and(&says);
    let exclusions = table.exclusions.iter().filter(texts).map(|rule| &rule.name);
    found.extend(checks.chain(exclusions).map(|name| Saying::Constraint { table: of(), name: name.clone() }));
    let indexes = table.indexes.iter().filter(|index| index.texts().any(&says));
    found.extend(indexes.map(|index| Saying::Index(index.name.clone())));
    let made =
        table.columns.iter().filter(|column| column.generated.as_ref().is_some_and(|made| says(&made.expression)));
    found.extend(made.map(|column| Saying::Column { table: of(), name: column.name.clone() }));
}

/// ``constraint `ck_posts_state` of table `posts` ``
impl fmt::Display for Saying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Saying::Constraint { table, name } => write!(f, "constraint `{name}` of table `{table}`"),
            Saying::Index(name) => write!(f, "index `{name}`"),
            Saying::Column { table, name } => write!(f, "generated column `{name}` of table `{table}`"),
            Saying::View(name) => write!(f, "view `{name}`"),
        }
    }
}
