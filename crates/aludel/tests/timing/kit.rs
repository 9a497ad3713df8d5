//! Files, statements, and turns.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aludel::driver::{Connection, Request, Settings, SharedEngine, Sink, open};
use aludel::sql::Statement;
use aludel::{Cell, Result, Row};

/// Timing tests take turns: what runs beside them would be measured too.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A path of its own, in a fresh folder.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("aludel-timing-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("test.db")
}

pub(crate) fn file(name: &str) -> SharedEngine {
    open(scratch(name).to_str().unwrap(), &Settings::default()).unwrap()
}

/// Adds up the integers of a statement.
#[derive(Default)]
pub(crate) struct Sum(pub(crate) i64);

impl Sink for Sum {
    fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
        if let Cell::Int(value) = row.cell(0)? {
            self.0 += value;
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Runs `texts` one after the other; the sum of the first column of all their rows.
pub(crate) async fn sql(connection: &mut dyn Connection, texts: &[&str]) -> Result<i64> {
    let mut sum = Sum::default();
    for text in texts {
        let statement = Statement::plain(*text);
        connection.run(&mut [Request::new(&statement, &mut sum)]).await?;
    }
    Ok(sum.0)
}
