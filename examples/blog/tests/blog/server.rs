//! The program under test, and a client that speaks just enough HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A running blog on a database of its own.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    folder: TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    /// JSON where it is JSON, text where it is not, null where there is nothing.
    pub(crate) body: Value,
}

impl Answer {
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16) {
        assert_eq!((self.status, self.kind.as_str()), (status, "application/problem+json"), "{}", self.body);
        assert_eq!(self.body["status"], status);
        assert!(self.body["title"].is_string() && self.body["detail"].is_string() && self.body["type"].is_string());
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::on(tempfile::tempdir().unwrap())
    }

    fn on(folder: TempDir) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_blog"))
            .env("PORT", "0")
            .env("DATABASE_URL", folder.path().join("blog.db"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("look at http://")?.parse().ok());
        Server { child, address: address.expect("the blog says where it is"), folder }
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn interrupt(&mut self) -> ExitStatus {
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap()
    }

    /// Starts again on the same database.
    pub(crate) fn restart(mut self) -> Self {
        Self::on(std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap()))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.raw(&format!("GET {path}"), "text/plain", b"")
    }

    /// Sends JSON, or nothing for null.
    pub(crate) fn send(&self, line: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.raw(line, "application/json", body.as_bytes())
    }

    pub(crate) fn raw(&self, line: &str, kind: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nhost: blog\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        parse(&String::from_utf8(answer).unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

fn parse(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a head has a status");
    let kind = head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default().to_owned();
    let body = match body {
        "" => Value::Null,
        text if kind.contains("json") => serde_json::from_str(text).unwrap(),
        text => Value::String(text.to_owned()),
    };
    Answer { status, kind, body }
}

/// Runs `blog db ..` and gives its code and what it said.
pub(crate) fn command(file: &Path, words: &[&str]) -> (Option<i32>, String) {
    let mut blog = Command::new(env!("CARGO_BIN_EXE_blog"));
    let output = blog.arg("db").args(words).env("DATABASE_URL", file).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}
