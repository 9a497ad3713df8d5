//! Queries as the SQL they become on the embedded engine.

pub(crate) mod models;

use expect_test::{Expect, expect};
use models::{Badge, Comment, Note, Post, PostTag, Tag, User};

use super::returning;
use crate::dialect::SQLITE;
use crate::query::Insertion;
use crate::sql::Statement;
use crate::{Model, Query, Sql, View, count, set};

/// The text of `query` with its parameters, or why it cannot be planned.
#[expect(clippy::needless_pass_by_value, reason = "queries are written in place")]
fn check<M: Model, T>(query: Query<M, T>, expected: Expect) {
    let text = match query.statement(&SQLITE) {
        Ok(statement) => {
            let params: Vec<String> = statement.params.iter().map(|value| format!("  {value:?}\n")).collect();
            format!("{}\n{}", statement.text, params.concat())
        }
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

#[expect(clippy::needless_pass_by_value, reason = "snapshots are written in place")]
fn said(statement: crate::Result<Statement>, expected: Expect) {
    let text = match statement {
        Ok(statement) => format!("{}\n  {:?}\n", statement.text, statement.params),
        Err(error) => format!("{error}\n"),
    };
    expected.assert_eq(&text);
}

#[test]
fn changes() {
    fn is(query: Query<Post>, changes: impl crate::query::IntoChanges<Post>, expected: Expect) {
        let update = query.into_update(changes.__changes(), returning(Post::LIKES).unwrap());
        said(update.and_then(|update| update.render(&SQLITE)), expected);
    }
    is(
        Post::at(1),
        set(Post::LIKES, Post::LIKES + 1),
        expect![[r#"
        UPDATE "posts" SET "likes" = "posts"."likes" + ?, "version" = "posts"."version" + ? WHERE "posts"."id" = ? RETURNING "likes"
          [Int(1), Int(1), Int(1)]
    "#]],
    );
    is(
        Post::all(),
        set(Post::LIKES, 5).set(Post::SUBTITLE, None::<String>),
        expect![[r#"
        UPDATE "posts" SET "likes" = ?, "subtitle" = ?, "version" = "posts"."version" + ? RETURNING "likes"
          [Int(5), Null, Int(1)]
    "#]],
    );
    is(
        Post::filter(Post::AUTHOR.is(User::NAME.eq("Ann"))).order_by(Post::LIKES.desc()).limit(3),
        (set(Post::SUBTITLE, Post::TITLE), set(Post::LIKES, Post::LIKES * 2 - Post::VERSION)),
        expect![[r#"
            UPDATE "posts" SET "subtitle" = "posts"."title", "likes" = ("posts"."likes" * ?) - "posts"."version", "version" = "posts"."version" + ? WHERE "posts"."id" IN (SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t1."name" = ? ORDER BY t0."likes" DESC LIMIT ?) RETURNING "likes"
              [Int(2), Int(1), Text("Ann"), Int(3)]
        "#]],
    );
    is(
        Post::all(),
        set(Post::LIKES, Post::COMMENTS.count().read_as::<i32>()),
        expect![[r#"
        UPDATE "posts" SET "likes" = (SELECT count(*) FROM "comments" AS t0 WHERE t0."post_id" = "posts"."id"), "version" = "posts"."version" + ? RETURNING "likes"
          [Int(1)]
    "#]],
    );
    is(
        Post::all(),
        set(Post::TITLE, Post::AUTHOR.then(User::NAME)),
        expect![[r#"
        `title` cannot be set to column `name` of another table: select the value first, or write `sql!`
    "#]],
    );
    is(
        Post::all(),
        set(Post::ID, 3),
        expect![[r#"
        `Post.id` is part of the key, which never changes: add a new row and delete the old one
    "#]],
    );
    is(
        Post::all(),
        set(Post::VERSION, 3),
        expect![[r#"
        `Post.version` counts the changes of its row and is set by itself: leave it out
    "#]],
    );
    is(
        Post::all(),
        [set(Post::LIKES, 3), set(Post::LIKES, 4)],
        expect![[r#"
        `Post.likes` is set twice: keep one
    "#]],
    );
    is(
        Post::all().join(Post::TAGS),
        set(Post::LIKES, 3),
        expect![[r#"
        `update` is about rows of `posts`, which grouped, joined or distinct rows are not: say with `.filter(..)` which rows are meant
    "#]],
    );
    said(
        Post::filter(Post::TAGS.none(Tag::NAME.eq("x")))
            .into_delete(Vec::new())
            .and_then(|delete| delete.render(&SQLITE)),
        expect![[r#"
            DELETE FROM "posts" WHERE NOT EXISTS (SELECT 1 FROM "post_tags" AS t0 INNER JOIN "tags" AS t1 ON t1."id" = t0."tag_id" WHERE t0."post_id" = "posts"."id" AND t1."name" = ?)
              [Text("x")]
        "#]],
    );
    said(
        PostTag::all().limit(1).into_delete(Vec::new()).and_then(|delete| delete.render(&SQLITE)),
        expect![[r#"
            DELETE FROM "post_tags" WHERE ("post_tags"."post_id", "post_tags"."tag_id") IN (SELECT t0."post_id", t0."tag_id" FROM "post_tags" AS t0 ORDER BY t0."post_id", t0."tag_id" LIMIT ?)
              [Int(1)]
        "#]],
    );
}

#[test]
fn insertions() {
    fn is(insertion: Insertion<Tag>, expected: Expect) {
        let statements = insertion.into_statements(&SQLITE, &returning(Tag::ID).unwrap());
        let rendered =
            statements.and_then(|all| all.iter().map(|one| one.render(&SQLITE)).collect::<crate::Result<Vec<_>>>());
        match rendered {
            Ok(all) => {
                let all: Vec<String> = all.iter().map(|one| format!("{} {:?}\n", one.text, one.params)).collect();
                expected.assert_eq(&all.concat());
            }
            Err(error) => expected.assert_eq(&format!("{error}\n")),
        }
    }
    let tags = || ["a", "b"].map(|name| crate::new!(Tag { name }));
    is(
        Insertion::new(tags()),
        expect![[r#"
        INSERT INTO "tags" ("name") VALUES (?), (?) RETURNING "id" [Text("a"), Text("b")]
    "#]],
    );
    is(
        Insertion::new(tags()).on_conflict(Tag::NAME).do_nothing(),
        expect![[r#"
        INSERT INTO "tags" ("name") VALUES (?), (?) ON CONFLICT ("name") DO NOTHING RETURNING "id" [Text("a"), Text("b")]
    "#]],
    );
    is(
        Insertion::new(tags()).on_conflict(Tag::NAME).do_update(set(Tag::NAME, Tag::NAME.excluded())),
        expect![[r#"
        INSERT INTO "tags" ("name") VALUES (?), (?) ON CONFLICT ("name") DO UPDATE SET "name" = excluded."name" RETURNING "id" [Text("a"), Text("b")]
    "#]],
    );
    is(
        Insertion::new(tags()).on_conflict(Tag::NAME),
        expect![[r#"
        `on_conflict` does not say what to do: add `.do_nothing()` or `.do_update(set(..))`
    "#]],
    );
    is(
        Insertion::new(tags()).on_conflict(Tag::NAME.lower()).do_nothing(),
        expect![[r#"
        a conflict is about the columns of a unique rule, not expressions or columns of other tables: name columns of `Tag`
    "#]],
    );
    is(
        Insertion::new([crate::new!(Tag { name: "a" }), crate::new!(Tag { id: 7, name: "b" })]),
        expect![[r#"
        INSERT INTO "tags" ("name") VALUES (?) RETURNING "id" [Text("a")]
        INSERT INTO "tags" ("id", "name") VALUES (?, ?) RETURNING "id" [Int(7), Text("b")]
    "#]],
    );
}

#[test]
fn raw() {
    use crate::__private::{arg, table, text};
    let (id, name) = (7, "x");
    let sql = Sql::new(vec![
        text("select "),
        arg(&Post::ID),
        text(" from "),
        table::<Post>(),
        text(" where id = "),
        arg(&id),
        text(" or title = "),
        arg(&name),
        text(" or "),
        arg(&(Post::LIKES + 1)),
        text(" > 3 or author_id in "),
        arg(&User::filter(User::BADGE.exists()).select(User::ID)),
    ]);
    said(
        sql.statement(&SQLITE),
        expect![[r#"
            select "id" from "posts" where id = ? or title = ? or (("likes") + ?) > 3 or author_id in (SELECT t0."id" FROM "users" AS t0 WHERE EXISTS (SELECT 1 FROM "badges" AS t1 WHERE t1."user_id" = t0."id"))
              [Int(7), Text("x"), Int(1)]
        "#]],
    );
    let longer = Sql::new(vec![text("length("), arg(&Post::TITLE), text(") > "), arg(&id)]).expr::<Post, bool>();
    said(
        Post::filter(longer).select(Post::ID).statement(&SQLITE),
        expect![[r#"
        SELECT t0."id" FROM "posts" AS t0 WHERE length(t0."title") > ?
          [Int(7)]
    "#]],
    );
    said(
        Sql::new(vec![arg(&Post::AUTHOR.then(User::NAME))]).statement(&SQLITE),
        expect![[r#"
        column `name` stands behind a relation, which raw SQL does not join: write the join yourself
    "#]],
    );
}

#[test]
fn computing() {
    check(
        Post::all().select((Post::LIKES.sum(), Post::LIKES.avg(), Post::TITLE.max(), count())),
        expect![[r#"
        SELECT sum(t0."likes"), avg(t0."likes"), max(t0."title"), count(*) FROM "posts" AS t0
    "#]],
    );
    check(
        Post::all()
            .select((Post::AUTHOR_ID, count().filter(Post::PINNED), Post::TITLE.count_distinct()))
            .group_by(Post::AUTHOR_ID)
            .having(count().gt(2))
            .limit(5),
        expect![[r#"
            SELECT t0."author_id", count(*) FILTER (WHERE t0."pinned"), count(DISTINCT t0."title") FROM "posts" AS t0 GROUP BY t0."author_id" HAVING count(*) > ? ORDER BY t0."author_id" LIMIT ?
              Int(2)
              Int(5)
        "#]],
    );
    check(
        Post::all().select((
            Post::TITLE.lower().concat("!"),
            Post::SUBTITLE.coalesce("none"),
            Post::SUBTITLE.coalesce(Post::TITLE),
            Post::TITLE.trim().length(),
            -Post::LIKES % 2,
            (Post::LIKES.abs() / 2).round(0),
        )),
        expect![[r#"
            SELECT lower(t0."title") || ?, coalesce(t0."subtitle", ?), coalesce(t0."subtitle", t0."title"), length(trim(t0."title")), (-t0."likes") % ?, round(abs(t0."likes") / ?, ?) FROM "posts" AS t0
              Text("!")
              Text("none")
              Int(2)
              Int(2)
              Int(0)
        "#]],
    );
    check(
        Post::all().select(Post::TITLE).distinct().limit(3),
        expect![[r#"
        SELECT DISTINCT t0."title" FROM "posts" AS t0 ORDER BY t0."title" LIMIT ?
          Int(3)
    "#]],
    );
    check(
        Post::all().select((Post::TITLE, count())),
        expect![[r#"
        column `title` is selected beside aggregates but is neither grouped nor aggregated: add it to `.group_by(..)`, or take its `min()` or `max()`
    "#]],
    );
    check(
        Post::all().having(count().gt(1)),
        expect![[r#"
        a view or model of `Post` cannot be read from grouped or multiplied rows: say what to read with `.select((..))`, or ask about a to-many relation with `.any(..)`
    "#]],
    );
    check(
        Post::filter(count().gt(1)),
        expect![[r#"
        `filter` comes before rows are grouped and cannot hold an aggregate: use `.having(..)`
    "#]],
    );
    check(
        Post::all().group_by(Post::ID),
        expect![[r#"
        a view or model of `Post` cannot be read from grouped or multiplied rows: say what to read with `.select((..))`, or ask about a to-many relation with `.any(..)`
    "#]],
    );
    check(
        Post::all().select(count()).lock(),
        expect![[r#"
        `lock` holds rows of a table, which grouped, aggregated and distinct rows are not
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

#[test]
fn comparisons() {
    fn is(condition: impl Into<crate::Cond<Post>>, expected: Expect) {
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

#[test]
fn relations() {
    fn is(condition: impl Into<crate::Cond<Post>>, expected: Expect) {
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
            SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" LEFT JOIN "badges" AS t2 ON t2."user_id" = t1."id" WHERE t1."name" = ? AND t2."label" = ?
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
            SELECT t0."id" FROM "posts" AS t0 WHERE EXISTS (SELECT 1 FROM "comments" AS t1 LEFT JOIN "users" AS t2 ON t2."id" = t1."user_id" WHERE t1."post_id" = t0."id" AND t2."name" = ?)
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
