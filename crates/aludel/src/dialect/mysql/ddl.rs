//! MySQL's tables, and what MariaDB shares with them.

use crate::dialect::Dialect;
use crate::dialect::ddl::{Refusal, Step, columns, unsupported};
use crate::schema::{
    Action, Column, Commented, Constraint, Default, Index, Key, KeyOf, Op, PORTABLE, Schema, Spelling, Table, hex,
    literal, literal_content, literal_text, names_column, print, type_name,
};
use crate::syntax::is_plain;
use crate::{Type, Value};

pub(super) fn render(step: &Step<'_>, out: &mut Vec<String>) -> Result<(), Refusal> {
    render_for(&MYSQL, step, out)
}

/// What the two engines of the family say differently.
pub(in crate::dialect) struct Family {
    pub(in crate::dialect) engine: &'static str,
    pub(in crate::dialect) dialect: &'static Dialect,
    pub(in crate::dialect) spelling: Spelling,
    /// Text compares by code point, blanks at the end too.
    pub(in crate::dialect) collation: &'static str,
    /// Whether a generated column may say that it is never NULL.
    pub(in crate::dialect) generated_not_null: bool,
    /// Whether a unique rule may be over text of any length.
    pub(in crate::dialect) unique_text: bool,
    /// The statements that make an index.
    pub(in crate::dialect) index: fn(&Family, &Table, &Index, &mut Vec<String>),
}

const MYSQL: Family = Family {
    engine: "MySQL",
    dialect: &crate::dialect::MYSQL,
    spelling: SPELLING,
    collation: "utf8mb4_0900_bin",
    generated_not_null: true,
    unique_text: false,
    index: |family, table, index, out| {
        // A condition is kept only where it matters: rows outside of it have NULL for a key, and NULLs never clash.
        let mut index = index.clone();
        if let (Some(filter), true) = (index.filter.take(), index.unique) {
            for key in &mut index.keys {
                let of = family.spelling.key_text(&Key::of(key.of.clone()));
                key.of = KeyOf::Expression(format!("CASE WHEN {filter} THEN {of} END"));
            }
        }
        out.push(family.spelling.create_index(table, &index, false));
    },
};

pub(in crate::dialect) const SPELLING: Spelling = Spelling {
    name,
    ty,
    default,
    identity: |_| "AUTO_INCREMENT".into(),
    index_extras: false,
    deferral: false,
    key,
    ..PORTABLE
};

fn name(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { super::MYSQL.quoted(name) }
}

/// The family's declared types. Texts and bytes are the long ones: the short ones end at 64 KiB.
fn ty(ty: &Type, variants: &[String]) -> String {
    match ty {
        Type::Real => "FLOAT".into(),
        Type::Double => "DOUBLE".into(),
        Type::Numeric(digits, scale) => format!("DECIMAL({digits}, {scale})"),
        Type::Text => "LONGTEXT".into(),
        Type::Bytes => "LONGBLOB".into(),
        Type::Time => "TIME(6)".into(),
        Type::Timestamp | Type::TimestampTz => "DATETIME(6)".into(),
        Type::Uuid => "CHAR(36) CHARACTER SET ascii".into(),
        Type::Json => "JSON".into(),
        Type::Enum(_) => {
            let variants: Vec<_> = variants.iter().map(|variant| variant_text(variant)).collect();
            format!("ENUM({})", variants.join(", "))
        }
        ty => type_name(ty),
    }
}

/// A variant in a declaration, which takes no introducer.
fn variant_text(variant: &str) -> String {
    if variant.contains('\\') { format!("X'{}'", hex(variant.as_bytes())) } else { literal_text(variant) }
}

fn default(column: &Column, default: &Default) -> String {
    match default {
        Default::Value(value) => {
            // These types take a default as an expression only, and it is kept as text: what stands in it has to mean the
            // same in every session.
            if !is_long(&column.ty) {
                return value_text(value, &column.ty);
            }
            match literal_content(value) {
                Some(text) if text.contains('\\') => format!("(CONVERT(X'{}' USING utf8mb4))", hex(text.as_bytes())),
                _ => format!("({})", value_text(value, &column.ty)),
            }
        }
        Default::Now => "CURRENT_TIMESTAMP(6)".into(),
        Default::Expression(text) => format!("({text})"),
    }
}

/// Types without a length: no key is over them as a whole, and their defaults are expressions.
fn is_long(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Json | Type::Bytes)
}

