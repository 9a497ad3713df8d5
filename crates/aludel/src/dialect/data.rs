//! Statements that change rows, said by an engine.
//!
//! They are written in the portable text, which is PostgreSQL's. What is understood is said in the engine's words; all else,
//! blanks and comments among it, stays as it is written.

mod query;
mod splice;
mod statement;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use super::Dialect;
use super::ddl::elsewhere;
use super::expression::{Names, Phrases, Saying, Scope, When};
use crate::schema::Schema;
use crate::syntax::expr::{Expr, Name};
use crate::syntax::{Flavour, Kind, Span, Token, lex};
use crate::{Type, Value};

/// What of the portable statements for rows an engine takes, besides expressions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// `UPDATE .. FROM`
    pub(super) update_from: bool,
    /// `DELETE .. USING`
    pub(super) delete_using: bool,
    /// `DEFAULT` in the place of a value.
    pub(super) default: bool,
    /// `SET (a, b) = (1, 2)`
    pub(super) set_rows: bool,
    /// `DELETE FROM t AS a`; else `DELETE a FROM t AS a`.
    pub(super) delete_alias: bool,
    /// Whether all of SET sees the row as it was; else each part sees what those before it did.
    pub(super) at_once: bool,
    /// Whether a subselect may read the table that an UPDATE or DELETE changes.
    pub(super) reads_itself: bool,
    /// What WITH may stand before.
    pub(super) with: With,
    /// Whether `--` is a comment whatever stands behind it, and `/*!` a comment like others.
    pub(super) plain_comments: bool,
}

/// What WITH may stand before, but for SELECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum With {
    All,
    UpdateAndDelete,
    Nothing,
}

impl Extent {
    pub(super) const ALL: Extent = Extent {
        update_from: true,
        delete_using: true,
        default: true,
        set_rows: true,
        delete_alias: true,
        at_once: true,
        reads_itself: true,
        with: With::All,
        plain_comments: true,
    };
}

/// Something that an engine has no words for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Where it stands in the text.
    pub(crate) span: Span,
    /// What is wrong.
    pub(crate) what: String,
    /// What to write.
    pub(crate) help: String,
}

impl Dialect {
    /// `text`, one statement that changes rows of `schema`, in the words of this engine.
    ///
    /// # Errors
    /// Everything that the engine has no words for, each at its word.
    pub(crate) fn data<'t>(&self, text: &'t str, schema: &Schema) -> Result<Cow<'t, str>, Vec<Misfit>> {
        let Some(phrases) = &self.phrases else { return Ok(Cow::Borrowed(text)) };
        let Some(mut reader) = Reader::new(self, phrases, schema, text) else { return Ok(Cow::Borrowed(text)) };
        reader.comments();
        reader.statement(reader.all(), &Scope::new(schema, None));
        let said = reader.finish().map_err(|missing| {
            let told = |missing: Missing| Misfit {
                span: missing.span,
                what: format!("{} has no {}", self.name, missing.what),
                help: format!(
                    "{}; what takes more than SQL is a function of the application, `-- run: name`",
                    elsewhere(self)
                ),
            };
            missing.into_iter().map(told).collect::<Vec<_>>()
        })?;
        Ok(said)
    }
}

/// What an engine lacks, as the end of `it has no ..`, and where it stands.
#[derive(Clone, Debug)]
struct Missing {
    span: Span,
    what: String,
}

/// One text, read and edited.
struct Reader<'a, 't> {
    dialect: &'a Dialect,
    phrases: &'a Phrases,
    schema: &'a Schema,
    text: &'t str,
    /// All tokens but blanks and comments.
    tokens: Vec<Token>,
    /// For each bracket that opens, the place of the one that closes it.
    closing: Vec<usize>,
    edits: Vec<(Span, String)>,
    missing: Vec<Missing>,
}

/// Tokens beside each other.
type Part = Range<usize>;

