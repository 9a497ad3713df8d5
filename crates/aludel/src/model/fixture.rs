//! Models made by hand for the tests of this module and of the dialects.

use std::sync::OnceLock;

use crate::model::{Action, CheckMeta, Default, FieldMeta, Generated, IndexKey, IndexMeta, Layout, Leaf, Meta, Part};
use crate::{Type, Value};

pub(crate) const BIGINT: &Part = &Part::Column(Leaf::new(&Type::BigInt));
pub(crate) const INTEGER: &Part = &Part::Column(Leaf::new(&Type::Integer));
pub(crate) const TEXT: &Part = &Part::Column(Leaf::new(&Type::Text));
pub(crate) const MONEY: &Part = &Part::Column(Leaf::new(&Type::Numeric(12, 2)));
pub(crate) const WHEN: &Part = &Part::Column(Leaf::new(&Type::TimestampTz));
pub(crate) const USER: &Part = &Part::Reference(|| &USER_META);
pub(crate) const POST: &Part = &Part::Reference(|| &POST_META);
const TAG: &Part = &Part::Reference(|| &TAG_META);
const STATE: &Part = &Part::Column(Leaf {
    variants: &["draft", "it's out"],
    ..Leaf::new(&Type::Enum(std::borrow::Cow::Borrowed("state")))
});
const PLACE: &Part = &Part::Struct(&[("street", TEXT), ("zip", &Part::Nullable(TEXT))]);

/// A model's layout, made once; each call site has a cell of its own.
macro_rules! layout {
    ($meta:expr) => {
        || {
            static LAYOUT: OnceLock<Layout> = OnceLock::new();
            LAYOUT.get_or_init(|| Layout::new(&$meta))
        }
    };
}

pub(crate) use layout;

pub(crate) const fn field(name: &'static str, part: &'static Part, line: u32) -> FieldMeta {
    FieldMeta::new(name, part, true, line)
}

pub(crate) const fn key(of: &'static str) -> IndexKey {
    IndexKey { of, expression: false, descending: false }
}

pub(crate) static USER_META: Meta = Meta::new(
    "User",
    "users",
    &[
        field("id", BIGINT, 4).key(true),
        field("email", TEXT, 5).unique(true).length(255),
        field("name", TEXT, 6).comment("as it's shown"),
        field("bio", &Part::Nullable(TEXT), 7),
        field("points", INTEGER, 8).default(Default::Literal(|| vec![Value::Int(100)])).check("points >= 0"),
        field("home", &Part::Nullable(PLACE), 9),
        field("created_at", WHEN, 10).default(Default::Now),
        field("favourite", &Part::Nullable(POST), 11).column("favourite_id").on_delete(Action::SetNull),
    ],
    layout!(USER_META),
)
.at("blog::users", "src/users.rs", 3)
.comment("who writes");

pub(crate) static POST_META: Meta = Meta::new(
    "Post",
    "posts",
    &[
        field("id", BIGINT, 4).key(true),
        field("author_id", USER, 5).on_delete(Action::Cascade),
        field("title", TEXT, 6).length(200),
        field("state", STATE, 7).default(Default::Literal(|| vec![Value::Text("it's out".into())])),
        field("price", MONEY, 8).precision((20, 4)),
        field("length", INTEGER, 9).generated(Generated { sql: "length(title)", stored: true }),
        field("shout", TEXT, 10).generated(Generated { sql: "upper(title)", stored: false }),
        field("slug", TEXT, 11).default(Default::Sql("lower('NEW')")),
        field("data", &Part::Column(Leaf::new(&Type::Bytes)), 12)
            .default(Default::Literal(|| vec![Value::Bytes(vec![0, 255])])),
        field("order", &Part::Column(Leaf::new(&Type::Bool)), 13).default(Default::Literal(|| vec![Value::Bool(true)])),
        field("created_at", WHEN, 14).default(Default::Now).index(true),
    ],
    layout!(POST_META),
)
.at("blog::posts", "src/posts.rs", 3)
.indexes(&[
    IndexMeta::new(&[key("author_id"), IndexKey { of: "created_at", expression: false, descending: true }], false),
    IndexMeta::new(&[IndexKey { of: "lower(title)", expression: true, descending: false }], false),
    IndexMeta::new(&[key("title")], true).filter("state = 'draft'"),
    IndexMeta::new(&[key("author_id"), key("title")], true).name("one_title_each"),
])
.checks(&[CheckMeta { name: None, sql: "price >= 0 OR title <> ''" }]);

pub(crate) static TAG_META: Meta =
    Meta::new("Tag", "tags", &[field("name", TEXT, 4).key(true).length(50)], layout!(TAG_META)).at(
        "blog::tags",
        "src/tags.rs",
        3,
    );

pub(crate) static POST_TAG_META: Meta = Meta::new(
    "PostTag",
    "post_tags",
    &[field("post_id", POST, 9).key(true).on_delete(Action::Cascade), field("tag_name", TAG, 10).key(true)],
    layout!(POST_TAG_META),
)
.at("blog::tags", "src/tags.rs", 8);

/// A schema that uses every feature.
pub(crate) const BLOG: [&Meta; 4] = [&USER_META, &POST_META, &TAG_META, &POST_TAG_META];
