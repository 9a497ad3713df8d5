use aludel::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[column(version)]
    first: i32,
    #[column(version)]
    second: String,
    #[column(updated)]
    third: i64,
    #[column(updated)]
    fourth: i64,
    #[column(version, default = 3)]
    fifth: i64,
    #[column(generated = "lower(name)", default = "x")]
    name: String,
    #[column(stored)]
    kept: String,
    #[column(length = 3, precision = (3, 1))]
    number: i32,
    #[model(skip)]
    #[column(unique)]
    gone: String,
    #[column(default = expr(lower))]
    lower: String,
    #[column(default = now)]
    moment: i64,
}

#[derive(Model)]
#[model(many_to_many(parent: User through User, name: User through User))]
struct Named {
    id: i64,
    name: String,
    parent: String,
    parent_id: Option<Fk<User>>,
}

fn main() {}
