//! Views read from a real database in memory, statements counted.

use expect_test::{Expect, expect};

use super::Loading;
use crate::dialect::SQLITE;
use crate::driver::{Access, Connection, Discard, Request, Settings, open};
use crate::query::tests::models::{Badge, Comment, Note, Post, PostTag, Tag, Topic, User};
use crate::sql::Statement;
use crate::{Model, Query, View, block};

#[derive(View, Debug)]
#[view(User)]
struct Author {
    name: String,
}

#[derive(View, Debug)]
#[view(Tag)]
struct TagName {
    name: String,
}

#[derive(View, Debug)]
#[view(Comment)]
struct Line {
    body: String,
    user: Option<Author>,
}

#[derive(View, Debug)]
#[view(Post)]
struct Page {
    id: i64,
    author: Author,
    tags: Vec<TagName>,
    comments: Vec<Line>,
    #[view(Post::COMMENTS.count())]
    comment_count: i64,
    #[view(Post::AUTHOR.then(User::NAME).upper())]
    by: String,
}

/// No key among its fields, to-many behind to-one behind to-many, and the same parents more than once.
#[derive(View, Debug)]
#[view(User)]
struct Busy {
    badge: Option<Label>,
    posts: Vec<Brief>,
}

#[derive(View, Debug)]
#[view(Badge)]
struct Label {
    label: String,
    user: Owner,
}

#[derive(View, Debug)]
#[view(User)]
struct Owner {
    posts: Vec<Title>,
}

#[derive(View, Debug)]
#[view(Post)]
struct Title {
    title: String,
}

#[derive(View, Debug)]
#[view(Post)]
struct Brief {
    #[view(Post::COMMENTS.order_by(Comment::ID.desc()).limit(1))]
    comments: Vec<Said>,
    author: Owner,
}

#[derive(View, Debug)]
#[view(Comment)]
struct Said {
    id: i64,
    user: Option<Owner>,
}

#[derive(View, Debug)]
#[view(Post)]
struct Filtered {
    #[view(Post::COMMENTS.filter(Comment::USER.is(User::NAME.eq("Bob"))))]
    comments: Vec<Comment>,
    #[view(Post::TAGS.order_by(Tag::NAME.desc()))]
    tags: Vec<Tag>,
    author: User,
    author_id: crate::Fk<User>,
}

/// A view of itself: as many statements as the tree is deep.
#[derive(View, Debug)]
#[view(Topic)]
struct Tree {
    name: String,
    topics: Vec<Tree>,
}

#[derive(View, Debug)]
#[view(PostTag)]
struct Noted {
    notes: Vec<Text>,
    #[view(PostTag::NOTES.order_by(Note::ID.desc()).limit(1))]
    last: Vec<Text>,
}

#[derive(View, Debug)]
#[view(Note)]
struct Text {
    text: String,
    #[view(Note::LINK.then(PostTag::POST.then(Post::TITLE)))]
    on: String,
}

const TABLES: &[&str] = &[
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE badges (id INTEGER PRIMARY KEY, user_id INTEGER, label TEXT)",
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER, title TEXT, subtitle TEXT, likes INTEGER, pinned \
     BOOLEAN, version INTEGER)",
    "CREATE TABLE topics (id INTEGER PRIMARY KEY, parent_id INTEGER, name TEXT)",
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, link_post_id INTEGER, link_tag_id INTEGER, text TEXT)",
    "INSERT INTO topics VALUES (1, NULL, 'all'), (2, 1, 'art'), (3, 1, 'law'), (4, 2, 'song')",
    "INSERT INTO notes VALUES (1, 1, 2, 'x'), (2, 1, 1, 'y'), (3, 1, 2, 'z')",
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE post_tags (post_id INTEGER, tag_id INTEGER, weight INTEGER, PRIMARY KEY (post_id, tag_id))",
    "CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER, user_id INTEGER, body TEXT)",
    "INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob')",
    "INSERT INTO badges VALUES (1, 1, 'gold')",
    "INSERT INTO posts VALUES (1, 1, 'one', NULL, 1, 0, 1), (2, 1, 'two', 'x', 2, 1, 1), (3, 2, 'three', NULL, 3, 0, 1)",
    "INSERT INTO tags VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    "INSERT INTO post_tags VALUES (1, 2, 0), (1, 1, 0), (3, 3, 0)",
    "INSERT INTO comments VALUES (1, 1, 2, 'hi'), (2, 1, NULL, 'anon'), (3, 2, 1, 'own')",
];

