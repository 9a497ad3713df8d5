//! Names that are not there, or there already: told by the fold, at the word.

use expect_test::expect;

use super::super::{read, shown};
use crate::dialect::SQLITE;
use crate::migrate::Fold;

#[test]
fn names() {
    let before = "CREATE TABLE users (id BIGINT PRIMARY KEY, email TEXT UNIQUE, age INTEGER DEFAULT 0);";
    let mut out = String::new();
    for text in [
        "ALTER TABLE user DROP COLUMN age;",
        "ALTER TABLE users DROP COLUMN emial;",
        "ALTER TABLE users ADD COLUMN name VARCHR(80);",
        "ALTER TABLE users ADD COLUMN name varcha;",
        "ALTER TABLE users ADD UNIQUE (email);",
        "ALTER TABLE users ADD CONSTRAINT ck CHECK (length(emial) > 0);",
        "ALTER TABLE users ADD COLUMN half INTEGER GENERATED ALWAYS AS (aeg / 2) VIRTUAL;",
        "ALTER TABLE users ALTER COLUMN age TYPE BIGINT USING coalesce(agee, 0);",
        "ALTER TABLE users ALTER COLUMN age SET DEFAULT 'none';",
        "ALTER TABLE users ADD COLUMN team BIGINT REFERENCES teams;",
        "CREATE TABLE posts (id BIGINT, author BIGINT, ref BIGINT REFERENCES users (uid));",
        "CREATE TABLE posts (id BIGINT, slug TEXT, CONSTRAINT ck CHECK (\"slgu\" <> ''));",
        "CREATE INDEX ix ON users (lower(email), emial);",
        "CREATE INDEX ix ON users (lower(emial)) WHERE age > 0;",
        "CREATE INDEX ix ON users (email) WHERE deleted IS NULL;",
        "CREATE INDEX uq_users_email ON users (age);",
        "COMMENT ON COLUMN users.nam IS 'x';",
    ] {
        let mut fold = Fold::new(&SQLITE);
        fold.apply(&read(before).unwrap()).unwrap();
        match read(text) {
            Ok(revision) => out.push_str(&shown(&fold.apply(&revision).expect_err(text))),
            Err(faults) => out.push_str(&shown(&faults)),
        }
        out.push('\n');
    }
    expect![[r#"
        there is no table `user` at this point
         --> 1.sql:6:13
          |
        6 | ALTER TABLE user DROP COLUMN age;
          |             ^^^^
          = help: did you mean `users`?

        there is no column of table `users` `emial` at this point
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
          = help: did you mean `varchar`?

        table `users` has a rule or index `uq_users_email` already
         --> 1.sql:6:23
          |
        6 | ALTER TABLE users ADD UNIQUE (email);
          |                       ^^^^^^^^^^^^^^
          = help: choose another name, or leave the statement out

        there is no column of table `users` `emial` at this point
         --> 1.sql:6:51
          |
        6 | ALTER TABLE users ADD CONSTRAINT ck CHECK (length(emial) > 0);
          |                                                   ^^^^^
          = help: did you mean `email`?

        there is no column of table `users` `aeg` at this point
         --> 1.sql:6:64
          |
        6 | ALTER TABLE users ADD COLUMN half INTEGER GENERATED ALWAYS AS (aeg / 2) VIRTUAL;
          |                                                                ^^^
          = help: did you mean `age`?

        there is no column of table `users` `agee` at this point
         --> 1.sql:6:63
          |
        6 | ALTER TABLE users ALTER COLUMN age TYPE BIGINT USING coalesce(agee, 0);
          |                                                               ^^^^
          = help: did you mean `age`?

        'none' is no value of INTEGER, which column `age` is of
         --> 1.sql:6:32
          |
        6 | ALTER TABLE users ALTER COLUMN age SET DEFAULT 'none';
          |                                ^^^
          = help: write a whole number

        there is no table `teams` at this point
         --> 1.sql:6:53
          |
        6 | ALTER TABLE users ADD COLUMN team BIGINT REFERENCES teams;
          |                                                     ^^^^^

        there is no column of table `users` `uid` at this point
         --> 1.sql:6:76
          |
        6 | CREATE TABLE posts (id BIGINT, author BIGINT, ref BIGINT REFERENCES users (uid));
          |                                                                            ^^^
          = help: did you mean `id`?

        there is no column of table `posts` `slgu` at this point
         --> 1.sql:6:64
          |
        6 | CREATE TABLE posts (id BIGINT, slug TEXT, CONSTRAINT ck CHECK ("slgu" <> ''));
          |                                                                ^^^^^^
          = help: did you mean `slug`?

        there is no column of table `users` `emial` at this point
         --> 1.sql:6:41
          |
        6 | CREATE INDEX ix ON users (lower(email), emial);
          |                                         ^^^^^
          = help: did you mean `email`?

        there is no column of table `users` `emial` at this point
         --> 1.sql:6:33
          |
        6 | CREATE INDEX ix ON users (lower(emial)) WHERE age > 0;
          |                                 ^^^^^
          = help: did you mean `email`?

        there is no column of table `users` `deleted` at this point
         --> 1.sql:6:40
          |
        6 | CREATE INDEX ix ON users (email) WHERE deleted IS NULL;
          |                                        ^^^^^^^

        table `users` has a rule or index `uq_users_email` already
         --> 1.sql:6:14
          |
        6 | CREATE INDEX uq_users_email ON users (age);
          |              ^^^^^^^^^^^^^^
          = help: choose another name, or leave the statement out

        there is no column of table `users` `nam` at this point
         --> 1.sql:6:25
          |
        6 | COMMENT ON COLUMN users.nam IS 'x';
          |                         ^^^

    "#]]
    .assert_eq(&out);
}
