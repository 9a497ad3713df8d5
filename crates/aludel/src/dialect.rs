//! What differs between engines: facts, policies and spelling, in one place.
//!
//! A [`Dialect`] is plain data. Planners and renderers ask it for facts and policies, never for its name, so that an
//! engine more is one file of constants more.

mod data;
mod ddl;
mod expression;
mod mariadb;
mod mysql;
mod plan;
mod postgres;
#[doc(hidden)] // How the driver keeps values.
pub mod sqlite;
mod standard;

pub use ddl::Refusal;
pub use mariadb::MARIADB;
pub use mysql::MYSQL;
pub use plan::{Act, Asks, Discrepancy, Frame, Inventory, Kind, Object, Plan, Probe, Setting};
pub use postgres::POSTGRES;
pub use sqlite::SQLITE;

use std::borrow::Cow;

use crate::Type;
use crate::schema::Schema;
use crate::sql::{Aggregate, Binary, Function, Lock, Match};

/// Every engine there is, by the names that `-- only:` and `engines` use.
pub const ALL: &[&Dialect] = &[&SQLITE, &POSTGRES, &MYSQL, &MARIADB];

/// The dialect called `name`, or `None`.
pub fn named(name: &str) -> Option<&'static Dialect> {
    ALL.iter().copied().find(|dialect| dialect.name == name)
}

/// SQL text in which `{0}`, `{1}` .. stand for rendered operands, and `{*}` for all of them with commas between.
pub(crate) type Template = &'static str;

/// One engine: what it can do and how it spells things.
///
/// Planners and renderers ask for facts and policies, never for a name.
#[derive(Debug)]
#[non_exhaustive]
pub struct Dialect {
    /// The name in URLs, `-- only:` and settings.
    pub name: &'static str,

    /// Asks for the version, as one row of text.
    pub(crate) version: &'static str,
    /// Asks for the names of all tables, one row of text each.
    pub(crate) table_names: &'static str,
    /// Begins a transaction that only reads, from one snapshot.
    pub(crate) begin_read: &'static str,
    /// Begins a transaction that may write.
    pub(crate) begin_write: &'static str,

    /// What a script begins with, so that the engine's own shell stops at the first error and minds what the driver's
    /// connections mind; empty where it does so anyway.
    pub(crate) script: &'static str,

