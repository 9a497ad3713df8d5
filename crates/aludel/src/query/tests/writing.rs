//! Statements that change rows, and raw SQL.

use expect_test::{Expect, expect};

use super::models::{Item, Post, PostTag, Tag, User};
use super::said;
use crate::dialect::SQLITE;
use crate::query::{Insertion, returning};
use crate::{Decimal, Query, Sql, View, set};

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
fn what_is_set_is_what_the_column_keeps() {
    fn is(changes: crate::query::Changes<Item>, expected: Expect) {
        let update = Item::at(1).into_update(changes, Vec::new());
        said(update.and_then(|update| update.render(&SQLITE)), expected);
    }
    is(
        set(Item::CODE, "äöü").set(Item::PRICE, Decimal::new(10_005, 3)),
        expect![[r#"
        UPDATE "items" SET "code" = ?, "price" = ? WHERE "items"."id" = ?
          [Text("äöü"), Decimal(Decimal(10.01)), Int(1)]
    "#]],
    );
    is(
        set(Item::CODE, "abcd").set(Item::PRICE, Decimal::new(10_000, 0)).set(Item::STOCK, u64::MAX),
        expect![[r#"
            code: must have at most 3 characters, has 4; price: must have at most 4 digits before the point; stock: must be at most 9223372036854775807
        "#]],
    );
    let rows = [crate::new!(Item { code: "a", price: Decimal::new(10_005, 3), stock: 1_u64 })];
    let inserts = Insertion::new(rows).into_statements(&SQLITE, &Vec::new()).unwrap();
    said(
        inserts[0].render(&SQLITE),
        expect![[r#"
            INSERT INTO "items" ("code", "price", "stock") VALUES (?, ?, ?)
              [Text("a"), Decimal(Decimal(10.01)), Int(1)]
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
        Post::filter(longer).select(Post::ID).into_select().and_then(|select| select.render(&SQLITE)),
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
