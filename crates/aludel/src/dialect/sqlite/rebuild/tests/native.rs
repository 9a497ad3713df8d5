//! What is done in place, and when a table is written anew instead.

use super::schema;
use crate::dialect::{Inventory, SQLITE};
use crate::schema::{
    Action, Check, Column, ColumnChange, Constraint, Default, ForeignKey, Generated, Index, Key, Op, Place, PrimaryKey,
    Schema, Table, Unique,
};
use crate::{Type, Value};

fn known() -> Schema {
    let columns = vec![
        Column { nullable: false, ..Column::new("id", Type::BigInt) },
        Column::new("a", Type::Integer),
        Column::new("b", Type::Integer),
        Column::new("state", Type::Enum("state".into())),
    ];
    let table = Table {
        name: "t".into(),
        columns,
        primary_key: Some(PrimaryKey { name: "pk_t".into(), columns: vec!["id".into()], ..PrimaryKey::default() }),
        checks: vec![Check { name: "ck_t_b".into(), expression: "b > 0".into(), ..Check::default() }],
        ..Table::default()
    };
    let index = Index { name: "ix_t_a".into(), keys: vec![Key::column("a")], ..Index::default() };
    schema(&[
        Op::CreateEnum { name: "state".into(), variants: vec!["on".into(), "off".into()] },
        Op::CreateTable(table),
        Op::CreateIndex { table: "t".into(), index, concurrently: false },
    ])
}

fn add(column: Column) -> Op {
    Op::AddColumn { table: "t".into(), column }
}

fn alter(column: &str, change: ColumnChange) -> Op {
    Op::AlterColumn { table: "t".into(), column: column.into(), change }
}

