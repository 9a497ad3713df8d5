//! Constant metadata of a model, as the derive writes it.
//!
//! The `const fn` builders keep generated code short: a field is `FieldMeta::new("email", PART, line!()).unique()`.

use super::{Layout, Part};
use crate::Value;
use crate::schema::Action;

/// A database an application may have several of; a type, so that the wrong one does not compile.
pub trait Bind: Send + Sync + 'static {
    /// The name in settings and messages.
    const NAME: &'static str;
}

/// The bind of everything that names none.
#[derive(Clone, Copy, Debug)]
pub struct Main;

impl Bind for Main {
    const NAME: &'static str = "main";
}

/// One model: table, fields and rules, and where it is written.
#[derive(Debug)]
#[non_exhaustive]
pub struct Meta {
    /// The struct's name.
    pub model: &'static str,
    /// Its module path.
    pub module: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the struct.
    pub line: u32,
    /// The table.
    pub table: &'static str,
    /// What people should know of the table.
    pub comment: Option<&'static str>,
    /// The table's former name, for the next generated revision.
    pub renamed_from: Option<&'static str>,
    /// [`Bind::NAME`] of the model's bind.
    pub bind: &'static str,
    /// The stored fields, in order of declaration.
    pub fields: &'static [FieldMeta],
    /// Indexes and unique rules over several columns or expressions.
    pub indexes: &'static [IndexMeta],
    /// Checks over the whole row.
    pub checks: &'static [CheckMeta],
    /// The flattened columns of the same model.
    #[doc(hidden)]
    pub layout: fn() -> &'static Layout,
}

/// One stored field of a model.
#[derive(Debug)]
#[non_exhaustive]
pub struct FieldMeta {
    /// The Rust name, without `r#`.
    pub name: &'static str,
    /// The column (the prefix where the field takes several).
    pub column: &'static str,
    /// The columns it takes.
    pub part: &'static Part,
    /// [`super::Field::COMPARED`]
    pub compared: bool,
    /// The line of the field.
    pub line: u32,
    /// Whether it belongs to the key.
    pub key: bool,
    /// Whether a unique rule stands on it alone.
    pub unique: bool,
    /// Whether an index stands on it alone.
    pub index: bool,
    /// What the column holds when an INSERT leaves it out.
    pub default: Option<Default>,
    /// The expression that makes the column.
    pub generated: Option<Generated>,
    /// At most so many characters.
    pub length: Option<u32>,
    /// Digits in all, and after the point.
    pub precision: Option<(u8, u8)>,
    /// A rule over the column, in SQL.
    pub check: Option<&'static str>,
    /// What people should know of the column.
    pub comment: Option<&'static str>,
    /// What happens to the row when its parent goes.
    pub on_delete: Option<Action>,
    /// What happens to the row when its parent's key changes.
    pub on_update: Option<Action>,
    /// Whether deleting the parent in a session plans the deletion of these rows.
    pub cascade: bool,
    /// Whether each UPDATE counts it up and checks it.
    pub version: bool,
    /// Whether each UPDATE sets it to the time of writing.
    pub updated: bool,
    /// Whether a foreign key is to be left out although the field is an `Fk`.
    pub no_constraint: bool,
    /// The column's former name, for the next generated revision.
    pub renamed_from: Option<&'static str>,
}

/// A default of a column.
#[derive(Clone, Copy, Debug)]
pub enum Default {
    /// A literal: known in memory and written into the schema. The function gives one value per column.
    Literal(fn() -> Vec<Value>),
    /// The database's clock.
    Now,
    /// An expression, in SQL.
    Sql(&'static str),
}

/// An expression that makes a column.
#[derive(Clone, Copy, Debug)]
pub struct Generated {
    /// The expression, in SQL.
    pub sql: &'static str,
    /// Whether it is stored rather than computed at each read.
    pub stored: bool,
}

/// An index, or a unique rule, of a model.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct IndexMeta {
    /// The name, where the conventional one is not wanted.
    pub name: Option<&'static str>,
    /// Field names or expressions, in order.
    pub keys: &'static [IndexKey],
    /// Whether no two rows may agree. Without condition, expression and order it becomes a constraint.
    pub unique: bool,
    /// Which rows it holds, in SQL.
    pub filter: Option<&'static str>,
}

