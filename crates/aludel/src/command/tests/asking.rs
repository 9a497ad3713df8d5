//! Questions that only people can answer.

#![allow(unsafe_code, reason = "each model is an element of a linker slice")]

use expect_test::expect;

use super::{Desk, transcript};
use crate::Meta;

mod first {
    use crate::Model;
    #[derive(Model)]
    #[allow(dead_code, reason = "only its table is used")]
    pub(super) struct Post {
        id: i64,
        body: String,
        likes: i64,
    }
    #[derive(Model)]
    #[allow(dead_code, reason = "only its table is used")]
    pub(super) struct Draft {
        id: i64,
    }
}

mod second {
    use crate::Model;
    #[derive(Model)]
    #[allow(dead_code, reason = "only its table is used")]
    pub(super) struct Post {
        id: i64,
        text: String,
        author: String,
    }
}

mod graded {
    use crate::{Enum, Model};
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Enum)]
    #[allow(dead_code, reason = "only its column is used")]
    pub(super) enum Grade {
        #[column(rename = "very.good")]
        Good,
        Bad,
    }
    #[derive(Model)]
    #[allow(dead_code, reason = "only its table is used")]
    pub(super) struct Mark {
        id: i64,
        grade: Grade,
    }
}

mod regraded {
    use crate::{Enum, Model};
    #[derive(Clone, Copy, PartialEq, Eq, Debug, Enum)]
    #[allow(dead_code, reason = "only its column is used")]
    pub(super) enum Grade {
        #[column(rename = "very.\"good\"=1")]
        Good,
        Bad,
    }
    #[derive(Model)]
    #[allow(dead_code, reason = "only its table is used")]
    pub(super) struct Mark {
        id: i64,
        grade: Grade,
    }
}

fn before() -> Vec<&'static Meta> {
    crate::schema![first::Post, first::Draft]
}

fn after() -> Vec<&'static Meta> {
    crate::schema![second::Post]
}

fn begun() -> Desk {
    let desk = Desk::new();
    assert_eq!(desk.types(&before(), "init").0, 0);
    desk
}

