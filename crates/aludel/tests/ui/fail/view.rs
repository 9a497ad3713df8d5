use aludel::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    name: String,
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
    editor_id: Option<Fk<Tag>>,
    title: String,
}

#[derive(View)]
#[view(User)]
struct AuthorName {
    name: String,
}

#[derive(View)]
#[view(Post)]
struct OtherType {
    title: i64,
}

#[derive(View)]
#[view(Post)]
struct OtherModel {
    editor: Option<AuthorName>,
}

#[derive(View)]
#[view(Post)]
struct NotOptional {
    editor: Tag,
}

#[derive(View)]
#[view(Post)]
struct Misspelt {
    titel: String,
}

#[derive(View)]
struct OfNothing {
    title: String,
}

#[derive(View)]
#[view(Post)]
struct Sourceless {
    #[view()]
    title: String,
}

fn main() {}
