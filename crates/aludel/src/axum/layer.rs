//! The layer: a place for the session before the handler, commit or rollback after it.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum_core::response::{IntoResponse, Response};
use http::{Method, Request};
use tower_layer::Layer;
use tower_service::Service;

use super::commit::{CommitMode, Rule};
use super::desk::{Desk, End};
use crate::driver::BoxFuture;
use crate::model::{Bind, Main};
use crate::session::guts::Guts;
use crate::{Database, Error, Result};

/// Gives each request a session of one database and ends it by the status of the answer.
///
/// Put it outside of all middleware that uses the session: `.layer(auth).layer(DbLayer::new(db))`. Around other
/// middleware (timeouts, compression, catching of panics) either order works. Where two layers of one database enclose a
/// route, there is one session, and the inner layer's mode decides.
///
/// ```
/// # use aludel::prelude::*;
/// # use aludel::axum::CommitMode;
/// # fn layer(db: Database) -> Result<DbLayer> {
/// DbLayer::new(db).mode(CommitMode::AutocommitIncludeRedirect).commit_on([409])?.roll_back_on([202])
/// # }
/// ```
pub struct DbLayer<B: Bind = Main> {
    db: Database<B>,
    rule: Arc<Rule>,
}

impl<B: Bind> DbLayer<B> {
    /// Sessions of `db`, committed by [`CommitMode::Autocommit`].
    pub fn new(db: Database<B>) -> Self {
        DbLayer { db, rule: Arc::default() }
    }

    /// Sets which answers commit.
    #[must_use]
    pub fn mode(mut self, mode: CommitMode) -> Self {
        Arc::make_mut(&mut self.rule).mode = mode;
        self
    }

    /// Commits at these statuses too.
    ///
    /// # Errors
    /// A configuration error for what is no status of 200 to 599, or is to roll back as well.
    pub fn commit_on(mut self, statuses: impl IntoIterator<Item = u16>) -> Result<Self> {
        Arc::make_mut(&mut self.rule).commit_on(statuses)?;
        Ok(self)
    }

    /// Rolls back at these statuses, whatever the mode says.
    ///
    /// # Errors
    /// A configuration error for what is no status of 200 to 599, or is to commit as well.
    pub fn roll_back_on(mut self, statuses: impl IntoIterator<Item = u16>) -> Result<Self> {
        Arc::make_mut(&mut self.rule).roll_back_on(statuses)?;
        Ok(self)
    }
}

impl<B: Bind> Clone for DbLayer<B> {
    fn clone(&self) -> Self {
        DbLayer { db: self.db.clone(), rule: self.rule.clone() }
    }
}

impl<B: Bind> std::fmt::Debug for DbLayer<B> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DbLayer").field("db", &self.db).field("rule", &self.rule).finish()
    }
}

impl<S, B: Bind> Layer<S> for DbLayer<B> {
    type Service = DbService<S, B>;

    fn layer(&self, inner: S) -> DbService<S, B> {
        DbService { inner, layer: self.clone() }
    }
}

/// What [`DbLayer`] makes of a service.
pub struct DbService<S, B: Bind = Main> {
    inner: S,
    layer: DbLayer<B>,
}

impl<S: Clone, B: Bind> Clone for DbService<S, B> {
    fn clone(&self) -> Self {
        DbService { inner: self.inner.clone(), layer: self.layer.clone() }
    }
}

impl<S, B: Bind, Body> Service<Request<Body>> for DbService<S, B>
where
    S: Service<Request<Body>>,
    S::Response: IntoResponse,
    S::Error: Into<Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let DbLayer { db, rule } = &self.layer;
        let outer = request.extensions().get::<Desk<B>>();
        if let Some(outer) = outer.filter(|outer| Arc::ptr_eq(&outer.db.shared, &db.shared)) {
            outer.set_rule(rule.clone());
            let answer = self.inner.call(request);
            return Box::pin(async move { answer.await.map(IntoResponse::into_response) });
        }
        let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        let desk = Desk::new(db.clone(), safe, rule.clone());
        request.extensions_mut().insert(desk.clone());
        let stay = Stay(desk);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = answer.await?.into_response();
            Ok(stay.end(response).await)
        })
    }
}

/// A request under way. Dropped before its end (a panic, a timeout, a client that went away) it rolls back.
struct Stay<B: Bind>(Desk<B>);

impl<B: Bind> Stay<B> {
    async fn end(self, response: Response) -> Response {
        let status = response.status();
        let commits = self.0.rule().commits(status);
        let failed = match self.0.close() {
            End::Untouched => None,
            End::Parked(mut guts) if commits => guts.commit().await.err(),
            End::Parked(guts) => {
                give_up(guts, self.0.rule().mode, status.as_u16()).await;
                None
            }
            End::Lent if commits || status.as_u16() < 400 => Some(Error::usage(
                "the session of this request did not come back before the answer, so nothing of it is committed: end its \
                 tasks or drop it first, and give a streaming body a session of the `Database`",
            )),
            End::Lent => None,
        };
        failed.map_or(response, IntoResponse::into_response)
    }
}

impl<B: Bind> Drop for Stay<B> {
    fn drop(&mut self) {
        drop(self.0.close());
    }
}

/// Rolls back, and tells of changes that nobody meant to lose.
async fn give_up(mut guts: Box<Guts>, mode: CommitMode, status: u16) {
    if mode == CommitMode::Manual && status < 400 && (guts.link.wrote() || guts.has_unwritten()) {
        tracing::warn!(
            target: "aludel",
            status,
            "changes of a request were rolled back, as its layer commits nothing: call `commit().await`, or take another \
             `CommitMode`"
        );
    }
    guts.abandon().await;
}
