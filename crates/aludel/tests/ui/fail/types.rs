use aludel::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    born: std::time::Instant,
}

#[derive(Model)]
struct Wrong {
    id: i64,
    #[column(default = "many")]
    likes: i32,
}

fn main() {}
