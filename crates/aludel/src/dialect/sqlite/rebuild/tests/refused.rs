//! Rows that a change would lose or would not take are found before anything is touched.

use super::{database, perform, rows, schema};
use crate::Type;
use crate::schema::{
    Check, Column, ColumnChange, Constraint, Default, ForeignKey, Generated, Index, Key, KeyOf, Op, PrimaryKey, Schema,
    Table, Unique,
};

const ROWS: &str = "
CREATE TABLE parents (id INTEGER NOT NULL CONSTRAINT pk_parents PRIMARY KEY AUTOINCREMENT);
CREATE TABLE t (
    id BIGINT NOT NULL,
    text TEXT,
    whole BIGINT,
    money DECIMAL_TEXT(20, 4),
    moment TIMESTAMP_TEXT,
    state TEXT,
    CONSTRAINT pk_t PRIMARY KEY (id),
    CONSTRAINT ck_t_state_values CHECK (state IN ('a', 'b'))
);
INSERT INTO t VALUES
    (1, '5', 1, '1.5000', '2020-01-01 00:00:00.000000', 'a'),
    (2, '05', 70000, '1.2345', '2020-01-01 10:00:00.000000', 'b'),
    (3, 'abcdef', 1, NULL, NULL, NULL),
    (4, NULL, NULL, '99999999.0000', '2020-01-02 00:00:00.000000', 'b');
INSERT INTO parents VALUES (1);
";

fn known() -> Schema {
    let column = |name: &str, ty| Column::new(name.to_owned(), ty);
    let id = |ty| Column { nullable: false, ..Column::new("id", ty) };
    let key = |name: &str| Some(PrimaryKey { name: name.into(), columns: vec!["id".into()], ..PrimaryKey::default() });
    let mut numbered = id(Type::BigInt);
    numbered.identity = Some(crate::schema::Identity::default());
    let parents =
        Table { name: "parents".into(), columns: vec![numbered], primary_key: key("pk_parents"), ..Table::default() };
    let columns = vec![
        id(Type::BigInt),
        column("text", Type::Text),
        column("whole", Type::BigInt),
        column("money", Type::Numeric(20, 4)),
        column("moment", Type::Timestamp),
        column("state", Type::Enum("state".into())),
    ];
    let t = Table { name: "t".into(), columns, primary_key: key("pk_t"), ..Table::default() };
    let variants = vec!["a".into(), "b".into()];
    schema(&[Op::CreateEnum { name: "state".into(), variants }, Op::CreateTable(parents), Op::CreateTable(t)])
}

fn alter(column: &str, change: ColumnChange) -> Op {
    Op::AlterColumn { table: "t".into(), column: column.into(), change }
}

fn ty(column: &str, ty: Type) -> Op {
    alter(column, ColumnChange::Type { ty, using: None, collation: None })
}

fn using(column: &str, ty: Type, using: &str) -> Op {
    alter(column, ColumnChange::Type { ty, using: Some(using.into()), collation: None })
}

fn add(constraint: Constraint) -> Op {
    Op::AddConstraint { table: "t".into(), constraint, not_valid: false }
}

