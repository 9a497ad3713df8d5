//! Aludel: a session for each work.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use aludel::prelude::*;
use aludel::{block, schema};
use serde::Serialize;

use crate::data::{BATCH, Keys};
use crate::in_task;

#[derive(Model, Clone, Debug, Serialize)]
#[model(table = "users")]
pub struct User {
    pub id: i64,
    #[column(length = 80)]
    pub name: String,
    pub email: Option<String>,
}

#[derive(Model, Clone, Debug)]
#[model(table = "parents")]
pub struct Parent {
    pub id: i64,
    pub name: String,
}

#[derive(Model, Clone, Debug)]
#[model(table = "children")]
pub struct Child {
    pub id: i64,
    pub parent_id: Fk<Parent>,
    pub name: String,
}

#[derive(Model, Clone, Debug)]
#[model(table = "items")]
pub struct Item {
    pub id: i64,
    pub name: String,
    pub amount: i64,
}

#[derive(View)]
#[view(Parent)]
#[expect(dead_code, reason = "it is made, not read")]
pub struct Family {
    id: i64,
    name: String,
    children: Vec<Line>,
}

#[derive(View)]
#[view(Child)]
#[expect(dead_code, reason = "it is made, not read")]
pub struct Line {
    id: i64,
    parent_id: Fk<Parent>,
    name: String,
}

/// The database, without echo and with the models of this file.
pub async fn open(path: &str) -> Database {
    Database::open(path).schema(schema![User, Parent, Child, Item]).await.expect("the file opens")
}

async fn one(database: &Database, key: i64) {
    let mut db = database.read();
    let user = db.get::<User>(key).await.expect("the row is there");
    black_box(&db[user]);
}

/// A session for each get, without a runtime.
pub fn get_blocking(path: &str, times: u32) -> impl FnMut() + use<> {
    let database = block(open(path));
    let mut keys = Keys::new();
    move || {
        for _ in 0..times {
            block(one(&database, keys.next()));
        }
    }
}

/// A session for each get, in a task.
pub fn get_async(path: &str, times: u32) -> impl FnMut() + use<> {
    let database = block(open(path));
    move || {
        let database = database.clone();
        in_task(async move {
            let mut keys = Keys::new();
            for _ in 0..times {
                one(&database, keys.next()).await;
            }
        });
    }
}

/// Gets of a row that the session holds already.
pub fn get_again(path: &str, times: u32) -> impl FnMut() + use<> {
    let database = block(open(path));
    move || {
        let mut db = database.read();
        block(async {
            let first = db.get::<User>(7).await.expect("the row is there");
            for _ in 0..times {
                assert!(black_box(db.get::<User>(7).await.expect("memory has it")) == first);
            }
        });
    }
}

/// Five rows by key in each session.
pub fn five(path: &str, times: u32) -> impl FnMut() + use<> {
    let database = block(open(path));
    move || {
        let database = database.clone();
        in_task(async move {
            let mut keys = Keys::new();
            for _ in 0..times {
                let mut db = database.read();
                for _ in 0..5 {
                    let user = db.get::<User>(keys.next()).await.expect("the row is there");
                    black_box(&db[user]);
                }
            }
        });
    }
}

pub fn fetch_all(path: &str) -> impl FnMut() + use<> {
    let database = block(open(path));
    move || {
        let database = database.clone();
        in_task(async move {
            let all = database.read().fetch(User::all()).await.expect("it reads");
            assert_eq!(black_box(all).len(), 10_000);
        });
    }
}

pub fn track_all(path: &str) -> impl FnMut() + use<> {
    let database = block(open(path));
    move || {
        let database = database.clone();
        in_task(async move {
            let mut db = database.read();
            let all = db.track(User::all()).await.expect("it reads");
            assert_eq!(black_box(all).len(), 10_000);
        });
    }
}

pub fn insert(path: &str) -> impl FnMut() + use<> {
    let database = block(open(path));
    move || {
        let database = database.clone();
        in_task(async move {
            let mut db = database.session();
            let mut items = Vec::new();
            for number in 0..BATCH {
                items.push(db.add(new!(Item { name: format!("Item {number}"), amount: number })));
            }
            db.commit().await.expect("it writes");
            let ids: Vec<i64> = items.into_iter().map(|item| db[item].id).collect();
            assert_eq!(black_box(ids).len(), 1_000);
        });
    }
}

/// Reading, changing and writing.
pub fn update(path: &str) -> impl FnMut() + use<> {
    let database = block(open(path));
    move || {
        let database = database.clone();
        in_task(async move {
            let mut db = database.session();
            let items = db.track(Item::filter(Item::ID.le(1_000)).order_by(Item::ID.asc())).await.expect("it reads");
            for item in items {
                db[item].amount += 1;
            }
            db.commit().await.expect("it writes");
        });
    }
}

/// Only the writing: what has to be done before, and the work.
pub fn flush(path: &str) -> (impl FnMut() + use<>, impl FnMut() + use<>) {
    let database = block(open(path));
    let changed: Rc<RefCell<Option<Session>>> = Rc::default();
    let ready = changed.clone();
    let prepare = move || {
        let mut db = database.session();
        block(async {
            for item in db.track(Item::filter(Item::ID.le(1_000))).await.expect("it reads") {
                db[item].amount += 1;
            }
        });
        *ready.borrow_mut() = Some(db);
    };
    let run = move || {
        let mut db = changed.borrow_mut().take().expect("it was prepared");
        block(db.commit()).expect("it writes");
    };
    (prepare, run)
}

pub fn view(path: &str) -> impl FnMut() + use<> {
    let database = block(open(path));
    move || {
        let database = database.clone();
        in_task(async move {
            let mut db = database.read();
            let pages = db.fetch(Family::all().order_by(Parent::ID.asc()).limit(100)).await.expect("it reads");
            assert_eq!(black_box(pages).len(), 100);
        });
    }
}
