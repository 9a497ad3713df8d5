//! SQLite's tables: declared types that keep their bytes, named rules, and everything said inside CREATE TABLE.

use crate::dialect::ddl::{Refusal, Step, columns, unsupported};
use crate::dialect::{Inventory, Kind, Object};
use crate::schema::{
    Column, Constraint, Default, Index, Op, PORTABLE, Schema, Spelling, Table, enum_check, hex, literal,
    literal_content, literal_text, print, type_name,
};
use crate::{Type, Value};

const SPELLING: Spelling = Spelling { ty: |ty, _| declared(ty), default, index_extras: false, ..PORTABLE };

/// The time of the statement, in UTC and the one spelling that sorts.
const NOW: &str = "(strftime('%Y-%m-%d %H:%M:%f000','now'))";

/// The declared type. A name that holds `TEXT` has text affinity, so that digits stay the text they are; a name of
/// SQLite's own choosing (`UUID`, `JSON`, `DECIMAL`) would turn them into numbers.
fn declared(ty: &Type) -> String {
    match ty {
        Type::Numeric(digits, scale) if *digits > super::SQLITE.decimal_digits => {
            format!("DECIMAL_TEXT({digits}, {scale})")
        }
        Type::Bytes => "BLOB".into(),
        Type::Date => "DATE_TEXT".into(),
        Type::Time => "TIME_TEXT".into(),
        Type::Timestamp => "TIMESTAMP_TEXT".into(),
        Type::TimestampTz => "TIMESTAMPTZ_TEXT".into(),
        Type::Uuid => "UUID_TEXT".into(),
        Type::Json => "JSON_TEXT".into(),
        Type::Enum(_) => "TEXT".into(),
        ty => type_name(ty),
    }
}

fn default(column: &Column, default: &Default) -> String {
    match default {
        Default::Value(value) => value_text(value, &column.ty),
        Default::Now => NOW.into(),
        Default::Expression(text) => format!("({text})"),
    }
}

fn value_text(value: &Value, ty: &Type) -> String {
    match value {
        Value::Bytes(bytes) => format!("X'{}'", hex(bytes)),
        Value::Decimal(_) if declared(ty).contains("TEXT") => literal_text(&literal(value, ty)),
        value => literal_content(value).map_or_else(|| literal(value, ty), |text| literal_text(&text)),
    }
}

/// The constraints that follow the CREATE TABLE at `at` as operations of their own. They stand inside of it here: a
/// foreign key may point at a table still to come, and nothing can be added to a table that exists.
fn late<'a>(ops: &'a [Op], at: usize, table: &'a str) -> impl Iterator<Item = &'a Constraint> {
    let rest = ops[at + 1..].iter().filter(move |op| op.table() == Some(table));
    let simple =
        rest.take_while(|op| matches!(op, Op::AddConstraint { .. } | Op::CreateIndex { .. } | Op::Comment { .. }));
    simple.filter_map(|op| match op {
        Op::AddConstraint { constraint, .. } if !matches!(constraint, Constraint::PrimaryKey(_)) => Some(constraint),
        _ => None,
    })
}

/// Whether the constraint added at `at` stands in a CREATE TABLE before it.
fn is_late(ops: &[Op], at: usize, table: &str, constraint: &Constraint) -> bool {
    let made = ops[..at].iter().rposition(|op| matches!(op, Op::CreateTable(made) if made.name == table));
    made.is_some_and(|made| late(ops, made, table).any(|late| std::ptr::eq(late, constraint)))
}

/// Whether the table goes as a whole before anything else happens to it. A circle of tables only goes while foreign keys
/// are not enforced, whatever the order.
fn goes(ops: &[Op], at: usize, table: &str) -> bool {
    let mut rest = ops[at + 1..].iter().filter(|op| op.table() == Some(table));
    let next = rest.find(|op| !matches!(op, Op::DropConstraint { .. }));
    matches!(next, Some(Op::DropTable { .. }))
}

