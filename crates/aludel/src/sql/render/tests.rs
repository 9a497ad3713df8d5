//! Every construct on every engine side by side; what SQLite is given it also prepares.

use std::fmt::Write;

use expect_test::expect;

use crate::dialect::{self, Dialect, Placeholder};
use crate::sql::*;
use crate::{Result, Type, Value};

mod expressions;
mod functions;
mod property;
mod writes;

/// The tables that the statements of these tests speak of.
const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, team_id INTEGER);
    CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER, editor_id INTEGER, title TEXT, likes INTEGER,
        price NUMERIC(10, 2), total DECIMAL_TEXT(20, 4), published BOOLEAN, created_at TIMESTAMPTZ_TEXT,
        token UUID_TEXT, score DOUBLE PRECISION, data BLOB);
    CREATE TABLE post_tags (post_id INTEGER, tag_id INTEGER, note TEXT, PRIMARY KEY (post_id, tag_id));
    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);
";

fn sqlite() -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    connection
}

/// The type of each column of the schema above.
fn ty(name: &str) -> Type {
    match name {
        "email" | "name" | "title" | "note" => Type::Text,
        "price" => Type::Numeric(10, 2),
        "total" => Type::Numeric(20, 4),
        "published" => Type::Bool,
        "created_at" => Type::TimestampTz,
        "token" => Type::Uuid,
        "score" => Type::Double,
        "data" => Type::Bytes,
        _ => Type::BigInt,
    }
}

fn col(name: &'static str) -> Expr {
    at(&Path::root(), name)
}

fn at(path: &Path, name: &'static str) -> Expr {
    Expr::Column { path: path.clone(), name: name.into(), ty: ty(name) }
}

fn hop(table: &'static str, from: &'static str, to: &'static str, optional: bool) -> Hop {
    Hop { table: table.into(), on: vec![(from.into(), to.into())], optional }
}

fn author() -> Path {
    Path::root().then(hop("users", "author_id", "id", false))
}

fn editor() -> Path {
    Path::root().then(hop("users", "editor_id", "id", true))
}

fn int(value: i64) -> Expr {
    Expr::Value(Value::Int(value), Type::BigInt)
}

fn text(value: &str) -> Expr {
    Expr::Value(Value::Text(value.into()), Type::Text)
}

fn binary(left: Expr, operator: Binary, right: Expr) -> Expr {
    Expr::Binary(Box::new(left), operator, Box::new(right))
}

fn eq(left: Expr, right: Expr) -> Expr {
    binary(left, Binary::Eq, right)
}

fn ints(values: &[i64]) -> List {
    List::Values(values.iter().copied().map(Value::Int).collect(), Type::BigInt)
}

fn sort(by: Expr) -> Sort {
    Sort { by, descending: false, nulls_first: None, nullable: false }
}

/// A statement of any kind.
trait Render {
    fn on(&self, dialect: &Dialect) -> Result<Statement>;
}

macro_rules! render {
    ($($ty:ty),*) => { $(impl Render for $ty {
        fn on(&self, dialect: &Dialect) -> Result<Statement> {
            self.render(dialect)
        }
    })* };
}
render!(Select, Insert, Update, Delete);

/// Renders on every engine and holds what has to hold for any statement: as many placeholders as values as types, and
/// SQLite prepares its text.
fn rendered(statement: &dyn Render) -> Vec<(&'static str, String)> {
    let line = |dialect: &'static Dialect| {
        let statement = match statement.on(dialect) {
            Ok(statement) => statement,
            Err(error) => return (dialect.name, format!("error: {error}")),
        };
        assert_eq!(statement.params.len(), statement.types.len());
        let last = format!("${}", statement.params.len());
        assert!(
            dialect.placeholder == Placeholder::Question
                || statement.params.is_empty()
                || statement.text.contains(&last)
        );
        if dialect.name == dialect::SQLITE.name {
            let sqlite = sqlite();
            let prepared = sqlite.prepare(&statement.text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(prepared.parameter_count(), statement.params.len());
        }
        (dialect.name, statement.text.to_string())
    };
    dialect::ALL.iter().map(|dialect| line(dialect)).collect()
}

