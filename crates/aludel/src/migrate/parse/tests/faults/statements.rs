//! Statements, and changes of tables and indexes.

use expect_test::expect;

use super::{HEADER, check};

#[test]
fn statements() {
    let texts = [
        "CRAETE TABLE t (a INTEGER);",
        "CREATE TABEL t (a INTEGER);",
        "CREATE TABLE t (a INTEGER) CREATE TABLE u (a INTEGER);",
        "INSERT INTO t VALUES (1)\nCREATE TABLE u (a INTEGER);",
        "INSERT INTO t VALUES (1)\nINSERT INTO t VALUES (2);",
        "INSERT INTO t VALUES (1;",
        "WITH a AS (SELECT 1) SELECT * FROM a;",
        "SELECT 1;",
        "BEGIN;\nDROP TABLE t;\nCOMMIT;",
        "DROP TABLE t;\n-- instead: sqlite\nCOMMIT;\n-- instead: mysql\nROLLBACK;",
        "PRAGMA foreign_keys = OFF;",
        "CREATE TRIGGER t AFTER INSERT ON u BEGIN DELETE FROM u; END;",
        "CREATE TEMPORARY TABLE t (a INTEGER);",
        "CREATE OR REPLACE TABLE t (a INTEGER);",
        "CREATE TYPE t AS (a INTEGER);",
        "CREATE TYPE mood AS ENUM ();",
        "CREATE TYPE mood AS ENUM (sad, happy);",
        "ALTER TYPE mood DROP VALUE 'sad';",
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad';",
        "ALTER SEQUENCE s RESTART;",
        "DROP TABLE IF EXISTS t;",
        "DROP TABLE t CASCADE;",
        "DROP FUNCTION f();",
        "COMMENT ON COLUMN t IS 'x';",
        "COMMENT ON TABLE t IS x;",
        "COMMENT ON FUNCTION f() IS 'x';",
        "(SELECT 1);",
        "-- only: mysql\nALTER TABLE t ADD COLUMN n INT UNSIGNED;",
        "-- only: postgres\nCREATE TABLE t PARTITION OF u FOR VALUES IN (1);",
    ];
    check(
        &texts,
        HEADER,
        &expect![[r#"
            `CRAETE` begins no portable statement
             --> 5.sql:6:1
              |
            6 | CRAETE TABLE t (a INTEGER);
              | ^^^^^^
              = help: did you mean `CREATE`?

            expected `TABLE`, `INDEX`, `UNIQUE INDEX`, `TYPE`, `VIEW` or `SCHEMA`, found `TABEL`
             --> 5.sql:6:8
              |
            6 | CREATE TABEL t (a INTEGER);
              |        ^^^^^
              = help: did you mean `TABLE`?

            expected the end of the statement, found `CREATE`
             --> 5.sql:6:28
              |
            6 | CREATE TABLE t (a INTEGER) CREATE TABLE u (a INTEGER);
              |                            ^^^^^^
              = help: is a `;` missing before it?

            `CREATE` begins another statement
             --> 5.sql:7:1
              |
            7 | CREATE TABLE u (a INTEGER);
              | ^^^^^^
              = help: is a `;` missing before it?

            `INSERT` begins another statement
             --> 5.sql:7:1
              |
            7 | INSERT INTO t VALUES (2);
              | ^^^^^^
              = help: is a `;` missing before it?

            a bracket opened here is not closed by `)`
             --> 5.sql:6:22
              |
            6 | INSERT INTO t VALUES (1;
              |                      ^
              = help: count the brackets, or is a `;` missing?

            WITH that changes nothing
             --> 5.sql:6:1
              |
            6 | WITH a AS (SELECT 1) SELECT * FROM a;
              | ^^^^
              = help: leave it out, or write the INSERT, UPDATE or DELETE that uses it

            SELECT changes nothing
             --> 5.sql:6:1
              |
            6 | SELECT 1;
              | ^^^^^^
              = help: leave it out, or limit it where it does change something: `-- only:` above it

            BEGIN stands in a revision
             --> 5.sql:6:1
              |
            6 | BEGIN;
              | ^^^^^
              = help: leave it out: a revision is one transaction where the engine can
            COMMIT stands in a revision
             --> 5.sql:8:1
              |
            8 | COMMIT;
              | ^^^^^^
              = help: leave it out: a revision is one transaction where the engine can

            COMMIT stands in a revision
             --> 5.sql:8:1
              |
            8 | COMMIT;
              | ^^^^^^
              = help: leave it out: a revision is one transaction where the engine can
            ROLLBACK stands in a revision
              --> 5.sql:10:1
               |
            10 | ROLLBACK;
               | ^^^^^^^^
              = help: leave it out: a revision is one transaction where the engine can

            `PRAGMA` begins no portable statement
             --> 5.sql:6:1
              |
            6 | PRAGMA foreign_keys = OFF;
              | ^^^^^^
              = help: if one engine only is to run it, say which above it: `-- only:` and the engine's name

            CREATE TRIGGER is not portable
             --> 5.sql:6:8
              |
            6 | CREATE TRIGGER t AFTER INSERT ON u BEGIN DELETE FROM u; END;
              |        ^^^^^^^
              = help: if one engine only is to run it, say which above it: `-- only:` and the engine's name

            expected `TABLE`, found `TEMPORARY`
             --> 5.sql:6:8
              |
            6 | CREATE TEMPORARY TABLE t (a INTEGER);
              |        ^^^^^^^^^
              = help: leave it out: what a revision makes stays, and is kept as safe as all else

            OR REPLACE cannot stand here
             --> 5.sql:6:8
              |
            6 | CREATE OR REPLACE TABLE t (a INTEGER);
              |        ^^^^^^^^^^
              = help: history knows what is there: leave OR REPLACE out

            expected `ENUM`, found `(`
             --> 5.sql:6:18
              |
            6 | CREATE TYPE t AS (a INTEGER);
              |                  ^
              = help: write CREATE TYPE .. AS ENUM ('a', 'b'); other types are not portable

            an enum without values
             --> 5.sql:6:26
              |
            6 | CREATE TYPE mood AS ENUM ();
              |                          ^
              = help: write at least one: ('a', 'b')

            expected a value of the enum, found `sad`
             --> 5.sql:6:27
              |
            6 | CREATE TYPE mood AS ENUM (sad, happy);
              |                           ^^^
              = help: write 'sad'

            a value of an enum cannot be dropped
             --> 5.sql:6:17
              |
            6 | ALTER TYPE mood DROP VALUE 'sad';
              |                 ^^^^
              = help: make a new enum without it, and change the columns' type to that: ALTER COLUMN .. TYPE .. USING ..

            IF NOT EXISTS cannot stand here
             --> 5.sql:6:27
              |
            6 | ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad';
              |                           ^^^^^^^^^^^^^
              = help: leave it out: history knows what is there, and the clause would hide where a database differs

            ALTER SEQUENCE is not portable
             --> 5.sql:6:7
              |
            6 | ALTER SEQUENCE s RESTART;
              |       ^^^^^^^^
              = help: if one engine only is to run it, say which above it: `-- only:` and the engine's name

            IF EXISTS cannot stand here
             --> 5.sql:6:12
              |
            6 | DROP TABLE IF EXISTS t;
              |            ^^^^^^^^^
              = help: leave it out: history knows what is there, and the clause would hide where a database differs

            CASCADE cannot stand here
             --> 5.sql:6:14
              |
            6 | DROP TABLE t CASCADE;
              |              ^^^^^^^
              = help: leave it out, and drop what stands on it by statements of their own before

            DROP FUNCTION is not portable
             --> 5.sql:6:6
              |
            6 | DROP FUNCTION f();
              |      ^^^^^^^^
              = help: if one engine only is to run it, say which above it: `-- only:` and the engine's name

            expected `.`, found `IS`
             --> 5.sql:6:21
              |
            6 | COMMENT ON COLUMN t IS 'x';
              |                     ^^
              = help: write the table, a dot and the column: users.name

            expected a text or NULL, found `x`
             --> 5.sql:6:23
              |
            6 | COMMENT ON TABLE t IS x;
              |                       ^
              = help: write 'x'

            COMMENT ON FUNCTION is not portable
             --> 5.sql:6:12
              |
            6 | COMMENT ON FUNCTION f() IS 'x';
              |            ^^^^^^^^
              = help: if one engine only is to run it, say which above it: `-- only:` and the engine's name

            expected a statement, found `(`
             --> 5.sql:6:1
              |
            6 | (SELECT 1);
              | ^
              = help: a statement begins with a word such as CREATE, ALTER, DROP or INSERT

            `UNSIGNED` is no portable rule of a column
             --> 5.sql:7:32
              |
            7 | ALTER TABLE t ADD COLUMN n INT UNSIGNED;
              |                                ^^^^^^^^
              = help: write the next wider type: BIGINT for 32 bits without a sign; write what every engine can do and `-- instead:` below it, or, to run this as it is and unknown to history, `-- allow: opaque "why"` above it

            expected `(`, found `PARTITION`
             --> 5.sql:7:16
              |
            7 | CREATE TABLE t PARTITION OF u FOR VALUES IN (1);
              |                ^^^^^^^^^
              = help: write what every engine can do and `-- instead:` below it, or, to run this as it is and unknown to history, `-- allow: opaque "why"` above it

        "#]],
    );
}

#[test]
fn changes() {
    let texts = [
        "ALTER TABLE t MODIFY COLUMN a BIGINT;",
        "ALTER TABLE t RENAEM COLUMN a TO b;",
        "ALTER TABLE t RENAME COLUMN a b;",
        "ALTER TABLE t ALTER COLUMN a BIGINT;",
        "ALTER TABLE t ALTER COLUMN a SET NULL;",
        "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1 +;",
        "ALTER TABLE t ALTER COLUMN a TYPE BIGINT USING;",
        "ALTER TABLE t DROP PRIMARY KEY;",
        "ALTER TABLE t DROP COLUMN a CASCADE;",
        "ALTER TABLE t ADD COLUMN a INTEGER AFTER b;",
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX ix;",
        "ALTER TABLE t ADD a INTEGER, DROP;",
        "CREATE INDEX ON t (a);",
        "CREATE INDEX ix ON t;",
        "CREATE INDEX ix ON t (a dsc);",
        "CREATE INDEX ix ON t (a) WHERE;",
        "CREATE INDEX ix ON t (a + 1);",
        "DROP INDEX shop.ix;",
        "ALTER TABLE \"a.b\" RENAME TO c;",
    ];
    check(
        &texts,
        HEADER,
        &expect![[r#"
            a column is changed one attribute at a time
             --> 5.sql:6:15
              |
            6 | ALTER TABLE t MODIFY COLUMN a BIGINT;
              |               ^^^^^^
              = help: write ALTER COLUMN .. TYPE .., SET NOT NULL, SET DEFAULT .., or RENAME COLUMN .. TO ..

            expected `ADD`, `DROP`, `RENAME`, `ALTER` or `VALIDATE CONSTRAINT`, found `RENAEM`
             --> 5.sql:6:15
              |
            6 | ALTER TABLE t RENAEM COLUMN a TO b;
              |               ^^^^^^
              = help: did you mean `RENAME`?

            expected `TO`, found `b`
             --> 5.sql:6:31
              |
            6 | ALTER TABLE t RENAME COLUMN a b;
              |                               ^
              = help: write TO before it

            expected `TYPE`, `SET`, `DROP` or `ADD`, found `BIGINT`
             --> 5.sql:6:30
              |
            6 | ALTER TABLE t ALTER COLUMN a BIGINT;
              |                              ^^^^^^
              = help: write TYPE before the type

            a column is made to take NULL by DROP NOT NULL
             --> 5.sql:6:34
              |
            6 | ALTER TABLE t ALTER COLUMN a SET NULL;
              |                                  ^^^^
              = help: write DROP NOT NULL

            the default is no expression: an operand is expected, found the end
             --> 5.sql:6:45
              |
            6 | ALTER TABLE t ALTER COLUMN a SET DEFAULT 1 +;
              |                                             ^

            the conversion is empty
             --> 5.sql:6:47
              |
            6 | ALTER TABLE t ALTER COLUMN a TYPE BIGINT USING;
              |                                               ^
              = help: write an expression

            a constraint is dropped by its name
             --> 5.sql:6:20
              |
            6 | ALTER TABLE t DROP PRIMARY KEY;
              |                    ^^^^^^^
              = help: write DROP CONSTRAINT and its name

            CASCADE cannot stand here
             --> 5.sql:6:29
              |
            6 | ALTER TABLE t DROP COLUMN a CASCADE;
              |                             ^^^^^^^
              = help: leave it out, and drop what stands on it by statements of their own before

            a new column stands last
             --> 5.sql:6:36
              |
            6 | ALTER TABLE t ADD COLUMN a INTEGER AFTER b;
              |                                    ^^^^^
              = help: leave it out: the order of columns is not part of a schema

            a constraint names its columns
             --> 5.sql:6:39
              |
            6 | ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX ix;
              |                                       ^^^^^
              = help: name the columns, and give one engine its own text: `-- instead:` below the statement

            expected the name of a column, found the end of the statement
             --> 5.sql:6:34
              |
            6 | ALTER TABLE t ADD a INTEGER, DROP;
              |                                  ^

            an index without a name
             --> 5.sql:6:14
              |
            6 | CREATE INDEX ON t (a);
              |              ^^
              = help: write a name before ON: ix_ and the table and its columns

            expected `(`, found the end of the statement
             --> 5.sql:6:21
              |
            6 | CREATE INDEX ix ON t;
              |                     ^

            expected `ASC`, `DESC`, `NULLS` or `COLLATE`, found `dsc`
             --> 5.sql:6:25
              |
            6 | CREATE INDEX ix ON t (a dsc);
              |                         ^^^
              = help: did you mean `DESC`?

            the filter is empty
             --> 5.sql:6:31
              |
            6 | CREATE INDEX ix ON t (a) WHERE;
              |                               ^
              = help: write an expression

            expected `ASC`, `DESC`, `,` or `)`, found `+`
             --> 5.sql:6:25
              |
            6 | CREATE INDEX ix ON t (a + 1);
              |                         ^
              = help: an expression that is no call stands in brackets: ((a + 1))

            an index stands in the schema of its table
             --> 5.sql:6:12
              |
            6 | DROP INDEX shop.ix;
              |            ^^^^^
              = help: write the name alone: history knows its table

            the name of a table holds a dot
             --> 5.sql:6:13
              |
            6 | ALTER TABLE "a.b" RENAME TO c;
              |             ^^^^^
              = help: write "schema"."name", or choose another

        "#]],
    );
}
