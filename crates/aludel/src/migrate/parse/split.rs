//! A file into statements and directives.

use super::cursor::{Mistake, ends_early};
use crate::schema::distance;
use crate::syntax::{Flavour, Kind, Span, Token, lex};

/// What a file is made of.
pub(super) enum Piece<'a> {
    /// `-- word: rest`, or `-- downgrade`.
    Directive(Directive<'a>),
    /// Everything up to a `;`.
    Statement(Statement),
    /// A statement whose tokens are wrong, which is told already.
    Broken,
}

/// A comment that says something to Aludel.
#[derive(Clone, Copy)]
pub(super) struct Directive<'a> {
    /// Its word.
    pub(super) word: Word,
    /// What stands behind the colon.
    pub(super) rest: &'a str,
    /// The whole comment.
    pub(super) span: Span,
}

impl Directive<'_> {
    /// Where `part` of its rest stands.
    pub(super) fn part(&self, part: &str) -> Span {
        let start = self.span.end - self.rest.len() + (part.as_ptr().addr() - self.rest.as_ptr().addr());
        Span { start, end: start + part.len() }
    }
}

/// A statement without its `;`.
pub(super) struct Statement {
    /// Its tokens, without blanks and comments.
    pub(super) tokens: Vec<Token>,
    /// From the first to the last of them.
    pub(super) span: Span,
}

/// The words of directives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Edition,
    Revision,
    Parents,
    Message,
    Label,
    Depends,
    Replaces,
    Downgrade,
    Only,
    Instead,
    Run,
    Allow,
    Irreversible,
    Model,
}

impl Word {
    const ALL: [(&'static str, Word); 14] = [
        ("edition", Word::Edition),
        ("revision", Word::Revision),
        ("parents", Word::Parents),
        ("message", Word::Message),
        ("label", Word::Label),
        ("depends", Word::Depends),
        ("replaces", Word::Replaces),
        ("downgrade", Word::Downgrade),
        ("only", Word::Only),
        ("instead", Word::Instead),
        ("run", Word::Run),
        ("allow", Word::Allow),
        ("irreversible", Word::Irreversible),
        ("model", Word::Model),
    ];

    /// As it is written, without the colon.
    pub(super) fn text(self) -> &'static str {
        Word::ALL.iter().find(|(_, word)| *word == self).map_or("", |(text, _)| text)
    }

    /// Whether it belongs into the header.
    pub(super) fn heads(self) -> bool {
        use Word::{Depends, Edition, Label, Message, Parents, Replaces, Revision};
        matches!(self, Edition | Revision | Parents | Message | Label | Depends | Replaces)
    }
}

/// The statements and directives of `text` in order, and what is wrong with its tokens.
pub(super) fn split(text: &str) -> (Vec<Piece<'_>>, Vec<Mistake>) {
    let mut splitter =
        Splitter { text, pieces: Vec::new(), mistakes: Vec::new(), tokens: Vec::new(), ..Splitter::default() };
    let mut at = 0;
    while at < text.len() {
        at = splitter.run(at);
    }
    splitter.finish();
    (splitter.pieces, splitter.mistakes)
}

#[derive(Default)]
struct Splitter<'a> {
    text: &'a str,
    pieces: Vec<Piece<'a>>,
    mistakes: Vec<Mistake>,
    /// The statement so far.
    tokens: Vec<Token>,
    /// Whether the statement so far is known to be wrong.
    broken: bool,
    /// How many BEGIN and CASE are open in the body of a trigger or function.
    depth: usize,
}

impl<'a> Splitter<'a> {
    /// Reads on from `from`, and gives where to go on: behind the line of a string that never ends, else at the end.
    fn run(&mut self, from: usize) -> usize {
        for token in lex(&self.text[from..], Flavour::PORTABLE) {
            let span = Span { start: token.span.start + from, end: token.span.end + from };
            let token = Token { span, ..token };
            match token.kind {
                Kind::Blank => {}
                Kind::Comment => self.comment(span),
                Kind::Open => return self.open(span),
                Kind::Sign if self.depth == 0 && span.of(self.text) == ";" => self.end(),
                _ => self.token(token),
            }
        }
        self.text.len()
    }

