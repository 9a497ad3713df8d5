//! What a derive writes, held by a file: a reader of the file sees what every model costs.

use expect_test::expect_file;

/// The lines that a model of five fields may take.
const CEILING: usize = 100;

#[test]
fn a_model_of_five_fields_stays_small() {
    let input = syn::parse_quote! {
        pub struct Post {
            pub id: i64,
            pub author_id: Fk<User>,
            #[column(unique, length = 200)]
            pub title: String,
            #[column(default = 0)]
            pub likes: i32,
            #[column(default = now)]
            pub created_at: DateTime<Utc>,
        }
    };
    let written = crate::model::derive(&input).expect("the model has no mistakes");
    let text = prettyplease::unparse(&syn::parse2(written).expect("a derive writes Rust"));
    let lines = text.lines().count();
    assert!(lines < CEILING, "{lines} lines");
    expect_file!["../snapshots/model.rs"].assert_eq(&text);
}