impl<'a, 't> Reader<'a, 't> {
    /// `None` where the text is none that has an end, brackets or strings being open, or deeper than people write.
    fn new(dialect: &'a Dialect, phrases: &'a Phrases, schema: &'a Schema, text: &'t str) -> Option<Self> {
        let meant = |token: &Token| !matches!(token.kind, Kind::Blank | Kind::Comment);
        let tokens: Vec<Token> = lex(text, Flavour::PORTABLE).into_iter().filter(meant).collect();
        let (mut closing, mut open) = (vec![0; tokens.len()], Vec::new());
        for (at, token) in tokens.iter().enumerate() {
            match (token.kind, token.span.of(text)) {
                (Kind::Open, _) => return None,
                (Kind::Sign, "(" | "[") if open.len() < DEEPEST => open.push(at),
                (Kind::Sign, "(" | "[") => return None,
                (Kind::Sign, ")" | "]") => closing[open.pop()?] = at,
                _ => {}
            }
        }
        let (edits, missing) = Default::default();
        open.is_empty().then_some(Reader { dialect, phrases, schema, text, tokens, closing, edits, missing })
    }

    fn all(&self) -> Part {
        0..self.tokens.len()
    }

    fn piece(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.span.of(self.text))
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.kind(at) == Some(Kind::Word) && self.piece(at).eq_ignore_ascii_case(word)
    }

    fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(at, word))
    }

    /// Whether `words`, which have a blank between them, stand there.
    fn are_words(&self, at: usize, words: &str) -> bool {
        words.split(' ').enumerate().all(|(by, word)| self.is_word(at + by, word))
    }

    fn is_sign(&self, at: usize, sign: &str) -> bool {
        self.kind(at) == Some(Kind::Sign) && self.piece(at) == sign
    }

    fn is_name(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(Kind::Word | Kind::Quoted))
    }

    /// The place behind what stands at `at`, brackets as a whole.
    fn behind(&self, at: usize) -> usize {
        if self.is_sign(at, "(") || self.is_sign(at, "[") { self.closing[at] + 1 } else { at + 1 }
    }

    /// The places in `part` that no bracket is around.
    fn places(&self, part: &Part) -> Vec<usize> {
        let (mut places, mut at) = (Vec::new(), part.start);
        while at < part.end {
            places.push(at);
            at = self.behind(at);
        }
        places
    }

    /// Where one of `words` first stands in `part`, outside of brackets.
    fn find(&self, part: &Part, words: &[&str]) -> Option<usize> {
        self.places(part).into_iter().find(|at| self.is_clause(*at) && self.is_one_of(*at, words))
    }

    /// Whether a word there begins a clause, rather than being the end of `IS DISTINCT FROM` or a column of that name.
    fn is_clause(&self, at: usize) -> bool {
        let before = |by: usize| at.checked_sub(by).unwrap_or(usize::MAX);
        let distinct = self.is_word(before(1), "distinct") && self.is_one_of(before(2), &["is", "not"]);
        !(distinct || self.is_sign(before(1), "."))
    }

    /// What stands between the commas of `part`.
    fn listed(&self, part: &Part) -> Vec<Part> {
        let (mut parts, mut start) = (Vec::new(), part.start);
        for at in self.places(part) {
            if self.is_sign(at, ",") {
                parts.push(start..at);
                start = at + 1;
            }
        }
        if start < part.end {
            parts.push(start..part.end);
        }
        parts
    }

    /// What stands within the brackets that open at `at`.
    fn within(&self, at: usize) -> Part {
        at + 1..self.closing[at]
    }

    /// Whether all of `part` stands within one pair of brackets.
    fn is_bracket(&self, part: &Part) -> bool {
        self.is_sign(part.start, "(") && self.closing[part.start] + 1 == part.end
    }

    fn begins_query(&self, at: usize) -> bool {
        self.is_one_of(at, &["select", "with", "values"])
    }

    fn span(&self, part: &Part) -> Span {
        let end = self.text.len();
        let token = |at: usize| self.tokens.get(at).map(|token| token.span);
        match (token(part.start), part.end.checked_sub(1).and_then(token)) {
            (Some(first), Some(last)) if !part.is_empty() => first.to(last),
            _ => Span { start: end, end },
        }
    }

    fn name(&self, at: usize) -> Option<Name> {
        let (token, piece) = (self.tokens.get(at)?, self.piece(at));
        let (text, quoted) = match token.kind {
            Kind::Word => (piece.to_lowercase(), false),
            Kind::Quoted if piece.starts_with('"') => (piece[1..piece.len() - 1].replace("\"\"", "\""), true),
            Kind::Quoted => (piece[1..piece.len() - 1].to_owned(), true),
            _ => return None,
        };
        Some(Name { text, quoted, span: token.span })
    }

    fn edit(&mut self, span: Span, text: impl Into<String>) {
        self.edits.push((span, text.into()));
    }

    fn refuse(&mut self, part: &Part, what: impl Into<String>) {
        let span = self.span(part);
        self.missing.push(Missing { span, what: what.into() });
    }

    /// The name at `at`, as the engine spells it; `known` is what it means where that is known.
    fn spell(&mut self, at: usize, known: Option<&str>) {
        let Some(name) = self.name(at) else { return };
        let own = self.piece(at).starts_with(self.dialect.quote);
        if own || (name.quoted && !self.piece(at).starts_with('"')) {
            return;
        }
        let said = self.dialect.spelled(known.unwrap_or(&name.text));
        if said != self.piece(at) {
            self.edit(self.tokens[at].span, said);
        }
    }

    /// Comments that the engine reads otherwise are none of its business.
    fn comments(&mut self) {
        for token in lex(self.text, Flavour::PORTABLE).into_iter().filter(|token| token.kind == Kind::Comment) {
            let piece = token.span.of(self.text);
            let inner = piece.strip_prefix("/*").unwrap_or_default();
            let nested = inner.contains("/*");
            let hint = inner.starts_with(['!', '+']) || inner.starts_with("M!");
            let tight =
                piece.strip_prefix("--").is_some_and(|rest| !rest.is_empty() && !rest.starts_with(char::is_whitespace));
            if nested || (!self.dialect.data.plain_comments && (hint || tight)) {
                self.edit(token.span, " ");
            }
        }
    }

    /// An expression; where it becomes the value of a column, with the column's type.
    fn expression(&mut self, part: Part, scope: &Scope<'_>, to: Option<&Type>) {
        if part.is_empty() {
            return;
        }
        if self.begins_query(part.start) {
            return self.query(part, scope, &to.cloned().into_iter().map(Some).collect::<Vec<_>>());
        }
        // Comments within count for nothing, and places are those of the text.
        let span = self.span(&part);
        let text = span.of(self.text);
        let Ok(expr) = Expr::parse(text) else { return self.pieces(part, scope) };
        match self.said(expr, scope, to) {
            Ok(said) => self.splice(&part, &said),
            Err(what) => {
                let at = self.place(&part, &what);
                self.missing.push(Missing { span: at, what });
            }
        }
    }

    /// `expr` in the engine's words.
    fn said(&self, expr: Expr, scope: &Scope<'_>, to: Option<&Type>) -> Result<String, String> {
        let select = |text: &str, to: Option<&Type>| self.subselect(text, scope, to);
        let saying = Saying {
            dialect: self.dialect,
            phrases: self.phrases,
            names: Names::Among(scope),
            when: When::Once,
            select: Some(&select),
        };
        let said = match to {
            Some(to) => saying.assigned(expr, to),
            None => saying.say(expr),
        };
        said.map(|said| said.spell_out())
    }

    fn subselect(&self, text: &str, scope: &Scope<'_>, to: Option<&Type>) -> Result<String, String> {
        let Some(mut reader) = Reader::new(self.dialect, self.phrases, self.schema, text) else {
            return Ok(text.to_owned());
        };
        reader.query(reader.all(), scope, &to.cloned().into_iter().map(Some).collect::<Vec<_>>());
        let said = reader
            .finish()
            .map_err(|missing| missing.into_iter().map(|missing| missing.what).next().unwrap_or_default());
        said.map(Cow::into_owned)
    }

    /// The word in `part` that `what` is about.
    fn place(&self, part: &Part, what: &str) -> Span {
        let quoted = what.split('`').nth(1).or_else(|| what.split('\'').nth(1));
        let word = quoted.unwrap_or(what.split(' ').next().unwrap_or_default());
        let word = word.split(['(', ' ']).next().unwrap_or(word).to_lowercase();
        let of = |word: &str| {
            let is = |at: &usize| self.piece(*at).trim_matches(['\'', '"']).eq_ignore_ascii_case(word);
            part.clone().find(is).map(|at| self.tokens[at].span)
        };
        let known = match word.as_str() {
            "arrays" => of("array").or_else(|| of("[")),
            word => of(word),
        };
        known.unwrap_or_else(|| self.span(part))
    }

    /// What is no expression of the portable text: brackets in it may hold some, and its names and strings are spelled.
    fn pieces(&mut self, part: Part, scope: &Scope<'_>) {
        let mut at = part.start;
        while at < part.end {
            if self.is_sign(at, "(") {
                let within = self.within(at);
                at = within.end + 1;
                if self.begins_query(within.start) {
                    self.query(within, scope, &[]);
                    continue;
                }
                // `now()` has nothing in its brackets.
                for one in self.listed(&within) {
                    self.expression(one, scope, None);
                }
                continue;
            }
            at += self.one_piece(at, scope);
        }
    }

    fn parses(&self, part: Part) -> bool {
        Expr::parse(self.span(&part).of(self.text)).is_ok()
    }

    /// One token of what is no expression; how many of them it took.
    fn one_piece(&mut self, at: usize, scope: &Scope<'_>) -> usize {
        let piece = self.piece(at);
        match self.kind(at) {
            Some(Kind::Quoted) => self.spell(at, None),
            Some(Kind::Text | Kind::Escaped | Kind::Dollar) => {
                if let Ok(Expr::Text(text)) = Expr::parse(piece) {
                    let said = (self.phrases.constant)(&Value::Text(text), &Type::Text);
                    self.splice(&(at..at + 1), &said);
                }
            }
            Some(Kind::Sign) if FOREIGN_SIGNS.contains(&piece) => {
                self.refuse(&(at..at + 1), format!("operator `{piece}`"))
            }
            Some(Kind::Word) if self.is_one_of(at, &["ilike", "similar"]) => {
                self.refuse(&(at..at + 1), piece.to_uppercase());
            }
            Some(Kind::Word) if self.is_word(at, "array") && self.is_sign(at + 1, "[") => {
                self.refuse(&(at..at + 1), "arrays");
            }
            Some(Kind::Word) if self.is_sign(at + 1, "(") && self.is_sign(at + 2, ")") && self.parses(at..at + 3) => {
                self.expression(at..at + 3, scope, None);
                return 3;
            }
            Some(Kind::Word) if self.is_one_of(at, &["current_timestamp", "true", "false"]) => {
                self.expression(at..at + 1, scope, None);
            }
            _ => {}
        }
        1
    }

    fn finish(mut self) -> Result<Cow<'t, str>, Vec<Missing>> {
        if !self.missing.is_empty() {
            self.missing.sort_by_key(|missing| missing.span.start);
            return Err(self.missing);
        }
        Ok(splice::edited(self.text, self.edits))
    }
}

/// How deep brackets may stand within each other.
const DEEPEST: usize = 100;

/// Operators that PostgreSQL alone has.
const FOREIGN_SIGNS: [&str; 8] = ["::", "~*", "!~", "!~*", "@>", "<@", "~~", "!~~"];
