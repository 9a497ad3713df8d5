use aludel::prelude::*;

#[derive(Model)]
#[model(tabel = "users", comment = 3, index, unique(email sideways), index(emial, pace), many_to_many(tags Tag))]
struct User {
    #[column(keey)]
    id: i64,
    #[column(uniqe, unique, unique, length = "long", on_delete = vanish)]
    email: String,
    #[column]
    name: String,
    #[column(primary)]
    other: String,
    #[column(length = 0, precision = (2, 9), default, inverse)]
    last: String,
    #[column(unique index)]
    space: String,
    #[model(table = "x")]
    place: String,
}

fn main() {}