/// A literal that means the same whether or not the session takes `\` for an escape.
pub(super) fn value_text(value: &Value, ty: &Type) -> String {
    match value {
        Value::Bool(value) => i64::from(*value).to_string(),
        Value::Bytes(bytes) => format!("X'{}'", hex(bytes)),
        Value::Real(_) => literal(value, ty),
        value => match literal_content(value) {
            Some(text) if text.contains('\\') => format!("_utf8mb4 X'{}'", hex(text.as_bytes())),
            Some(text) => literal_text(&text),
            None => literal(value, ty),
        },
    }
}

/// Text without a length is indexed by its head.
fn key(spelling: &Spelling, table: &Table, key: &Key) -> String {
    let long = |name: &str| table.column(name).is_some_and(|column| is_long(&column.ty));
    match &key.of {
        KeyOf::Column(name) if long(name) => {
            format!("{}(191){}", (spelling.name)(name), if key.descending { " DESC" } else { "" })
        }
        _ => spelling.key_text(key),
    }
}

pub(in crate::dialect) fn render_for(family: &Family, step: &Step<'_>, out: &mut Vec<String>) -> Result<(), Refusal> {
    let Step { before, after, .. } = *step;
    let to = &family.spelling;
    let op = step.op();
    match op {
        Op::CreateTable(table) => return create_table(family, &family.dialect.words(table).table()?, after, out),
        Op::CreateIndex { table, index, .. } => {
            if let Some(table) = after.tables.get(table) {
                if index.unique && !family.unique_text {
                    no_long_key(family, table, index.columns())?;
                }
                for expression in index.texts() {
                    no_identity(family, table, expression)?;
                }
                (family.index)(family, table, &family.dialect.words(table).index(index)?, out);
            }
        }
        Op::DropIndex { name, .. } => {
            if let Some(table) = before.index_table(name) {
                out.push(format!("DROP INDEX {} ON {}", (to.name)(name), (to.name)(&table.name)));
            }
        }
        Op::RenameIndex { name, to: new } => {
            if let Some(table) = after.index_table(new) {
                out.push(format!("{}RENAME INDEX {} TO {}", to.alter(&table.name), (to.name)(name), (to.name)(new)));
            }
        }
        Op::AddColumn { table, column } => {
            if let Some(table) = after.tables.get(table) {
                let rest = definition(family, after, None, &family.dialect.words(table).column(column)?);
                out.push(format!("{}ADD COLUMN {} {rest}", to.alter(&table.name), (to.name)(&column.name)));
            }
        }
        Op::AddConstraint { table, constraint, .. } => {
            if let Some(table) = after.tables.get(table) {
                rule(family, table, constraint)?;
                let constraint = family.dialect.words(table).constraint(constraint)?;
                out.push(format!("{}ADD {}", to.alter(&table.name), to.constraint(&constraint)));
            }
        }
        Op::DropConstraint { table, name } => {
            let rule = before.tables.get(table).and_then(|table| table.constraints().find(|rule| rule.name() == name));
            let what = match rule {
                Some(Constraint::PrimaryKey(_)) => "PRIMARY KEY".to_owned(),
                Some(Constraint::Unique(_)) => format!("INDEX {}", (to.name)(name)),
                Some(Constraint::ForeignKey(_)) => format!("FOREIGN KEY {}", (to.name)(name)),
                _ => format!("CONSTRAINT {}", (to.name)(name)),
            };
            out.push(format!("{}DROP {what}", to.alter(table)));
        }
        Op::Comment { on: Commented::Table(table), text } => {
            let text = literal_text(text.as_deref().unwrap_or_default());
            out.push(format!("{}COMMENT = {text}", to.alter(table)));
        }
        Op::Comment { on: Commented::Column(table, column), .. } => restate(family, after, table, column, out)?,
        // Enums live in their columns, and the rows are always looked at. There is no comment on anything else.
        Op::CreateEnum { .. }
        | Op::DropEnum { .. }
        | Op::RenameEnum { .. }
        | Op::ValidateConstraint { .. }
        | Op::Comment { .. } => {}
        Op::DropTable { .. }
        | Op::RenameTable { .. }
        | Op::DropColumn { .. }
        | Op::RenameColumn { .. }
        | Op::CreateView { .. }
        | Op::DropView { .. }
        | Op::CreateSchema { .. }
        | Op::DropSchema { .. } => {
            out.push(print(to, op));
        }
        Op::AddValue { name, .. } => {
            for table in after.tables.values() {
                for column in table.columns.iter().filter(|column| is_enum(column, name)) {
                    restate(family, after, &table.name, &column.name, out)?;
                }
            }
        }
        Op::AlterColumn { table, .. } | Op::RenameConstraint { table, .. } => {
            return Err(Refusal::Rebuild { table: table.clone(), operation: op.print() });
        }
        Op::RenameValue { name, .. } => {
            let has = |table: &&Table| table.columns.iter().any(|column| is_enum(column, name));
            if let Some(table) = before.tables.values().find(has) {
                return Err(Refusal::Rebuild { table: table.name.clone(), operation: op.print() });
            }
        }
    }
    Ok(())
}

