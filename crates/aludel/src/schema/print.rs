//! The text of operations: the portable one, and what all engines spell alike.

use super::{
    Action, Column, ColumnChange, Commented, Constraint, Default, Deferral, Exclusion, ForeignKey, Generated, Identity,
    Index, Key, KeyOf, Op, Place, Table, literal, literal_text,
};
use crate::Type;
use crate::syntax::{is_type, spell};

/// How a text spells what all of them have in common; a dialect overrides what it says differently.
pub(crate) struct Spelling {
    /// A name, quoted where it must be.
    pub(crate) name: fn(&str) -> String,
    /// A type, with the variants of an enum.
    pub(crate) ty: fn(&Type, &[String]) -> String,
    /// A default of a column, without the word DEFAULT.
    pub(crate) default: fn(&Column, &Default) -> String,
    /// What stands behind `GENERATED .. AS IDENTITY`.
    pub(crate) identity: fn(&Identity) -> String,
    /// What stands behind the expression of a generated column.
    pub(crate) stored: fn(bool) -> &'static str,
    /// Whether indexes say which columns they hold beside their keys, where NULLs stand, and how they are stored.
    pub(crate) index_extras: bool,
    /// Whether foreign keys may wait for the end of the transaction.
    pub(crate) deferral: bool,
    /// One key of an index.
    pub(crate) key: fn(&Spelling, &Table, &Key) -> String,
}

/// The portable spelling.
pub(crate) const PORTABLE: Spelling = Spelling {
    name: spell,
    ty: |ty, _| type_name(ty),
    default: |column, default| match default {
        Default::Value(value) => literal(value, &column.ty),
        Default::Now => "now()".into(),
        Default::Expression(text) => format!("({text})"),
    },
    identity: |identity| {
        let how = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
        let options = identity_options(identity);
        let options = if options.is_empty() { options } else { format!(" ({options})") };
        format!("GENERATED {how} AS IDENTITY{options}")
    },
    stored: |stored| if stored { "STORED" } else { "VIRTUAL" },
    index_extras: true,
    deferral: true,
    key: |spelling, _, key| spelling.key_text(key),
};

/// `START WITH 5 CYCLE`
pub(crate) fn identity_options(identity: &Identity) -> String {
    let numbers = [
        ("START WITH", identity.start),
        ("INCREMENT BY", identity.increment),
        ("MINVALUE", identity.least),
        ("MAXVALUE", identity.greatest),
    ];
    let numbers = numbers.iter().filter_map(|(words, number)| number.map(|number| format!("{words} {number}")));
    let cycle = identity.cycle.then(|| "CYCLE".to_owned());
    numbers.chain(cycle).collect::<Vec<_>>().join(" ")
}

/// A name that may stand in a schema: `schema.name`.
fn path(name: fn(&str) -> String, of: &str) -> String {
    of.split_once('.').map_or_else(|| name(of), |(schema, of)| format!("{}.{}", name(schema), name(of)))
}

/// The name without the schema: what is renamed stays in its own.
fn last(path: &str) -> &str {
    path.split_once('.').map_or(path, |(_, name)| name)
}

/// A type in the portable spelling.
pub(crate) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "BOOLEAN".into(),
        Type::SmallInt => "SMALLINT".into(),
        Type::Integer => "INTEGER".into(),
        Type::BigInt => "BIGINT".into(),
        Type::Real => "REAL".into(),
        Type::Double => "DOUBLE PRECISION".into(),
        Type::Numeric(digits, scale) => format!("NUMERIC({digits}, {scale})"),
        Type::Char(length) => format!("CHAR({length})"),
        Type::Varchar(length) => format!("VARCHAR({length})"),
        Type::Text => "TEXT".into(),
        Type::Bytes => "BYTEA".into(),
        Type::Date => "DATE".into(),
        Type::Time => "TIME".into(),
        Type::Timestamp => "TIMESTAMP".into(),
        Type::TimestampTz => "TIMESTAMPTZ".into(),
        Type::Uuid => "UUID".into(),
        Type::Json => "JSONB".into(),
        // A word of another type would be that.
        Type::Enum(name) if is_type(name) => format!("\"{name}\""),
        Type::Enum(name) => path(spell, name),
        Type::Other(text) => text.clone().into_owned(),
    }
}

impl Spelling {
    /// A table, enum, index or view, with its schema where it is in one.
    pub(crate) fn path(&self, of: &str) -> String {
        path(self.name, of)
    }

