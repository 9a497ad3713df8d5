//! A process that is killed at every statement of a run.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use aludel::migrate::Runner;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::kit::*;

/// The variables that tell the child which way to go, and after which statement to die.
const WAY: &str = "ALUDEL_TEST_WAY";
const LAST: &str = "ALUDEL_TEST_LAST";

/// Counts statements, those that begin, remember and commit among them, and dies of the one it was told.
struct Deadly {
    last: usize,
    seen: AtomicUsize,
}

impl Subscriber for Deadly {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "aludel::sql"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        if self.seen.fetch_add(1, Ordering::Relaxed) == self.last {
            let _ = Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
            loop {
                std::thread::park();
            }
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
#[ignore = "run by another test as a child"]
fn child_that_is_killed() {
    let last = std::env::var(LAST).unwrap().parse().unwrap();
    tracing::subscriber::set_global_default(Deadly { last, seen: AtomicUsize::new(0) }).unwrap();
    let engine = open(Path::new(&std::env::var(ERRAND).unwrap()));
    let history = history(&[ONE, TWO, THREE]);
    let runner = Runner::over(&engine, &history);
    let done = aludel::block(async {
        match std::env::var(WAY).unwrap().as_str() {
            "up" => runner.upgrade("head").await,
            _ => runner.downgrade("a1").await,
        }
    });
    println!("\ndone {}", done.unwrap().join(" "));
}

/// Runs the child on a copy of `from`, killed after statement `last`; whether it came to its end before.
fn run(from: &Path, way: &str, last: usize) -> (std::path::PathBuf, bool) {
    let path = scratch("killed");
    std::fs::copy(from, &path).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--nocapture", "migrate::kill::child_that_is_killed"]);
    command.env(ERRAND, &path).env(WAY, way).env(LAST, last.to_string());
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(text.contains("done "), output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    (path, output.status.success())
}

#[cfg(unix)]
#[test]
fn killed_after_any_statement_a_run_has_done_a_revision_or_not() {
    let from = scratch("killed-from");
    let history = history(&[ONE, TWO, THREE]);
    let (first, both) = aludel::block(async {
        let engine = filled(&from).await;
        let first = stored(&engine).await;
        let runner = Runner::over(&engine, &history);
        runner.upgrade("b2").await.unwrap();
        let second = stored(&engine).await;
        runner.upgrade("c3").await.unwrap();
        let third = stored(&engine).await;
        engine.close().await;
        (first.clone(), [first, second, third])
    });
    let up = scratch("killed-up");
    aludel::block(async {
        std::fs::copy(&from, &up).unwrap();
        let engine = open(&up);
        Runner::over(&engine, &history).downgrade("a1").await.unwrap();
        assert_eq!(stored(&engine).await, first);
        engine.close().await;
    });
    for (from, way) in [(&up, "up"), (&from, "down")] {
        let mut seen = [0, 0, 0];
        for last in 0.. {
            let (path, ended) = run(from, way, last);
            aludel::block(async {
                let engine = open(&path);
                let applied = ids(&engine).await;
                seen[applied.len() - 1] += 1;
                assert_eq!(applied, ["a1", "b2", "c3"][..applied.len()], "{way} {last}");
                assert_eq!(stored(&engine).await, both[applied.len() - 1], "{way} {last}");
                assert_eq!(goods(&engine).await, GOODS, "{way} {last}");
                let whole = read(&engine, &["PRAGMA integrity_check"]).await.unwrap();
                assert_eq!(whole, ["ok"], "{way} {last}");
                let runner = Runner::over(&engine, &history);
                runner.upgrade("head").await.unwrap();
                assert_eq!(stored(&engine).await, both[2], "the next run goes on: {way} {last}");
                assert_eq!(goods(&engine).await, GOODS, "{way} {last}");
                engine.close().await;
            });
            if ended {
                break;
            }
        }
        assert!(seen.iter().all(|times| *times > 0), "{way}: {seen:?}");
    }
}
