//! What the request path costs in things that can be counted exactly: statements, allocations, and turns of the runtime.
//!
//! A program of its own, since it counts the allocations of its threads.
#![forbid(unsafe_code)]
#![allow(missing_docs, unreachable_pub, reason = "models are written here as an application writes them")]

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use aludel::prelude::*;
use aludel::{block, schema};

#[derive(Model, Clone, Debug)]
pub struct Author {
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
}

#[derive(Model, Clone, Debug)]
pub struct Book {
    pub id: i64,
    pub author_id: Fk<Author>,
    pub title: String,
}

#[derive(View)]
#[view(Author)]
pub struct Shelf {
    pub name: String,
    pub books: Vec<Title>,
}

#[derive(View)]
#[view(Book)]
pub struct Title {
    pub title: String,
}

#[derive(View)]
#[view(Book)]
pub struct Credit {
    pub title: String,
    pub author: Name,
}

#[derive(View)]
#[view(Author)]
pub struct Name {
    pub name: String,
}

const AUTHORS: u64 = 1_000;

/// A file with authors, each with two books.
fn filled(name: &str) -> Database {
    let folder: PathBuf = std::env::temp_dir().join(format!("aludel-counts-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    block(async {
        let database = Database::open(folder.join("counts.db")).schema(schema![Author, Book]).await.unwrap();
        database.create_tables().await.unwrap();
        let mut db = database.session();
        for number in 0..AUTHORS {
            let author = db.add(new!(Author { name: format!("Author {number}"), email: None::<String> }));
            db.add(new!(Book { author_id: author, title: "First" }));
            db.add(new!(Book { author_id: author, title: "Second" }));
        }
        db.commit().await.unwrap();
        database
    })
}

/// How many statements of the application `work` sends.
fn statements(database: &Database, work: impl AsyncFnOnce(&mut Session)) -> u64 {
    let mut db = database.session();
    block(work(&mut db));
    db.statements()
}

#[test]
fn a_second_get_sends_nothing_and_allocates_nothing() {
    let database = filled("second-get");
    let mut db = database.read();
    let first = block(db.get::<Author>(7).into_future()).unwrap();
    let sent = db.statements();
    let mut found = None;
    let counted = measure(|| {
        let mut answer = pin!(db.get::<Author>(7).into_future());
        found = match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(found)) => Some(found),
            _ => None,
        };
    });
    assert_eq!(found, Some(first));
    assert_eq!((counted.count_total, db.statements() - sent), (0, 0));
}

#[test]
fn rows_allocate_their_own_text_and_little_else() {
    let database = filled("rows");
    let mut db = database.read();
    let mut fetch = |limit: u64| {
        let query = Author::all().order_by(Author::ID.asc()).limit(limit);
        // The first time fills the statement cache.
        for _ in 0..2 {
            block(db.fetch(query.clone())).unwrap();
        }
        let mut rows = Vec::new();
        let counted = measure(|| rows = block(db.fetch(query)).unwrap());
        assert_eq!(rows.len() as u64, limit);
        counted.count_total
    };
    let (few, many) = (fetch(10), fetch(AUTHORS));
    // One text each, and the vector grows a few times.
    let more = many - few - (AUTHORS - 10);
    assert!(more <= 10, "{more} allocations more than texts");
    assert!(few <= 10 + 64, "{few} allocations for ten rows");
}

#[test]
fn a_session_with_one_get_allocates_little() {
    let database = filled("one-get");
    let get = || {
        let mut db = database.read();
        let author = block(db.get::<Author>(7).into_future()).unwrap();
        assert_eq!(db[author].id, 7);
    };
    get();
    let counted = measure(get).count_total;
    assert!(counted <= 16, "{counted} allocations");
}

#[test]
fn writing_allocates_a_few_times_for_each_row() {
    let database = filled("writing");
    let rows = AUTHORS;
    let mut db = database.session();
    let mut authors = Vec::new();
    let counted = |what: &str, each: u64, work: &mut dyn FnMut()| {
        let total = measure(work).count_total;
        assert!(total <= each * rows + 200, "{what}: {total} allocations for {rows} rows");
    };
    counted("track", 1, &mut || authors = block(db.track(Author::all())).unwrap());
    // What the row was is kept twice: as one list, and its text.
    counted("change", 2, &mut || authors.iter().for_each(|&author| db[author].email = None));
    counted("no change", 0, &mut || block(db.flush()).unwrap());
    authors.iter().for_each(|&author| db[author].email = Some(String::new()));
    // The parameters, the names of the fields, and each text once to check and once to send: two texts of no length.
    counted("update", 4, &mut || block(db.commit()).unwrap());
    for number in 0..rows {
        db.add(new!(Author { name: format!("New {number}"), email: None::<String> }));
    }
    counted("insert", 4, &mut || block(db.commit()).unwrap());
}

#[test]
fn statements_follow_from_the_shape_and_not_from_the_rows() {
    let database = filled("statements");
    let one_get = statements(&database, async |db| {
        let author = db.get::<Author>(1).await.unwrap();
        assert_eq!(db.get::<Author>(1).await.unwrap(), author);
    });
    let to_many = statements(&database, async |db| {
        let shelves = db.fetch(Shelf::all()).await.unwrap();
        assert!(shelves.iter().all(|shelf| shelf.books.len() == 2) && shelves.len() as u64 == AUTHORS);
    });
    let to_one = statements(&database, async |db| {
        assert_eq!(db.fetch(Credit::all()).await.unwrap().len() as u64, 2 * AUTHORS);
    });
    let nothing = statements(&database, async |db| db.commit().await.unwrap());
    assert_eq!((one_get, to_many, to_one, nothing), (1, 2, 1, 0));
}

#[test]
fn objects_are_written_in_few_statements() {
    let database = filled("written");
    let added = statements(&database, async |db| {
        for number in 0..1_000 {
            db.add(new!(Author { name: format!("New {number}"), email: None::<String> }));
        }
        db.commit().await.unwrap();
    });
    // Rows go in chunks of fixed sizes, so that their texts are cached.
    assert!(added <= 16, "{added} statements for 1,000 new objects");
    let unchanged = statements(&database, async |db| {
        for author in db.track(Author::all().limit(100)).await.unwrap() {
            let name = db[author].name.clone();
            db[author].name = name;
        }
        db.commit().await.unwrap();
    });
    assert_eq!(unchanged, 1, "what does not differ is not written");
    let changed = statements(&database, async |db| {
        for author in db.track(Author::all().limit(100)).await.unwrap() {
            db[author].name.push('!');
        }
        db.commit().await.unwrap();
    });
    assert_eq!(changed, 1 + 100);
}

/// Statements run where they are asked for: the future is ready when it is first polled, on this thread.
#[test]
fn nothing_leaves_the_thread() {
    let database = filled("thread");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.block_on(async {
        tokio::spawn(async move {
            let mut db = database.read();
            let thread = std::thread::current().id();
            {
                let mut get = pin!(db.get::<Author>(3).into_future());
                assert!(get.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
            }
            {
                let mut fetch = pin!(db.fetch(Shelf::all().limit(100)));
                assert!(fetch.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
            }
            assert_eq!(std::thread::current().id(), thread);
        })
        .await
        .unwrap();
    });
}
