//! The session of a request as an argument.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use super::desk::{Desk, Wish};
use crate::model::{Bind, Main};
use crate::{Database, Error, Result, Session};

/// The session of the request: it reads for GET, HEAD and OPTIONS, and writes for every other method.
///
/// A plain tuple struct: write `Db(mut db): Db` and use `db` as any [`Session`]. Dropping it puts it back for whoever is
/// next; [`DbLayer`](super::DbLayer) commits it when the handler has answered. Taking it costs no statement.
///
/// As a response to misuse (taken twice at a time, without its layer) axum answers 500 with what to write instead.
pub struct Db<B: Bind = Main>(pub Session<B>);

/// The session of the request, to read: as [`Db`], but a request that begins with it reads, whatever its method.
pub struct ReadDb<B: Bind = Main>(pub Session<B>);

/// The session of the request, to write: as [`Db`], but it writes, whatever the method.
///
/// A session that read so far begins a writing transaction and keeps its entities and their handles.
pub struct WriteDb<B: Bind = Main>(pub Session<B>);

impl<B: Bind, S: Sync> FromRequestParts<S> for Db<B> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        desk::<B>(parts)?.lend(Wish::ByMethod).map(Db)
    }
}

impl<B: Bind, S: Sync> FromRequestParts<S> for ReadDb<B> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        desk::<B>(parts)?.lend(Wish::Read).map(ReadDb)
    }
}

impl<B: Bind, S: Sync> FromRequestParts<S> for WriteDb<B> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        desk::<B>(parts)?.lend(Wish::Write).map(WriteDb)
    }
}

/// The database of the layer, for what outlives the request: streams, background work.
impl<B: Bind, S: Sync> FromRequestParts<S> for Database<B> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        desk::<B>(parts).map(|desk| desk.db.clone())
    }
}

fn desk<B: Bind>(parts: &Parts) -> Result<&Desk<B>> {
    parts.extensions.get().ok_or_else(|| {
        let bind = std::any::type_name::<B>().rsplit("::").next().unwrap_or_default();
        let (of, layer) = if B::NAME == Main::NAME {
            (String::new(), "DbLayer::new(db)".to_owned())
        } else {
            (format!(" for `{bind}`"), format!("DbLayer::<{bind}>::new(db)"))
        };
        Error::usage(format!(
            "this route has no session{of}: add `.layer({layer})` to the router, after its routes and outside of every \
             middleware that uses the session"
        ))
    })
}
