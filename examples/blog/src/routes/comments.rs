//! Comments on posts.

use aludel::axum::{Json, Path};
use aludel::prelude::*;
use axum::http::StatusCode;

use crate::models::{Comment, Post};
use crate::shapes::{CommentLine, NewComment, filled};

pub(super) async fn create(
    Db(mut db): Db,
    Path(id): Path<i64>,
    Json(new): Json<NewComment>,
) -> Result<(StatusCode, Json<CommentLine>)> {
    filled("body", &new.body)?;
    let post = db.get::<Post>(id).await?;
    let comment = db.add(new!(Comment { post_id: post, user_id: new.user_id, body: new.body }));
    db.flush().await?;
    let id = db[comment].id;
    Ok((StatusCode::CREATED, Json(db.fetch_one(CommentLine::at(id)).await?)))
}
