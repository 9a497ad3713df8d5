//! What cannot work is answered with what to write instead.

use aludel::axum::Json;
use aludel::prelude::*;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{any, get, post};

use super::session::Reporting;
use super::{File, Item, call, names};

#[track_caller]
fn check((status, body): (u16, String), cure: &str) {
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body["status"].as_u64()), (500, Some(500)));
    assert!(body["detail"].as_str().unwrap().contains(cure), "{body}");
}

#[tokio::test]
async fn without_the_layer() {
    let file = File::new().await;
    let app = Router::new().route("/", get(async |Db(_): Db| ()));
    check(call(&app, "GET", "/", "").await, "add `.layer(DbLayer::new(db))` to the router");
    let app = Router::new().route("/", get(async |ReadDb(_): ReadDb<Reporting>| ()));
    let app = app.layer(DbLayer::new(file.db.clone()));
    check(call(&app, "GET", "/", "").await, "no session for `Reporting`: add `.layer(DbLayer::<Reporting>::new(db))`");
}

#[tokio::test]
async fn taken_twice() {
    let file = File::new().await;
    async fn keeps(Db(db): Db, request: Request, next: Next) -> Response {
        let response = next.run(request).await;
        drop(db);
        response
    }
    let app = Router::new()
        .route("/kept", get(async |Db(_): Db| ()))
        .layer(from_fn(keeps))
        .route("/two", get(async |Db(_one): Db, Db(_two): Db| ()))
        .layer(DbLayer::new(file.db.clone()));
    check(call(&app, "GET", "/two", "").await, "Take it once and pass `&mut Session` on");
    check(call(&app, "GET", "/kept", "").await, "`drop(db)` before `next.run(request)`");
}

#[tokio::test]
async fn a_session_that_did_not_come_back_is_no_success() {
    let file = File::new().await;
    async fn leaks(Db(mut db): Db) -> Result<Json<Item>> {
        let item = db.add(new!(Item { name: "x" }));
        db.flush().await?;
        let answer = Json(db[item].clone());
        tokio::spawn(async move {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            drop(db);
        });
        Ok(answer)
    }
    let app = Router::new()
        .route("/", post(leaks))
        .route("/forgotten", any(async |Db(db): Db| std::mem::forget(db)))
        .layer(DbLayer::new(file.db.clone()));
    check(call(&app, "POST", "/", "").await, "did not come back before the answer");
    check(call(&app, "GET", "/forgotten", "").await, "give a streaming body a session of the `Database`");
    file.db.transaction(async |db| Ok::<_, Error>(db.add(new!(Item { name: "x" })))).await.unwrap();
    assert_eq!(names(&file.db).await, ["x"]);
}
