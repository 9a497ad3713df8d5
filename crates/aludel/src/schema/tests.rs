use expect_test::expect;

use super::{
    Action, Column, ColumnChange, Commented, Constraint, Default, ForeignKey, Identity, Index, Key, Op, Place,
    PrimaryKey, Schema, Table,
};
use crate::value::random::Random;
use crate::{Type, Value};

#[test]
fn what_an_operation_does_its_reverse_undoes() {
    let mut random = Random::new(7);
    let (mut reversed, mut refused) = (0, 0);
    for _ in 0..Random::cases(400) {
        let mut schema = random.schema();
        for _ in 0..25 {
            let op = random.op(&schema);
            let before = schema.clone();
            if op.apply(&mut schema).is_err() {
                assert_eq!(schema, before, "{}", op.print());
                refused += 1;
                continue;
            }
            let Some(back) = op.reverse(&before) else { continue };
            let mut again = schema.clone();
            for op in &back {
                op.apply(&mut again).unwrap_or_else(|problem| panic!("{problem}: {}", op.print()));
            }
            assert_eq!(again, before, "{}", op.print());
            reversed += 1;
        }
    }
    assert!(reversed > 3 * refused, "{reversed} reversed, {refused} refused");
}

#[test]
fn operations_that_make_a_schema_make_it_and_those_that_drop_it_leave_nothing() {
    let mut random = Random::new(8);
    for _ in 0..Random::cases(400) {
        let schema = random.schema();
        let mut made = Schema::default();
        let run = |ops: Vec<Op>, schema: &mut Schema| {
            for op in ops {
                op.apply(schema).unwrap_or_else(|problem| panic!("{problem}: {}", op.print()));
            }
        };
        run(schema.create_ops(), &mut made);
        assert_eq!(made, schema);
        run(schema.drop_ops(), &mut made);
        assert_eq!(made, Schema::default());
        assert!(made.names.0.is_empty());
    }
}