#[test]
fn nobody_there_gets_questions_as_json_and_answers_by_options() {
    let desk = begun();
    let lines = [
        "revision --format json",
        "revision --rename posts.body=text --yes",
        "revision --rename posts.body=nowhere --yes",
        "revision --rename posts.body=text --yes --drop posts.lieks --default \"posts.author=(1; DROP TABLE posts)\"",
        "revision --rename posts.body=text --drop drafts --drop posts.likes --default posts.author=nobody -m answered",
        "check",
    ];
    expect![[r#"
        $ revision --format json
        {"questions":[{"id":"drop drafts","kind":"drop","object":"drafts","text":"table `drafts` is in no model any more; its rows would be lost","suggested":null,"candidates":[],"answers":["--drop drafts"]},{"id":"rename posts.body","kind":"rename","object":"posts.body","text":"which column of table `posts` is `body` now, or is it gone?","suggested":null,"candidates":[{"name":"text","score":0.62,"reasons":["TEXT too"]},{"name":"author","score":0.57,"reasons":["TEXT too"]}],"answers":["--rename posts.body=text","--rename posts.body=author","--drop posts.body"]},{"id":"drop posts.likes","kind":"drop","object":"posts.likes","text":"column `likes` of table `posts` is in no model any more; its values would be lost","suggested":null,"candidates":[],"answers":["--drop posts.likes"]}]}
        ! error: table `drafts` is in no model any more; its rows would be lost
        !   = answer: --drop drafts
        ! error: which column of table `posts` is `body` now, or is it gone?
        !   0.62 text: TEXT too
        !   0.57 author: TEXT too
        !   = answer: --rename posts.body=text
        !   = answer: --rename posts.body=author
        !   = answer: --drop posts.body
        ! error: column `likes` of table `posts` is in no model any more; its values would be lost
        !   = answer: --drop posts.likes
        = 3
        $ revision --rename posts.body=text --yes
        {"questions":[{"id":"default posts.author","kind":"default","object":"posts.author","text":"column `posts.author` is new, takes no NULL and has no default: rows that are there need a value, Post::author (crates/aludel/src/command/tests/asking.rs:33)","suggested":null,"candidates":[],"answers":["--default 'posts.author=<value>'"]}]}
        ! error: column `posts.author` is new, takes no NULL and has no default: rows that are there need a value, Post::author (crates/aludel/src/command/tests/asking.rs:33)
        !   = answer: --default 'posts.author=<value>'
        = 3
        $ revision --rename posts.body=nowhere --yes
        ! error: `--rename posts.body=nowhere` names nothing: the models have no column `nowhere` of table `posts`
        ! which column of table `posts` is `body` now, or is it gone?
        !   0.62 text: TEXT too
        !   0.57 author: TEXT too
        !   = answer: --rename posts.body=text
        !   = answer: --rename posts.body=author
        !   = answer: --drop posts.body
        = 2
        $ revision --rename posts.body=text --yes --drop posts.lieks --default "posts.author=(1; DROP TABLE posts)"
        ! error: `--default posts.author=(1; DROP TABLE posts)`: what stands in brackets is no expression: `;` would end the statement; write one alone; an expression in SQL stands in brackets
        ! `--drop posts.lieks` is of no use: nothing that goes is called so; did you mean `posts.likes`?
        ! column `posts.author` is new, takes no NULL and has no default: rows that are there need a value, Post::author (crates/aludel/src/command/tests/asking.rs:33)
        !   = answer: --default 'posts.author=<value>'
        = 2
        $ revision --rename posts.body=text --drop drafts --drop posts.likes --default posts.author=nobody -m answered
        wrote migrations/f3662d626e48_answered.sql

        -- edition:  1
        -- revision: f3662d626e48
        -- parents:  71dac329c99a
        -- message:  answered

        ALTER TABLE posts RENAME COLUMN body TO text;
        ALTER TABLE posts ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody';
        ALTER TABLE posts ALTER COLUMN author DROP DEFAULT;
        ALTER TABLE posts DROP COLUMN likes;

        DROP TABLE drafts;

        -- downgrade

        ALTER TABLE posts RENAME COLUMN text TO body;

        -- loses: the rows of drafts
        CREATE TABLE drafts (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY,
            CONSTRAINT pk_drafts PRIMARY KEY (id)
        );

        -- loses: the values of posts.likes
        ALTER TABLE posts ADD COLUMN likes BIGINT NOT NULL DEFAULT 0;

        ALTER TABLE posts ALTER COLUMN likes DROP DEFAULT;
        ALTER TABLE posts DROP COLUMN author;
        $ check
        models and 2 revisions say the same for sqlite
    "#]].assert_eq(&desk.session(&after(), &lines));
}

#[test]
fn somebody_at_the_terminal_is_asked() {
    let desk = begun();
    let ask = |input: &str| transcript("revision", desk.at_terminal(&after(), "revision", Some(input)));
    expect![[r#"
        $ revision
        ! table `drafts` is in no model any more; its rows would be lost
        ! let it go? [y/N] nothing was written
        = 3
        $ revision
        ! table `drafts` is in no model any more; its rows would be lost
        ! let it go? [y/N] which column of table `posts` is `body` now, or is it gone?
        !   1  text  (0.62: TEXT too)
        !   2  author  (0.57: TEXT too)
        !   0  none of them: it goes, with what it holds
        ! which? nothing was written
        = 3
        $ revision
        ! table `drafts` is in no model any more; its rows would be lost
        ! let it go? [y/N] which column of table `posts` is `body` now, or is it gone?
        !   1  text  (0.62: TEXT too)
        !   2  author  (0.57: TEXT too)
        !   0  none of them: it goes, with what it holds
        ! which? nothing was written
        = 3
        $ revision
        ! table `drafts` is in no model any more; its rows would be lost
        ! let it go? [y/N] which column of table `posts` is `body` now, or is it gone?
        !   1  text  (0.62: TEXT too)
        !   2  author  (0.57: TEXT too)
        !   0  none of them: it goes, with what it holds
        ! which? column `likes` of table `posts` is in no model any more; its values would be lost
        ! let it go? [y/N] nothing was written
        = 3
        $ revision
        wrote migrations/9c2e25b8abfa_rename_posts_body_to_text_add_posts.sql

        -- edition:  1
        -- revision: 9c2e25b8abfa
        -- parents:  71dac329c99a
        -- message:  rename posts.body to text, add posts.author and 3 more

        ALTER TABLE posts RENAME COLUMN body TO text;
        ALTER TABLE posts ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody';
        ALTER TABLE posts ALTER COLUMN author DROP DEFAULT;
        ALTER TABLE posts DROP COLUMN likes;

        DROP TABLE drafts;

        -- downgrade

        ALTER TABLE posts RENAME COLUMN text TO body;

        -- loses: the rows of drafts
        CREATE TABLE drafts (
            id BIGINT GENERATED BY DEFAULT AS IDENTITY,
            CONSTRAINT pk_drafts PRIMARY KEY (id)
        );

        -- loses: the values of posts.likes
        ALTER TABLE posts ADD COLUMN likes BIGINT NOT NULL DEFAULT 0;

        ALTER TABLE posts ALTER COLUMN likes DROP DEFAULT;
        ALTER TABLE posts DROP COLUMN author;
        ! table `drafts` is in no model any more; its rows would be lost
        ! let it go? [y/N] which column of table `posts` is `body` now, or is it gone?
        !   1  text  (0.62: TEXT too)
        !   2  author  (0.57: TEXT too)
        !   0  none of them: it goes, with what it holds
        ! which? column `likes` of table `posts` is in no model any more; its values would be lost
        ! let it go? [y/N] column `posts.author` is new, takes no NULL and has no default: rows that are there need a value, Post::author (crates/aludel/src/command/tests/asking.rs:33)
        ! value: 
    "#]]
    .assert_eq(&[ask(""), ask("y\nn\n"), ask("y\n9\n"), ask("y\n1\nn\n"), ask("y\n1\ny\nnobody\n")].concat());
    assert_eq!(desk.types(&after(), "check").0, 0);
}

#[test]
fn what_goes_for_good_is_consented_to() {
    let desk = begun();
    desk.types(&before(), "upgrade");
    let name = desk.path("shop.db").display().to_string();
    let ask = |line: &str, input: &str| transcript(line, desk.at_terminal(&before(), line, Some(input)));
    let text = [
        ask("downgrade base", "\n"),
        ask("drop", "y\n"),
        ask("drop", &format!("{name}\n")),
        ask("drop --database", &format!("{name}\n")),
    ];
    expect![[r#"
        $ downgrade base
        ! the way back loses rows or values that no upgrade brings back
        !   table `posts` with its rows, by migrations/71dac329c99a_first_tables.sql
        !   table `drafts` with its rows, by migrations/71dac329c99a_first_tables.sql
        ! go on? [y/N] nothing was done
        = 3
        $ drop
        ! these tables of shop.db go, with all their rows
        !   aludel_events
        !   aludel_revisions
        !   aludel_steps
        !   drafts
        !   posts
        ! type `shop.db` to go on: nothing was done
        = 3
        $ drop
        dropped 5 tables of shop.db: aludel_events, aludel_revisions, aludel_steps, drafts, posts
        ! these tables of shop.db go, with all their rows
        !   aludel_events
        !   aludel_revisions
        !   aludel_steps
        !   drafts
        !   posts
        ! type `shop.db` to go on: 
        $ drop --database
        removed shop.db
        ! shop.db goes, with everything in it
        ! type `shop.db` to go on: 
    "#]]
    .assert_eq(&text.concat());
    assert_eq!(desk.files(), ["migrations"]);
}

#[test]
fn a_candidate_is_taken_whatever_letters_it_is_made_of() {
    let desk = Desk::new();
    assert_eq!(desk.types(&crate::schema![graded::Mark], "init").0, 0);
    let after = crate::schema![regraded::Mark];
    let text = transcript("revision -m grades", desk.at_terminal(&after, "revision -m grades", Some("1\n")));
    expect![[r#"
        $ revision -m grades
        wrote migrations/ec0de1e72d40_grades.sql

        -- edition:  1
        -- revision: ec0de1e72d40
        -- parents:  217ffd764289
        -- message:  grades

        ALTER TYPE grade RENAME VALUE 'very.good' TO 'very."good"=1';

        -- downgrade

        ALTER TYPE grade RENAME VALUE 'very."good"=1' TO 'very.good';
        ! is value `very.good` of enum `grade` called `very."good"=1` now, or is it gone?
        !   1  very."good"=1  (0.93: a name like it, in the same place)
        !   0  none of them: it goes, with what it holds
        ! which? 
    "#]]
    .assert_eq(&text);
    assert_eq!(desk.types(&after, "check").0, 0);
}
