//! Going through the words of a stored text, blanks and comments passed over.

use super::{Name, Result};
use crate::syntax::{Flavour, Kind, Span, Token, lex};

/// How this engine's texts are told apart.
pub(in crate::dialect::sqlite) const FLAVOUR: Flavour = Flavour { nested: false, brackets: true, escapes: false };

/// The words of a text, and the next one.
pub(super) struct Words<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
}

/// The words with which a clause of a column begins, and which no type holds without quotes.
const CLAUSES: [&str; 11] =
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "NOT", "NULL", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "DEFERRABLE", "AS"];

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str) -> Result<Self> {
        let mut tokens = lex(text, FLAVOUR);
        for token in &tokens {
            let piece = token.span.of(text);
            match token.kind {
                Kind::Open => return Err(format!("`{}` is not closed", head(piece))),
                // To the engine these are letters of a name.
                Kind::Blank if !piece.is_ascii() => return Err("it holds a blank that is no ASCII character".into()),
                _ => {}
            }
        }
        tokens.retain(|token| !matches!(token.kind, Kind::Blank | Kind::Comment));
        if tokens.last().is_some_and(|token| token.span.of(text) == ";") {
            tokens.pop();
        }
        Ok(Words { text, tokens, at: 0 })
    }

    fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn matches(&self, at: usize, word: &str) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| {
            matches!(token.kind, Kind::Word | Kind::Sign) && token.span.of(self.text).eq_ignore_ascii_case(word)
        })
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Whether the next word is this keyword or sign.
    pub(super) fn is(&self, word: &str) -> bool {
        self.matches(self.at, word)
    }

    /// Whether the word after the next one is this.
    pub(super) fn next_is(&self, word: &str) -> bool {
        self.matches(self.at + 1, word)
    }

    /// Passes over the next word if it is this.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let eaten = self.is(word);
        self.at += usize::from(eaten);
        eaten
    }

    pub(super) fn expect(&mut self, word: &str) -> Result<Span> {
        let span = self.token().map(|token| token.span);
        match span {
            Some(span) if self.eat(word) => Ok(span),
            _ => Err(format!("{} stands where `{word}` was expected", self.found())),
        }
    }

    fn found(&self) -> String {
        self.token().map_or_else(|| "its end".into(), |token| format!("`{}`", head(token.span.of(self.text))))
    }

    pub(super) fn stuck(&self) -> String {
        format!("{} begins no clause of a table", self.found())
    }

    /// Where the next word stands.
    pub(super) fn here(&self) -> Result<Span> {
        self.token().map(|token| token.span).ok_or_else(|| self.stuck())
    }

    /// Where the last word stands.
    pub(super) fn behind(&self) -> Span {
        self.at.checked_sub(1).map_or_else(Span::default, |at| self.tokens[at].span)
    }

    pub(super) fn is_name(&self) -> bool {
        self.token().is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Quoted | Kind::Text))
    }

    pub(super) fn begins_clause(&self) -> bool {
        let generated = self.is("GENERATED") && self.next_is("ALWAYS") && self.matches(self.at + 2, "AS");
        generated || CLAUSES.iter().any(|word| self.is(word))
    }

    pub(super) fn name(&mut self) -> Result<Name> {
        if !self.is_name() {
            return Err(format!("{} stands where a name was expected", self.found()));
        }
        let span = self.here()?;
        self.at += 1;
        Ok(Name { text: unquoted(span.of(self.text)), span })
    }

    /// Everything in brackets, with them.
    pub(super) fn brackets(&mut self) -> Result<Span> {
        let start = self.expect("(")?;
        let mut depth = 1;
        while depth > 0 {
            let Some(token) = self.token() else { return Err("a closing `)` is missing".into()) };
            depth = match (token.kind, token.span.of(self.text)) {
                (Kind::Sign, "(") => depth + 1,
                (Kind::Sign, ")") => depth - 1,
                _ => depth,
            };
            self.at += 1;
        }
        Ok(start.to(self.behind()))
    }

    /// Everything in brackets, without them.
    pub(super) fn inside(&mut self) -> Result<Span> {
        let Span { start, end } = self.brackets()?;
        Ok(Span { start: start + 1, end: end - 1 })
    }

    /// `(a COLLATE x DESC, b AUTOINCREMENT)`: the names, and whether AUTOINCREMENT stands there.
    pub(super) fn keys(&mut self) -> Result<(Vec<Name>, bool)> {
        self.expect("(")?;
        let (mut names, mut autoincrement) = (Vec::new(), false);
        loop {
            names.push(self.name()?);
            if self.eat("COLLATE") {
                self.name()?;
            }
            let _ = self.eat("ASC") || self.eat("DESC");
            autoincrement |= self.eat("AUTOINCREMENT");
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok((names, autoincrement))
    }

    /// `ON CONFLICT ..`, where it stands.
    pub(super) fn conflict(&mut self) -> Result<()> {
        if self.is("ON") && self.next_is("CONFLICT") {
            self.at += 2;
            self.name()?;
        }
        Ok(())
    }

    /// `NOT DEFERRABLE INITIALLY DEFERRED`, or less of it.
    pub(super) fn deferrable(&mut self) -> Result<Span> {
        let start = self.here()?;
        self.eat("NOT");
        self.expect("DEFERRABLE")?;
        if self.eat("INITIALLY") {
            self.name()?;
        }
        Ok(start.to(self.behind()))
    }

    /// What stands behind DEFAULT.
    pub(super) fn value(&mut self) -> Result<()> {
        if self.is("(") {
            return self.brackets().map(drop);
        }
        let _ = self.eat("-") || self.eat("+");
        if self.at_end() {
            return Err(self.stuck());
        }
        self.at += 1;
        Ok(())
    }
}

fn head(text: &str) -> String {
    text.chars().take(20).collect()
}

/// A name without its quotes, of whatever kind they are.
pub(in crate::dialect::sqlite) fn unquoted(text: &str) -> String {
    let inner = |quote: &str| {
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        Some(inner.replace(&quote.repeat(2), quote))
    };
    let bracket = || Some(text.strip_prefix('[')?.strip_suffix(']')?.to_owned());
    ["\"", "`", "'"].into_iter().find_map(inner).or_else(bracket).unwrap_or_else(|| text.to_owned())
}

/// A name in quotes, as the engine itself writes it where it renames something.
pub(in crate::dialect::sqlite) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as it compares: without comments, with one blank between words, names without quotes, in lower case.
pub(in crate::dialect::sqlite) fn plain(text: &str) -> String {
    let tokens = lex(text, FLAVOUR).into_iter();
    let words = tokens.filter(|token| !matches!(token.kind, Kind::Blank | Kind::Comment)).map(|token| {
        let piece = token.span.of(text);
        match token.kind {
            Kind::Quoted => unquoted(piece).to_ascii_lowercase(),
            Kind::Text => piece.to_owned(),
            _ => piece.to_ascii_lowercase(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a text holds a name, as a word or quoted.
pub(in crate::dialect::sqlite) fn mentions(text: &str, name: &str) -> bool {
    // Most texts do not, and that is seen at once. A quote within a name stands twice.
    let (plain, holds) = (!name.contains(['"', '\'', '`']), name.as_bytes());
    if plain && !text.as_bytes().windows(holds.len().max(1)).any(|piece| piece.eq_ignore_ascii_case(holds)) {
        return false;
    }
    lex(text, FLAVOUR).iter().any(|token| {
        matches!(token.kind, Kind::Word | Kind::Quoted | Kind::Text)
            && unquoted(token.span.of(text)).eq_ignore_ascii_case(name)
    })
}
