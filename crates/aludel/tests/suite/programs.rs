//! Twelve programs as applications write them, through a router.

mod application;

use aludel::prelude::*;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use application::{Account, Post, User, app, import, rename, spawn_decay, tables};

/// An application with two users, two posts of the first, tags, comments and accounts.
struct World {
    db: Database,
    app: Router,
    #[expect(dead_code, reason = "the folder goes with it")]
    folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db: Database = Database::open(folder.path().join("app.db")).schema(tables()).await.unwrap();
        db.create_tables().await.unwrap();
        let fill = async |db: &mut Session| {
            let ann = db.add(new!(User { email: "ann@x.io", name: "Ann" }));
            db.add(new!(User { email: "bob@x.io", name: "Bob" }));
            let posts = ["First", "Second"].map(|title| db.add(new!(Post { author_id: ann, title })));
            for (post, name) in [(0, "rust"), (0, "sql"), (1, "web")] {
                let tag = db.add(new!(application::Tag { name }));
                db.add(new!(application::PostTag { post_id: posts[post], tag_id: tag }));
            }
            db.add(new!(application::Comment { post_id: posts[0], user_id: ann, body: "Nice" }));
            db.add(new!(application::Comment { post_id: posts[0], body: "Unsigned" }));
            db.add_all([100, 5].map(|balance| new!(Account { balance })));
            db.flush().await
        };
        db.transaction(fill).await.unwrap();
        World { app: app(db.clone()), db, folder }
    }

    /// Sends a request; answers that are no JSON come as text.
    async fn call(&self, line: &str, body: Value) -> (u16, Value) {
        self.call_as("ann@x.io", line, body.to_string()).await
    }

    async fn call_as(&self, user: &str, line: &str, body: String) -> (u16, Value) {
        let (method, uri) = line.split_once(' ').unwrap();
        let request = Request::builder().method(method).uri(uri).header("content-type", "application/json");
        let request = request.header("x-user", user).body(Body::from(body)).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        (status, serde_json::from_slice(&body).unwrap_or_else(|_| text()))
    }

    async fn post(&self, id: i64) -> Post {
        self.db.read().fetch_one(Post::at(id)).await.unwrap()
    }

    async fn balances(&self) -> Vec<i64> {
        self.db.read().fetch(Account::all().order_by(Account::ID.asc()).select(Account::BALANCE)).await.unwrap()
    }
}

#[tokio::test]
async fn one_blog_pages() {
    let world = World::new().await;
    let sent = world.db.statements();
    let (status, page) = world.call("GET /posts", json!(null)).await;
    assert_eq!((status, world.db.statements() - sent), (200, 3), "posts with authors, tags, comments");
    assert_eq!(
        page[0],
        json!({ "id": 2, "title": "Second", "author": { "id": 1, "name": "Ann" },
        "tags": [{ "name": "web" }], "comments": [], "comment_count": 0 })
    );
    assert_eq!(page[1]["tags"], json!([{ "name": "rust" }, { "name": "sql" }]));
    assert_eq!(
        page[1]["comments"],
        json!([{ "body": "Nice", "user": { "id": 1, "name": "Ann" } },
        { "body": "Unsigned", "user": null }])
    );
    let (status, post) = world.call("GET /posts/1", json!(null)).await;
    assert_eq!((status, &post["comment_count"]), (200, &json!(2)));
    assert_eq!(world.call("GET /posts/9", json!(null)).await.0, 404);
    assert_eq!(world.call("POST /posts/1/like", json!(null)).await, (200, json!(1)));
    assert_eq!(world.post(1).await.likes, 1);
}

#[tokio::test]
async fn two_transfer() {
    let world = World::new().await;
    let transfer = async |from, to, amount| {
        world.call("POST /transfer", json!({ "from": from, "to": to, "amount": amount })).await.0
    };
    assert_eq!(transfer(1, 1, 10).await, 204);
    assert_eq!(world.balances().await, [100, 5]);
    assert_eq!(transfer(1, 2, 30).await, 204);
    assert_eq!(world.balances().await, [70, 35]);
    assert_eq!(transfer(1, 2, 71).await, 409);
    assert_eq!(transfer(1, 9, 1).await, 404);
    assert_eq!(world.balances().await, [70, 35]);
}

#[tokio::test]
async fn three_nested_create() {
    let world = World::new().await;
    let signup =
        |email: &str| json!({ "user": { "email": email, "name": "Eve" }, "first_post": "Hi", "tags": ["rust", "new"] });
    let (status, post) = world.call("POST /signup", signup("eve@x.io")).await;
    assert_eq!((status, &post["author_id"]), (201, &json!(3)), "{post}");
    let (_, page) = world.call(&format!("GET /posts/{}", post["id"]), json!(null)).await;
    assert_eq!(page["tags"], json!([{ "name": "rust" }, { "name": "new" }]));
    let (status, problem) = world.call("POST /signup", signup("eve@x.io")).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (409, &json!("email")));
}