pub(super) fn render(step: &Step<'_>, out: &mut Vec<String>) -> Result<(), Refusal> {
    let Step { before, after, .. } = *step;
    let op = step.op();
    let rebuild = |table: &str| Err(Refusal::Rebuild { table: table.to_owned(), operation: op.print() });
    match op {
        Op::CreateTable(table) => {
            let mut whole = table.clone();
            for constraint in late(step.ops, step.at, &table.name) {
                match constraint.clone() {
                    Constraint::PrimaryKey(key) => whole.primary_key = Some(key),
                    Constraint::Unique(unique) => whole.uniques.push(unique),
                    Constraint::ForeignKey(key) => whole.foreign_keys.push(key),
                    Constraint::Check(check) => whole.checks.push(check),
                    Constraint::Exclusion(rule) => whole.exclusions.push(rule),
                }
            }
            return create_table(&whole, after, out);
        }
        Op::DropConstraint { table, .. } if goes(step.ops, step.at, table) => {}
        Op::AddConstraint { table, constraint, .. } if is_late(step.ops, step.at, table, constraint) => {}
        Op::CreateIndex { table, index, .. } => {
            if let Some(table) = after.tables.get(table) {
                out.push(SPELLING.create_index(table, index, false));
            }
        }
        Op::RenameIndex { name, to } => {
            out.push(format!("DROP INDEX {}", (SPELLING.name)(name)));
            if let Some(table) = after.index_table(to) {
                out.extend(
                    table
                        .indexes
                        .iter()
                        .filter(|index| index.name == *to)
                        .map(|index| SPELLING.create_index(table, index, false)),
                );
            }
        }
        Op::AddColumn { table, column } if native(column) => {
            let rest = SPELLING.column(None, column, &[]);
            out.push(format!("{}ADD COLUMN {} {rest}", SPELLING.alter(table), (SPELLING.name)(&column.name)));
        }
        // The rule that stands for an enum has the names of table and column in its own.
        Op::RenameTable { table, .. } if enums(before, table).next().is_some() => return rebuild(table),
        Op::RenameColumn { table, column, .. } | Op::DropColumn { table, column }
            if enums(before, table).any(|of| of.name == *column) =>
        {
            return rebuild(table);
        }
        Op::CreateView { view, replace: true } => {
            if before.views.contains_key(&view.name) {
                out.push(print(&SPELLING, &Op::DropView { view: view.name.clone() }));
            }
            out.push(print(&SPELLING, &Op::CreateView { view: view.clone(), replace: false }));
        }
        Op::DropTable { .. }
        | Op::RenameTable { .. }
        | Op::RenameColumn { .. }
        | Op::DropColumn { .. }
        | Op::CreateView { .. }
        | Op::DropView { .. }
        | Op::CreateSchema { .. }
        | Op::DropSchema { .. } => out.push(print(&SPELLING, op)),
        Op::DropIndex { name, .. } => out.push(format!("DROP INDEX {}", (SPELLING.name)(name))),
        // Comments and the order of an enum's variants live in the history only.
        Op::Comment { .. }
        | Op::CreateEnum { .. }
        | Op::DropEnum { .. }
        | Op::RenameEnum { .. }
        | Op::ValidateConstraint { .. } => {}
        Op::AddValue { name, .. } | Op::RenameValue { name, .. } => {
            let uses =
                |table: &&Table| table.columns.iter().any(|column| matches!(&column.ty, Type::Enum(of) if of == name));
            if let Some(table) = before.tables.values().find(uses) {
                return rebuild(&table.name);
            }
        }
        Op::AlterColumn { table, .. }
        | Op::AddColumn { table, .. }
        | Op::AddConstraint { table, .. }
        | Op::DropConstraint { table, .. }
        | Op::RenameConstraint { table, .. } => return rebuild(table),
    }
    Ok(())
}

/// The columns of a table that are enums.
fn enums<'a>(schema: &'a Schema, table: &str) -> impl Iterator<Item = &'a Column> {
    let columns = schema.tables.get(table).map(|table| table.columns.iter());
    columns.into_iter().flatten().filter(|column| matches!(column.ty, Type::Enum(_)))
}

