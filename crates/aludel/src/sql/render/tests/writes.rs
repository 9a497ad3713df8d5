//! INSERT, UPDATE and DELETE.

use super::*;

fn insert(rows: usize) -> Insert {
    let row = |at: usize| vec![text(&format!("e{at}")), text("n")];
    Insert {
        table: "users".into(),
        columns: vec!["email".into(), "name".into()],
        rows: (0..rows).map(row).collect(),
        conflict: None,
        returning: vec![],
    }
}

fn returning(names: &[&'static str]) -> Vec<(Name, Type)> {
    names.iter().map(|name| (Name::from(*name), ty(name))).collect()
}

fn update(filter: Option<Expr>) -> Update {
    Update {
        table: "posts".into(),
        set: vec![("likes".into(), binary(col("likes"), Binary::Add, int(1)))],
        filter,
        key: returning(&["id"]),
        returning: vec![],
    }
}

fn delete(filter: Option<Expr>) -> Delete {
    Delete { table: "posts".into(), filter, key: returning(&["id"]), returning: vec![] }
}

#[test]
fn inserts() {
    let back = Insert { returning: returning(&["id", "name"]), ..insert(2) };
    let defaults = Insert { columns: vec![], rows: vec![vec![]], ..insert(0) };
    let mut computed = insert(2);
    computed.rows[0][1] = Expr::Call(Function::Lower, vec![text("N")]);
    let two_defaults = Insert { columns: vec![], rows: vec![vec![], vec![]], ..insert(0) };
    let mut ragged = insert(2);
    ragged.rows[1].pop();
    check(
        &[
            ("one row", &insert(1)),
            ("three rows", &insert(3)),
            ("rows of expressions", &computed),
            ("giving back", &back),
            ("defaults only", &defaults),
            ("defaults twice", &two_defaults),
            ("no rows", &insert(0)),
            ("a value too few", &ragged),
        ],
        &expect![[r#"
            one row
              sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?)
              postgres: INSERT INTO "users" ("email", "name") VALUES ($1, $2)
              mysql, mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?)
            three rows
              sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?), (?, ?), (?, ?)
              postgres: INSERT INTO "users" ("email", "name") SELECT c0, c1 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r (c0, c1, n) ORDER BY n
              mysql, mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?), (?, ?), (?, ?)
            rows of expressions
              sqlite: INSERT INTO "users" ("email", "name") VALUES (?, lower(?)), (?, ?)
              postgres: INSERT INTO "users" ("email", "name") VALUES ($1, lower($2)), ($3, $4)
              mysql, mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, lower(?)), (?, ?)
            giving back
              sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?), (?, ?) RETURNING "id", "name"
              postgres: INSERT INTO "users" ("email", "name") SELECT c0, c1 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r (c0, c1, n) ORDER BY n RETURNING "id", "name"
              mysql: error: mysql gives no columns back from INSERT: leave out the returning part and read the rows by key
              mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?), (?, ?) RETURNING `id`, `name`
            defaults only
              sqlite, postgres: INSERT INTO "users" DEFAULT VALUES
              mysql, mariadb: INSERT INTO `users` () VALUES ()
            defaults twice
              all: error: rows of defaults only are inserted one by one
            no rows
              all: error: an INSERT needs at least one row
            a value too few
              all: error: each row to insert needs 2 values
        "#]],
    );
}

#[test]
fn upserts() {
    let upsert = |target: &[&'static str], resolution| {
        let target = target.iter().map(|name| Name::from(*name)).collect();
        Insert { conflict: Some(Conflict { target, resolution }), ..insert(1) }
    };
    let excluded = |name: &'static str| (Name::from(name), Expr::Excluded(name.into(), Type::Text));
    let longer = binary(col("name"), Binary::Concat, Expr::Excluded("name".into(), Type::Text));
    check(
        &[
            ("nothing", &upsert(&["email"], Resolution::Nothing)),
            ("nothing, any rule", &upsert(&[], Resolution::Nothing)),
            ("update", &upsert(&["email"], Resolution::Update(vec![excluded("name")]))),
            ("update from both", &upsert(&["email"], Resolution::Update(vec![("name".into(), longer)]))),
            ("update, any rule", &upsert(&[], Resolution::Update(vec![excluded("name")]))),
            ("update of nothing", &upsert(&["email"], Resolution::Update(vec![]))),
        ],
        &expect![[r#"
            nothing
              sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?) ON CONFLICT ("email") DO NOTHING
              postgres: INSERT INTO "users" ("email", "name") VALUES ($1, $2) ON CONFLICT ("email") DO NOTHING
              mysql, mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `email` = `email`
            nothing, any rule
              sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?) ON CONFLICT DO NOTHING
              postgres: INSERT INTO "users" ("email", "name") VALUES ($1, $2) ON CONFLICT DO NOTHING
              mysql, mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `email` = `email`
            update
              sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?) ON CONFLICT ("email") DO UPDATE SET "name" = excluded."name"
              postgres: INSERT INTO "users" ("email", "name") VALUES ($1, $2) ON CONFLICT ("email") DO UPDATE SET "name" = excluded."name"
              mysql, mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)
            update from both
              sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?) ON CONFLICT ("email") DO UPDATE SET "name" = "users"."name" || excluded."name"
              postgres: INSERT INTO "users" ("email", "name") VALUES ($1, $2) ON CONFLICT ("email") DO UPDATE SET "name" = "users"."name" || excluded."name"
              mysql, mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `name` = concat(`users`.`name`, VALUES(`name`))
            update, any rule
              sqlite, postgres: error: an upsert that updates names the unique columns that may clash
              mysql, mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)
            update of nothing
              all: error: an UPDATE needs at least one column to set
        "#]],
    );
}

