//! The tables.

use aludel::prelude::*;
use chrono::{DateTime, Utc};
use serde::Serialize;

#[derive(Model, Clone, Debug, Serialize)]
#[model(check("points >= 0", name = "ck_users_points"))]
pub(crate) struct User {
    pub(crate) id: i64,
    #[column(unique, length = 255)]
    pub(crate) email: String,
    #[column(length = 100)]
    pub(crate) name: String,
    pub(crate) bio: Option<String>,
    #[column(default = 100)]
    pub(crate) points: i64,
    #[column(default = now)]
    pub(crate) created_at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug)]
#[model(many_to_many(tags: Tag through PostTag), index(created_at desc))]
pub(crate) struct Post {
    pub(crate) id: i64,
    pub(crate) author_id: Fk<User>,
    #[column(length = 200)]
    pub(crate) title: String,
    pub(crate) body: String,
    #[column(default = 0)]
    pub(crate) likes: i64,
    #[column(default = now)]
    pub(crate) created_at: DateTime<Utc>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) id: i64,
    #[column(unique, length = 50)]
    pub(crate) name: String,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct PostTag {
    #[column(key, on_delete = cascade)]
    pub(crate) post_id: Fk<Post>,
    #[column(key)]
    pub(crate) tag_id: Fk<Tag>,
}

#[derive(Model, Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) id: i64,
    #[column(on_delete = cascade)]
    pub(crate) post_id: Fk<Post>,
    pub(crate) user_id: Fk<User>,
    pub(crate) body: String,
    #[column(default = now)]
    pub(crate) created_at: DateTime<Utc>,
}