/// The values, and how many statements each round took.
fn load<M: Model, T: Send>(query: Query<M, T>) -> (Vec<T>, Vec<usize>, Vec<String>) {
    let engine = open("sqlite::memory:", &Settings::default()).unwrap();
    block(async {
        let mut connection = engine.acquire(Access::Write).await.unwrap();
        for text in TABLES {
            let statement = Statement::plain(*text);
            connection.run(&mut [Request::new(&statement, &mut Discard)]).await.unwrap();
        }
        run(&mut *connection, query).await
    })
}

async fn run<M: Model, T: Send>(
    connection: &mut dyn Connection,
    query: Query<M, T>,
) -> (Vec<T>, Vec<usize>, Vec<String>) {
    let (mut rounds, mut texts) = (Vec::new(), Vec::new());
    let mut loading = Loading::new(query, &SQLITE).unwrap();
    loop {
        let mut round = loading.round(&SQLITE).unwrap();
        if round.is_empty() {
            break;
        }
        rounds.push(round.len());
        texts.extend(round.iter().map(|request| request.statement.text.to_string()));
        connection.run(&mut round).await.unwrap();
    }
    (loading.finish().unwrap(), rounds, texts)
}

#[expect(clippy::needless_pass_by_value, reason = "snapshots are written in place")]
fn check<M: Model, T: Send + std::fmt::Debug>(query: Query<M, T>, expected: Expect) {
    let (rows, rounds, texts) = load(query);
    let rows: Vec<String> = rows.iter().map(|row| format!("{row:?}\n")).collect();
    expected.assert_eq(&format!("{}rounds {rounds:?}\n{}\n", rows.concat(), texts.join("\n")));
}

