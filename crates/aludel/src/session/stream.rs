//! Many rows in a session, page by page in key order, within the session's own transaction.

use std::collections::VecDeque;

use super::Session;
use crate::model::{Bind, Main};
use crate::{Field, Model, Query, Result, Value};

/// Rows in one page.
const PAGE: u64 = 500;

/// The rows of a query within a transaction; made by [`Session::stream`].
#[must_use = "nothing is read until `next` is called"]
pub struct Streaming<'a, M: Model, B: Bind = Main> {
    session: &'a mut Session<B>,
    query: Query<M>,
    page: VecDeque<M>,
    last: Option<Vec<Value>>,
    done: bool,
}

impl<B: Bind> Session<B> {
    /// The rows of a query in key order, read in pages of 500 within this session's transaction: what it has written is
    /// seen. For committed rows beside other work, take [`Database::stream`](crate::Database::stream).
    ///
    /// ```
    /// # use aludel::prelude::*;
    /// # #[derive(Model, Clone)] pub struct Post { pub id: i64, pub likes: i64 }
    /// # async fn total(db: &mut Session) -> Result<i64> {
    /// let mut posts = db.stream(Post::all());
    /// let mut likes = 0;
    /// while let Some(post) = posts.next().await? {
    ///     likes += post.likes;
    /// }
    /// # Ok(likes) }
    /// ```
    pub fn stream<M: Model<Bind = B>>(&mut self, query: Query<M>) -> Streaming<'_, M, B> {
        Streaming { session: self, query, page: VecDeque::new(), last: None, done: false }
    }
}

impl<M: Model<Bind = B>, B: Bind> Streaming<'_, M, B> {
    /// The next row, or `None` after the last; one statement for every 500 rows.
    ///
    /// # Errors
    /// As [`Session::fetch`]; a usage error where the query has an order, a limit or an offset of its own.
    pub async fn next(&mut self) -> Result<Option<M>> {
        if self.page.is_empty() && !self.done {
            let query = self.query.clone().after(self.last.as_deref(), PAGE)?;
            self.page = self.session.fetch(query).await?.into();
            self.done = self.page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
            self.last = self.page.back().and_then(M::__key).map(|key| {
                let mut values = Vec::new();
                key.write(&mut values);
                values
            });
        }
        Ok(self.page.pop_front())
    }
}
