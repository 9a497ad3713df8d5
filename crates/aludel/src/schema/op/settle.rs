//! What the text of an operation leaves to the schema it meets.

use std::borrow::Cow;

use super::find::{Result, known_column, known_table};
use super::{ColumnChange, Constraint, Op};
use crate::schema::{Column, Default, ForeignKey, PrimaryKey, Problem, Schema, Table, fit, literal, type_name};
use crate::{Type, Value};

impl Op {
    /// The operation with what only the schema before it tells: a default as a value of its column's type, and the key
    /// that a foreign key without a list of columns points at.
    ///
    /// # Errors
    /// A problem where the table or column is not there, the default is no value of the type, or the key has another
    /// number of columns.
    pub fn settled(&self, before: &Schema) -> std::result::Result<Cow<'_, Op>, Problem> {
        match self {
            Op::AlterColumn { table, column, change: ColumnChange::Default(Some(Default::Now)) } => {
                let ty = &known_column(known_table(before, table)?, column)?.ty;
                if matches!(ty, Type::Timestamp | Type::TimestampTz | Type::Enum(_) | Type::Other(_)) {
                    return Ok(Cow::Borrowed(self));
                }
                let help = "make the column a TIMESTAMPTZ, or write CURRENT_DATE for a day";
                Err(no_value(column, ty, "now()", help))
            }
            Op::AlterColumn { table, column, change: ColumnChange::Default(Some(Default::Value(value))) } => {
                let ty = &known_column(known_table(before, table)?, column)?.ty;
                if matches!(ty, Type::Enum(_)) {
                    return Ok(Cow::Borrowed(self));
                }
                let wrong = |(_, help): (_, String)| no_value(column, ty, &literal(value, ty), &help);
                let fitted = fit(value.clone(), ty).map_err(wrong)?;
                if fitted == *value {
                    return Ok(Cow::Borrowed(self));
                }
                let change = ColumnChange::Default(Some(Default::Value(fitted)));
                Ok(Cow::Owned(Op::AlterColumn { table: table.clone(), column: column.clone(), change }))
            }
            Op::AddConstraint { table, constraint: Constraint::ForeignKey(key), not_valid }
                if key.references.is_empty() =>
            {
                let constraint = Constraint::ForeignKey(pointed(key, known_table(before, table)?, before)?);
                Ok(Cow::Owned(Op::AddConstraint { table: table.clone(), constraint, not_valid: *not_valid }))
            }
            Op::CreateTable(table) if table.foreign_keys.iter().any(|key| key.references.is_empty()) => {
                let keys: Result<Vec<_>> = table.foreign_keys.iter().map(|key| pointed(key, table, before)).collect();
                Ok(Cow::Owned(Op::CreateTable(Table { foreign_keys: keys?, ..table.clone() })))
            }
            _ => Ok(Cow::Borrowed(self)),
        }
    }
}

fn no_value(column: &str, ty: &Type, value: &str, help: &str) -> Problem {
    Problem::plain(format!("column `{column}` is {}, which has no value `{value}`", type_name(ty)), help)
}

/// `ops` as [`Op::settled`] makes them, each met by what those before it make of `before`. One that does not apply stays.
pub(crate) fn settle<'a>(ops: &'a [Op], before: &Schema) -> Cow<'a, [Op]> {
    let leaves = |op: &Op| match op {
        Op::AlterColumn { change: ColumnChange::Default(Some(Default::Value(_))), .. } => true,
        Op::AddConstraint { constraint: Constraint::ForeignKey(key), .. } => key.references.is_empty(),
        Op::CreateTable(table) => table.foreign_keys.iter().any(|key| key.references.is_empty()),
        _ => false,
    };
    if !ops.iter().any(leaves) {
        return Cow::Borrowed(ops);
    }
    let mut schema = before.clone();
    let settled = ops.iter().map(|op| {
        let settled = op.settled(&schema).map_or_else(|_| op.clone(), Cow::into_owned);
        // Whoever runs the operations tells what does not apply.
        drop(settled.apply(&mut schema));
        settled
    });
    settled.collect()
}

/// `key` with the columns it points at: where it names none, the primary key of its table.
fn pointed(key: &ForeignKey, table: &Table, schema: &Schema) -> Result<ForeignKey> {
    if !key.references.is_empty() {
        return Ok(key.clone());
    }
    let target = if key.table == table.name { table } else { known_table(schema, &key.table)? };
    let none = || Problem::plain(format!("table `{}` has no primary key to point at", key.table), "name the columns");
    let PrimaryKey { columns, .. } = target.primary_key.as_ref().ok_or_else(none)?;
    if columns.len() != key.columns.len() {
        let what = format!("`{}` pairs {} columns with the {} of a key", key.name, key.columns.len(), columns.len());
        return Err(Problem::plain(what, format!("name the columns of `{}`", key.table)));
    }
    Ok(ForeignKey { references: columns.clone(), ..key.clone() })
}

