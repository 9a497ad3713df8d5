//! Toasty, whose SQLite driver works in place.

use std::hint::black_box;

use toasty::{Db, Deferred};

use crate::data::{BATCH, Keys};
use crate::{in_task, runtime};

#[derive(Debug, toasty::Model)]
#[table = "users"]
pub struct User {
    #[key]
    #[auto]
    id: u64,
    name: String,
    email: Option<String>,
}

#[derive(Debug, toasty::Model)]
#[table = "parents"]
pub struct Parent {
    #[key]
    #[auto]
    id: u64,
    name: String,
    #[has_many]
    children: Deferred<Vec<Child>>,
}

#[derive(Debug, toasty::Model)]
#[table = "children"]
pub struct Child {
    #[key]
    #[auto]
    id: u64,
    #[index]
    parent_id: u64,
    #[belongs_to(key = parent_id, references = id)]
    parent: Deferred<Parent>,
    name: String,
}

#[derive(Debug, toasty::Model)]
#[table = "items"]
pub struct Item {
    #[key]
    #[auto]
    id: u64,
    name: String,
    amount: i64,
}

fn open(path: &str) -> Db {
    let url = format!("sqlite:{path}");
    runtime().block_on(async {
        let mut database = Db::builder()
            .models(toasty::models!(User, Parent, Child, Item))
            .max_pool_size(1)
            .connect(&url)
            .await
            .expect("the file opens");
        let setting = toasty::sql::statement("PRAGMA synchronous = NORMAL");
        setting.exec(&mut database).await.expect("the setting is SQLite's own");
        database
    })
}

pub fn get(path: &str, times: u32) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let mut database = database.clone();
        in_task(async move {
            let mut keys = Keys::new();
            for _ in 0..times {
                let key = keys.next().unsigned_abs();
                black_box(User::get_by_id(&mut database, &key).await.expect("the row is there"));
            }
        });
    }
}

pub fn fetch_all(path: &str) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let mut database = database.clone();
        in_task(async move {
            let all = User::all().exec(&mut database).await.expect("it reads");
            assert_eq!(black_box(all).len(), 10_000);
        });
    }
}

pub fn insert(path: &str) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let mut database = database.clone();
        in_task(async move {
            let mut many = Item::create_many();
            for number in 0..BATCH {
                many = many.item(Item::create().name(format!("Item {number}")).amount(number));
            }
            let items = many.exec(&mut database).await.expect("it writes");
            assert_eq!(black_box(items).len(), 1_000);
        });
    }
}

pub fn update(path: &str) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let mut database = database.clone();
        in_task(async move {
            let mut transaction = database.transaction().await.expect("it begins");
            let items = Item::filter(Item::fields().id().le(1_000)).exec(&mut transaction).await;
            for mut item in items.expect("it reads") {
                let amount = item.amount + 1;
                item.update().amount(amount).exec(&mut transaction).await.expect("it writes");
            }
            transaction.commit().await.expect("it commits");
        });
    }
}

pub fn view(path: &str) -> impl FnMut() + use<> {
    let database = open(path);
    move || {
        let mut database = database.clone();
        in_task(async move {
            let parents = Parent::all().include(Parent::fields().children()).exec(&mut database).await;
            let parents = parents.expect("it reads");
            assert_eq!(parents.iter().map(|parent| parent.children.get().len()).sum::<usize>(), 1_000);
            black_box(parents);
        });
    }
}
