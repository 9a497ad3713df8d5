use aludel::Handle;
use aludel::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    email: String,
}

#[derive(Model)]
struct Tag {
    id: i64,
    name: String,
}

#[derive(Model)]
struct Post {
    id: i64,
    author_id: Fk<User>,
    title: String,
    subtitle: Option<String>,
    #[column(default = 0)]
    likes: i32,
}

fn main() {}

fn lacks() {
    let _ = new!(Post { title: "x" });
}

fn unknown() {
    let _ = new!(Post { author_id: 1, title: "x", titel: "x" });
}

fn other_model(tag: Handle<Tag>) {
    let _ = new!(Post { author_id: tag, title: "x" });
}

fn other_type() {
    let _ = new!(Post { author_id: 1, title: 3 });
}
