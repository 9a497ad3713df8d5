//! The text of operations: the portable one, and what all engines spell alike.

use super::{
    Action, Column, ColumnChange, Commented, Constraint, Default, ForeignKey, Generated, Identity, Index, Key, KeyOf,
    Op, Place, Table, literal, literal_text, name,
};
use crate::Type;

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
    /// One key of an index.
    pub(crate) key: fn(&Spelling, &Table, &Key) -> String,
}

/// The portable spelling.
pub(crate) const PORTABLE: Spelling = Spelling {
    name: portable_name,
    ty: |ty, _| type_name(ty),
    default: |column, default| match default {
        Default::Value(value) => literal(value, &column.ty),
        Default::Now => "now()".into(),
        Default::Expression(text) => format!("({text})"),
    },
    identity: |identity| {
        let how = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
        let start = identity.start.map(|start| format!(" (START WITH {start})"));
        format!("GENERATED {how} AS IDENTITY{}", start.unwrap_or_default())
    },
    stored: |stored| if stored { "STORED" } else { "VIRTUAL" },
    key: |spelling, _, key| spelling.key_text(key),
};

fn portable_name(name: &str) -> String {
    if name::is_plain(name) { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
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
        Type::Enum(name) => portable_name(name),
    }
}

impl Spelling {
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
        format!("CREATE TABLE {} (\n{}\n)", (self.name)(name), lines.join(",\n"))
    }

    /// What stands behind a column's name.
    pub(crate) fn column(&self, table: Option<&Table>, column: &Column, variants: &[String]) -> String {
        let mut text = (self.ty)(&column.ty, variants);
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
        let rule = match constraint {
            Constraint::PrimaryKey(key) => format!("PRIMARY KEY ({})", self.names(&key.columns)),
            Constraint::Unique(unique) => format!("UNIQUE ({})", self.names(&unique.columns)),
            Constraint::ForeignKey(key) => self.foreign_key(key),
            Constraint::Check(check) => format!("CHECK ({})", check.expression),
        };
        format!("CONSTRAINT {} {rule}", (self.name)(constraint.name()))
    }

    fn foreign_key(&self, key: &ForeignKey) -> String {
        let mut text = format!(
            "FOREIGN KEY ({}) REFERENCES {} ({})",
            self.names(&key.columns),
            (self.name)(&key.table),
            self.names(&key.references)
        );
        for (when, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
            let action = match action {
                Action::NoAction => continue,
                Action::Restrict => "RESTRICT",
                Action::Cascade => "CASCADE",
                Action::SetNull => "SET NULL",
                Action::SetDefault => "SET DEFAULT",
            };
            text.push_str(&format!(" ON {when} {action}"));
        }
        text
    }

    /// `CREATE INDEX .. ON .. (..)`, with its condition.
    pub(crate) fn create_index(&self, table: &Table, index: &Index) -> String {
        let keys: Vec<_> = index.keys.iter().map(|key| (self.key)(self, table, key)).collect();
        let filter = index.filter.as_ref().map(|filter| format!(" WHERE {filter}")).unwrap_or_default();
        format!(
            "CREATE {}INDEX {} ON {} ({}){filter}",
            if index.unique { "UNIQUE " } else { "" },
            (self.name)(&index.name),
            (self.name)(&table.name),
            keys.join(", ")
        )
    }

    pub(crate) fn key_text(&self, key: &Key) -> String {
        let of = match &key.of {
            KeyOf::Column(name) => (self.name)(name),
            KeyOf::Expression(text) => format!("({text})"),
        };
        if key.descending { of + " DESC" } else { of }
    }

    /// `ALTER TABLE ..` with a space behind.
    pub(crate) fn alter(&self, table: &str) -> String {
        format!("ALTER TABLE {} ", (self.name)(table))
    }
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
        Op::DropTable { table } => format!("DROP TABLE {}", name(table)),
        Op::RenameTable { table, to: new } => format!("{}RENAME TO {}", to.alter(table), name(new)),
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
        Op::AddConstraint { table, constraint } => format!("{}ADD {}", to.alter(table), to.constraint(constraint)),
        Op::DropConstraint { table, name: of } => format!("{}DROP CONSTRAINT {}", to.alter(table), name(of)),
        Op::RenameConstraint { table, name: of, to: new } => {
            format!("{}RENAME CONSTRAINT {} TO {}", to.alter(table), name(of), name(new))
        }
        Op::CreateIndex { table, index } => {
            let table = Table { name: table.clone(), ..Table::default() };
            to.create_index(&table, index)
        }
        Op::DropIndex { name: of } => format!("DROP INDEX {}", name(of)),
        Op::RenameIndex { name: of, to: new } => format!("ALTER INDEX {} RENAME TO {}", name(of), name(new)),
        Op::CreateEnum { name: of, variants } => {
            let variants: Vec<_> = variants.iter().map(|variant| literal_text(variant)).collect();
            format!("CREATE TYPE {} AS ENUM ({})", name(of), variants.join(", "))
        }
        Op::DropEnum { name: of } => format!("DROP TYPE {}", name(of)),
        Op::RenameEnum { name: of, to: new } => format!("ALTER TYPE {} RENAME TO {}", name(of), name(new)),
        Op::AddValue { name: of, value, place } => {
            let place = match place {
                Place::Last => String::new(),
                Place::Before(other) => format!(" BEFORE {}", literal_text(other)),
                Place::After(other) => format!(" AFTER {}", literal_text(other)),
            };
            format!("ALTER TYPE {} ADD VALUE {}{place}", name(of), literal_text(value))
        }
        Op::RenameValue { name: of, value, to: new } => {
            format!("ALTER TYPE {} RENAME VALUE {} TO {}", name(of), literal_text(value), literal_text(new))
        }
        Op::Comment { on, text } => {
            let on = match on {
                Commented::Table(table) => format!("TABLE {}", name(table)),
                Commented::Column(table, column) => format!("COLUMN {}.{}", name(table), name(column)),
            };
            let text = text.as_ref().map_or_else(|| "NULL".into(), |text| literal_text(text));
            format!("COMMENT ON {on} IS {text}")
        }
    }
}

/// What stands behind `ALTER COLUMN c`.
fn alteration(to: &Spelling, change: &ColumnChange) -> String {
    match change {
        ColumnChange::Type { ty, using } => {
            let using = using.as_ref().map(|using| format!(" USING {using}"));
            format!("TYPE {}{}", (to.ty)(ty, &[]), using.unwrap_or_default())
        }
        ColumnChange::Nullable(true) => "DROP NOT NULL".into(),
        ColumnChange::Nullable(false) => "SET NOT NULL".into(),
        ColumnChange::Default(None) => "DROP DEFAULT".into(),
        ColumnChange::Default(Some(default)) => {
            // A literal is written by its own kind where the column's type is not at hand.
            let column = Column { default: Some(default.clone()), ..Column::new("", kind(default)) };
            format!("SET DEFAULT {}", (to.default)(&column, default))
        }
        ColumnChange::Identity(None) => "DROP IDENTITY".into(),
        ColumnChange::Identity(Some(identity)) => format!("ADD {}", (to.identity)(identity)),
        ColumnChange::Expression(None) => "DROP EXPRESSION".into(),
        ColumnChange::Expression(Some(expression)) => format!("SET EXPRESSION AS ({expression})"),
    }
}

/// A type that writes a default as it stands.
fn kind(default: &Default) -> Type {
    match default {
        Default::Value(crate::Value::Timestamp(_)) | Default::Now => Type::TimestampTz,
        _ => Type::Text,
    }
}
