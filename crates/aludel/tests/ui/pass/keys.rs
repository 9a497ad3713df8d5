//! The kinds of keys.
#![forbid(unsafe_code)]

use aludel::model::{Insert, Model as _};
use aludel::prelude::*;

#[derive(Model)]
struct Identity {
    id: i32,
}

#[derive(Field, Clone, Debug, PartialEq, Eq, Hash)]
#[field(key)]
struct UserId(i64);

#[derive(Model)]
struct Newtype {
    id: UserId,
    parent_id: Option<Fk<Newtype>>,
}

#[derive(Model)]
struct Natural {
    #[column(key, length = 2)]
    code: String,
}

#[derive(Model)]
struct Composite {
    #[column(key)]
    natural_id: Fk<Natural>,
    #[column(key)]
    line: i16,
    text: String,
}

#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[field(key)]
enum Kind {
    Like,
    Star,
}

#[derive(Model)]
struct Reaction {
    #[column(key)]
    identity_id: Fk<Identity>,
    #[column(key)]
    kind: Kind,
}

#[derive(Model)]
struct Nested {
    #[column(key)]
    composite_id: Fk<Composite>,
    #[column(key)]
    place: i64,
}

#[derive(Model)]
struct Region {
    id: i64,
    natural_id: Option<Fk<Natural>>,
}

fn main() {
    let natural = new!(Natural { code: "de" });
    let composite = new!(Composite { natural_id: "de", line: 1, text: "x" });
    let nested = new!(Nested { composite_id: (String::from("de"), 1), place: 3 });
    let reaction = new!(Reaction { identity_id: 3, kind: Kind::Star });
    assert_eq!(reaction.model().__key(), Some((3, Kind::Star)));
    assert!(reaction.model().kind != Kind::Like);
    let child = new!(Newtype { parent_id: UserId(3) });
    assert_eq!(natural.model().__key(), Some("de".to_owned()));
    assert_eq!(composite.model().__key(), Some(("de".to_owned(), 1)));
    for region in [new!(Region { natural_id: "de" }), new!(Region { natural_id: Some("de") })] {
        assert_eq!(region.model().natural_id, Some(String::from("de").into()));
    }
    assert_eq!(nested.model().__key(), Some((("de".to_owned(), 1), 3)));
    assert_eq!(child.model().parent_id, Some(UserId(3).into()));
    assert_eq!(new!(Identity {}).into_draft().given().iter().count(), 0);
    let columns: Vec<&str> = Nested::__layout().columns.iter().map(|column| column.name).collect();
    assert_eq!(columns, ["composite_natural_id", "composite_line", "place"]);
}
