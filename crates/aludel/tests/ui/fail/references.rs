use aludel::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
}

#[derive(Model)]
struct Post {
    id: i64,
    author: Fk<User>,
    #[column(on_delete = set_null)]
    editor_id: Fk<User>,
    #[column(on_update = set_default, inverse = reviewed)]
    reviewer_id: Fk<User>,
    #[column(no_constraint, on_delete = cascade, inverse = none)]
    owner_id: Fk<User>,
    #[column(on_delete = cascade, cascade, inverse = none, no_constraint)]
    title: String,
}

#[derive(Model)]
struct Transfer {
    id: i64,
    from_id: Fk<User>,
    to_id: Option<Fk<User>>,
}

fn main() {}