#[test]
fn rows_that_do_not_fit_are_counted_and_named() {
    let required = |default| Column { nullable: false, default, ..Column::new("new", Type::Integer) };
    let unique = || Unique { name: "uq".into(), columns: vec!["whole".into()], ..Unique::default() };
    let points = ForeignKey {
        name: "fk".into(),
        columns: vec!["whole".into()],
        table: "parents".into(),
        references: vec!["id".into()],
        ..ForeignKey::default()
    };
    let index = Index { name: "ix".into(), keys: vec![Key::column("state")], unique: true, ..Index::default() };
    let check = Check { name: "ck".into(), expression: "whole < 100".into(), ..Check::default() };
    let mut told = String::new();
    for op in [
        alter("text", ColumnChange::Nullable(false)),
        Op::AddColumn { table: "t".into(), column: required(None) },
        ty("text", Type::Integer),
        ty("text", Type::Varchar(4)),
        ty("whole", Type::SmallInt),
        ty("money", Type::Numeric(20, 2)),
        ty("money", Type::Numeric(10, 4)),
        ty("moment", Type::Date),
        ty("state", Type::Enum("fewer".into())),
        using("text", Type::Integer, "length(text) * 1000000000"),
        using("text", Type::Date, "'soon'"),
        using("text", Type::Integer, "CAST(text AS INTEGER)"),
        ty("text", Type::Bool),
        using("text", Type::Bool, "CAST(text AS BOOLEAN)"),
        using("text", Type::Bool, &crate::schema::truth("text")),
        using("text", Type::Bool, "CASE text WHEN '5' THEN 5 END"),
        add(Constraint::Unique(unique())),
        add(Constraint::ForeignKey(points)),
        add(Constraint::Check(check)),
        Op::CreateIndex { table: "t".into(), index, concurrently: false },
    ] {
        let database = database(ROWS);
        let mut known = known();
        Op::CreateEnum { name: "fewer".into(), variants: vec!["a".into()] }.apply(&mut known).unwrap();
        let before = rows(&database, "SELECT * FROM t, sqlite_schema");
        let error = perform(&database, std::slice::from_ref(&op), &known).unwrap_err();
        assert_eq!(rows(&database, "SELECT * FROM t, sqlite_schema"), before);
        assert_eq!(rows(&database, "PRAGMA foreign_keys"), ["1"]);
        told.push_str(&format!("{}\n    {error}\n", op.print()));
    }
    expect_test::expect![[r#"
        ALTER TABLE t ALTER COLUMN text SET NOT NULL
            1 row of table `t` would be NULL in `text`, which is NOT NULL (id = 4); give them a value before: UPDATE .. SET .. WHERE .. IS NULL
        ALTER TABLE t ADD COLUMN new INTEGER NOT NULL
            4 rows of table `t` would be NULL in `new`, which is NOT NULL (id = 1, 2, 3, 4); give the column a default, or add it without NOT NULL and fill it first
        ALTER TABLE t ALTER COLUMN text TYPE INTEGER
            2 rows of table `t` would hold in `text` what is another value as INTEGER (id = 2, 3); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN text TYPE VARCHAR(4)
            1 row of table `t` would hold in `text` what does not fit VARCHAR(4) (id = 3); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN whole TYPE SMALLINT
            1 row of table `t` would hold in `whole` what does not fit SMALLINT (id = 2); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN money TYPE NUMERIC(20, 2)
            1 row of table `t` would hold in `money` what does not fit NUMERIC(20, 2) (id = 2); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN money TYPE NUMERIC(10, 4)
            1 row of table `t` would hold in `money` what does not fit NUMERIC(10, 4) (id = 4); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN moment TYPE DATE
            1 row of table `t` would hold in `moment` what is another value as DATE (id = 2); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN state TYPE fewer
            2 rows of table `t` would hold in `state` what is no value of `fewer` (id = 2, 4); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN text TYPE INTEGER USING length(text) * 1000000000
            1 row of table `t` would hold in `text` what does not fit INTEGER (id = 3); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN text TYPE DATE USING 'soon'
            4 rows of table `t` would hold in `text` what does not fit DATE (id = 1, 2, 3, 4); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN text TYPE INTEGER USING CAST(text AS INTEGER)
            1 row of table `t` would hold in `text` what reads as no INTEGER (id = 3); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN text TYPE BOOLEAN
            3 rows of table `t` would hold in `text` what is another value as BOOLEAN (id = 1, 2, 3); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN text TYPE BOOLEAN USING CAST(text AS BOOLEAN)
            3 rows of table `t` would hold in `text` what is another value as BOOLEAN (id = 1, 2, 3); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN text TYPE BOOLEAN USING CASE WHEN lower(text) IN ('true', 't', 'yes', 'y', 'on', '1') THEN TRUE WHEN lower(text) IN ('false', 'f', 'no', 'n', 'off', '0') THEN FALSE END
            3 rows of table `t` would hold in `text` what is neither true nor false (id = 1, 2, 3); change them before, or say what they become by `USING`
        ALTER TABLE t ALTER COLUMN text TYPE BOOLEAN USING CASE text WHEN '5' THEN 5 END
            1 row of table `t` would hold in `text` what does not fit BOOLEAN (id = 1); change them before, or say what they become by `USING`
        ALTER TABLE t ADD CONSTRAINT uq UNIQUE (whole)
            2 rows of table `t` would agree in `whole` with another one, which `uq` forbids (id = 1, 3); make them differ, or take those away that are too many
        ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (whole) REFERENCES parents (id)
            1 row of table `t` would point at nothing by `fk`: table `parents` has no such row (id = 2); set them to a row that is there or to NULL, or take them away
        ALTER TABLE t ADD CONSTRAINT ck CHECK (whole < 100)
            1 row of table `t` would break the rule `ck` (id = 2); change them so that it holds, or write another rule
        CREATE UNIQUE INDEX ix ON t (state)
            2 rows of table `t` would agree in state with another one, which `ix` forbids (id = 2, 4); make them differ, or take those away that are too many
    "#]].assert_eq(&told);
}

#[test]
fn a_text_is_read_as_a_whole_or_refused() {
    let cases: &[(Type, &str, &[&str], &[&str])] = &[
        (
            Type::BigInt,
            "BIGINT",
            &["12", "-12", "+3", " 7 ", "007", "9223372036854775807", "-9223372036854775808"],
            &["", "-", "--5", "1-2", "5.0", "5e3", "0x10", "12 a", "9223372036854775808", "99999999999999999999"],
        ),
        (
            Type::Double,
            "DOUBLE PRECISION",
            &["12", "-0.5", "1e3", "1.5E-3", ".5", "5."],
            &["", "1e", "e3", "1.5.2", "2024-01-05", "555-1234", "1e400", "9007199254740993", "nan"],
        ),
        (
            Type::Numeric(10, 2),
            "NUMERIC(10, 2)",
            &["12", "-12.50", "007", "99999999.99"],
            &["555-1234", "2024-01-05", "--5", "1e", "12.345", "100000000", "1,5"],
        ),
        (
            Type::Numeric(20, 2),
            "TEXT",
            &["12.00", "-0.50", "999999999999999999.99"],
            &["12", "12.5", "1-2.50", "--1.50", "1.5.00", "007.50", ".50", "-.50", "1e5.00", "1999999999999999999.99"],
        ),
        (
            Type::Numeric(18, 18),
            "TEXT",
            &["0.999999999999999999", "0.000000000000000000"],
            &["1.000000000000000000", ""],
        ),
        (Type::Numeric(18, 0), "TEXT", &["0", "999999999999999999"], &["", "-", "1000000000000000000", "1.0"]),
        (Type::Date, "TEXT", &["2024-02-29"], &["2023-02-30", "2024-2-9", "12:00", "now"]),
        (Type::Time, "TEXT", &["23:59:59.000000"], &["29:00:00.000000", "24:00:00.000000", "12:00"]),
        (
            Type::Timestamp,
            "TEXT",
            &["2024-02-29 00:00:00.000000"],
            &["2023-02-29 00:00:00.000000", "2024-02-29 24:00:00.000000", "2024-02-29T00:00:00.000000"],
        ),
    ];
    for (new, cast, taken, refused) in cases {
        let op = match *cast {
            "TEXT" => using("text", new.clone(), "trim(text)"),
            cast => using("text", new.clone(), &format!("CAST(text AS {cast})")),
        };
        let made = |text: &str| {
            let database = database(ROWS);
            let text = text.replace('\'', "''");
            database.execute_batch(&format!("DELETE FROM t WHERE id > 1; UPDATE t SET text = '{text}'")).unwrap();
            perform(&database, std::slice::from_ref(&op), &known())
        };
        for text in *taken {
            assert_eq!(made(text).err(), None, "{text:?} as {new:?}");
        }
        for text in *refused {
            let Err(error) = made(text) else { panic!("{text:?} as {new:?}") };
            assert!(error.starts_with("1 row of table `t` would hold in `text` what "), "{text:?}: {error}");
        }
    }
}

#[test]
fn values_that_stay_the_same_are_spelled_as_the_new_type_has_them() {
    let mut told = String::new();
    for (column, op) in [
        ("whole", ty("whole", Type::Text)),
        ("whole", ty("whole", Type::Double)),
        ("whole", ty("whole", Type::Numeric(20, 2))),
        ("money", ty("money", Type::Text)),
        ("money", ty("money", Type::Numeric(30, 6))),
        ("moment", ty("moment", Type::TimestampTz)),
        ("moment", ty("moment", Type::Text)),
        ("state", ty("state", Type::Varchar(5))),
        ("money", using("money", Type::Double, "CAST(money AS REAL) * 2")),
        ("text", using("text", Type::Varchar(9), "coalesce(text, '-') || whole")),
        ("text", using("text", Type::Integer, "CAST(text AS INTEGER) + 0")),
        ("text", using("text", Type::Bool, "text IS NOT NULL")),
        // What is NULL by an expression that somebody wrote is meant to be.
        ("text", using("text", Type::Bool, "CASE WHEN text = '5' THEN TRUE WHEN text = '05' THEN FALSE END")),
        ("text", using("text", Type::Bool, "nullif(text, 'abcdef') = '5'")),
        ("text", using("text", Type::Integer, "CASE WHEN text = '5' THEN 5 END")),
        ("text", using("text", Type::Numeric(20, 2), "CASE WHEN text = '5' THEN CAST(whole AS TEXT) || '.00' END")),
        ("text", using("text", Type::Date, "CASE WHEN text = '5' THEN DATE '2020-01-01' END")),
        ("text", using("text", Type::TimestampTz, "CASE WHEN text = '5' THEN moment END")),
        ("text", using("text", Type::Uuid, "CASE WHEN text = '5' THEN '67e55044-10b1-426f-9247-bb680e5fe0c8' END")),
        ("text", using("text", Type::Enum("state".into()), "CASE WHEN text = '5' THEN 'a' END")),
        ("state", using("state", Type::Bool, "CASE WHEN state = 'a' THEN TRUE END")),
        ("whole", using("whole", Type::Bool, "nullif(whole, 70000) <> 0")),
    ] {
        let database = database(ROWS);
        perform(&database, std::slice::from_ref(&op), &known()).unwrap();
        let values = rows(&database, &format!("SELECT quote({column}) FROM t"));
        told.push_str(&format!("{}: {}\n", op.print(), values.join(" ")));
    }
    expect_test::expect![[r#"
        ALTER TABLE t ALTER COLUMN whole TYPE TEXT: '1' '70000' '1' NULL
        ALTER TABLE t ALTER COLUMN whole TYPE DOUBLE PRECISION: 1.0 70000.0 1.0 NULL
        ALTER TABLE t ALTER COLUMN whole TYPE NUMERIC(20, 2): '1.00' '70000.00' '1.00' NULL
        ALTER TABLE t ALTER COLUMN money TYPE TEXT: '1.5000' '1.2345' NULL '99999999.0000'
        ALTER TABLE t ALTER COLUMN money TYPE NUMERIC(30, 6): '1.500000' '1.234500' NULL '99999999.000000'
        ALTER TABLE t ALTER COLUMN moment TYPE TIMESTAMPTZ: '2020-01-01 00:00:00.000000' '2020-01-01 10:00:00.000000' NULL '2020-01-02 00:00:00.000000'
        ALTER TABLE t ALTER COLUMN moment TYPE TEXT: '2020-01-01 00:00:00.000000' '2020-01-01 10:00:00.000000' NULL '2020-01-02 00:00:00.000000'
        ALTER TABLE t ALTER COLUMN state TYPE VARCHAR(5): 'a' 'b' NULL 'b'
        ALTER TABLE t ALTER COLUMN money TYPE DOUBLE PRECISION USING CAST(money AS REAL) * 2: 3.0 2.469 NULL 199999998.0
        ALTER TABLE t ALTER COLUMN text TYPE VARCHAR(9) USING coalesce(text, '-') || whole: '51' '0570000' 'abcdef1' NULL
        ALTER TABLE t ALTER COLUMN text TYPE INTEGER USING CAST(text AS INTEGER) + 0: 5 5 0 NULL
        ALTER TABLE t ALTER COLUMN text TYPE BOOLEAN USING text IS NOT NULL: 1 1 1 0
        ALTER TABLE t ALTER COLUMN text TYPE BOOLEAN USING CASE WHEN text = '5' THEN TRUE WHEN text = '05' THEN FALSE END: 1 0 NULL NULL
        ALTER TABLE t ALTER COLUMN text TYPE BOOLEAN USING nullif(text, 'abcdef') = '5': 1 0 NULL NULL
        ALTER TABLE t ALTER COLUMN text TYPE INTEGER USING CASE WHEN text = '5' THEN 5 END: 5 NULL NULL NULL
        ALTER TABLE t ALTER COLUMN text TYPE NUMERIC(20, 2) USING CASE WHEN text = '5' THEN CAST(whole AS TEXT) || '.00' END: '1.00' NULL NULL NULL
        ALTER TABLE t ALTER COLUMN text TYPE DATE USING CASE WHEN text = '5' THEN DATE '2020-01-01' END: '2020-01-01' NULL NULL NULL
        ALTER TABLE t ALTER COLUMN text TYPE TIMESTAMPTZ USING CASE WHEN text = '5' THEN moment END: '2020-01-01 00:00:00.000000' NULL NULL NULL
        ALTER TABLE t ALTER COLUMN text TYPE UUID USING CASE WHEN text = '5' THEN '67e55044-10b1-426f-9247-bb680e5fe0c8' END: '67e55044-10b1-426f-9247-bb680e5fe0c8' NULL NULL NULL
        ALTER TABLE t ALTER COLUMN text TYPE state USING CASE WHEN text = '5' THEN 'a' END: 'a' NULL NULL NULL
        ALTER TABLE t ALTER COLUMN state TYPE BOOLEAN USING CASE WHEN state = 'a' THEN TRUE END: 1 NULL NULL NULL
        ALTER TABLE t ALTER COLUMN whole TYPE BOOLEAN USING nullif(whole, 70000) <> 0: 1 NULL 1 NULL
    "#]].assert_eq(&told);
}

/// What several operations on one table come to.
#[test]
fn rows_that_do_not_fit_what_operations_come_to() {
    let new = || Column::new("new", Type::Integer);
    let add = |column| Op::AddColumn { table: "t".into(), column };
    let five = || ColumnChange::Default(Some(Default::Value(crate::Value::Int(5))));
    let nothing = Some(Default::Value(crate::Value::Null));
    let null = "4 rows of table `t` would be NULL in `new`, which is NOT NULL (id = 1, 2, 3, 4); give the column a default, \
                or add it without NOT NULL and fill it first";
    for (ops, expected) in [
        (vec![add(new()), alter("new", five()), alter("new", ColumnChange::Nullable(false))], null),
        (vec![add(Column { nullable: false, default: nothing, ..new() })], null),
        (
            vec![
                add(Column { default: Some(Default::Value(crate::Value::Int(5))), ..new() }),
                alter("new", ColumnChange::Default(None)),
                alter("new", ColumnChange::Nullable(false)),
            ],
            "",
        ),
    ] {
        let database = database(ROWS);
        let told = perform(&database, &ops, &known()).err().unwrap_or_default();
        assert_eq!(told, expected, "{}", ops.iter().map(Op::print).collect::<Vec<_>>().join("; "));
    }
}

/// Texts are the same by the collation that they will have.
#[test]
fn texts_that_would_be_the_same() {
    let column = |name: &str, collation: Option<&str>| Column {
        collation: collation.map(str::to_owned),
        ..Column::new(name, Type::Text)
    };
    let unique = |name: &str, columns: &[&str]| Unique {
        name: name.into(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        ..Unique::default()
    };
    let table = Table {
        name: "u".into(),
        columns: vec![Column::new("id", Type::Integer), column("plain", None), column("folded", Some("nocase"))],
        uniques: vec![unique("uq_plain", &["plain"])],
        ..Table::default()
    };
    let known = schema(&[Op::CreateTable(table)]);
    let sql = "CREATE TABLE u (
            id INTEGER, plain TEXT, folded TEXT COLLATE nocase, by_hand TEXT COLLATE nocase, CONSTRAINT uq_plain UNIQUE (plain)
        );
        INSERT INTO u VALUES (1, 'a', 'x', 'q'), (2, 'A', 'y', 'r'), (3, 'b', 'Y', 's');";
    let key =
        |of: KeyOf, collation: Option<&str>| Key { of, collation: collation.map(str::to_owned), ..Key::column("") };
    let index = |key: Key| {
        let index = Index { name: "ix".into(), keys: vec![key], unique: true, ..Index::default() };
        Op::CreateIndex { table: "u".into(), index, concurrently: false }
    };
    let of = |name: &str| KeyOf::Column(name.into());
    let ty = |column: &str, using: Option<&str>, collation: Option<&str>| Op::AlterColumn {
        table: "u".into(),
        column: column.into(),
        change: ColumnChange::Type {
            ty: Type::Text,
            using: using.map(str::to_owned),
            collation: collation.map(str::to_owned),
        },
    };
    let rule = |columns: &[&str]| Op::AddConstraint {
        table: "u".into(),
        constraint: Constraint::Unique(unique("uq", columns)),
        not_valid: false,
    };
    let made = |expression: &str| Op::AddColumn {
        table: "u".into(),
        column: Column {
            generated: Some(Generated { expression: expression.into(), stored: false }),
            ..Column::new("made", Type::Text)
        },
    };
    let mut shown = String::new();
    for ops in [
        vec![index(key(of("plain"), None))],
        vec![index(key(of("plain"), Some("nocase")))],
        vec![index(key(of("folded"), None))],
        vec![index(key(of("folded"), Some("binary")))],
        vec![index(key(KeyOf::Expression("lower(plain)".into()), None))],
        vec![ty("plain", None, Some("nocase"))],
        vec![ty("folded", Some("folded || id"), Some("nocase")), rule(&["folded"])],
        vec![ty("folded", Some("plain"), Some("nocase")), rule(&["folded"])],
        vec![ty("folded", Some("plain"), None), rule(&["folded"])],
        vec![made("id / 2"), rule(&["made"])],
        vec![made("id * 2"), rule(&["made", "plain"])],
    ] {
        let database = database(sql);
        let told = perform(&database, &ops, &known).err().unwrap_or_else(|| "done".into());
        assert!(!told.contains("unforeseen"), "{told}");
        shown.push_str(&format!("{}\n    {told}\n", ops.iter().map(Op::print).collect::<Vec<_>>().join("; ")));
    }
    expect_test::expect![[r#"
        CREATE UNIQUE INDEX ix ON u (plain)
            done
        CREATE UNIQUE INDEX ix ON u (plain COLLATE nocase)
            2 rows of table `u` would agree in plain COLLATE nocase with another one, which `ix` forbids; make them differ, or take those away that are too many
        CREATE UNIQUE INDEX ix ON u (folded)
            2 rows of table `u` would agree in folded with another one, which `ix` forbids; make them differ, or take those away that are too many
        CREATE UNIQUE INDEX ix ON u (folded COLLATE "binary")
            done
        CREATE UNIQUE INDEX ix ON u ((lower(plain)))
            2 rows of table `u` would agree in lower(plain) with another one, which `ix` forbids; make them differ, or take those away that are too many
        ALTER TABLE u ALTER COLUMN plain TYPE TEXT COLLATE nocase
            2 rows of table `u` would agree in `plain` with another one, which `uq_plain` forbids (rowid = 2, 1); make them differ, or take those away that are too many
        ALTER TABLE u ALTER COLUMN folded TYPE TEXT COLLATE nocase USING folded || id; ALTER TABLE u ADD CONSTRAINT uq UNIQUE (folded)
            done
        ALTER TABLE u ALTER COLUMN folded TYPE TEXT COLLATE nocase USING plain; ALTER TABLE u ADD CONSTRAINT uq UNIQUE (folded)
            2 rows of table `u` would agree in `folded` with another one, which `uq` forbids (rowid = 2, 1); make them differ, or take those away that are too many
        ALTER TABLE u ALTER COLUMN folded TYPE TEXT USING plain; ALTER TABLE u ADD CONSTRAINT uq UNIQUE (folded)
            done
        ALTER TABLE u ADD COLUMN made TEXT GENERATED ALWAYS AS (id / 2) VIRTUAL; ALTER TABLE u ADD CONSTRAINT uq UNIQUE (made)
            2 rows of table `u` would agree in `made` with another one, which `uq` forbids (rowid = 2, 3); make them differ, or take those away that are too many
        ALTER TABLE u ADD COLUMN made TEXT GENERATED ALWAYS AS (id * 2) VIRTUAL; ALTER TABLE u ADD CONSTRAINT uq UNIQUE (made, plain)
            done
    "#]].assert_eq(&shown);
}

/// Bytes that are no UTF-8 are read by nobody as text.
#[test]
fn bytes_that_are_no_text() {
    let table = Table { name: "b".into(), columns: vec![Column::new("raw", Type::Bytes)], ..Table::default() };
    let known = schema(&[Op::CreateTable(table)]);
    let change = |ty, using: Option<&str>| {
        let change = ColumnChange::Type { ty, using: using.map(str::to_owned), collation: None };
        Op::AlterColumn { table: "b".into(), column: "raw".into(), change }
    };
    let long = format!("{}e282ac", "61c3bc".repeat(300));
    let fine = ["", "41", "7f00c3bc", "c280", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf", &long];
    let broken = [
        "ff41", "80", "c0af", "c1bf", "c3", "c341", "e08080", "e282", "eda080", "edbfbf", "f0808080", "f4908080",
        "f5808080", "f09080", "00ff", "41c3bc80",
    ];
    let after_long = format!("{}c3", "61c3bc".repeat(300));
    for (hex, text) in fine
        .map(|hex| (hex, true))
        .into_iter()
        .chain(broken.map(|hex| (hex, false)))
        .chain([(after_long.as_str(), false)])
    {
        for op in
            [change(Type::Text, None), change(Type::Varchar(2000), None), change(Type::Text, Some("CAST(raw AS TEXT)"))]
        {
            let database = database(&format!("CREATE TABLE b (raw BLOB); INSERT INTO b VALUES (X'{hex}'), (NULL)"));
            match perform(&database, std::slice::from_ref(&op), &known) {
                Ok(_) => assert!(text, "{hex}: {}", op.print()),
                Err(told) => assert!(!text && told.contains("is no text in UTF-8 (rowid = 1)"), "{hex}: {told}"),
            }
        }
    }
}

/// What is refused is told once: what comes later is about the names that it would have given.
#[test]
fn one_refusal_is_no_more() {
    let check = Check { name: "ck".into(), expression: "text ~ '^A'".into(), ..Check::default() };
    let column = |name: &str| Column::new(name, Type::Integer);
    let unspoken = using("moment", Type::Integer, "extract(year FROM moment)");
    let to = |table: &str, to: &str| Op::RenameTable { table: table.into(), to: to.into() };
    let add_to = |table: &str, name: &str| Op::AddColumn { table: table.into(), column: column(name) };
    for (ops, expected) in [
        (
            vec![add(Constraint::Check(check)), to("t", "u"), add_to("u", "more"), to("u", "w"), add_to("w", "most")],
            vec!["sqlite has no operator `~`: `text ~ '^A'` (table `t`)"],
        ),
        (
            vec![
                unspoken,
                Op::RenameColumn { table: "t".into(), column: "moment".into(), to: "year".into() },
                Op::AlterColumn { table: "t".into(), column: "year".into(), change: ColumnChange::Nullable(false) },
                Op::AlterColumn { table: "t".into(), column: "nowhere".into(), change: ColumnChange::Nullable(false) },
            ],
            vec!["sqlite has no EXTRACT(year FROM ..)", "table `t` has no column `nowhere`"],
        ),
    ] {
        let database = database(ROWS);
        let told = perform(&database, &ops, &known()).unwrap_err();
        let told: Vec<&str> = told.lines().collect();
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        assert!(told.iter().zip(&expected).all(|(told, expected)| told.starts_with(expected)), "{told:#?}");
    }
}
