//! Rows that point at nothing, and keys that nothing holds: those of before are not held against a change.

use super::{database, perform, perform_after, rows, schema};
use crate::Type;
use crate::schema::{Column, ColumnChange, Default, ForeignKey, Identity, Op, PrimaryKey, Schema, Table, Unique};

/// A parent whose child has three rows that point at nothing, and two of each parent; another child without rowids; and
/// one whose key is not the rowid.
const TABLES: &str = "
PRAGMA foreign_keys = 0;
CREATE TABLE p (id INTEGER PRIMARY KEY);
CREATE TABLE ch (
    id BIGINT NOT NULL, p_id INTEGER REFERENCES p (id), other INTEGER REFERENCES p (id), CONSTRAINT pk_ch PRIMARY KEY (id)
);
CREATE TABLE bare (k TEXT PRIMARY KEY, p_id INTEGER REFERENCES p (id)) WITHOUT ROWID;
CREATE TABLE t (a INTEGER);
INSERT INTO p VALUES (1), (2), (3);
INSERT INTO ch VALUES (11, 1, 1), (12, 1, NULL), (21, 2, NULL), (22, 2, NULL), (91, 90, 1), (92, 90, 1), (93, 91, 3);
INSERT INTO bare VALUES ('a', 2), ('b', 3), ('c', 93);
PRAGMA foreign_keys = 1;
";

fn known() -> Schema {
    let table = |name: &str, columns: &[&str]| Table {
        name: name.into(),
        columns: columns.iter().map(|name| Column::new(*name, Type::BigInt)).collect(),
        ..Table::default()
    };
    let mut child = table("ch", &["id", "p_id"]);
    child.columns[0].nullable = false;
    child.primary_key = Some(PrimaryKey { name: "pk_ch".into(), columns: vec!["id".into()], ..PrimaryKey::default() });
    schema(&[Op::CreateTable(table("p", &["id"])), Op::CreateTable(child), Op::CreateTable(table("t", &["a"]))])
}

/// An operation that no version does in place.
fn anew(table: &str, column: &str) -> Op {
    let change = ColumnChange::Default(Some(Default::Value(crate::Value::Int(3))));
    Op::AlterColumn { table: table.into(), column: column.into(), change }
}

fn rename(from: &str, to: &str) -> Op {
    Op::RenameTable { table: from.into(), to: to.into() }
}

#[test]
fn rows_are_told_apart() {
    let numbered = Op::AlterColumn {
        table: "ch".into(),
        column: "id".into(),
        change: ColumnChange::Identity(Some(Identity::default())),
    };
    let clean = "DELETE FROM ch WHERE p_id >= 90;";
    let tell = |rows: &str, pairs: &str| {
        format!(
            "{rows} would point at rows that are not there ({pairs}); the revision writes a table anew, so foreign keys are \
             not enforced until its end, and ON DELETE and ON UPDATE do nothing: put the statements that delete or change \
             rows into a revision of their own before this one, or take away there what points at them, too"
        )
    };
    for (statements, ops, expected) in [
        (String::new(), vec![anew("t", "a")], String::new()),
        (String::new(), vec![anew("ch", "p_id"), anew("t", "a")], String::new()),
        (String::new(), vec![rename("ch", "kids"), anew("kids", "p_id")], String::new()),
        (String::new(), vec![rename("p", "P2"), rename("ch", "kids"), anew("t", "a")], String::new()),
        // The rows get other numbers.
        (String::new(), vec![numbered.clone()], String::new()),
        (format!("{clean} DELETE FROM p WHERE id = 1"), vec![anew("t", "a")], tell("2 rows", "ch -> p")),
        (format!("{clean} DELETE FROM p WHERE id = 3"), vec![anew("t", "a")], tell("1 row", "bare -> p")),
        ("DELETE FROM p WHERE id = 2".into(), vec![anew("t", "a")], tell("3 rows", "bare -> p, ch -> p")),
        ("UPDATE ch SET p_id = 99 WHERE id = 12".into(), vec![anew("t", "a")], tell("1 row", "ch -> p")),
        // The same row by its other key.
        ("UPDATE ch SET other = 99 WHERE id = 91".into(), vec![anew("t", "a")], tell("1 row", "ch -> p")),
        ("UPDATE ch SET p_id = 99 WHERE id = 91".into(), vec![anew("t", "a")], String::new()),
        ("UPDATE bare SET p_id = 99 WHERE k = 'b'".into(), vec![anew("t", "a")], tell("1 row", "bare -> p")),
        (format!("{clean} UPDATE ch SET p_id = 90 WHERE id < 20"), vec![anew("ch", "p_id")], tell("2 rows", "ch -> p")),
        ("UPDATE ch SET p_id = 90 WHERE id < 20".into(), vec![numbered], tell("2 rows", "ch -> p")),
    ] {
        let database = database(TABLES);
        let shown = format!("{statements}: {}", ops.iter().map(Op::print).collect::<Vec<_>>().join("; "));
        let told = perform_after(&database, &statements, &ops, &known()).err().unwrap_or_default();
        assert_eq!(told, expected, "{shown}");
        assert_eq!(rows(&database, "SELECT name FROM sqlite_temp_schema"), [""; 0], "{shown}");
    }
}