    /// Has foreign keys wait for the end of the transaction at hand, also those that do not say that they may; empty where
    /// the engine cannot.
    pub(crate) late_keys: &'static [&'static str],

    /// How many parameters a statement may have.
    pub(crate) max_params: usize,

    /// How parameters stand in the text.
    pub(crate) placeholder: Placeholder,
    /// What stands on both sides of a name, and twice within it.
    pub(crate) quote: char,

    /// Which statements give columns back.
    pub(crate) returning: Returning,
    /// What a row of defaults only is.
    pub(crate) default_row: &'static str,
    /// How several rows travel in one INSERT.
    pub(crate) rows: Rows,
    /// How the keys that the database makes come back to the rows of one INSERT.
    pub(crate) keys: Keys,
    /// How an INSERT says what to do with a row that is there already.
    pub(crate) upsert: Upsert,
    /// Whether the WHERE of an UPDATE or DELETE may read the table that is written.
    pub(crate) writes_read_themselves: bool,

    /// How the list of an IN travels.
    pub(crate) lists: Lists,
    /// What stands before a list of rows that is written out.
    pub(crate) row_list: &'static str,
    /// Whether the subselect of an IN may have a LIMIT.
    pub(crate) limit_in_list: bool,
    /// What LIMIT says where there is an OFFSET alone; `None` where it can be left out.
    pub(crate) no_limit: Option<&'static str>,
    /// Where NULLs stand in an order, and whether that can be said otherwise.
    pub(crate) nulls: Nulls,
    /// How a SELECT holds its rows, as text behind it; empty where one writer makes that needless.
    pub(crate) lock: fn(Lock) -> &'static str,

    /// Whether aggregates take FILTER; else a CASE does it.
    pub(crate) aggregate_filter: bool,
    /// Up to how many digits decimals are numbers to the engine; beyond, they are text and only compare as equal.
    pub(crate) decimal_digits: u8,
    /// Whether calculations with decimals run in floating point, so that sums and products have to be rounded to the
    /// digits they can have.
    pub(crate) decimals_float: bool,
    /// `{0}` is `{1}`, with NULL for a value; and its negation.
    pub(crate) same: [Template; 2],
    /// Searching text, with and without regard to case.
    pub(crate) search: fn(Match, fold: bool) -> Search,
    /// Operators, by the types of both sides where these are known.
    pub(crate) binary: fn(Binary, [Option<&Type>; 2]) -> Template,
    /// Functions, by the type of the first argument where that is known.
    pub(crate) function: fn(Function, Option<&Type>) -> Template,
    /// What is written around an aggregate, so that its type is the same everywhere; by the type it aggregates.
    pub(crate) aggregate: fn(Aggregate, Option<&Type>) -> Template,
    /// A change of type, from the type it has where that is known.
    pub(crate) cast: fn(from: Option<&Type>, to: &Type) -> Cow<'static, str>,
    /// What stands behind the placeholder of an array of such values; empty where there are no arrays.
    pub(crate) array: fn(&Type) -> Cow<'static, str>,

    /// How much of the portable text of tables it takes.
    pub(crate) reach: ddl::Reach,
    /// What it says otherwise than the portable text; `None` where it says nothing otherwise.
    pub(crate) phrases: Option<expression::Phrases>,
    /// What of the portable statements for rows it takes; asked through [`Dialect::data`].
    pub(crate) data: data::Extent,
    /// Whether the database keeps expressions in words of its own, rather than as they were written.
    pub(crate) rewords: bool,
    /// How tables are made and changed; asked through [`Dialect::ddl`] and [`Dialect::plan`].
    pub(crate) tables: ddl::Tables,
    /// What is stored, where the engine keeps the text that made each object.
    pub(crate) catalog: Option<Catalog>,
}

/// How the texts that made the objects of a database are asked for, made up and compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Catalog {
    /// Asks for what is stored; asked through [`Dialect::inventory`].
    pub(crate) query: &'static str,
    /// Asks for something that is another whenever what is stored is; asked through [`Dialect::stamp`].
    pub(crate) stamp: &'static str,
    /// What a schema is stored as; asked through [`Inventory::of`].
    pub(crate) of: fn(&Schema) -> Inventory,
    /// Where what is stored differs from what it should be; asked through [`Dialect::compare`].
    pub(crate) compare: fn(stored: &Inventory, expected: &Inventory) -> Vec<Discrepancy>,
}

/// How parameters stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholder {
    /// `?`
    Question,
    /// `$1`, `$2` ..
    Dollar,
}

/// Which statements give columns back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Returning {
    /// INSERT
    pub(crate) insert: bool,
    /// UPDATE
    pub(crate) update: bool,
    /// DELETE
    pub(crate) delete: bool,
}

/// How several rows travel in one INSERT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// `VALUES (..), (..)`: one parameter per value.
    Values,
    /// `SELECT .. FROM unnest(..) WITH ORDINALITY`: one array per column, the same text for any number of rows.
    Arrays,
}

/// How the keys that the database makes come back to the rows of one INSERT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// A write transaction holds the database alone: the next key is read once by this statement, and it and those after
    /// it are inserted explicitly. `{0}` is the table, `{1}` the key, `{2}` the table's name as text.
    Reserved(Template),
    /// Rows are numbered in the order they are given: returned keys, ascending, belong to them in that order.
    Ascending,
    /// No guarantee: one row per statement.
    Single,
}

