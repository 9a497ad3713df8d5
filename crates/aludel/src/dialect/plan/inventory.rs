//! What is stored in a database: every object with the text that made it.

use crate::dialect::Dialect;
use crate::schema::Schema;

/// What is stored in a database, as far as changing it needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inventory {
    /// The version of the engine; zeros where the engine takes no part in decisions.
    pub version: [u32; 3],
    /// Its objects, in the order they were made.
    pub objects: Vec<Object>,
    /// Whether it was read from a database. Else it is what a schema would be stored as, and objects that no history knows
    /// are missing.
    pub live: bool,
    /// Whether every text is the one in the database. What the engine itself rewrites when it renames something can only be
    /// read: where this is `false`, read the inventory anew before more is planned on it.
    pub exact: bool,
}

/// One object of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The table it belongs to; its own name for tables and views.
    pub table: String,
    /// The statement that made it; `None` for an index that a constraint brought along.
    pub sql: Option<String>,
    /// Whether only the connection that made it sees it.
    pub temporary: bool,
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A table, virtual ones among them.
    Table,
    /// An index.
    Index,
    /// A view.
    View,
    /// A trigger.
    Trigger,
}

impl Inventory {
    /// Reads the rows that [`Dialect::inventory`] gives: the kind, the name, the table and the statement.
    ///
    /// Rows of a kind that is not known are passed over.
    pub fn read(rows: impl IntoIterator<Item = [Option<String>; 4]>) -> Self {
        let mut inventory = Inventory { live: true, exact: true, ..Inventory::default() };
        for [kind, name, table, sql] in rows {
            let (kind, name) = (kind.unwrap_or_default(), name.unwrap_or_default());
            if kind == "version" {
                inventory.version = version(&name);
                continue;
            }
            let (temporary, kind) = kind.strip_prefix("temp ").map_or((false, kind.as_str()), |kind| (true, kind));
            let kind = match kind {
                "table" => Kind::Table,
                "index" => Kind::Index,
                "view" => Kind::View,
                "trigger" => Kind::Trigger,
                _ => continue,
            };
            inventory.objects.push(Object { kind, table: table.unwrap_or_else(|| name.clone()), name, sql, temporary });
        }
        inventory
    }

    /// What a database made from `schema` on `engine` would hold: for scripts that are written without one.
    pub fn of(engine: &Dialect, schema: &Schema) -> Self {
        engine.catalog.map_or_else(Inventory::default, |catalog| (catalog.of)(schema))
    }
}

/// `3.54.1` as numbers; what is missing or no number is 0.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or_default());
    [(); 3].map(|()| parts.next().unwrap_or_default())
}

impl Dialect {
    /// The query for what is stored, as rows of four texts for [`Inventory::read`]; `None` where plans need none.
    pub fn inventory(&self) -> Option<&'static str> {
        self.catalog.map(|catalog| catalog.query)
    }

    /// The query whose answer is another one whenever what [`Dialect::inventory`] gives is, whoever changed it.
    pub(crate) fn stamp(&self) -> Option<&'static str> {
        self.catalog.map(|catalog| catalog.stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_objects() {
        let text = |text: &str| Some(text.to_owned());
        let stored = Inventory::read([
            [text("version"), text("3.54.1"), None, None],
            [text("temp trigger"), text("r"), text("t"), text("CREATE TRIGGER ..")],
            [text("index"), text("i"), text("t"), None],
            [text("other"), text("o"), None, None],
        ]);
        assert_eq!(stored.version, [3, 54, 1]);
        let seen: Vec<_> = stored.objects.iter().map(|object| (object.kind, &*object.name, object.temporary)).collect();
        assert_eq!(seen, [(Kind::Trigger, "r", true), (Kind::Index, "i", false)]);
    }
}