fn is_enum(column: &Column, name: &str) -> bool {
    matches!(&column.ty, Type::Enum(of) if of == name)
}

fn create_table(family: &Family, table: &Table, schema: &Schema, out: &mut Vec<String>) -> Result<(), Refusal> {
    let to = &family.spelling;
    let mut columns = columns(to, schema, table);
    for (column, (_, rest)) in table.columns.iter().zip(&mut columns) {
        *rest = definition(family, schema, Some(table), column);
    }
    for made in table.columns.iter().filter_map(|column| column.generated.as_ref()) {
        no_identity(family, table, &made.expression)?;
    }
    let mut rules = Vec::new();
    for constraint in table.constraints() {
        rule(family, table, &constraint)?;
        rules.push(to.constraint(&constraint));
    }
    let text = to.create_table(&table.name, &columns, &rules);
    let start = table.columns.iter().filter_map(|column| column.identity).find_map(|identity| identity.start);
    let start = start.map(|start| format!(" AUTO_INCREMENT = {start}")).unwrap_or_default();
    out.push(format!("{text} DEFAULT CHARACTER SET utf8mb4 COLLATE {}{start}", family.collation));
    Ok(())
}

/// A column with every attribute, as CREATE, ADD and MODIFY want it.
fn definition(family: &Family, schema: &Schema, table: Option<&Table>, column: &Column) -> String {
    let variants = schema.variants(&column.ty);
    let mut text = match column.generated {
        None => family.spelling.column(table, column, variants),
        Some(_) => {
            // NOT NULL stands behind the expression.
            let never = if column.nullable || !family.generated_not_null { "" } else { " NOT NULL" };
            family.spelling.column(table, &Column { nullable: true, ..column.clone() }, variants) + never
        }
    };
    if let Some(comment) = &column.comment {
        text.push_str(&format!(" COMMENT {}", literal_text(comment)));
    }
    text
}

/// States every attribute of a column anew.
fn restate(family: &Family, schema: &Schema, table: &str, column: &str, out: &mut Vec<String>) -> Result<(), Refusal> {
    let Some(table) = schema.tables.get(table) else { return Ok(()) };
    let Some(column) = table.column(column) else { return Ok(()) };
    let to = &family.spelling;
    let rest = definition(family, schema, Some(table), &family.dialect.words(table).column(column)?);
    out.push(format!("{}MODIFY COLUMN {} {rest}", to.alter(&table.name), (to.name)(&column.name)));
    Ok(())
}

/// What the family cannot say in a constraint.
fn rule(family: &Family, table: &Table, constraint: &Constraint) -> Result<(), Refusal> {
    match constraint {
        Constraint::ForeignKey(key) if [key.on_delete, key.on_update].contains(&Action::SetDefault) => {
            Err(unsupported(table, family.engine, "set a default when a parent goes", "choose set_null or cascade"))
        }
        Constraint::Unique(_) if family.unique_text => Ok(()),
        Constraint::Check(check) => no_identity(family, table, &check.expression),
        rule => no_long_key(family, table, rule.columns().iter().map(String::as_str)),
    }
}

fn no_identity(family: &Family, table: &Table, expression: &str) -> Result<(), Refusal> {
    match table.columns.iter().find(|column| column.identity.is_some() && names_column(expression, &column.name)) {
        Some(column) => {
            let what = format!("name `{}`, which the database numbers, in `{expression}`", column.name);
            Err(unsupported(table, family.engine, &what, "name other columns"))
        }
        None => Ok(()),
    }
}

fn no_long_key<'a>(family: &Family, table: &Table, mut columns: impl Iterator<Item = &'a str>) -> Result<(), Refusal> {
    let long = |name: &&str| table.column(name).is_some_and(|column| is_long(&column.ty));
    match columns.find(long) {
        Some(column) => {
            let what = format!("have a key over `{column}`, text without a length");
            Err(unsupported(table, family.engine, &what, "write #[column(length = 255)]"))
        }
        None => Ok(()),
    }
}
