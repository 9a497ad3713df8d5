//! Many writers and readers at once, for ten seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aludel::driver::{Access, Settings};

use crate::kit::{at, read, scratch, sql, write};
use crate::turn;

/// Nobody sees a lock, and every count is exact: what was acknowledged is there, once.
#[test]
fn sixty_four_writers_and_two_hundred_readers_for_ten_seconds() {
    let _turn = turn();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut settings = Settings::default();
    // On a machine with two cores 264 tasks wait for each other, not for a lock.
    settings.acquire_timeout = Duration::from_secs(30);
    let path = scratch("crowd");
    let engine = at(&path, &settings);
    let committed = Arc::new(AtomicU64::new(0));
    let reads = Arc::new(AtomicU64::new(0));
    runtime.block_on(async {
        write(&engine, &["CREATE TABLE t (n INT, half INT)", "CREATE TABLE c (n INT)", "INSERT INTO c VALUES (0)"])
            .await
            .unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        let mut tasks = Vec::new();
        for number in 0..64 {
            let (engine, committed) = (engine.clone(), Arc::clone(&committed));
            tasks.push(tokio::spawn(async move {
                while Instant::now() < until {
                    let mut writer = engine.acquire(Access::Write).await?;
                    let insert = format!("INSERT INTO t VALUES ({number}, 1), ({number}, 2)");
                    sql(&mut *writer, &["BEGIN IMMEDIATE", &insert, "UPDATE c SET n = n + 1", "COMMIT"]).await?;
                    committed.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<(), aludel::Error>(())
            }));
        }
        for _ in 0..200 {
            let (engine, reads) = (engine.clone(), Arc::clone(&reads));
            tasks.push(tokio::spawn(async move {
                while Instant::now() < until {
                    let mut reader = engine.acquire(Access::Read).await?;
                    let halves = "SELECT (SELECT n FROM c) * 2 - (SELECT max(rowid) FROM t)";
                    let rows = sql(&mut *reader, &["BEGIN", halves]).await?;
                    assert!(rows == ["0"] || rows == ["Null"], "{rows:?}");
                    drop(reader);
                    reads.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                Ok::<(), aludel::Error>(())
            }));
        }
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let committed = committed.load(Ordering::Relaxed);
        println!("{committed} commits, {} reads", reads.load(Ordering::Relaxed));
        assert!(committed > 64, "{committed}");
        let counts = "SELECT (SELECT n FROM c), (SELECT count(*) FROM t WHERE half = 1), (SELECT count(*) FROM t)";
        let expected = format!("{committed}|{committed}|{}", committed * 2);
        assert_eq!(read(&engine, &[counts]).await.unwrap(), [expected]);
        let log = std::fs::metadata(path.with_extension("db-wal")).map_or(0, |found| found.len());
        assert!(log < 8 << 20, "the log has {log} bytes");
        engine.close().await;
    });
}
