//! Models may have any name and any field: derives name the library's items by a path of their own.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use aludel::prelude::{Embed, Enum, Fk, Model, New, Patch};

/// A user's own.
pub mod own {
    use super::{Fk, Model};

    /// Named as the library's types are.
    #[derive(Model)]
    pub struct Value {
        /// The key.
        pub id: i64,
        /// A reference to a model of another module that points back.
        pub column_id: Option<Fk<super::Column>>,
    }

    /// A foreign key as the key makes a has-one.
    #[derive(Model)]
    pub struct Select {
        /// The key.
        #[column(key)]
        pub value_id: Fk<Value>,
        /// Named as a constant of the trait.
        pub meta: i32,
        /// Named as a variable of the derive.
        pub cells: i32,
        /// The same.
        pub index: i32,
    }
}

/// Points at a model of another module.
#[derive(Model)]
#[model(table = "from")]
pub struct Column {
    /// The key.
    pub id: i64,
    /// A keyword.
    pub r#type: String,
    /// A keyword as a relation.
    #[column(inverse = columns)]
    pub r#in_id: Fk<own::Value>,
}

/// Models named as the types that derives write.
mod shadow {
    use super::{Embed, Enum, Fk, Model};

    /// Named as variants of the prelude are.
    #[derive(Model)]
    pub struct Some {
        /// The key.
        pub id: i64,
    }

    /// And as a type of it.
    #[derive(Model)]
    pub struct Option {
        /// The key.
        pub id: i64,
        /// To the other.
        pub some_id: Fk<Some>,
    }

    #[derive(Enum, Debug)]
    pub(super) enum Result {
        Ok,
        Err,
    }

    #[derive(Embed, Debug)]
    pub(super) struct String {
        pub(super) text: std::string::String,
    }

    #[derive(Model, Debug)]
    pub(super) struct Vec {
        pub(super) id: i64,
        pub(super) result: Result,
        pub(super) string: String,
    }
}

#[derive(New)]
#[new(Column)]
struct NewColumn {
    r#type: String,
    in_id: i64,
}

#[derive(Patch)]
#[patch(Column)]
struct PatchColumn {
    r#type: Option<String>,
}

fn main() {
    let _ = (own::Value::COLUMNS, own::Value::SELECT, Column::IN, Column::TYPE, shadow::Some::OPTIONS, own::Value::COLUMN);
    let _ = <own::Select as Model>::META;
    let draft = aludel::new!(Column { r#type: "x", in_id: 3 });
    assert_eq!(draft.model().r#type, "x");
    let _ = |new: NewColumn, patch: PatchColumn| (new.r#type, new.in_id, patch.r#type);
    let _ = |shadow::Vec { id, result, string: shadow::String { text } }| (id, result, text);
}
