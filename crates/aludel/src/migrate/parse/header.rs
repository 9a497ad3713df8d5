//! The header: which revision it is, and what stands before it.

use super::cursor::{Mistake, either};
use super::split::{Directive, Word};
use crate::migrate::history::WORDS;

/// The edition that new files are written under.
pub(crate) const EDITION: u32 = 1;

/// The editions that this version reads.
const EDITIONS: [u32; 1] = [EDITION];

/// What the lines of a header say.
#[derive(Default)]
pub(super) struct Header {
    pub(super) edition: u32,
    pub(super) id: String,
    pub(super) parents: Vec<String>,
    pub(super) message: String,
    pub(super) labels: Vec<String>,
    pub(super) depends: Vec<String>,
    pub(super) replaces: Vec<String>,
    seen: Vec<Word>,
}

impl Header {
    /// Takes one line.
    pub(super) fn take(&mut self, line: &Directive<'_>, mistakes: &mut Vec<Mistake>) {
        if self.seen.contains(&line.word) {
            let what = format!("`-- {}:` stands here twice", line.word.text());
            return mistakes.push(Mistake::new(line.span, what, "leave one of them out"));
        }
        self.seen.push(line.word);
        match line.word {
            Word::Edition => match edition(line) {
                Ok(edition) => self.edition = edition,
                Err(mistake) => mistakes.push(mistake),
            },
            Word::Revision => match identifier(line, line.rest, "the id of a revision") {
                Ok(id) => self.id = id,
                Err(mistake) => mistakes.push(mistake),
            },
            Word::Parents => self.parents = list(line, "the id of a revision", mistakes),
            Word::Label => self.labels = list(line, "a label", mistakes),
            Word::Depends => self.depends = list(line, "the id of a revision", mistakes),
            Word::Replaces => self.replaces = list(line, "the id of a revision", mistakes),
            _ => line.rest.clone_into(&mut self.message),
        }
    }

    /// The lines that have to be there and are not.
    pub(super) fn finish(&self, mistakes: &mut Vec<Mistake>) {
        for (word, help) in [
            (Word::Edition, "write `-- edition:  1` as the first line"),
            (Word::Revision, "write `-- revision: ` and an id that no other file has"),
            (Word::Parents, "write `-- parents:  ` and the revisions it follows, or nothing for the first one"),
        ] {
            if !self.seen.contains(&word) {
                let what = format!("the header has no line `-- {}:`", word.text());
                mistakes.push(Mistake { span: None, what, help: help.into() });
            }
        }
    }
}

fn edition(line: &Directive<'_>) -> Result<u32, Mistake> {
    let known: Vec<String> = EDITIONS.iter().map(ToString::to_string).collect();
    let known = either(&known);
    match line.rest.parse::<u32>() {
        Ok(edition) if EDITIONS.contains(&edition) => Ok(edition),
        Ok(edition) => {
            let what = format!("edition {edition} is not known; this version knows {known}");
            Err(Mistake::new(line.part(line.rest), what, "update Aludel, or write an edition that it knows"))
        }
        Err(_) => Err(Mistake::new(line.span, "an edition is a number", format!("write `-- edition:  {known}`"))),
    }
}

/// Ids or labels with commas between.
fn list(line: &Directive<'_>, what: &str, mistakes: &mut Vec<Mistake>) -> Vec<String> {
    let mut items = Vec::new();
    if line.rest.is_empty() {
        return items;
    }
    for part in line.rest.split(',').map(str::trim) {
        match identifier(line, part, what) {
            Ok(item) if items.contains(&item) => {
                mistakes.push(Mistake::new(line.part(part), format!("`{item}` stands here twice"), "leave one out"));
            }
            Ok(item) => items.push(item),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    items
}

/// An id or a label, which can stand in `rev+2` and `branch@head`.
fn identifier(line: &Directive<'_>, part: &str, what: &str) -> Result<String, Mistake> {
    let span = if part.is_empty() { line.span } else { line.part(part) };
    if part.is_empty() {
        return Err(Mistake::new(span, format!("{what} is missing"), "write lower-case letters and digits"));
    }
    if WORDS.contains(&part) {
        let what = format!("`{part}` is a word of the commands and cannot be {what}");
        return Err(Mistake::new(span, what, "choose another"));
    }
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !part.chars().all(fits) {
        let what = format!("`{part}` cannot be {what}");
        return Err(Mistake::new(span, what, "write lower-case letters, digits and `_`"));
    }
    Ok(part.to_owned())
}