    /// `a, b`
    pub(crate) fn names(&self, names: &[String]) -> String {
        names.iter().map(|name| (self.name)(name)).collect::<Vec<_>>().join(", ")
    }

    /// `CREATE TABLE .. (..)`, one line per column and constraint; columns are given as name and the rest.
    pub(crate) fn create_table(&self, name: &str, columns: &[(String, String)], rules: &[String]) -> String {
        let width = columns.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        let columns = columns.iter().map(|(name, rest)| format!("    {name:width$} {rest}"));
        let rules = rules.iter().map(|rule| format!("    {rule}"));
        let lines: Vec<String> = columns.chain(rules).collect();
        format!("CREATE TABLE {} (\n{}\n)", self.path(name), lines.join(",\n"))
    }

    /// What stands behind a column's name.
    pub(crate) fn column(&self, table: Option<&Table>, column: &Column, variants: &[String]) -> String {
        let mut text = (self.ty)(&column.ty, variants);
        self.collate(column.collation.as_deref(), &mut text);
        let key = table.and_then(|table| table.primary_key.as_ref());
        let in_key = key.is_some_and(|key| key.columns.contains(&column.name));
        if !column.nullable && !in_key && column.identity.is_none() {
            text.push_str(" NOT NULL");
        }
        if let Some(identity) = &column.identity {
            text.push(' ');
            text.push_str(&(self.identity)(identity));
        }
        self.made(column, &mut text);
        text
    }

    fn collate(&self, collation: Option<&str>, text: &mut String) {
        if let Some(collation) = collation {
            text.push_str(&format!(" COLLATE {}", (self.name)(collation)));
        }
    }

    fn include(&self, columns: &[String], text: &mut String) {
        if !columns.is_empty() && self.index_extras {
            text.push_str(&format!(" INCLUDE ({})", self.names(columns)));
        }
    }

    /// Writes what makes the column's value: a default or an expression.
    pub(crate) fn made(&self, column: &Column, text: &mut String) {
        if let Some(default) = &column.default {
            text.push_str(" DEFAULT ");
            text.push_str(&(self.default)(column, default));
        }
        if let Some(Generated { expression, stored }) = &column.generated {
            text.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {}", (self.stored)(*stored)));
        }
    }

    /// `CONSTRAINT .. ..`
    pub(crate) fn constraint(&self, constraint: &Constraint) -> String {
        let (mut rule, deferral) = match constraint {
            Constraint::PrimaryKey(key) => {
                let mut rule = format!("PRIMARY KEY ({})", self.names(&key.columns));
                self.include(&key.include, &mut rule);
                (rule, key.deferral)
            }
            Constraint::Unique(unique) => {
                let nulls = if unique.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
                let mut rule = format!("UNIQUE{nulls} ({})", self.names(&unique.columns));
                self.include(&unique.include, &mut rule);
                (rule, unique.deferral)
            }
            Constraint::ForeignKey(key) => (self.foreign_key(key), key.deferral),
            Constraint::Check(check) => {
                let inherit = if check.no_inherit { " NO INHERIT" } else { "" };
                (format!("CHECK ({}){inherit}", check.expression), Deferral::Never)
            }
            Constraint::Exclusion(rule) => (exclusion(rule), rule.deferral),
        };
        match deferral {
            _ if !self.deferral => {}
            Deferral::Never => {}
            Deferral::Immediate => rule.push_str(" DEFERRABLE"),
            Deferral::Deferred => rule.push_str(" DEFERRABLE INITIALLY DEFERRED"),
        }
        format!("CONSTRAINT {} {rule}", (self.name)(constraint.name()))
    }

    fn foreign_key(&self, key: &ForeignKey) -> String {
        let mut text = format!("FOREIGN KEY ({}) REFERENCES {}", self.names(&key.columns), self.path(&key.table));
        if !key.references.is_empty() {
            text.push_str(&format!(" ({})", self.names(&key.references)));
        }
        if key.match_full {
            text.push_str(" MATCH FULL");
        }
        for (when, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            let action = match action {
                Action::NoAction => continue,
                Action::Restrict => "RESTRICT",
                Action::Cascade => "CASCADE",
                Action::SetNull => "SET NULL",
                Action::SetDefault => "SET DEFAULT",
            };
            text.push_str(&format!(" ON {when} {action}"));
            if when == "DELETE" && !key.set_columns.is_empty() {
                text.push_str(&format!(" ({})", self.names(&key.set_columns)));
            }
        }
        text
    }