/// One key of an index.
#[derive(Clone, Copy, Debug)]
pub struct IndexKey {
    /// A field's Rust name, or an expression in SQL.
    pub of: &'static str,
    /// Whether `of` is an expression.
    pub expression: bool,
    /// Whether it descends.
    pub descending: bool,
}

/// A rule over the row.
#[derive(Clone, Copy, Debug)]
pub struct CheckMeta {
    /// The name, where the conventional one is not wanted.
    pub name: Option<&'static str>,
    /// The rule, in SQL.
    pub sql: &'static str,
}

impl Meta {
    /// A model of `table` with its stored fields.
    pub const fn new(
        model: &'static str,
        table: &'static str,
        fields: &'static [FieldMeta],
        layout: fn() -> &'static Layout,
    ) -> Self {
        Meta {
            model,
            table,
            fields,
            layout,
            module: "",
            file: "",
            line: 0,
            comment: None,
            renamed_from: None,
            bind: "main",
            indexes: &[],
            checks: &[],
        }
    }

    /// Where it is written.
    #[must_use]
    pub const fn at(mut self, module: &'static str, file: &'static str, line: u32) -> Self {
        self.module = module;
        self.file = file;
        self.line = line;
        self
    }

    /// Sets the bind by its name.
    #[must_use]
    pub const fn bind(mut self, name: &'static str) -> Self {
        self.bind = name;
        self
    }

    /// Sets the table's comment.
    #[must_use]
    pub const fn comment(mut self, text: &'static str) -> Self {
        self.comment = Some(text);
        self
    }

    /// Sets the table's former name.
    #[must_use]
    pub const fn renamed_from(mut self, table: &'static str) -> Self {
        self.renamed_from = Some(table);
        self
    }

    /// Sets the indexes and unique rules declared on the model.
    #[must_use]
    pub const fn indexes(mut self, indexes: &'static [IndexMeta]) -> Self {
        self.indexes = indexes;
        self
    }

    /// Sets the checks declared on the model.
    #[must_use]
    pub const fn checks(mut self, checks: &'static [CheckMeta]) -> Self {
        self.checks = checks;
        self
    }
}

impl FieldMeta {
    /// The same, of a field of that name on that line.
    #[must_use]
    pub const fn at(mut self, name: &'static str, line: u32) -> Self {
        self.name = name;
        self.column = name;
        self.line = line;
        self
    }

    /// A field whose column has its name.
    pub const fn new(name: &'static str, part: &'static Part, compared: bool, line: u32) -> Self {
        FieldMeta {
            name,
            column: name,
            part,
            compared,
            line,
            key: false,
            unique: false,
            index: false,
            default: None,
            generated: None,
            length: None,
            precision: None,
            check: None,
            comment: None,
            on_delete: None,
            on_update: None,
            cascade: false,
            version: false,
            updated: false,
            no_constraint: false,
            renamed_from: None,
        }
    }
}

/// `const` builders of [`FieldMeta`]: each sets the field of its name.
macro_rules! setters {
    ($($name:ident: $ty:ty, $value:ident => $set:expr;)*) => {
        impl FieldMeta {
            $(#[doc = concat!("Sets [`FieldMeta::", stringify!($name), "`].")]
            #[must_use]
            pub const fn $name(mut self, $value: $ty) -> Self {
                self.$name = $set;
                self
            })*
        }
    };
}

setters! {
    column: &'static str, name => name;
    key: bool, on => on;
    unique: bool, on => on;
    index: bool, on => on;
    default: Default, default => Some(default);
    generated: Generated, generated => Some(generated);
    length: u32, characters => Some(characters);
    precision: (u8, u8), digits => Some(digits);
    check: &'static str, sql => Some(sql);
    comment: &'static str, text => Some(text);
    on_delete: Action, action => Some(action);
    on_update: Action, action => Some(action);
    cascade: bool, on => on;
    version: bool, on => on;
    updated: bool, on => on;
    no_constraint: bool, on => on;
    renamed_from: &'static str, column => Some(column);
}

impl IndexMeta {
    /// An index, or a unique rule, over `keys`.
    pub const fn new(keys: &'static [IndexKey], unique: bool) -> Self {
        IndexMeta { name: None, keys, unique, filter: None }
    }

    /// Sets its name.
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Sets which rows it holds.
    #[must_use]
    pub const fn filter(mut self, sql: &'static str) -> Self {
        self.filter = Some(sql);
        self
    }
}