    fn token(&mut self, token: Token) {
        self.tokens.push(token);
        if token.kind == Kind::Word && self.has_body() {
            let word = |back: usize| {
                let at = self.tokens.len().checked_sub(back + 1)?;
                Some(self.tokens[at].span.of(self.text).to_ascii_lowercase())
            };
            let (this, before) = (word(0).unwrap_or_default(), word(1).unwrap_or_default());
            match this.as_str() {
                "begin" => self.depth += 1,
                // END CASE ends a CASE that END alone would have ended too.
                "case" if before != "end" => self.depth += 1,
                "end" => self.depth = self.depth.saturating_sub(1),
                // END IF and the like end what was not counted.
                "if" | "loop" | "while" | "repeat" | "for" if before == "end" => self.depth += 1,
                _ => {}
            }
        }
    }

    /// Whether the statement makes something with statements inside.
    fn has_body(&self) -> bool {
        let is = |token: &Token, word: &str| token.span.of(self.text).eq_ignore_ascii_case(word);
        if self.tokens.first().is_none_or(|token| !is(token, "create")) {
            return false;
        }
        let one_of = |token: &Token, words: &[&str]| words.iter().any(|word| is(token, word));
        // CREATE OR REPLACE DEFINER = a@b TRIGGER
        let mut words = self.tokens.iter().skip(1).take(8);
        let kind = words.find(|token| one_of(token, &OBJECTS) || one_of(token, &BODIES));
        kind.is_some_and(|kind| one_of(kind, &BODIES))
    }