    /// `CREATE INDEX .. ON .. (..)`, with its condition.
    pub(crate) fn create_index(&self, table: &Table, index: &Index, concurrently: bool) -> String {
        let keys: Vec<_> = index.keys.iter().map(|key| (self.key)(self, table, key)).collect();
        let method = index.method.as_ref().map(|method| format!(" USING {}", (self.name)(method)));
        let mut text = format!(
            "CREATE {}INDEX {}{} ON {}{} ({})",
            if index.unique { "UNIQUE " } else { "" },
            if concurrently { "CONCURRENTLY " } else { "" },
            (self.name)(&index.name),
            self.path(&table.name),
            method.unwrap_or_default(),
            keys.join(", ")
        );
        self.include(&index.include, &mut text);
        if index.nulls_not_distinct {
            text.push_str(" NULLS NOT DISTINCT");
        }
        if !index.options.is_empty() && self.index_extras {
            let options: Vec<_> = index
                .options
                .iter()
                .map(|(name, value)| format!("{} = {}", (self.name)(name), literal_text(value)))
                .collect();
            text.push_str(&format!(" WITH ({})", options.join(", ")));
        }
        if let Some(filter) = &index.filter {
            text.push_str(&format!(" WHERE {filter}"));
        }
        text
    }

    pub(crate) fn key_text(&self, key: &Key) -> String {
        let mut text = match &key.of {
            KeyOf::Column(name) => (self.name)(name),
            KeyOf::Expression(text) => format!("({text})"),
        };
        self.collate(key.collation.as_deref(), &mut text);
        if let Some(class) = &key.class {
            text.push_str(&format!(" {class}"));
        }
        if key.descending {
            text.push_str(" DESC");
        }
        if let (Some(first), true) = (key.nulls_first, self.index_extras) {
            text.push_str(if first { " NULLS FIRST" } else { " NULLS LAST" });
        }
        text
    }

    /// `ALTER TABLE ..` with a space behind.
    pub(crate) fn alter(&self, table: &str) -> String {
        format!("ALTER TABLE {} ", self.path(table))
    }
}

/// `EXCLUDE USING gist (..) WHERE (..)`
fn exclusion(rule: &Exclusion) -> String {
    let method = rule.method.as_ref().map(|method| format!(" USING {}", spell(method)));
    let filter = rule.filter.as_ref().map(|filter| format!(" WHERE ({filter})"));
    format!("EXCLUDE{} ({}){}", method.unwrap_or_default(), rule.elements, filter.unwrap_or_default())
}

impl Op {
    /// The statement of the portable text that this operation is, without a `;` behind: what revision files hold.
    ///
    /// The same operation always gives the same text.
    pub fn print(&self) -> String {
        print(&PORTABLE, self)
    }
}

