//! A task that wakes every millisecond is not held up by the database, on a runtime with a single worker.

use std::future::Future;
use std::time::{Duration, Instant};

use aludel::Value;
use aludel::driver::{Access, Request};
use aludel::sql::Statement;

use super::kit::{Sum, file, sql, turn};

/// Some 300 ms of pure work.
const SLOW: &str =
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 4000000) SELECT count(*) FROM c";

/// The longest pause of a 1 ms heartbeat beside `load`, which runs as a task of its own.
fn longest_beat(load: impl Future<Output = ()> + Send + 'static) -> Duration {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let beat = tokio::spawn(async {
            let mut longest = Duration::ZERO;
            loop {
                let begun = Instant::now();
                tokio::time::sleep(Duration::from_millis(1)).await;
                longest = longest.max(begun.elapsed());
                LONGEST.store(longest.as_micros().try_into().unwrap(), std::sync::atomic::Ordering::Relaxed);
            }
        });
        tokio::time::sleep(Duration::from_millis(5)).await;
        tokio::spawn(load).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
        beat.abort();
    });
    Duration::from_micros(LONGEST.load(std::sync::atomic::Ordering::Relaxed))
}

static LONGEST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

/// Holds the beat beside `load` against the beat beside nothing.
fn undisturbed<F: Future<Output = ()> + Send + 'static>(load: impl Fn() -> F) {
    let _turn = turn();
    let mut tries = Vec::new();
    for _ in 0..3 {
        let idle = longest_beat(async { tokio::time::sleep(Duration::from_millis(300)).await });
        let loaded = longest_beat(load());
        println!("longest beat {loaded:?}, idle {idle:?}");
        if loaded < idle * 2 + Duration::from_millis(10) {
            return;
        }
        tries.push((idle, loaded));
    }
    panic!("the heartbeat was held up (idle, loaded): {tries:?}");
}

#[test]
fn a_slow_query_holds_nobody_up() {
    let engine = file("slow");
    undisturbed(|| {
        let engine = engine.clone();
        async move {
            let mut reader = engine.acquire(Access::Read).await.unwrap();
            assert_eq!(sql(&mut *reader, &[SLOW]).await.unwrap(), 4_000_000);
        }
    });
}

#[test]
fn a_loop_of_fast_queries_holds_nobody_up() {
    let engine = file("loop");
    aludel::block(async {
        let mut writer = engine.acquire(Access::Write).await.unwrap();
        sql(&mut *writer, &["CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1, 1)"])
            .await
            .unwrap();
    });
    let select = Statement {
        text: "SELECT a FROM t WHERE id = ?".into(),
        params: vec![Value::Int(1)],
        types: [aludel::Type::BigInt].into(),
    };
    undisturbed(|| {
        let (engine, select) = (engine.clone(), select.clone());
        async move {
            let mut reader = engine.acquire(Access::Read).await.unwrap();
            let mut sum = Sum::default();
            sql(&mut *reader, &["BEGIN"]).await.unwrap();
            for _ in 0..200_000 {
                reader.run(&mut [Request::new(&select, &mut sum)]).await.unwrap();
            }
            assert_eq!(sum.0, 200_000);
        }
    });
}
