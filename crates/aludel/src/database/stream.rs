//! Streams: the rows of one statement on a read connection of their own.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Database;
use crate::driver::{self, BoxFuture};
use crate::model::Bind;
use crate::{Cells, Model, Query, Result};

/// The rows of a query as a [`Stream`] of results; made by [`Database::stream`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Rows<T>(State<T>);

enum State<T> {
    Opening(BoxFuture<'static, Result<driver::Rows<T>>>),
    Open(driver::Rows<T>),
    Ended,
}

impl<T> Unpin for Rows<T> {}

impl<B: Bind> Database<B> {
    /// The rows of a query, one by one, as they were committed when the first is read.
    ///
    /// They are read and decoded on a connection of their own and handed over in chunks; a slow reader holds the statement
    /// back, not the memory. Dropping the stream stops the statement. A view may have to-one fields only. Models in a
    /// stream are plain values.
    ///
    /// What goes wrong is an item: a usage error where the query needs further statements or names an entity without a
    /// key, whatever the driver reports.
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub title: String }
    /// # fn export(db: &Database) -> aludel::Rows<Post> {
    /// db.stream(Post::all().order_by(Post::ID.asc()))
    /// # }
    /// ```
    pub fn stream<M: Model<Bind = B>, T: Send + 'static>(&self, query: Query<M, T>) -> Rows<T> {
        let engine = self.shared.engine.clone();
        Rows(State::Opening(Box::pin(async move {
            let (statement, read, mut reading) = query.into_stream(engine.dialect())?;
            driver::rows(&engine, statement, move |row| {
                reading.rewind();
                read(&mut Cells::new(row), &mut reading)
            })
            .await
        })))
    }
}

impl<T> Stream for Rows<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            match &mut self.0 {
                State::Opening(opening) => match ready!(opening.as_mut().poll(context)) {
                    Ok(rows) => self.0 = State::Open(rows),
                    Err(error) => {
                        self.0 = State::Ended;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                State::Open(rows) => return Pin::new(rows).poll_next(context),
                State::Ended => return Poll::Ready(None),
            }
        }
    }
}
