//! rusqlite with cached statements: what everybody is measured against.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hint::black_box;
use std::rc::Rc;

use rusqlite::{Connection, Row, Statement};

use crate::data::{BATCH, Keys, PARENTS, open};

pub struct User {
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
}

#[expect(dead_code, reason = "it is made, not read")]
pub struct Parent {
    pub id: i64,
    pub name: String,
    pub children: Vec<Child>,
}

#[expect(dead_code, reason = "it is made, not read")]
pub struct Child {
    pub id: i64,
    pub parent_id: i64,
    pub name: String,
}

const ONE: &str = "SELECT id, name, email FROM users WHERE id = ?";

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, email: row.get(2)? })
}

pub fn get(connection: &Connection, id: i64) -> User {
    let mut statement = connection.prepare_cached(ONE).expect("the table is there");
    statement.query_row((id,), user).expect("the row is there")
}

/// BEGIN, one cached select, COMMIT.
pub fn get_in_transaction(path: &str, times: u32) -> impl FnMut() + use<> {
    let connection = open(path);
    let mut keys = Keys::new();
    move || {
        for _ in 0..times {
            run(&connection, "BEGIN");
            black_box(get(&connection, keys.next()));
            run(&connection, "COMMIT");
        }
    }
}

fn run(connection: &Connection, text: &str) {
    let mut statement = connection.prepare_cached(text).expect("it is a statement");
    statement.execute(()).expect("nothing is in its way");
}

/// One cached select by itself.
pub fn get_alone(path: &str, times: u32) -> impl FnMut() + use<> {
    let connection = open(path);
    let mut keys = Keys::new();
    move || {
        for _ in 0..times {
            black_box(get(&connection, keys.next()));
        }
    }
}

/// `five` selects, each its own transaction, by a statement that is kept: within a few percent of the C API.
pub fn five_alone(path: &str, times: u32) -> impl FnMut() + use<> {
    let connection: &'static Connection = Box::leak(Box::new(open(path)));
    let mut statement: Statement<'static> = connection.prepare(ONE).expect("the table is there");
    let mut keys = Keys::new();
    move || {
        for _ in 0..times * 5 {
            black_box(statement.query_row((keys.next(),), user).expect("the row is there"));
        }
    }
}

/// All users as structs.
pub fn fetch_all(path: &str) -> impl FnMut() + use<> {
    let connection = open(path);
    move || {
        let mut statement = connection.prepare_cached("SELECT id, name, email FROM users").expect("the table is there");
        let users: Vec<User> =
            statement.query_map((), user).expect("it reads").map(|user| user.expect("it fits")).collect();
        assert_eq!(black_box(users).len(), 10_000);
    }
}

/// New rows by a cached `INSERT .. RETURNING`, one at a time, in one transaction.
pub fn insert(path: &str) -> impl FnMut() + use<> {
    let connection = open(path);
    move || {
        run(&connection, "BEGIN IMMEDIATE");
        let mut ids = Vec::new();
        for number in 0..BATCH {
            let mut statement = connection
                .prepare_cached("INSERT INTO items (name, amount) VALUES (?, ?) RETURNING id")
                .expect("the table is there");
            let mut rows = statement.query((format!("Item {number}"), number)).expect("it writes");
            ids.push(rows.next().expect("it writes").expect("it gives the id").get::<_, i64>(0).expect("an integer"));
            assert!(rows.next().expect("it ends").is_none());
        }
        run(&connection, "COMMIT");
        assert_eq!(black_box(ids).len(), 1_000);
    }
}

/// Every item read and then changed by the statement that a session would send, old value compared.
pub fn update(path: &str) -> impl FnMut() + use<> {
    let connection = open(path);
    move || {
        run(&connection, "BEGIN IMMEDIATE");
        let items: Vec<(i64, String, i64)> = {
            let mut select = connection
                .prepare_cached("SELECT id, name, amount FROM items WHERE id <= 1000 ORDER BY id")
                .expect("the table is there");
            let rows = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("it reads");
            rows.map(|row| row.expect("it fits")).collect()
        };
        for (id, _, amount) in &items {
            let mut statement = connection
                .prepare_cached("UPDATE items SET amount = ? WHERE id = ? AND amount IS ?")
                .expect("the table is there");
            assert_eq!(statement.execute((amount + 1, id, amount)).expect("it writes"), 1);
        }
        run(&connection, "COMMIT");
        black_box(items);
    }
}

/// Only the writing: what has to be done before, and the work.
pub fn flush(path: &str) -> (impl FnMut() + use<>, impl FnMut() + use<>) {
    let connection = Rc::new(open(path));
    let items: Rc<RefCell<Vec<(i64, i64)>>> = Rc::default();
    let (reader, read) = (connection.clone(), items.clone());
    let prepare = move || {
        run(&reader, "BEGIN IMMEDIATE");
        let mut select =
            reader.prepare_cached("SELECT id, amount FROM items WHERE id <= 1000").expect("the table is there");
        let rows = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).expect("it reads");
        *read.borrow_mut() = rows.map(|row| row.expect("it fits")).collect();
    };
    let write = move || {
        for (id, amount) in items.borrow().iter() {
            let mut statement = connection
                .prepare_cached("UPDATE items SET amount = ? WHERE id = ? AND amount IS ?")
                .expect("the table is there");
            assert_eq!(statement.execute((amount + 1, id, amount)).expect("it writes"), 1);
        }
        run(&connection, "COMMIT");
    };
    (prepare, write)
}

/// Parents, then their children by IN, put together by key.
pub fn view(path: &str) -> impl FnMut() + use<> {
    let connection = open(path);
    let marks = vec!["?"; usize::try_from(PARENTS).expect("a small number")].join(", ");
    let children = format!("SELECT id, parent_id, name FROM children WHERE parent_id IN ({marks}) ORDER BY id");
    move || {
        run(&connection, "BEGIN");
        let mut parents: Vec<Parent> = {
            let mut select = connection
                .prepare_cached("SELECT id, name FROM parents ORDER BY id LIMIT 100")
                .expect("the table is there");
            let rows =
                select.query_map((), |row| Ok(Parent { id: row.get(0)?, name: row.get(1)?, children: Vec::new() }));
            rows.expect("it reads").map(|row| row.expect("it fits")).collect()
        };
        let places: HashMap<i64, usize> = parents.iter().enumerate().map(|(at, parent)| (parent.id, at)).collect();
        let mut select = connection.prepare_cached(&children).expect("the table is there");
        let keys = rusqlite::params_from_iter(parents.iter().map(|parent| parent.id).collect::<Vec<_>>());
        let mut rows = select.query(keys).expect("it reads");
        while let Some(row) = rows.next().expect("it reads") {
            let child = Child {
                id: row.get(0).expect("an integer"),
                parent_id: row.get(1).expect("an integer"),
                name: row.get(2).expect("text"),
            };
            parents[places[&child.parent_id]].children.push(child);
        }
        drop(rows);
        drop(select);
        run(&connection, "COMMIT");
        assert_eq!(black_box(parents).len(), 100);
    }
}
