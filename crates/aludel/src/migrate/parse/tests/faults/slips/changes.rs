//! Slips in statements that change what is there.

use expect_test::expect;

use super::super::names::told;
use super::BEFORE;

#[test]
fn changes() {
    let texts = [
        "ALTER users ADD COLUMN nick TEXT;",
        "ALTER TABLE users ADD COLUMNS nick TEXT;",
        "ALTER TABLE users ADD nick;",
        "ALTER TABLE users ADD COLUMN (nick TEXT, nack TEXT);",
        "ALTER TABLE users ADD CONSTRAINT CHECK (age > 0);",
        "ALTER TABLE users ADD CONSTRAINT PRIMARY KEY (id);",
        "ALTER TABLE users ADD COLUMN boss BIGINT CONSTRAINT UNIQUE;",
        "ALTER TABLE users ADD PRIMARY KEY (email);",
        "ALTER TABLE users ALTER COLUMN age NOT NULL;",
        "ALTER TABLE users ALTER COLUMN age NULL;",
        "ALTER TABLE users ALTER COLUMN age DEFAULT 1;",
        "ALTER TABLE users ALTER COLUMN age SET DEFAULT;",
        "ALTER TABLE users RENAME COLUMN age years;",
        "ALTER TABLE users DROP CONSTRAINT ix_users_name;",
        "ALTER TABLE users DROP CONSTRAINT uq_users_mail;",
        "ALTER TABLE users DROP COLUMN id;",
        "ALTER TABLE posts DROP COLUMN title;",
        "ALTER TABLE posts DROP COLUMN author_id;",
        "ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users, DROP COLUMN author_id;",
        "ALTER TABLE users DROP COLUMN age;\nALTER TABLE users DROP COLUMN age;",
        "ALTER TYPE mood RENAME VALUE 'fin' TO 'good';",
        "ALTER TYPE mood ADD VALUE 'glad' BEFORE 'bad_';",
        "ALTER TABLE users ADD INDEX ix (age);",
        "ALTER TABLE users DROP INDEX ix_users_name;",
        "ALTER TABLE users ALTER COLUMN name ADD GENERATED ALWAYS AS IDENTITY;",
        "ALTER TABLE users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;\nALTER TABLE users ALTER COLUMN id TYPE TEXT;",
    ];
    told(
        BEFORE,
        &texts,
        &expect![[r#"
            expected `TABLE`, `INDEX` or `TYPE`, found `users`
             --> 1.sql:6:7
              |
            6 | ALTER users ADD COLUMN nick TEXT;
              |       ^^^^^
              = help: write what it is before the name: ALTER TABLE users

            `COLUMNS` stands where COLUMN may
             --> 1.sql:6:23
              |
            6 | ALTER TABLE users ADD COLUMNS nick TEXT;
              |                       ^^^^^^^
              = help: did you mean `COLUMN`?

            expected a type, found the end of the statement
             --> 1.sql:6:27
              |
            6 | ALTER TABLE users ADD nick;
              |                           ^
              = help: write one behind the name, such as BIGINT, TEXT or TIMESTAMPTZ

            columns are added one by one
             --> 1.sql:6:30
              |
            6 | ALTER TABLE users ADD COLUMN (nick TEXT, nack TEXT);
              |                              ^
              = help: write ADD COLUMN for each: ADD COLUMN a TEXT, ADD COLUMN b TEXT

            CHECK stands where the name of the constraint should
             --> 1.sql:6:34
              |
            6 | ALTER TABLE users ADD CONSTRAINT CHECK (age > 0);
              |                                  ^^^^^
              = help: write a name between CONSTRAINT and CHECK

            PRIMARY KEY stands where the name of the constraint should
             --> 1.sql:6:34
              |
            6 | ALTER TABLE users ADD CONSTRAINT PRIMARY KEY (id);
              |                                  ^^^^^^^
              = help: write a name between CONSTRAINT and PRIMARY KEY

            expected `PRIMARY KEY`, `UNIQUE`, `CHECK` or `REFERENCES`, found the end of the statement
             --> 1.sql:6:59
              |
            6 | ALTER TABLE users ADD COLUMN boss BIGINT CONSTRAINT UNIQUE;
              |                                                           ^

            table `users` has the primary key `pk_users` already
             --> 1.sql:6:23
              |
            6 | ALTER TABLE users ADD PRIMARY KEY (email);
              |                       ^^^^^^^^^^^^^^^^^^^
              = help: drop that first: ALTER TABLE users DROP CONSTRAINT pk_users

            expected `TYPE`, `SET`, `DROP` or `ADD`, found `NOT`
             --> 1.sql:6:36
              |
            6 | ALTER TABLE users ALTER COLUMN age NOT NULL;
              |                                    ^^^
              = help: write SET NOT NULL

            expected `TYPE`, `SET`, `DROP` or `ADD`, found `NULL`
             --> 1.sql:6:36
              |
            6 | ALTER TABLE users ALTER COLUMN age NULL;
              |                                    ^^^^
              = help: write DROP NOT NULL

            expected `TYPE`, `SET`, `DROP` or `ADD`, found `DEFAULT`
             --> 1.sql:6:36
              |
            6 | ALTER TABLE users ALTER COLUMN age DEFAULT 1;
              |                                    ^^^^^^^
              = help: write SET DEFAULT

            expected a value, found the end of the statement
             --> 1.sql:6:47
              |
            6 | ALTER TABLE users ALTER COLUMN age SET DEFAULT;
              |                                               ^
              = help: write one, or DROP DEFAULT for none

            expected `TO`, found `years`
             --> 1.sql:6:37
              |
            6 | ALTER TABLE users RENAME COLUMN age years;
              |                                     ^^^^^
              = help: write TO before it

            table `users` has no constraint `ix_users_name`
             --> 1.sql:6:35
              |
            6 | ALTER TABLE users DROP CONSTRAINT ix_users_name;
              |                                   ^^^^^^^^^^^^^
              = help: it is an index: write DROP INDEX, ALTER INDEX or COMMENT ON INDEX

            table `users` has no constraint `uq_users_mail`
             --> 1.sql:6:35
              |
            6 | ALTER TABLE users DROP CONSTRAINT uq_users_mail;
              |                                   ^^^^^^^^^^^^^
              = help: did you mean `uq_users_email`?

            column `id` of table `users` cannot go: foreign key `fk_posts_author_id_users` of table `posts` stands on it
             --> 1.sql:6:31
              |
            6 | ALTER TABLE users DROP COLUMN id;
              |                               ^^
              = help: drop that first: ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users

            column `title` of table `posts` cannot go: constraint `ck_title` stands on it
             --> 1.sql:6:31
              |
            6 | ALTER TABLE posts DROP COLUMN title;
              |                               ^^^^^
              = help: drop that first: ALTER TABLE posts DROP CONSTRAINT ck_title

            column `author_id` of table `posts` cannot go: constraint `fk_posts_author_id_users` stands on it
             --> 1.sql:6:31
              |
            6 | ALTER TABLE posts DROP COLUMN author_id;
              |                               ^^^^^^^^^
              = help: drop that first: ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users

            column `author_id` of table `posts` cannot go: index `ix_posts_author` stands on it
             --> 1.sql:6:73
              |
            6 | ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users, DROP COLUMN author_id;
              |                                                                         ^^^^^^^^^
              = help: drop that first: DROP INDEX ix_posts_author

            table `users` has no column `age`
             --> 1.sql:7:31
              |
            7 | ALTER TABLE users DROP COLUMN age;
              |                               ^^^
              = help: it has `id`, `name`, `email`, `mood`

            enum `mood` has no value `fin`
             --> 1.sql:6:30
              |
            6 | ALTER TYPE mood RENAME VALUE 'fin' TO 'good';
              |                              ^^^^^
              = help: did you mean `fine`?

            enum `mood` has no value `bad_`
             --> 1.sql:6:41
              |
            6 | ALTER TYPE mood ADD VALUE 'glad' BEFORE 'bad_';
              |                                         ^^^^^^
              = help: did you mean `sad`?

            an index is a statement of its own
             --> 1.sql:6:23
              |
            6 | ALTER TABLE users ADD INDEX ix (age);
              |                       ^^^^^
              = help: write CREATE INDEX .. ON .. (..) below the table

            an index is dropped by a statement of its own
             --> 1.sql:6:24
              |
            6 | ALTER TABLE users DROP INDEX ix_users_name;
              |                        ^^^^^
              = help: write DROP INDEX ix_users_name

            an identity counts, and column `name` as TEXT cannot
             --> 1.sql:6:32
              |
            6 | ALTER TABLE users ALTER COLUMN name ADD GENERATED ALWAYS AS IDENTITY;
              |                                ^^^^
              = help: make the column BIGINT

            an identity counts, and column `id` as TEXT cannot
             --> 1.sql:7:32
              |
            7 | ALTER TABLE users ALTER COLUMN id TYPE TEXT;
              |                                ^^
              = help: drop it before: ALTER COLUMN .. DROP IDENTITY

        "#]],
    );
}

#[test]
fn statements() {
    let texts = [
        "CREATE UNIQ INDEX ix ON users (age);",
        "CREATE INDEX ix users (age);",
        "CREATE INDEX ix ON users age;",
        "CREATE INDEX ix ON users (age, );",
        "CREATE INDEX ix ON users (age DSC);",
        "CREATE INDEX ix ON users USING (age);",
        "CREATE INDEX ix ON users (age) WERE age > 1;",
        "DROP INDEX ix_users_name ON users;",
        "DROP INDEX uq_users_email;",
        "DROP TABLE people;",
        "DROP TABLE users;",
        "DROP VIEW users;",
        "COMMENT ON users IS 'x';",
        "COMMENT ON TABLE users 'x';",
        "RENAME TABLE users TO people;",
        "// a comment\nDROP TABLE posts;",
        "# a comment\nDROP TABLE posts;",
    ];
    told(
        BEFORE,
        &texts,
        &expect![[r#"
        expected `TABLE`, `INDEX`, `UNIQUE INDEX`, `TYPE`, `VIEW` or `SCHEMA`, found `UNIQ`
         --> 1.sql:6:8
          |
        6 | CREATE UNIQ INDEX ix ON users (age);
          |        ^^^^
          = help: did you mean `UNIQUE INDEX`?

        expected `ON`, found `users`
         --> 1.sql:6:17
          |
        6 | CREATE INDEX ix users (age);
          |                 ^^^^^
          = help: write ON before it

        expected `(`, found `age`
         --> 1.sql:6:26
          |
        6 | CREATE INDEX ix ON users age;
          |                          ^^^
          = help: write `(` before it, and `)` where it ends

        a comma stands before `)`
         --> 1.sql:6:32
          |
        6 | CREATE INDEX ix ON users (age, );
          |                                ^
          = help: leave the comma out

        expected `ASC`, `DESC`, `NULLS` or `COLLATE`, found `DSC`
         --> 1.sql:6:31
          |
        6 | CREATE INDEX ix ON users (age DSC);
          |                               ^^^
          = help: did you mean `DESC`?

        expected an access method, found `(`
         --> 1.sql:6:32
          |
        6 | CREATE INDEX ix ON users USING (age);
          |                                ^
          = help: leave USING out, or write one that an engine has, such as gin

        expected `INCLUDE`, `WITH`, `WHERE` or the end of the statement, found `WERE`
         --> 1.sql:6:32
          |
        6 | CREATE INDEX ix ON users (age) WERE age > 1;
          |                                ^^^^
          = help: did you mean `WHERE`?

        ON cannot stand here
         --> 1.sql:6:26
          |
        6 | DROP INDEX ix_users_name ON users;
          |                          ^^
          = help: leave it and the table out: history knows whose index it is

        there is no index `uq_users_email` at this point
         --> 1.sql:6:12
          |
        6 | DROP INDEX uq_users_email;
          |            ^^^^^^^^^^^^^^
          = help: it is a constraint: write ALTER TABLE users .. CONSTRAINT uq_users_email

        there is no table `people` at this point
         --> 1.sql:6:12
          |
        6 | DROP TABLE people;
          |            ^^^^^^
          = help: it is a view: write DROP VIEW or COMMENT ON VIEW

        table `users` cannot go: table `posts` points at it
         --> 1.sql:6:12
          |
        6 | DROP TABLE users;
          |            ^^^^^
          = help: drop that key first: ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users

        there is no view `users` at this point
         --> 1.sql:6:11
          |
        6 | DROP VIEW users;
          |           ^^^^^
          = help: it is a table: write DROP TABLE or COMMENT ON TABLE

        expected `TABLE`, `COLUMN`, `INDEX`, `CONSTRAINT`, `TYPE`, `VIEW` or `SCHEMA`, found `users`
         --> 1.sql:6:12
          |
        6 | COMMENT ON users IS 'x';
          |            ^^^^^
          = help: write what it is before the name: COMMENT ON TABLE users

        expected `IS`, found `'x'`
         --> 1.sql:6:24
          |
        6 | COMMENT ON TABLE users 'x';
          |                        ^^^
          = help: write IS before it

        `RENAME` begins no portable statement
         --> 1.sql:6:1
          |
        6 | RENAME TABLE users TO people;
          | ^^^^^^
          = help: write ALTER TABLE .. RENAME TO ..

        expected a statement, found `//`
         --> 1.sql:6:1
          |
        6 | // a comment
          | ^^
          = help: a comment begins with `--`

        expected a statement, found `#`
         --> 1.sql:6:1
          |
        6 | # a comment
          | ^
          = help: a comment begins with `--`

    "#]],
    );
}
