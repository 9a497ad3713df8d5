//! What ends a request's transaction, and how.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use aludel::axum::{CommitMode, Path};
use aludel::prelude::*;
use aludel::sql;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;

use super::{File, Item, Part, call, names, serve};

async fn add_and_answer(Db(mut db): Db, Path(status): Path<u16>) -> StatusCode {
    db.add(new!(Item { name: status.to_string() }));
    StatusCode::from_u16(status).unwrap()
}

#[tokio::test]
async fn every_status_in_every_mode() {
    let modes: [(CommitMode, &[u16], &[u16], std::ops::Range<u16>); 4] = [
        (CommitMode::Manual, &[], &[], 200..200),
        (CommitMode::Autocommit, &[], &[], 200..300),
        (CommitMode::AutocommitIncludeRedirect, &[], &[], 200..400),
        (CommitMode::Autocommit, &[404, 500], &[202], 200..300),
    ];
    for (mode, commit_on, roll_back_on, range) in modes {
        let db = Database::open(":memory:").schema(aludel::schema![Item]).await.unwrap();
        db.create_tables().await.unwrap();
        let layer = DbLayer::new(db.clone()).mode(mode);
        let layer = layer.commit_on(commit_on.iter().copied()).unwrap();
        let layer = layer.roll_back_on(roll_back_on.iter().copied()).unwrap();
        let app = Router::new().route("/{status}", post(add_and_answer)).layer(layer);
        for status in 200..600 {
            assert_eq!(call(&app, "POST", &format!("/{status}"), "").await.0, status);
        }
        let expected = (200..600)
            .filter(|status| commit_on.contains(status) || range.contains(status) && !roll_back_on.contains(status));
        let expected: Vec<String> = expected.map(|status: u16| status.to_string()).collect();
        assert_eq!(names(&db).await, expected, "{mode:?}");
    }
}

