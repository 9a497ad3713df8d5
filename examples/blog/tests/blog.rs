//! The blog as its users meet it: the program itself, over HTTP and on the command line.
#![forbid(unsafe_code)]

#[cfg(unix)]
#[path = "blog/commands.rs"]
mod commands;
#[path = "blog/server.rs"]
mod server;
#[cfg(unix)]
#[path = "blog/shell.rs"]
mod shell;

use std::thread;

use aludel::prelude::*;
use aludel::{Sql, sql};
use serde_json::{Value, json};
use server::{Answer, Server, command};

/// Requests that must be refused: the line, the body, the status, and the field that is named, if one is.
type Refusal<'a> = (&'a str, Value, u16, Option<&'a str>);

#[track_caller]
fn refused(server: &Server, cases: &[Refusal<'_>]) {
    for (line, body, status, field) in cases {
        let answer = server.send(line, body);
        answer.is_problem(*status);
        let fields = answer.body["errors"].as_array().unwrap();
        assert_eq!(fields.first().and_then(|error| error["field"].as_str()), *field, "{line} {}", answer.body);
    }
}

fn user(server: &Server, email: &str) -> i64 {
    let answer = server.send("POST /users", &json!({ "email": email, "name": "U" }));
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["id"].as_i64().unwrap()
}

fn points(server: &Server, id: i64) -> i64 {
    server.get(&format!("/users/{id}")).body["points"].as_i64().unwrap()
}

#[test]
fn users() {
    let server = Server::start();
    let new = json!({ "email": "new@x.io", "name": "New" });
    let answer = server.send("POST /users", &new);
    assert_eq!((answer.status, &answer.body["points"], &answer.body["bio"]), (201, &json!(100), &Value::Null));
    let id = &answer.body["id"];
    assert_eq!(server.get(&format!("/users/{id}")).body, answer.body);
    let patch = |body: Value| server.send(&format!("PATCH /users/{id}"), &body);
    assert_eq!(patch(json!({ "bio": "hello" })).body["bio"], "hello");
    let answer = patch(json!({ "name": "Newer" }));
    assert_eq!((&answer.body["name"], &answer.body["bio"]), (&json!("Newer"), &json!("hello")), "absent keeps");
    assert_eq!(patch(json!({ "bio": null })).body["bio"], Value::Null);
    let own = format!("PATCH /users/{id}");
    refused(
        &server,
        &[
            ("POST /users", new, 409, Some("email")),
            ("POST /users", json!({ "id": 77, "email": "a@x.io", "name": "A" }), 422, Some("id")),
            ("POST /users", json!({ "email": "a@x.io" }), 422, Some("name")),
            ("POST /users", json!({ "email": "a@x.io", "name": 7 }), 422, Some("name")),
            ("POST /users", json!({ "email": "a@x.io", "name": " " }), 422, Some("name")),
            ("POST /users", json!({ "email": "a@x.io", "name": "a\u{0}b" }), 422, Some("name")),
            ("POST /users", json!({ "email": "nowhere", "name": "A" }), 422, Some("email")),
            ("POST /users", json!({ "email": format!("{}@x", "a".repeat(300)), "name": "A" }), 422, Some("email")),
            (&own, json!({ "name": null }), 422, Some("name")),
            (&own, json!({ "points": 1_000_000 }), 422, Some("points")),
            ("PATCH /users/99", json!({ "bio": "x" }), 404, None),
            ("GET /users/99", Value::Null, 404, None),
            ("GET /users/abc", Value::Null, 404, None),
            ("GET /users/99999999999999999999", Value::Null, 404, None),
        ],
    );
    assert_eq!(server.get("/users/77").status, 404);
}

#[test]
fn posts_and_their_tags() {
    let server = Server::start();
    let author = user(&server, "author@x.io");
    let new = |tags: &[&str]| json!({ "author_id": author, "title": "Fresh", "body": "100% <b>", "tags": tags });
    let answer = server.send("POST /posts", &new(&["zebra", "ant", "zebra", " ant"]));
    assert_eq!(answer.status, 201, "{}", answer.body);
    let mut tags: Vec<&str> = answer.body["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
    tags.sort_unstable();
    assert_eq!(tags, ["ant", "zebra"]);
    assert_eq!(answer.body["author"], json!({ "id": author, "name": "U" }));
    let again = server.send("POST /posts", &new(&["ant", "web"]));
    assert_eq!((again.status, again.body["tags"].as_array().unwrap().len()), (201, 2), "tags that are known are found");
    let shown = server.get(&format!("/posts/{}", answer.body["id"]));
    assert_eq!((shown.status, shown.body), (200, answer.body.clone()));
    let many: Vec<String> = (0..11).map(|at| format!("tag{at}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(server.send("POST /posts", &new(&many[..10])).status, 201);
    refused(
        &server,
        &[
            ("POST /posts", new(&many), 422, Some("tags")),
            ("POST /posts", new(&["ok", " "]), 422, Some("tags")),
            ("POST /posts", new(&["ok", &"long".repeat(20)]), 422, Some("tags")),
            ("POST /posts", new(&["a\u{0}b"]), 422, Some("tags")),
            (
                "POST /posts",
                json!({ "author_id": 99, "title": "T", "body": "B", "tags": ["ghost"] }),
                422,
                Some("author_id"),
            ),
            ("POST /posts", json!({ "author_id": author, "body": "B" }), 422, Some("title")),
            ("GET /posts/99", Value::Null, 404, None),
            ("DELETE /posts/99", Value::Null, 404, None),
            ("POST /posts/99/like", Value::Null, 404, None),
        ],
    );
    assert_eq!(server.get("/posts?tag=ghost").body["total"], 0, "a refused post leaves nothing");
}

#[test]
fn lists() {
    let server = Server::start();
    let author = user(&server, "author@x.io");
    for (title, body) in [("Alpha", "under_score"), ("Beta", "50% off"), ("Gamma", "plain")] {
        let post = json!({ "author_id": author, "title": title, "body": body, "tags": ["mine"] });
        assert_eq!(server.send("POST /posts", &post).status, 201);
    }
    let all = server.get("/posts").body;
    assert_eq!((&all["page"], &all["per_page"], &all["items"][0]["title"]), (&json!(1), &json!(20), &json!("Gamma")));
    let keys: Vec<&String> = all["items"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["author", "created_at", "id", "likes", "tags", "title"]);
    for (query, titles, total) in [
        (format!("author={author}&sort=title"), "Alpha Beta Gamma", 3),
        (format!("author={author}&sort=-title&per_page=2"), "Gamma Beta", 3),
        (format!("author={author}&sort=-title&per_page=2&page=2"), "Alpha", 3),
        ("tag=mine&sort=created_at".to_owned(), "Alpha Beta Gamma", 3),
        ("q=%25".to_owned(), "Beta", 1),
        ("q=_".to_owned(), "Alpha", 1),
        ("q=amm".to_owned(), "Gamma", 1),
        ("q='%20or%201=1--".to_owned(), "", 0),
        ("author=99".to_owned(), "", 0),
        (format!("author={author}&tag=mine&q=a&page=9"), "", 3),
    ] {
        let found = server.get(&format!("/posts?{query}")).body;
        let items = found["items"].as_array().unwrap();
        let found_titles: Vec<&str> = items.iter().map(|item| item["title"].as_str().unwrap()).collect();
        assert_eq!((found_titles.join(" ").as_str(), &found["total"]), (titles, &json!(total)), "{query}");
    }
    let wrong = [
        ("GET /posts?sort=password", "sort"),
        ("GET /posts?sort=id;drop%20table%20posts", "sort"),
        ("GET /posts?page=0", "page"),
        ("GET /posts?page=-1", "page"),
        ("GET /posts?page=one", "page"),
        ("GET /posts?per_page=0", "per_page"),
        ("GET /posts?per_page=101", "per_page"),
        ("GET /posts?per_page=x", "per_page"),
        ("GET /posts?author=x", "author"),
    ];
    server.get("/posts?q=%00").is_problem(422);
    assert_eq!(server.get("/posts?page=18446744073709551615").body["items"], json!([]));
    refused(&server, &wrong.map(|(line, field)| (line, Value::Null, 422, Some(field))));
}

#[test]
fn comments_go_with_their_post() {
    let server = Server::start();
    let reader = user(&server, "reader@x.io");
    let comment = json!({ "user_id": reader, "body": "Yes" });
    let answer = server.send("POST /posts/1/comments", &comment);
    assert_eq!((answer.status, &answer.body["user"]), (201, &json!({ "id": reader, "name": "U" })));
    let post = server.get("/posts/1").body;
    assert_eq!((&post["comment_count"], post["comments"].as_array().unwrap().len()), (&json!(2), 2));
    assert_eq!(post["comments"][1], answer.body);
    refused(
        &server,
        &[
            ("POST /posts/1/comments", json!({ "user_id": 99, "body": "x" }), 422, Some("user_id")),
            ("POST /posts/1/comments", json!({ "user_id": reader, "body": "" }), 422, Some("body")),
            ("POST /posts/99/comments", comment, 404, None),
        ],
    );
    let gone = server.send("DELETE /posts/1", &Value::Null);
    assert_eq!((gone.status, gone.body), (204, Value::Null));
    refused(&server, &[("GET /posts/1", Value::Null, 404, None), ("DELETE /posts/1", Value::Null, 404, None)]);
}

#[test]
fn likes_at_the_same_time_all_count() {
    let server = Server::start();
    let mut counts: Vec<i64> = thread::scope(|scope| {
        let like = || server.send("POST /posts/1/like", &Value::Null);
        let threads: Vec<_> = (0..50).map(|_| scope.spawn(like)).collect();
        let answers = threads.into_iter().map(|thread| thread.join().unwrap());
        answers.map(|answer| answer.body["likes"].as_i64().unwrap()).collect()
    });
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<_>>());
    assert_eq!(server.get("/posts/1").body["likes"], 50);
}

#[test]
fn transfers_neither_make_nor_lose_points() {
    let server = Server::start();
    let transfer = |from: i64, to: i64, amount: i64| {
        server.send("POST /transfer", &json!({ "from": from, "to": to, "amount": amount })).status
    };
    let all = |server: &Server| [1, 2, 3].map(|id| points(server, id));
    assert_eq!((transfer(1, 2, 30), all(&server)), (204, [70, 130, 100]));
    assert_eq!((transfer(1, 1, 10), all(&server)), (204, [70, 130, 100]), "to oneself changes nothing");
    let ask = |from: i64, to: i64, amount: Value| json!({ "from": from, "to": to, "amount": amount });
    refused(
        &server,
        &[
            ("POST /transfer", ask(1, 2, json!(71)), 409, None),
            ("POST /transfer", ask(1, 2, json!(0)), 422, Some("amount")),
            ("POST /transfer", ask(1, 2, json!(-5)), 422, Some("amount")),
            ("POST /transfer", ask(1, 2, json!(1.5)), 422, Some("amount")),
            ("POST /transfer", ask(1, 99, json!(1)), 404, None),
            ("POST /transfer", ask(99, 1, json!(1)), 404, None),
        ],
    );
    assert_eq!(all(&server), [70, 130, 100], "what is refused changes nothing");
    let outcomes: Vec<u16> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..48).map(|at| scope.spawn(move || transfer(1 + at % 3, 1 + (at + 1 + at % 2) % 3, 7))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(outcomes.iter().all(|status| [204, 409].contains(status)), "{outcomes:?}");
    assert_eq!(all(&server).iter().sum::<i64>(), 300);
}

#[test]
fn whatever_is_wrong_is_a_problem_document() {
    let server = Server::start();
    let raw = |line: &str, kind: &str, body: &str| -> Answer { server.raw(line, kind, body.as_bytes()) };
    raw("POST /users", "application/json", "{\"email\":").is_problem(400);
    raw("POST /users", "application/json", "").is_problem(400);
    raw("PATCH /users/1", "application/json", "{\"name\": 7, ").is_problem(400);
    raw("POST /users", "application/json", "[1, 2]").is_problem(422);
    raw("POST /users", "text/plain", "{}").is_problem(415);
    raw("GET /nowhere", "text/plain", "").is_problem(404);
    raw("GET /posts/1/", "text/plain", "").is_problem(404);
    raw("GET /posts/%ff", "text/plain", "").is_problem(404);
    raw("PUT /posts", "text/plain", "").is_problem(405);
    raw("DELETE /", "text/plain", "").is_problem(405);
    raw("GET /?sort=x", "text/plain", "").is_problem(422);
    assert_eq!(server.get("/posts").body["total"], 4);
}

#[test]
fn the_page_and_health() {
    let server = Server::start();
    let author = user(&server, "author@x.io");
    let post = json!({ "author_id": author, "title": "<script>alert(1)</script>", "body": "\"&'", "tags": ["a&b"] });
    assert_eq!(server.send("POST /posts", &post).status, 201);
    let page = server.get("/");
    assert_eq!((page.status, page.kind.as_str()), (200, "text/html; charset=utf-8"));
    let html = page.body.as_str().unwrap();
    for text in ["One session per request", "Cleo", "sessions", "&lt;script&gt;alert", "/?tag=a%26b"] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("<script>"));
    let second = server.get("/?per_page=2&page=2&tag=design");
    let (html, found) = (second.body.as_str().unwrap(), server.get("/posts?tag=design").body);
    assert!(found["total"] == 2 && html.contains("2 posts tagged “design”") && html.contains("Nothing here yet."));
    let health = server.get("/health");
    assert_eq!((health.status, &health.body["dialect"]), (200, &json!("sqlite")));
    assert!(
        health.body["version"].is_string() && health.body["latency_us"].is_u64() && health.body["pool"].is_object()
    );
}

#[test]
fn it_stops_when_asked_and_finds_everything_again() {
    let mut server = Server::start();
    let id = user(&server, "kept@x.io");
    assert!(server.interrupt().success());
    let server = server.restart();
    assert_eq!(server.get(&format!("/users/{id}")).body["email"], "kept@x.io");
    assert_eq!(server.get("/posts").body["total"], 4, "content is made once");
}

#[test]
fn commands_of_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/folder/blog.db");
    let run = |words: &[&str]| command(&file, words);
    for (words, code, said) in [
        (&[][..], 0, "next       blog db upgrade"),
        (&["check"], 0, "models and 6 revisions say the same"),
        (&["ensure", "--schema"], 0, "applied 6 revisions"),
        (&["ensure", "--schema"], 0, "nothing to do"),
        (&["check", "--live"], 0, "and so does the database"),
        (&["revision"], 0, "nothing to do"),
        (&["seed"], 0, "seeded: content"),
        (&["seed"], 0, "seeded: content"),
        (&["health"], 0, "sqlite"),
        (&["nonsense"], 2, "there is no command `nonsense`"),
    ] {
        let (found, output) = run(words);
        assert!(found == Some(code) && output.contains(said), "{words:?}: {found:?} {output}");
    }
}

/// The blog's database as its owner finds it, by SQL.
fn rows(file: &std::path::Path, query: Sql) -> Vec<(String, String)> {
    aludel::block(async {
        let db: Database = Database::open(file).schema(aludel::schema![]).await.unwrap();
        let rows = db.read().fetch(query.rows()).await.unwrap();
        db.close().await;
        rows
    })
}

#[test]
fn revisions_keep_what_people_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("blog.db");
    let run = |words: &[&str]| {
        let (code, said) = command(&file, words);
        assert_eq!(code, Some(0), "{words:?}: {said}");
        said
    };
    run(&["upgrade", "81b7"]);
    aludel::block(async {
        let db: Database = Database::open(&*file).schema(aludel::schema![]).await.unwrap();
        let write = async |db: &mut Session| {
            db.execute(sql!("INSERT INTO users (email, full_name) VALUES ('a@x.io', '  Ann '), ('b@x.io', 'Bob')"))
                .await?;
            for number in 1..=450_i64 {
                let tags = format!("web, t{}, web", number % 3);
                db.execute(sql!(
                    "INSERT INTO posts (author_id, title, body, tags, likes) VALUES (1, 'P', 'B', {tags}, {number})"
                ))
                .await?;
            }
            db.execute(sql!("INSERT INTO comments (post_id, user_id, body) VALUES (450, 2, 'kept')")).await
        };
        db.transaction(write).await.unwrap();
        db.close().await;
    });
    run(&["upgrade"]);
    let users = || sql!("SELECT name, CAST(points AS TEXT) FROM users ORDER BY id");
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(rows(&file, users()), [pair("Ann", "100"), pair("Bob", "100")]);
    let tags = || {
        sql!(
            "SELECT name, CAST(count(*) AS TEXT) FROM tags JOIN post_tags ON tag_id = tags.id GROUP BY name ORDER BY name"
        )
    };
    let counted = [pair("t0", "150"), pair("t1", "150"), pair("t2", "150"), pair("web", "450")];
    assert_eq!(rows(&file, tags()), counted);
    assert!(run(&["check", "--live"]).contains("and so does the database"));
    run(&["downgrade", "81b7", "--yes"]);
    let posts = sql!("SELECT tags, CAST(likes AS TEXT) FROM posts WHERE id >= 449 ORDER BY id");
    assert_eq!(rows(&file, posts), [pair("t2, web", "449"), pair("t0, web", "450")]);
    run(&["upgrade"]);
    assert_eq!(rows(&file, tags()), counted);
    assert_eq!(rows(&file, sql!("SELECT body, CAST(post_id AS TEXT) FROM comments")), [pair("kept", "450")]);
}
