//! Handlers that every application needs.

use http::{Method, Uri};

use super::Json;
use crate::{Database, Error, Health, Result};

/// Answers with the database's [`Health`]: `{dialect, version, latency_us, pool: {open, idle, waiting}}`.
///
/// One statement. Where the database does not answer it, the status is 503.
///
/// # Errors
/// Unavailable, whatever the reason; the log has it.
pub async fn health(db: Database) -> Result<Json<Health>> {
    db.health().await.map(Json).map_err(|error| Error::unavailable(error.to_string()).with_source(error))
}

/// The answer to a path that has no route, as a problem document: `Router::fallback(no_route)`.
pub async fn no_route(method: Method, uri: Uri) -> Error {
    Error::refuse(404, format!("there is no route for {method} {}", uri.path()))
}

/// The answer to a method that a route does not take: `Router::method_not_allowed_fallback(no_method)`.
pub async fn no_method(method: Method, uri: Uri) -> Error {
    Error::refuse(405, format!("{} does not take {method}", uri.path()))
}
