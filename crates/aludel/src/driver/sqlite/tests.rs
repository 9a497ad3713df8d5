//! The engine through its contract.

use std::ops::ControlFlow;

use crate::driver::{Access, Connection, Discard, Request, Settings, SharedEngine, Sink, open};
use crate::sql::Statement;
use crate::{Cell, Result, Row, Type, Value, block};

/// Keeps rows as text, to be compared.
#[derive(Default)]
pub(super) struct Seen(pub(super) Vec<String>);

impl Sink for Seen {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        let cells: Result<Vec<String>> = (0..row.width())
            .map(|index| {
                row.cell(index).map(|cell| match cell {
                    Cell::Int(value) => value.to_string(),
                    Cell::Text(value) => value.to_owned(),
                    other => format!("{other:?}"),
                })
            })
            .collect();
        self.0.push(cells?.join("|"));
        Ok(ControlFlow::Continue(()))
    }
}

/// A file of its own, gone afterwards.
pub(super) fn scratch(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("aludel-driver-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("test.db")
}

pub(super) fn file(name: &str) -> SharedEngine {
    open(scratch(name).to_str().unwrap(), &Settings::default()).unwrap()
}

/// Runs `texts` on one connection and tells what the last one gave.
pub(super) async fn sql(connection: &mut dyn Connection, texts: &[&str]) -> Result<Vec<String>> {
    let mut seen = Seen::default();
    for text in texts {
        seen.0.clear();
        let statement = Statement::plain(*text);
        connection.run(&mut [Request::new(&statement, &mut seen)]).await?;
    }
    Ok(seen.0)
}

#[test]
fn what_was_committed_is_read_by_others_and_what_was_dropped_is_not() {
    for engine in [file("drop"), open("sqlite::memory:", &Settings::default()).unwrap()] {
        block(async {
            let mut writer = engine.acquire(Access::Write).await.unwrap();
            sql(&mut *writer, &["CREATE TABLE t (a)", "BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)", "COMMIT"])
                .await
                .unwrap();
            sql(&mut *writer, &["BEGIN IMMEDIATE", "INSERT INTO t VALUES (2)"]).await.unwrap();
            assert!(writer.in_transaction());
            drop(writer);
            let mut reader = engine.acquire(Access::Read).await.unwrap();
            assert_eq!(sql(&mut *reader, &["SELECT a FROM t"]).await.unwrap(), ["1"]);
        });
    }
}

#[test]
fn values_travel_and_changes_are_counted() {
    let engine = file("values");
    block(async {
        let mut writer = engine.acquire(Access::Write).await.unwrap();
        sql(&mut *writer, &["CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)"]).await.unwrap();
        let mut seen = Seen::default();
        let insert = Statement {
            text: "INSERT INTO t (b) VALUES (?), (?) RETURNING a".into(),
            params: vec![Value::Text("x".into()), Value::Null],
            types: [Type::Text, Type::Text].into(),
        };
        let create = Statement::plain("CREATE TABLE u (a)");
        let mut discard = Discard;
        let mut batch = [Request::new(&insert, &mut seen), Request::new(&create, &mut discard)];
        writer.run(&mut batch).await.unwrap();
        assert_eq!((batch[0].affected, batch[1].affected), (2, 0));
        assert_eq!(seen.0, ["1", "2"]);
    });
}
