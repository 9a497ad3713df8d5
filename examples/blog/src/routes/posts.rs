//! Posts, their tags and their likes.

use std::collections::BTreeSet;

use aludel::axum::{Json, Listing, Page, Path, Query};
use aludel::prelude::*;
use aludel::set;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::models::{Post, PostTag, Tag};
use crate::shapes::{NewPost, PostLine, PostPage, filled};

const MOST_TAGS: usize = 10;

pub(super) async fn create(Db(mut db): Db, Json(new): Json<NewPost>) -> Result<(StatusCode, Json<PostPage>)> {
    filled("title", &new.title)?;
    let tags = tags(&mut db, &new.tags).await?;
    let post = db.add(new);
    db.add_all(tags.into_iter().map(|tag| new!(PostTag { post_id: post, tag_id: tag })));
    db.flush().await?;
    let id = db[post].id;
    Ok((StatusCode::CREATED, Json(db.fetch_one(PostPage::at(id)).await?)))
}

/// The tags of these names, made where they are new; repeats count once.
async fn tags(db: &mut Session, names: &[String]) -> Result<Vec<Handle<Tag>>> {
    let names: BTreeSet<&str> = names.iter().map(|name| name.trim()).collect();
    if names.len() > MOST_TAGS {
        return Err(Error::field("tags", "length", format!("must be at most {MOST_TAGS}")));
    }
    for name in &names {
        filled("tags", name)?;
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let made = db.insert(names.iter().map(|&name| new!(Tag { name }))).on_conflict(Tag::NAME).do_nothing().await;
    made.map_err(|error| if error.is_invalid() { Error::field("tags", "value", error.to_string()) } else { error })?;
    db.track(Tag::filter(Tag::NAME.in_(names)).order_by(Tag::NAME.asc())).await
}

/// Which posts; what is absent does not narrow.
#[derive(Deserialize, Serialize)]
pub(crate) struct Find {
    author: Option<i64>,
    tag: Option<String>,
    q: Option<String>,
}

impl Find {
    /// One page of them in the shape `V`.
    pub(crate) async fn page<V: View<Model = Post>>(&self, db: &mut Session, list: &Listing) -> Result<Page<V>> {
        let order = list.order(
            "-created_at",
            &[
                ("created_at", Post::CREATED_AT.asc()),
                ("likes", Post::LIKES.asc()),
                ("title", Post::TITLE.asc()),
                ("id", Post::ID.asc()),
            ],
        )?;
        let given = |text: &&String| !text.is_empty();
        let posts = V::all()
            .filter_some(self.author.map(|author| Post::AUTHOR_ID.eq(author)))
            .filter_some(self.tag.as_ref().filter(given).map(|tag| Post::TAGS.any(Tag::NAME.eq(tag))))
            .filter_some(self.q.as_ref().filter(given).map(|q| Post::TITLE.contains(q) | Post::BODY.contains(q)));
        list.fetch(db, posts.order_by(order).order_by(Post::ID.desc())).await
    }
}

pub(super) async fn list(Db(mut db): Db, Query(find): Query<Find>, list: Listing) -> Result<Json<Page<PostLine>>> {
    find.page(&mut db, &list).await.map(Json)
}

pub(super) async fn show(Db(mut db): Db, Path(id): Path<i64>) -> Result<Json<PostPage>> {
    db.fetch_one(PostPage::at(id)).await.map(Json)
}

/// The comments and the links to tags go with the post, by their foreign keys.
pub(super) async fn delete(Db(mut db): Db, Path(id): Path<i64>) -> Result<StatusCode> {
    match db.delete(Post::at(id)).await? {
        0 => Err(Error::refuse(404, format!("there is no post {id}"))),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

#[derive(Serialize)]
pub(super) struct Likes {
    likes: i64,
}

/// Counts in the database, so that requests at the same time all count.
pub(super) async fn like(Db(mut db): Db, Path(id): Path<i64>) -> Result<Json<Likes>> {
    let likes = db.update(Post::at(id), set(Post::LIKES, Post::LIKES + 1)).returning(Post::LIKES).await?;
    match likes[..] {
        [likes] => Ok(Json(Likes { likes })),
        _ => Err(Error::refuse(404, format!("there is no post {id}"))),
    }
}
