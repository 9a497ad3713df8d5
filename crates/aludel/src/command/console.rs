//! Where a command reads and writes: the terminal of whoever typed it, or a pair of buffers.

use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};

use super::paint::Paint;

/// The three streams, and which of them a person sits at.
pub(crate) struct Console<'a> {
    out: Box<dyn Write + 'a>,
    error: Box<dyn Write + 'a>,
    input: Box<dyn BufRead + 'a>,
    /// Whether somebody is there to answer.
    pub(super) answers: bool,
    /// Whether progress is shown.
    pub(super) watched: bool,
    /// The command that edits a file.
    pub(super) editor: Option<String>,
    /// Colours of what is answered.
    pub(super) paint: Paint,
    /// Colours of what went wrong.
    pub(super) alarm: Paint,
}

impl Console<'static> {
    /// That of the process. Colours only on a terminal, and not where `NO_COLOR` is set or the terminal is dumb.
    pub(crate) fn standard() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let colours = set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb");
        let (out, error, input) = (io::stdout(), io::stderr(), io::stdin());
        Console {
            answers: input.is_terminal() && error.is_terminal(),
            watched: error.is_terminal(),
            editor: set("VISUAL").or_else(|| set("EDITOR")),
            paint: Paint(colours && out.is_terminal()),
            alarm: Paint(colours && error.is_terminal()),
            out: Box::new(out),
            error: Box::new(error),
            input: Box::new(io::BufReader::new(input)),
        }
    }
}

impl<'a> Console<'a> {
    /// One that writes into buffers; somebody is there where there is `input`.
    #[cfg(test)]
    pub(super) fn scripted(out: &'a mut Vec<u8>, error: &'a mut Vec<u8>, input: Option<&'a str>) -> Self {
        Console {
            out: Box::new(out),
            error: Box::new(error),
            answers: input.is_some(),
            watched: input.is_some(),
            editor: None,
            input: Box::new(input.unwrap_or_default().as_bytes()),
            paint: Paint(false),
            alarm: Paint(false),
        }
    }

    /// Answers. A reader that has gone away, as `head` does, is no failure.
    ///
    /// # Errors
    /// The answer did not get out, or not all of it: the disk that it goes to is full.
    pub(super) fn answer(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let written = writeln!(self.out, "{}", text.trim_end_matches('\n')).and_then(|()| self.out.flush());
        written.or_else(|error| if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
    }

    /// Says something beside the answer.
    pub(super) fn say(&mut self, text: &str) {
        let _ = writeln!(self.error, "{text}");
    }

    /// Asks, and waits for a line; `None` at the end of the input.
    pub(super) fn ask(&mut self, question: &str) -> Option<String> {
        let _ = write!(self.error, "{question} ");
        let _ = self.error.flush();
        let mut line = String::new();
        let read = self.input.read_line(&mut line).unwrap_or_default();
        (read > 0).then(|| line.trim().to_owned())
    }
}
