//! What the portable text has for those engines that have it.

/// Whether a rule may wait for the end of the transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Deferral {
    /// It is checked at each statement.
    #[default]
    Never,
    /// It is checked at each statement, unless the transaction says otherwise.
    Immediate,
    /// It is checked at the end, unless the transaction says otherwise.
    Deferred,
}

/// A rule over pairs of rows: for no two of them all elements hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exclusion {
    /// The constraint's name.
    pub name: String,
    /// The access method of its index, where it is no B-tree.
    pub method: Option<String>,
    /// What is compared with which operator, in SQL: `room WITH =, during WITH &&`.
    pub elements: String,
    /// Which rows it is about, in SQL; `None` for all.
    pub filter: Option<String>,
    /// Whether it may wait for the end of the transaction.
    pub deferral: Deferral,
}

/// A view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Its name; with a dot, `schema.view`.
    pub name: String,
    /// The names of its columns, where they are not those of the query.
    pub columns: Vec<String>,
    /// The query, in SQL.
    pub query: String,
}