/// How an INSERT says what to do with a row that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Upsert {
    /// `ON CONFLICT (..) DO ..`, the new row being `excluded`.
    OnConflict,
    /// `ON DUPLICATE KEY UPDATE`, the new row being `VALUES(..)`; any unique rule counts.
    OnDuplicateKey,
}

/// How the list of an IN travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lists {
    /// One parameter of JSON text, read by `json_each`.
    Json,
    /// One array per column.
    Arrays,
    /// One parameter per value, filled up with the last one to a power of two so that texts repeat.
    Padded,
}

/// Where NULLs stand in an order, and whether that can be said otherwise.
///
/// Portable orders take NULL for the smallest value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Nulls {
    /// Whether NULL is the smallest by itself.
    pub(crate) smallest: bool,
    /// Whether `NULLS FIRST` and `NULLS LAST` can be written; else `x IS NULL` goes before.
    pub(crate) clause: bool,
}

/// How to search text for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    /// Where the text is a parameter: `{1}` is bound as [`Search::pattern`] says.
    pub(crate) bound: Template,
    /// How the bound text is written, so that it finds itself.
    pub(crate) pattern: Pattern,
    /// Where the text is any expression; `None` where the engine cannot.
    pub(crate) computed: Option<Template>,
}

/// How a searched text is written as a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// As it is: no pattern at all.
    Plain,
    /// `%` and `_` are wildcards, `!` escapes.
    Like,
    /// `*`, `?` and `[..]` are wildcards, brackets escape.
    Glob,
}

impl Dialect {
    /// Ends a transaction for good.
    pub(crate) const COMMIT: &'static str = "COMMIT";
    /// Undoes a transaction.
    pub(crate) const ROLLBACK: &'static str = "ROLLBACK";

    /// Begins the savepoint numbered `level`.
    pub(crate) fn savepoint(&self, level: u32) -> String {
        format!("SAVEPOINT s{level}")
    }

    /// Gives up the savepoint numbered `level`, keeping what was done in it.
    pub(crate) fn release(&self, level: u32) -> String {
        format!("RELEASE SAVEPOINT s{level}")
    }

    /// Undoes what was done since the savepoint numbered `level` began; the savepoint stays.
    pub(crate) fn rollback_to(&self, level: u32) -> String {
        format!("ROLLBACK TO SAVEPOINT s{level}")
    }

    /// Whether `stored`, as the database tells it, is the expression that was `written` to it.
    ///
    /// Some databases keep expressions in words of their own: `a IN (1, 2)` comes back as `(a = ANY (ARRAY[1, 2]))`, with
    /// casts written out. These are known again without asking a server. What only a server can tell, such as another
    /// spelling of a moment, is taken for a difference.
    ///
    /// ```
    /// use aludel::dialect::POSTGRES;
    ///
    /// assert!(POSTGRES.same_expression("name <> ''", "((name)::text <> ''::text)"));
    /// assert!(!POSTGRES.same_expression("name <> ''", "((name)::text <> 'x'::text)"));
    /// ```
    pub fn same_expression(&self, written: &str, stored: &str) -> bool {
        if self.rewords { crate::syntax::expr::means(written, stored) } else { crate::schema::same(written, stored) }
    }

    /// Writes `name` quoted, so that nothing in it is more than a name.
    pub(crate) fn quote(&self, name: &str, out: &mut String) {
        out.push(self.quote);
        let mut parts = name.split(self.quote);
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            out.extend([self.quote, self.quote]);
            out.push_str(part);
        }
        out.push(self.quote);
    }

    /// `name`, quoted where it needs it.
    pub(crate) fn spelled(&self, name: &str) -> String {
        if crate::syntax::is_plain(name) { name.to_owned() } else { self.quoted(name) }
    }

    /// `name` quoted.
    pub(crate) fn quoted(&self, name: &str) -> String {
        let mut out = String::with_capacity(name.len() + 2);
        self.quote(name, &mut out);
        out
    }
}
