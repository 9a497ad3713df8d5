//! What a table keeps while it is written anew.

use super::{database, perform, rows, run, schema};
use crate::Type;
use crate::schema::{
    Check, Column, ColumnChange, Default, ForeignKey, Identity, Op, PrimaryKey, Schema, Table, Unique,
};

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
        "INSERT INTO p (email) VALUES (NULL)",
        "INSERT INTO child VALUES (9, 999)",
        "INSERT INTO p (email, n) VALUES ('F', 9), ('F ', 9), ('f', 9)",
        "UPDATE p SET \"order by\" = 'x'",
    ] {
        let _ = database.execute_batch(broken).map(|()| {
            let ignored = broken.contains("'F'") && read("SELECT count(*) FROM p WHERE lower(email) = 'f'") == ["1"];
            assert!(ignored, "{broken}");
        });
    }
    assert_eq!(read("PRAGMA integrity_check"), ["ok"]);
}
