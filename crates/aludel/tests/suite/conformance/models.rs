//! The models of the cases that share some, and the schema of all of them.

use aludel::model::Meta;
use aludel::prelude::*;
use aludel::{Timestamp, schema};

use super::{keys, rules, types};

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Author {
    pub id: i64,
    #[column(unique, length = 40)]
    pub email: String,
    pub name: String,
    pub bio: Option<String>,
    #[column(default = 100, check = "points >= 0")]
    pub points: i32,
    #[column(default = now)]
    pub created_at: Timestamp,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(many_to_many(tags: Tag through PostTag))]
pub struct Post {
    pub id: i64,
    pub author_id: Fk<Author>,
    #[column(inverse = edited)]
    pub editor_id: Option<Fk<Author>>,
    pub title: String,
    pub rating: Option<i32>,
    #[column(default = 0)]
    pub likes: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Tag {
    pub id: i64,
    #[column(unique)]
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct PostTag {
    #[column(key)]
    pub post_id: Fk<Post>,
    #[column(key)]
    pub tag_id: Fk<Tag>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Comment {
    pub id: i64,
    #[column(on_delete = cascade)]
    pub post_id: Fk<Post>,
    pub author_id: Option<Fk<Author>>,
    pub body: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Node {
    pub id: i64,
    pub parent_id: Option<Fk<Node>>,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Doc {
    pub id: i64,
    pub title: String,
    pub note: Option<String>,
    #[column(version)]
    pub version: i32,
    #[column(updated)]
    pub updated_at: Timestamp,
}

/// Every model of the suite.
pub(crate) fn all() -> Vec<&'static Meta> {
    let mut models = schema![Author, Post, Tag, PostTag, Comment, Node, Doc];
    models.extend(types::models());
    models.extend(keys::models());
    models.extend(rules::models());
    models
}

pub(crate) fn author(name: &str) -> aludel::Draft<Author> {
    new!(Author { email: format!("{name}@x.io"), name })
}
