//! Views and triggers: what is made anew keeps them, and what they would break by is told.

use super::{database, perform, rows, run, schema};
use crate::Type;
use crate::schema::{Column, ColumnChange, Default, Index, Key, Op, Schema, Table, View};

/// Two tables, and views on views.
const TABLES: &str = "
CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c TEXT);
CREATE TABLE log (x INTEGER, y TEXT);
CREATE UNIQUE INDEX ix_t_b ON t (b);
INSERT INTO t VALUES (1, 'one', 'x'), (2, 'two', 'y');
";

fn known(views: &[Op]) -> Schema {
    let column = |name: &str, ty| Column::new(name.to_owned(), ty);
    let table = |name: &str, columns| Op::CreateTable(Table { name: name.into(), columns, ..Table::default() });
    let index = Index { name: "ix_t_b".into(), keys: vec![Key::column("b")], unique: true, ..Index::default() };
    let mut ops = vec![
        table("t", vec![column("a", Type::Integer), column("b", Type::Text), column("c", Type::Text)]),
        table("log", vec![column("x", Type::Integer), column("y", Type::Text)]),
        Op::CreateIndex { table: "t".into(), index, concurrently: false },
    ];
    ops.extend_from_slice(views);
    schema(&ops)
}

fn view(name: &str, query: &str) -> Op {
    let view = View { name: name.into(), columns: Vec::new(), query: query.into() };
    Op::CreateView { view, replace: false }
}

fn replaced(name: &str, query: &str) -> Op {
    let view = View { name: name.into(), columns: Vec::new(), query: query.into() };
    Op::CreateView { view, replace: true }
}

fn dropped(name: &str) -> Op {
    Op::DropView { view: name.into() }
}

fn drop_column(column: &str) -> Op {
    Op::DropColumn { table: "t".into(), column: column.into() }
}

fn add_column() -> Op {
    Op::AddColumn { table: "t".into(), column: Column::new("d", Type::Text) }
}

/// An operation that no version does in place.
fn anew() -> Op {
    let change = ColumnChange::Default(Some(Default::Value(crate::Value::Text("x".into()))));
    Op::AlterColumn { table: "t".into(), column: "c".into(), change }
}

/// What is made on top of the tables, what is done then, and what is told of it; nothing where it works.
fn check(cases: &[(&str, &[Op], &str)]) {
    for (sql, ops, expected) in cases {
        let database = database(TABLES);
        run(&database, sql);
        let known = known(&[view("v", "SELECT a, b FROM t"), view("w", "SELECT b FROM v")]);
        let stored = || rows(&database, "SELECT sql FROM sqlite_schema UNION ALL SELECT sql FROM sqlite_temp_schema");
        let before = stored();
        let told = perform(&database, ops, &known).err().unwrap_or_default();
        assert_eq!(told, *expected, "{sql}: {}", ops.iter().map(Op::print).collect::<Vec<_>>().join("; "));
        if !told.is_empty() {
            assert_eq!(stored(), before);
        }
    }
}

const BROKEN: &str = "CREATE VIEW v AS SELECT nope FROM t; CREATE VIEW w AS SELECT b FROM v;";
const VIEWS: &str = "CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT b FROM v;";

#[test]
fn a_view_made_again_keeps_its_triggers() {
    let database = database(&format!(
        "{TABLES}{VIEWS}
        CREATE TRIGGER putting INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a, b) VALUES (NEW.a, NEW.b); END;
        CREATE TEMP TRIGGER taking INSTEAD OF DELETE ON v BEGIN DELETE FROM t WHERE a = OLD.a; END;"
    ));
    let known = known(&[view("v", "SELECT a, b FROM t"), view("w", "SELECT b FROM v")]);
    perform(&database, &[replaced("v", "SELECT a, upper(b) AS b FROM t"), anew()], &known).unwrap();
    run(&database, "INSERT INTO v VALUES (3, 'three'); DELETE FROM v WHERE a = 1");
    assert_eq!(rows(&database, "SELECT * FROM w"), ["THREE", "TWO"]);
    let temporary = "SELECT name FROM sqlite_temp_schema";
    assert_eq!(rows(&database, temporary), ["taking"]);
    perform(&database, &[dropped("w"), dropped("v")], &known).unwrap();
    assert_eq!(rows(&database, "SELECT name FROM sqlite_schema WHERE type IN ('view', 'trigger')"), [""; 0]);
    assert_eq!(rows(&database, temporary), [""; 0]);
}

