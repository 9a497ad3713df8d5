//! What goes over the wire: views are answers, inputs are what clients may send.

use aludel::prelude::*;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::models::{Comment, Post, Tag, User};

/// A post in a list.
#[derive(View, Serialize)]
#[view(Post)]
pub(crate) struct PostLine {
    id: i64,
    title: String,
    likes: i64,
    created_at: DateTime<Utc>,
    author: Author,
    tags: Vec<TagName>,
}

/// A post on the page.
#[derive(View, Serialize)]
#[view(Post)]
pub(crate) struct PostCard {
    id: i64,
    title: String,
    body: String,
    likes: i64,
    created_at: DateTime<Utc>,
    author: Author,
    tags: Vec<TagName>,
    #[view(Post::COMMENTS.count())]
    comment_count: i64,
}

/// A post with everything.
#[derive(View, Serialize)]
#[view(Post)]
pub(crate) struct PostPage {
    id: i64,
    author_id: Fk<User>,
    title: String,
    body: String,
    likes: i64,
    created_at: DateTime<Utc>,
    author: Author,
    tags: Vec<TagName>,
    comments: Vec<CommentLine>,
    #[view(Post::COMMENTS.count())]
    comment_count: i64,
}

#[derive(View, Serialize)]
#[view(User)]
pub(crate) struct Author {
    id: i64,
    name: String,
}

/// A tag by its name alone: `"rust"`.
#[derive(View, Serialize)]
#[view(Tag)]
#[serde(transparent)]
pub(crate) struct TagName {
    name: String,
}

#[derive(View, Serialize)]
#[view(Comment)]
pub(crate) struct CommentLine {
    id: i64,
    body: String,
    created_at: DateTime<Utc>,
    user: Author,
}

#[derive(New, Deserialize)]
#[new(User)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    pub(crate) email: String,
    pub(crate) name: String,
}

/// Absent keeps, null clears.
#[derive(Patch)]
#[patch(User)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatchUser {
    pub(crate) name: Option<String>,
    pub(crate) bio: Option<Option<String>>,
}

#[derive(New, Deserialize)]
#[new(Post)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPost {
    pub(crate) author_id: Fk<User>,
    pub(crate) title: String,
    pub(crate) body: String,
    #[new(skip)]
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewComment {
    pub(crate) user_id: i64,
    pub(crate) body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transfer {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) amount: i64,
}

/// Refuses text of nothing but spaces.
pub(crate) fn filled(field: &'static str, text: &str) -> Result<()> {
    match text.trim().is_empty() {
        true => Err(Error::field(field, "blank", "must not be blank")),
        false => Ok(()),
    }
}
