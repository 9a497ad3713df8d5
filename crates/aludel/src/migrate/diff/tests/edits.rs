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
