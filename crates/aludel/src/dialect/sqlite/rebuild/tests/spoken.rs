//! Expressions of the portable text mean here what they mean elsewhere, in what is made and in what is asked before.

use super::{database, perform, rows, schema};
use crate::Type;
use crate::schema::{
    Check, Column, ColumnChange, Constraint, Default, Generated, Index, Key, KeyOf, Op, PrimaryKey, Table,
};

fn made() -> Op {
    let id = Column { nullable: false, ..Column::new("id", Type::BigInt) };
    Op::CreateTable(Table {
        name: "t".into(),
        columns: vec![id, Column::new("name", Type::Text), Column::new("ts", Type::Timestamp)],
        primary_key: Some(PrimaryKey { name: "pk_t".into(), columns: vec!["id".into()], ..PrimaryKey::default() }),
        ..Table::default()
    })
}

fn check(expression: &str) -> Op {
    let check = Check { name: "ck_t_1".into(), expression: expression.into(), ..Check::default() };
    Op::AddConstraint { table: "t".into(), constraint: Constraint::Check(check), not_valid: false }
}

#[test]
fn questions_and_copies_are_said_in_the_same_words() {
    let before = schema(&[made()]);
    let database = database(
        "CREATE TABLE t (id BIGINT NOT NULL, name TEXT, ts TIMESTAMP_TEXT, CONSTRAINT pk_t PRIMARY KEY (id));
         INSERT INTO t VALUES (1, 'Anna', '2024-01-01 00:00:00.000000'), (2, 'abel', '2024-01-02 00:00:00.000000')",
    );
    let refused = perform(&database, &[check("name LIKE 'A%' AND ts >= '2024-01-01'")], &before).unwrap_err();
    assert!(refused.starts_with("1 row of table `t` would break the rule `ck_t_1` (id = 2)"), "{refused}");

    let column = |name: &str, ty| Column::new(name, ty);
    let key = Key { of: KeyOf::Expression("left(name, 1)".into()), ..Key::column("") };
    let index =
        Index { name: "ix_t_1".into(), keys: vec![key], filter: Some("name LIKE '_%'".into()), ..Index::default() };
    let day = Some(Generated { expression: "ts::date".into(), stored: true });
    let coin = Some(Default::Expression("gen_random_uuid()".into()));
    let table = || String::from("t");
    let ops = [
        Op::AlterColumn {
            table: table(),
            column: "name".into(),
            change: ColumnChange::Type {
                ty: Type::Varchar(20),
                using: Some("upper(left(name, 1)) || substring(name FROM 2) || '!'".into()),
                collation: None,
            },
        },
        check("name LIKE 'A%' AND ts >= '2024-01-01'"),
        Op::AddColumn { table: table(), column: Column { generated: day, ..column("day", Type::Date) } },
        Op::AddColumn { table: table(), column: Column { default: coin, nullable: false, ..column("u", Type::Uuid) } },
        Op::CreateIndex { table: table(), index, concurrently: false },
    ];
    perform(&database, &ops, &before).unwrap();
    let stored = rows(&database, "SELECT id, name, day, length(u), substr(u, 15, 1) FROM t ORDER BY id");
    assert_eq!(stored, ["1|Anna!|2024-01-01|36|4", "2|Abel!|2024-01-02|36|4"]);
    assert_eq!(rows(&database, "SELECT count(DISTINCT u) FROM t"), ["2"]);
    assert!(database.execute_batch("UPDATE t SET name = 'anna'").is_err());
}

#[test]
fn what_has_no_words_is_refused_before_anything_is_touched() {
    let before = schema(&[made()]);
    let database = database("CREATE TABLE t (id BIGINT NOT NULL, name TEXT, ts TIMESTAMP_TEXT)");
    let using = ColumnChange::Type { ty: Type::Integer, using: Some("extract(year FROM ts)".into()), collation: None };
    let alter = Op::AlterColumn { table: "t".into(), column: "ts".into(), change: using };
    for (op, told) in [
        (check("name ~ '^A'"), "sqlite has no operator `~`: `name ~ '^A'` (table `t`)"),
        (check("ts < now()"), "sqlite has no clock in rules, indexes and generated columns: `ts < now()` (table `t`)"),
        (alter, "sqlite has no EXTRACT(year FROM ..): `extract(year FROM ts)` (table `t`)"),
    ] {
        let refused = perform(&database, &[op], &before).unwrap_err();
        assert!(refused.starts_with(told) && refused.contains("`-- instead: sqlite`"), "{refused}");
    }
}
