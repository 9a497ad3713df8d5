//! What a database holds beside what a schema would be stored as.

use std::fmt;

use super::Inventory;
use crate::dialect::Dialect;
use crate::schema::Schema;

/// Something of a database that is not as the schema has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Discrepancy {
    /// What it is about: `` column `email` of table `users` ``.
    pub object: String,
    /// The table, view or trigger it is about.
    pub of: String,
    /// What the schema has there, as the engine would store it; `None` where it has nothing.
    pub expected: Option<String>,
    /// What the database has there; `None` where it has nothing.
    pub found: Option<String>,
}

impl Discrepancy {
    /// Whether the database has something that the schema does not know: made by hand, by a revision that says so, or
    /// Aludel's own tables.
    pub fn is_extra(&self) -> bool {
        self.expected.is_none()
    }
}

impl fmt::Display for Discrepancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.expected, &self.found) {
            (Some(expected), Some(found)) => {
                write!(f, "{} is `{found}` in the database, and the history has `{expected}`", self.object)
            }
            (Some(_), None) => write!(f, "{} is missing in the database", self.object),
            (None, _) => write!(f, "{} is in the database, and no revision makes it", self.object),
        }
    }
}

impl Dialect {
    /// Where a database that holds `stored` differs from what `schema` would be stored as, in order of tables.
    ///
    /// Neither the order of columns and rules counts nor how names are quoted or words spaced. Empty where the engine's
    /// stored texts cannot be read.
    pub fn compare(&self, stored: &Inventory, schema: &Schema) -> Vec<Discrepancy> {
        self.catalog.map_or_else(Vec::new, |catalog| (catalog.compare)(stored, &(catalog.of)(schema)))
    }
}
