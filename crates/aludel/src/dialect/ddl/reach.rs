//! What of the portable text only some engines have: refused where a statement would not mean what it says, left out
//! where it only says how fast something is.

use crate::Type;
use crate::dialect::Dialect;
use crate::schema::{Column, ColumnChange, Commented, Constraint, Deferral, Identity, Index, Op, Problem};

/// How much of the portable text an engine takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// All of it, as it stands.
    pub(crate) whole: bool,
    /// Which collations it knows, by name.
    pub(crate) collation: fn(&str) -> bool,
}

impl Reach {
    /// What `op` asks of `dialect` that it cannot do.
    pub(super) fn refuse(&self, dialect: &Dialect, op: &Op) -> Result<(), Problem> {
        let missing = if self.whole { None } else { self.missing(op) };
        missing.map_or(Ok(()), |what| {
            let what = format!("{} has no {what}: `{}`", dialect.name, first_line(&op.print()));
            Err(Problem::plain(what, elsewhere(dialect)))
        })
    }

    fn missing(&self, op: &Op) -> Option<String> {
        match op {
            Op::CreateTable(table) => {
                let columns = table.columns.iter().find_map(|column| self.column(column));
                let rules = || table.constraints().find_map(|rule| self.constraint(&rule));
                in_schema(&table.name).or(columns).or_else(rules)
            }
            Op::AddColumn { column, .. } => self.column(column),
            Op::AlterColumn { change, .. } => match change {
                ColumnChange::Type { ty, collation, .. } => {
                    other_type(ty).or_else(|| self.collated(collation.as_deref()))
                }
                ColumnChange::Identity(Some(identity)) => options(identity),
                _ => None,
            },
            Op::AddConstraint { constraint, .. } => self.constraint(constraint),
            Op::CreateIndex { index, .. } => self.index(index),
            Op::CreateSchema { .. } | Op::DropSchema { .. } => Some("schemas within a database".into()),
            Op::Comment { on: Commented::Schema(_), .. } => Some("schemas within a database".into()),
            Op::RenameTable { to, .. } => in_schema(to),
            Op::CreateEnum { name, .. } => in_schema(name),
            Op::CreateView { view, .. } => in_schema(&view.name),
            _ => None,
        }
    }

    fn column(&self, column: &Column) -> Option<String> {
        let numbered = column.identity.as_ref().and_then(options);
        other_type(&column.ty).or_else(|| self.collated(column.collation.as_deref())).or(numbered)
    }

    fn collated(&self, collation: Option<&str>) -> Option<String> {
        let collation = collation.filter(|name| !(self.collation)(name))?;
        Some(format!("collation `{collation}`"))
    }

    fn constraint(&self, constraint: &Constraint) -> Option<String> {
        let (missing, deferral) = match constraint {
            Constraint::PrimaryKey(key) => (None, key.deferral),
            Constraint::Unique(unique) => (unique.nulls_not_distinct.then_some(EQUAL_NULLS), unique.deferral),
            Constraint::ForeignKey(key) => {
                let partly = (!key.set_columns.is_empty()).then_some("SET NULL of some columns only");
                return key.match_full.then_some("MATCH FULL").or(partly).map(str::to_owned);
            }
            Constraint::Check(check) => (check.no_inherit.then_some("NO INHERIT"), Deferral::Never),
            Constraint::Exclusion(_) => (Some("exclusion constraints"), Deferral::Never),
        };
        let waits =
            (deferral != Deferral::Never).then_some("keys and unique rules that wait for the end of a transaction");
        missing.or(waits).map(str::to_owned)
    }

    fn index(&self, index: &Index) -> Option<String> {
        if let Some(method) = &index.method {
            return Some(format!("index method `{method}`"));
        }
        let class = index.keys.iter().find_map(|key| key.class.as_ref());
        let class = class.map(|class| format!("operator class `{class}`"));
        let collated = || index.keys.iter().find_map(|key| self.collated(key.collation.as_deref()));
        let nulls = || index.nulls_not_distinct.then(|| EQUAL_NULLS.to_owned());
        class.or_else(collated).or_else(nulls)
    }
}

/// What to write about something that `dialect` has not.
pub(in crate::dialect) fn elsewhere(dialect: &Dialect) -> String {
    format!(
        "write `-- only: ..` with the engines that have it before the statement, or behind it `-- instead: {}` and what runs \
         there in its place",
        dialect.name
    )
}

