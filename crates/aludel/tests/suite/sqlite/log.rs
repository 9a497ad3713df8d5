//! The write-ahead log does not grow without end.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aludel::driver::{Access, Request, Settings};
use aludel::sql::Statement;
use aludel::{Type, Value};

use super::kit::{Seen, at, read, scratch, sql, write};

const MOST: u64 = 8 << 20;

fn length(path: &Path) -> u64 {
    std::fs::metadata(path.with_extension("db-wal")).map_or(0, |found| found.len())
}

fn insert(number: i64) -> Statement {
    Statement {
        text: "INSERT INTO t (a, b) VALUES (?, ?) RETURNING id".into(),
        params: vec![Value::Int(number), Value::Text("some text of a usual length".into())],
        types: [Type::BigInt, Type::Text].into(),
    }
}

/// 20,000 transactions of one insert each, the connection given back between them or kept, with readers beside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_stays_small_over_20_000_inserts() {
    for kept in [false, true] {
        let path = scratch(if kept { "log-kept" } else { "log" });
        let engine = at(&path, &Settings::default());
        write(&engine, &["CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT)", "CREATE INDEX i ON t (a)"])
            .await
            .unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let (reading, stop) = (engine.clone(), Arc::clone(&done));
        let reader = tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                read(&reading, &["BEGIN", "SELECT count(*) FROM t WHERE id < 50", "COMMIT"]).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_micros(200)).await;
            }
        });
        let mut most = 0;
        let mut writer = None;
        let mut seen = Seen::default();
        for number in 0..20_000_i64 {
            let mut lease = match writer.take() {
                Some(lease) => lease,
                None => engine.acquire(Access::Write).await.unwrap(),
            };
            sql(&mut *lease, &["BEGIN IMMEDIATE"]).await.unwrap();
            // Scattered keys touch many pages of the index.
            let insert = insert(number * 7_919 % 20_011);
            lease.run(&mut [Request::new(&insert, &mut seen)]).await.unwrap();
            sql(&mut *lease, &["COMMIT"]).await.unwrap();
            if kept {
                writer = Some(lease);
            }
            if number % 50 == 0 {
                most = most.max(length(&path));
            }
        }
        drop(writer);
        done.store(true, Ordering::Relaxed);
        reader.await.unwrap();
        println!("kept {kept}: at most {most} bytes");
        assert!(most > 0 && most < MOST, "the log grew to {most} bytes (kept {kept})");
        assert_eq!(read(&engine, &["SELECT count(*) FROM t"]).await.unwrap(), ["20000"]);
        engine.close().await;
    }
}
