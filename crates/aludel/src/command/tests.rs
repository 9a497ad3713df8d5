//! Commands as they are typed, with what they answer.

mod asking;
mod graph;
mod helping;
mod life;
mod naming;
mod reading;

use std::ffi::OsString;
use std::path::PathBuf;

use super::console::Console;
use super::{Project, answer};
use crate::Meta;
use crate::migrate::Source;

/// A folder with a database and revisions.
pub(super) struct Desk {
    folder: tempfile::TempDir,
    /// The command that edits a file.
    editor: Option<String>,
    /// What the program carries, where it has no folder.
    carried: Option<Source>,
}

impl Desk {
    pub(super) fn new() -> Self {
        Desk { folder: tempfile::tempdir().unwrap(), editor: None, carried: None }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The files of the folder, but for those of revisions.
    pub(super) fn files(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs `texts` in the database, as somebody does who goes by no command.
    pub(super) fn runs(&self, texts: &[&str]) {
        crate::block(async {
            let url = self.path("shop.db");
            let engine = crate::driver::open(url.to_str().unwrap(), &crate::Settings::default()).unwrap();
            let mut connection = engine.acquire(crate::driver::Access::Write).await.unwrap();
            for text in texts {
                let statement = crate::sql::Statement::plain(*text);
                let mut discard = crate::driver::Discard;
                connection.run(&mut [crate::driver::Request::new(&statement, &mut discard)]).await.unwrap();
            }
            drop(connection);
            engine.close().await;
        });
    }

    /// Types `line` where nobody is there to answer; gives the code, and what was said with paths cut short.
    pub(super) fn types(&self, models: &[&'static Meta], line: &str) -> (u8, String, String) {
        self.at_terminal(models, line, None)
    }

    /// The same for somebody who answers with `input`.
    pub(super) fn at_terminal(
        &self,
        models: &[&'static Meta],
        line: &str,
        input: Option<&str>,
    ) -> (u8, String, String) {
        let project: Project = Project::new("shop").schema(models).url(self.path("shop.db").to_str().unwrap());
        let (project, mut typed): (_, Vec<OsString>) = match &self.carried {
            Some(source) => (project.revisions(source.clone()), Vec::new()),
            None => (project, vec!["--dir".into(), self.path("migrations").into()]),
        };
        typed.extend(words(line).into_iter().map(OsString::from));
        let (mut out, mut error) = (Vec::new(), Vec::new());
        let code = {
            let mut console = Console::scripted(&mut out, &mut error, input);
            console.editor.clone_from(&self.editor);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(answer(&project, typed.into_iter(), &mut console))
        };
        let shown = |text: Vec<u8>| {
            let text = String::from_utf8(text).unwrap();
            text.replace(&format!("{}/", self.folder.path().display()), "")
        };
        (code, shown(out), shown(error))
    }

    /// What a person sees who types `lines`, one after the other.
    pub(super) fn session(&self, models: &[&'static Meta], lines: &[&str]) -> String {
        lines.iter().map(|line| transcript(line, self.types(models, line))).collect()
    }
}

/// A command with its answer, what it said beside, and its code where that is not 0.
pub(super) fn transcript(line: &str, (code, out, error): (u8, String, String)) -> String {
    let beside: String = error.lines().map(|line| format!("! {line}\n")).collect();
    let code = if code == 0 { String::new() } else { format!("= {code}\n") };
    format!("$ {line}\n{out}{beside}{code}")
}

/// The words of a line; quotes hold some together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('"').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}