#[test]
fn updates_and_deletes() {
    let by_key = || eq(col("id"), int(1));
    let unchanged = Expr::Same(Box::new(col("title")), Box::new(text("old")), false);
    let checked = update(Some(binary(by_key(), Binary::And, unchanged)));
    let by_author = || eq(at(&author(), "name"), text("ann"));
    let mut others = Select::from("posts");
    others.filter = Some(eq(col("author_id"), Expr::Outer(Box::new(col("author_id")))));
    let siblings = || Expr::Exists(Box::new(others.clone()), true);
    let back = Update { returning: returning(&["likes"]), ..update(Some(by_key())) };
    let mut foreign = update(None);
    foreign.set[0].1 = at(&author(), "id");
    let mut itself = update(None);
    let newest = Select { columns: vec![col("likes")], limit: Some(1), ..Select::from("posts") };
    itself.set[0].1 = Expr::Scalar(Box::new(newest));
    let empty = Update { set: vec![], ..update(None) };
    let keyless = Delete { key: vec![], ..delete(Some(by_author())) };
    let mut pairs = Delete { table: "post_tags".into(), key: returning(&["post_id", "tag_id"]), ..delete(None) };
    let tag = Path::root().then(hop("tags", "tag_id", "id", false));
    pairs.filter = Some(eq(at(&tag, "name"), text("old")));
    let gone =
        Delete { returning: returning(&["id"]), ..delete(Some(Expr::In(Box::new(col("id")), ints(&[1]), false))) };
    check(
        &[
            ("update by key, comparing", &checked),
            ("update of all", &update(None)),
            ("update by another table", &update(Some(by_author()))),
            ("update by the table itself", &update(Some(siblings()))),
            ("update giving back", &back),
            ("update from another table", &foreign),
            ("update from the table itself", &itself),
            ("update of nothing", &empty),
            ("update of no rows", &update(Some(Expr::In(Box::new(col("id")), ints(&[]), false)))),
            ("delete giving back", &gone),
            ("delete of all", &delete(None)),
            ("delete by another table", &delete(Some(by_author()))),
            ("delete by the table itself", &delete(Some(siblings()))),
            ("delete by a key of two columns", &pairs),
            ("delete without a key", &keyless),
        ],
        &expect![[r#"
            update by key, comparing
              sqlite: UPDATE "posts" SET "likes" = "posts"."likes" + ? WHERE "posts"."id" = ? AND "posts"."title" IS ?
              postgres: UPDATE "posts" SET "likes" = "posts"."likes" + $1 WHERE "posts"."id" = $2 AND "posts"."title" IS NOT DISTINCT FROM $3
              mysql, mariadb: UPDATE `posts` SET `likes` = `posts`.`likes` + ? WHERE `posts`.`id` = ? AND `posts`.`title` <=> ?
            update of all
              sqlite: UPDATE "posts" SET "likes" = "posts"."likes" + ?
              postgres: UPDATE "posts" SET "likes" = "posts"."likes" + $1
              mysql, mariadb: UPDATE `posts` SET `likes` = `posts`.`likes` + ?
            update by another table
              sqlite: UPDATE "posts" SET "likes" = "posts"."likes" + ? WHERE "posts"."id" IN (SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t1."name" = ?)
              postgres: UPDATE "posts" SET "likes" = "posts"."likes" + $1 WHERE "posts"."id" IN (SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t1."name" = $2)
              mysql, mariadb: UPDATE `posts` SET `likes` = `posts`.`likes` + ? WHERE `posts`.`id` IN (SELECT * FROM (SELECT DISTINCT t1.`id` FROM `posts` AS t1 INNER JOIN `users` AS t2 ON t2.`id` = t1.`author_id` WHERE t2.`name` = ?) AS t0)
            update by the table itself
              sqlite: UPDATE "posts" SET "likes" = "posts"."likes" + ? WHERE NOT EXISTS (SELECT 1 FROM "posts" AS t0 WHERE t0."author_id" = "posts"."author_id")
              postgres: UPDATE "posts" SET "likes" = "posts"."likes" + $1 WHERE NOT EXISTS (SELECT 1 FROM "posts" AS t0 WHERE t0."author_id" = "posts"."author_id")
              mysql, mariadb: UPDATE `posts` SET `likes` = `posts`.`likes` + ? WHERE `posts`.`id` IN (SELECT * FROM (SELECT DISTINCT t1.`id` FROM `posts` AS t1 WHERE NOT EXISTS (SELECT 1 FROM `posts` AS t2 WHERE t2.`author_id` = t1.`author_id`)) AS t0)
            update giving back
              sqlite: UPDATE "posts" SET "likes" = "posts"."likes" + ? WHERE "posts"."id" = ? RETURNING "likes"
              postgres: UPDATE "posts" SET "likes" = "posts"."likes" + $1 WHERE "posts"."id" = $2 RETURNING "likes"
              mysql: error: mysql gives no columns back from UPDATE: leave out the returning part and read the rows by key
              mariadb: error: mariadb gives no columns back from UPDATE: leave out the returning part and read the rows by key
            update from another table
              all: error: an UPDATE sets columns from the row's own table only, and this one reads `users`: use a subselect of one value
            update from the table itself
              sqlite: UPDATE "posts" SET "likes" = (SELECT t0."likes" FROM "posts" AS t0 LIMIT ?)
              postgres: UPDATE "posts" SET "likes" = (SELECT t0."likes" FROM "posts" AS t0 LIMIT $1)
              mysql: error: mysql cannot set columns of `posts` from a subselect of the same table: read the value first
              mariadb: error: mariadb cannot set columns of `posts` from a subselect of the same table: read the value first
            update of nothing
              all: error: an UPDATE needs at least one column to set
            update of no rows
              sqlite: UPDATE "posts" SET "likes" = "posts"."likes" + ? WHERE FALSE
              postgres: UPDATE "posts" SET "likes" = "posts"."likes" + $1 WHERE FALSE
              mysql, mariadb: UPDATE `posts` SET `likes` = `posts`.`likes` + ? WHERE FALSE
            delete giving back
              sqlite: DELETE FROM "posts" WHERE "posts"."id" IN (SELECT value FROM json_each(?)) RETURNING "id"
              postgres: DELETE FROM "posts" WHERE "posts"."id" = ANY ($1::bigint[]) RETURNING "id"
              mysql: error: mysql gives no columns back from DELETE: leave out the returning part and read the rows by key
              mariadb: DELETE FROM `posts` WHERE `posts`.`id` IN (?) RETURNING `id`
            delete of all
              sqlite, postgres: DELETE FROM "posts"
              mysql, mariadb: DELETE FROM `posts`
            delete by another table
              sqlite: DELETE FROM "posts" WHERE "posts"."id" IN (SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t1."name" = ?)
              postgres: DELETE FROM "posts" WHERE "posts"."id" IN (SELECT t0."id" FROM "posts" AS t0 INNER JOIN "users" AS t1 ON t1."id" = t0."author_id" WHERE t1."name" = $1)
              mysql, mariadb: DELETE FROM `posts` WHERE `posts`.`id` IN (SELECT * FROM (SELECT DISTINCT t1.`id` FROM `posts` AS t1 INNER JOIN `users` AS t2 ON t2.`id` = t1.`author_id` WHERE t2.`name` = ?) AS t0)
            delete by the table itself
              sqlite, postgres: DELETE FROM "posts" WHERE NOT EXISTS (SELECT 1 FROM "posts" AS t0 WHERE t0."author_id" = "posts"."author_id")
              mysql, mariadb: DELETE FROM `posts` WHERE `posts`.`id` IN (SELECT * FROM (SELECT DISTINCT t1.`id` FROM `posts` AS t1 WHERE NOT EXISTS (SELECT 1 FROM `posts` AS t2 WHERE t2.`author_id` = t1.`author_id`)) AS t0)
            delete by a key of two columns
              sqlite: DELETE FROM "post_tags" WHERE ("post_tags"."post_id", "post_tags"."tag_id") IN (SELECT t0."post_id", t0."tag_id" FROM "post_tags" AS t0 INNER JOIN "tags" AS t1 ON t1."id" = t0."tag_id" WHERE t1."name" = ?)
              postgres: DELETE FROM "post_tags" WHERE ("post_tags"."post_id", "post_tags"."tag_id") IN (SELECT t0."post_id", t0."tag_id" FROM "post_tags" AS t0 INNER JOIN "tags" AS t1 ON t1."id" = t0."tag_id" WHERE t1."name" = $1)
              mysql, mariadb: DELETE FROM `post_tags` WHERE (`post_tags`.`post_id`, `post_tags`.`tag_id`) IN (SELECT * FROM (SELECT DISTINCT t1.`post_id`, t1.`tag_id` FROM `post_tags` AS t1 INNER JOIN `tags` AS t2 ON t2.`id` = t1.`tag_id` WHERE t2.`name` = ?) AS t0)
            delete without a key
              all: error: a condition on other tables needs a key of `posts` to find its rows by
        "#]],
    );
}

#[test]
fn texts_for_many_rows() {
    let text = |rows| {
        let columns = [("email", &Type::Text), ("name", &Type::Text)];
        let lines: Vec<_> = dialect::ALL
            .iter()
            .map(|dialect| {
                let back: &[&str] = if dialect.returning.insert { &["id"] } else { &[] };
                let line = match insert_rows(dialect, "users", &columns, rows, back) {
                    Ok(statement) => {
                        let values = vec![vec![Value::Text("e".into()), Value::Null]; rows];
                        let statement = statement.bind(insert_params(dialect, values, columns.len()));
                        assert_eq!(statement.params.len(), statement.types.len());
                        statement.text.to_string()
                    }
                    Err(error) => format!("error: {error}"),
                };
                (dialect.name, line)
            })
            .collect();
        let mut out = format!("{rows} rows\n");
        spellings(&lines, &mut out);
        out
    };
    expect![[r#"
        1 rows
          sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?) RETURNING "id"
          postgres: INSERT INTO "users" ("email", "name") VALUES ($1, $2) RETURNING "id"
          mysql: INSERT INTO `users` (`email`, `name`) VALUES (?, ?)
          mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?) RETURNING `id`
        2 rows
          sqlite: INSERT INTO "users" ("email", "name") VALUES (?, ?), (?, ?) RETURNING "id"
          postgres: INSERT INTO "users" ("email", "name") SELECT c0, c1 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r (c0, c1, n) ORDER BY n RETURNING "id"
          mysql: INSERT INTO `users` (`email`, `name`) VALUES (?, ?), (?, ?)
          mariadb: INSERT INTO `users` (`email`, `name`) VALUES (?, ?), (?, ?) RETURNING `id`
        40000 rows
          sqlite: error: 40000 rows of 2 columns are 80000 parameters, and sqlite takes at most 32766: insert them in parts
          postgres: INSERT INTO "users" ("email", "name") SELECT c0, c1 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS r (c0, c1, n) ORDER BY n RETURNING "id"
          mysql: error: 40000 rows of 2 columns are 80000 parameters, and mysql takes at most 65535: insert them in parts
          mariadb: error: 40000 rows of 2 columns are 80000 parameters, and mariadb takes at most 65535: insert them in parts
    "#]].assert_eq(&[text(1), text(2), text(40_000)].concat());
}

#[test]
fn names_are_quoted_and_their_quotes_doubled() {
    let hostile = r#"a"; DROP TABLE users; -- `b"#;
    let select = Select {
        columns: vec![Expr::Column { path: Path::root(), name: hostile.into(), ty: Type::Text }],
        ..Select::from(hostile)
    };
    let insert = Insert {
        table: hostile.into(),
        columns: vec![hostile.into()],
        rows: vec![vec![text("x")]],
        conflict: None,
        returning: vec![],
    };
    let mut out = String::new();
    let cut = Select::from("users\0; DROP TABLE users").render(&dialect::SQLITE).unwrap_err();
    writeln!(out, "{cut}").unwrap();
    for dialect in [dialect::SQLITE, dialect::MYSQL] {
        writeln!(out, "{}\n{}", select.render(&dialect).unwrap().text, insert.render(&dialect).unwrap().text).unwrap();
    }
    expect![[r#"
        a name or a piece of raw SQL holds a NUL character, where engines stop reading
        SELECT t0."a""; DROP TABLE users; -- `b" FROM "a""; DROP TABLE users; -- `b" AS t0
        INSERT INTO "a""; DROP TABLE users; -- `b" ("a""; DROP TABLE users; -- `b") VALUES (?)
        SELECT t0.`a"; DROP TABLE users; -- ``b` FROM `a"; DROP TABLE users; -- ``b` AS t0
        INSERT INTO `a"; DROP TABLE users; -- ``b` (`a"; DROP TABLE users; -- ``b`) VALUES (?)
    "#]]
    .assert_eq(&out);
}
