//! Conditions, orders, selections and changes that do not fit their model or column.

use aludel::prelude::*;
use aludel::{count, set};

#[derive(Model, Clone)]
struct User {
    id: i64,
    name: String,
}

#[derive(Model, Clone)]
struct Tag {
    id: i64,
    name: String,
}

#[derive(Model, Clone)]
struct Post {
    id: i64,
    author_id: Fk<User>,
    title: String,
    likes: i32,
}

fn conditions(tag: Handle<Tag>) {
    let _ = Post::filter(User::NAME.eq("Ann"));
    let _ = Post::filter(Post::AUTHOR_ID.eq(tag));
    let _ = Post::filter(Post::LIKES.gt("many"));
    let _ = Post::filter(Post::LIKES.in_(["many"]));
    let _ = Post::filter(Post::LIKES.eq(User::ID));
    let _ = Post::filter(Post::TITLE);
    let _ = Post::filter(Post::AUTHOR.is(Tag::NAME.eq("x")));
}

fn shapes() {
    let _ = Post::all().order_by(Post::LIKES);
    let _ = Post::all().order_by(User::ID.asc());
    let _ = Post::all().select((Post::TITLE, User::NAME));
    let _ = Post::all().select(Post::TITLE.sum());
    let _ = Post::all().select((Post::LIKES.length(), count()));
    let _ = Post::TITLE + 1;
}

fn changes() {
    let _ = set(Post::LIKES, "many");
    let _ = set(Post::LIKES, Post::TITLE);
}

fn main() {}
