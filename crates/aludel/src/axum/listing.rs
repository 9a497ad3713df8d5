//! Lists from the query string: which page, in which order.

use axum_core::extract::FromRequestParts;
use http::request::Parts;
use serde::{Deserialize, Serialize};

use super::extract::query;
use crate::model::Bind;
use crate::query::{Order, Query};
use crate::{Error, Model, Result, Session};

/// `?page=2&per_page=50&sort=-created_at,title` as an argument: pages are counted from 1, of 20 rows unless said
/// otherwise and of [`MOST`](Listing::MOST) at most.
///
/// A page or size that is no such number is answered with 422. A client sorts by nothing but what the handler lists:
///
/// ```
/// # use aludel::prelude::*;
/// # use aludel::axum::{Json, Listing, Page};
/// # #[derive(Model, Clone, serde::Serialize)]
/// # pub struct Post { pub id: i64, pub title: String, pub likes: i32 }
/// async fn posts(Db(mut db): Db, list: Listing) -> Result<Json<Page<Post>>> {
///     let order = list.order("-likes", &[("title", Post::TITLE.asc()), ("likes", Post::LIKES.asc())])?;
///     list.fetch(&mut db, Post::all().order_by(order).order_by(Post::ID.desc())).await.map(Json)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The page, from 1.
    pub page: u64,
    /// How many rows a page has.
    pub per_page: u64,
    sort: Option<String>,
}

/// One page of rows, and how many there are in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many rows all pages have together.
    pub total: i64,
    /// The page, from 1.
    pub page: u64,
    /// How many rows a page has.
    pub per_page: u64,
}

#[derive(Deserialize)]
struct Given {
    page: Option<u64>,
    per_page: Option<u64>,
    sort: Option<String>,
}

impl Listing {
    /// The most rows of a page.
    pub const MOST: u64 = 100;

    fn new(Given { page, per_page, sort }: Given) -> Result<Self> {
        let (page, per_page) = (page.unwrap_or(1), per_page.unwrap_or(20));
        if page == 0 {
            return Err(Error::field("page", "range", "pages are counted from 1"));
        }
        if !(1..=Self::MOST).contains(&per_page) {
            return Err(Error::field("per_page", "range", format!("must be from 1 to {}", Self::MOST)));
        }
        Ok(Listing { page, per_page, sort })
    }

    /// The order that the client asks for, else `default`, in the same spelling: names, with `-` for the opposite order.
    ///
    /// # Errors
    /// 422 for a name that is not in `allowed`, listing those that are.
    pub fn order<M: Model>(&self, default: &str, allowed: &[(&str, Order<M>)]) -> Result<Vec<Order<M>>> {
        let sort = self.sort.as_deref().unwrap_or(default);
        let order = |name: &str| {
            let (name, opposite) = name.strip_prefix('-').map_or((name, false), |name| (name, true));
            let found = allowed.iter().find(|(known, _)| *known == name);
            found.map(|(_, order)| if opposite { order.clone().reversed() } else { order.clone() }).ok_or_else(|| {
                let names: Vec<&str> = allowed.iter().map(|(name, _)| *name).collect();
                Error::field(
                    "sort",
                    "unknown",
                    format!("must be of {}, each with `-` before it or not", names.join(", ")),
                )
            })
        };
        sort.split(',').map(order).collect()
    }

    /// The page of a query, and how many rows it has in all: two statements, and one for each to-many relation of a view.
    ///
    /// # Errors
    /// As [`Session::fetch`].
    pub async fn fetch<M: Model<Bind = B>, T: Send + 'static, B: Bind>(
        &self,
        db: &mut Session<B>,
        query: Query<M, T>,
    ) -> Result<Page<T>> {
        let total = db.count(query.clone()).await?;
        let items = db.fetch(query.page(self.page, self.per_page)).await?;
        Ok(Page { items, total, page: self.page, per_page: self.per_page })
    }
}

impl<S: Sync> FromRequestParts<S> for Listing {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Listing::new(query(parts)?)
    }
}
