//! Who gets a connection, in what order, and what becomes of it.

use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use aludel::driver::{Access, Request, Settings, Sink, open};
use aludel::sql::Statement;
use aludel::{Result, Row};

use super::kit::{at, file, read, scratch, sql, write};

const TABLE: &str = "CREATE TABLE t (a INTEGER PRIMARY KEY)";
const ENDLESS: &str = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";

fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = Settings::default();
    change(&mut settings);
    settings
}

struct Panics;

impl Sink for Panics {
    fn row(&mut self, _: &dyn Row) -> Result<ControlFlow<()>> {
        panic!("in a sink, as the test wants it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_aborted_task_and_a_panic_leave_the_writer_free_and_nothing_half_written() {
    for engine in [file("abort"), open("sqlite::memory:", &Settings::default()).unwrap()] {
        write(&engine, &[TABLE]).await.unwrap();
        let (begun, seen) = tokio::sync::oneshot::channel();
        let other = engine.clone();
        let task = tokio::spawn(async move {
            let mut writer = other.acquire(Access::Write).await.unwrap();
            sql(&mut *writer, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)"]).await.unwrap();
            begun.send(()).unwrap();
            std::future::pending::<()>().await;
        });
        seen.await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());

        let other = engine.clone();
        let task = tokio::spawn(async move {
            let mut writer = other.acquire(Access::Write).await.unwrap();
            sql(&mut *writer, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (2)"]).await.unwrap();
            let select = Statement::plain("INSERT INTO t VALUES (3) RETURNING a");
            let _ = writer.run(&mut [Request::new(&select, &mut Panics)]).await;
        });
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!(write(&engine, &["INSERT INTO t VALUES (4)", "SELECT a FROM t"]).await.unwrap(), ["4"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_are_served_in_the_order_they_asked() {
    let engine = file("order");
    let held = engine.acquire(Access::Write).await.unwrap();
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..8 {
        let (engine, order) = (engine.clone(), Arc::clone(&order));
        let waiting = engine.stats().waiting;
        let other = engine.clone();
        tasks.push(tokio::spawn(async move {
            let _writer = other.acquire(Access::Write).await.unwrap();
            order.lock().unwrap().push(number);
        }));
        while engine.stats().waiting == waiting {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    drop(held);
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
}

/// Every place comes back, whenever those who wait for it give up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_place_is_lost_when_waiting_is_given_up() {
    let engine = at(&scratch("giving-up"), &settings(|settings| settings.readers = 3));
    for polls in 0..300 {
        let held = engine.acquire(Access::Read).await.unwrap();
        let others = [engine.acquire(Access::Read).await.unwrap(), engine.acquire(Access::Read).await.unwrap()];
        let mut late = pin!(engine.acquire(Access::Read));
        let mut later = pin!(engine.acquire(Access::Read));
        poll_fn(|context| {
            for _ in 0..polls % 3 {
                assert!(late.as_mut().poll(context).is_pending());
                assert!(later.as_mut().poll(context).is_pending());
            }
            Poll::Ready(())
        })
        .await;
        drop(held);
        if polls % 2 == 0 {
            drop(others);
        }
    }
    assert_eq!(engine.stats().waiting, 0);
    let all = [Access::Read; 3].map(|access| engine.acquire(access));
    for connection in all {
        connection.await.unwrap();
    }
    assert!(engine.stats().open <= 4, "{:?}", engine.stats());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_too_long_is_told_who_holds_the_connection() {
    let engine = at(&scratch("late"), &settings(|settings| settings.acquire_timeout = Duration::from_millis(120)));
    let _held = engine.acquire(Access::Write).await.unwrap();
    let other = engine.clone();
    let error = tokio::spawn(async move { other.acquire(Access::Write).await.err().unwrap() }).await.unwrap();
    assert!(error.is_unavailable() && error.status() == 503);
    let text = error.to_string();
    assert!(
        text.starts_with(
            "no connection that writes was free within 120ms: 1 open, 0 idle, 1 waiting; the one held longest is with "
        ),
        "{text}"
    );
    assert!(text.ends_with("End sessions before slow work, or raise `acquire_timeout`"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_waits_for_itself_is_told_at_once() {
    for engine in [file("itself"), open("sqlite::memory:", &Settings::default()).unwrap()] {
        let nested = tokio::spawn(async move {
            let _held = engine.acquire(Access::Write).await.unwrap();
            let begun = Instant::now();
            (engine.acquire(Access::Write).await.err().unwrap(), begun.elapsed())
        });
        let (error, waited) = nested.await.unwrap();
        assert!(error.is_usage() && error.to_string().contains("already holds the connection that writes"), "{error}");
        assert!(waited < Duration::from_secs(2), "{waited:?}");
    }
}

/// Siblings in one task take turns: the one who waits does not wait for itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn siblings_in_one_task_take_turns() {
    let engine = file("siblings");
    write(&engine, &[TABLE]).await.unwrap();
    let one = |key: u32| {
        let engine = &engine;
        async move {
            let mut writer = engine.acquire(Access::Write).await?;
            let insert = format!("INSERT INTO t VALUES ({key})");
            sql(&mut *writer, &["BEGIN IMMEDIATE"]).await?;
            tokio::time::sleep(Duration::from_millis(40)).await;
            sql(&mut *writer, &[&insert, "COMMIT"]).await
        }
    };
    let results = tokio::join!(one(1), one(2), one(3), one(4), one(5), one(6), one(7), one(8));
    let all = [results.0, results.1, results.2, results.3, results.4, results.5, results.6, results.7];
    for result in all {
        result.unwrap();
    }
    assert_eq!(read(&engine, &["SELECT count(*) FROM t"]).await.unwrap(), ["8"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_transaction_at_rest_is_rolled_back_and_says_so() {
    let engine = at(&scratch("rest"), &settings(|settings| settings.idle_write_timeout = Duration::from_millis(200)));
    write(&engine, &[TABLE]).await.unwrap();
    let mut resting = engine.acquire(Access::Write).await.unwrap();
    sql(&mut *resting, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)"]).await.unwrap();
    // Another task gets the writer although the first still has its lease.
    let other = engine.clone();
    let next = tokio::spawn(async move { write(&other, &["INSERT INTO t VALUES (2)"]).await });
    next.await.unwrap().unwrap();
    assert!(!resting.in_transaction());
    let error = sql(&mut *resting, &["INSERT INTO t VALUES (3)"]).await.unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("rolled back"), "{error}");
    sql(&mut *resting, &["ROLLBACK"]).await.unwrap();
    drop(resting);
    assert_eq!(write(&engine, &["SELECT a FROM t"]).await.unwrap(), ["2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_past_its_time_is_interrupted() {
    let path = scratch("timeout");
    let engine = at(&path, &settings(|settings| settings.statement_timeout = Some(Duration::from_millis(50))));
    let error = read(&engine, &[ENDLESS]).await.unwrap_err();
    assert!(error.is_timeout() && error.status() == 503, "{error}");
    assert!(error.to_string().contains("`statement_timeout` (50ms)"), "{error}");
    assert_eq!(read(&engine, &["SELECT 1"]).await.unwrap(), ["1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_waits_for_what_is_under_way_and_interrupts_the_rest() {
    let path = scratch("close");
    let engine = at(&path, &settings(|settings| settings.acquire_timeout = Duration::from_millis(300)));
    write(&engine, &[TABLE]).await.unwrap();
    let other = engine.clone();
    let endless = tokio::spawn(async move { read(&other, &[ENDLESS]).await });
    let other = engine.clone();
    let short = tokio::spawn(async move {
        let mut writer = other.acquire(Access::Write).await.unwrap();
        sql(&mut *writer, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)"]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        sql(&mut *writer, &["COMMIT"]).await
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut idle = engine.acquire(Access::Read).await.unwrap();
    engine.close().await;
    assert!(short.await.unwrap().is_ok(), "what was under way is finished");
    let error = endless.await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.to_string().contains("being closed"), "{error}");
    for error in [engine.acquire(Access::Read).await.err().unwrap(), sql(&mut *idle, &["SELECT 1"]).await.unwrap_err()]
    {
        assert!(error.is_unavailable() && error.to_string().contains("has been closed"), "{error}");
    }
    drop(idle);
    assert!(!path.with_extension("db-wal").exists(), "the log is written back");
    let again = at(&path, &Settings::default());
    assert_eq!(read(&again, &["SELECT a FROM t"]).await.unwrap(), ["1"]);
}

#[test]
fn a_lock_of_somebody_else_is_waited_for_and_then_told() {
    let path = scratch("contention");
    let engine = at(&path, &Settings::default());
    let other = at(&path, &settings(|settings| settings.busy_timeout = Duration::from_millis(60)));
    let hurried = at(&path, &settings(|settings| settings.statement_timeout = Some(Duration::from_millis(60))));
    aludel::block(async {
        write(&engine, &[TABLE]).await.unwrap();
        let mut held = engine.acquire(Access::Write).await.unwrap();
        sql(&mut *held, &["BEGIN IMMEDIATE"]).await.unwrap();
        let begun = Instant::now();
        let error = write(&other, &["INSERT INTO t VALUES (1)"]).await.unwrap_err();
        assert!(begun.elapsed() >= Duration::from_millis(60), "{:?}", begun.elapsed());
        assert!(
            error.is_retryable() && error.status() == 503 && error.to_string().contains("`busy_timeout`"),
            "{error}"
        );
        let error = write(&hurried, &["INSERT INTO t VALUES (1)"]).await.unwrap_err();
        assert!(error.is_timeout() && error.to_string().contains("`statement_timeout`"), "{error}");
        sql(&mut *held, &["COMMIT"]).await.unwrap();
        write(&other, &["INSERT INTO t VALUES (1)"]).await.unwrap();
    });
}

#[test]
fn a_session_that_reads_cannot_write() {
    for engine in [file("reads"), open("sqlite::memory:", &Settings::default()).unwrap()] {
        aludel::block(async {
            write(&engine, &[TABLE]).await.unwrap();
            let error = read(&engine, &["INSERT INTO t VALUES (1)"]).await.unwrap_err();
            assert!(error.is_usage() && error.to_string().contains("only reads"), "{error}");
        });
    }
}

/// `INSERT .. RETURNING` is done however little of it is wanted.
#[test]
fn a_write_goes_to_its_end_even_when_its_rows_are_not_wanted() {
    struct First(u32);
    impl Sink for First {
        fn row(&mut self, _: &dyn Row) -> Result<ControlFlow<()>> {
            self.0 += 1;
            Ok(ControlFlow::Break(()))
        }
    }
    let engine = file("to-the-end");
    aludel::block(async {
        write(&engine, &[TABLE]).await.unwrap();
        let mut writer = engine.acquire(Access::Write).await.unwrap();
        let insert = Statement::plain("INSERT INTO t VALUES (1), (2), (3) RETURNING a");
        let mut first = First(0);
        let mut batch = [Request::new(&insert, &mut first)];
        writer.run(&mut batch).await.unwrap();
        assert_eq!(batch[0].affected, 3);
        assert_eq!(first.0, 1);
        assert_eq!(sql(&mut *writer, &["SELECT count(*) FROM t"]).await.unwrap(), ["3"]);
    });
}
