mod meanings;

use expect_test::{Expect, expect};

use super::When;
use crate::Type;
use crate::dialect::{Dialect, MARIADB, MYSQL, POSTGRES, SQLITE};
use crate::schema::{Column, Table};

fn table() -> Table {
    let column = |(name, ty): (&str, Type)| Column::new(name, ty);
    let columns = [
        ("i", Type::Integer),
        ("j", Type::BigInt),
        ("n", Type::Numeric(10, 2)),
        ("big", Type::Numeric(20, 4)),
        ("f", Type::Double),
        ("b", Type::Bool),
        ("t", Type::Text),
        ("Order", Type::Varchar(20)),
        ("d", Type::Date),
        ("tod", Type::Time),
        ("ts", Type::Timestamp),
        ("tz", Type::TimestampTz),
        ("u", Type::Uuid),
        ("y", Type::Bytes),
        ("js", Type::Json),
        ("mood", Type::Enum("mood".into())),
    ];
    Table { name: "x".into(), columns: columns.into_iter().map(column).collect(), ..Table::default() }
}

fn said(dialect: &Dialect, text: &str, when: When) -> String {
    match dialect.words(&table()).expression(text, when) {
        Ok(said) => said,
        Err(refusal) => refusal.to_string().split(": `").next().unwrap_or_default().to_owned(),
    }
}

