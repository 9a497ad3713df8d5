//! The page at `/`: posts with their authors and tags.

use std::sync::LazyLock;

use aludel::axum::{Listing, Query};
use aludel::prelude::*;
use axum::response::Html;
use minijinja::value::Serde;
use minijinja::{Environment, context};

use crate::routes::Find;
use crate::shapes::PostCard;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.add_template("front.html", include_str!("../templates/front.html")).expect("the template is correct");
    templates.add_filter("day", |time: String| time.get(..10).map_or_else(|| time.clone(), str::to_owned));
    templates
});

/// Posts as on `GET /posts`, with the same parameters, to look at.
pub(crate) async fn front(Db(mut db): Db, Query(find): Query<Find>, list: Listing) -> Result<Html<String>> {
    let posts = find.page::<PostCard>(&mut db, &list).await?;
    let pages = u64::try_from(posts.total).unwrap_or(0).div_ceil(posts.per_page).max(1);
    let template = TEMPLATES.get_template("front.html").map_err(Error::other)?;
    template.render(context! { posts => Serde(posts), find => Serde(find), pages }).map(Html).map_err(Error::other)
}