const EQUAL_NULLS: &str = "unique rules in which NULLs are equal";

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn in_schema(name: &str) -> Option<String> {
    name.contains('.').then(|| "schemas within a database".into())
}

fn other_type(ty: &Type) -> Option<String> {
    match ty {
        Type::Other(text) => Some(format!("type `{text}`")),
        _ => None,
    }
}

fn options(identity: &Identity) -> Option<String> {
    let plain = identity.increment.or(identity.least).or(identity.greatest).is_none() && !identity.cycle;
    (!plain).then(|| "identity that counts in another way than one by one".into())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::dialect::{MARIADB, MYSQL, POSTGRES, SQLITE};
    use crate::schema::{
        Action, Column, ColumnChange, Constraint, Deferral, Exclusion, ForeignKey, Identity, Index, Key, Op, Schema,
        Table, Unique,
    };
    use crate::{Type, Value};

    fn base() -> Schema {
        let columns = vec![
            Column { nullable: false, ..Column::new("id", Type::BigInt) },
            Column { default: Some(crate::schema::Default::Value(Value::Int(1))), ..Column::new("a", Type::BigInt) },
            Column::new("b", Type::Varchar(20)),
        ];
        let table = Table {
            name: "t".into(),
            columns,
            uniques: vec![Unique { name: "uq_t_id".into(), columns: vec!["id".into()], ..Unique::default() }],
            ..Table::default()
        };
        let mut schema = Schema::default();
        Op::CreateTable(table).apply(&mut schema).unwrap();
        schema
    }

    /// What PostgreSQL alone has, and what every engine makes of it.
    #[test]
    fn what_only_some_engines_have() {
        let table = || String::from("t");
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let add = |constraint| Op::AddConstraint { table: table(), constraint, not_valid: false };
        let index = |index| Op::CreateIndex { table: table(), index, concurrently: false };
        let key = Key::column("b");
        let alter = |column: &str, change| Op::AlterColumn { table: table(), column: column.into(), change };
        let points = ForeignKey {
            name: "fk".into(),
            columns: columns(&["a"]),
            table: table(),
            references: columns(&["id"]),
            ..ForeignKey::default()
        };
        let unique = Unique { name: "uq".into(), columns: columns(&["a"]), ..Unique::default() };
        let exclusion = Exclusion {
            name: "ex".into(),
            method: Some("gist".into()),
            elements: "a WITH =".into(),
            filter: Some("a > 0".into()),
            ..Exclusion::default()
        };
        let ix = || Index { name: "ix".into(), keys: vec![key.clone()], ..Index::default() };
        let identity = Identity { increment: Some(5), cycle: true, ..Identity::default() };
        let ops = [
            Op::CreateSchema { name: "s".into() },
            Op::AddColumn { table: table(), column: Column::new("c", Type::Other("INTERVAL".into())) },
            Op::AddColumn {
                table: table(),
                column: Column { collation: Some("de_DE".into()), ..Column::new("c", Type::Text) },
            },
            alter("id", ColumnChange::Identity(Some(identity))),
            add(Constraint::Unique(Unique { nulls_not_distinct: true, ..unique.clone() })),
            add(Constraint::Unique(Unique { deferral: Deferral::Immediate, ..unique.clone() })),
            add(Constraint::ForeignKey(ForeignKey { match_full: true, ..points.clone() })),
            add(Constraint::ForeignKey(ForeignKey {
                set_columns: columns(&["a"]),
                on_delete: Action::SetNull,
                ..points.clone()
            })),
            add(Constraint::Exclusion(exclusion)),
            index(Index { method: Some("gin".into()), ..ix() }),
            index(Index { keys: vec![Key { class: Some("text_pattern_ops".into()), ..key.clone() }], ..ix() }),
            index(Index { unique: true, nulls_not_distinct: true, ..ix() }),
            index(Index {
                keys: vec![Key { nulls_first: Some(true), ..key.clone() }],
                include: columns(&["a"]),
                options: [("fillfactor".to_owned(), "70".to_owned())].into(),
                ..ix()
            }),
        ];
        let mut shown = String::new();
        for op in &ops {
            shown.push_str(&format!("{}\n", op.print()));
            for dialect in [&POSTGRES, &SQLITE, &MYSQL, &MARIADB] {
                let text = match dialect.ddl(std::slice::from_ref(op), &base()) {
                    Ok(statements) if statements == [op.print()] => "the same".to_owned(),
                    Ok(statements) => statements.join("; "),
                    Err(refusals) => refusals[0].to_string().split(": `").next().unwrap_or_default().to_owned(),
                };
                shown.push_str(&format!("    {:8} {text}\n", dialect.name));
            }
        }
        expect![[r#"
            CREATE SCHEMA s
                postgres the same
                sqlite   sqlite has no schemas within a database
                mysql    mysql has no schemas within a database
                mariadb  mariadb has no schemas within a database
            ALTER TABLE t ADD COLUMN c INTERVAL
                postgres the same
                sqlite   sqlite has no type `INTERVAL`
                mysql    mysql has no type `INTERVAL`
                mariadb  mariadb has no type `INTERVAL`
            ALTER TABLE t ADD COLUMN c TEXT COLLATE "de_DE"
                postgres the same
                sqlite   sqlite has no collation `de_DE`
                mysql    mysql has no collation `de_DE`
                mariadb  mariadb has no collation `de_DE`
            ALTER TABLE t ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (INCREMENT BY 5 CYCLE)
                postgres the same
                sqlite   sqlite has no identity that counts in another way than one by one
                mysql    mysql has no identity that counts in another way than one by one
                mariadb  mariadb has no identity that counts in another way than one by one
            ALTER TABLE t ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (a)
                postgres the same
                sqlite   sqlite has no unique rules in which NULLs are equal
                mysql    mysql has no unique rules in which NULLs are equal
                mariadb  mariadb has no unique rules in which NULLs are equal
            ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a) DEFERRABLE
                postgres the same
                sqlite   sqlite has no keys and unique rules that wait for the end of a transaction
                mysql    mysql has no keys and unique rules that wait for the end of a transaction
                mariadb  mariadb has no keys and unique rules that wait for the end of a transaction
            ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES t (id) MATCH FULL
                postgres the same
                sqlite   sqlite has no MATCH FULL
                mysql    mysql has no MATCH FULL
                mariadb  mariadb has no MATCH FULL
            ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES t (id) ON DELETE SET NULL (a)
                postgres the same
                sqlite   sqlite has no SET NULL of some columns only
                mysql    mysql has no SET NULL of some columns only
                mariadb  mariadb has no SET NULL of some columns only
            ALTER TABLE t ADD CONSTRAINT ex EXCLUDE USING gist (a WITH =) WHERE (a > 0)
                postgres the same
                sqlite   sqlite has no exclusion constraints
                mysql    mysql has no exclusion constraints
                mariadb  mariadb has no exclusion constraints
            CREATE INDEX ix ON t USING gin (b)
                postgres the same
                sqlite   sqlite has no index method `gin`
                mysql    mysql has no index method `gin`
                mariadb  mariadb has no index method `gin`
            CREATE INDEX ix ON t (b text_pattern_ops)
                postgres the same
                sqlite   sqlite has no operator class `text_pattern_ops`
                mysql    mysql has no operator class `text_pattern_ops`
                mariadb  mariadb has no operator class `text_pattern_ops`
            CREATE UNIQUE INDEX ix ON t (b) NULLS NOT DISTINCT
                postgres the same
                sqlite   sqlite has no unique rules in which NULLs are equal
                mysql    mysql has no unique rules in which NULLs are equal
                mariadb  mariadb has no unique rules in which NULLs are equal
            CREATE INDEX ix ON t (b NULLS FIRST) INCLUDE (a) WITH (fillfactor = '70')
                postgres the same
                sqlite   CREATE INDEX ix ON t (b)
                mysql    CREATE INDEX ix ON t (b)
                mariadb  CREATE INDEX ix ON t (b)
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn a_refusal_says_what_to_write() {
        let refusals = SQLITE.ddl(&[Op::CreateSchema { name: "s".into() }], &base()).unwrap_err();
        let expected = expect![
            "sqlite has no schemas within a database: `CREATE SCHEMA s`; write `-- only: ..` with the engines that have it before the statement, or behind it `-- instead: sqlite` and what runs there in its place"
        ];
        expected.assert_eq(&refusals[0].to_string());
    }
}