#[tokio::test]
async fn what_the_commit_fails_with_is_the_response() {
    let file = File::new().await;
    async fn twice(Db(mut db): Db) -> StatusCode {
        db.add_all(["x", "x"].map(|name| new!(Item { name })));
        StatusCode::CREATED
    }
    async fn swallowed(Db(mut db): Db) -> StatusCode {
        db.add_all(["y", "y"].map(|name| new!(Item { name })));
        assert!(db.flush().await.is_err());
        StatusCode::CREATED
    }
    async fn orphan(Db(mut db): Db) -> Result<StatusCode> {
        db.execute(sql!("pragma defer_foreign_keys = on")).await?;
        db.insert([new!(Part { item_id: 99 })]).await?;
        Ok(StatusCode::CREATED)
    }
    let app = Router::new().route("/twice", post(twice)).route("/swallowed", post(swallowed));
    let app = app.route("/orphan", post(orphan));
    let app = app.layer(DbLayer::new(file.db.clone()));
    let (status, body) = call(&app, "POST", "/twice", "").await;
    assert_eq!(status, 409, "{body}");
    assert!(body.contains(r#""field":"name""#), "{body}");
    let (status, body) = call(&app, "POST", "/swallowed", "").await;
    assert_eq!(status, 500, "a failed transaction cannot look like success: {body}");
    let (status, body) = call(&app, "POST", "/orphan", "").await;
    assert_eq!(status, 422, "COMMIT itself is refused: {body}");
    assert!(names(&file.db).await.is_empty());
    assert_eq!(file.db.read().count(Part::all()).await.unwrap(), 0);
}

#[tokio::test]
async fn the_commit_is_done_when_the_head_arrives() {
    let file = File::new().await;
    let rest = Arc::new(Notify::new());
    let wait = rest.clone();
    let slow_body = async move |Db(mut db): Db| -> Response {
        db.add(new!(Item { name: "x" }));
        let wait = wait.clone();
        let body = futures_util::stream::once(async move {
            wait.notified().await;
            Ok::<_, Infallible>(Bytes::from_static(b"late"))
        });
        Body::from_stream(body).into_response()
    };
    let app = Router::new().route("/", post(slow_body)).layer(DbLayer::new(file.db.clone()));
    let mut client = serve(app).await;
    client.write_all(b"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut head = [0; 12];
    client.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    assert_eq!(names(&file.db).await, ["x"]);
    rest.notify_one();
    let mut body = String::new();
    client.read_to_string(&mut body).await.unwrap();
    assert!(body.contains("late"), "{body}");
}

/// Writes `name`, says so, and never answers.
fn stuck(started: Arc<Notify>) -> axum::routing::MethodRouter {
    post(async move |Db(mut db): Db| -> StatusCode {
        db.add(new!(Item { name: "lost" }));
        db.flush().await.unwrap();
        started.notify_one();
        std::future::pending().await
    })
}

async fn nothing_is_left(db: &Database) {
    assert!(names(db).await.is_empty());
    db.transaction(async |db| {
        db.add(new!(Item { name: "free" }));
        db.flush().await
    })
    .await
    .expect("the writer is free");
}

#[tokio::test]
async fn a_panic_rolls_back() {
    let file = File::new().await;
    async fn panics(Db(mut db): Db) -> StatusCode {
        db.add(new!(Item { name: "lost" }));
        db.flush().await.unwrap();
        panic!("on purpose");
    }
    let app = Router::new().route("/", post(panics)).layer(DbLayer::new(file.db.clone()));
    let outcome = tokio::spawn(async move { call(&app, "POST", "/", "").await }).await;
    assert!(outcome.unwrap_err().is_panic());
    nothing_is_left(&file.db).await;
}

#[tokio::test]
async fn a_timeout_rolls_back_inside_and_outside_of_the_layer() {
    let file = File::new().await;
    let app = Router::new().route("/", stuck(Arc::default())).layer(DbLayer::new(file.db.clone()));
    let outcome = tokio::time::timeout(Duration::from_millis(50), call(&app, "POST", "/", "")).await;
    assert!(outcome.is_err());
    nothing_is_left(&file.db).await;

    let file = File::new().await;
    let limit = from_fn(async |request, next: Next| -> Response {
        match tokio::time::timeout(Duration::from_millis(50), next.run(request)).await {
            Ok(response) => response,
            Err(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
        }
    });
    let app = Router::new().route("/", stuck(Arc::default())).layer(limit).layer(DbLayer::new(file.db.clone()));
    assert_eq!(call(&app, "POST", "/", "").await.0, 504);
    nothing_is_left(&file.db).await;
}

#[tokio::test]
async fn a_client_that_goes_away_rolls_back() {
    let file = File::new().await;
    let started = Arc::new(Notify::new());
    let app = Router::new().route("/", stuck(started.clone())).layer(DbLayer::new(file.db.clone()));
    let mut client = serve(app).await;
    client.write_all(b"POST / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    started.notified().await;
    drop(client);
    // The writer waits for up to half a second for the server to notice.
    nothing_is_left(&file.db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_go_away_at_any_time_leave_pairs() {
    let file = File::new().await;
    async fn pair(Db(mut db): Db) -> Result<StatusCode> {
        let at = db.count(Item::all()).await?;
        db.add(new!(Item { name: format!("{at} one") }));
        db.flush().await?;
        tokio::time::sleep(Duration::from_micros(200)).await;
        db.add(new!(Item { name: format!("{at} two") }));
        Ok(StatusCode::CREATED)
    }
    let app = Router::new().route("/", post(pair)).layer(DbLayer::new(file.db.clone()));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    for client in 0..300_u64 {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        tokio::time::sleep(Duration::from_micros(client * 7 % 1500)).await;
    }
    let found = names(&file.db).await;
    assert!(found.len() % 2 == 0, "{found:?}");
    assert!((1..300).contains(&(found.len() / 2)), "some were done and some were not: {}", found.len());
    file.db.transaction(async |db| Ok::<_, Error>(db.add(new!(Item { name: "free" })))).await.unwrap();
    assert_eq!(file.db.stats().waiting, 0);
}