/// Every statement of the portable text.
#[test]
fn the_portable_text_of_each_operation() {
    let (table, column) = (String::from("order"), String::from("a b"));
    let alter = |change| Op::AlterColumn { table: table.clone(), column: column.clone(), change };
    let key = ForeignKey {
        name: "fk".into(),
        columns: vec!["a".into(), "b".into()],
        table: "users".into(),
        references: vec!["x".into(), "y".into()],
        on_delete: Action::SetNull,
        on_update: Action::Cascade,
        ..ForeignKey::default()
    };
    let ops = [
        Op::DropTable { table: table.clone() },
        Op::RenameTable { table: table.clone(), to: "orders".into() },
        Op::AddColumn {
            table: table.clone(),
            column: Column {
                nullable: false,
                default: Some(Default::Value(Value::Text("it's".into()))),
                ..Column::new("name", Type::Varchar(80))
            },
        },
        Op::DropColumn { table: table.clone(), column: column.clone() },
        Op::RenameColumn { table: table.clone(), column: column.clone(), to: "to".into() },
        alter(ColumnChange::Type { ty: Type::BigInt, using: Some("length(name)".into()), collation: None }),
        alter(ColumnChange::Type { ty: Type::Enum("State".into()), using: None, collation: Some("C".into()) }),
        alter(ColumnChange::Nullable(true)),
        alter(ColumnChange::Nullable(false)),
        alter(ColumnChange::Default(None)),
        alter(ColumnChange::Default(Some(Default::Now))),
        alter(ColumnChange::Default(Some(Default::Value(Value::Bytes(vec![1, 255]))))),
        alter(ColumnChange::Default(Some(Default::Expression("lower('A')".into())))),
        alter(ColumnChange::Identity(None)),
        alter(ColumnChange::Identity(Some(Identity { always: true, start: Some(100), ..Identity::default() }))),
        alter(ColumnChange::Expression(None)),
        alter(ColumnChange::Expression(Some("a + b".into()))),
        Op::AddConstraint { table: table.clone(), constraint: Constraint::ForeignKey(key), not_valid: true },
        Op::DropConstraint { table: table.clone(), name: "fk".into() },
        Op::RenameConstraint { table: table.clone(), name: "fk".into(), to: "Fk".into() },
        Op::DropIndex { name: "ix".into(), concurrently: true },
        Op::RenameIndex { name: "ix".into(), to: "iy".into() },
        Op::CreateEnum { name: "State".into(), variants: vec!["draft".into(), "it's out".into()] },
        Op::DropEnum { name: "State".into() },
        Op::RenameEnum { name: "State".into(), to: "state".into() },
        Op::AddValue { name: "state".into(), value: "a".into(), place: Place::Last },
        Op::AddValue { name: "state".into(), value: "a".into(), place: Place::Before("b".into()) },
        Op::AddValue { name: "state".into(), value: "a".into(), place: Place::After("b".into()) },
        Op::RenameValue { name: "state".into(), value: "a".into(), to: "b".into() },
        Op::Comment { on: Commented::Table(table.clone()), text: Some("it's \\ so".into()) },
        Op::Comment { on: Commented::Column(table.clone(), column.clone()), text: None },
    ];
    let text: Vec<_> = ops.iter().map(|op| format!("{};", op.print())).collect();
    expect![[r#"
        DROP TABLE "order";
        ALTER TABLE "order" RENAME TO orders;
        ALTER TABLE "order" ADD COLUMN name VARCHAR(80) NOT NULL DEFAULT 'it''s';
        ALTER TABLE "order" DROP COLUMN "a b";
        ALTER TABLE "order" RENAME COLUMN "a b" TO "to";
        ALTER TABLE "order" ALTER COLUMN "a b" TYPE BIGINT USING length(name);
        ALTER TABLE "order" ALTER COLUMN "a b" TYPE "State" COLLATE "C";
        ALTER TABLE "order" ALTER COLUMN "a b" DROP NOT NULL;
        ALTER TABLE "order" ALTER COLUMN "a b" SET NOT NULL;
        ALTER TABLE "order" ALTER COLUMN "a b" DROP DEFAULT;
        ALTER TABLE "order" ALTER COLUMN "a b" SET DEFAULT now();
        ALTER TABLE "order" ALTER COLUMN "a b" SET DEFAULT '\x01ff';
        ALTER TABLE "order" ALTER COLUMN "a b" SET DEFAULT (lower('A'));
        ALTER TABLE "order" ALTER COLUMN "a b" DROP IDENTITY;
        ALTER TABLE "order" ALTER COLUMN "a b" ADD GENERATED ALWAYS AS IDENTITY (START WITH 100);
        ALTER TABLE "order" ALTER COLUMN "a b" DROP EXPRESSION;
        ALTER TABLE "order" ALTER COLUMN "a b" SET EXPRESSION AS (a + b);
        ALTER TABLE "order" ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES users (x, y) ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;
        ALTER TABLE "order" DROP CONSTRAINT fk;
        ALTER TABLE "order" RENAME CONSTRAINT fk TO "Fk";
        DROP INDEX CONCURRENTLY ix;
        ALTER INDEX ix RENAME TO iy;
        CREATE TYPE "State" AS ENUM ('draft', 'it''s out');
        DROP TYPE "State";
        ALTER TYPE "State" RENAME TO state;
        ALTER TYPE state ADD VALUE 'a';
        ALTER TYPE state ADD VALUE 'a' BEFORE 'b';
        ALTER TYPE state ADD VALUE 'a' AFTER 'b';
        ALTER TYPE state RENAME VALUE 'a' TO 'b';
        COMMENT ON TABLE "order" IS 'it''s \ so';
        COMMENT ON COLUMN "order"."a b" IS NULL;"#]].assert_eq(&text.join("\n"));
}

#[test]
fn a_value_that_is_said_elsewhere_keeps_its_name() {
    let table = |check: Option<&str>| {
        let state = Column::new("state", Type::Enum("mood".into()));
        let rule = |text: &str| super::Check { name: "ck".into(), expression: text.into(), ..super::Check::default() };
        Op::CreateTable(Table {
            name: "t".into(),
            columns: vec![state, Column::new("note", Type::Text)],
            checks: check.map(rule).into_iter().collect(),
            ..Table::default()
        })
    };
    let view = |query: &str| Op::CreateView {
        view: super::View { name: "v".into(), query: query.into(), ..super::View::default() },
        replace: false,
    };
    let rename = Op::RenameValue { name: "mood".into(), value: "good".into(), to: "fine".into() };
    let told = |ops: &[Op]| {
        let mut schema = Schema::default();
        Op::CreateEnum { name: "mood".into(), variants: vec!["good".into(), "bad".into()] }.apply(&mut schema).unwrap();
        ops.iter().for_each(|op| op.apply(&mut schema).unwrap());
        rename.apply(&mut schema).err().map_or("taken".into(), |problem| problem.to_string())
    };
    let index = |filter: &str| Op::CreateIndex {
        table: "t".into(),
        index: Index {
            name: "ix".into(),
            keys: vec![Key::column("note")],
            filter: Some(filter.into()),
            ..Index::default()
        },
        concurrently: false,
    };
    let shown = [
        told(&[table(None)]),
        told(&[table(Some("state <> 'good' OR note IS NULL"))]),
        told(&[table(Some("note <> 'good'"))]),
        told(&[table(Some("state <> 'bad'"))]),
        told(&[table(None), index("state = 'good'")]),
        told(&[table(None), index("note = 'state' OR note = 'good'")]),
        told(&[table(None), view("SELECT note FROM t WHERE state = 'good'")]),
        told(&[table(None), view("SELECT 'good' AS word FROM t")]),
    ];
    expect![[r#"
        taken
        constraint `ck` of table `t` says 'good', and would go on to say so once the value is called `fine`; drop it before, and make it again behind with the new word
        taken
        taken
        index `ix` says 'good', and would go on to say so once the value is called `fine`; drop it before, and make it again behind with the new word
        taken
        view `v` says 'good', and would go on to say so once the value is called `fine`; drop it before, and make it again behind with the new word
        taken"#]].assert_eq(&shown.join("\n"));
}

#[test]
fn a_key_takes_no_null() {
    let mut schema = Schema::default();
    let id = Column { nullable: false, identity: Some(Identity::default()), ..Column::new("id", Type::BigInt) };
    let a = Column { nullable: false, ..Column::new("a", Type::BigInt) };
    let key = |column: &str| PrimaryKey { name: "pk".into(), columns: vec![column.into()], ..PrimaryKey::default() };
    let table = Table { name: "t".into(), columns: vec![id, a, Column::new("b", Type::BigInt)], ..Table::default() };
    Op::CreateTable(table).apply(&mut schema).unwrap();
    let add = |column: &str| Op::AddConstraint {
        table: "t".into(),
        constraint: Constraint::PrimaryKey(key(column)),
        not_valid: false,
    };
    let nullable = |column: &str| Op::AlterColumn {
        table: "t".into(),
        column: column.into(),
        change: ColumnChange::Nullable(true),
    };
    let ops = [add("b"), nullable("id"), add("a"), nullable("a"), nullable("b")];
    let told = ops
        .iter()
        .map(|op| op.apply(&mut schema).err().map_or_else(|| "taken".to_owned(), |problem| problem.to_string()));
    expect![[r#"
        column `b` of table `t` may be NULL, and a primary key takes none; write before: ALTER TABLE t ALTER COLUMN b SET NOT NULL
        column `id` of table `t` is numbered by the database, which gives no NULL; drop that first: ALTER COLUMN .. DROP IDENTITY
        taken
        column `a` of table `t` is part of the primary key `pk`, which takes no NULL; drop the key first: ALTER TABLE t DROP CONSTRAINT pk
        taken"#]].assert_eq(&told.collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_a_view_reads_keeps_its_name() {
    let mut schema = Schema::default();
    for name in ["people", "places"] {
        let columns = vec![Column::new("id", Type::BigInt), Column::new("email", Type::Text)];
        Op::CreateTable(Table { name: name.into(), columns, ..Table::default() }).apply(&mut schema).unwrap();
    }
    let view = super::View { name: "v".into(), query: "SELECT \"email\" FROM People".into(), ..super::View::default() };
    Op::CreateView { view, replace: false }.apply(&mut schema).unwrap();
    let column =
        |table: &str, column: &str| Op::RenameColumn { table: table.into(), column: column.into(), to: "new".into() };
    let table = |table: &str| Op::RenameTable { table: table.into(), to: "new".into() };
    let ops = [
        column("people", "email"),
        column("people", "id"),
        column("places", "email"),
        table("people"),
        table("places"),
    ];
    let told = ops.iter().map(|op| {
        op.apply(&mut schema.clone()).err().map_or_else(|| "taken".to_owned(), |problem| problem.to_string())
    });
    expect![[r#"
        view `v` reads column `email` of table `people`, and engines differ in whether it goes along with a new name; drop the view before, and make it again behind with the new name
        taken
        taken
        view `v` reads table `people`, and engines differ in whether it goes along with a new name; drop the view before, and make it again behind with the new name
        taken"#]].assert_eq(&told.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_foreign_key_wants_a_rule_over_all_rows() {
    let mut schema = Schema::default();
    let parent = Table {
        name: "users".into(),
        columns: vec![Column { nullable: false, ..Column::new("id", Type::BigInt) }, Column::new("code", Type::BigInt)],
        primary_key: Some(PrimaryKey { name: "pk_users".into(), columns: vec!["id".into()], ..PrimaryKey::default() }),
        ..Table::default()
    };
    let key = ForeignKey {
        name: "fk".into(),
        columns: vec!["code".into()],
        table: "users".into(),
        references: vec!["code".into()],
        ..ForeignKey::default()
    };
    let index = |name: &str, filter: Option<&str>| Op::CreateIndex {
        table: "users".into(),
        index: Index {
            name: name.into(),
            keys: vec![Key::column("code")],
            unique: true,
            filter: filter.map(str::to_owned),
            ..Index::default()
        },
        concurrently: false,
    };
    Op::CreateTable(Table { foreign_keys: vec![key], ..parent }).apply(&mut schema).unwrap();
    index("some", Some("code > 0")).apply(&mut schema).unwrap();
    assert!(schema.check()[0].what.contains("no key or unique rule"), "{:?}", schema.check());
    index("all", None).apply(&mut schema).unwrap();
    assert_eq!(schema.check(), []);
}
