//! One session per request for axum 0.8 (feature `axum-0_8`), and answers that say what is wrong.
//!
//! [`DbLayer`] gives each request a place for its session; [`Db`] takes the session from there as an argument of a
//! handler and its drop puts it back, so that middleware, extractors and the handler share one. Nothing is sent and no
//! connection is taken before the first statement. When the handler has answered, and before the status line leaves,
//! the session is committed or rolled back as the [`CommitMode`] says; what COMMIT fails with becomes the response. A
//! panic, a timeout and a client that goes away roll back.
//!
//! ```
//! # use aludel::prelude::*;
//! use axum::{Router, http::StatusCode, routing::get};
//! use aludel::axum::{Json, Path};
//!
//! #[derive(Model, Clone, Debug, serde::Serialize)]
//! pub struct Note { pub id: i64, pub text: String }
//!
//! #[derive(New, serde::Deserialize)]
//! #[new(Note)]
//! struct NewNote { text: String }
//!
//! async fn show(Db(mut db): Db, Path(id): Path<i64>) -> Result<Json<Note>> {
//!     Ok(Json(db.fetch_one(Note::at(id)).await?))              // 404 where there is none
//! }
//!
//! async fn create(Db(mut db): Db, Json(new): Json<NewNote>) -> Result<(StatusCode, Json<Note>)> {
//!     let note = db.add(new);
//!     db.flush().await?;
//!     Ok((StatusCode::CREATED, Json(db[note].clone())))
//! }                                                            // 201 commits, an error rolls back
//!
//! fn app(db: Database) -> Router {
//!     Router::new()
//!         .route("/notes/{id}", get(show))
//!         .route("/notes", axum::routing::post(create))
//!         .route("/health", get(aludel::axum::health))
//!         .fallback(aludel::axum::no_route)
//!         .method_not_allowed_fallback(aludel::axum::no_method)
//!         .layer(DbLayer::new(db))
//! }
//! ```
//!
//! **Reading and writing.** The first extractor settles what the session is: [`Db`] by the method (GET, HEAD and OPTIONS
//! read, everything else writes), [`ReadDb`] and [`WriteDb`] as they say. A session that reads runs beside the writer.
//!
//! **Several databases.** Each bind has a layer of its own, `DbLayer::<Reporting>::new(..)`, and its own session, taken by
//! `Db<Reporting>`.
//!
//! **Streams.** A body is sent after the commit, so it has no session of its request: take the [`Database`](crate::Database) as an argument
//! and give the body a stream or a session of its own.
//!
//! **Shutdown.** Let the server finish its requests, then close the database:
//!
//! ```no_run
//! # async fn run(app: axum::Router, db: aludel::Database, listener: tokio::net::TcpListener) -> std::io::Result<()> {
//! axum::serve(listener, app)
//!     .with_graceful_shutdown(async { tokio::signal::ctrl_c().await.unwrap_or_default() })
//!     .await?;
//! db.close().await;
//! # Ok(()) }
//! ```

mod commit;
mod desk;
mod extract;
mod layer;
mod listing;
mod problem;
mod route;
mod session;

pub use commit::CommitMode;
pub use extract::{Json, Path, Query};
pub use layer::{DbLayer, DbService};
pub use listing::{Listing, Page};
pub use route::{health, no_method, no_route};
pub use session::{Db, ReadDb, WriteDb};
