//! The models that tests of queries and loading share.

#![allow(unsafe_code, reason = "each model is an element of a linker slice")]

use crate::{Decimal, Fk, Model};

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Badge {
    pub(crate) id: i64,
    #[column(unique)]
    pub(crate) user_id: Fk<User>,
    pub(crate) label: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(many_to_many(tags: Tag through PostTag))]
pub(crate) struct Post {
    pub(crate) id: i64,
    pub(crate) author_id: Fk<User>,
    pub(crate) title: String,
    pub(crate) subtitle: Option<String>,
    #[column(default = 0)]
    pub(crate) likes: i32,
    pub(crate) pinned: bool,
    #[column(version)]
    pub(crate) version: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Tag {
    pub(crate) id: i64,
    #[column(unique)]
    pub(crate) name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct PostTag {
    #[column(key)]
    pub(crate) post_id: Fk<Post>,
    #[column(key)]
    pub(crate) tag_id: Fk<Tag>,
    #[column(default = 0)]
    pub(crate) weight: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Comment {
    pub(crate) id: i64,
    pub(crate) post_id: Fk<Post>,
    pub(crate) user_id: Option<Fk<User>>,
    pub(crate) body: String,
}

/// Columns that do not hold every value of their Rust type.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) id: i64,
    #[column(length = 3)]
    pub(crate) code: String,
    #[column(precision = (6, 2))]
    pub(crate) price: Decimal,
    pub(crate) stock: u64,
}

/// A child of a composite key.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "notes")]
pub(crate) struct Note {
    pub(crate) id: i64,
    pub(crate) link_id: Fk<PostTag>,
    pub(crate) text: String,
}

/// A tree.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Topic {
    pub(crate) id: i64,
    pub(crate) parent_id: Option<Fk<Topic>>,
    pub(crate) name: String,
}
