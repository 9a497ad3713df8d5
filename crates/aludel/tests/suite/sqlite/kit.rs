//! Files, statements and children.

use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use aludel::driver::{Access, Connection, Request, Settings, SharedEngine, Sink, open};
use aludel::sql::Statement;
use aludel::{Cell, Result, Row};

/// A path of its own, in a fresh folder.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("aludel-test-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("test.db")
}

pub(crate) fn at(path: &Path, settings: &Settings) -> SharedEngine {
    open(path.to_str().unwrap(), settings).unwrap()
}

pub(crate) fn file(name: &str) -> SharedEngine {
    at(&scratch(name), &Settings::default())
}

/// Keeps rows as text: cells with `|` between.
#[derive(Default)]
pub(crate) struct Seen(pub(crate) Vec<String>);

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

/// Runs `texts` one after the other; the rows of the last one.
pub(crate) async fn sql(connection: &mut dyn Connection, texts: &[&str]) -> Result<Vec<String>> {
    let mut seen = Seen::default();
    for text in texts {
        seen.0.clear();
        let statement = Statement::plain(*text);
        connection.run(&mut [Request::new(&statement, &mut seen)]).await?;
    }
    Ok(seen.0)
}

/// Runs `texts` on a write connection of their own.
pub(crate) async fn write(engine: &SharedEngine, texts: &[&str]) -> Result<Vec<String>> {
    let mut writer = engine.acquire(Access::Write).await?;
    sql(&mut *writer, texts).await
}

/// Runs `texts` on a read connection of their own.
pub(crate) async fn read(engine: &SharedEngine, texts: &[&str]) -> Result<Vec<String>> {
    let mut reader = engine.acquire(Access::Read).await?;
    sql(&mut *reader, texts).await
}

/// The variable that tells a child what to do.
pub(crate) const ERRAND: &str = "ALUDEL_TEST_ERRAND";

/// This very test binary, running the ignored test `name` alone with `errand`.
pub(crate) fn child(name: &str, errand: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--nocapture", name]).env(ERRAND, errand);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    (child, lines)
}

/// Reads the child's lines up to one that contains `word`; that line.
pub(crate) fn await_line(lines: &mut BufReader<ChildStdout>, word: &str) -> String {
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 {
        if line.contains(word) {
            return line;
        }
        line.clear();
    }
    panic!("the child ended without saying `{word}`");
}