/// The statements for each group of operations, on an older and on a newer version.
#[test]
fn in_place_where_the_version_can() {
    let new = |ty| Column::new("new", ty);
    let five = Some(Default::Value(Value::Int(5)));
    let points = || ForeignKey {
        name: "fk_t_new".into(),
        columns: vec!["new".into()],
        table: "t".into(),
        references: vec!["id".into()],
        on_delete: Action::SetNull,
        ..ForeignKey::default()
    };
    let rule = |constraint| Op::AddConstraint { table: "t".into(), constraint, not_valid: false };
    let made = |stored| Some(Generated { expression: "a + 1".into(), stored });
    let unique = Unique { name: "uq".into(), columns: vec!["a".into()], ..Unique::default() };
    let check = Check { name: "ck".into(), expression: "a < 9".into(), ..Check::default() };
    let drop_rule = |name: &str| Op::DropConstraint { table: "t".into(), name: name.into() };
    let drop_column = |name: &str| Op::DropColumn { table: "t".into(), column: name.into() };
    let groups: Vec<Vec<Op>> = vec![
        vec![add(new(Type::Text))],
        vec![add(Column { nullable: false, default: five.clone(), ..new(Type::Integer) })],
        vec![add(Column { default: Some(Default::Now), ..new(Type::TimestampTz) })],
        vec![add(Column { generated: made(false), ..new(Type::Integer) })],
        vec![add(Column { generated: made(true), ..new(Type::Integer) })],
        vec![add(new(Type::Enum("state".into())))],
        vec![add(new(Type::BigInt)), rule(Constraint::ForeignKey(points()))],
        vec![
            add(Column { nullable: false, default: five, ..new(Type::Integer) }),
            alter("new", ColumnChange::Default(None)),
        ],
        vec![Op::DropIndex { name: "ix_t_a".into(), concurrently: false }, drop_column("a")],
        vec![drop_rule("ck_t_b"), drop_column("b")],
        vec![drop_column("state")],
        vec![alter("a", ColumnChange::Nullable(false))],
        vec![alter("a", ColumnChange::Default(Some(Default::Value(Value::Int(1)))))],
        vec![rule(Constraint::Check(check))],
        vec![rule(Constraint::Unique(unique))],
        vec![Op::RenameTable { table: "t".into(), to: "u".into() }],
        vec![Op::RenameColumn { table: "t".into(), column: "a".into(), to: "order".into() }],
        vec![Op::RenameIndex { name: "ix_t_a".into(), to: "ix".into() }],
        vec![Op::AddValue { name: "state".into(), value: "idle".into(), place: Place::Last }],
        vec![Op::RenameValue { name: "state".into(), value: "on".into(), to: "up".into() }],
        vec![Op::RenameConstraint { table: "t".into(), name: "ck_t_b".into(), to: "b_counts".into() }],
        vec![
            rule(Constraint::Unique(Unique { name: "x".into(), columns: vec!["b".into()], ..Unique::default() })),
            Op::DropTable { table: "t".into() },
        ],
    ];
    let mut shown = String::new();
    for ops in &groups {
        let list: Vec<_> = ops.iter().map(Op::print).collect();
        shown.push_str(&format!("{}\n", list.join("; ")));
        for version in [[3, 35, 0], [3, 53, 0]] {
            let mut stored = Inventory::of(&SQLITE, &known());
            (stored.version, stored.live) = (version, true);
            let plan = SQLITE.plan(ops, &known(), &stored).unwrap();
            let anew = plan.statements().any(|sql| sql.starts_with("INSERT OR ABORT"));
            let statements = match anew {
                true => "anew".to_owned(),
                false => plan.statements().collect::<Vec<_>>().join("; "),
            };
            shown.push_str(&format!("    {}.{} {statements}\n", version[0], version[1]));
        }
    }
    expect_test::expect![[r#"
        ALTER TABLE t ADD COLUMN new TEXT
            3.35 ALTER TABLE t ADD COLUMN new TEXT
            3.53 ALTER TABLE t ADD COLUMN new TEXT
        ALTER TABLE t ADD COLUMN new INTEGER NOT NULL DEFAULT 5
            3.35 ALTER TABLE t ADD COLUMN new INTEGER NOT NULL DEFAULT 5
            3.53 ALTER TABLE t ADD COLUMN new INTEGER NOT NULL DEFAULT 5
        ALTER TABLE t ADD COLUMN new TIMESTAMPTZ DEFAULT now()
            3.35 anew
            3.53 anew
        ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL
            3.35 ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL
            3.53 ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL
        ALTER TABLE t ADD COLUMN new INTEGER GENERATED ALWAYS AS (a + 1) STORED
            3.35 anew
            3.53 anew
        ALTER TABLE t ADD COLUMN new state
            3.35 ALTER TABLE t ADD COLUMN new TEXT CONSTRAINT ck_t_new_values CHECK (new IN ('on', 'off'))
            3.53 ALTER TABLE t ADD COLUMN new TEXT CONSTRAINT ck_t_new_values CHECK (new IN ('on', 'off'))
        ALTER TABLE t ADD COLUMN new BIGINT; ALTER TABLE t ADD CONSTRAINT fk_t_new FOREIGN KEY (new) REFERENCES t (id) ON DELETE SET NULL
            3.35 ALTER TABLE t ADD COLUMN new BIGINT CONSTRAINT fk_t_new REFERENCES t (id) ON DELETE SET NULL
            3.53 ALTER TABLE t ADD COLUMN new BIGINT CONSTRAINT fk_t_new REFERENCES t (id) ON DELETE SET NULL
        ALTER TABLE t ADD COLUMN new INTEGER NOT NULL DEFAULT 5; ALTER TABLE t ALTER COLUMN new DROP DEFAULT
            3.35 anew
            3.53 anew
        DROP INDEX ix_t_a; ALTER TABLE t DROP COLUMN a
            3.35 DROP INDEX ix_t_a; ALTER TABLE t DROP COLUMN a
            3.53 DROP INDEX ix_t_a; ALTER TABLE t DROP COLUMN a
        ALTER TABLE t DROP CONSTRAINT ck_t_b; ALTER TABLE t DROP COLUMN b
            3.35 anew
            3.53 ALTER TABLE t DROP CONSTRAINT ck_t_b; ALTER TABLE t DROP COLUMN b
        ALTER TABLE t DROP COLUMN state
            3.35 anew
            3.53 ALTER TABLE t DROP CONSTRAINT ck_t_state_values; ALTER TABLE t DROP COLUMN state
        ALTER TABLE t ALTER COLUMN a SET NOT NULL
            3.35 anew
            3.53 ALTER TABLE t ALTER COLUMN a SET NOT NULL
        ALTER TABLE t ALTER COLUMN a SET DEFAULT 1
            3.35 anew
            3.53 anew
        ALTER TABLE t ADD CONSTRAINT ck CHECK (a < 9)
            3.35 anew
            3.53 ALTER TABLE t ADD CONSTRAINT ck CHECK (a < 9)
        ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a)
            3.35 anew
            3.53 anew
        ALTER TABLE t RENAME TO u
            3.35 anew
            3.53 ALTER TABLE t DROP CONSTRAINT ck_t_state_values; ALTER TABLE t ADD CONSTRAINT ck_u_state_values CHECK (state IN ('on', 'off')); ALTER TABLE t RENAME TO u
        ALTER TABLE t RENAME COLUMN a TO "order"
            3.35 ALTER TABLE t RENAME COLUMN a TO "order"
            3.53 ALTER TABLE t RENAME COLUMN a TO "order"
        ALTER INDEX ix_t_a RENAME TO ix
            3.35 DROP INDEX ix_t_a; CREATE INDEX ix ON t (a)
            3.53 DROP INDEX ix_t_a; CREATE INDEX ix ON t (a)
        ALTER TYPE state ADD VALUE 'idle'
            3.35 anew
            3.53 ALTER TABLE t DROP CONSTRAINT ck_t_state_values; ALTER TABLE t ADD CONSTRAINT ck_t_state_values CHECK (state IN ('on', 'off', 'idle'))
        ALTER TYPE state RENAME VALUE 'on' TO 'up'
            3.35 anew
            3.53 anew
        ALTER TABLE t RENAME CONSTRAINT ck_t_b TO b_counts
            3.35 anew
            3.53 ALTER TABLE t DROP CONSTRAINT ck_t_b; ALTER TABLE t ADD CONSTRAINT b_counts CHECK (b > 0)
        ALTER TABLE t ADD CONSTRAINT x UNIQUE (b); DROP TABLE t
            3.35 DROP TABLE t
            3.53 DROP TABLE t
    "#]].assert_eq(&shown);
}

/// All that happens, once.
#[test]
fn a_table_written_anew_in_full() {
    let ops = [
        alter("b", ColumnChange::Type { ty: Type::BigInt, using: Some("b * 2".into()), collation: None }),
        Op::AddValue { name: "state".into(), value: "idle".into(), place: Place::Last },
        alter("b", ColumnChange::Type { ty: Type::Text, using: Some("b || 'x'".into()), collation: None }),
        add(Column { default: Some(Default::Now), ..Column::new("at", Type::TimestampTz) }),
    ];
    let plan = SQLITE.plan(&ops, &known(), &Inventory::of(&SQLITE, &known())).unwrap();
    let mut shown = String::new();
    for setting in &plan.frame.settings {
        shown.push_str(&format!("{}{}\n", setting.write, setting.during));
    }
    plan.frame.begin.iter().for_each(|sql| shown.push_str(&format!("{sql}\n")));
    for act in &plan.acts {
        shown.push_str(&match act {
            crate::dialect::Act::Run(sql) | crate::dialect::Act::Follow(sql) => format!("{sql}\n"),
            crate::dialect::Act::Ask(probe) => format!("-- {}: {}\n", probe.what, probe.query),
        });
    }
    plan.frame.end.iter().for_each(|sql| shown.push_str(&format!("{sql}\n")));
    plan.notes.iter().for_each(|note| shown.push_str(&format!("-- {note}\n")));
    expect_test::expect![[r#"
        PRAGMA foreign_keys = 0
        PRAGMA legacy_alter_table = 0
        PRAGMA ignore_check_constraints = 0
        CREATE TEMP TABLE aludel_orphans (child TEXT COLLATE NOCASE, parent TEXT COLLATE NOCASE, at INTEGER, n INTEGER)
        CREATE INDEX temp.aludel_orphans_at ON aludel_orphans (child, parent, at)
        INSERT INTO temp.aludel_orphans SELECT child, parent, NULL, 0 FROM (SELECT child, parent FROM (SELECT t.name AS child, k."table" AS parent, count(*) AS n, count(k."to") AS named, group_concat(quote(lower(k."to"))) AS names FROM main.sqlite_schema AS t CROSS JOIN pragma_foreign_key_list(t.name, 'main') AS k WHERE t.type = 'table' AND t.sql LIKE '%references%' GROUP BY t.name, k.id) AS held WHERE NOT EXISTS (SELECT 1 FROM (SELECT count(*) AS there, total(pk > 0) AS size, total(pk > 0 AND (held.named = 0 OR instr(held.names, quote(lower(name))))) AS same FROM pragma_table_info(held.parent, 'main')) WHERE there = 0 OR (size = held.n AND same = held.n)) AND NOT EXISTS (SELECT 1 FROM pragma_index_list(held.parent, 'main') AS i WHERE held.named > 0 AND i."unique" AND NOT i.partial AND (SELECT count(*) = held.n AND total(instr(held.names, quote(lower(x.name))) > 0) = held.n FROM pragma_index_info(i.name, 'main') AS x)))
        INSERT INTO temp.aludel_orphans SELECT f."table" AS child, f.parent AS parent, f.rowid AS at, count(*) AS n FROM main.sqlite_schema AS t CROSS JOIN pragma_foreign_key_check(t.name, 'main') AS f WHERE t.type = 'table' AND t.sql LIKE '%references%' AND t.name NOT IN (SELECT child FROM temp.aludel_orphans) GROUP BY f."table", f.parent COLLATE NOCASE, f.rowid
        -- {rows} of table `t` would hold in `b` what does not fit BIGINT: SELECT n, (SELECT 'id = ' || group_concat(k, ', ') FROM (SELECT quote(id) AS k FROM t WHERE ((b * 2)) IS NOT NULL AND NOT (typeof((b * 2)) = 'integer') LIMIT 5)) FROM (SELECT count(*) AS n FROM t WHERE ((b * 2)) IS NOT NULL AND NOT (typeof((b * 2)) = 'integer')) WHERE n > 0
        -- {rows} of table `t` would hold in `b` what does not fit TEXT: SELECT n, (SELECT 'id = ' || group_concat(k, ', ') FROM (SELECT quote(id) AS k FROM t WHERE (((b * 2) || 'x')) IS NOT NULL AND NOT (typeof(((b * 2) || 'x')) <> 'blob') LIMIT 5)) FROM (SELECT count(*) AS n FROM t WHERE (((b * 2) || 'x')) IS NOT NULL AND NOT (typeof(((b * 2) || 'x')) <> 'blob')) WHERE n > 0
        -- {rows} of table `t` would break the rule `ck_t_b`: SELECT n, (SELECT 'id = ' || group_concat(k, ', ') FROM (SELECT quote(id) AS k FROM t WHERE NOT (((b * 2) || 'x') > 0) LIMIT 5)) FROM (SELECT count(*) AS n FROM t WHERE NOT (((b * 2) || 'x') > 0)) WHERE n > 0
        CREATE TABLE "aludel_new_t" (
            id    BIGINT NOT NULL,
            a     INTEGER,
            b     TEXT,
            state TEXT,
            at TIMESTAMPTZ_TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%f000','now')),
            CONSTRAINT pk_t PRIMARY KEY (id),
            CONSTRAINT ck_t_b CHECK (b > 0),
            CONSTRAINT ck_t_state_values CHECK (state IN ('on', 'off', 'idle'))
        )
        INSERT OR ABORT INTO aludel_new_t (rowid, id, a, b, state, at) SELECT rowid, id, a, (b * 2) || 'x', state, (strftime('%Y-%m-%d %H:%M:%f000','now')) FROM t ORDER BY rowid
        -- {rows} of table `t` were lost while it was written anew: SELECT abs(old - new), '' FROM (SELECT (SELECT count(*) FROM t) AS old, (SELECT count(*) FROM aludel_new_t) AS new) WHERE old <> new
        PRAGMA legacy_alter_table = ON
        DROP TABLE t
        ALTER TABLE "aludel_new_t" RENAME TO t
        PRAGMA legacy_alter_table = OFF
        CREATE INDEX ix_t_a ON t (a)
        -- table `t` is not sound after it was written anew: SELECT n, faults FROM (SELECT count(*) AS n, group_concat(quick_check, '; ') AS faults FROM pragma_quick_check('t') WHERE quick_check <> 'ok') WHERE n > 0
        DROP TABLE temp.aludel_orphans
        -- table `t` is written anew as the history knows it: a trigger on it that no revision made, or a clause that was written by hand, would be lost
    "#]].assert_eq(&shown);
}

/// Two tables cannot have indexes of one name at the same time, whichever of them is changed first.
#[test]
fn the_name_of_an_index_goes_over_to_another_table() {
    let table = |name: &str| {
        let columns = vec![Column::new("x", Type::Integer), Column::new("y", Type::Integer)];
        Op::CreateTable(Table { name: name.into(), columns, ..Table::default() })
    };
    let index = |name: &str, column: &str| Index {
        name: name.into(),
        keys: vec![Key { descending: true, ..Key::column(column) }],
        ..Index::default()
    };
    let create = |table: &str, name: &str, column: &str| Op::CreateIndex {
        table: table.into(),
        index: index(name, column),
        concurrently: false,
    };
    let drop = |name: &str| Op::DropIndex { name: name.into(), concurrently: false };
    let rename = |name: &str, to: &str| Op::RenameIndex { name: name.into(), to: to.into() };
    let more = |table: &str| Op::AddColumn { table: table.into(), column: Column::new("z", Type::Integer) };
    let anew = |table: &str| Op::AlterColumn {
        table: table.into(),
        column: "y".into(),
        change: ColumnChange::Default(Some(Default::Value(Value::Int(1)))),
    };
    let known = schema(&[table("a"), table("b"), create("a", "ix_a", "x"), create("b", "ix_b", "x")]);
    let mut shown = String::new();
    for ops in [
        vec![more("b"), drop("ix_a"), create("b", "ix_a", "z")],
        vec![anew("b"), anew("a"), drop("ix_a"), create("b", "ix_a", "y")],
        vec![table("c"), drop("ix_a"), create("c", "ix_a", "y")],
        vec![more("b"), rename("ix_a", "old"), create("b", "ix_a", "z")],
        vec![rename("ix_a", "swap"), rename("ix_b", "ix_a"), rename("swap", "ix_b")],
        vec![anew("a"), rename("ix_b", "swap"), rename("ix_a", "ix_b"), rename("swap", "ix_a")],
    ] {
        let database = super::database(
            "CREATE TABLE a (x INTEGER, y INTEGER); CREATE TABLE b (x INTEGER, y INTEGER);
             CREATE INDEX ix_a ON a (x DESC); CREATE INDEX ix_b ON b (x DESC) /* by hand */;
             INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (3, 4);",
        );
        super::perform(&database, &ops, &known).unwrap();
        let stored = super::rows(&database, "SELECT sql FROM sqlite_schema WHERE type = 'index' ORDER BY sql");
        shown.push_str(&format!(
            "{}\n    {}\n",
            ops.iter().map(Op::print).collect::<Vec<_>>().join("; "),
            stored.join("\n    ")
        ));
        let found = SQLITE.compare(
            &super::inventory(&database),
            &ops.iter().fold(known.clone(), |mut schema, op| {
                op.apply(&mut schema).unwrap();
                schema
            }),
        );
        assert_eq!(found, []);
        assert_eq!(super::rows(&database, "SELECT x, y FROM a UNION ALL SELECT x, y FROM b"), ["1|2", "3|4"]);
    }
    expect_test::expect![[r#"
        ALTER TABLE b ADD COLUMN z INTEGER; DROP INDEX ix_a; CREATE INDEX ix_a ON b (z DESC)
            CREATE INDEX ix_a ON b (z DESC)
            CREATE INDEX ix_b ON b (x DESC) /* by hand */
        ALTER TABLE b ALTER COLUMN y SET DEFAULT 1; ALTER TABLE a ALTER COLUMN y SET DEFAULT 1; DROP INDEX ix_a; CREATE INDEX ix_a ON b (y DESC)
            CREATE INDEX ix_a ON b (y DESC)
            CREATE INDEX ix_b ON b (x DESC) /* by hand */
        CREATE TABLE c (
            x INTEGER,
            y INTEGER
        ); DROP INDEX ix_a; CREATE INDEX ix_a ON c (y DESC)
            CREATE INDEX ix_a ON c (y DESC)
            CREATE INDEX ix_b ON b (x DESC) /* by hand */
        ALTER TABLE b ADD COLUMN z INTEGER; ALTER INDEX ix_a RENAME TO old; CREATE INDEX ix_a ON b (z DESC)
            CREATE INDEX ix_a ON b (z DESC)
            CREATE INDEX ix_b ON b (x DESC) /* by hand */
            CREATE INDEX old ON a (x DESC)
        ALTER INDEX ix_a RENAME TO swap; ALTER INDEX ix_b RENAME TO ix_a; ALTER INDEX swap RENAME TO ix_b
            CREATE INDEX ix_a ON b (x DESC) /* by hand */
            CREATE INDEX ix_b ON a (x DESC)
        ALTER TABLE a ALTER COLUMN y SET DEFAULT 1; ALTER INDEX ix_b RENAME TO swap; ALTER INDEX ix_a RENAME TO ix_b; ALTER INDEX swap RENAME TO ix_a
            CREATE INDEX ix_a ON b (x DESC) /* by hand */
            CREATE INDEX ix_b ON a (x DESC)
    "#]].assert_eq(&shown);
}

#[test]
fn rules_get_the_names_of_others() {
    let check =
        |name: &str, expression: &str| Check { name: name.into(), expression: expression.into(), ..Check::default() };
    let table = Table {
        name: "t".into(),
        columns: vec![Column::new("a", Type::Integer)],
        checks: vec![check("ck_2", "a > 0"), check("ck_1", "a < 9")],
        ..Table::default()
    };
    let known = schema(&[Op::CreateTable(table)]);
    let rename = |name: &str, to: &str| Op::RenameConstraint { table: "t".into(), name: name.into(), to: to.into() };
    let gone = vec![Op::DropConstraint { table: "t".into(), name: "ck_1".into() }, rename("ck_2", "ck_1")];
    let swapped = vec![rename("ck_1", "ck_x"), rename("ck_2", "ck_1"), rename("ck_x", "ck_2")];
    let anew = alter("a", ColumnChange::Type { ty: Type::Text, using: None, collation: None });
    for (ops, rules) in [
        (gone.clone(), "CONSTRAINT ck_1 CHECK (a > 0)"),
        ([gone, vec![anew.clone()]].concat(), "CONSTRAINT ck_1 CHECK (a > 0)"),
        (swapped.clone(), "CONSTRAINT ck_1 CHECK (a > 0), CONSTRAINT ck_2 CHECK (a < 9)"),
        ([swapped, vec![anew]].concat(), "CONSTRAINT ck_1 CHECK (a > 0), CONSTRAINT ck_2 CHECK (a < 9)"),
    ] {
        let database = super::database(
            "CREATE TABLE t (a INTEGER, CONSTRAINT ck_2 CHECK (a > 0), CONSTRAINT ck_1 CHECK (a < 9));
             INSERT INTO t VALUES (1), (NULL);",
        );
        super::perform(&database, &ops, &known).unwrap();
        let mut found: Vec<String> = super::rows(&database, "SELECT sql FROM sqlite_schema WHERE name = 't'")[0]
            .split("CONSTRAINT ")
            .skip(1)
            .map(|rule| format!("CONSTRAINT {}", rule.trim().trim_end_matches(',').replace("))", ")")))
            .collect();
        found.sort();
        assert_eq!(found.join(", "), rules);
        assert_eq!(super::rows(&database, "SELECT count(*) FROM t"), ["2"]);
    }
}
