use aludel::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
}

#[derive(Model)]
struct Post {
    id: i64,
    author_id: Fk<User>,
    title: String,
    subtitle: Option<String>,
}

#[derive(New)]
#[new(Post)]
struct Lacking {
    author_id: Fk<User>,
}

#[derive(New)]
#[new(Post)]
struct Unknown {
    author_id: Fk<User>,
    title: String,
    titel: String,
}

#[derive(New)]
#[new(Post)]
struct OtherType {
    author_id: Fk<User>,
    title: i32,
}

#[derive(New)]
struct OfNothing {
    title: String,
}

#[derive(New)]
#[new = "Post"]
struct Spelled {
    title: String,
}

#[derive(Patch)]
#[patch(Post)]
struct Bare {
    title: String,
}

#[derive(Patch)]
#[patch(Post)]
struct Misfit {
    subtitle: Option<String>,
}

#[derive(Patch)]
#[patch(Post)]
#[serde(rename_all = "camel", untagged)]
struct Serde {
    #[serde(skip)]
    title: Option<String>,
}

fn main() {}
