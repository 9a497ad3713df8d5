//! Runtimes whose tasks cannot be handed over: every connection has a thread of its own there.

use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use aludel::driver::{Access, Connection, Discard, Place, Request, Settings, Sink};
use aludel::sql::Statement;
use aludel::{Error, Result, Row};

use super::kit::{Seen, at, file, read, scratch, sql, write};

const ENDLESS: &str = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";
const NUMBERS: &str =
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000) SELECT x, 'n' || x FROM c";
const SLOW: &str =
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 2000000) SELECT count(*) FROM c";

/// The rows of [`NUMBERS`] in order, a batch with keys back, and a transaction.
async fn works(connection: &mut dyn Connection) {
    let rows = sql(connection, &[NUMBERS]).await.unwrap();
    assert_eq!((rows.len(), &*rows[0], &*rows[4_999]), (5_000, "1|n1", "5000|n5000"));
    let (insert, count) =
        (Statement::plain("INSERT INTO t VALUES (7), (8) RETURNING a"), Statement::plain("SELECT count(*) FROM t"));
    sql(connection, &["CREATE TABLE IF NOT EXISTS t (a)", "BEGIN IMMEDIATE"]).await.unwrap();
    let (mut keys, mut counted) = (Seen::default(), Seen::default());
    let mut batch = [Request::new(&insert, &mut keys), Request::new(&count, &mut counted)];
    connection.run(&mut batch).await.unwrap();
    assert_eq!(batch[0].affected, 2);
    assert_eq!((keys.0, counted.0), (vec!["7".to_owned(), "8".to_owned()], vec!["2".to_owned()]));
    assert!(connection.in_transaction());
    sql(connection, &["ROLLBACK"]).await.unwrap();
    assert!(!connection.in_transaction());
}

#[tokio::test]
async fn a_runtime_with_one_thread_is_served() {
    works(&mut *file("one-thread").acquire(Access::Write).await.unwrap()).await;
}

#[test]
fn a_local_set_is_served() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    let engine = file("local-set");
    local.block_on(&runtime, async move {
        works(&mut *engine.acquire(Access::Write).await.unwrap()).await;
        let task = tokio::task::spawn_local(async move {
            works(&mut *engine.acquire(Access::Write).await.unwrap()).await;
            read(&engine, &[SLOW]).await.unwrap()
        });
        let mut beats = 0;
        let mut task = pin!(task);
        let rows = loop {
            tokio::select! {
                rows = &mut task => break rows.unwrap(),
                () = tokio::time::sleep(Duration::from_millis(1)) => beats += 1,
            }
        };
        assert_eq!(rows, ["2000000"]);
        assert!(beats > 5, "the slow statement left room for {beats} beats");
    });
}

#[test]
fn a_thread_of_its_own_can_be_asked_for_and_needs_no_runtime() {
    let mut settings = Settings::default();
    settings.place = Place::OwnThread;
    let engine = at(&scratch("own-thread"), &settings);
    aludel::block(async { works(&mut *engine.acquire(Access::Write).await.unwrap()).await });
}

/// Polls `future` a few times, lets the thread work meanwhile, and drops it unfinished.
async fn abandon(future: impl Future<Output = Result<Vec<String>>>) {
    let mut future = pin!(future);
    for _ in 0..3 {
        poll_fn(|context| {
            assert!(future.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_stopped_and_rolled_back() {
    let engine = file("abandoned");
    write(&engine, &["CREATE TABLE t (a)"]).await.unwrap();
    let mut writer = engine.acquire(Access::Write).await.unwrap();
    sql(&mut *writer, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)"]).await.unwrap();
    abandon(sql(&mut *writer, &[ENDLESS])).await;
    // What follows may not run as if nothing had happened.
    let error = sql(&mut *writer, &["INSERT INTO t VALUES (2)"]).await.unwrap_err();
    assert!(error.is_transaction_failed() && error.to_string().contains("dropped before its end"), "{error}");
    sql(&mut *writer, &["ROLLBACK", "INSERT INTO t VALUES (3)"]).await.unwrap();
    sql(&mut *writer, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (4)"]).await.unwrap();
    abandon(sql(&mut *writer, &[ENDLESS])).await;
    let begun = Instant::now();
    drop(writer);
    assert_eq!(write(&engine, &["SELECT a FROM t"]).await.unwrap(), ["3"]);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

/// As in place: the statements before the one that fails are done, those after it are not.
#[tokio::test]
async fn a_batch_stops_where_a_sink_refuses_a_row() {
    struct Refuses;
    impl Sink for Refuses {
        fn row(&mut self, _: &dyn Row) -> Result<ControlFlow<()>> {
            Err(Error::msg("not this one"))
        }
    }
    let engine = file("refused");
    let mut writer = engine.acquire(Access::Write).await.unwrap();
    sql(&mut *writer, &["CREATE TABLE t (a)"]).await.unwrap();
    let statements = ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2) RETURNING a", "INSERT INTO t VALUES (3)"];
    let statements = statements.map(Statement::plain);
    let (mut first, mut refuses, mut last) = (Discard, Refuses, Discard);
    let mut batch = [
        Request::new(&statements[0], &mut first),
        Request::new(&statements[1], &mut refuses),
        Request::new(&statements[2], &mut last),
    ];
    let error = writer.run(&mut batch).await.unwrap_err();
    assert_eq!(error.to_string(), "not this one");
    assert_eq!(error.statement(), Some("INSERT INTO t VALUES (2) RETURNING a"));
    assert_eq!(sql(&mut *writer, &["SELECT a FROM t"]).await.unwrap(), ["1", "2"]);
}