/// A key that points at columns without a unique rule: the engine checks nothing then, and refuses to be asked.
#[test]
fn a_key_that_nothing_holds() {
    let key = ForeignKey {
        name: "fk_c_x_q".into(),
        columns: vec!["x".into()],
        table: "q".into(),
        references: vec!["a".into()],
        ..ForeignKey::default()
    };
    let table = |name: &str, foreign_keys, uniques| {
        let columns = vec![Column::new("a", Type::Integer), Column::new("x", Type::Integer)];
        Op::CreateTable(Table { name: name.into(), columns, foreign_keys, uniques, ..Table::default() })
    };
    let unique = Unique { name: "uq_u_a".into(), columns: vec!["a".into()], ..Unique::default() };
    let known = schema(&[
        table("t", vec![], vec![]),
        table("q", vec![], vec![unique.clone()]),
        table("c", vec![key], vec![]),
        table("u", vec![], vec![Unique { name: "uq_u_a2".into(), ..unique.clone() }]),
    ]);
    let sql = "
        CREATE TABLE t (a INTEGER, x INTEGER);
        CREATE TABLE q (a INTEGER, x INTEGER);
        CREATE TABLE c (a INTEGER, x INTEGER, CONSTRAINT fk_c_x_q FOREIGN KEY (x) REFERENCES q (a));
        CREATE TABLE u (a INTEGER, x INTEGER, CONSTRAINT uq_u_a2 UNIQUE (a));
        INSERT INTO t VALUES (1, 1);
        CREATE TABLE by_hand (a INTEGER REFERENCES u (a));
        CREATE TABLE more (a INTEGER REFERENCES t, b INTEGER REFERENCES nowhere);
    ";
    let lone = |table: &str| Op::DropTable { table: table.into() };
    let drop_rule = |table: &str, name: &str| Op::DropConstraint { table: table.into(), name: name.into() };
    for (ops, expected) in [
        (vec![lone("c")], ""),
        (vec![lone("c"), lone("q")], ""),
        (vec![anew("t", "a")], ""),
        (vec![rename("q", "r"), rename("c", "d"), anew("t", "a")], ""),
        (vec![drop_rule("c", "fk_c_x_q")], ""),
        (vec![anew("c", "a")], ""),
        (
            vec![drop_rule("u", "uq_u_a2")],
            "foreign keys would point at columns that no key or unique rule holds together (by_hand -> u); drop the \
             foreign key first, or keep a rule over those columns",
        ),
    ] {
        let database = database(sql);
        let shown = ops.iter().map(Op::print).collect::<Vec<_>>().join("; ");
        let told = perform(&database, &ops, &known).err().unwrap_or_default();
        assert_eq!(told, expected, "{shown}");
    }
    // What can be held in many ways is.
    let held = database(
        "CREATE TABLE q (a INTEGER PRIMARY KEY, b TEXT UNIQUE, c INTEGER, d INTEGER, e INTEGER);
         CREATE UNIQUE INDEX q_c_d ON q (c, d);
         CREATE TABLE k (a INTEGER, b INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID;
         CREATE TABLE c (
             a REFERENCES q, b REFERENCES Q (A), c REFERENCES q (b), d, e,
             FOREIGN KEY (d, e) REFERENCES q (D, c), FOREIGN KEY (d, e) REFERENCES k, FOREIGN KEY (d, e) REFERENCES k (a, b)
         );
         CREATE TABLE t (a INTEGER, x INTEGER);
         INSERT INTO q VALUES (1, 'b', 1, 1, 1); INSERT INTO k VALUES (1, 1); INSERT INTO c VALUES (1, 1, 'b', 1, 1)",
    );
    for (statements, count) in [
        ("UPDATE c SET a = 9", 1),
        ("UPDATE c SET b = 9", 1),
        ("UPDATE c SET c = 'x'", 1),
        ("UPDATE c SET d = 9", 2),
        ("DELETE FROM k", 1),
        ("DELETE FROM q", 1),
    ] {
        let told = perform_after(&held, statements, &[anew("t", "a")], &known).unwrap_err();
        let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        assert!(told.starts_with(&format!("{rows} would point at rows that are not there")), "{statements}: {told}");
    }
}
