//! The same rows for everybody, each contender in a file of its own.

use std::path::PathBuf;

use rusqlite::Connection;

pub const USERS: i64 = 10_000;
pub const PARENTS: i64 = 100;
pub const CHILDREN: i64 = 10;

const TABLES: &str = "
    CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name VARCHAR(80) NOT NULL, email TEXT);
    CREATE TABLE parents (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
    CREATE TABLE children (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        parent_id BIGINT NOT NULL REFERENCES parents (id),
        name TEXT NOT NULL
    );
    CREATE INDEX ix_children_parent_id ON children (parent_id);
    CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, amount BIGINT NOT NULL);";

/// Files of this run, gone with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("aludel-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the temporary folder takes files");
        Folder(path)
    }

    /// A new file with all rows, for the contender `name`.
    pub fn file(&self, name: &str) -> String {
        let path = self.0.join(format!("{name}.db"));
        fill(&open(&path.display().to_string()));
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A connection with the settings that everybody gets.
pub fn open(path: &str) -> Connection {
    let connection = Connection::open(path).expect("the file opens");
    connection.execute_batch(PRAGMAS).expect("the settings are SQLite's own");
    connection.set_prepared_statement_cache_capacity(64);
    connection
}

pub const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;";

fn fill(connection: &Connection) {
    let fill = || -> rusqlite::Result<()> {
        connection.execute_batch(TABLES)?;
        connection.execute_batch("BEGIN")?;
        for id in 1..=USERS {
            let email = (id % 3 != 0).then(|| format!("user{id}@example.com"));
            connection.execute("INSERT INTO users VALUES (?, ?, ?)", (id, format!("User number {id}"), email))?;
        }
        for id in 1..=PARENTS {
            connection.execute("INSERT INTO parents VALUES (?, ?)", (id, format!("Parent {id}")))?;
        }
        for id in 0..PARENTS * CHILDREN {
            let row = (id + 1, id % PARENTS + 1, format!("Child {id}"));
            connection.execute("INSERT INTO children VALUES (?, ?, ?)", row)?;
            connection.execute("INSERT INTO items VALUES (?, ?, 0)", (id + 1, format!("Item {id}")))?;
        }
        connection.execute_batch("COMMIT")
    };
    fill().expect("the rows go into a new file");
}

/// Keys in an order that no cache likes, the same for everybody.
pub struct Keys(u64);

impl Keys {
    pub fn new() -> Self {
        Keys(1)
    }

    pub fn next(&mut self) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % USERS.unsigned_abs()).expect("a small number") + 1
    }
}

/// How many objects the writing works make and change.
pub const BATCH: i64 = 1_000;

/// Takes back what an inserting work has added.
pub fn clear_items(path: &str) {
    let connection = open(path);
    connection.execute("DELETE FROM items WHERE id > ?", (BATCH,)).expect("the rows go");
}
