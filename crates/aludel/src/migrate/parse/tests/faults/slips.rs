//! What slips of the pen and words of other engines are answered with: the word, why, and what to write.

mod changes;

use expect_test::expect;

use super::names::told;

const BEFORE: &str = "CREATE TYPE mood AS ENUM ('fine', 'sad');
CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, age INTEGER DEFAULT 0, mood mood);
CREATE INDEX ix_users_name ON users (name);
CREATE VIEW people AS SELECT id FROM users;
CREATE TABLE posts (id BIGINT PRIMARY KEY, author_id BIGINT REFERENCES users, title TEXT,
    CONSTRAINT ck_title CHECK (title <> ''));
CREATE INDEX ix_posts_author ON posts (lower(title)) INCLUDE (author_id);";

#[test]
fn tables() {
    let texts = [
        "CREATE TABLE t (id INTEGER NULLABLE);",
        "CREATE TABLE t (id INTEGER name TEXT);",
        "CREATE TABLE t (first name TEXT);",
        "CREATE TABLE t id INTEGER, name TEXT);",
        "CREATE TABLE t (id, name);",
        "CREATE TABLE t (id INTEGER, PRIMARY KEY id);",
        "CREATE TABLE t (id INTEGER, UNIQUE (id, ));",
        "CREATE TABLE t (id INTEGER REFERENCES users.id);",
        "CREATE TABLE t (seen TIMESTAMP WITH TIMEZONE);",
        "CREATE TABLE t (seen TIME WITHOUT ZONE NOT NULL);",
        "CREATE TABLE t (name CHARACTER VARYNG(20));",
        "CREATE TABLE t (name VARCHAR(255 NOT NULL);",
        "CREATE TABLE t (n INTEGER UNIQUE INDEX);",
        "CREATE TABLE t (n INTEGER CHECK n > 0);",
        "CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS (a + 1));",
        "CREATE TABLE t (a INTEGER, UNIQUE (b));",
        "CREATE TABLE my-table (n INTEGER);",
        "CREATE TABLE 2fa (n INTEGER);",
        "CREATE TEMP TABLE t (a INT);",
        "CREATE TABLE t ();",
        "CREATE TABLE (n INTEGER);",
        "CREATE TABLE t (n NUMERIC(5 2));",
        "CREATE TABLE t (name VARCHAR(max));",
        "CREATE TABLE t (name VARCHAR(0));",
        "CREATE TABLE t (n DOUBLE);",
        "CREATE TABLE t (id BIGINT GENERATED AS IDENTITY);",
        "CREATE TABLE t (id TEXT GENERATED ALWAYS AS IDENTITY);",
        "CREATE TABLE t (id BIGINT PRIMARY KEY NULL);",
    ];
    told(
        BEFORE,
        &texts,
        &expect![[r#"
        `NULLABLE` is no portable rule of a column
         --> 1.sql:6:28
          |
        6 | CREATE TABLE t (id INTEGER NULLABLE);
          |                            ^^^^^^^^
          = help: leave it out: a column takes NULL unless NOT NULL stands there

        expected `,` or `)`, found `name`
         --> 1.sql:6:28
          |
        6 | CREATE TABLE t (id INTEGER name TEXT);
          |                            ^^^^
          = help: is a `,` missing before it?

        expected `,` or `)`, found `TEXT`
         --> 1.sql:6:28
          |
        6 | CREATE TABLE t (first name TEXT);
          |                            ^^^^
          = help: a column is a name, a type and its rules: is a `,` missing, or a `_` between the words of a name?

        expected `(`, found `id`
         --> 1.sql:6:16
          |
        6 | CREATE TABLE t id INTEGER, name TEXT);
          |                ^^
          = help: write `(` before it, and `)` where it ends

        expected a type, found `,`
         --> 1.sql:6:19
          |
        6 | CREATE TABLE t (id, name);
          |                   ^
          = help: write one behind the name, such as BIGINT, TEXT or TIMESTAMPTZ

        expected `(`, found `id`
         --> 1.sql:6:41
          |
        6 | CREATE TABLE t (id INTEGER, PRIMARY KEY id);
          |                                         ^^
          = help: write `(` before it, and `)` where it ends

        a comma stands before `)`
         --> 1.sql:6:41
          |
        6 | CREATE TABLE t (id INTEGER, UNIQUE (id, ));
          |                                         ^
          = help: leave the comma out

        there is no table `users.id` at this point
         --> 1.sql:6:39
          |
        6 | CREATE TABLE t (id INTEGER REFERENCES users.id);
          |                                       ^^^^^^^^
          = help: write the column in brackets: users (id)

        `WITH TIMEZONE` says nothing of a type
         --> 1.sql:6:32
          |
        6 | CREATE TABLE t (seen TIMESTAMP WITH TIMEZONE);
          |                                ^^^^^^^^^^^^^
          = help: write TIMESTAMPTZ or TIMESTAMP WITH TIME ZONE for a moment, TIMESTAMP for a wall clock

        `WITHOUT ZONE` says nothing of a type
         --> 1.sql:6:27
          |
        6 | CREATE TABLE t (seen TIME WITHOUT ZONE NOT NULL);
          |                           ^^^^^^^^^^^^
          = help: write TIMESTAMPTZ or TIMESTAMP WITH TIME ZONE for a moment, TIMESTAMP for a wall clock

        expected `VARYING`, found `VARYNG`
         --> 1.sql:6:32
          |
        6 | CREATE TABLE t (name CHARACTER VARYNG(20));
          |                                ^^^^^^
          = help: did you mean `VARYING`?

        expected `)`, found `NOT`
         --> 1.sql:6:34
          |
        6 | CREATE TABLE t (name VARCHAR(255 NOT NULL);
          |                                  ^^^
          = help: is a `)` missing before it?

        `INDEX` is no portable rule of a column
         --> 1.sql:6:34
          |
        6 | CREATE TABLE t (n INTEGER UNIQUE INDEX);
          |                                  ^^^^^
          = help: write CREATE INDEX below the table

        expected `(`, found `n`
         --> 1.sql:6:33
          |
        6 | CREATE TABLE t (n INTEGER CHECK n > 0);
          |                                 ^
          = help: write `(` before it, and `)` where it ends

        expected `AS`, found `(`
         --> 1.sql:6:55
          |
        6 | CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS (a + 1));
          |                                                       ^
          = help: write AS before it

        table `t` has no column `b`
         --> 1.sql:6:36
          |
        6 | CREATE TABLE t (a INTEGER, UNIQUE (b));
          |                                    ^
          = help: it has `a`

        `my-table` is no name without quotes
         --> 1.sql:6:14
          |
        6 | CREATE TABLE my-table (n INTEGER);
          |              ^^^^^^^^
          = help: write my_table, or in quotes: "my-table"

        expected the name of a table, found `2`
         --> 1.sql:6:14
          |
        6 | CREATE TABLE 2fa (n INTEGER);
          |              ^
          = help: a name begins with a letter, or stands in quotes: "2fa"

        expected `TABLE`, found `TEMP`
         --> 1.sql:6:8
          |
        6 | CREATE TEMP TABLE t (a INT);
          |        ^^^^
          = help: leave it out: what a revision makes stays, and is kept as safe as all else

        a table without columns
         --> 1.sql:6:17
          |
        6 | CREATE TABLE t ();
          |                 ^
          = help: write at least one: (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)

        expected the name of a table, found `(`
         --> 1.sql:6:14
          |
        6 | CREATE TABLE (n INTEGER);
          |              ^
          = help: write the name of a table before it

        expected `,` or `)`, found `2`
         --> 1.sql:6:29
          |
        6 | CREATE TABLE t (n NUMERIC(5 2));
          |                             ^
          = help: is a `,` missing before it?

        expected the length, found `max`
         --> 1.sql:6:30
          |
        6 | CREATE TABLE t (name VARCHAR(max));
          |                              ^^^
          = help: write a number from 1 on, or leave the brackets out

        the length cannot be 0
         --> 1.sql:6:30
          |
        6 | CREATE TABLE t (name VARCHAR(0));
          |                              ^
          = help: write a number from 1 on, or leave the brackets out

        expected `PRECISION`, found `)`
         --> 1.sql:6:25
          |
        6 | CREATE TABLE t (n DOUBLE);
          |                         ^
          = help: write DOUBLE PRECISION

        expected `ALWAYS` or `BY DEFAULT`, found `AS`
         --> 1.sql:6:37
          |
        6 | CREATE TABLE t (id BIGINT GENERATED AS IDENTITY);
          |                                     ^^
          = help: write BY DEFAULT AS IDENTITY for a number, ALWAYS AS (..) for what other columns make

        an identity counts, and column `id` as TEXT cannot
         --> 1.sql:6:17
          |
        6 | CREATE TABLE t (id TEXT GENERATED ALWAYS AS IDENTITY);
          |                 ^^
          = help: make the column BIGINT

        a key or identity holds no NULL
         --> 1.sql:6:39
          |
        6 | CREATE TABLE t (id BIGINT PRIMARY KEY NULL);
          |                                       ^^^^
          = help: leave NULL out

    "#]],
    );
}

#[test]
fn values_and_rules() {
    let texts = [
        "CREATE TABLE t (name TEXT DEFAULT \"none\");",
        "CREATE TABLE t (name TEXT DEFAULT none);",
        "CREATE TABLE t (name TEXT DEFAULT (lower(none)));",
        "CREATE TABLE t (seen TIMESTAMP DEFAULT NOW);",
        "CREATE TABLE t (seen TIMESTAMP DEFAULT CURRENT_TIMESTMP);",
        "CREATE TABLE t (price NUMERIC(5, 2) DEFAULT 1,5);",
        "CREATE TABLE t (n INTEGER DEFAULT = 0);",
        "CREATE TABLE t (n INTEGER CHECK (n = = 0));",
        "CREATE TABLE t (n INTEGER CHECK (n => 0));",
        "CREATE TABLE t (n INTEGER CHECK (n > 0 && n < 9));",
        "CREATE TABLE t (n INTEGER CHECK (n < 0 || n > 9 || n = 5));",
        "CREATE TABLE t (n INTEGER CHECK (n IS NOTNULL));",
        "CREATE TABLE t (n TEXT CHECK (n > '1'::integr));",
        "CREATE TABLE t (n TEXT CHECK (n LIKE \"x%\"));",
        "CREATE TABLE t (note TEXT CHECK (\"ntoe\" <> ''));",
    ];
    told(
        BEFORE,
        &texts,
        &expect![[r#"
        a default names no column, and `none` is a name
         --> 1.sql:6:35
          |
        6 | CREATE TABLE t (name TEXT DEFAULT "none");
          |                                   ^^^^^^
          = help: write 'none' for a text

        a default names no column, and `none` is a name
         --> 1.sql:6:35
          |
        6 | CREATE TABLE t (name TEXT DEFAULT none);
          |                                   ^^^^
          = help: write 'none' for a text, or none() for a function

        a default names no column, and `none` is a name
         --> 1.sql:6:42
          |
        6 | CREATE TABLE t (name TEXT DEFAULT (lower(none)));
          |                                          ^^^^
          = help: write 'none' for a text, or none() for a function

        a default names no column, and `now` is a name
         --> 1.sql:6:40
          |
        6 | CREATE TABLE t (seen TIMESTAMP DEFAULT NOW);
          |                                        ^^^
          = help: write now()

        a default names no column, and `current_timestmp` is a name
         --> 1.sql:6:40
          |
        6 | CREATE TABLE t (seen TIMESTAMP DEFAULT CURRENT_TIMESTMP);
          |                                        ^^^^^^^^^^^^^^^^
          = help: did you mean `CURRENT_TIMESTAMP`?

        expected the name of a column, found `5`
         --> 1.sql:6:47
          |
        6 | CREATE TABLE t (price NUMERIC(5, 2) DEFAULT 1,5);
          |                                               ^
          = help: is `1,5` one number? Write 1.5

        a default takes no `=`
         --> 1.sql:6:35
          |
        6 | CREATE TABLE t (n INTEGER DEFAULT = 0);
          |                                   ^
          = help: leave it out

        the rule is no expression: an operand is expected, found `=`
         --> 1.sql:6:38
          |
        6 | CREATE TABLE t (n INTEGER CHECK (n = = 0));
          |                                      ^

        the rule is no expression: an operator or the end is expected, found `=>`
         --> 1.sql:6:36
          |
        6 | CREATE TABLE t (n INTEGER CHECK (n => 0));
          |                                    ^^
          = help: did you mean `>=`?

        the rule is no expression: `&&` joins no conditions
         --> 1.sql:6:40
          |
        6 | CREATE TABLE t (n INTEGER CHECK (n > 0 && n < 9));
          |                                        ^^
          = help: write AND

        the rule is no expression: `||` joins no conditions
         --> 1.sql:6:40
          |
        6 | CREATE TABLE t (n INTEGER CHECK (n < 0 || n > 9 || n = 5));
          |                                        ^^
          = help: write OR

        the rule is no expression: `NULL`, `TRUE`, `FALSE`, `UNKNOWN` or `DISTINCT FROM` is expected, found `NOTNULL`
         --> 1.sql:6:39
          |
        6 | CREATE TABLE t (n INTEGER CHECK (n IS NOTNULL));
          |                                       ^^^^^^^
          = help: did you mean `NOT NULL`?

        there is no type `integr` at this point
         --> 1.sql:6:40
          |
        6 | CREATE TABLE t (n TEXT CHECK (n > '1'::integr));
          |                                        ^^^^^^
          = help: did you mean `INTEGER`?

        table `t` has no column `x%`
         --> 1.sql:6:38
          |
        6 | CREATE TABLE t (n TEXT CHECK (n LIKE "x%"));
          |                                      ^^^^
          = help: write 'x%' for a text

        table `t` has no column `ntoe`
         --> 1.sql:6:34
          |
        6 | CREATE TABLE t (note TEXT CHECK ("ntoe" <> ''));
          |                                  ^^^^^^
          = help: did you mean `note`? Or write 'ntoe' for a text

    "#]],
    );
}

/// What looks like a slip and is none.
#[test]
fn what_is_right() {
    let texts = [
        "CREATE TABLE \"my-table\" (columns INTEGER, \"2fa\" TEXT, nullable TIMESTAMP WITH TIME ZONE, c CHARACTER);",
        "CREATE TABLE t (a INTEGER DEFAULT -1, b INTEGER CHECK (b == 1 OR a - b > -1 AND -a < +b), c TEXT DEFAULT (lower('X')));",
        "ALTER TABLE users ADD columns INTEGER, ADD index TEXT, DROP index, ADD \"key\" TEXT;",
        "CREATE TABLE t (a TEXT, b INTEGER CHECK (b > a::integer AND a::mood = 'sad' AND a::citext <> ''));",
        "CREATE INDEX ix ON users USING btree (age) INCLUDE (name) WHERE age > 1;",
        "ALTER TABLE users ADD column_ TEXT NOT NULL DEFAULT '';",
        "ALTER TABLE users ADD CONSTRAINT \"check\" CHECK (age > 0);",
        "CREATE TABLE t (day DATE DEFAULT CURRENT_DATE, at TIME WITHOUT TIME ZONE DEFAULT (date('now', '+1 day')));",
        "CREATE TABLE t (a TEXT, b TEXT, CHECK_ TEXT, CONSTRAINT ck CHECK (a || b <> 'x' AND a || 'y' = b));",
    ];
    for text in texts {
        let revision = super::super::read(text).unwrap_or_else(|faults| panic!("{}", super::super::shown(&faults)));
        let mut fold = crate::migrate::Fold::new(&crate::dialect::SQLITE);
        fold.apply(&super::super::read(BEFORE).unwrap()).unwrap();
        fold.apply(&revision).unwrap_or_else(|faults| panic!("{}", super::super::shown(&faults)));
    }
}