/// What SQLite, MySQL and MariaDB make of each; the latter only where they differ.
fn check(when: When, texts: &[&str], expected: &Expect) {
    let mut shown = String::new();
    for text in texts {
        assert_eq!(said(&POSTGRES, text, when), *text);
        shown.push_str(&format!("{text}\n"));
        let [sqlite, mysql, mariadb] = [&SQLITE, &MYSQL, &MARIADB].map(|dialect| said(dialect, text, when));
        shown.push_str(&format!("    sqlite   {sqlite}\n    mysql    {mysql}\n"));
        if mariadb.replace("mariadb has", "mysql has") != mysql {
            shown.push_str(&format!("    mariadb  {mariadb}\n"));
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn rules_side_by_side() {
    check(
        When::Always,
        &[
            "i>=0 AND (n < 100 OR NOT b)",
            "\"Order\" <> '' AND t != 'C:\\temp' AND x.i = 1",
            "i BETWEEN 1 AND 10 AND j NOT IN (1,2) AND mood = ANY (ARRAY['sad', 'ok'])",
            "(i, j) = (1, 2) AND (i, j) NOT IN ((1, 2), (3, 4))",
            "i / 2 > 0 AND n / 2 > 0 AND i % 2 = 0",
            "i IS DISTINCT FROM j OR t IS NOT DISTINCT FROM 'a'",
            "b IS TRUE AND b IS NOT UNKNOWN",
            "t || '-' || \"Order\" <> 'a-b' AND -i + 1 * 2 - (j - 1) > 0",
            "(i & 3) | 4 = 7",
            "big > 100 AND big = 1.5 AND big IN (1, 2.5) AND n = 1.5",
            "t LIKE 'a%' AND t NOT LIKE '100!%_' ESCAPE '!' AND t LIKE '[x]\\_' AND t LIKE \"Order\" || '%'",
            "length(t) <= 10 AND char_length(t) > 1 AND octet_length(t) < 100",
            "trim(t) <> '' AND TRIM(BOTH 'x' FROM t) = btrim(t, 'x') AND TRIM(LEADING FROM t) = t AND rtrim(t, 'a') = t",
            "substring(t FROM 2 FOR 3) = 'abc' AND POSITION('@' IN t) > 1 AND left(t, 2) = right(t, 2)",
            "greatest(i, j, 5) < 100 AND least(i, 1) = 1 AND mod(i, 2) = 0 AND num_nonnulls(i, j) = 1",
            "concat(t, \"Order\") <> '' AND coalesce(t, 'x') = nullif(t, 'y') AND lower(upper(t)) = replace(t, 'a', 'b')",
            "CASE WHEN i > 0 THEN t <> '' ELSE TRUE END AND CASE d WHEN '2020-01-01' THEN 1 ELSE 2 END = 1",
            "d > '2020-01-01' AND tz < timestamptz '2020-01-01 02:00:00+02' AND ts >= '2020-01-01' AND tod BETWEEN '10:00' AND TIME '12:00'",
            "u <> '67E5504410B1426F9247BB680E5FE0C8' AND y <> '\\x00ff' AND y IS DISTINCT FROM '\\x'::bytea",
            "i::text <> '0' AND t::integer > 1 AND n::integer > 1 AND CAST(f AS numeric(10,1)) > 1 AND f::numeric > 1",
            "t::varchar(3) = 'abc' AND ts::date = d AND i::boolean AND '5'::integer = 5 AND 't'::boolean AND NULL::text IS NULL",
            "mood = 'sad'::mood AND js = '{}'::jsonb",
            "t COLLATE \"C\" < 'a' AND round(n, 1) = n AND abs(i) = 1",
            "0xff + 1_000 > 1e3",
            "own_function(i, t) AND t GLOB 'x'",
            "own_function(i, t)",
        ],
        &expect![[r#"
            i>=0 AND (n < 100 OR NOT b)
                sqlite   i >= 0 AND (n < 100 OR NOT b)
                mysql    i >= 0 AND (n < 100 OR NOT b)
            "Order" <> '' AND t != 'C:\temp' AND x.i = 1
                sqlite   "Order" <> '' AND t <> 'C:\temp' AND i = 1
                mysql    `Order` <> '' AND t <> _utf8mb4 X'433a5c74656d70' AND i = 1
            i BETWEEN 1 AND 10 AND j NOT IN (1,2) AND mood = ANY (ARRAY['sad', 'ok'])
                sqlite   i BETWEEN 1 AND 10 AND j NOT IN (1, 2) AND mood IN ('sad', 'ok')
                mysql    i BETWEEN 1 AND 10 AND j NOT IN (1, 2) AND mood IN ('sad', 'ok')
            (i, j) = (1, 2) AND (i, j) NOT IN ((1, 2), (3, 4))
                sqlite   (i, j) = (1, 2) AND NOT ((i, j) = (1, 2) OR (i, j) = (3, 4))
                mysql    (i, j) = (1, 2) AND NOT ((i, j) = (1, 2) OR (i, j) = (3, 4))
            i / 2 > 0 AND n / 2 > 0 AND i % 2 = 0
                sqlite   i / 2 > 0 AND (n * 1.0 / 2) > 0 AND i % 2 = 0
                mysql    (i DIV 2) > 0 AND n / 2 > 0 AND i % 2 = 0
            i IS DISTINCT FROM j OR t IS NOT DISTINCT FROM 'a'
                sqlite   (i IS NOT j) OR (t IS 'a')
                mysql    (NOT (i <=> j)) OR (t <=> 'a')
            b IS TRUE AND b IS NOT UNKNOWN
                sqlite   b IS TRUE AND b IS NOT NULL
                mysql    b IS TRUE AND b IS NOT NULL
            t || '-' || "Order" <> 'a-b' AND -i + 1 * 2 - (j - 1) > 0
                sqlite   (t || '-' || "Order") <> 'a-b' AND -i + 1 * 2 - (j - 1) > 0
                mysql    concat(concat(t, '-'), `Order`) <> 'a-b' AND -i + 1 * 2 - (j - 1) > 0
            (i & 3) | 4 = 7
                sqlite   ((i & 3) | 4) = 7
                mysql    ((i & 3) | 4) = 7
            big > 100 AND big = 1.5 AND big IN (1, 2.5) AND n = 1.5
                sqlite   CAST(big AS NUMERIC) > 100 AND big = '1.5000' AND big IN ('1.0000', '2.5000') AND n = 1.5
                mysql    big > 100 AND big = 1.5 AND big IN (1, 2.5) AND n = 1.5
            t LIKE 'a%' AND t NOT LIKE '100!%_' ESCAPE '!' AND t LIKE '[x]\_' AND t LIKE "Order" || '%'
                sqlite   (t GLOB 'a*') AND (t NOT GLOB '100%?') AND (t GLOB '[[]x]_') AND t LIKE ("Order" || '%') ESCAPE '\'
                mysql    t LIKE 'a%' AND t NOT LIKE '100!%_' ESCAPE '!' AND t LIKE '[x]!_' ESCAPE '!' AND t LIKE concat(`Order`, '%')
            length(t) <= 10 AND char_length(t) > 1 AND octet_length(t) < 100
                sqlite   length(t) <= 10 AND length(t) > 1 AND length(CAST(t AS BLOB)) < 100
                mysql    char_length(t) <= 10 AND char_length(t) > 1 AND octet_length(t) < 100
            trim(t) <> '' AND TRIM(BOTH 'x' FROM t) = btrim(t, 'x') AND TRIM(LEADING FROM t) = t AND rtrim(t, 'a') = t
                sqlite   trim(t) <> '' AND trim(t, 'x') = trim(t, 'x') AND ltrim(t) = t AND rtrim(t, 'a') = t
                mysql    trim(t) <> '' AND trim(BOTH 'x' FROM t) = trim(BOTH 'x' FROM t) AND ltrim(t) = t AND trim(TRAILING 'a' FROM t) = t
            substring(t FROM 2 FOR 3) = 'abc' AND POSITION('@' IN t) > 1 AND left(t, 2) = right(t, 2)
                sqlite   substr(t, 2, 3) = 'abc' AND instr(t, '@') > 1 AND substr(t, 1, 2) = substr(t, -2)
                mysql    substr(t, 2, 3) = 'abc' AND instr(t, '@') > 1 AND left(t, 2) = right(t, 2)
            greatest(i, j, 5) < 100 AND least(i, 1) = 1 AND mod(i, 2) = 0 AND num_nonnulls(i, j) = 1
                sqlite   coalesce(max(coalesce(max(i, j), i, j), 5), coalesce(max(i, j), i, j), 5) < 100 AND coalesce(min(i, 1), i, 1) = 1 AND (i % 2) = 0 AND ((i IS NOT NULL) + (j IS NOT NULL)) = 1
                mysql    coalesce(greatest(coalesce(greatest(i, j), i, j), 5), coalesce(greatest(i, j), i, j), 5) < 100 AND coalesce(least(i, 1), i, 1) = 1 AND mod(i, 2) = 0 AND ((i IS NOT NULL) + (j IS NOT NULL)) = 1
            concat(t, "Order") <> '' AND coalesce(t, 'x') = nullif(t, 'y') AND lower(upper(t)) = replace(t, 'a', 'b')
                sqlite   (coalesce(t, '') || coalesce("Order", '')) <> '' AND coalesce(t, 'x') = nullif(t, 'y') AND lower(upper(t)) = replace(t, 'a', 'b')
                mysql    concat(coalesce(t, ''), coalesce(`Order`, '')) <> '' AND coalesce(t, 'x') = nullif(t, 'y') AND lower(upper(t)) = replace(t, 'a', 'b')
            CASE WHEN i > 0 THEN t <> '' ELSE TRUE END AND CASE d WHEN '2020-01-01' THEN 1 ELSE 2 END = 1
                sqlite   CASE WHEN i > 0 THEN t <> '' ELSE TRUE END AND CASE d WHEN '2020-01-01' THEN 1 ELSE 2 END = 1
                mysql    CASE WHEN i > 0 THEN t <> '' ELSE TRUE END AND CASE d WHEN '2020-01-01' THEN 1 ELSE 2 END = 1
            d > '2020-01-01' AND tz < timestamptz '2020-01-01 02:00:00+02' AND ts >= '2020-01-01' AND tod BETWEEN '10:00' AND TIME '12:00'
                sqlite   d > '2020-01-01' AND tz < '2020-01-01 00:00:00.000000' AND ts >= '2020-01-01 00:00:00.000000' AND tod BETWEEN '10:00:00.000000' AND '12:00:00.000000'
                mysql    d > '2020-01-01' AND tz < '2020-01-01 00:00:00.000000' AND ts >= '2020-01-01 00:00:00.000000' AND tod BETWEEN '10:00:00.000000' AND '12:00:00.000000'
            u <> '67E5504410B1426F9247BB680E5FE0C8' AND y <> '\x00ff' AND y IS DISTINCT FROM '\x'::bytea
                sqlite   u <> '67e55044-10b1-426f-9247-bb680e5fe0c8' AND y <> X'00ff' AND (y IS NOT X'')
                mysql    u <> '67e55044-10b1-426f-9247-bb680e5fe0c8' AND y <> X'00ff' AND (NOT (y <=> X''))
            i::text <> '0' AND t::integer > 1 AND n::integer > 1 AND CAST(f AS numeric(10,1)) > 1 AND f::numeric > 1
                sqlite   CAST(i AS TEXT) <> '0' AND CAST(t AS INTEGER) > 1 AND CAST(round(n) AS INTEGER) > 1 AND round(CAST(f AS NUMERIC), 1) > 1 AND CAST(f AS NUMERIC) > 1
                mysql    CAST(i AS CHAR) <> '0' AND CAST(t AS SIGNED) > 1 AND CAST(n AS SIGNED) > 1 AND CAST(f AS DECIMAL(10, 1)) > 1 AND CAST(f AS DECIMAL(65, 30)) > 1
            t::varchar(3) = 'abc' AND ts::date = d AND i::boolean AND '5'::integer = 5 AND 't'::boolean AND NULL::text IS NULL
                sqlite   substr(CAST(t AS TEXT), 1, 3) = 'abc' AND substr(ts, 1, 10) = d AND (i <> 0) AND 5 = 5 AND TRUE AND NULL IS NULL
                mysql    left(CAST(t AS CHAR), 3) = 'abc' AND CAST(ts AS DATE) = d AND (i <> 0) AND 5 = 5 AND TRUE AND NULL IS NULL
            mood = 'sad'::mood AND js = '{}'::jsonb
                sqlite   mood = 'sad' AND js = '{}'
                mysql    mood = 'sad' AND js = '{}'
            t COLLATE "C" < 'a' AND round(n, 1) = n AND abs(i) = 1
                sqlite   (t COLLATE BINARY) < 'a' AND round(n, 1) = n AND abs(i) = 1
                mysql    (t COLLATE utf8mb4_0900_bin) < 'a' AND round(n, 1) = n AND abs(i) = 1
                mariadb  (t COLLATE utf8mb4_nopad_bin) < 'a' AND round(n, 1) = n AND abs(i) = 1
            0xff + 1_000 > 1e3
                sqlite   255 + 1000 > 1e3
                mysql    255 + 1000 > 1e3
            own_function(i, t) AND t GLOB 'x'
                sqlite   own_function(i, t) AND t GLOB 'x'
                mysql    own_function(i, t) AND t GLOB 'x'
            own_function(i, t)
                sqlite   own_function(i, t)
                mysql    own_function(i, t)
        "#]],
    );
}

#[test]
fn defaults_side_by_side() {
    check(
        When::Once,
        &["now()", "CURRENT_TIMESTAMP", "current_date", "gen_random_uuid()", "lower('A' || 'b')", "1 + 1"],
        &expect![[r#"
            now()
                sqlite   strftime('%Y-%m-%d %H:%M:%f000', 'now')
                mysql    utc_timestamp(6)
            CURRENT_TIMESTAMP
                sqlite   strftime('%Y-%m-%d %H:%M:%f000', 'now')
                mysql    utc_timestamp(6)
            current_date
                sqlite   CURRENT_DATE
                mysql    CURRENT_DATE
            gen_random_uuid()
                sqlite   lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (random() & 3), 1) || substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))
                mysql    uuid()
            lower('A' || 'b')
                sqlite   lower('A' || 'b')
                mysql    lower(concat('A', 'b'))
            1 + 1
                sqlite   1 + 1
                mysql    1 + 1
        "#]],
    );
}

#[test]
fn what_only_some_have() {
    check(
        When::Always,
        &[
            "t ~ '^a'",
            "t ILIKE 'a%'",
            "t SIMILAR TO 'a'",
            "js @> '{}'",
            "js ->> 'a' = 'b'",
            "i ^ 2 > 1",
            "@ i > 1",
            "i = ANY (ARRAY(SELECT 1))",
            "ARRAY[1, 2] <> '{}'",
            "js['a'] > 1",
            "EXTRACT(year FROM d) > 2000",
            "date_part('epoch', d) > 2000",
            "(ts AT TIME ZONE 'utc') < tz",
            "tz < now()",
            "d < CURRENT_DATE",
            "t <> CURRENT_USER",
            "tz < CURRENT_TIMESTAMP(3)",
            "u <> gen_random_uuid()",
            "d + 1 > '2020-01-01'",
            "tz > '2020-01-01'::timestamptz - interval '1 day'",
            "n % 2 = 0",
            "t::interval > '1 day'",
            "t::int[] = '{}'",
            "tz > 'infinity'",
            "d > 'x'",
            "'x'::integer = i",
            "t COLLATE \"de_DE\" > 'a'",
            "date_trunc('day', ts) = ts",
            "jsonb_typeof(js) = 'object'",
            "own.function(i) > 1",
            "make_date(year => i) > d",
            "overlay(t PLACING 'a' FROM 1) = t",
            "substring(t FROM 'x.y') = t",
            "t LIKE 'a' ESCAPE \"Order\"",
            "t LIKE 'a\\'",
            "other.i > 1",
            "btrim(t, 'ab') = t",
        ],
        &expect![[r#"
            t ~ '^a'
                sqlite   sqlite has no operator `~`
                mysql    mysql has no operator `~`
            t ILIKE 'a%'
                sqlite   sqlite has no ILIKE
                mysql    mysql has no ILIKE
            t SIMILAR TO 'a'
                sqlite   sqlite has no SIMILAR TO
                mysql    mysql has no SIMILAR TO
            js @> '{}'
                sqlite   sqlite has no operator `@>`
                mysql    mysql has no operator `@>`
            js ->> 'a' = 'b'
                sqlite   sqlite has no operator `->>`
                mysql    mysql has no operator `->>`
            i ^ 2 > 1
                sqlite   sqlite has no operator `^`
                mysql    mysql has no operator `^`
            @ i > 1
                sqlite   sqlite has no operator `@`
                mysql    mysql has no operator `@`
            i = ANY (ARRAY(SELECT 1))
                sqlite   sqlite has no arrays
                mysql    mysql has no arrays
            ARRAY[1, 2] <> '{}'
                sqlite   sqlite has no arrays
                mysql    mysql has no arrays
            js['a'] > 1
                sqlite   sqlite has no arrays
                mysql    mysql has no arrays
            EXTRACT(year FROM d) > 2000
                sqlite   sqlite has no EXTRACT(year FROM ..)
                mysql    EXTRACT(YEAR FROM d) > 2000
            date_part('epoch', d) > 2000
                sqlite   sqlite has no EXTRACT(epoch FROM ..)
                mysql    mysql has no EXTRACT(epoch FROM ..)
            (ts AT TIME ZONE 'utc') < tz
                sqlite   sqlite has no AT TIME ZONE
                mysql    mysql has no AT TIME ZONE
            tz < now()
                sqlite   sqlite has no clock in rules, indexes and generated columns
                mysql    mysql has no clock in rules, indexes and generated columns
            d < CURRENT_DATE
                sqlite   sqlite has no clock in rules, indexes and generated columns
                mysql    mysql has no clock in rules, indexes and generated columns
            t <> CURRENT_USER
                sqlite   sqlite has no CURRENT_USER
                mysql    mysql has no CURRENT_USER
            tz < CURRENT_TIMESTAMP(3)
                sqlite   sqlite has no CURRENT_TIMESTAMP(3)
                mysql    mysql has no CURRENT_TIMESTAMP(3)
            u <> gen_random_uuid()
                sqlite   sqlite has no chance in rules, indexes and generated columns
                mysql    mysql has no chance in rules, indexes and generated columns
            d + 1 > '2020-01-01'
                sqlite   sqlite has no calculation with days and times
                mysql    mysql has no calculation with days and times
            tz > '2020-01-01'::timestamptz - interval '1 day'
                sqlite   sqlite has no calculation with days and times
                mysql    mysql has no calculation with days and times
            n % 2 = 0
                sqlite   sqlite has no `%` of numbers with a rest
                mysql    n % 2 = 0
            t::interval > '1 day'
                sqlite   sqlite has no type `INTERVAL`
                mysql    mysql has no type `INTERVAL`
            t::int[] = '{}'
                sqlite   sqlite has no arrays
                mysql    mysql has no arrays
            tz > 'infinity'
                sqlite   sqlite has no constant 'infinity' of type TIMESTAMPTZ
                mysql    mysql has no constant 'infinity' of type TIMESTAMPTZ
            d > 'x'
                sqlite   sqlite has no constant 'x' of type DATE
                mysql    mysql has no constant 'x' of type DATE
            'x'::integer = i
                sqlite   sqlite has no constant 'x' of type INTEGER
                mysql    mysql has no constant 'x' of type INTEGER
            t COLLATE "de_DE" > 'a'
                sqlite   sqlite has no collation `de_DE`
                mysql    mysql has no collation `de_DE`
            date_trunc('day', ts) = ts
                sqlite   sqlite has no function `date_trunc`
                mysql    mysql has no function `date_trunc`
            jsonb_typeof(js) = 'object'
                sqlite   sqlite has no function `jsonb_typeof`
                mysql    mysql has no function `jsonb_typeof`
            own.function(i) > 1
                sqlite   sqlite has no function `own.function`
                mysql    mysql has no function `own.function`
            make_date(year => i) > d
                sqlite   sqlite has no arguments by name
                mysql    mysql has no arguments by name
            overlay(t PLACING 'a' FROM 1) = t
                sqlite   sqlite has no function `overlay`
                mysql    mysql has no function `overlay`
            substring(t FROM 'x.y') = t
                sqlite   sqlite has no SUBSTRING by a pattern
                mysql    mysql has no SUBSTRING by a pattern
            t LIKE 'a' ESCAPE "Order"
                sqlite   sqlite has no ESCAPE that is computed
                mysql    mysql has no ESCAPE that is computed
            t LIKE 'a\'
                sqlite   sqlite has no pattern that ends with what escapes
                mysql    mysql has no pattern that ends with what escapes
            other.i > 1
                sqlite   sqlite has no columns of other tables in an expression
                mysql    mysql has no columns of other tables in an expression
            btrim(t, 'ab') = t
                sqlite   trim(t, 'ab') = t
                mysql    mysql has no function `btrim`
        "#]],
    );
}

#[test]
fn a_refusal_names_the_expression_and_the_ways_out() {
    let refusal = SQLITE.words(&table()).expression("t ~ '^a'", When::Always).unwrap_err();
    expect!["sqlite has no operator `~`: `t ~ '^a'` (table `x`); write `-- only: ..` with the engines that have it before the statement, or behind it `-- instead: sqlite` and what runs there in its place"].assert_eq(&refusal.to_string());
}

/// Each expression gives on SQLite what it gives on PostgreSQL.
#[cfg(feature = "sqlite")]
#[test]
fn what_is_said_means_the_same() {
    let table = table();
    let mut schema = crate::schema::Schema::default();
    let create = crate::schema::Op::CreateTable(table.clone());
    schema.enums.insert("mood".into(), vec!["sad".into()]);
    let database = rusqlite::Connection::open_in_memory().unwrap();
    for statement in SQLITE.ddl(&[create], &schema).unwrap() {
        database.execute_batch(&statement).unwrap();
    }
    let row = "INSERT INTO x (i, n, big, f, b, t, \"Order\", d, tod, ts, tz, u, y) VALUES (7, 3.50, '12.5000', 2.6, TRUE, \
               'Ab[1]*50%c', ' x ', '2024-02-29', '10:00:00.000000', '2024-02-29 10:00:00.000000', \
               '2024-02-29 10:00:00.000000', '67e55044-10b1-426f-9247-bb680e5fe0c8', X'00ff')";
    database.execute_batch(row).unwrap();
    let mut wrong = String::new();
    for (text, expected) in meanings::MEANINGS {
        let said = SQLITE.words(&table).expression(text, When::Always).unwrap_or_else(|refusal| panic!("{refusal}"));
        let value =
            database.query_row(&format!("SELECT {said} FROM x"), [], |row| row.get::<_, rusqlite::types::Value>(0));
        let value = match value.unwrap_or_else(|error| panic!("{error}: {said}")) {
            rusqlite::types::Value::Null => "NULL".to_owned(),
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Real(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Blob(_) => "bytes".to_owned(),
        };
        let number = expected.parse::<f64>().ok().zip(value.parse::<f64>().ok());
        if value != *expected && number.is_none_or(|(one, other)| one != other) {
            wrong.push_str(&format!("{text}: {said} is {value}, not {expected}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
