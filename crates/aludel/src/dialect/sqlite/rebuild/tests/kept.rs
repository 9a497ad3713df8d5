//! What a table keeps while it is written anew.

use super::{database, perform, rows, run, schema};
use crate::dialect::SQLITE;
use crate::schema::{
    Check, Column, ColumnChange, Constraint, Default, ForeignKey, Identity, Op, PrimaryKey, Schema, Table, Unique,
};
use crate::{Type, Value};

/// A table in which everything is said that the history does not know, with what stands on it.
const WORLD: &str = r#"
CREATE TABLE "p" (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key
    email TEXT COLLATE NOCASE NOT NULL CONSTRAINT "uq_p_email" UNIQUE ON CONFLICT IGNORE /* told once */,
    `größe` INT DEFAULT (1 + 1), -- in "cm"
    [order by] VARCHAR(10) CHECK ("order by" <> 'x'),
    twice INTEGER AS (größe * 2) VIRTUAL,
    thrice INTEGER GENERATED ALWAYS AS (größe * 3) STORED,
    boss_id INTEGER REFERENCES p(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    n INTEGER,
    CONSTRAINT ck_p_n CHECK (p.n > 0 OR p."n" IS NULL)
    CONSTRAINT other CHECK (1)
);
CREATE TABLE child (id INTEGER PRIMARY KEY, p_id INTEGER NOT NULL REFERENCES p(id) ON DELETE CASCADE);
CREATE TABLE log (line TEXT);
CREATE INDEX ix_p_desc ON p (n DESC, email COLLATE RTRIM);
CREATE UNIQUE INDEX ix_p_part ON p (lower(email)) WHERE p.n > 5;
CREATE VIEW v AS SELECT p.id, "email" FROM p WHERE n > 1;
CREATE VIEW vv AS SELECT * FROM v;
CREATE TRIGGER on_it AFTER UPDATE OF n ON p BEGIN INSERT INTO log VALUES ('on ' || NEW.id); END;
CREATE TRIGGER elsewhere AFTER INSERT ON child BEGIN UPDATE p SET n = coalesce(n, 0) + 1 WHERE id = NEW.p_id; END;
CREATE TRIGGER instead INSTEAD OF INSERT ON v BEGIN INSERT INTO p (email, n) VALUES (NEW.email, 7); END;
CREATE TEMP TRIGGER passing AFTER DELETE ON p BEGIN INSERT INTO log VALUES ('gone ' || OLD.id); END;
INSERT INTO p (id, email, größe, n) VALUES (5, 'a@x', 10, 1), (9, 'B@x', NULL, 9), (40, 'c@x', 3, NULL);
UPDATE p SET boss_id = 5 WHERE id = 9;
DELETE FROM p WHERE id = 40;
INSERT INTO child VALUES (1, 5), (2, 9);
DELETE FROM log;
ANALYZE;
"#;

/// What the history knows of it.
fn known() -> Schema {
    let id = Column { nullable: false, identity: Some(Identity::default()), ..Column::new("id", Type::BigInt) };
    let table = Table {
        name: "p".into(),
        columns: vec![
            id,
            Column { nullable: false, ..Column::new("email", Type::Text) },
            Column { default: Some(Default::Expression("1 + 1".into())), ..Column::new("größe", Type::Integer) },
            Column::new("order by", Type::Varchar(10)),
            Column::new("boss_id", Type::BigInt),
            Column::new("n", Type::Integer),
        ],
        primary_key: Some(PrimaryKey { name: "pk_p".into(), columns: vec!["id".into()], ..PrimaryKey::default() }),
        uniques: vec![Unique { name: "uq_p_email".into(), columns: vec!["email".into()], ..Unique::default() }],
        checks: vec![Check { name: "ck_p_n".into(), expression: "n > 0 OR n IS NULL".into(), ..Check::default() }],
        foreign_keys: vec![ForeignKey {
            name: "fk_p_boss_id_p".into(),
            columns: vec!["boss_id".into()],
            table: "p".into(),
            references: vec!["id".into()],
            ..ForeignKey::default()
        }],
        ..Table::default()
    };
    schema(&[Op::CreateTable(table)])
}

/// An operation that no version does in place.
fn anew() -> Op {
    let change = ColumnChange::Default(Some(Default::Value(crate::Value::Int(3))));
    Op::AlterColumn { table: "p".into(), column: "größe".into(), change }
}

fn objects(database: &rusqlite::Connection) -> Vec<String> {
    rows(
        database,
        "SELECT type, name, sql FROM sqlite_schema WHERE name <> 'p' AND name NOT LIKE 'sqlite_%' \
         UNION ALL SELECT 'temp', name, sql FROM sqlite_temp_schema ORDER BY 1, 2",
    )
}

#[test]
fn everything_that_stands_on_a_table_written_anew() {
    let database = database(WORLD);
    let read = |sql: &str| rows(&database, sql);
    let asked = [
        "SELECT id, email, größe, \"order by\", twice, thrice * 1, boss_id, n FROM p",
        "SELECT * FROM child",
        "SELECT * FROM vv",
        "SELECT seq FROM sqlite_sequence WHERE name = 'p'",
        "SELECT * FROM sqlite_stat1 ORDER BY 1, 2",
        "SELECT l.name, seqno, cid, \"desc\", coll FROM pragma_index_list('p') AS l, pragma_index_xinfo(l.name)",
        "SELECT \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list('child')",
        "PRAGMA foreign_keys",
        "PRAGMA legacy_alter_table",
    ];
    let before: Vec<_> = asked.iter().map(|sql| read(sql)).collect();
    let objects_before = objects(&database);
    let plan = perform(&database, &[anew()], &known()).unwrap();
    assert!(plan.statements().any(|sql| sql.starts_with("INSERT OR ABORT")));
    for (sql, before) in asked.iter().zip(before) {
        assert_eq!(read(sql), before, "{sql}");
    }
    assert_eq!(objects(&database), objects_before);
    expect_test::expect![[r#"
        CREATE TABLE "p" (
            id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key
            email TEXT COLLATE NOCASE NOT NULL CONSTRAINT "uq_p_email" UNIQUE ON CONFLICT IGNORE /* told once */,
            `größe` INT DEFAULT 3, -- in "cm"
            [order by] VARCHAR(10) CHECK ("order by" <> 'x'),
            twice INTEGER AS (größe * 2) VIRTUAL,
            thrice INTEGER GENERATED ALWAYS AS (größe * 3) STORED,
            boss_id INTEGER REFERENCES p(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
            n INTEGER,
            CONSTRAINT ck_p_n CHECK ("n" > 0 OR "n" IS NULL)
            CONSTRAINT other CHECK (1)
        )"#]]
    .assert_eq(&read("SELECT sql FROM sqlite_schema WHERE name = 'p'").concat());
    // The next number, every trigger, the rules, and what conflicts do.
    run(&database, "INSERT INTO p (email) VALUES ('d@x'), ('A@X')");
    assert_eq!(read("SELECT id, größe FROM p WHERE email = 'D@x'"), ["41|3"]);
    run(
        &database,
        "INSERT INTO child VALUES (3, 41); INSERT INTO v (email) VALUES ('e@x'); DELETE FROM p WHERE id = 5",
    );
    assert_eq!(read("SELECT line FROM log"), ["on 41", "gone 5"]);
    assert_eq!(read("SELECT id FROM child"), ["2", "3"]);
    assert_eq!(read("SELECT boss_id FROM p WHERE id = 9"), ["NULL"]);
    for broken in [
        "UPDATE p SET n = 0",
        "UPDATE p SET email = NULL",
        "UPDATE p SET \"order by\" = 'x'",
        "UPDATE p SET boss_id = 999",
        "INSERT INTO child VALUES (9, 999)",
        "INSERT INTO p (email, n) VALUES ('F', 9), ('f ', 9), (lower('F'), 9); INSERT INTO child VALUES (2, 9)",
    ] {
        assert!(database.execute_batch(broken).is_err(), "{broken}");
    }
    assert_eq!(read("PRAGMA integrity_check"), ["ok"]);
}

/// A change that leaves the text as it was writes the table anew and changes nothing at all.
#[test]
fn a_table_written_anew_without_a_change_is_the_same() {
    let database = database(WORLD);
    let same = ColumnChange::Type { ty: Type::Integer, using: Some("n".into()), collation: None };
    let op = Op::AlterColumn { table: "p".into(), column: "n".into(), change: same };
    let schema = || rows(&database, "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2");
    let values = || rows(&database, "SELECT rowid, * FROM p");
    let first = values();
    perform(&database, std::slice::from_ref(&op), &known()).unwrap();
    let once = schema();
    perform(&database, &[op], &known()).unwrap();
    assert_eq!((schema(), values()), (once, first));
}

#[test]
fn up_and_down_and_up_again() {
    let database = database(WORLD);
    let schema = || {
        let rows = rows(&database, "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2");
        rows.iter().map(|row| crate::dialect::sqlite::stored::plain(row)).collect::<Vec<_>>()
    };
    let column = Column { default: Some(Default::Now), ..Column::new("at", Type::TimestampTz) };
    let seven = Default::Value(Value::Int(7));
    let check = Check { name: "ck".into(), expression: "n < 100".into(), ..Check::default() };
    let unique = Unique { name: "uq".into(), columns: vec!["n".into(), "id".into()], ..Unique::default() };
    for op in [
        anew(),
        Op::AddColumn { table: "p".into(), column },
        Op::AlterColumn { table: "p".into(), column: "n".into(), change: ColumnChange::Default(Some(seven)) },
        Op::AddConstraint { table: "p".into(), constraint: Constraint::Check(check), not_valid: false },
        Op::AddConstraint { table: "p".into(), constraint: Constraint::Unique(unique), not_valid: false },
        Op::RenameColumn { table: "p".into(), column: "n".into(), to: "m".into() },
        Op::RenameTable { table: "p".into(), to: "people".into() },
    ] {
        let known = known();
        let mut after = known.clone();
        op.apply(&mut after).unwrap();
        let down = op.reverse(&known).unwrap();
        // The first time strips the table's name from expressions.
        let before =
            schema().iter().map(|text| text.replace("p . n >", "n >").replace("p . n is", "n is")).collect::<Vec<_>>();
        perform(&database, std::slice::from_ref(&op), &known).unwrap();
        let up = schema();
        perform(&database, &down, &after).unwrap();
        let down =
            schema().iter().map(|text| text.replace("p . n >", "n >").replace("p . n is", "n is")).collect::<Vec<_>>();
        assert_eq!(down, before, "{}", op.print());
        perform(&database, std::slice::from_ref(&op), &known).unwrap();
        assert_eq!(schema(), up, "{}", op.print());
        perform(&database, &op.reverse(&known).unwrap(), &after).unwrap();
    }
}

#[test]
fn whatever_the_journal_is() {
    for mode in ["WAL", "DELETE", "MEMORY"] {
        let folder = tempfile::tempdir().unwrap();
        let database = rusqlite::Connection::open(folder.path().join("a b.db")).unwrap();
        assert_eq!(rows(&database, &format!("PRAGMA journal_mode = {mode}")).concat(), mode.to_lowercase());
        run(&database, WORLD);
        perform(&database, &[anew()], &known()).unwrap();
        assert_eq!(rows(&database, "SELECT count(*) FROM p, child"), ["4"]);
    }
}

/// After any of the steps the transaction can be undone, and nothing is left.
#[test]
fn a_failure_at_any_step_leaves_nothing_behind() {
    let database = database(WORLD);
    let dump = || {
        let schema =
            "SELECT type, name, sql FROM sqlite_schema UNION ALL SELECT type, name, sql FROM sqlite_temp_schema";
        (rows(&database, schema), rows(&database, "SELECT rowid, * FROM p"), rows(&database, "SELECT * FROM child"))
    };
    let before = dump();
    let plan = SQLITE.plan(&[anew()], &known(), &super::inventory(&database)).unwrap();
    for setting in &plan.frame.settings {
        run(&database, &format!("{}{}", setting.write, setting.during));
    }
    for steps in 0..=plan.acts.len() {
        run(&database, "BEGIN IMMEDIATE");
        plan.frame.begin.iter().for_each(|sql| run(&database, sql));
        plan.acts[..steps].iter().for_each(|act| super::act_on(&database, act, &plan.frame).unwrap());
        run(&database, "ROLLBACK; PRAGMA legacy_alter_table = 0");
        assert_eq!(dump(), before, "after {steps} steps");
    }
}

/// Tables that say less than others, and tables that say it strictly.
#[test]
fn the_options_of_tables() {
    let plain = |name: &str, columns: &[(&str, Type)]| Table {
        name: name.into(),
        columns: columns.iter().map(|(name, ty)| Column::new(*name, ty.clone())).collect(),
        ..Table::default()
    };
    let sql = "
        CREATE TABLE strictly (a INT, b TEXT) STRICT;
        CREATE TABLE keyed (a TEXT, b INT, PRIMARY KEY (b DESC, a)) WITHOUT ROWID, STRICT;
        CREATE TABLE shadowed (rowid TEXT, _rowid_ TEXT, a INT);
        CREATE TABLE hidden (rowid TEXT, _rowid_ TEXT, oid TEXT, a INT);
        CREATE TABLE bare (a, b PRIMARY KEY);
        CREATE TABLE backwards (a INTEGER PRIMARY KEY DESC, b TEXT);
        CREATE TABLE waiting (a INTEGER PRIMARY KEY, b INTEGER REFERENCES waiting (a) DEFERRABLE INITIALLY DEFERRED);
        INSERT INTO strictly (rowid, a, b) VALUES (7, 1, 'x'), (3, 2, 'y');
        INSERT INTO keyed VALUES ('x', 1), ('y', 2);
        INSERT INTO shadowed (oid, rowid, _rowid_, a) VALUES (9, 'x', 'y', 1), (4, 'z', 'z', 2);
        INSERT INTO hidden VALUES ('x', 'y', 'z', 1);
        INSERT INTO bare (rowid, a, b) VALUES (8, x'00', NULL), (2, 1.5, 'x');
        INSERT INTO backwards (rowid, a, b) VALUES (5, 1, 'x');
        BEGIN; INSERT INTO waiting VALUES (1, 2), (2, 1); COMMIT;
    ";
    for (table, columns, rowid) in [
        ("strictly", [("a", Type::Integer), ("b", Type::Text)], "rowid"),
        ("keyed", [("b", Type::Integer), ("a", Type::Text)], "b"),
        ("shadowed", [("a", Type::Integer), ("rowid", Type::Text)], "oid"),
        ("hidden", [("a", Type::Integer), ("rowid", Type::Text)], "a"),
        ("bare", [("a", Type::Bytes), ("b", Type::Text)], "rowid"),
        ("backwards", [("a", Type::Integer), ("b", Type::Text)], "rowid"),
        ("waiting", [("a", Type::Integer), ("b", Type::BigInt)], "rowid"),
    ] {
        let database = database(sql);
        let known = schema(&[Op::CreateTable(plain(table, &columns))]);
        let read = || {
            let flags = format!("SELECT wr, strict FROM pragma_table_list('{table}')");
            (rows(&database, &format!("SELECT {rowid}, * FROM {table}")), rows(&database, &flags))
        };
        let before = read();
        let column = |name: &str| Column {
            nullable: false,
            default: Some(Default::Expression("1 + 1".into())),
            ..Column::new(name, Type::BigInt)
        };
        let add = |name: &str| Op::AddColumn { table: table.into(), column: column(name) };
        perform(&database, &[add("more")], &known).unwrap();
        assert_eq!(rows(&database, &format!("SELECT DISTINCT more FROM {table}")), ["2"]);
        let mut after = known.clone();
        add("more").apply(&mut after).unwrap();
        perform(&database, &[Op::DropColumn { table: table.into(), column: "more".into() }], &after).unwrap();
        assert_eq!(read(), before, "{table}");
    }
}

/// Rows that point at nothing before the change are not its fault; those it leaves are.
#[test]
fn rows_that_point_at_nothing() {
    let sql = "PRAGMA foreign_keys = 0; INSERT INTO child VALUES (77, 777); PRAGMA foreign_keys = 1";
    let database = database(&format!("{WORLD}{sql}"));
    perform(&database, &[anew()], &known()).unwrap();
    let mut known = known();
    anew().apply(&mut known).unwrap();
    let rename = Op::RenameTable { table: "p".into(), to: "q".into() };
    let back = Op::AlterColumn { table: "q".into(), column: "größe".into(), change: ColumnChange::Default(None) };
    perform(&database, &[rename.clone(), back], &known).unwrap();
    rename.apply(&mut known).unwrap();
    let error = perform(&database, &[Op::DropTable { table: "q".into() }], &known).unwrap_err();
    expect_test::expect![
        "view `v` would no longer work: no such table: main.q; drop it before, and make it again behind the change"
    ]
    .assert_eq(&error);
    assert_eq!(rows(&database, "SELECT count(*) FROM q"), ["2"]);
}

/// What names a column that goes is told before the end, by name.
#[test]
fn views_and_triggers_that_would_break() {
    let database = database(WORLD);
    let mut told = Vec::new();
    let mut fails = |ops: &[Op]| {
        let before = rows(&database, "SELECT sql FROM sqlite_schema");
        told.push(perform(&database, ops, &known()).unwrap_err());
        assert_eq!(rows(&database, "SELECT sql FROM sqlite_schema"), before);
    };
    let drop_rule = |name: &str| Op::DropConstraint { table: "p".into(), name: name.into() };
    let drop_column = |name: &str| Op::DropColumn { table: "p".into(), column: name.into() };
    fails(&[drop_rule("uq_p_email"), drop_column("email")]);
    run(&database, "DROP VIEW vv; DROP VIEW v; DROP INDEX ix_p_desc; DROP INDEX ix_p_part");
    fails(&[drop_rule("ck_p_n"), drop_column("n")]);
    run(&database, "DROP TRIGGER on_it");
    fails(&[drop_rule("ck_p_n"), drop_column("n")]);
    run(&database, "CREATE VIEW broken AS SELECT absent FROM p");
    fails(&[anew()]);
    expect_test::expect![[r#"
        column `email` of table `p` cannot go: index `ix_p_desc` of the database stands on it; no revision made that; drop it first, behind `-- only: sqlite`
        trigger `elsewhere` on `child` would no longer work: no such column: n; drop it before, and make it again behind the change
        trigger `elsewhere` on `child` would no longer work: no such column: n; drop it before, and make it again behind the change
        view `broken` is broken as it is: no such column: absent; mend it or drop it first"#]].assert_eq(&told.join("\n"));
}

/// What the engine rewrites has to be read again before a table is written anew that it stands on.
#[test]
fn a_plan_says_where_it_has_to_look() {
    let database = database(WORLD);
    let stored = super::inventory(&database);
    let rename = Op::RenameColumn { table: "p".into(), column: "n".into(), to: "m".into() };
    let plan = |ops: &[Op]| SQLITE.plan(ops, &known(), &stored).unwrap();
    let (alone, both, other) = (plan(std::slice::from_ref(&rename)), plan(&[rename, anew()]), plan(&[anew()]));
    assert_eq!((alone.done, alone.after.exact, alone.frame.settings.len()), (1, false, 0));
    assert_eq!((both.done, both.after.exact, both.frame), (1, false, other.frame));
    assert_eq!((other.done, other.after.exact), (1, true));
}

/// Words of the language are names where they stand in quotes, and none where they do not.
#[test]
fn columns_that_are_called_like_words() {
    let sql = "
        CREATE TABLE t (
            id INTEGER PRIMARY KEY, created INTEGER, \"desc\" TEXT, \"end\" INTEGER, \"nocase\" TEXT COLLATE nocase,
            CONSTRAINT ck_t_created CHECK (CASE WHEN created > 0 THEN 1 ELSE 0 END = 1)
        );
        CREATE INDEX ix_t_created ON t (created DESC, \"nocase\" COLLATE nocase);
        INSERT INTO t VALUES (1, 2, 'd', 3, 'n');
    ";
    let column = |name: &str, ty| Column::new(name.to_owned(), ty);
    let columns = vec![
        column("id", Type::Integer),
        column("created", Type::Integer),
        column("desc", Type::Text),
        column("end", Type::Integer),
        column("nocase", Type::Text),
    ];
    let expression = "CASE WHEN created > 0 THEN 1 ELSE 0 END = 1".into();
    let check = Check { name: "ck_t_created".into(), expression, ..Check::default() };
    let known =
        schema(&[Op::CreateTable(Table { name: "t".into(), columns, checks: vec![check], ..Table::default() })]);
    let drop = |column: &str| Op::DropColumn { table: "t".into(), column: column.into() };
    let rename = |from: &str| Op::RenameColumn { table: "t".into(), column: from.into(), to: "other".into() };
    let change = ColumnChange::Default(Some(Default::Value(Value::Int(3))));
    let anew = Op::AlterColumn { table: "t".into(), column: "created".into(), change };
    let index = "CREATE INDEX ix_t_created ON t (created DESC, \"nocase\" COLLATE nocase)";
    for (ops, left, stored) in [
        (vec![drop("desc")], "1|2|3|n", index),
        (vec![drop("end"), anew.clone()], "1|2|d|n", index),
        (vec![rename("desc"), anew.clone()], "1|2|d|3|n", index),
        (vec![rename("end"), anew.clone()], "1|2|d|3|n", index),
        (
            vec![rename("nocase"), anew],
            "1|2|d|3|n",
            "CREATE INDEX ix_t_created ON t (created DESC, \"other\" COLLATE nocase)",
        ),
    ] {
        let database = database(sql);
        let shown = ops.iter().map(Op::print).collect::<Vec<_>>().join("; ");
        perform(&database, &ops, &known).unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(rows(&database, "SELECT * FROM t"), [left], "{shown}");
        let sql = rows(
            &database,
            "SELECT replace(sql, '(created DESC, other', '(created DESC, \"other\"') FROM sqlite_schema WHERE type = 'index'",
        );
        assert_eq!(sql, [stored], "{shown}");
        assert!(database.execute_batch("UPDATE t SET created = 0").is_err(), "{shown}");
    }
}

/// A temporary table would take what is meant for the lasting one of its name.
#[test]
fn a_temporary_table_of_the_same_name() {
    let column = Column::new("more", Type::Text);
    let view = crate::schema::View { name: "v".into(), columns: vec![], query: "SELECT 1 AS a".into() };
    let add = Op::AddColumn { table: "p".into(), column };
    let told = |kind: &str, name: &str| {
        format!(
            "this connection has a temporary {kind} `{name}`, which statements would mean instead of the lasting one; drop \
             it first: DROP {} temp.{name}",
            kind.to_uppercase()
        )
    };
    for (sql, op, expected) in [
        (
            "CREATE TEMP TABLE P (id)",
            Op::DropTable { table: "p".into() },
            told("table", "P").replace("temp.P", "temp.\"P\""),
        ),
        ("CREATE TEMP VIEW p AS SELECT 1", add.clone(), told("view", "p")),
        ("CREATE TEMP TABLE v (id)", Op::CreateView { view, replace: true }, told("table", "v")),
        ("CREATE TEMP TABLE q (id)", Op::RenameTable { table: "p".into(), to: "q".into() }, told("table", "q")),
    ] {
        let database = database(WORLD);
        run(&database, sql);
        assert_eq!(perform(&database, &[op], &known()).unwrap_err(), expected);
        assert_eq!(rows(&database, "SELECT count(*) FROM main.p"), ["2"]);
    }
    let database = database(WORLD);
    run(&database, "CREATE TEMP TABLE other (id); CREATE TEMP VIEW seen AS SELECT n FROM p");
    perform(&database, &[add], &known()).unwrap();
}

/// Temporary triggers and views follow a rename, and are there again when the table is written anew.
#[test]
fn what_only_this_connection_sees_follows_a_rename() {
    let seen = "CREATE TEMP VIEW seen AS SELECT n FROM p;";
    let drop = "DROP TRIGGER elsewhere; DROP VIEW vv; DROP VIEW v;";
    let change = |table: &str, column: &str| Op::AlterColumn {
        table: table.into(),
        column: column.into(),
        change: ColumnChange::Default(Some(Default::Value(Value::Int(3)))),
    };
    let to = |to: &str| Op::RenameTable { table: "p".into(), to: to.into() };
    let column = Op::RenameColumn { table: "p".into(), column: "n".into(), to: "m".into() };
    for (ops, table) in
        [(vec![to("q"), change("q", "größe")], "q"), (vec![column, change("p", "größe")], "p"), (vec![to("P")], "P")]
    {
        let database = database(&format!("{WORLD}{seen}{drop}"));
        perform(&database, &ops, &known()).unwrap();
        assert_eq!(
            rows(&database, "SELECT name FROM sqlite_schema WHERE tbl_name = 'p' COLLATE binary").is_empty(),
            table != "p"
        );
        run(&database, &format!("DELETE FROM {table} WHERE id = 9"));
        assert_eq!(rows(&database, "SELECT line FROM log"), ["gone 9"]);
        assert_eq!(rows(&database, "SELECT * FROM seen"), ["2"]);
        assert_eq!(
            rows(&database, "SELECT type, name FROM sqlite_temp_schema ORDER BY 1"),
            ["trigger|passing", "view|seen"]
        );
        assert_eq!(rows(&database, "SELECT sql FROM sqlite_schema WHERE name = 'passing'"), [""; 0]);
    }
}

/// The name of a column may hold the word of its type.
#[test]
fn columns_of_a_strict_table() {
    let database = database("CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1)");
    let table = Table { name: "t".into(), columns: vec![Column::new("a", Type::Integer)], ..Table::default() };
    let add = |name: &str, ty| Op::AddColumn { table: "t".into(), column: Column::new(name.to_owned(), ty) };
    let ops = [
        add("VARCHAR(9) of", Type::Varchar(9)),
        add("BIGINT", Type::BigInt),
        add("x", Type::Timestamp),
        add("DATE_TEXT", Type::Date),
    ];
    perform(&database, &ops, &schema(&[Op::CreateTable(table)])).unwrap();
    let columns = rows(&database, "SELECT name, type FROM pragma_table_info('t')");
    assert_eq!(columns, ["a|INTEGER", "VARCHAR(9) of|TEXT", "BIGINT|INTEGER", "x|TEXT", "DATE_TEXT|TEXT"]);
}