#[test]
fn views_that_are_made_replaced_and_dropped() {
    let putting = "CREATE TRIGGER putting INSTEAD OF INSERT ON v BEGIN INSERT INTO log VALUES (NEW.a, NEW.b); END;";
    let with_trigger = format!("{VIEWS}{putting}");
    let later = "drop it before, and make it again behind the change";
    check(&[
        (VIEWS, &[view("bad", "SELECT nope FROM t")], "view `bad` does not work: no such column: nope"),
        (VIEWS, &[view("bad", "SELECT * FROM nowhere")], "view `bad` does not work: no such table: main.nowhere"),
        (VIEWS, &[view("fine", "SELECT a FROM t"), anew()], ""),
        (VIEWS, &[add_column(), view("fine", "SELECT d FROM t")], ""),
        (
            VIEWS,
            &[replaced("v", "SELECT a FROM t")],
            &format!("view `w` would no longer work: no such column: b; {later}"),
        ),
        (VIEWS, &[replaced("v", "SELECT a FROM t"), replaced("w", "SELECT a FROM v")], ""),
        (VIEWS, &[replaced("v", "SELECT b, c FROM t")], ""),
        (
            &with_trigger,
            &[replaced("v", "SELECT b, c FROM t")],
            &format!("trigger `putting` on `v` would no longer work: no such column: NEW.a; {later}"),
        ),
        (VIEWS, &[dropped("v")], &format!("view `w` would no longer work: no such table: main.v; {later}")),
        (VIEWS, &[dropped("v"), dropped("w")], ""),
        (VIEWS, &[dropped("v"), view("v", "SELECT 1 AS b")], ""),
        (
            VIEWS,
            &[dropped("v"), Op::RenameTable { table: "log".into(), to: "lines".into() }],
            &format!("view `w` would no longer work: no such table: main.v; {later}"),
        ),
        // What was broken is mended.
        (BROKEN, &[replaced("v", "SELECT b FROM t")], ""),
        (BROKEN, &[replaced("v", "SELECT b FROM t"), add_column(), anew()], ""),
        (
            BROKEN,
            &[add_column(), replaced("v", "SELECT b FROM t")],
            "view `v` is broken as it is: no such column: nope; mend it or drop it first",
        ),
        (BROKEN, &[dropped("w"), dropped("v"), add_column()], ""),
    ]);
}

#[test]
fn changes_in_place_and_anew_tell_what_would_break() {
    let later = "drop it before, and make it again behind the change";
    let copying = "CREATE TRIGGER copying AFTER INSERT ON log BEGIN INSERT INTO t VALUES (NEW.x, NEW.y, 'z'); END;";
    let setting = "CREATE VIEW s AS SELECT a FROM t;
        CREATE TRIGGER setting INSTEAD OF UPDATE ON s BEGIN UPDATE t SET c = NEW.a; END;";
    let conflict = "CREATE TRIGGER counting AFTER INSERT ON log BEGIN
        INSERT INTO t (b) VALUES (NEW.y) ON CONFLICT (b) DO UPDATE SET c = 'again'; END;";
    let broken = "CREATE TRIGGER copying AFTER INSERT ON log BEGIN INSERT INTO t VALUES (NEW.x); END;";
    let copied = |count, values| {
        format!(
            "trigger `copying` on `log` would no longer work: table t has {count} columns but {values} values were \
             supplied; {later}"
        )
    };
    check(&[
        (
            "CREATE VIEW all_of (a, b, c) AS SELECT * FROM t",
            &[add_column()],
            &format!("view `all_of` would no longer work: expected 3 columns for 'all_of' but got 4; {later}"),
        ),
        ("CREATE VIEW all_of AS SELECT * FROM t", &[add_column()], ""),
        (copying, &[add_column()], &copied(4, 3)),
        (copying, &[drop_column("c")], &copied(2, 3)),
        (copying, &[add_column(), drop_column("c")], ""),
        (
            setting,
            &[drop_column("c")],
            &format!("trigger `setting` on `s` would no longer work: no such column: c; {later}"),
        ),
        (setting, &[anew()], ""),
        (
            conflict,
            &[Op::DropIndex { name: "ix_t_b".into(), concurrently: false }],
            &format!(
                "trigger `counting` on `log` would no longer work: ON CONFLICT clause does not match any PRIMARY KEY or \
                 UNIQUE constraint; {later}"
            ),
        ),
        (conflict, &[add_column()], ""),
        (
            broken,
            &[add_column()],
            "trigger `copying` on `log` is broken as it is: table t has 3 columns but 1 values were supplied; mend it or \
             drop it first",
        ),
    ]);
    let made = "ALTER TABLE t ADD COLUMN twice AS (a * 2);
        CREATE TRIGGER idle AFTER UPDATE OF twice ON t BEGIN SELECT 1; END;";
    check(&[(made, &[anew()], "")]);
}