/// The statement of `op` in a spelling that has every statement of the portable text.
pub(crate) fn print(to: &Spelling, op: &Op) -> String {
    let name = to.name;
    match op {
        Op::CreateTable(table) => {
            let columns: Vec<_> =
                table.columns.iter().map(|column| (name(&column.name), to.column(Some(table), column, &[]))).collect();
            let rules: Vec<_> = table.constraints().map(|rule| to.constraint(&rule)).collect();
            to.create_table(&table.name, &columns, &rules)
        }
        Op::DropTable { table } => format!("DROP TABLE {}", to.path(table)),
        Op::RenameTable { table, to: new } => format!("{}RENAME TO {}", to.alter(table), name(last(new))),
        Op::AddColumn { table, column } => {
            format!("{}ADD COLUMN {} {}", to.alter(table), name(&column.name), to.column(None, column, &[]))
        }
        Op::DropColumn { table, column } => format!("{}DROP COLUMN {}", to.alter(table), name(column)),
        Op::RenameColumn { table, column, to: new } => {
            format!("{}RENAME COLUMN {} TO {}", to.alter(table), name(column), name(new))
        }
        Op::AlterColumn { table, column, change } => {
            format!("{}ALTER COLUMN {} {}", to.alter(table), name(column), alteration(to, change))
        }
        Op::AddConstraint { table, constraint, not_valid } => {
            let rest = if *not_valid { " NOT VALID" } else { "" };
            format!("{}ADD {}{rest}", to.alter(table), to.constraint(constraint))
        }
        Op::ValidateConstraint { table, name: of } => {
            format!("{}VALIDATE CONSTRAINT {}", to.alter(table), name(of))
        }
        Op::DropConstraint { table, name: of } => format!("{}DROP CONSTRAINT {}", to.alter(table), name(of)),
        Op::RenameConstraint { table, name: of, to: new } => {
            format!("{}RENAME CONSTRAINT {} TO {}", to.alter(table), name(of), name(new))
        }
        Op::CreateIndex { table, index, concurrently } => {
            let table = Table { name: table.clone(), ..Table::default() };
            to.create_index(&table, index, *concurrently)
        }
        Op::DropIndex { name: of, concurrently } => {
            format!("DROP INDEX {}{}", if *concurrently { "CONCURRENTLY " } else { "" }, name(of))
        }
        Op::RenameIndex { name: of, to: new } => format!("ALTER INDEX {} RENAME TO {}", name(of), name(new)),
        Op::CreateEnum { name: of, variants } => {
            let variants: Vec<_> = variants.iter().map(|variant| literal_text(variant)).collect();
            format!("CREATE TYPE {} AS ENUM ({})", to.path(of), variants.join(", "))
        }
        Op::DropEnum { name: of } => format!("DROP TYPE {}", to.path(of)),
        Op::RenameEnum { name: of, to: new } => format!("ALTER TYPE {} RENAME TO {}", to.path(of), name(last(new))),
        Op::AddValue { name: of, value, place } => {
            let place = match place {
                Place::Last => String::new(),
                Place::Before(other) => format!(" BEFORE {}", literal_text(other)),
                Place::After(other) => format!(" AFTER {}", literal_text(other)),
            };
            format!("ALTER TYPE {} ADD VALUE {}{place}", to.path(of), literal_text(value))
        }
        Op::RenameValue { name: of, value, to: new } => {
            format!("ALTER TYPE {} RENAME VALUE {} TO {}", to.path(of), literal_text(value), literal_text(new))
        }
        Op::CreateView { view, replace } => {
            let columns =
                if view.columns.is_empty() { String::new() } else { format!(" ({})", to.names(&view.columns)) };
            let replace = if *replace { "OR REPLACE " } else { "" };
            format!("CREATE {replace}VIEW {}{columns} AS {}", to.path(&view.name), view.query)
        }
        Op::DropView { view } => format!("DROP VIEW {}", to.path(view)),
        Op::CreateSchema { name: of } => format!("CREATE SCHEMA {}", name(of)),
        Op::DropSchema { name: of } => format!("DROP SCHEMA {}", name(of)),
        Op::Comment { on, text } => {
            let on = match on {
                Commented::Table(table) => format!("TABLE {}", to.path(table)),
                Commented::Column(table, column) => format!("COLUMN {}.{}", to.path(table), name(column)),
                Commented::Index(index) => format!("INDEX {}", name(index)),
                Commented::Constraint(table, rule) => format!("CONSTRAINT {} ON {}", name(rule), to.path(table)),
                Commented::Enum(of) => format!("TYPE {}", to.path(of)),
                Commented::View(view) => format!("VIEW {}", to.path(view)),
                Commented::Schema(schema) => format!("SCHEMA {}", name(schema)),
            };
            let text = text.as_ref().map_or_else(|| "NULL".into(), |text| literal_text(text));
            format!("COMMENT ON {on} IS {text}")
        }
    }
}

/// What stands behind `ALTER COLUMN c`.
fn alteration(to: &Spelling, change: &ColumnChange) -> String {
    match change {
        ColumnChange::Type { ty, using, collation } => {
            let mut text = format!("TYPE {}", (to.ty)(ty, &[]));
            to.collate(collation.as_deref(), &mut text);
            if let Some(using) = using {
                text.push_str(&format!(" USING {using}"));
            }
            text
        }
        ColumnChange::Nullable(true) => "DROP NOT NULL".into(),
        ColumnChange::Nullable(false) => "SET NOT NULL".into(),
        ColumnChange::Default(None) => "DROP DEFAULT".into(),
        ColumnChange::Default(Some(default)) => {
            // A literal is written by its own kind: the column's type is not at hand.
            let column = Column { default: Some(default.clone()), ..Column::new("", Type::Text) };
            format!("SET DEFAULT {}", (to.default)(&column, default))
        }
        ColumnChange::Identity(None) => "DROP IDENTITY".into(),
        ColumnChange::Identity(Some(identity)) => format!("ADD {}", (to.identity)(identity)),
        ColumnChange::Expression(None) => "DROP EXPRESSION".into(),
        ColumnChange::Expression(Some(expression)) => format!("SET EXPRESSION AS ({expression})"),
    }
}
