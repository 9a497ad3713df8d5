//! A task that wakes every millisecond is not held up by the database, on a runtime with a single worker.

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use aludel::driver::{Access, Request, Settings};
use aludel::sql::Statement;
use aludel::{Type, Value};

use crate::kit::{ERRAND, Seen, at, await_line, child, file, read, scratch, sql, write};
use crate::turn;

/// Some 300 ms of pure work.
const SLOW: &str =
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4000000) SELECT count(*) FROM c";

/// The longest pause of a 1 ms heartbeat beside `load`, which runs as a task of its own.
fn longest_beat(runtime: &tokio::runtime::Runtime, load: impl Future<Output = ()> + Send + 'static) -> Duration {
    runtime.block_on(async {
        let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
        let beat = tokio::spawn(async move {
            let mut longest = Duration::ZERO;
            while stopped.try_recv().is_err() {
                let begun = Instant::now();
                tokio::time::sleep(Duration::from_millis(1)).await;
                longest = longest.max(begun.elapsed());
            }
            longest
        });
        tokio::time::sleep(Duration::from_millis(5)).await;
        tokio::spawn(load).await.unwrap();
        stop.send(()).unwrap();
        beat.await.unwrap()
    })
}

fn one_worker() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn one_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Work that has nothing to do with a database and gives way every 100 us: what the machine makes of the best neighbour.
async fn fair_work() {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(300) {
        let turn = Instant::now();
        while turn.elapsed() < Duration::from_micros(100) {
            std::hint::spin_loop();
        }
        tokio::task::yield_now().await;
    }
}

/// Holds the beat beside `load` against the beat beside fair work. Without a hand-over it is some hundred milliseconds.
fn undisturbed<F: Future<Output = ()> + Send + 'static>(
    runtime: fn() -> tokio::runtime::Runtime,
    load: impl Fn() -> F,
) {
    let _turn = turn();
    let mut tries = Vec::new();
    for _ in 0..3 {
        let fair = longest_beat(&runtime(), fair_work());
        let loaded = longest_beat(&runtime(), load());
        println!("longest beat {loaded:?}, beside fair work {fair:?}");
        if loaded < fair * 2 + Duration::from_millis(8) {
            return;
        }
        tries.push((fair, loaded));
    }
    panic!("the heartbeat was held up (beside fair work, beside the load): {tries:?}");
}

#[test]
fn a_slow_query_holds_nobody_up() {
    let engine = file("slow");
    for runtime in [one_worker, one_thread] {
        undisturbed(runtime, || {
            let engine = engine.clone();
            async move { assert_eq!(read(&engine, &[SLOW]).await.unwrap(), ["4000000"]) }
        });
    }
}

#[test]
fn a_loop_of_200_000_fast_queries_holds_nobody_up() {
    let engine = file("loop");
    aludel::block(write(&engine, &["CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1, 7)"]))
        .unwrap();
    let select = Statement {
        text: "SELECT a FROM t WHERE id = ?".into(),
        params: vec![Value::Int(1)],
        types: [Type::BigInt].into(),
    };
    undisturbed(one_worker, || {
        let (engine, select) = (engine.clone(), select.clone());
        async move {
            let mut reader = engine.acquire(Access::Read).await.unwrap();
            sql(&mut *reader, &["BEGIN"]).await.unwrap();
            for _ in 0..200_000 {
                let mut seen = Seen::default();
                reader.run(&mut [Request::new(&select, &mut seen)]).await.unwrap();
                assert_eq!(seen.0, ["7"]);
            }
        }
    });
}

/// A batch that never waits, of statements none of which is slow.
#[test]
fn a_long_batch_holds_nobody_up() {
    let engine = file("batch");
    aludel::block(write(&engine, &["CREATE TABLE t (a INT)"])).unwrap();
    let insert =
        "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300) INSERT INTO t SELECT x FROM c";
    undisturbed(one_worker, move || {
        let engine = engine.clone();
        async move {
            let mut writer = engine.acquire(Access::Write).await.unwrap();
            let insert = Statement::plain(insert);
            let mut sinks: Vec<Seen> = (0..2_000).map(|_| Seen::default()).collect();
            let mut batch: Vec<Request<'_>> = sinks.iter_mut().map(|sink| Request::new(&insert, sink)).collect();
            sql(&mut *writer, &["BEGIN IMMEDIATE"]).await.unwrap();
            writer.run(&mut batch).await.unwrap();
            assert!(batch.iter().all(|request| request.affected == 300));
        }
    });
}

#[test]
fn waiting_for_another_process_holds_nobody_up() {
    let path = scratch("locked");
    let engine = at(&path, &Settings::default());
    aludel::block(write(&engine, &["CREATE TABLE t (a INT)"])).unwrap();
    for runtime in [one_worker, one_thread] {
        undisturbed(runtime, || {
            let (mut process, mut lines) = child("timing::beat::child_that_holds_the_lock", &path);
            await_line(&mut lines, "held");
            let engine = engine.clone();
            async move {
                let begun = Instant::now();
                write(&engine, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)", "COMMIT"]).await.unwrap();
                assert!(begun.elapsed() > Duration::from_millis(50), "the lock was not held");
                assert!(process.wait().unwrap().success());
                drop(lines);
            }
        });
    }
}

#[test]
#[ignore = "run by another test as a child"]
fn child_that_holds_the_lock() {
    let engine = at(Path::new(&std::env::var(ERRAND).unwrap()), &Settings::default());
    aludel::block(async {
        let mut writer = engine.acquire(Access::Write).await.unwrap();
        sql(&mut *writer, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (0)"]).await.unwrap();
        println!("\nheld");
        std::thread::sleep(Duration::from_millis(400));
        sql(&mut *writer, &["COMMIT"]).await.unwrap();
    });
}
