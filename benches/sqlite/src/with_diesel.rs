//! Diesel, as its guide writes it.

use std::hint::black_box;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use crate::data::{BATCH, Keys, PRAGMAS};

diesel::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    parents (id) {
        id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    children (id) {
        id -> BigInt,
        parent_id -> BigInt,
        name -> Text,
    }
}

diesel::table! {
    items (id) {
        id -> BigInt,
        name -> Text,
        amount -> BigInt,
    }
}

diesel::joinable!(children -> parents (parent_id));
diesel::allow_tables_to_appear_in_same_query!(parents, children);

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
#[expect(dead_code, reason = "it is made, not read")]
struct User {
    id: i64,
    name: String,
    email: Option<String>,
}

#[derive(Queryable, Selectable, Identifiable)]
struct Parent {
    id: i64,
    #[expect(dead_code, reason = "it is made, not read")]
    name: String,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = children, belongs_to(Parent))]
struct Child {
    id: i64,
    parent_id: i64,
    #[expect(dead_code, reason = "it is made, not read")]
    name: String,
}

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = items)]
struct Item {
    id: i64,
    #[expect(dead_code, reason = "it is made, not read")]
    name: String,
    amount: i64,
}

#[derive(Insertable)]
#[diesel(table_name = items)]
struct NewItem {
    name: String,
    amount: i64,
}

fn open(path: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(path).expect("the file opens");
    connection.batch_execute(PRAGMAS).expect("the settings are SQLite's own");
    connection
}

pub fn get_result(path: &str, times: u32) -> impl FnMut() + use<> {
    let mut connection = open(path);
    let mut keys = Keys::new();
    move || {
        for _ in 0..times {
            let query = users::table.find(keys.next()).select(User::as_select());
            black_box(query.get_result(&mut connection).expect("the row is there"));
        }
    }
}

pub fn first(path: &str, times: u32) -> impl FnMut() + use<> {
    let mut connection = open(path);
    let mut keys = Keys::new();
    move || {
        for _ in 0..times {
            let query = users::table.find(keys.next()).select(User::as_select());
            black_box(query.first(&mut connection).expect("the row is there"));
        }
    }
}

pub fn fetch_all(path: &str) -> impl FnMut() + use<> {
    let mut connection = open(path);
    move || {
        let all = users::table.select(User::as_select()).load(&mut connection).expect("it reads");
        assert_eq!(black_box(all).len(), 10_000);
    }
}

pub fn insert(path: &str) -> impl FnMut() + use<> {
    let mut connection = open(path);
    move || {
        let new: Vec<NewItem> =
            (0..BATCH).map(|number| NewItem { name: format!("Item {number}"), amount: number }).collect();
        let ids: Vec<i64> = diesel::insert_into(items::table)
            .values(&new)
            .returning(items::id)
            .get_results(&mut connection)
            .expect("it writes");
        assert_eq!(black_box(ids).len(), 1_000);
    }
}

pub fn update(path: &str) -> impl FnMut() + use<> {
    let mut connection = open(path);
    move || {
        connection
            .immediate_transaction(|connection| {
                let mut all = items::table.filter(items::id.le(1_000)).select(Item::as_select()).load(connection)?;
                for item in &mut all {
                    item.amount += 1;
                    diesel::update(&*item).set(items::amount.eq(item.amount)).execute(connection)?;
                }
                black_box(&all);
                diesel::QueryResult::Ok(())
            })
            .expect("it writes");
    }
}

pub fn view(path: &str) -> impl FnMut() + use<> {
    let mut connection = open(path);
    move || {
        let found = parents::table.order(parents::id).limit(100).select(Parent::as_select()).load(&mut connection);
        let found = found.expect("it reads");
        let children = Child::belonging_to(&found).select(Child::as_select()).load(&mut connection);
        let children = children.expect("it reads").grouped_by(&found);
        let pages: Vec<(Parent, Vec<Child>)> = found.into_iter().zip(children).collect();
        assert_eq!(black_box(pages).len(), 100);
    }
}
