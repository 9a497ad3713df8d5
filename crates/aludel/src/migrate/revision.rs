//! One revision as data: its header, its steps up and down, and what can be wrong with it.

use std::fmt;
use std::sync::Arc;

use crate::schema::Op;
use crate::syntax::Span;

/// One revision file, read.
#[derive(Clone, Debug, Default)]
pub struct Revision {
    /// Its id: lower-case letters and digits, twelve of them where Aludel made it.
    pub id: String,
    /// The revisions it follows; none for the first, several for a merge.
    pub parents: Vec<String>,
    /// What it does, in a few words.
    pub message: String,
    /// The names of the branch that begins here.
    pub labels: Vec<String>,
    /// Revisions of other branches that have to be applied before.
    pub depends: Vec<String>,
    /// Revisions that this one stands for.
    pub replaces: Vec<String>,
    /// The tables of types, defaults and names it was written under.
    pub edition: u32,
    /// The steps forward, in order.
    pub up: Vec<Step>,
    /// The steps back, in the order they run; `None` where there is no way back.
    pub down: Option<Vec<Step>>,
    /// Why there is no way back, where the file says it.
    pub irreversible: Option<String>,
    /// The name of the file, as messages show it.
    pub file: Arc<str>,
    /// What stands in the file.
    pub text: Arc<str>,
}

impl Revision {
    /// The ids under which a database may have it: those it stands for, and its own.
    pub(crate) fn covers(&self) -> impl Iterator<Item = &String> {
        self.replaces.iter().chain([&self.id])
    }
}

/// One statement of a revision with its directives.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is done.
    pub work: Work,
    /// Lines of comment that a new file shows above it, without `--`; a step that was read from a file has none.
    pub notes: Vec<String>,
    /// The engines it is for; empty for all. On others it is not part of the history.
    pub only: Vec<String>,
    /// What some engines run in its place, all that name an engine one after the other; the history holds `work` all
    /// the same.
    pub instead: Vec<Instead>,
    /// Findings that are meant.
    pub allow: Vec<Allow>,
    /// Where it stands in the file.
    pub span: Span,
    /// Where the names in it stand, so that messages point at the word.
    pub names: Vec<(String, Span)>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Changes the schema.
    Change(Box<Op>),
    /// Changes rows: INSERT, UPDATE, DELETE, WITH, MERGE or TRUNCATE, as written. Each engine runs it in its own words.
    Data(String),
    /// Calls a function that the application registered under this name, with these words.
    Run {
        /// The function's name.
        name: String,
        /// What stands behind it.
        arguments: Vec<String>,
    },
    /// Anything else, as written; always limited to some engines.
    Raw(String),
}

/// `-- instead: mysql, mariadb`: what some engines run in place of the rendered step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    /// The engines.
    pub engines: Vec<String>,
    /// The statement they run, without `;`.
    pub text: String,
    /// Where it stands in the file.
    pub span: Span,
}

/// `-- allow: rule "why"`: one finding that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The rule.
    pub rule: String,
    /// Why it is meant.
    pub why: String,
}

/// Something wrong in a revision file: what, where, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: Arc<str>,
    /// What stands in it.
    pub text: Arc<str>,
    /// The words it is about; `None` where it is about the file as a whole.
    pub span: Option<Span>,
    /// What is wrong.
    pub what: String,
    /// What to write; may be empty.
    pub help: String,
}

impl Step {
    /// A step for all engines, without directives.
    pub fn new(work: Work) -> Self {
        let span = Span { start: 0, end: 0 };
        let (only, instead, allow, notes, names) = Default::default();
        Step { work, notes, only, instead, allow, span, names }
    }

    /// The operation, where the step changes the schema.
    pub fn op(&self) -> Option<&Op> {
        match &self.work {
            Work::Change(op) => Some(op),
            _ => None,
        }
    }
}

/// The message as the compiler shows its own: file, line and column, the line itself, carets under the words, and help.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match self.span {
            None => write!(f, "\n  --> {}", self.file)?,
            Some(span) => self.point(span, f)?,
        }
        if self.help.is_empty() { Ok(()) } else { write!(f, "\n  = help: {}", self.help) }
    }
}

impl Fault {
    fn point(&self, span: Span, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = span.start.min(self.text.len());
        let begin = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let line = self.text[..begin].matches('\n').count() + 1;
        let source = self.text[begin..end].trim_end_matches('\r');
        let before = &self.text[begin..start];
        let column = before.chars().count() + 1;
        // Tabs stay tabs, so that the carets stand below the words whatever the terminal's width of one.
        let indent: String = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let shown = &self.text[start..span.end.clamp(start, begin + source.len().max(start - begin))];
        let carets = "^".repeat(shown.chars().count().max(1));
        let gutter = " ".repeat(line.to_string().len());
        write!(
            f,
            "\n{gutter}--> {}:{line}:{column}\n{gutter} |\n{line} | {source}\n{gutter} | {indent}{carets}",
            self.file
        )
    }
}

impl From<Vec<Fault>> for crate::Error {
    fn from(faults: Vec<Fault>) -> Self {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        crate::Error::config(faults.join("\n\nerror: "))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_fault_points_at_the_word() {
        let text = "-- revision: a\n\tALTER TABLE \"größe\" ADD COLUMN c SERIAL;\r\n";
        let start = text.find("SERIAL").unwrap();
        let fault = Fault {
            file: "2.sql".into(),
            text: text.into(),
            span: Some(Span { start, end: start + 6 }),
            what: "there is no type `SERIAL`".into(),
            help: "write `BIGINT GENERATED BY DEFAULT AS IDENTITY`".into(),
        };
        let expected = expect![[r#"
            there is no type `SERIAL`
             --> 2.sql:2:35
              |
            2 | 	ALTER TABLE "größe" ADD COLUMN c SERIAL;
              | 	                                 ^^^^^^
              = help: write `BIGINT GENERATED BY DEFAULT AS IDENTITY`"#]];
        expected.assert_eq(&fault.to_string());
        let whole = Fault { span: None, help: String::new(), ..fault };
        assert_eq!(whole.to_string(), "there is no type `SERIAL`\n  --> 2.sql");
    }
}
