//! Sessions that are dropped, aborted or in each other's way: nothing half written, and the database free afterwards.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use aludel::prelude::*;
use aludel::set;
use tokio::task::coop::consume_budget;
use tokio::task::yield_now;

use super::models::{Author, Post, Tag, author};

/// What a task may do before it has to yield.
const BUDGET: usize = 128;

/// Polls `work` at most `polls` times, each time with leave for one statement only, and then drops it; true where it ended.
async fn stepwise(work: impl Future<Output = ()>, polls: usize) -> bool {
    let mut work = pin!(work);
    for _ in 0..polls {
        yield_now().await;
        let done = poll_fn(|context| {
            for _ in 1..BUDGET {
                let _ = pin!(consume_budget()).poll(context);
            }
            Poll::Ready(work.as_mut().poll(context).is_ready())
        });
        if done.await {
            return true;
        }
        // A connection on a thread of its own needs a moment to answer.
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    false
}

/// A unit of work with everything that can be dropped in it.
async fn publish(db: &Database, name: &str) -> Result<()> {
    let mut session = db.session();
    let ann = session.add(author(name));
    let tags = session.add_all(["x", "y"].map(|tag| new!(Tag { name: format!("{name} {tag}") })));
    let posts: Vec<_> = (0..3).map(|_| session.add(new!(Post { author_id: ann, title: name }))).collect();
    session.relink(posts[0], Post::TAGS, tags).await?;
    session
        .savepoint(async |session| {
            session.update(Post::filter(Post::TITLE.eq(name)), set(Post::LIKES, Post::LIKES + 1)).await?;
            session.get::<Author>(1).await.map(drop).or_else(|error| if error.is_not_found() { Ok(()) } else { Err(error) })
        })
        .await?;
    let undone: Result<()> = session
        .savepoint(async |session| {
            session.delete(Post::all()).await?;
            Err(Error::msg("undo"))
        })
        .await;
    assert!(undone.is_err());
    session[ann].points = 7;
    session.commit().await
}

async fn published(db: &Database, name: &str) -> (i64, i64, i64, i64) {
    let mut read = db.read();
    let authors = read.count(Author::filter(Author::NAME.eq(name) & Author::POINTS.eq(7))).await.unwrap();
    let any = read.count(Author::filter(Author::NAME.eq(name))).await.unwrap();
    let posts = read.count(Post::filter(Post::TITLE.eq(name) & Post::LIKES.eq(1))).await.unwrap();
    let tags = read.count(Tag::filter(Tag::NAME.starts_with(name))).await.unwrap();
    (any, authors, posts, tags)
}

pub(super) async fn work_dropped_at_any_await(db: Database) {
    for polls in 0..10_000 {
        let name = format!("n{polls}.");
        let ended = stepwise(async { publish(&db, &name).await.unwrap() }, polls).await;
        let found = published(&db, &name).await;
        // A COMMIT under way may be through before its answer is heard.
        let nothing = !ended && found == (0, 0, 0, 0);
        assert!(nothing || found == (1, 1, 3, 2), "{found:?} dropped after {polls} polls");
        let free = db.transaction(async |db| {
            db.add(author(&format!("free{polls}")));
            Ok::<_, Error>(())
        });
        let free = tokio::time::timeout(Duration::from_secs(2), free).await;
        assert!(free.is_ok_and(|free| free.is_ok()), "the writer is free after {polls} polls");
        if ended {
            assert!(polls > 5, "only {polls} places to drop it at");
            return;
        }
    }
    panic!("the work never ends");
}

pub(super) async fn a_session_outlives_a_dropped_statement(db: Database) {
    for polls in 0..10_000 {
        let name = format!("n{polls}");
        let mut session = db.session();
        let ann = session.add(author(&name));
        session.add(new!(Post { author_id: ann, title: name.as_str() }));
        let ended = stepwise(async { session.flush().await.unwrap() }, polls).await;
        let committed = session.commit().await;
        let mut read = db.read();
        let authors = read.count(Author::filter(Author::NAME.eq(&name))).await.unwrap();
        let posts = read.count(Post::filter(Post::TITLE.eq(&name))).await.unwrap();
        drop(read);
        match committed {
            Ok(()) => assert_eq!((authors, posts), (1, 1), "after {polls} polls"),
            Err(error) => {
                assert!(error.is_transaction_failed(), "{error}");
                assert_eq!((authors, posts, session.try_get(ann).is_some()), (0, 0, false), "after {polls} polls");
            }
        }
        session.add(author(&format!("again{polls}")));
        session.commit().await.unwrap();
        if ended {
            return;
        }
    }
    panic!("the flush never ends");
}

pub(super) async fn an_aborted_task(db: Database) {
    let (begun, seen) = tokio::sync::oneshot::channel();
    let task = tokio::spawn({
        let db = db.clone();
        async move {
            let mut session = db.session();
            session.add(author("gone"));
            session.flush().await.unwrap();
            begun.send(()).unwrap();
            std::future::pending::<()>().await;
        }
    });
    seen.await.unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    let slow = async {
        let mut session = db.session();
        session.add(author("late"));
        session.flush().await.unwrap();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = slow => {}
        () = tokio::time::sleep(Duration::from_millis(20)) => {}
    }
    let mut session = db.session();
    session.add(author("next"));
    session.commit().await.unwrap();
    assert_eq!(session.fetch(Author::all().select(Author::NAME)).await.unwrap(), ["next"]);
}

pub(super) async fn sessions_beside_each_other(db: Database) {
    let mut session = db.session();
    session.add_all(["a", "b"].map(author));
    session.commit().await.unwrap();
    drop(session);
    let tasks: Vec<_> = (0..12)
        .map(|at| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    db.retry(200, async |db| {
                        let (from, to) = (db.get::<Author>(1).await?, db.get::<Author>(2).await?);
                        db[from].points -= 1;
                        db[to].points += 1;
                        Ok(())
                    })
                    .await
                    .unwrap();
                    let mut session = db.session();
                    session.update(Author::at(1), set(Author::POINTS, Author::POINTS + 1)).await.unwrap();
                    session.add(new!(Tag { name: format!("{at}") }));
                    let _ = session.commit().await;
                    let sum = db.read().fetch_one(Author::all().select(Author::POINTS.sum())).await.unwrap();
                    assert!(sum.unwrap() >= 200, "a reader sees whole transactions: {sum:?}");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut read = db.read();
    let points = read.fetch(Author::all().order_by(Author::ID.asc()).select(Author::POINTS)).await.unwrap();
    let committed = read.count(Tag::all()).await.unwrap();
    assert_eq!(committed, 12, "each name once");
    assert_eq!(points, [100 - 60 + 12, 100 + 60], "an increment is kept exactly where its commit was");
}

pub(super) async fn a_snapshot_holds_still(db: Database) {
    let mut read = db.read();
    assert_eq!(read.count(Author::all()).await.unwrap(), 0);
    let mut writer = db.session();
    writer.add(author("a"));
    writer.commit().await.unwrap();
    assert_eq!(read.count(Author::all()).await.unwrap(), 0, "one snapshot for the whole transaction");
    read.commit().await.unwrap();
    assert_eq!(read.count(Author::all()).await.unwrap(), 1);
    writer.add(author("b"));
    writer.flush().await.unwrap();
    assert_eq!(db.read().count(Author::all()).await.unwrap(), 1, "what is not committed is not seen");
}
