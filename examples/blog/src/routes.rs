//! Which path leads where.

mod comments;
mod posts;
mod users;

use aludel::axum::{health, no_method, no_route};
use aludel::prelude::*;
use axum::Router;
use axum::routing::{get, post};

use crate::page;

pub(crate) use posts::Find;

/// The application on a database: each request has one session, which commits with an answer of 2xx.
pub(crate) fn app(db: Database) -> Router {
    Router::new()
        .route("/", get(page::front))
        .route("/users", post(users::create))
        .route("/users/{id}", get(users::show).patch(users::change))
        .route("/transfer", post(users::transfer))
        .route("/posts", get(posts::list).post(posts::create))
        .route("/posts/{id}", get(posts::show).delete(posts::delete))
        .route("/posts/{id}/like", post(posts::like))
        .route("/posts/{id}/comments", post(comments::create))
        .route("/health", get(health))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(DbLayer::new(db))
}
