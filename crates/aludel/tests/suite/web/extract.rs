//! What clients send, and what they are told.

use aludel::axum::{Json, Listing, Page, Path, Query, health, no_method, no_route};
use aludel::prelude::*;
use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, header};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt;

use super::{File, Item, call};

#[derive(Deserialize)]
struct Find {
    least: Option<i64>,
}

async fn list(Db(mut db): Db, Query(find): Query<Find>, list: Listing) -> Result<Json<Page<Item>>> {
    let order = list.order("id", &[("id", Item::ID.asc()), ("name", Item::NAME.asc())])?;
    let items = Item::all().filter_some(find.least.map(|least| Item::ID.ge(least)));
    list.fetch(&mut db, items.order_by(order)).await.map(Json)
}

async fn app(db: &Database) -> Router {
    Router::new()
        .route("/items", get(list).post(async |Json(name): Json<(String, u8)>| name.0))
        .route("/items/{id}", get(async |Path(id): Path<i64>| id.to_string()))
        .route("/health", get(health))
        .route("/fails", post(async || Err::<(), _>(Error::other("the password is canary"))))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(DefaultBodyLimit::max(100))
        .layer(DbLayer::new(db.clone()))
}

#[tokio::test]
async fn every_refusal_is_a_problem_document() {
    let file = File::new().await;
    let app = app(&file.db).await;
    let long = format!("[\"{}\", 1]", "x".repeat(100));
    let cases = [
        ("GET", "/nowhere", "", 404, "there is no route for GET /nowhere"),
        ("DELETE", "/items", "", 405, "/items does not take DELETE"),
        ("GET", "/items/seven", "", 404, "there is nothing at /items/seven"),
        ("GET", "/items/99999999999999999999", "", 404, "there is nothing at /items/99999999999999999999"),
        ("POST", "/items", "{", 400, "the body is no JSON: EOF while parsing an object at line 1 column 1"),
        ("POST", "/items", "[7, 1]", 422, "[0]: invalid type: integer `7`, expected a string"),
        ("POST", "/items", &long, 413, "Failed to buffer the request body: length limit exceeded"),
        ("GET", "/items?least=x", "", 422, "least: invalid digit found in string"),
        ("GET", "/items?page=0", "", 422, "page: pages are counted from 1"),
        ("GET", "/items?page=-1", "", 422, "page: invalid digit found in string"),
        ("GET", "/items?per_page=101", "", 422, "per_page: must be from 1 to 100"),
        ("GET", "/items?per_page=0", "", 422, "per_page: must be from 1 to 100"),
        ("GET", "/items?sort=-secret", "", 422, "sort: must be of id, name, each with `-` before it or not"),
        ("POST", "/fails", "", 500, "Internal Server Error; the server's log says why"),
    ];
    for (method, uri, body, status, detail) in cases {
        let (found, body) = call(&app, method, uri, body).await;
        let body: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{method} {uri}: {body}"));
        assert_eq!(
            (found, body["detail"].as_str(), body["status"].as_u64()),
            (status, Some(detail), Some(status.into()))
        );
    }
    let text = Request::post("/items").header(header::CONTENT_TYPE, "text/plain").body(Body::from("[]")).unwrap();
    let response = app.clone().oneshot(text).await.unwrap();
    assert_eq!(response.status(), 415);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let response = app.oneshot(Request::delete("/items").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()[header::ALLOW], "GET,HEAD,POST");
}

#[tokio::test]
async fn lists_come_in_pages_and_in_the_order_asked_for() {
    let file = File::new().await;
    let add = async |db: &mut Session| {
        db.add_all(["b", "a", "c"].map(|name| new!(Item { name })));
        Ok::<_, Error>(())
    };
    file.db.transaction(add).await.unwrap();
    let app = app(&file.db).await;
    for (query, names, total) in [
        ("", "bac", 3),
        ("?sort=name", "abc", 3),
        ("?sort=-name&per_page=2", "cb", 3),
        ("?sort=-name&per_page=2&page=2", "a", 3),
        ("?least=2&page=9", "", 2),
    ] {
        let (status, body) = call(&app, "GET", &format!("/items{query}"), "").await;
        let body: Value = serde_json::from_str(&body).unwrap();
        let found: String =
            body["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!((status, found.as_str(), body["total"].as_i64()), (200, names, Some(total)), "{query}");
    }
}

#[tokio::test]
async fn health_says_what_it_found() {
    let file = File::new().await;
    let app = app(&file.db).await;
    let (status, body) = call(&app, "GET", "/health", "").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body["dialect"].as_str()), (200, Some("sqlite")));
    assert!(body["version"].as_str().unwrap().starts_with('3') && body["latency_us"].is_u64());
    assert!(body["pool"]["open"].is_u64());
    file.db.close().await;
    assert_eq!(call(&app, "GET", "/health", "").await.0, 503);
    assert_eq!(call(&app, "GET", "/items", "").await.0, 503);
}
