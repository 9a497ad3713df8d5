//! What single edits of models become.

mod columns;
mod names;

use expect_test::{Expect, expect};

use super::{replay, schema, text};
use crate::dialect::{Inventory, SQLITE};
use crate::migrate::difference::places;
use crate::migrate::{Answers, Step, diff};
use crate::schema::{Op, Schema};

/// The tables that each edit begins with.
const BASE: &str = include_str!("../../../../tests/suite/migrate/posts.sql");

/// Edits the text of the base, and compares the steps with what is expected: there, back, and on SQLite.
fn check(edits: &[(&str, &str)], answers: &[&str], expected: Expect) {
    let mut after = BASE.to_owned();
    for (old, new) in edits {
        assert!(after.contains(old), "{old}");
        after = after.replace(old, new);
    }
    let (from, to) = (schema(BASE), schema(&after));
    let changes = match diff(&from, &to, &said(answers)) {
        Ok(changes) => changes,
        Err(open) => {
            let problems = open.problems.iter().map(|problem| format!("error: {problem}\n"));
            let questions = open.questions.iter().map(|question| format!("asked: {question}\n"));
            return expected.assert_eq(&problems.chain(questions).collect::<String>());
        }
    };
    assert_eq!(places(&replay(&from, &changes.up), &to), []);
    assert_eq!(places(&replay(&replay(&from, &changes.up), &changes.down), &from), []);
    let told =
        format!("{}-- downgrade\n{}-- sqlite\n{}", text(&changes.up), text(&changes.down), sqlite(&from, &changes.up));
    expected.assert_eq(&told);
}

fn said(words: &[&str]) -> Answers {
    let mut answers = Answers::new();
    for word in words {
        match word.split_once(' ') {
            Some(("rename", text)) => answers.rename(text).unwrap(),
            Some(("drop", text)) => answers.drop(text).unwrap(),
            Some(("default", text)) => answers.default_value(text).unwrap(),
            Some(("using", text)) => answers.using(text).unwrap(),
            _ => answers.drop_all(),
        }
    }
    answers
}

/// The table that a line puts in the place of the old one.
fn anew(line: &str) -> Option<&str> {
    let made = line.strip_prefix("ALTER TABLE ")?.trim_start_matches('"').starts_with("aludel_");
    made.then(|| line.split_once(" RENAME TO ").map(|(_, table)| table))?
}

/// What SQLite runs; a table that is written anew in one line.
fn sqlite(from: &Schema, steps: &[Step]) -> String {
    let mut schema = from.clone();
    let mut stored = Inventory::of(&SQLITE, from);
    let mut out = String::new();
    for part in steps.chunk_by(|one, other| one.op().is_some() == other.op().is_some()) {
        let ops: Vec<Op> = part.iter().filter_map(Step::op).cloned().collect();
        if ops.is_empty() {
            out.push_str(&text(part));
            continue;
        }
        let plan = SQLITE.plan(&ops, &schema, &stored).unwrap_or_else(|refusals| panic!("{}", refusals[0]));
        let lines: Vec<&str> = plan.statements().collect();
        for (at, line) in lines.iter().enumerate() {
            match anew(line) {
                Some(table) => out.push_str(&format!("(table {table} anew)\n")),
                None if line.contains("aludel_") || line.contains("sqlite_sequence") || line.starts_with("PRAGMA") => {}
                None if lines.get(at + 1).is_some_and(|next| anew(next).is_some()) => {}
                None => out.push_str(&format!("{line};\n")),
            }
        }
        ops.iter().for_each(|op| op.apply(&mut schema).unwrap());
        stored = plan.after;
    }
    out
}