/// Whether ADD COLUMN takes the column whatever rows there are.
fn native(column: &Column) -> bool {
    let constant = matches!(column.default, Some(Default::Value(_)));
    let stored = column.generated.as_ref().is_some_and(|made| made.stored);
    let plain = column.identity.is_none() && !stored && !matches!(column.ty, Type::Enum(_));
    plain && (constant || (column.nullable && column.default.is_none()))
}

fn create_table(table: &Table, schema: &Schema, out: &mut Vec<String>) -> Result<(), Refusal> {
    if table.name.to_lowercase().starts_with("sqlite_") {
        return Err(unsupported(table, "SQLite", "have a table whose name begins with `sqlite_`", "rename it"));
    }
    let mut columns = columns(&SPELLING, schema, table);
    let mut rules = Vec::new();
    let identity = table.columns.iter().position(|column| column.identity.is_some());
    for constraint in table.constraints() {
        match (&constraint, identity) {
            (Constraint::PrimaryKey(key), Some(at)) => {
                if key.columns != [table.columns[at].name.as_str()] {
                    let help = "make the identity the whole key";
                    return Err(unsupported(table, "SQLite", "number a column that is not the whole key", help));
                }
                // AUTOINCREMENT keeps numbers of deleted rows from coming back; it wants exactly this form.
                let name = (SPELLING.name)(&key.name);
                columns[at].1 = format!("INTEGER NOT NULL CONSTRAINT {name} PRIMARY KEY AUTOINCREMENT");
            }
            (constraint, _) => rules.push(SPELLING.constraint(constraint)),
        }
    }
    not_null_keys(table, &mut columns);
    for column in table.columns.iter().filter(|column| matches!(column.ty, Type::Enum(_))) {
        let variants: Vec<_> = schema.variants(&column.ty).iter().map(|variant| literal_text(variant)).collect();
        let name = (SPELLING.name)(&enum_check(&table.name, &column.name));
        let values = variants.join(", ");
        rules.push(format!("CONSTRAINT {name} CHECK ({} IN ({values}))", (SPELLING.name)(&column.name)));
    }
    out.push(SPELLING.create_table(&table.name, &columns, &rules));
    if let Some(start) = table.columns.iter().filter_map(|column| column.identity).find_map(|identity| identity.start) {
        let name = literal_text(&table.name);
        out.push(format!("INSERT INTO sqlite_sequence (name, seq) VALUES ({name}, {})", start - 1));
    }
    Ok(())
}

/// What a database made from `schema` holds. It names the oldest version there is words for, so that what is planned on it
/// runs on all.
pub(super) fn store(schema: &Schema) -> Inventory {
    let mut objects = Vec::new();
    let object = |kind, name: &str, table: &Table, sql| Object {
        kind,
        name: name.to_owned(),
        table: table.name.clone(),
        sql: Some(sql),
        temporary: false,
    };
    for table in schema.tables.values() {
        let mut made = Vec::new();
        // What cannot be made is refused by the operation that makes it.
        if create_table(table, schema, &mut made).is_ok() {
            objects.extend(made.into_iter().take(1).map(|sql| object(Kind::Table, &table.name, table, sql)));
        }
        let index = |index: &Index| object(Kind::Index, &index.name, table, SPELLING.create_index(table, index, false));
        objects.extend(table.indexes.iter().map(index));
    }
    Inventory { version: [3, 35, 0], objects, live: false }
}

/// A key column takes NULL here unless it says that it does not.
fn not_null_keys(table: &Table, columns: &mut [(String, String)]) {
    let Some(key) = &table.primary_key else { return };
    for (column, (_, rest)) in table.columns.iter().zip(columns) {
        if key.columns.contains(&column.name) && column.identity.is_none() && !column.nullable {
            let ty = declared(&column.ty);
            *rest = format!("{ty} NOT NULL{}", &rest[ty.len()..]);
        }
    }
}