/// One line per spelling, behind the engines that share it.
fn spellings(lines: &[(&'static str, String)], out: &mut String) {
    let mut done: Vec<&str> = Vec::new();
    for (_, text) in lines {
        if done.contains(&text.as_str()) {
            continue;
        }
        done.push(text);
        let engines: Vec<_> = lines.iter().filter(|(_, other)| other == text).map(|(name, _)| *name).collect();
        let engines = if engines.len() == lines.len() { String::from("all") } else { engines.join(", ") };
        writeln!(out, "  {engines}: {text}").unwrap();
    }
}

fn check(statements: &[(&str, &dyn Render)], expected: &expect_test::Expect) {
    let mut out = String::new();
    for (what, statement) in statements {
        writeln!(out, "{what}").unwrap();
        spellings(&rendered(*statement), &mut out);
    }
    expected.assert_eq(&out);
}

fn posts(columns: Vec<Expr>) -> Select {
    Select { columns, ..Select::from("posts") }
}

#[test]
fn paths_become_joins() {
    let plain = posts(vec![col("id"), col("title")]);
    let mut joined = posts(vec![col("id"), at(&editor(), "name")]);
    joined.filter = Some(eq(at(&author(), "email"), text("a")));
    joined.order = vec![sort(at(&editor(), "name")), sort(col("id"))];
    let team = editor().then(hop("teams", "team_id", "id", false));
    let mut deep = posts(vec![at(&team, "name")]);
    deep.filter = Some(eq(at(&editor(), "name"), at(&team, "name")));
    let tags = Path::root().then(hop("post_tags", "id", "post_id", false));
    let tag = tags.then(hop("tags", "tag_id", "id", false));
    let mut many = posts(vec![col("id"), at(&tag, "name"), at(&author(), "name")]);
    many.joins = vec![Join { path: tags.clone() }];
    let pair = Hop {
        table: "post_tags".into(),
        on: vec![("id".into(), "post_id".into()), ("likes".into(), "tag_id".into())],
        optional: true,
    };
    let composite = posts(vec![at(&Path::root().then(pair), "note")]);
    check(
        &[
            ("no path", &plain),
            ("equal paths are one join", &joined),
            ("behind an optional hop all is optional", &deep),
            ("a join that multiplies rows", &many),
            ("several columns", &composite),
        ],
        &expect![[r#"
            no path
              sqlite, postgres: SELECT t0."id", t0."title" FROM "posts" AS t0
              mysql, mariadb: SELECT t0.`id`, t0.`title` FROM `posts` AS t0
            equal paths are one join
              sqlite: SELECT t0."id", t1."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" INNER JOIN "users" AS t2 ON t2."id" = t0."author_id" WHERE t2."email" = ? ORDER BY t1."name", t0."id"
              postgres: SELECT t0."id", t1."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" INNER JOIN "users" AS t2 ON t2."id" = t0."author_id" WHERE t2."email" = $1 ORDER BY t1."name", t0."id"
              mysql, mariadb: SELECT t0.`id`, t1.`name` FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` INNER JOIN `users` AS t2 ON t2.`id` = t0.`author_id` WHERE t2.`email` = ? ORDER BY t1.`name`, t0.`id`
            behind an optional hop all is optional
              sqlite, postgres: SELECT t2."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" LEFT JOIN "teams" AS t2 ON t2."id" = t1."team_id" WHERE t1."name" = t2."name"
              mysql, mariadb: SELECT t2.`name` FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` LEFT JOIN `teams` AS t2 ON t2.`id` = t1.`team_id` WHERE t1.`name` = t2.`name`
            a join that multiplies rows
              sqlite, postgres: SELECT t0."id", t2."name", t3."name" FROM "posts" AS t0 INNER JOIN "post_tags" AS t1 ON t1."post_id" = t0."id" INNER JOIN "tags" AS t2 ON t2."id" = t1."tag_id" INNER JOIN "users" AS t3 ON t3."id" = t0."author_id"
              mysql, mariadb: SELECT t0.`id`, t2.`name`, t3.`name` FROM `posts` AS t0 INNER JOIN `post_tags` AS t1 ON t1.`post_id` = t0.`id` INNER JOIN `tags` AS t2 ON t2.`id` = t1.`tag_id` INNER JOIN `users` AS t3 ON t3.`id` = t0.`author_id`
            several columns
              sqlite, postgres: SELECT t1."note" FROM "posts" AS t0 LEFT JOIN "post_tags" AS t1 ON t1."post_id" = t0."id" AND t1."tag_id" = t0."likes"
              mysql, mariadb: SELECT t1.`note` FROM `posts` AS t0 LEFT JOIN `post_tags` AS t1 ON t1.`post_id` = t0.`id` AND t1.`tag_id` = t0.`likes`
        "#]],
    );
}

#[test]
fn subselects_see_the_enclosing_statement() {
    let outer = |expr: Expr| Expr::Outer(Box::new(expr));
    let mut tags = Select::from("post_tags");
    tags.filter = Some(eq(col("post_id"), outer(col("id"))));
    let tag = Path::root().then(hop("tags", "tag_id", "id", false));
    tags.and(eq(at(&tag, "name"), outer(at(&author(), "name"))));
    let mut exists = posts(vec![col("id")]);
    exists.filter = Some(Expr::Exists(Box::new(tags), false));

    let mut deepest = Select::from("tags");
    deepest.filter = Some(eq(col("id"), outer(outer(col("likes")))));
    deepest.and(eq(col("name"), outer(col("note"))));
    let mut middle = Select::from("post_tags");
    middle.filter = Some(Expr::Exists(Box::new(deepest), true));
    let mut twice = posts(vec![]);
    twice.filter = Some(Expr::Exists(Box::new(middle), false));

    let mut newest = Select::from("posts");
    newest.columns = vec![Expr::Aggregate {
        function: Aggregate::Max,
        of: Some(Box::new(col("id"))),
        distinct: false,
        filter: None,
    }];
    newest.filter = Some(eq(col("author_id"), outer(col("author_id"))));
    let mut scalar = posts(vec![Expr::Scalar(Box::new(newest.clone()))]);
    scalar.filter = Some(eq(col("id"), Expr::Scalar(Box::new(newest))));

    let mut inner = Select::from("posts");
    inner.columns = vec![
        col("id"),
        Expr::RowNumber {
            partition: vec![col("author_id")],
            order: vec![Sort { descending: true, ..sort(col("id")) }],
        },
    ];
    inner.names = vec!["id".into(), "place".into()];
    inner.filter = Some(eq(at(&author(), "name"), text("a")));
    let mut derived = Select { from: Table::Select(Box::new(inner)), ..posts(vec![col("id")]) };
    derived.filter = Some(binary(col("place"), Binary::Le, int(3)));

    let stray = posts(vec![outer(col("id"))]);
    check(
        &[
            ("exists, with a join on either side", &exists),
            ("two levels", &twice),
            ("a value", &scalar),
            ("as a table", &derived),
            ("no enclosing statement", &stray),
        ],
        &expect![[r#"
            exists, with a join on either side
              sqlite, postgres: SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t3 ON t3."id" = t0."author_id" WHERE EXISTS (SELECT 1 FROM "post_tags" AS t1 INNER JOIN "tags" AS t2 ON t2."id" = t1."tag_id" WHERE t1."post_id" = t0."id" AND t2."name" = t3."name")
              mysql, mariadb: SELECT t0.`id` FROM `posts` AS t0 INNER JOIN `users` AS t3 ON t3.`id` = t0.`author_id` WHERE EXISTS (SELECT 1 FROM `post_tags` AS t1 INNER JOIN `tags` AS t2 ON t2.`id` = t1.`tag_id` WHERE t1.`post_id` = t0.`id` AND t2.`name` = t3.`name`)
            two levels
              sqlite, postgres: SELECT 1 FROM "posts" AS t0 WHERE EXISTS (SELECT 1 FROM "post_tags" AS t1 WHERE NOT EXISTS (SELECT 1 FROM "tags" AS t2 WHERE t2."id" = t0."likes" AND t2."name" = t1."note"))
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 WHERE EXISTS (SELECT 1 FROM `post_tags` AS t1 WHERE NOT EXISTS (SELECT 1 FROM `tags` AS t2 WHERE t2.`id` = t0.`likes` AND t2.`name` = t1.`note`))
            a value
              sqlite, postgres: SELECT (SELECT max(t1."id") FROM "posts" AS t1 WHERE t1."author_id" = t0."author_id") FROM "posts" AS t0 WHERE t0."id" = (SELECT max(t2."id") FROM "posts" AS t2 WHERE t2."author_id" = t0."author_id")
              mysql, mariadb: SELECT (SELECT max(t1.`id`) FROM `posts` AS t1 WHERE t1.`author_id` = t0.`author_id`) FROM `posts` AS t0 WHERE t0.`id` = (SELECT max(t2.`id`) FROM `posts` AS t2 WHERE t2.`author_id` = t0.`author_id`)
            as a table
              sqlite: SELECT t0."id" FROM (SELECT t1."id" AS "id", row_number() OVER (PARTITION BY t1."author_id" ORDER BY t1."id" DESC) AS "place" FROM "posts" AS t1 INNER JOIN "users" AS t2 ON t2."id" = t1."author_id" WHERE t2."name" = ?) AS t0 WHERE t0."place" <= ?
              postgres: SELECT t0."id" FROM (SELECT t1."id" AS "id", row_number() OVER (PARTITION BY t1."author_id" ORDER BY t1."id" DESC) AS "place" FROM "posts" AS t1 INNER JOIN "users" AS t2 ON t2."id" = t1."author_id" WHERE t2."name" = $1) AS t0 WHERE t0."place" <= $2
              mysql, mariadb: SELECT t0.`id` FROM (SELECT t1.`id` AS `id`, row_number() OVER (PARTITION BY t1.`author_id` ORDER BY t1.`id` DESC) AS `place` FROM `posts` AS t1 INNER JOIN `users` AS t2 ON t2.`id` = t1.`author_id` WHERE t2.`name` = ?) AS t0 WHERE t0.`place` <= ?
            no enclosing statement
              all: error: an expression speaks of an enclosing statement, and there is none: use it within a subselect
        "#]],
    );
}

#[test]
fn orders_limits_and_locks() {
    let by = |descending, nulls_first, nullable| {
        let mut select = posts(vec![]);
        select.order = vec![Sort { by: at(&editor(), "name"), descending, nulls_first, nullable }];
        select
    };
    let window = |limit, offset| Select { limit, offset, ..posts(vec![]) };
    let lock = |lock| {
        let mut select = posts(vec![at(&editor(), "name")]);
        select.lock = Some(lock);
        select
    };
    let mut grouped = posts(vec![col("author_id")]);
    grouped.distinct = true;
    grouped.group = vec![col("author_id"), at(&author(), "name")];
    let count = Expr::Aggregate { function: Aggregate::Count, of: None, distinct: false, filter: None };
    grouped.having = Some(binary(count, Binary::Gt, int(1)));
    check(
        &[
            ("never NULL", &by(true, None, false)),
            ("NULL is smallest", &by(false, None, true)),
            ("NULL is smallest, downwards", &by(true, None, true)),
            ("first, downwards", &by(true, Some(true), true)),
            ("last", &by(false, Some(false), true)),
            ("limit", &window(Some(20), None)),
            ("limit and offset", &window(Some(20), Some(40))),
            ("offset", &window(None, Some(40))),
            ("lock", &lock(Lock::Update)),
            ("lock, passing over", &lock(Lock::SkipLocked)),
            ("lock, not waiting", &lock(Lock::NoWait)),
            ("groups", &grouped),
        ],
        &expect![[r#"
            never NULL
              sqlite, postgres: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name" DESC
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` ORDER BY t1.`name` DESC
            NULL is smallest
              sqlite: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name"
              postgres: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name" NULLS FIRST
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` ORDER BY t1.`name`
            NULL is smallest, downwards
              sqlite: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name" DESC
              postgres: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name" DESC NULLS LAST
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` ORDER BY t1.`name` DESC
            first, downwards
              sqlite: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name" DESC NULLS FIRST
              postgres: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name" DESC
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` ORDER BY t1.`name` IS NULL DESC, t1.`name` DESC
            last
              sqlite: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name" NULLS LAST
              postgres: SELECT 1 FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" ORDER BY t1."name"
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` ORDER BY t1.`name` IS NULL, t1.`name`
            limit
              sqlite: SELECT 1 FROM "posts" AS t0 LIMIT ?
              postgres: SELECT 1 FROM "posts" AS t0 LIMIT $1
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 LIMIT ?
            limit and offset
              sqlite: SELECT 1 FROM "posts" AS t0 LIMIT ? OFFSET ?
              postgres: SELECT 1 FROM "posts" AS t0 LIMIT $1 OFFSET $2
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 LIMIT ? OFFSET ?
            offset
              sqlite: SELECT 1 FROM "posts" AS t0 LIMIT -1 OFFSET ?
              postgres: SELECT 1 FROM "posts" AS t0 OFFSET $1
              mysql, mariadb: SELECT 1 FROM `posts` AS t0 LIMIT 18446744073709551615 OFFSET ?
            lock
              sqlite: SELECT t1."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id"
              postgres: SELECT t1."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" FOR UPDATE OF t0
              mysql: SELECT t1.`name` FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` FOR UPDATE OF t0
              mariadb: SELECT t1.`name` FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` FOR UPDATE
            lock, passing over
              sqlite: SELECT t1."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id"
              postgres: SELECT t1."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" FOR UPDATE OF t0 SKIP LOCKED
              mysql: SELECT t1.`name` FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` FOR UPDATE OF t0 SKIP LOCKED
              mariadb: SELECT t1.`name` FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` FOR UPDATE SKIP LOCKED
            lock, not waiting
              sqlite: SELECT t1."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id"
              postgres: SELECT t1."name" FROM "posts" AS t0 LEFT JOIN "users" AS t1 ON t1."id" = t0."editor_id" FOR UPDATE OF t0 NOWAIT
              mysql: SELECT t1.`name` FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` FOR UPDATE OF t0 NOWAIT
              mariadb: SELECT t1.`name` FROM `posts` AS t0 LEFT JOIN `users` AS t1 ON t1.`id` = t0.`editor_id` FOR UPDATE NOWAIT
            groups
              sqlite: SELECT DISTINCT t0."author_id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" GROUP BY t0."author_id", t1."name" HAVING count(*) > ?
              postgres: SELECT DISTINCT t0."author_id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" GROUP BY t0."author_id", t1."name" HAVING count(*) > $1
              mysql, mariadb: SELECT DISTINCT t0.`author_id` FROM `posts` AS t0 INNER JOIN `users` AS t1 ON t1.`id` = t0.`author_id` GROUP BY t0.`author_id`, t1.`name` HAVING count(*) > ?
        "#]],
    );
}
