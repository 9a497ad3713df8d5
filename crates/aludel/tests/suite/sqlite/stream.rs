//! Rows of a long read, as a stream.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::{Duration, Instant};

use aludel::driver::{Rows, Settings, SharedEngine, open, rows};
use aludel::sql::Statement;
use aludel::{Cell, Error, Result, Row};
use futures_core::Stream;

use super::kit::{file, write};

const ENDLESS: &str = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c";
const NUMBERS: &str =
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 10000) SELECT x FROM c";

async fn next(rows: &mut Rows<i64>) -> Option<Result<i64>> {
    poll_fn(|context| Pin::new(&mut *rows).poll_next(context)).await
}

fn number(row: &dyn Row) -> Result<i64> {
    match row.cell(0)? {
        Cell::Int(value) => Ok(value),
        other => Err(Error::msg(format!("{other:?}"))),
    }
}

async fn numbers(engine: &SharedEngine, text: &str) -> Rows<i64> {
    rows(engine, Statement::plain(text), number).await.unwrap()
}

#[tokio::test]
async fn rows_come_in_order_to_the_end_while_others_write() {
    for engine in [file("stream"), open("sqlite::memory:", &Settings::default()).unwrap()] {
        write(&engine, &["CREATE TABLE t (a)"]).await.unwrap();
        let mut stream = numbers(&engine, NUMBERS).await;
        for expected in 1..=10_000 {
            if expected % 1_000 == 0 {
                write(&engine, &["INSERT INTO t VALUES (1)"]).await.unwrap();
            }
            assert_eq!(next(&mut stream).await.unwrap().unwrap(), expected);
        }
        assert!(next(&mut stream).await.is_none());
        assert!(next(&mut stream).await.is_none());
        assert_eq!(engine.stats().open, engine.stats().idle, "the connection is back");
    }
}

#[tokio::test]
async fn a_stream_that_is_dropped_stops_its_statement() {
    let engine = file("stream-dropped");
    let mut stream = numbers(&engine, ENDLESS).await;
    assert_eq!(next(&mut stream).await.unwrap().unwrap(), 1);
    drop(stream);
    let begun = Instant::now();
    while engine.stats().open != engine.stats().idle {
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", engine.stats());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn what_goes_wrong_comes_last() {
    let engine = file("stream-wrong");
    let fails =
        |row: &dyn Row| number(row).and_then(|x| if x == 300 { Err(Error::msg("three hundred")) } else { Ok(x) });
    let mut stream = rows(&engine, Statement::plain(NUMBERS), fails).await.unwrap();
    let mut seen = 0;
    let error = loop {
        match next(&mut stream).await.unwrap() {
            Ok(_) => seen += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((seen, error.to_string().as_str()), (299, "three hundred"));
    assert!(next(&mut stream).await.is_none());

    let panics = |row: &dyn Row| number(row).inspect(|x| assert!(*x < 300, "as the test wants it"));
    let mut stream = rows(&engine, Statement::plain(NUMBERS), panics).await.unwrap();
    let error = loop {
        if let Err(error) = next(&mut stream).await.unwrap() {
            break error;
        }
    };
    assert!(error.to_string().contains("panicked"), "{error}");
    assert_eq!(next(&mut numbers(&engine, NUMBERS).await).await.unwrap().unwrap(), 1, "the connection is usable");
}

#[tokio::test]
async fn a_reader_that_dawdles_at_the_end_holds_up_nobody_else() {
    let engine = file("stream-dawdle");
    // The chunk being read, four in the queue, and a last one that finds no room.
    let text = NUMBERS.replace("10000", "1400");
    let mut stream = numbers(&engine, &text).await;
    assert_eq!(next(&mut stream).await.unwrap().unwrap(), 1);
    tokio::time::sleep(Duration::from_millis(50)).await;
    // On a runtime with one thread this statement needs the thread of its connection.
    let mut other = numbers(&engine, &NUMBERS.replace("10000", "1")).await;
    let one = tokio::time::timeout(Duration::from_secs(2), next(&mut other)).await;
    assert_eq!(one.expect("the other connection is not held up").unwrap().unwrap(), 1);
    drop(other);
    let mut rest = 1;
    while let Some(row) = next(&mut stream).await {
        row.unwrap();
        rest += 1;
    }
    assert_eq!(rest, 1_400);
}