#[test]
fn a_page_takes_a_statement_for_each_to_many_relation() {
    check(
        Page::all().order_by(Post::ID.desc()).limit(20),
        expect![[r#"
        Page { id: 3, author: Author { name: "Bob" }, tags: [TagName { name: "c" }], comments: [], comment_count: 0, by: "BOB" }
        Page { id: 2, author: Author { name: "Ann" }, tags: [], comments: [Line { body: "own", user: Some(Author { name: "Ann" }) }], comment_count: 1, by: "ANN" }
        Page { id: 1, author: Author { name: "Ann" }, tags: [TagName { name: "a" }, TagName { name: "b" }], comments: [Line { body: "hi", user: Some(Author { name: "Bob" }) }, Line { body: "anon", user: None }], comment_count: 2, by: "ANN" }
        rounds [1, 2]
        SELECT t0."id", t1."name", t0."id", t0."id", (SELECT count(*) FROM "comments" AS t2 WHERE t2."post_id" = t0."id"), upper(t1."name") FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" ORDER BY t0."id" DESC LIMIT ?
        SELECT t0."post_id", t1."name" FROM "post_tags" AS t0 INNER JOIN "tags" AS t1 ON t1."id" = t0."tag_id" WHERE t0."post_id" IN (SELECT value FROM json_each(?)) ORDER BY t0."post_id", t1."id"
        SELECT t0."post_id", t0."body", t1."id", t1."name" FROM "comments" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."user_id" WHERE t0."post_id" IN (SELECT value FROM json_each(?)) ORDER BY t0."post_id", t0."id"
    "#]],
    );
}

#[test]
fn no_rows_take_one_statement() {
    check(
        Page::at(99),
        expect![[r#"
        rounds [1]
        SELECT t0."id", t1."name", t0."id", t0."id", (SELECT count(*) FROM "comments" AS t2 WHERE t2."post_id" = t0."id"), upper(t1."name") FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t0."id" = ?
    "#]],
    );
}

#[test]
fn views_nest() {
    check(
        Busy::all().order_by(User::ID.asc()),
        expect![[r#"
            Busy { badge: Some(Label { label: "gold", user: Owner { posts: [Title { title: "one" }, Title { title: "two" }] } }), posts: [Brief { comments: [Said { id: 2, user: None }], author: Owner { posts: [Title { title: "one" }, Title { title: "two" }] } }, Brief { comments: [Said { id: 3, user: Some(Owner { posts: [Title { title: "one" }, Title { title: "two" }] }) }], author: Owner { posts: [Title { title: "one" }, Title { title: "two" }] } }] }
            Busy { badge: None, posts: [Brief { comments: [], author: Owner { posts: [Title { title: "three" }] } }] }
            rounds [1, 2, 2, 1]
            SELECT t1."id", t1."label", t2."id", t0."id" FROM "users" AS t0 LEFT JOIN "badges" AS t1 ON t1."user_id" = t0."id" LEFT JOIN "users" AS t2 ON t2."id" = t1."user_id" ORDER BY t0."id"
            SELECT t0."author_id", t0."title" FROM "posts" AS t0 WHERE t0."author_id" = ? ORDER BY t0."author_id", t0."id"
            SELECT t0."author_id", t0."id", t1."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t0."author_id" IN (SELECT value FROM json_each(?)) ORDER BY t0."author_id", t0."id"
            SELECT t0."c0", t0."c1", t0."c2", t0."c3" FROM (SELECT t1."post_id" AS "c0", t1."id" AS "c1", t2."id" AS "c2", t2."id" AS "c3", row_number() OVER (PARTITION BY t1."post_id" ORDER BY t1."id" DESC) AS "n" FROM "comments" AS t1 LEFT JOIN "users" AS t2 ON t2."id" = t1."user_id" WHERE t1."post_id" IN (SELECT value FROM json_each(?))) AS t0 WHERE t0."n" <= ? ORDER BY t0."c0", t0."n"
            SELECT t0."author_id", t0."title" FROM "posts" AS t0 WHERE t0."author_id" IN (SELECT value FROM json_each(?)) ORDER BY t0."author_id", t0."id"
            SELECT t0."author_id", t0."title" FROM "posts" AS t0 WHERE t0."author_id" = ? ORDER BY t0."author_id", t0."id"
        "#]],
    );
}

#[test]
fn relations_filter_and_order() {
    check(
        Filtered::filter(Post::LIKES.le(2)),
        expect![[r#"
            Filtered { comments: [Comment { id: 1, post_id: Fk(1), user_id: Some(Fk(2)), body: "hi" }], tags: [Tag { id: 2, name: "b" }, Tag { id: 1, name: "a" }], author: User { id: 1, name: "Ann" }, author_id: Fk(1) }
            Filtered { comments: [], tags: [], author: User { id: 1, name: "Ann" }, author_id: Fk(1) }
            rounds [1, 2]
            SELECT t0."id", t0."id", t1."id", t1."name", t0."author_id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t0."likes" <= ?
            SELECT t0."post_id", t0."id", t0."post_id", t0."user_id", t0."body" FROM "comments" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."user_id" WHERE t0."post_id" IN (SELECT value FROM json_each(?)) AND (t1."name" = ? AND t1."id" IS NOT NULL) ORDER BY t0."post_id", t0."id"
            SELECT t0."post_id", t1."id", t1."name" FROM "post_tags" AS t0 INNER JOIN "tags" AS t1 ON t1."id" = t0."tag_id" WHERE t0."post_id" IN (SELECT value FROM json_each(?)) ORDER BY t0."post_id", t1."name" DESC, t1."id"
        "#]],
    );
}

#[test]
fn one_parent_needs_no_window() {
    check(
        Brief::at(1),
        expect![[r#"
            Brief { comments: [Said { id: 2, user: None }], author: Owner { posts: [Title { title: "one" }, Title { title: "two" }] } }
            rounds [1, 2]
            SELECT t0."id", t1."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t0."id" = ?
            SELECT t0."post_id", t0."id", t1."id", t1."id" FROM "comments" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."user_id" WHERE t0."post_id" = ? ORDER BY t0."id" DESC LIMIT ?
            SELECT t0."author_id", t0."title" FROM "posts" AS t0 WHERE t0."author_id" = ? ORDER BY t0."author_id", t0."id"
        "#]],
    );
}

#[test]
fn models_tuples_and_counts() {
    check(
        PostTag::filter(PostTag::POST_ID.eq(1)),
        expect![[r#"
        PostTag { post_id: Fk(1), tag_id: Fk(1), weight: 0 }
        PostTag { post_id: Fk(1), tag_id: Fk(2), weight: 0 }
        rounds [1]
        SELECT t0."post_id", t0."tag_id", t0."weight" FROM "post_tags" AS t0 WHERE t0."post_id" = ?
    "#]],
    );
    check(
        Post::all().select((Post::AUTHOR_ID, crate::query::count())).group_by(Post::AUTHOR_ID),
        expect![[r#"
        (Fk(1), 2)
        (Fk(2), 1)
        rounds [1]
        SELECT t0."author_id", count(*) FROM "posts" AS t0 GROUP BY t0."author_id"
    "#]],
    );
    check(
        Page::filter(Post::LIKES.gt(1)).into_count(),
        expect![[r#"
        2
        rounds [1]
        SELECT count(*) FROM "posts" AS t0 WHERE t0."likes" > ?
    "#]],
    );
    check(
        Page::all().limit(2).into_count(),
        expect![[r#"
        2
        rounds [1]
        SELECT count(*) FROM (SELECT 1 AS "c0" FROM "posts" AS t1 LIMIT ?) AS t0
    "#]],
    );
    check(
        Page::all().into_exists(),
        expect![[r#"
        1
        rounds [1]
        SELECT 1 FROM "posts" AS t0 LIMIT ?
    "#]],
    );
}

#[test]
fn a_tree_is_read_level_by_level() {
    check(
        Tree::filter(Topic::PARENT_ID.is_null()),
        expect![[r#"
        Tree { name: "all", topics: [Tree { name: "art", topics: [Tree { name: "song", topics: [] }] }, Tree { name: "law", topics: [] }] }
        rounds [1, 1, 1, 1]
        SELECT t0."name", t0."id" FROM "topics" AS t0 WHERE t0."parent_id" IS NULL
        SELECT t0."parent_id", t0."name", t0."id" FROM "topics" AS t0 WHERE t0."parent_id" = ? ORDER BY t0."parent_id", t0."id"
        SELECT t0."parent_id", t0."name", t0."id" FROM "topics" AS t0 WHERE t0."parent_id" IN (SELECT value FROM json_each(?)) ORDER BY t0."parent_id", t0."id"
        SELECT t0."parent_id", t0."name", t0."id" FROM "topics" AS t0 WHERE t0."parent_id" = ? ORDER BY t0."parent_id", t0."id"
    "#]],
    );
}

#[test]
fn keys_of_several_columns_find_their_rows() {
    check(
        Noted::all().order_by((PostTag::POST_ID.asc(), PostTag::TAG_ID.desc())),
        expect![[r#"
        Noted { notes: [Text { text: "x", on: "one" }, Text { text: "z", on: "one" }], last: [Text { text: "z", on: "one" }] }
        Noted { notes: [Text { text: "y", on: "one" }], last: [Text { text: "y", on: "one" }] }
        Noted { notes: [], last: [] }
        rounds [1, 2]
        SELECT t0."post_id", t0."tag_id", t0."post_id", t0."tag_id" FROM "post_tags" AS t0 ORDER BY t0."post_id", t0."tag_id" DESC
        SELECT t0."link_post_id", t0."link_tag_id", t0."text", t2."title" FROM "notes" AS t0 INNER JOIN "post_tags" AS t1 ON t1."post_id" = t0."link_post_id" AND t1."tag_id" = t0."link_tag_id" INNER JOIN "posts" AS t2 ON t2."id" = t1."post_id" WHERE (t0."link_post_id", t0."link_tag_id") IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)) ORDER BY t0."link_post_id", t0."link_tag_id", t0."id"
        SELECT t0."c0", t0."c1", t0."c2", t0."c3" FROM (SELECT t1."link_post_id" AS "c0", t1."link_tag_id" AS "c1", t1."text" AS "c2", t3."title" AS "c3", row_number() OVER (PARTITION BY t1."link_post_id", t1."link_tag_id" ORDER BY t1."id" DESC) AS "n" FROM "notes" AS t1 INNER JOIN "post_tags" AS t2 ON t2."post_id" = t1."link_post_id" AND t2."tag_id" = t1."link_tag_id" INNER JOIN "posts" AS t3 ON t3."id" = t2."post_id" WHERE (t1."link_post_id", t1."link_tag_id") IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))) AS t0 WHERE t0."n" <= ? ORDER BY t0."c0", t0."c1", t0."n"
    "#]],
    );
}

#[test]
fn columns_behind_a_join_multiply_rows() {
    check(
        Post::all()
            .join(Post::TAGS)
            .select((Post::TITLE, Post::TAGS.then(Tag::NAME), Post::AUTHOR.then(User::NAME)))
            .order_by((Post::ID.asc(), Post::TAGS.then(Tag::NAME).desc())),
        expect![[r#"
            ("one", "b", "Ann")
            ("one", "a", "Ann")
            ("three", "c", "Bob")
            rounds [1]
            SELECT t0."title", t2."name", t3."name" FROM "posts" AS t0 INNER JOIN "post_tags" AS t1 ON t1."post_id" = t0."id" INNER JOIN "tags" AS t2 ON t2."id" = t1."tag_id" INNER JOIN "users" AS t3 ON t3."id" = t0."author_id" ORDER BY t0."id", t2."name" DESC
        "#]],
    );
}
