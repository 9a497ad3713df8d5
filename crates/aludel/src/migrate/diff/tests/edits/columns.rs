//! Columns that come, go and change.

use expect_test::expect;

use super::check;

#[test]
fn columns_come_and_go() {
    check(
        &[("    bio TEXT,\n", "    bio TEXT,\n    nick VARCHAR(20),\n")],
        &[],
        expect![[r#"
        ALTER TABLE users ADD COLUMN nick VARCHAR(20);
        -- downgrade
        ALTER TABLE users DROP COLUMN nick;
        -- sqlite
        ALTER TABLE users ADD COLUMN nick VARCHAR(20);
    "#]],
    );
    check(
        &[("    bio TEXT,\n", "    bio TEXT,\n    points INTEGER NOT NULL DEFAULT 10,\n")],
        &[],
        expect![[r#"
        ALTER TABLE users ADD COLUMN points INTEGER NOT NULL DEFAULT 10;
        -- downgrade
        ALTER TABLE users DROP COLUMN points;
        -- sqlite
        ALTER TABLE users ADD COLUMN points INTEGER NOT NULL DEFAULT 10;
    "#]],
    );
    check(
        &[("    bio TEXT,\n", "    bio TEXT,\n    nick VARCHAR(20) NOT NULL,\n")],
        &[],
        expect![[r#"
        asked: column `users.nick` is new, takes no NULL and has no default: rows that are there need a value
          = answer: --default 'users.nick=<value>'
    "#]],
    );
    check(
        &[("    bio TEXT,\n", "    bio TEXT,\n    nick VARCHAR(20) NOT NULL,\n")],
        &["default users.nick=it's"],
        expect![[r#"
            ALTER TABLE users ADD COLUMN nick VARCHAR(20) NOT NULL DEFAULT 'it''s';
            ALTER TABLE users ALTER COLUMN nick DROP DEFAULT;
            -- downgrade
            ALTER TABLE users DROP COLUMN nick;
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("    bio TEXT,\n", "    bio TEXT,\n    nick VARCHAR(20) NOT NULL,\n")],
        &["default users.nick=(lower(name))"],
        expect![[r#"
            ALTER TABLE users ADD COLUMN nick VARCHAR(20);
            UPDATE users SET nick = lower(name);
            ALTER TABLE users ALTER COLUMN nick SET NOT NULL;
            -- downgrade
            ALTER TABLE users DROP COLUMN nick;
            -- sqlite
            ALTER TABLE users ADD COLUMN nick VARCHAR(20);
            UPDATE users SET nick = lower(name);
            (table users anew)
        "#]],
    );
    check(
        &[("    bio TEXT,\n", "    bio TEXT,\n    points SMALLINT NOT NULL,\n")],
        &["default users.points=40000", "default users.pints=4"],
        expect![[r#"
            error: `--default users.points=40000`: 40000 is no value of SMALLINT; it must fit 16 bits; an expression in SQL stands in brackets
            error: `--default users.pints=..` names nothing: the models have no such column; did you mean `points`?
            asked: column `users.points` is new, takes no NULL and has no default: rows that are there need a value
              = answer: --default 'users.points=<value>'
        "#]],
    );
    check(
        &[("    bio TEXT,\n", "    bio TEXT,\n    joined TIMESTAMPTZ NOT NULL DEFAULT now(),\n")],
        &[],
        expect![[r#"
            ALTER TABLE users ADD COLUMN joined TIMESTAMPTZ NOT NULL DEFAULT now();
            -- downgrade
            ALTER TABLE users DROP COLUMN joined;
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("    bio TEXT,\n", "")],
        &[],
        expect![[r#"
        asked: column `bio` of table `users` is in no model any more; its values would be lost
          = answer: --drop users.bio
    "#]],
    );
    check(
        &[("    bio TEXT,\n", "")],
        &["drop users.bio"],
        expect![[r#"
        ALTER TABLE users DROP COLUMN bio;
        -- downgrade
        -- loses: the values of users.bio
        ALTER TABLE users ADD COLUMN bio TEXT;
        -- sqlite
        ALTER TABLE users DROP COLUMN bio;
    "#]],
    );
    check(
        &[
            ("    title VARCHAR(120) NOT NULL,\n", ""),
            ("CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';", ""),
        ],
        &["yes"],
        expect![[r#"
            DROP INDEX ix_posts_online;
            ALTER TABLE posts DROP COLUMN title;
            -- downgrade
            -- loses: the values of posts.title
            ALTER TABLE posts ADD COLUMN title VARCHAR(120) NOT NULL DEFAULT '';
            ALTER TABLE posts ALTER COLUMN title DROP DEFAULT;
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            -- sqlite
            DROP INDEX ix_posts_online;
            ALTER TABLE posts DROP COLUMN title;
        "#]],
    );
    check(
        &[("    email VARCHAR(80) NOT NULL,\n", ""), ("    CONSTRAINT uq_users_email UNIQUE (email),\n", "")],
        &["yes"],
        expect![[r#"
            ALTER TABLE users DROP CONSTRAINT uq_users_email;
            ALTER TABLE users DROP COLUMN email;
            -- downgrade
            -- loses: the values of users.email
            ALTER TABLE users ADD COLUMN email VARCHAR(80);
            UPDATE users SET email = CAST(id AS VARCHAR(80));
            ALTER TABLE users ALTER COLUMN email SET NOT NULL;
            ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email);
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("    words INTEGER NOT NULL DEFAULT 0,\n    pages INTEGER GENERATED ALWAYS AS (words / 300) STORED,\n", "")],
        &["yes"],
        expect![[r#"
            ALTER TABLE posts DROP COLUMN pages;
            ALTER TABLE posts DROP COLUMN words;
            -- downgrade
            -- loses: the values of posts.words
            ALTER TABLE posts ADD COLUMN words INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE posts ADD COLUMN pages INTEGER GENERATED ALWAYS AS (words / 300) STORED;
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
}

#[test]
fn columns_change() {
    check(
        &[("name VARCHAR(40)", "name VARCHAR(80)")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN name TYPE VARCHAR(80);
            -- downgrade
            ALTER TABLE users ALTER COLUMN name TYPE VARCHAR(40);
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("age INTEGER", "age BIGINT")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN age TYPE BIGINT;
            -- downgrade
            ALTER TABLE users ALTER COLUMN age TYPE INTEGER;
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("age INTEGER", "age TEXT"), ("age >= 0", "age <> ''")],
        &[],
        expect![[r#"
            ALTER TABLE users DROP CONSTRAINT ck_users_age;
            ALTER TABLE users ALTER COLUMN age TYPE TEXT;
            ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age <> '');
            -- downgrade
            ALTER TABLE users DROP CONSTRAINT ck_users_age;
            ALTER TABLE users ALTER COLUMN age TYPE INTEGER USING CAST(age AS INTEGER);
            ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age >= 0);
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("bio TEXT", "bio INTEGER")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN bio TYPE INTEGER USING CAST(bio AS INTEGER);
            -- downgrade
            ALTER TABLE users ALTER COLUMN bio TYPE TEXT;
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("words INTEGER NOT NULL DEFAULT 0", "words BIGINT NOT NULL DEFAULT 0")],
        &[],
        expect![[r#"
            ALTER TABLE posts DROP COLUMN pages;
            ALTER TABLE posts ALTER COLUMN words TYPE BIGINT;
            ALTER TABLE posts ADD COLUMN pages INTEGER GENERATED ALWAYS AS (words / 300) STORED;
            -- downgrade
            ALTER TABLE posts DROP COLUMN pages;
            ALTER TABLE posts ALTER COLUMN words TYPE INTEGER;
            ALTER TABLE posts ADD COLUMN pages INTEGER GENERATED ALWAYS AS (words / 300) STORED;
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("name VARCHAR(40) NOT NULL DEFAULT 'nobody'", "name INTEGER NOT NULL DEFAULT 1")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN name DROP DEFAULT;
            ALTER TABLE users ALTER COLUMN name TYPE INTEGER USING CAST(name AS INTEGER);
            ALTER TABLE users ALTER COLUMN name SET DEFAULT 1;
            -- downgrade
            ALTER TABLE users ALTER COLUMN name DROP DEFAULT;
            ALTER TABLE users ALTER COLUMN name TYPE VARCHAR(40);
            ALTER TABLE users ALTER COLUMN name SET DEFAULT 'nobody';
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("age INTEGER", "age DATE"), ("age >= 0", "age > '1900-01-01'")],
        &[],
        expect![[r#"
        asked: column `users.age` becomes DATE and was INTEGER: no value of the one means a value of the other
          = answer: --using 'users.age=<expression>'
          = answer: --drop users.age
    "#]],
    );
    check(
        &[("age INTEGER", "age DATE"), ("age >= 0", "age > '1900-01-01'")],
        &["using users.age=CAST('2000-01-01' AS DATE)"],
        expect![[r#"
            ALTER TABLE users DROP CONSTRAINT ck_users_age;
            ALTER TABLE users ALTER COLUMN age TYPE DATE USING CAST('2000-01-01' AS DATE);
            ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age > '1900-01-01');
            -- downgrade
            ALTER TABLE users DROP CONSTRAINT ck_users_age;
            ALTER TABLE users DROP COLUMN age;
            -- loses: the values of users.age
            ALTER TABLE users ADD COLUMN age INTEGER;
            ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age >= 0);
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("bio TEXT", "bio BYTEA NOT NULL")],
        &["drop users.bio", "default users.bio=\\x00ff"],
        expect![[r#"
            ALTER TABLE users DROP COLUMN bio;
            ALTER TABLE users ADD COLUMN bio BYTEA NOT NULL DEFAULT '\x00ff';
            ALTER TABLE users ALTER COLUMN bio DROP DEFAULT;
            -- downgrade
            ALTER TABLE users DROP COLUMN bio;
            -- loses: the values of users.bio
            ALTER TABLE users ADD COLUMN bio TEXT;
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("name VARCHAR(40) NOT NULL", "name VARCHAR(40)")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN name DROP NOT NULL;
            -- downgrade
            ALTER TABLE users ALTER COLUMN name SET NOT NULL;
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("bio TEXT", "bio TEXT NOT NULL")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN bio SET NOT NULL;
            -- downgrade
            ALTER TABLE users ALTER COLUMN bio DROP NOT NULL;
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("bio TEXT", "bio TEXT NOT NULL")],
        &["default users.bio="],
        expect![[r#"
            UPDATE users SET bio = '' WHERE bio IS NULL;
            ALTER TABLE users ALTER COLUMN bio SET NOT NULL;
            -- downgrade
            ALTER TABLE users ALTER COLUMN bio DROP NOT NULL;
            -- sqlite
            UPDATE users SET bio = '' WHERE bio IS NULL;
            (table users anew)
        "#]],
    );
    check(
        &[("DEFAULT 'nobody'", "DEFAULT 'somebody'")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN name SET DEFAULT 'somebody';
            -- downgrade
            ALTER TABLE users ALTER COLUMN name SET DEFAULT 'nobody';
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[(" DEFAULT 'nobody'", "")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN name DROP DEFAULT;
            -- downgrade
            ALTER TABLE users ALTER COLUMN name SET DEFAULT 'nobody';
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("words / 300", "words / 250")],
        &[],
        expect![[r#"
            ALTER TABLE posts ALTER COLUMN pages SET EXPRESSION AS (words / 250);
            -- downgrade
            ALTER TABLE posts ALTER COLUMN pages SET EXPRESSION AS (words / 300);
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("(words / 300) STORED", "(words / 300) VIRTUAL")],
        &[],
        expect![[r#"
        ALTER TABLE posts DROP COLUMN pages;
        ALTER TABLE posts ADD COLUMN pages INTEGER GENERATED ALWAYS AS (words / 300) VIRTUAL;
        -- downgrade
        ALTER TABLE posts DROP COLUMN pages;
        ALTER TABLE posts ADD COLUMN pages INTEGER GENERATED ALWAYS AS (words / 300) STORED;
        -- sqlite
        ALTER TABLE posts DROP COLUMN pages;
        ALTER TABLE posts ADD COLUMN pages INTEGER GENERATED ALWAYS AS (words / 300) VIRTUAL;
    "#]],
    );
    check(
        &[("pages INTEGER GENERATED ALWAYS AS (words / 300) STORED", "pages INTEGER")],
        &[],
        expect![[r#"
            ALTER TABLE posts ALTER COLUMN pages DROP EXPRESSION;
            -- downgrade
            ALTER TABLE posts DROP COLUMN pages;
            ALTER TABLE posts ADD COLUMN pages INTEGER GENERATED ALWAYS AS (words / 300) STORED;
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("age INTEGER", "age INTEGER GENERATED ALWAYS AS (id % 100) STORED")],
        &["yes"],
        expect![[r#"
            ALTER TABLE users DROP CONSTRAINT ck_users_age;
            ALTER TABLE users DROP COLUMN age;
            ALTER TABLE users ADD COLUMN age INTEGER GENERATED ALWAYS AS (id % 100) STORED;
            ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age >= 0);
            -- downgrade
            ALTER TABLE users ALTER COLUMN age DROP EXPRESSION;
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("    id BIGINT GENERATED BY DEFAULT AS IDENTITY,\n    email", "    id BIGINT,\n    email")],
        &[],
        expect![[r#"
            ALTER TABLE users ALTER COLUMN id DROP IDENTITY;
            -- downgrade
            ALTER TABLE users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
            -- sqlite
            (table users anew)
        "#]],
    );
}

/// Models say no collation, so that it stays as the files have it; a type that has none does not take it over.
#[test]
fn a_collation_stays_with_texts() {
    use crate::migrate::{Answers, diff};
    let table = |ty: &str| super::schema(&format!("CREATE TABLE t (id BIGINT PRIMARY KEY, a {ty});"));
    let from = table("TEXT COLLATE \"de\"");
    for (ty, up, down) in [
        ("VARCHAR(9)", "TYPE VARCHAR(9) COLLATE de", "TYPE TEXT COLLATE de"),
        ("BIGINT", "TYPE BIGINT USING CAST(a AS BIGINT)", "TYPE TEXT COLLATE de"),
        ("UUID", "TYPE UUID USING CAST(a AS UUID)", "TYPE TEXT COLLATE de"),
    ] {
        let mut answers = Answers::new();
        answers.hints(&[]);
        let changes = diff(&from, &table(ty), &answers).unwrap();
        let said = |text| format!("ALTER TABLE t ALTER COLUMN a {text};\n");
        assert_eq!((super::text(&changes.up), super::text(&changes.down)), (said(up), said(down)));
    }
}