#[test]
fn rules_change() {
    check(
        &[("age >= 0", "age >= 18")],
        &[],
        expect![[r#"
            ALTER TABLE users DROP CONSTRAINT ck_users_age;
            ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age >= 18);
            -- downgrade
            ALTER TABLE users DROP CONSTRAINT ck_users_age;
            ALTER TABLE users ADD CONSTRAINT ck_users_age CHECK (age >= 0);
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("age >= 0", "(AGE>=0)")],
        &[],
        expect![[r#"
        -- downgrade
        -- sqlite
    "#]],
    );
    check(
        &[("    CONSTRAINT uq_users_email UNIQUE (email),\n", "    CONSTRAINT uq_users_email UNIQUE (email, name),\n")],
        &[],
        expect![[r#"
            ALTER TABLE users DROP CONSTRAINT uq_users_email;
            ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email, name);
            -- downgrade
            ALTER TABLE users DROP CONSTRAINT uq_users_email;
            ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email);
            -- sqlite
            (table users anew)
        "#]],
    );
    check(
        &[("ON DELETE CASCADE", "ON DELETE RESTRICT")],
        &[],
        expect![[r#"
            ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users;
            ALTER TABLE posts ADD CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE RESTRICT;
            -- downgrade
            ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users;
            ALTER TABLE posts ADD CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE;
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[("ix_posts_author_id", "ix_posts_of")],
        &[],
        expect![[r#"
        ALTER INDEX ix_posts_author_id RENAME TO ix_posts_of;
        -- downgrade
        ALTER INDEX ix_posts_of RENAME TO ix_posts_author_id;
        -- sqlite
        DROP INDEX ix_posts_author_id;
        CREATE INDEX ix_posts_of ON posts (author_id);
    "#]],
    );
    check(
        &[("WHERE state = 'online'", "")],
        &[],
        expect![[r#"
        DROP INDEX ix_posts_online;
        CREATE INDEX ix_posts_online ON posts (title);
        -- downgrade
        DROP INDEX ix_posts_online;
        CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        -- sqlite
        DROP INDEX ix_posts_online;
        CREATE INDEX ix_posts_online ON posts (title);
    "#]],
    );
    check(
        &[
            ("PRIMARY KEY (id),\n    CONSTRAINT fk", "PRIMARY KEY (author_id, id),\n    CONSTRAINT fk"),
            ("    id BIGINT GENERATED BY DEFAULT AS IDENTITY,\n    author_id", "    id BIGINT,\n    author_id"),
        ],
        &[],
        expect![[r#"
            ALTER TABLE posts DROP CONSTRAINT pk_posts;
            ALTER TABLE posts ALTER COLUMN id DROP IDENTITY;
            ALTER TABLE posts ADD CONSTRAINT pk_posts PRIMARY KEY (author_id, id);
            -- downgrade
            ALTER TABLE posts DROP CONSTRAINT pk_posts;
            ALTER TABLE posts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
            ALTER TABLE posts ADD CONSTRAINT pk_posts PRIMARY KEY (id);
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
        "#]],
    );
    check(
        &[
            ("    id BIGINT GENERATED BY DEFAULT AS IDENTITY,\n    email", "    id UUID,\n    email"),
            ("author_id BIGINT NOT NULL", "author_id UUID NOT NULL"),
        ],
        &["using users.id=gen_random_uuid()", "using posts.author_id=gen_random_uuid()"],
        expect![[r#"
            ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users;
            ALTER TABLE users ALTER COLUMN id DROP IDENTITY;
            ALTER TABLE users ALTER COLUMN id TYPE UUID USING gen_random_uuid();
            ALTER TABLE posts ALTER COLUMN author_id TYPE UUID USING gen_random_uuid();
            ALTER TABLE posts ADD CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE;
            -- downgrade
            ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users;
            ALTER TABLE users DROP CONSTRAINT pk_users;
            ALTER TABLE users DROP COLUMN id;
            -- loses: the values of users.id
            ALTER TABLE users ADD COLUMN id BIGINT GENERATED BY DEFAULT AS IDENTITY;
            ALTER TABLE users ADD CONSTRAINT pk_users PRIMARY KEY (id);
            DROP INDEX ix_posts_author_id;
            ALTER TABLE posts DROP COLUMN author_id;
            -- loses: the values of posts.author_id
            ALTER TABLE posts ADD COLUMN author_id BIGINT;
            ALTER TABLE posts ALTER COLUMN author_id SET NOT NULL;
            ALTER TABLE posts ADD CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE;
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            -- sqlite
            (table posts anew)
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            (table users anew)
        "#]],
    );
}

#[test]
fn tables_come_and_go() {
    let tags = "CREATE TABLE tags (name VARCHAR(40), post_id BIGINT, CONSTRAINT pk_tags PRIMARY KEY (name), CONSTRAINT fk_tags FOREIGN KEY (post_id) REFERENCES posts (id)); COMMENT ON TABLE tags IS 'words';";
    check(
        &[("CREATE INDEX ix_posts_online", &format!("{tags} CREATE INDEX ix_posts_online"))],
        &[],
        expect![[r#"
        CREATE TABLE tags (
            name    VARCHAR(40),
            post_id BIGINT,
            CONSTRAINT pk_tags PRIMARY KEY (name),
            CONSTRAINT fk_tags FOREIGN KEY (post_id) REFERENCES posts (id)
        );
        COMMENT ON TABLE tags IS 'words';
        -- downgrade
        DROP TABLE tags;
        -- sqlite
        CREATE TABLE tags (
            name    VARCHAR(40) NOT NULL,
            post_id BIGINT,
            CONSTRAINT pk_tags PRIMARY KEY (name),
            CONSTRAINT fk_tags FOREIGN KEY (post_id) REFERENCES posts (id)
        );
    "#]],
    );
    let posts = &BASE[BASE.find("CREATE TABLE posts").unwrap()..];
    check(
        &[(posts, ""), ("CREATE TYPE state AS ENUM ('draft', 'online', 'gone');", "")],
        &[],
        expect![[r#"
        asked: table `posts` is in no model any more; its rows would be lost
          = answer: --drop posts
    "#]],
    );
    check(
        &[(posts, ""), ("CREATE TYPE state AS ENUM ('draft', 'online', 'gone');", "")],
        &["drop posts"],
        expect![[r#"
            DROP TABLE posts;
            DROP TYPE state;
            -- downgrade
            CREATE TYPE state AS ENUM ('draft', 'online', 'gone');
            -- loses: the rows of posts
            CREATE TABLE posts (
                id        BIGINT GENERATED BY DEFAULT AS IDENTITY,
                author_id BIGINT NOT NULL,
                title     VARCHAR(120) NOT NULL,
                state     state NOT NULL DEFAULT 'draft',
                words     INTEGER NOT NULL DEFAULT 0,
                pages     INTEGER GENERATED ALWAYS AS (words / 300) STORED,
                CONSTRAINT pk_posts PRIMARY KEY (id),
                CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE
            );
            CREATE INDEX ix_posts_author_id ON posts (author_id);
            CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';
            -- sqlite
            DROP TABLE posts;
        "#]],
    );
    check(
        &[
            ("    bio TEXT,\n", "    bio TEXT,\n    last_post_id BIGINT,\n"),
            (
                "CREATE INDEX ix_posts_online",
                "ALTER TABLE users ADD CONSTRAINT fk_last FOREIGN KEY (last_post_id) REFERENCES posts (id); CREATE INDEX ix_posts_online",
            ),
        ],
        &[],
        expect![[r#"
            ALTER TABLE users ADD COLUMN last_post_id BIGINT;
            ALTER TABLE users ADD CONSTRAINT fk_last FOREIGN KEY (last_post_id) REFERENCES posts (id);
            -- downgrade
            ALTER TABLE users DROP CONSTRAINT fk_last;
            ALTER TABLE users DROP COLUMN last_post_id;
            -- sqlite
            ALTER TABLE users ADD COLUMN last_post_id BIGINT CONSTRAINT fk_last REFERENCES posts (id);
        "#]],
    );
}

/// Whoever answers what nobody asks means something by it.
#[test]
fn answers_that_fit_nothing_are_told() {
    let nick = ("    bio TEXT,\n", "    bio TEXT,\n    nick VARCHAR(20),\n");
    let all = [
        "default users.nick=x",
        "default users.name=x",
        "using users.age=(age * 2)",
        "using users.nick=lower(name)",
        "drop typo",
        "drop users.bio",
        "drop users.nik",
        "drop state.draft",
    ];
    check(
        &[nick],
        &all,
        expect![[r#"
        error: `--default users.nick=x` is of no use: the column is new and takes NULL, which is what rows have in it; leave it out
        error: `--default users.name=x` is of no use: the rows keep what they have in the column; leave it out
        error: `--using users.age=(age * 2)` is of no use: the column keeps its type; leave it out
        error: `--using users.nick=lower(name)` is of no use: the column is new; a value for the rows that are there is given by `--default`; leave it out
        error: `--drop state.draft` is of no use: nothing that goes is called so; leave it out
        error: `--drop typo` is of no use: nothing that goes is called so; leave it out
        error: `--drop users.bio` is of no use: nothing that goes is called so; leave it out
        error: `--drop users.nik` is of no use: nothing that goes is called so; leave it out
    "#]],
    );
    check(
        &[],
        &all[1..3],
        expect![[r#"
        error: `--default users.name=x` is of no use: the rows keep what they have in the column; leave it out
        error: `--using users.age=(age * 2)` is of no use: the column keeps its type; leave it out
    "#]],
    );
    check(
        &[("    bio TEXT,\n", "    bio BYTEA,\n    tag TEXT,\n"), ("age INTEGER", "age BIGINT")],
        &["drop users.bio", "default users.tag=x", "using users.age=age + 1"],
        expect![[r#"
            error: `--default users.tag=x` is of no use: the column is new and takes NULL, which is what rows have in it; leave it out
        "#]],
    );
    check(
        &[("    bio TEXT,\n", ""), ("'draft', ", ""), ("DEFAULT 'draft'", "DEFAULT 'online'")],
        &["drop users.boi", "drop state.draft"],
        expect![[r#"
            error: `--drop users.boi` is of no use: nothing that goes is called so; did you mean `users.bio`?
            asked: column `bio` of table `users` is in no model any more; its values would be lost
              = answer: --drop users.bio
        "#]],
    );
    let table =
        ("CREATE TYPE", "CREATE TABLE tags (id BIGINT NOT NULL, CONSTRAINT pk_tags PRIMARY KEY (id));\nCREATE TYPE");
    check(
        &[table],
        &["default tags.id=1"],
        expect![[r#"
        error: `--default tags.id=1` is of no use: the table is new, so that it has no rows; leave it out
    "#]],
    );
}

/// What is typed as an expression stands in a file, and is one expression there.
#[test]
fn expressions_that_are_typed_are_read() {
    let nick = ("    bio TEXT,\n", "    bio TEXT,\n    nick VARCHAR(20) NOT NULL,\n");
    for text in ["(1; DROP TABLE users)", "(lower(name -- it)", "(lower(name) nick)", "()", "(name) bio)"] {
        let (from, to) = (schema(BASE), schema(&BASE.replace(nick.0, nick.1)));
        let open = diff(&from, &to, &said(&[&format!("default users.nick={text}")]));
        assert_eq!(open.expect_err(text).problems.len(), 1, "{text}");
    }
    check(
        &[nick],
        &["default users.nick=(1; DROP TABLE users)"],
        expect![[r#"
        error: `--default users.nick=(1; DROP TABLE users)`: what stands in brackets is no expression: `;` would end the statement; write one alone; an expression in SQL stands in brackets
        asked: column `users.nick` is new, takes no NULL and has no default: rows that are there need a value
          = answer: --default 'users.nick=<value>'
    "#]],
    );
    check(
        &[nick],
        &["default users.nick=(lower(name)) || (email)"],
        expect![[r#"
        ALTER TABLE users ADD COLUMN nick VARCHAR(20);
        UPDATE users SET nick = (lower(name)) || (email);
        ALTER TABLE users ALTER COLUMN nick SET NOT NULL;
        -- downgrade
        ALTER TABLE users DROP COLUMN nick;
        -- sqlite
        ALTER TABLE users ADD COLUMN nick VARCHAR(20);
        UPDATE users SET nick = (lower(name)) || (email);
        (table users anew)
    "#]],
    );
    check(
        &[nick],
        &["default users.nick=(name) || (email)"],
        expect![[r#"
        ALTER TABLE users ADD COLUMN nick VARCHAR(20);
        UPDATE users SET nick = (name) || (email);
        ALTER TABLE users ALTER COLUMN nick SET NOT NULL;
        -- downgrade
        ALTER TABLE users DROP COLUMN nick;
        -- sqlite
        ALTER TABLE users ADD COLUMN nick VARCHAR(20);
        UPDATE users SET nick = (name) || (email);
        (table users anew)
    "#]],
    );
    check(
        &[("age INTEGER", "age BIGINT")],
        &["using users.age=age; DROP TABLE users"],
        expect![[r#"
        error: `--using users.age=age; DROP TABLE users` is no expression: `;` would end the statement; write one alone, such as upper(name)
    "#]],
    );
    check(
        &[("age INTEGER", "age BIGINT")],
        &["using users.age=(age +)"],
        expect![[r#"
        error: `--using users.age=(age +)` is no expression: an operand is expected, found `)`; write one alone, such as upper(name)
    "#]],
    );
}
