//! Notes: one model, served as JSON. `GET /notes` lists them, `POST /notes {"text": ".."}` adds one.

use aludel::axum::Json;
use aludel::prelude::*;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One row of the table `notes`.
#[derive(Model, Clone, Debug, Serialize)]
pub struct Note {
    /// The key: a field named `id` is one, and the database assigns it.
    pub id: i64,
    /// What it says.
    #[column(length = 500)]
    pub text: String,
    /// When it was made, by the clock of the database.
    #[column(default = now)]
    pub created_at: DateTime<Utc>,
}

/// What a client sends to make one.
#[derive(New, Deserialize)]
#[new(Note)]
pub struct NewNote {
    text: String,
}

async fn list(Db(mut db): Db) -> Result<Json<Vec<Note>>> {
    Ok(Json(db.fetch(Note::all().order_by(Note::ID.desc()).limit(100)).await?))
}

async fn create(Db(mut db): Db, Json(new): Json<NewNote>) -> Result<(StatusCode, Json<Note>)> {
    let note = db.add(new);
    db.flush().await?;
    Ok((StatusCode::CREATED, Json(db[note].clone())))
}

async fn serve(db: Database) -> Result<(), Box<dyn std::error::Error>> {
    for revision in db.upgrade().await? {
        println!("applied {}: {}", revision.id, revision.message);
    }
    let app = Router::new().route("/notes", get(list).post(create)).layer(DbLayer::new(db));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://127.0.0.1:3000/notes");
    Ok(axum::serve(listener, app).await?)
}

/// `cargo run` serves; `cargo db <verb>` is the command line of the database.
#[tokio::main]
async fn main() -> std::process::ExitCode {
    aludel::project!().main(serve).await
}
