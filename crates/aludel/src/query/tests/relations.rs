//! Columns behind relations, conditions on to-many relations, and fields of several columns.

use expect_test::{Expect, expect};

use super::check;
use super::models::{Badge, Comment, Note, Post, PostTag, Tag, User};
use crate::View;
use crate::query::IntoExpr;

#[test]
fn relations() {
    fn is(condition: impl IntoExpr<Post, bool>, expected: Expect) {
        check(Post::filter(condition).select(Post::ID), expected);
    }
    is(
        Post::AUTHOR.then(User::NAME).eq("Ann"),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t1."name" = ?
          Text("Ann")
    "#]],
    );
    is(
        Post::AUTHOR.is(User::NAME.eq("Ann") & User::BADGE.is(Badge::LABEL.eq("gold"))),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" LEFT JOIN "badges" AS t2 ON t2."user_id" = t1."id" WHERE t1."name" = ? AND (t2."label" = ? AND t2."id" IS NOT NULL)
              Text("Ann")
              Text("gold")
        "#]],
    );
    is(
        Post::TAGS.any(Tag::NAME.eq("rust")),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE EXISTS (SELECT 1 FROM "post_tags" AS t1 INNER JOIN "tags" AS t2 ON t2."id" = t1."tag_id" WHERE t1."post_id" = t0."id" AND t2."name" = ?)
              Text("rust")
        "#]],
    );
    is(
        Post::TAGS.none(Tag::NAME.eq("rust")),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE NOT EXISTS (SELECT 1 FROM "post_tags" AS t1 INNER JOIN "tags" AS t2 ON t2."id" = t1."tag_id" WHERE t1."post_id" = t0."id" AND t2."name" = ?)
              Text("rust")
        "#]],
    );
    is(
        Post::TAGS.all(Tag::NAME.eq("rust")),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE NOT EXISTS (SELECT 1 FROM "post_tags" AS t1 INNER JOIN "tags" AS t2 ON t2."id" = t1."tag_id" WHERE t1."post_id" = t0."id" AND NOT coalesce(t2."name" = ?, ?))
              Text("rust")
              Bool(false)
        "#]],
    );
    is(
        Post::COMMENTS.exists(),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 WHERE EXISTS (SELECT 1 FROM "comments" AS t1 WHERE t1."post_id" = t0."id")
    "#]],
    );
    is(
        Post::COMMENTS.any(Comment::USER.is(User::NAME.eq("Bob"))),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE EXISTS (SELECT 1 FROM "comments" AS t1 LEFT JOIN "users" AS t2 ON t2."id" = t1."user_id" WHERE t1."post_id" = t0."id" AND (t2."name" = ? AND t2."id" IS NOT NULL))
              Text("Bob")
        "#]],
    );
    is(
        Post::COMMENTS.filter(Comment::BODY.contains("x")).count().gt(2),
        expect![[r#"
            SELECT t0."id" FROM "posts" AS t0 WHERE (SELECT count(*) FROM "comments" AS t1 WHERE t1."post_id" = t0."id" AND instr(t1."body", ?) > 0) > ?
              Text("x")
              Int(2)
        "#]],
    );
    is(
        Post::AUTHOR.is(User::POSTS.count().gt(3)),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t2 ON t2."id" = t0."author_id" WHERE (SELECT count(*) FROM "posts" AS t1 WHERE t1."author_id" = t2."id") > ?
          Int(3)
    "#]],
    );
    is(
        Post::TAGS.then(Tag::NAME).eq("rust"),
        expect![[r#"
        a column of `tags` is used behind a to-many relation of `Post` that is not joined: add `.join(Post::..)` of that relation, or ask with `.any(..)`
    "#]],
    );
    check(
        Post::all().join(Post::TAGS).select((Post::TITLE, Post::TAGS.then(Tag::NAME))).order_by(Post::ID.asc()),
        expect![[r#"
            SELECT t0."title", t2."name" FROM "posts" AS t0 INNER JOIN "post_tags" AS t1 ON t1."post_id" = t0."id" INNER JOIN "tags" AS t2 ON t2."id" = t1."tag_id" ORDER BY t0."id"
        "#]],
    );
    check(
        Comment::all().select((Comment::BODY, Comment::USER.then(User::NAME))),
        expect![[r#"
        SELECT t0."body", t1."name" FROM "comments" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."user_id"
    "#]],
    );
    check(
        User::filter(User::POSTS.aggregate(Post::LIKES.max()).gt(3)).select(User::ID),
        expect![[r#"
        SELECT t0."id" FROM "users" AS t0 WHERE (SELECT max(t1."likes") FROM "posts" AS t1 WHERE t1."author_id" = t0."id") > ?
          Int(3)
    "#]],
    );
    check(
        User::filter(User::POSTS.limit(3).count().gt(3)).select(User::ID),
        expect![[r#"
        a relation with a limit cannot be counted or aggregated: the limit would apply to the one row of the result; leave it out
    "#]],
    );
}

#[test]
fn several_columns() {
    let key = || (1_i64, 2_i64);
    check(
        Note::filter(Note::LINK_ID.eq(key())).select(Note::ID),
        expect![[r#"
        SELECT t0."id" FROM "notes" AS t0 WHERE t0."link_post_id" = ? AND t0."link_tag_id" = ?
          Int(1)
          Int(2)
    "#]],
    );
    check(
        Note::filter(Note::LINK_ID.ne(key())).select(Note::ID),
        expect![[r#"
        SELECT t0."id" FROM "notes" AS t0 WHERE t0."link_post_id" <> ? OR t0."link_tag_id" <> ?
          Int(1)
          Int(2)
    "#]],
    );
    check(
        Note::filter(Note::LINK_ID.in_([key(), key()])).select(Note::ID),
        expect![[r#"
        SELECT t0."id" FROM "notes" AS t0 WHERE (t0."link_post_id", t0."link_tag_id") IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))
          Array([Array([Int(1), Int(2)]), Array([Int(1), Int(2)])])
    "#]],
    );
    check(
        Note::filter(Note::LINK.is(PostTag::WEIGHT.gt(1))).order_by(Note::LINK_ID.asc()),
        expect![[r#"
        SELECT t0."id", t0."link_post_id", t0."link_tag_id", t0."text" FROM "notes" AS t0 INNER JOIN "post_tags" AS t1 ON t1."post_id" = t0."link_post_id" AND t1."tag_id" = t0."link_tag_id" WHERE t1."weight" > ? ORDER BY t0."link_post_id", t0."link_tag_id"
          Int(1)
    "#]],
    );
    check(
        Note::filter(Note::LINK_ID.lt(key())),
        expect![[r#"
        `lt` was called on a field of 2 columns; such a field only knows eq, ne, in_, not_in, is_null, is_not_null, same_as, asc and desc
    "#]],
    );
    check(
        PostTag::filter(PostTag::NOTES.exists()).select(PostTag::TAG_ID),
        expect![[r#"
        SELECT t0."tag_id" FROM "post_tags" AS t0 WHERE EXISTS (SELECT 1 FROM "notes" AS t1 WHERE t1."link_post_id" = t0."post_id" AND t1."link_tag_id" = t0."tag_id")
    "#]],
    );
}
