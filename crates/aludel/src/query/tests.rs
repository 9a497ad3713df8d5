//! Queries as the SQL they become on the embedded engine.

mod computing;
pub(crate) mod models;
mod relations;
mod writing;

use expect_test::{Expect, expect};
use models::{Post, PostTag, Tag, User};

use crate::dialect::SQLITE;
use crate::query::IntoExpr;
use crate::sql::Statement;
use crate::{Model, Query, View};

/// The text of `query` with its parameters, or why it cannot be planned.
#[expect(clippy::needless_pass_by_value, reason = "queries are written in place")]
fn check<M: Model, T>(query: Query<M, T>, expected: Expect) {
    let text = match query.plan().and_then(|planned| planned.select.render(&SQLITE)) {
        Ok(statement) => {
            let params: Vec<String> = statement.params.iter().map(|value| format!("  {value:?}\n")).collect();
            format!("{}\n{}", statement.text, params.concat())
        }
        Err(error) => format!("{error}\n"),
    };
    expected.assert_eq(&text);
}

/// The text of `statement` with its parameters, or why there is none.
#[expect(clippy::needless_pass_by_value, reason = "snapshots are written in place")]
fn said(statement: crate::Result<Statement>, expected: Expect) {
    let text = match statement {
        Ok(statement) => format!("{}\n  {:?}\n", statement.text, statement.params),
        Err(error) => format!("{error}\n"),
    };
    expected.assert_eq(&text);
}

#[test]
fn models_are_read_whole() {
    check(
        Tag::all(),
        expect![[r#"
        SELECT t0."id", t0."name" FROM "tags" AS t0
    "#]],
    );
    check(
        Post::at(7).lock(),
        expect![[r#"
        SELECT t0."id", t0."author_id", t0."title", t0."subtitle", t0."likes", t0."pinned", t0."version" FROM "posts" AS t0 WHERE t0."id" = ?
          Int(7)
    "#]],
    );
    check(
        PostTag::at((7, 8)),
        expect![[r#"
            SELECT t0."post_id", t0."tag_id", t0."weight" FROM "post_tags" AS t0 WHERE t0."post_id" = ? AND t0."tag_id" = ?
              Int(7)
              Int(8)
        "#]],
    );
    check(
        Tag::filter(Tag::NAME.eq("rust")).order_by(Tag::ID.desc()).limit(20),
        expect![[r#"
        SELECT t0."id", t0."name" FROM "tags" AS t0 WHERE t0."name" = ? ORDER BY t0."id" DESC LIMIT ?
          Text("rust")
          Int(20)
    "#]],
    );
    check(
        Tag::all().limit(20).offset(40),
        expect![[r#"
        SELECT t0."id", t0."name" FROM "tags" AS t0 ORDER BY t0."id" LIMIT ? OFFSET ?
          Int(20)
          Int(40)
    "#]],
    );
    check(
        Tag::all().page(3, 20),
        expect![[r#"
        SELECT t0."id", t0."name" FROM "tags" AS t0 ORDER BY t0."id" LIMIT ? OFFSET ?
          Int(20)
          Int(40)
    "#]],
    );
    check(
        Tag::all().page(0, 20),
        expect![[r#"
        pages are counted from 1, and page 0 was asked for
    "#]],
    );
}
#[test]
fn comparisons() {
    fn is(condition: impl IntoExpr<Post, bool>, expected: Expect) {
        check(Post::filter(condition).select(Post::ID), expected);
    }
    is(
        Post::LIKES.gt(10),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 WHERE t0."likes" > ?
          Int(10)
    "#]],
    );
    is(
        Post::LIKES.between(1, 5) & Post::TITLE.ne("x"),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE t0."likes" BETWEEN ? AND ? AND t0."title" <> ?
              Int(1)
              Int(5)
              Text("x")
        "#]],
    );
    is(
        Post::SUBTITLE.eq(None::<String>) | Post::SUBTITLE.ne(None::<String>),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE t0."subtitle" IS NULL OR t0."subtitle" IS NOT NULL
        "#]],
    );
    is(
        Post::SUBTITLE.eq("x").or(!Post::SUBTITLE.same_as("y")),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE t0."subtitle" = ? OR NOT (t0."subtitle" IS ?)
              Text("x")
              Text("y")
        "#]],
    );
    is(
        Post::AUTHOR_ID.eq(3),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 WHERE t0."author_id" = ?
          Int(3)
    "#]],
    );
    is(
        Post::AUTHOR_ID.in_([3, 4]),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 WHERE t0."author_id" IN (SELECT value FROM json_each(?))
          Array([Int(3), Int(4)])
    "#]],
    );
    is(
        Post::AUTHOR_ID.in_(User::filter(User::NAME.eq("Ann")).select(User::ID)),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 WHERE t0."author_id" IN (SELECT t1."id" FROM "users" AS t1 WHERE t1."name" = ?)
          Text("Ann")
    "#]],
    );
    is(
        Post::LIKES.in_(Vec::<i32>::new()) | Post::LIKES.not_in([1]),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE t0."likes" NOT IN (SELECT value FROM json_each(?))
              Array([Int(1)])
        "#]],
    );
    is(
        Post::SUBTITLE.in_([Some("a"), None]) & Post::SUBTITLE.not_in([None, Some("b")])
            | Post::SUBTITLE.in_([None::<String>]),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE ((t0."subtitle" IN (SELECT value FROM json_each(?)) OR t0."subtitle" IS NULL) AND (t0."subtitle" NOT IN (SELECT value FROM json_each(?)) AND t0."subtitle" IS NOT NULL)) OR (t0."subtitle" IS NULL)
              Array([Text("a")])
              Array([Text("b")])
        "#]],
    );
    is(
        Post::TITLE.contains("50%") & Post::TITLE.starts_with_fold("a") & Post::TITLE.like("a_%"),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE instr(t0."title", ?) > 0 AND t0."title" LIKE +? ESCAPE '!' AND t0."title" GLOB ?
              Text("50%")
              Text("a%")
              Text("a?*")
        "#]],
    );
    is(
        Post::LIKES.lt(Post::VERSION),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 WHERE t0."likes" < t0."version"
    "#]],
    );
    is(
        Post::PINNED & !Post::PINNED,
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE t0."pinned" AND NOT t0."pinned"
        "#]],
    );
    is(
        Post::SUBTITLE.is_null().and(Post::TITLE.is_not_null()),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE t0."subtitle" IS NULL AND t0."title" IS NOT NULL
        "#]],
    );
    is(
        Post::SUBTITLE.same_as(Post::TITLE),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 WHERE t0."subtitle" IS t0."title"
    "#]],
    );
}
