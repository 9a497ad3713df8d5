//! Revisions that `diff` finds, run there, back and there again on tables that hold rows.

use aludel::dialect::SQLITE;
use aludel::migrate::{Answers, Changes, Fold, Revision, Runner, diff, differences};
use aludel::prelude::*;
use aludel::schema::Schema;
use expect_test::expect;

use super::kit::*;

/// The tables and rows that each edit begins with: a parent, a child that goes with it, a child of that.
const BASE: &str = concat!(
    include_str!("posts.sql"),
    "
CREATE TABLE words (
    post_id BIGINT,
    word VARCHAR(40),
    CONSTRAINT pk_words PRIMARY KEY (post_id, word),
    CONSTRAINT fk_words_post_id_posts FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE
);
"
);

const FILLED: [&str; 3] = [
    "INSERT INTO users (id, email, name, bio, age) VALUES (1, 'a@x', 'Ann', '42', 30), (5, 'b@x', 'Bob', NULL, NULL)",
    "INSERT INTO posts (id, author_id, title, state, words) VALUES (1, 1, 'one', 'online', 900), (2, 5, 'two', 'draft', 10)",
    "INSERT INTO words VALUES (1, 'tea'), (2, 'sea')",
];

/// An edit: what is replaced in the base, what is answered, a query with what it gives after it, and one after the way
/// back.
struct Edit {
    edits: &'static [(&'static str, &'static str)],
    answers: &'static [&'static str],
    there: (&'static str, &'static [&'static str]),
    back: (&'static str, &'static [&'static str]),
}

const USERS: &str = "SELECT id, email, name, coalesce(bio, '-'), coalesce(age, '-') FROM users ORDER BY id";
const AS_BEFORE: &[&str] = &["1|a@x|Ann|42|30", "5|b@x|Bob|-|-"];
const POSTS: &str = "SELECT id, author_id, title, state, words, pages FROM posts ORDER BY id";
const POSTS_BEFORE: &[&str] = &["1|1|one|online|900|3", "2|5|two|draft|10|0"];

const EDITS: &[Edit] = &[
    Edit {
        edits: &[("bio TEXT,", "bio TEXT, nick VARCHAR(20) NOT NULL,")],
        answers: &["default users.nick=it's"],
        there: ("SELECT nick FROM users", &["it's", "it's"]),
        back: (USERS, AS_BEFORE),
    },
    Edit {
        edits: &[("bio TEXT,", "bio TEXT, nick VARCHAR(20) NOT NULL,")],
        answers: &["default users.nick=(lower(name) || id)"],
        there: ("SELECT nick FROM users ORDER BY id", &["ann1", "bob5"]),
        back: (USERS, AS_BEFORE),
    },
    Edit {
        edits: &[(
            "bio TEXT,",
            "bio TEXT, since TIMESTAMPTZ NOT NULL, price NUMERIC(20, 2) NOT NULL, raw BYTEA NOT NULL,",
        )],
        answers: &[
            "default users.since=2024-02-29 12:00:00+02",
            "default users.price=1.5",
            "default users.raw=\\x00ff",
        ],
        there: ("SELECT since, price, hex(raw) FROM users LIMIT 1", &["2024-02-29 10:00:00.000000|1.50|00FF"]),
        back: (USERS, AS_BEFORE),
    },
    Edit {
        edits: &[("bio TEXT,", "bio TEXT NOT NULL,")],
        answers: &["default users.bio=none"],
        there: ("SELECT bio FROM users ORDER BY id", &["42", "none"]),
        back: ("SELECT bio FROM users ORDER BY id", &["42", "none"]),
    },
    Edit {
        edits: &[("email VARCHAR(80) NOT NULL,", ""), ("CONSTRAINT uq_users_email UNIQUE (email),", "")],
        answers: &["drop users.email"],
        there: ("SELECT id, name FROM users ORDER BY id", &["1|Ann", "5|Bob"]),
        // No two rows may have the same, so it is the key that comes back.
        back: ("SELECT email, name FROM users ORDER BY id", &["1|Ann", "5|Bob"]),
    },
    Edit {
        edits: &[
            ("title VARCHAR(120) NOT NULL,", ""),
            ("CREATE INDEX ix_posts_online ON posts (title) WHERE state = 'online';", ""),
        ],
        answers: &["drop posts.title"],
        there: ("SELECT id, pages FROM posts ORDER BY id", &["1|3", "2|0"]),
        back: ("SELECT title, state FROM posts ORDER BY id", &["|online", "|draft"]),
    },
    Edit {
        edits: &[("bio TEXT,", "bio INTEGER,")],
        answers: &[],
        there: ("SELECT typeof(bio), coalesce(bio, '-') FROM users ORDER BY id", &["integer|42", "null|-"]),
        back: (USERS, AS_BEFORE),
    },
    Edit {
        edits: &[("age INTEGER,", "age TEXT,"), ("age >= 0", "age <> ''")],
        answers: &[],
        there: ("SELECT typeof(age), coalesce(age, '-') FROM users ORDER BY id", &["text|30", "null|-"]),
        back: (USERS, AS_BEFORE),
    },
    Edit {
        edits: &[
            ("words INTEGER NOT NULL DEFAULT 0", "words BIGINT NOT NULL DEFAULT 0"),
            ("words / 300", "words / 90"),
        ],
        answers: &[],
        there: ("SELECT words, pages FROM posts ORDER BY id", &["900|10", "10|0"]),
        back: (POSTS, POSTS_BEFORE),
    },
    Edit {
        edits: &[("pages INTEGER GENERATED ALWAYS AS (words / 300) STORED", "pages INTEGER")],
        answers: &[],
        there: (POSTS, POSTS_BEFORE),
        back: (POSTS, POSTS_BEFORE),
    },
    Edit {
        edits: &[("email", "mail")],
        answers: &["rename users.email=mail"],
        there: ("SELECT id, mail FROM users ORDER BY id", &["1|a@x", "5|b@x"]),
        back: (USERS, AS_BEFORE),
    },
    Edit {
        edits: &[
            ("bio TEXT", "AGE TEXT"),
            ("age INTEGER", "bio INTEGER"),
            ("age >= 0", "bio >= 0"),
            ("AGE TEXT", "age TEXT"),
        ],
        answers: &["rename users.bio=age", "rename users.age=bio"],
        there: ("SELECT coalesce(age, '-'), coalesce(bio, '-') FROM users ORDER BY id", &["42|30", "-|-"]),
        back: (USERS, AS_BEFORE),
    },
    Edit {
        edits: &[("users", "people")],
        answers: &["rename users=people"],
        there: (
            "SELECT p.title, u.name FROM posts p JOIN people u ON u.id = p.author_id ORDER BY p.id",
            &["one|Ann", "two|Bob"],
        ),
        back: (USERS, AS_BEFORE),
    },
    Edit {
        edits: &[("users", "TABLE_OLD"), ("posts", "users"), ("TABLE_OLD", "posts")],
        answers: &["rename users=posts", "rename posts=users"],
        there: (
            "SELECT u.title, p.name, w.word FROM users u JOIN posts p ON p.id = u.author_id JOIN words w ON w.post_id = u.id ORDER BY u.id",
            &["one|Ann|tea", "two|Bob|sea"],
        ),
        back: (POSTS, POSTS_BEFORE),
    },
    Edit {
        edits: &[("'draft', 'online', 'gone'", "'idea', 'draft', 'online', 'gone', 'lost'")],
        answers: &[],
        there: (POSTS, POSTS_BEFORE),
        back: (POSTS, POSTS_BEFORE),
    },
    Edit {
        edits: &[("'draft', 'online', 'gone'", "'published', 'draft'"), ("state = 'online'", "state = 'published'")],
        answers: &["rename state.online=published", "drop state.gone"],
        there: ("SELECT state FROM posts ORDER BY id", &["published", "draft"]),
        back: (POSTS, POSTS_BEFORE),
    },
    Edit {
        edits: &[
            ("state state NOT NULL DEFAULT 'draft'", "state TEXT NOT NULL DEFAULT 'draft'"),
            ("CREATE TYPE state AS ENUM ('draft', 'online', 'gone');", ""),
        ],
        answers: &[],
        there: (POSTS, POSTS_BEFORE),
        back: (POSTS, POSTS_BEFORE),
    },
    Edit {
        edits: &[
            (
                "id BIGINT GENERATED BY DEFAULT AS IDENTITY,\n    email",
                "id INTEGER GENERATED BY DEFAULT AS IDENTITY,\n    email",
            ),
            ("author_id BIGINT", "author_id INTEGER"),
        ],
        answers: &[],
        there: (POSTS, POSTS_BEFORE),
        back: (POSTS, POSTS_BEFORE),
    },
];

fn schema(sql: &str) -> Schema {
    let text = format!("-- edition: 1\n-- revision: a1\n-- parents:\n-- message: x\n\n{sql}");
    let revision = Revision::parse("a1.sql", &text).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let mut fold = Fold::new(&SQLITE);
    fold.apply(&revision).unwrap_or_else(|faults| panic!("{}", faults[0]));
    fold.into_schema()
}

fn said(words: &[&str]) -> Answers {
    let mut answers = Answers::new();
    for word in words {
        match word.split_once(' ').unwrap() {
            ("rename", text) => answers.rename(text).unwrap(),
            ("drop", text) => answers.drop(text).unwrap(),
            ("default", text) => answers.default_value(text).unwrap(),
            (other, _) => panic!("{other}"),
        }
    }
    answers
}

pub(crate) fn file(id: &str, parents: &[&str], changes: Changes) -> String {
    let revision = Revision {
        edition: 1,
        id: id.into(),
        parents: parents.iter().map(|&parent| parent.to_owned()).collect(),
        message: "an edit".into(),
        up: changes.up,
        down: Some(changes.down),
        ..Revision::default()
    };
    revision.print()
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_keep_every_row_there_and_back() {
    let before = schema(BASE);
    let first = file("a1", &[], diff(&Schema::default(), &before, &Answers::new()).unwrap());
    for (number, Edit { edits, answers, there, back }) in EDITS.iter().enumerate() {
        let mut after = BASE.to_owned();
        for (old, new) in *edits {
            assert!(after.contains(old), "{old}");
            after = after.replace(old, new);
        }
        let after = schema(&after);
        let second = file("b2", &["a1"], diff(&before, &after, &said(answers)).unwrap());
        let engine = open(&scratch(&format!("edits{number}")));
        let history = history(&[&first, &second]);
        let runner = Runner::over(&engine, &history);
        runner.upgrade("a1").await.unwrap();
        write(&engine, &FILLED).await.unwrap();
        let made = stored(&engine).await;
        for _ in 0..2 {
            runner.upgrade("head").await.unwrap_or_else(|error| panic!("{error}\n{second}"));
            assert_eq!(read(&engine, &[there.0]).await.unwrap(), there.1, "{second}");
            assert_eq!(read(&engine, &["PRAGMA foreign_key_check"]).await.unwrap(), [""; 0]);
            assert_eq!(read(&engine, &["SELECT count(*) FROM words"]).await.unwrap(), ["2"], "{second}");
            runner.downgrade("a1").await.unwrap_or_else(|error| panic!("{error}\n{second}"));
            assert_eq!(read(&engine, &[back.0]).await.unwrap(), back.1, "{second}");
            assert_eq!(read(&engine, &["SELECT count(*) FROM words"]).await.unwrap(), ["2"], "{second}");
        }
        assert_eq!(stored(&engine).await.len(), made.len());
        assert_eq!(diff(&after, &history.schema_at_heads(&SQLITE).unwrap(), &Answers::new()).unwrap().up, []);
    }
}

mod before {
    use super::*;

    #[derive(Model)]
    #[model(table = "persons")]
    pub(super) struct Person {
        pub(super) id: i64,
        #[column(length = 80)]
        pub(super) mail: String,
        pub(super) bio: Option<String>,
    }
}

mod after {
    use super::*;

    #[derive(Model)]
    #[model(table = "people", renamed_from = "persons")]
    pub(super) struct Human {
        pub(super) id: i64,
        #[column(length = 120, unique, renamed_from = "mail")]
        pub(super) email: String,
        #[column(default = 3)]
        pub(super) level: i32,
        pub(super) bio: Option<String>,
    }
}

#[test]
fn models_say_what_they_were_called() {
    let from = Schema::from_models(&[before::Person::META]).unwrap();
    let to = Schema::from_models(&[after::Human::META]).unwrap();
    let mut answers = Answers::new();
    answers.hints(&[after::Human::META]);
    let changes = diff(&from, &to, &answers).unwrap();
    assert_eq!(changes.notes, [""; 0]);
    expect![[r#"
        -- edition:  1
        -- revision: b2
        -- parents:  a1
        -- message:  an edit

        ALTER TABLE persons RENAME TO people;

        ALTER TABLE people RENAME COLUMN mail TO email;
        ALTER TABLE people RENAME CONSTRAINT pk_persons TO pk_people;
        ALTER TABLE people ALTER COLUMN email TYPE VARCHAR(120);
        ALTER TABLE people ADD COLUMN level INTEGER NOT NULL DEFAULT 3;
        ALTER TABLE people ADD CONSTRAINT uq_people_email UNIQUE (email);

        -- downgrade

        ALTER TABLE people RENAME TO persons;

        ALTER TABLE persons RENAME COLUMN email TO mail;
        ALTER TABLE persons RENAME CONSTRAINT pk_people TO pk_persons;
        ALTER TABLE persons DROP CONSTRAINT uq_people_email;
        ALTER TABLE persons ALTER COLUMN mail TYPE VARCHAR(80);
        ALTER TABLE persons DROP COLUMN level;
    "#]]
    .assert_eq(&file("b2", &["a1"], changes));
    // The history has the new names now, so the hints are of no use any more.
    let changes = diff(&to, &to, &answers).unwrap();
    assert!(changes.is_empty());
    assert_eq!(
        changes.notes.iter().map(|note| note.split_once(": ").unwrap().1).collect::<Vec<_>>(),
        [
            "`renamed_from = \"persons\"` can be taken away: the history has the table `people` already",
            "`renamed_from = \"mail\"` can be taken away: the history has the column `email` already",
        ]
    );
    let nothing = diff(&Schema::default(), &to, &answers).unwrap();
    assert_eq!(nothing.notes.len(), 1);
    let note = &nothing.up[0].notes[0];
    assert!(note.starts_with("model: ") && note.contains("::after::Human (") && note.contains("edits.rs:"), "{note}");
}

/// Without the numbers of lines, which move with this file.
fn unplaced(line: &str) -> String {
    let digit = |letter: char| letter.is_ascii_digit();
    line.split("edits.rs:").map(|part| part.trim_start_matches(digit)).collect::<Vec<_>>().join("edits.rs:_")
}

#[test]
fn each_difference_is_one_line() {
    let models = Schema::from_models(&[after::Human::META]).unwrap();
    let history = schema(
        "CREATE TYPE mood AS ENUM ('fine');
         CREATE TABLE people (
            id BIGINT, email VARCHAR(80) NOT NULL, points INTEGER, bio TEXT,
            CONSTRAINT pk_people PRIMARY KEY (id)
         );
         CREATE INDEX ix_people_bio ON people (bio);
         COMMENT ON COLUMN people.bio IS 'words';
         CREATE TABLE old (id BIGINT);
         CREATE VIEW names AS SELECT email FROM people;",
    );
    let file = file!().replace('\\', "/");
    let lines: Vec<String> = differences(&history, &models)
        .iter()
        .map(|difference| unplaced(&difference.to_string().replace(&file, "edits.rs")))
        .collect();
    expect![[r#"
        enum `mood`: 'fine' in the history, not in the models
        column `people.id`: BIGINT GENERATED BY DEFAULT AS IDENTITY in the models (edits.rs:_), BIGINT NOT NULL in the history
        column `people.email`: VARCHAR(120) NOT NULL in the models (edits.rs:_), VARCHAR(80) NOT NULL in the history
        column `people.level`: INTEGER NOT NULL DEFAULT 3 in the models (edits.rs:_), not in the history
        column `people.points`: INTEGER in the history, not in the models (edits.rs:_)
        constraint `uq_people_email`: UNIQUE (email) in the models (edits.rs:_), not in the history
        index `ix_people_bio`: CREATE INDEX ix_people_bio ON people (bio) in the history, not in the models (edits.rs:_)
        comment `people.bio`: 'words' in the history, not in the models (edits.rs:_)
        table `old` is in the history, not in the models"#]].assert_eq(&lines.join("\n"));
    assert_eq!(differences(&models, &models), []);
}

#[test]
fn what_models_have_no_words_for_stays() {
    let to = Schema::from_models(&[after::Human::META]).unwrap();
    let from = schema(
        "CREATE SCHEMA shop;
         CREATE TABLE people (
            id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 100), email VARCHAR(120) COLLATE \"de\" NOT NULL, level INTEGER NOT NULL DEFAULT 3, bio TEXT,
            CONSTRAINT pk_people PRIMARY KEY (id),
            CONSTRAINT uq_people_email UNIQUE (email) INCLUDE (bio) DEFERRABLE
         );
         CREATE VIEW names AS SELECT email FROM people;
         COMMENT ON VIEW names IS 'x';
         COMMENT ON CONSTRAINT uq_people_email ON people IS 'y';",
    );
    assert_eq!(differences(&from, &to), []);
    let mut answers = Answers::new();
    assert!(!diff(&from, &to, &answers).unwrap().is_empty());
    answers.hints(&[after::Human::META]);
    assert_eq!(diff(&from, &to, &answers).unwrap().up, []);
}
