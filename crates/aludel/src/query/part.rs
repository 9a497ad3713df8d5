//! Columns inside an embedded struct.

use super::column::node;
use super::expr::{Marks, Nodes};
use super::{Column, Expr};
use crate::model::Part;
use crate::sql::Path;
use crate::{Embed, Field, Model};

impl<M: Model, E: Embed> Column<M, E> {
    /// One field of the embedded struct: `User::HOME.then(Address::CITY)`.
    pub fn then<T: Field>(self, part: Column<E, T>) -> Expr<M, T> {
        inside(self, E::PART, part)
    }
}

impl<M: Model, E: Embed> Column<M, Option<E>> {
    /// One field of the embedded struct, NULL where there is none.
    pub fn then<T: Field>(self, part: Column<E, T>) -> Expr<M, Option<T>>
    where
        Option<T>: Field,
    {
        inside(self, E::PART, part).retype()
    }
}

fn inside<M: Model, O, E, T>(column: Column<M, O>, of: &Part, part: Column<E, T>) -> Expr<M, T> {
    let widths: Vec<usize> = match of {
        Part::Struct(parts) => parts.iter().map(|(_, part)| part.width()).collect(),
        // An embedded struct written by hand may be one column, whose only part is itself.
        _ => vec![of.width()],
    };
    let columns = column.columns().iter();
    let before = widths.iter().take(part.field).sum();
    let width = widths.get(part.field).copied().unwrap_or(0);
    let nodes = columns.skip(before).take(width).map(|column| node(column, Path::root())).collect();
    Expr::new(Nodes::from_vec(nodes), Marks::default())
}

#[cfg(test)]
#[allow(unsafe_code, reason = "within the crate that declares the linker slice the lint sees its elements")]
mod tests {
    use crate::prelude::*;
    use crate::{Column, Expr, sql};

    #[derive(Embed)]
    struct Address {
        street: (i64, i64),
        #[column(name = "town")]
        city: String,
    }

    #[derive(Model)]
    struct User {
        id: i64,
        home: Address,
        office: Option<Address>,
    }

    #[track_caller]
    fn check<T>(expr: Expr<User, T>, expected: &[&str]) {
        let names = expr.nodes.into_vec().into_iter().map(|node| match node {
            sql::Expr::Column { name, .. } => name,
            other => panic!("{other:?}"),
        });
        assert_eq!(names.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn parts_are_columns_of_the_model() {
        let _: Column<Address, String> = Address::CITY;
        check::<String>(User::HOME.then(Address::CITY), &["home_town"]);
        check::<Option<String>>(User::OFFICE.then(Address::CITY), &["office_town"]);
        check(User::HOME.then(Address::STREET), &["home_street_0", "home_street_1"]);
    }
}
