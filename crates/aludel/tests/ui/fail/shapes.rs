use aludel::prelude::*;

#[derive(Model)]
struct Tuple(i64, String);

#[derive(Model)]
struct Unit;

#[derive(Model)]
enum Choice {
    One,
}

#[derive(Model)]
struct Generic<'a, T> {
    id: i64,
    name: &'a T,
}

#[derive(Enum)]
struct NoEnum {
    id: i64,
}

#[derive(Enum)]
enum Empty {}

#[derive(Enum)]
enum Loaded {
    Plain,
    Full(i64),
    #[column(rename = "plain")]
    Again,
    #[column(named = "x")]
    Named,
}

#[derive(Embed)]
struct Hollow {}

#[derive(Embed)]
struct Pointing {
    owner_id: Option<Fk<User>>,
}

#[derive(Field)]
struct Two(i64, i64);

#[derive(Field)]
#[field(keys)]
struct Wrong(i64);

#[derive(Record)]
struct Nothing;

#[derive(Model)]
struct User {
    id: i64,
}

fn main() {}
