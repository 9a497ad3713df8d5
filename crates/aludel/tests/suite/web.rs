//! The session of a request: shared, committed by the status, rolled back on every other way out.

mod commit;
mod extract;
mod misuse;
mod session;

use std::time::Duration;

use aludel::prelude::*;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

#[derive(Model, Clone, Debug, PartialEq, serde::Serialize)]
pub struct Item {
    pub id: i64,
    #[column(unique)]
    pub name: String,
}

#[derive(Model, Clone, Debug)]
pub struct Part {
    pub id: i64,
    pub item_id: Fk<Item>,
}

/// A database file of its own with its tables, gone with this value.
struct File {
    db: Database,
    #[expect(dead_code, reason = "the folder goes with it")]
    folder: tempfile::TempDir,
}

impl File {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(folder.path().join("web.db")).schema(aludel::schema![Item, Part]);
        let db = db.acquire_timeout(Duration::from_millis(500)).await.unwrap();
        db.create_tables().await.unwrap();
        File { db, folder }
    }
}

/// A server on a port of its own.
async fn serve(app: Router) -> TcpStream {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    TcpStream::connect(address).await.unwrap()
}

async fn names(db: &Database) -> Vec<String> {
    db.read().fetch(Item::all().order_by(Item::ID.asc()).select(Item::NAME)).await.unwrap()
}

/// Sends a request through the router and gives status and body.
async fn call(app: &Router, method: &str, uri: &str, body: &str) -> (u16, String) {
    let request = Request::builder().method(method).uri(uri).header(header::CONTENT_TYPE, "application/json");
    let response = app.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}
