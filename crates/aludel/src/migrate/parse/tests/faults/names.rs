//! Names that are not there, or there already: told by the fold, at the word.

use expect_test::{Expect, expect};

use super::super::{read, shown};
use crate::dialect::SQLITE;
use crate::migrate::Fold;

const BEFORE: &str = "CREATE TYPE dates AS ENUM ('spring', 'autumn');
CREATE TABLE users (id BIGINT PRIMARY KEY, email TEXT UNIQUE, age INTEGER DEFAULT 0, due dates);";

#[track_caller]
fn check(texts: &[&str], expected: &Expect) {
    told(BEFORE, texts, expected);
}

/// What is told of each text where `before` went before.
#[track_caller]
pub(super) fn told(before: &str, texts: &[&str], expected: &Expect) {
    let mut out = String::new();
    for text in texts {
        let mut fold = Fold::new(&SQLITE);
        fold.apply(&read(before).unwrap()).unwrap();
        match read(text) {
            Ok(revision) => out.push_str(&shown(&fold.apply(&revision).expect_err(text))),
            Err(faults) => out.push_str(&shown(&faults)),
        }
        out.push('\n');
    }
    expected.assert_eq(&out);
}

#[test]
fn types() {
    let texts = [
        "CREATE TABLE t (n INTEGR NOT NULL DEFAULT 0);",
        "CREATE TABLE t (n INTEGR);",
        "ALTER TABLE users ADD COLUMN n INTEGR NOT NULL DEFAULT 0;",
        "ALTER TABLE users ADD COLUMN seen TIMESTAMPZ DEFAULT now();",
        "ALTER TABLE users ADD COLUMN on_sale BOLEAN DEFAULT TRUE;",
        "ALTER TABLE users ALTER COLUMN age TYPE BIGNIT;",
        "ALTER TABLE users ALTER COLUMN age TYPE INTEGR USING coalesce(age, 0);",
        "ALTER TABLE users ADD COLUMN tags TXET[];",
        "ALTER TABLE users ADD COLUMN n \"integer\" DEFAULT 0;",
        "ALTER TABLE users ADD COLUMN due_by datse;",
        "ALTER TABLE users ADD COLUMN mood Mood DEFAULT 'fine';",
        "ALTER TABLE users ADD COLUMN due_by dates NOT NULL DEFAULT 0;",
        "ALTER TABLE users ADD COLUMN due_by dates DEFAULT now();",
        "ALTER TABLE users ADD COLUMN due_by dates DEFAULT 'autum';",
        "ALTER TABLE users ALTER COLUMN due SET DEFAULT 'winter';",
        "ALTER TABLE users ALTER COLUMN due SET DEFAULT -1;",
        "ALTER TABLE users ALTER COLUMN age SET DEFAULT now();",
        "ALTER TABLE users ALTER COLUMN age SET DEFAULT 'none';",
    ];
    check(
        &texts,
        &expect![[r#"
        there is no type `integr` at this point
         --> 1.sql:6:19
          |
        6 | CREATE TABLE t (n INTEGR NOT NULL DEFAULT 0);
          |                   ^^^^^^
          = help: did you mean `INTEGER`?

        there is no type `integr` at this point
         --> 1.sql:6:19
          |
        6 | CREATE TABLE t (n INTEGR);
          |                   ^^^^^^
          = help: did you mean `INTEGER`?

        there is no type `integr` at this point
         --> 1.sql:6:32
          |
        6 | ALTER TABLE users ADD COLUMN n INTEGR NOT NULL DEFAULT 0;
          |                                ^^^^^^
          = help: did you mean `INTEGER`?

        there is no type `timestampz` at this point
         --> 1.sql:6:35
          |
        6 | ALTER TABLE users ADD COLUMN seen TIMESTAMPZ DEFAULT now();
          |                                   ^^^^^^^^^^
          = help: did you mean `TIMESTAMPTZ`?

        there is no type `bolean` at this point
         --> 1.sql:6:38
          |
        6 | ALTER TABLE users ADD COLUMN on_sale BOLEAN DEFAULT TRUE;
          |                                      ^^^^^^
          = help: did you mean `BOOLEAN`?

        there is no type `bignit` at this point
         --> 1.sql:6:41
          |
        6 | ALTER TABLE users ALTER COLUMN age TYPE BIGNIT;
          |                                         ^^^^^^
          = help: did you mean `BIGINT`?

        there is no type `integr` at this point
         --> 1.sql:6:41
          |
        6 | ALTER TABLE users ALTER COLUMN age TYPE INTEGR USING coalesce(age, 0);
          |                                         ^^^^^^
          = help: did you mean `INTEGER`?

        there is no type `txet` at this point
         --> 1.sql:6:35
          |
        6 | ALTER TABLE users ADD COLUMN tags TXET[];
          |                                   ^^^^
          = help: did you mean `TEXT`?

        there is no type `integer` at this point
         --> 1.sql:6:32
          |
        6 | ALTER TABLE users ADD COLUMN n "integer" DEFAULT 0;
          |                                ^^^^^^^^^
          = help: write INTEGER without quotes

        there is no type `datse` at this point
         --> 1.sql:6:37
          |
        6 | ALTER TABLE users ADD COLUMN due_by datse;
          |                                     ^^^^^
          = help: did you mean `dates`?

        there is no type `mood` at this point
         --> 1.sql:6:35
          |
        6 | ALTER TABLE users ADD COLUMN mood Mood DEFAULT 'fine';
          |                                   ^^^^
          = help: write a type such as TEXT, or above: CREATE TYPE mood AS ENUM ('a', 'b')

        enum `dates` has no value `0`
         --> 1.sql:6:60
          |
        6 | ALTER TABLE users ADD COLUMN due_by dates NOT NULL DEFAULT 0;
          |                                                            ^
          = help: write one of: 'spring', 'autumn'

        enum `dates` has no value `now()`
         --> 1.sql:6:51
          |
        6 | ALTER TABLE users ADD COLUMN due_by dates DEFAULT now();
          |                                                   ^^^^^
          = help: write one of: 'spring', 'autumn'

        enum `dates` has no value `autum`
         --> 1.sql:6:51
          |
        6 | ALTER TABLE users ADD COLUMN due_by dates DEFAULT 'autum';
          |                                                   ^^^^^^^
          = help: did you mean 'autumn'?

        enum `dates` has no value `winter`
         --> 1.sql:6:48
          |
        6 | ALTER TABLE users ALTER COLUMN due SET DEFAULT 'winter';
          |                                                ^^^^^^^^
          = help: write one of: 'spring', 'autumn'

        enum `dates` has no value `-1`
         --> 1.sql:6:48
          |
        6 | ALTER TABLE users ALTER COLUMN due SET DEFAULT -1;
          |                                                ^^
          = help: write one of: 'spring', 'autumn'

        column `age` is INTEGER, which has no value `now()`
         --> 1.sql:6:48
          |
        6 | ALTER TABLE users ALTER COLUMN age SET DEFAULT now();
          |                                                ^^^^^
          = help: make the column a TIMESTAMPTZ, or write CURRENT_DATE for a day

        column `age` is INTEGER, which has no value `'none'`
         --> 1.sql:6:48
          |
        6 | ALTER TABLE users ALTER COLUMN age SET DEFAULT 'none';
          |                                                ^^^^^^
          = help: write a whole number

    "#]],
    );
}

#[test]
fn types_that_are_there() {
    let mut fold = Fold::new(&SQLITE);
    fold.apply(&read(BEFORE).unwrap()).unwrap();
    for text in [
        "ALTER TABLE users ADD COLUMN due_by dates NOT NULL DEFAULT 'spring';",
        "ALTER TABLE users ADD COLUMN due_at dates DEFAULT (lower('SPRING'));",
        "ALTER TABLE users ALTER COLUMN due SET DEFAULT 'autumn';",
        "ALTER TABLE users ADD COLUMN dates dates[];",
        "ALTER TABLE users ADD COLUMN tags TEXT[];",
        "ALTER TABLE users ADD COLUMN seen TIMESTAMP(3) DEFAULT now();",
        "ALTER TABLE users ALTER COLUMN seen SET DEFAULT now();",
    ] {
        let revision = read(text).unwrap_or_else(|faults| panic!("{}", shown(&faults)));
        fold.apply(&revision).unwrap_or_else(|faults| panic!("{}", shown(&faults)));
    }
}

#[test]
fn names() {
    let texts = [
        "ALTER TABLE user DROP COLUMN age;",
        "ALTER TABLE users DROP COLUMN emial;",
        "ALTER TABLE users ADD COLUMN name VARCHR(80);",
        "ALTER TABLE users ADD COLUMN name varcha;",
        "ALTER TABLE users ADD UNIQUE (email);",
        "ALTER TABLE users ADD CONSTRAINT ck CHECK (length(emial) > 0);",
        "ALTER TABLE users ADD COLUMN half INTEGER GENERATED ALWAYS AS (aeg / 2) VIRTUAL;",
        "ALTER TABLE users ALTER COLUMN age TYPE BIGINT USING coalesce(agee, 0);",
        "ALTER TABLE users ADD COLUMN team BIGINT REFERENCES teams;",
        "CREATE TABLE posts (id BIGINT, author BIGINT, ref BIGINT REFERENCES users (uid));",
        "CREATE TABLE posts (id BIGINT, slug TEXT, CONSTRAINT ck CHECK (\"slgu\" <> ''));",
        "CREATE INDEX ix ON users (lower(email), emial);",
        "CREATE INDEX ix ON users (lower(emial)) WHERE age > 0;",
        "CREATE INDEX ix ON users (email) WHERE deleted IS NULL;",
        "CREATE INDEX uq_users_email ON users (age);",
        "COMMENT ON COLUMN users.nam IS 'x';",
    ];
    check(
        &texts,
        &expect![[r#"
            there is no table `user` at this point
             --> 1.sql:6:13
              |
            6 | ALTER TABLE user DROP COLUMN age;
              |             ^^^^
              = help: did you mean `users`?

            table `users` has no column `emial`
             --> 1.sql:6:31
              |
            6 | ALTER TABLE users DROP COLUMN emial;
              |                               ^^^^^
              = help: did you mean `email`?

            there is no type `VARCHR`
             --> 1.sql:6:35
              |
            6 | ALTER TABLE users ADD COLUMN name VARCHR(80);
              |                                   ^^^^^^
              = help: did you mean `VARCHAR`?

            there is no type `varcha` at this point
             --> 1.sql:6:35
              |
            6 | ALTER TABLE users ADD COLUMN name varcha;
              |                                   ^^^^^^
              = help: did you mean `VARCHAR`?

            table `users` has a rule or index `uq_users_email` already
             --> 1.sql:6:23
              |
            6 | ALTER TABLE users ADD UNIQUE (email);
              |                       ^^^^^^^^^^^^^^
              = help: choose another name, or leave the statement out

            table `users` has no column `emial`
             --> 1.sql:6:51
              |
            6 | ALTER TABLE users ADD CONSTRAINT ck CHECK (length(emial) > 0);
              |                                                   ^^^^^
              = help: did you mean `email`?

            table `users` has no column `aeg`
             --> 1.sql:6:64
              |
            6 | ALTER TABLE users ADD COLUMN half INTEGER GENERATED ALWAYS AS (aeg / 2) VIRTUAL;
              |                                                                ^^^
              = help: did you mean `age`?

            table `users` has no column `agee`
             --> 1.sql:6:63
              |
            6 | ALTER TABLE users ALTER COLUMN age TYPE BIGINT USING coalesce(agee, 0);
              |                                                               ^^^^
              = help: did you mean `age`?

            there is no table `teams` at this point
             --> 1.sql:6:53
              |
            6 | ALTER TABLE users ADD COLUMN team BIGINT REFERENCES teams;
              |                                                     ^^^^^

            table `users` has no column `uid`
             --> 1.sql:6:76
              |
            6 | CREATE TABLE posts (id BIGINT, author BIGINT, ref BIGINT REFERENCES users (uid));
              |                                                                            ^^^
              = help: did you mean `id`?

            table `posts` has no column `slgu`
             --> 1.sql:6:64
              |
            6 | CREATE TABLE posts (id BIGINT, slug TEXT, CONSTRAINT ck CHECK ("slgu" <> ''));
              |                                                                ^^^^^^
              = help: did you mean `slug`? Or write 'slgu' for a text

            table `users` has no column `emial`
             --> 1.sql:6:41
              |
            6 | CREATE INDEX ix ON users (lower(email), emial);
              |                                         ^^^^^
              = help: did you mean `email`?

            table `users` has no column `emial`
             --> 1.sql:6:33
              |
            6 | CREATE INDEX ix ON users (lower(emial)) WHERE age > 0;
              |                                 ^^^^^
              = help: did you mean `email`?

            table `users` has no column `deleted`
             --> 1.sql:6:40
              |
            6 | CREATE INDEX ix ON users (email) WHERE deleted IS NULL;
              |                                        ^^^^^^^
              = help: it has `id`, `email`, `age`, `due`

            table `users` has a rule or index `uq_users_email` already
             --> 1.sql:6:14
              |
            6 | CREATE INDEX uq_users_email ON users (age);
              |              ^^^^^^^^^^^^^^
              = help: choose another name, or leave the statement out

            table `users` has no column `nam`
             --> 1.sql:6:25
              |
            6 | COMMENT ON COLUMN users.nam IS 'x';
              |                         ^^^
              = help: it has `id`, `email`, `age`, `due`

        "#]],
    );
}