/// The default of `column` when that becomes of type `ty`; a problem where it cannot follow and has to go before.
pub(crate) fn followed(column: &Column, ty: &Type) -> Result<Option<Default>> {
    let default = match &column.default {
        Some(Default::Value(value)) => {
            let fitted = fit(value.clone(), ty).ok();
            // What does not lead back is not the same value.
            let same = |fitted: &Value| fit(fitted.clone(), &column.ty).is_ok_and(|back| back == *value);
            fitted.filter(same).map(Default::Value)
        }
        Some(Default::Now) => Some(Default::Now).filter(|_| matches!(ty, Type::Timestamp | Type::TimestampTz)),
        other => return Ok(other.clone()),
    };
    let what = || format!("the default of column `{}` cannot become one of {}", column.name, type_name(ty));
    let help = "drop the default before, and set it again behind: ALTER COLUMN .. DROP DEFAULT";
    default.map(Some).ok_or_else(|| Problem::plain(what(), help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::schema::{Action, ColumnChange};

    fn schema() -> Schema {
        let table = |name: &str, columns: Vec<Column>| {
            let key = PrimaryKey { name: format!("pk_{name}"), columns: vec!["id".into()], ..PrimaryKey::default() };
            Op::CreateTable(Table { name: name.into(), columns, primary_key: Some(key), ..Table::default() })
        };
        let id = || Column { nullable: false, ..Column::new("id", Type::BigInt) };
        let mut schema = Schema::default();
        let posts = vec![id(), Column::new("author", Type::BigInt), Column::new("seen", Type::TimestampTz)];
        for op in [table("users", vec![id()]), table("posts", posts)] {
            op.apply(&mut schema).unwrap();
        }
        schema
    }

    fn key(columns: &[&str]) -> Op {
        let key = ForeignKey {
            name: "fk".into(),
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            table: "users".into(),
            on_delete: Action::Cascade,
            ..ForeignKey::default()
        };
        Op::AddConstraint { table: "posts".into(), constraint: Constraint::ForeignKey(key), not_valid: false }
    }

    fn alter(column: &str, change: ColumnChange) -> Op {
        Op::AlterColumn { table: "posts".into(), column: column.into(), change }
    }

    fn default(column: &str, value: &str) -> Op {
        alter(column, ColumnChange::Default(Some(Default::Value(Value::Text(value.into())))))
    }

    #[test]
    fn what_the_text_leaves_out_comes_from_the_schema() {
        let ops = [default("seen", "1970-01-01 02:00+02"), key(&["author"])];
        let settled = settle(&ops, &schema());
        let texts: Vec<String> = settled.iter().map(Op::print).collect();
        expect_test::expect![[r#"
            ALTER TABLE posts ALTER COLUMN seen SET DEFAULT '1970-01-01 00:00:00.000000'
            ALTER TABLE posts ADD CONSTRAINT fk FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE"#]]
        .assert_eq(&texts.join("\n"));
        let (mut one, mut other) = (schema(), schema());
        for (op, settled) in ops.iter().zip(settled.iter()) {
            op.apply(&mut one).unwrap();
            settled.apply(&mut other).unwrap();
        }
        assert_eq!(one, other);
        let seen = one.tables["posts"].column("seen").unwrap().default.clone();
        assert_eq!(seen, Some(Default::Value(Value::Timestamp(Timestamp(0)))));
    }

    #[test]
    fn what_the_schema_cannot_complete_is_a_problem() {
        let mut schema = schema();
        let before = schema.clone();
        default("seen", "1970-01-01").apply(&mut schema).unwrap();
        let with_default = schema.clone();
        let mut problems = String::new();
        for op in [
            default("author", "x"),
            default("sen", "x"),
            key(&["author", "id"]),
            alter("seen", ColumnChange::Type { ty: Type::BigInt, using: None, collation: None }),
        ] {
            problems.push_str(&format!("{}\n", op.apply(&mut schema).unwrap_err()));
        }
        assert_eq!(schema, with_default);
        assert_ne!(schema, before);
        expect_test::expect![[r#"
            column `author` is BIGINT, which has no value `'x'`; write a whole number
            table `posts` has no column `sen`; did you mean `seen`?
            `fk` pairs 2 columns with the 1 of a key; name the columns of `users`
            the default of column `seen` cannot become one of BIGINT; drop the default before, and set it again behind: ALTER COLUMN .. DROP DEFAULT
        "#]].assert_eq(&problems);
    }
}
