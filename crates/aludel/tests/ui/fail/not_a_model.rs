use aludel::prelude::*;

struct Plain;

#[derive(Model)]
struct Post {
    id: i64,
    plain_id: Fk<Plain>,
}

fn main() {}
