//! One session per request: who gets it, what it may do, what it holds on to.

use aludel::axum::CommitMode;
use aludel::prelude::*;
use axum::Router;
use axum::extract::{Extension, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};

use super::{File, Item, call, names};

#[tokio::test]
async fn the_method_settles_what_a_session_may_do() {
    let file = File::new().await;
    async fn add(Db(mut db): Db) -> Result<String> {
        let name = format!("{}", db.count(Item::all()).await?);
        db.add(new!(Item { name }));
        db.flush().await?;
        Ok(String::new())
    }
    async fn add_anyway(WriteDb(mut db): WriteDb) -> Result<String> {
        db.add(new!(Item { name: "anyway" }));
        Ok(String::new())
    }
    async fn only_read(ReadDb(mut db): ReadDb) -> Result<String> {
        db.add(new!(Item { name: "never" }));
        Ok(String::new())
    }
    let methods = get(add).post(add).put(add).patch(add).delete(add).options(add);
    let app = Router::new()
        .route("/", methods)
        .route("/anyway", get(add_anyway))
        .route("/read", post(only_read))
        .layer(DbLayer::new(file.db.clone()));
    for (method, status) in
        [("GET", 500), ("HEAD", 500), ("OPTIONS", 500), ("POST", 200), ("PUT", 200), ("PATCH", 200), ("DELETE", 200)]
    {
        let (found, body) = call(&app, method, "/", "").await;
        assert_eq!(found, status, "{method} {body}");
        assert!(method != "GET" || body.contains("or `WriteDb` in a handler of a GET request"), "{body}");
    }
    assert_eq!(call(&app, "GET", "/anyway", "").await.0, 200);
    assert_eq!(call(&app, "POST", "/read", "").await.0, 500);
    assert_eq!(names(&file.db).await, ["0", "1", "2", "3", "anyway"]);
}

#[derive(Clone, Copy)]
struct Found(Handle<Item>);

/// Finds the entity, hands its handle on, and puts the session back.
async fn find(ReadDb(mut db): ReadDb, mut request: Request, next: Next) -> Result<Response> {
    let item = db.get::<Item>(1).await?;
    request.extensions_mut().insert(Found(item));
    drop(db);
    Ok(next.run(request).await)
}

#[tokio::test]
async fn middleware_and_handler_share_a_session_that_turns_to_writing() {
    let file = File::new().await;
    file.db.transaction(async |db| Ok::<_, Error>(db.add(new!(Item { name: "old" })))).await.unwrap();
    async fn rename(Extension(Found(item)): Extension<Found>, WriteDb(mut db): WriteDb) -> String {
        let before = db.statements();
        db[item].name = "new".to_owned();
        format!("{before} {}", db[item].id)
    }
    async fn rename_reading(Extension(Found(item)): Extension<Found>, Db(mut db): Db) {
        db[item].name = "newer".to_owned();
    }
    let app = Router::new()
        .route("/", post(rename))
        .route("/reading", post(rename_reading))
        .layer(from_fn(find))
        .layer(DbLayer::new(file.db.clone()));
    assert_eq!(call(&app, "POST", "/", "").await, (200, "1 1".to_owned()), "one statement, that of the middleware");
    assert_eq!(call(&app, "POST", "/reading", "").await.0, 500, "the first extractor said it reads");
    assert_eq!(names(&file.db).await, ["new"]);
}

#[tokio::test]
async fn a_parked_session_that_wrote_nothing_holds_no_connection() {
    let file = File::new().await;
    let db = file.db.clone();
    async fn looks(Db(mut db): Db, request: Request, next: Next) -> Result<Response> {
        db.count(Item::all()).await?;
        drop(db);
        Ok(next.run(request).await)
    }
    let elsewhere = async move || -> Result<StatusCode> {
        db.transaction(async |db| {
            db.add(new!(Item { name: "elsewhere" }));
            Ok(StatusCode::OK)
        })
        .await
    };
    let app = Router::new().route("/", post(elsewhere)).layer(from_fn(looks)).layer(DbLayer::new(file.db.clone()));
    let (status, body) = call(&app, "POST", "/", "").await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(names(&file.db).await, ["elsewhere"]);
}

#[tokio::test]
async fn what_waits_to_be_written_stays_in_its_transaction() {
    let file = File::new().await;
    file.db.transaction(async |db| Ok::<_, Error>(db.add(new!(Item { name: "old" })))).await.unwrap();
    async fn rename(Db(mut db): Db) -> Result<()> {
        let item = db.get::<Item>(1).await?;
        db[item].name.push_str(" and new");
        Ok(())
    }
    let between = async |db: Database, request: Request, next: Next| -> Response {
        let response = next.run(request).await;
        let other = db.transaction(async |db| {
            let item = db.get::<Item>(1).await?;
            db[item].name.push_str(" and other");
            Ok::<_, Error>(())
        });
        assert!(other.await.unwrap_err().is_usage(), "the request's session still has the writer");
        response
    };
    let app = Router::new().route("/", post(rename)).layer(from_fn(between)).layer(DbLayer::new(file.db.clone()));
    assert_eq!(call(&app, "POST", "/", "").await.0, 200);
    assert_eq!(names(&file.db).await, ["old and new"]);
}

#[tokio::test]
async fn of_two_layers_of_one_database_the_inner_decides() {
    let file = File::new().await;
    async fn add(Db(mut db): Db) {
        db.add(new!(Item { name: "x" }));
    }
    let inner = DbLayer::new(file.db.clone()).mode(CommitMode::Manual);
    let app = Router::new().route("/inner", post(add)).layer(inner).route("/outer", post(add));
    let app = app.layer(DbLayer::new(file.db.clone()));
    assert_eq!(call(&app, "POST", "/inner", "").await.0, 200);
    assert!(names(&file.db).await.is_empty());
    assert_eq!(call(&app, "POST", "/outer", "").await.0, 200);
    assert_eq!(names(&file.db).await, ["x"]);
}

#[tokio::test]
async fn in_manual_mode_the_handler_commits() {
    let file = File::new().await;
    async fn add(Db(mut db): Db) -> Result<()> {
        db.add(new!(Item { name: "kept" }));
        db.commit().await?;
        db.add(new!(Item { name: "lost" }));
        db.flush().await
    }
    let layer = DbLayer::new(file.db.clone()).mode(CommitMode::Manual);
    let app = Router::new().route("/", post(add)).layer(layer);
    assert_eq!(call(&app, "POST", "/", "").await.0, 200);
    assert_eq!(names(&file.db).await, ["kept"]);
}

/// A second database.
pub struct Reporting;

impl aludel::model::Bind for Reporting {
    const NAME: &'static str = "reporting";
}

#[derive(Model, Clone)]
#[model(bind = Reporting)]
pub struct Fact {
    pub id: i64,
    pub text: String,
}

#[tokio::test]
async fn each_bind_has_its_own_session() {
    let file = File::new().await;
    let facts: Database<Reporting> = Database::open(":memory:").schema(aludel::schema![Fact]).await.unwrap();
    facts.create_tables().await.unwrap();
    async fn add(Db(mut db): Db, Db(mut facts): Db<Reporting>) {
        db.add(new!(Item { name: "x" }));
        facts.add(new!(Fact { text: "added" }));
    }
    let app =
        Router::new().route("/", post(add)).layer(DbLayer::new(facts.clone())).layer(DbLayer::new(file.db.clone()));
    assert_eq!(call(&app, "POST", "/", "").await.0, 200);
    assert_eq!(names(&file.db).await, ["x"]);
    assert_eq!(facts.read().count(Fact::all()).await.unwrap(), 1);
}