#[tokio::test]
async fn four_bulk_import() {
    let world = World::new().await;
    let users =
        |n: usize| (0..n).map(|at| application::NewUser { email: format!("{at}@x.io"), name: "N".into() }).collect();
    assert_eq!(import(&world.db, users(500)).await.unwrap(), 500);
    assert!(import(&world.db, users(1)).await.unwrap_err().is_unique_violation());
    assert_eq!(world.db.read().count(User::all()).await.unwrap(), 502);
}

#[tokio::test]
async fn five_many_to_many_edit() {
    let world = World::new().await;
    let sent = world.db.statements();
    let (status, post) = world.call("PUT /posts/1/tags", json!([2, 3])).await;
    assert_eq!((status, &post["tags"]), (200, &json!([{ "name": "sql" }, { "name": "web" }])));
    // The post, two tags, the links, one DELETE and one INSERT, and the three of the page.
    assert_eq!(world.db.statements() - sent, 9);
}

#[tokio::test]
async fn six_patch() {
    let world = World::new().await;
    let patch = async |body| world.call("PATCH /posts/1", body).await;
    assert_eq!(patch(json!({ "subtitle": "sub" })).await.1["subtitle"], "sub");
    let (_, post) = patch(json!({ "title": "New" })).await;
    assert_eq!((&post["title"], &post["subtitle"]), (&json!("New"), &json!("sub")));
    assert_eq!(patch(json!({ "subtitle": null })).await.1["subtitle"], json!(null));
    let (status, problem) = patch(json!({ "title": null })).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("title")));
}

#[tokio::test]
async fn seven_optimistic_lock() {
    let world = World::new().await;
    let db = &world.db;
    let done = tokio::join!(rename(db, 1, "a"), rename(db, 1, "b"), rename(db, 1, "c"));
    let mut versions = [done.0.unwrap(), done.1.unwrap(), done.2.unwrap()];
    versions.sort_unstable();
    assert_eq!(versions, [2, 3, 4]);
}

#[tokio::test]
async fn eight_search_with_optional_filters() {
    let world = World::new().await;
    world.call("POST /posts/2/like", json!(null)).await;
    for (query, titles) in [
        ("", vec!["Second", "First"]),
        ("?q=Fir", vec!["First"]),
        ("?author=1&min_likes=0", vec!["Second"]),
        ("?author=2", vec![]),
        ("?q=%25", vec![]),
    ] {
        let (status, found) = world.call(&format!("GET /search{query}"), json!(null)).await;
        let posts = found[1].as_array().unwrap();
        assert_eq!((status, found[0].as_u64()), (200, Some(titles.len() as u64)));
        assert_eq!(posts.iter().map(|post| post["title"].as_str().unwrap()).collect::<Vec<_>>(), titles, "{query}");
    }
}

#[tokio::test]
async fn nine_middleware_and_handler_on_one_session() {
    let world = World::new().await;
    let (status, told) = world.call_as("bob@x.io", "POST /me", "Robert".to_owned()).await;
    assert_eq!((status, told.as_str()), (200, Some("Robert <bob@x.io>, 1 statement")));
    assert_eq!(world.db.read().fetch_one(User::at(2)).await.unwrap().name, "Robert");
    assert_eq!(world.call_as("nobody@x.io", "POST /me", "x".to_owned()).await.0, 401);
}

#[tokio::test]
async fn ten_background_job() {
    let world = World::new().await;
    let hot = world.db.transaction(async |db| {
        let post = db.get::<Post>(1).await?;
        db[post].likes = 300;
        Ok::<_, Error>(())
    });
    hot.await.unwrap();
    assert_eq!(spawn_decay(world.db.clone()).await.unwrap().unwrap(), 1);
    assert_eq!(world.post(1).await.likes, 150);
}

#[tokio::test(flavor = "multi_thread")]
async fn eleven_streaming_export() {
    let world = World::new().await;
    let (status, lines) = world.call("GET /export", json!(null)).await;
    assert_eq!((status, lines.as_str()), (200, Some("1 First\n2 Second\n")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_parallel_requests_lose_nothing() {
    let world = World::new().await;
    let tasks: Vec<_> = (0..20)
        .map(|at| {
            let (app, from, to) = (world.app.clone(), 1 + at % 2, 2 - at % 2);
            tokio::spawn(async move {
                let send = async |uri: &str, body: Value| {
                    let request = Request::post(uri).header("content-type", "application/json");
                    let request = request.body(Body::from(body.to_string())).unwrap();
                    app.clone().oneshot(request).await.unwrap().status().as_u16()
                };
                assert_eq!(send("/posts/1/like", json!(null)).await, 200);
                let moved = send("/transfer", json!({ "from": from, "to": to, "amount": 1 })).await;
                assert!([204, 409].contains(&moved), "{moved}");
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(world.post(1).await.likes, 20);
    assert_eq!(world.balances().await.iter().sum::<i64>(), 105);
}