    /// The statement ends here.
    fn end(&mut self) {
        let tokens = std::mem::take(&mut self.tokens);
        self.depth = 0;
        if std::mem::take(&mut self.broken) {
            return self.pieces.push(Piece::Broken);
        }
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            let span = first.span.to(last.span);
            self.pieces.push(Piece::Statement(Statement { tokens, span }));
        }
    }

    /// A comment is one, or a directive.
    fn comment(&mut self, span: Span) {
        let comment = span.of(self.text).trim_end();
        let span = Span { start: span.start, end: span.start + comment.len() };
        let Some(body) = comment.strip_prefix("--") else { return };
        let Some((word, rest)) = head(body) else { return };
        let begun = !self.tokens.is_empty();
        let line = self.text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let alone = self.text[line..span.start].trim().is_empty();
        let known = Word::ALL.iter().find(|(text, _)| word.eq_ignore_ascii_case(text)).map(|(_, word)| *word);
        match known {
            Some(known) if begun && (known.heads() || known == Word::Model) => {}
            Some(_) if begun && !alone => {}
            Some(_) if !alone => {
                let help = "write it above the statement it is for";
                self.mistakes.push(Mistake::new(span, "a directive stands behind a statement on its line", help));
            }
            Some(known) => {
                if begun {
                    let help = "is a `;` missing above?";
                    self.mistakes.push(Mistake::new(span, "a directive inside a statement", help));
                    self.broken = true;
                    self.end();
                }
                self.pieces.push(Piece::Directive(Directive { word: known, rest: rest.unwrap_or_default(), span }));
            }
            None if begun => {}
            None => self.near_directive(word, rest.is_some(), span),
        }
    }

    /// A comment that begins like a directive but for a letter, or where the first is right for two of a long word. A
    /// misspelt `-- model:` loses nothing, and is told nothing.
    fn near_directive(&mut self, word: &str, colon: bool, span: Span) {
        let word = word.to_lowercase();
        let near = |text: &&str| match distance(&word, text) {
            0 | 1 => true,
            2 => text.len() > 5 && word.chars().next() == text.chars().next(),
            _ => false,
        };
        let words = Word::ALL.iter().filter(|(_, word)| *word == Word::Downgrade || (colon && *word != Word::Model));
        if let Some(near) = words.map(|(text, _)| *text).find(near) {
            let end = if near == "downgrade" { "" } else { ":" };
            let start = span.start + span.of(self.text).to_lowercase().find(&word).unwrap_or_default();
            let place = Span { start, end: start + word.len() };
            let place = if self.text.is_char_boundary(place.end) { place } else { span };
            let help = format!("did you mean `-- {near}{end}`? A comment may begin with any other word");
            self.mistakes.push(Mistake::new(place, format!("there is no directive `{word}`"), help));
        }
    }

    /// A string, name or comment that never ends takes its line along.
    fn open(&mut self, span: Span) -> usize {
        let piece = span.of(self.text);
        let end = piece.find('\n').map_or(self.text.len(), |at| span.start + at + 1);
        let line = self.text[span.start..end].trim_end();
        let place = Span { start: span.start, end: span.start + line.len() };
        let mistake = match self.early_string(span) {
            Some(early) => ends_early(self.text, early),
            None if piece.starts_with("/*") => Mistake::new(place, "a comment opened here never ends", "write `*/`"),
            None if piece.starts_with(['"', '`']) => {
                Mistake::new(place, "a name opened here never ends", format!("write `{}` behind it", &piece[..1]))
            }
            None if piece.starts_with('$') => {
                Mistake::new(place, "a string opened here never ends", "write the same `$..$` behind it")
            }
            None => Mistake::new(
                place,
                "a string opened here never ends",
                "write `'` behind it, and `''` for a quote inside",
            ),
        };
        self.mistakes.push(mistake);
        self.broken = true;
        if line.ends_with(';') {
            self.end();
        } else if self.tokens.is_empty() {
            self.tokens.push(Token { kind: Kind::Open, span: place });
        }
        end
    }

    /// The string on the same line that ended where a word goes on, if what opens at `span` is what is left of it.
    fn early_string(&self, span: Span) -> Option<Span> {
        let line = self.text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let pairs = self.tokens.windows(2).filter(|pair| pair[0].span.start >= line);
        let mut touching = pairs.filter(|pair| pair[0].kind == Kind::Text && pair[1].kind == Kind::Word);
        let found = touching.find(|pair| pair[0].span.end == pair[1].span.start)?;
        Some(found[0].span)
    }

    /// The text ends.
    fn finish(&mut self) {
        if !self.tokens.is_empty() {
            self.pieces.push(Piece::Broken);
        }
        if let (Some(first), Some(last), false) = (self.tokens.first(), self.tokens.last(), self.broken) {
            let mistake = if self.depth > 0 {
                let span = self.tokens.iter().find(|token| token.span.of(self.text).eq_ignore_ascii_case("begin"));
                Mistake::new(span.unwrap_or(first).span, "`BEGIN` without its `END`", "write `END;`")
            } else {
                Mistake::new(last.span, "the statement does not end", "write `;` behind it")
            };
            self.mistakes.push(mistake);
        }
    }
}

/// What CREATE makes that has no statements inside.
const OBJECTS: [&str; 7] = ["table", "index", "view", "type", "schema", "sequence", "domain"];

/// What CREATE makes with statements inside.
const BODIES: [&str; 4] = ["trigger", "procedure", "function", "event"];

/// The word that a comment begins with and what stands behind its colon; without a colon only where nothing follows.
fn head(body: &str) -> Option<(&str, Option<&str>)> {
    let body = body.trim();
    let length = body.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(body.len());
    let (word, rest) = body.split_at(length);
    if word.is_empty() {
        return None;
    }
    match rest.trim_start().strip_prefix(':') {
        Some(rest) => Some((word, Some(rest.trim()))),
        None => rest.is_empty().then_some((word, None)),
    }
}
