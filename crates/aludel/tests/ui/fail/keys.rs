use aludel::prelude::*;

#[derive(Model)]
struct Keyless {
    name: String,
}

#[derive(Model)]
struct Nullable {
    #[column(key)]
    code: Option<String>,
}

#[derive(Model)]
struct Chosen {
    id: String,
}

#[derive(Model)]
struct Defaulted {
    #[column(default = 7)]
    id: i64,
}

#[derive(Model)]
struct Made {
    #[column(key, generated = "lower(name)")]
    slug: String,
    name: String,
}

#[derive(Model)]
struct Floating {
    #[column(key)]
    at: f64,
}

fn main() {}
