//! A walk over the tokens of one statement, and what to say where another word was expected.

use std::ops::Range;

use crate::schema::nearest;
use crate::syntax::{Kind, Span, Token, is_plain};

/// Something wrong at a place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The words it is about; `None` where it is about the file as a whole.
    pub(super) span: Option<Span>,
    pub(super) what: String,
    pub(super) help: String,
}

impl Mistake {
    pub(super) fn new(span: Span, what: impl Into<String>, help: impl Into<String>) -> Self {
        Mistake { span: Some(span), what: what.into(), help: help.into() }
    }
}

pub(super) type Result<T = ()> = std::result::Result<T, Mistake>;

/// The names that a statement holds, and where.
pub(super) type Names = Vec<(String, Span)>;

/// The tokens of one statement, without blanks and comments, and how far they are read.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    tokens: &'a [Token],
    at: usize,
    names: Names,
    limited: bool,
}

impl<'a> Cursor<'a> {
    /// `tokens` are those of one statement of `text`, at least one, which is `limited` to some engines or is for all.
    pub(super) fn new(text: &'a str, tokens: &'a [Token], limited: bool) -> Self {
        Cursor { text, tokens, at: 0, names: Names::new(), limited }
    }

    /// Whether the statement is for some engines only.
    pub(super) fn is_limited(&self) -> bool {
        self.limited
    }

    /// How many tokens are read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Goes back, or ahead, to where [`Cursor::position`] was.
    pub(super) fn go(&mut self, position: usize) {
        self.at = position;
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.ahead(0)
    }

    /// The token `further` behind the next one.
    pub(super) fn ahead(&self, further: usize) -> Option<Token> {
        self.tokens.get(self.at + further).copied()
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn piece(&self, token: Token) -> &'a str {
        token.span.of(self.text)
    }

    /// Where the next token stands, or behind the last one the end of it.
    pub(super) fn here(&self) -> Span {
        match (self.peek(), self.tokens.last()) {
            (Some(token), _) => token.span,
            (None, Some(last)) => Span { start: last.span.end, end: last.span.end },
            (None, None) => Span::default(),
        }
    }

    /// From the token at `position` to the last one read.
    pub(super) fn since(&self, position: usize) -> Span {
        match self.tokens.get(position..self.at) {
            Some([first, .., last]) => first.span.to(last.span),
            Some([only]) => only.span,
            _ => self.here(),
        }
    }

    /// The tokens between two positions.
    pub(super) fn between(&self, positions: Range<usize>) -> &'a [Token] {
        &self.tokens[positions]
    }

    /// Whether `words` (lower case, blanks between) come next.
    pub(super) fn sees(&self, words: &str) -> bool {
        let mut rest = words;
        for further in 0.. {
            let Some(token) = self.ahead(further).filter(|token| token.kind == Kind::Word) else { return false };
            // Most of what is asked is not there, and seen not to be by the length of the first word.
            let piece = self.piece(token);
            let Some((word, behind)) = rest.split_at_checked(piece.len()) else { return false };
            if !word.eq_ignore_ascii_case(piece) {
                return false;
            }
            match behind.strip_prefix(' ') {
                Some(behind) => rest = behind,
                None => return behind.is_empty(),
            }
        }
        false
    }

    /// Whether the token `further` behind the next one is this word.
    pub(super) fn is_word(&self, further: usize, word: &str) -> bool {
        self.ahead(further)
            .is_some_and(|token| token.kind == Kind::Word && self.piece(token).eq_ignore_ascii_case(word))
    }

    /// Whether one of these words comes next.
    pub(super) fn sees_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(0, word))
    }

    /// Whether the token `further` behind the next one is this sign.
    pub(super) fn is_sign(&self, further: usize, sign: &str) -> bool {
        self.ahead(further).is_some_and(|token| token.kind == Kind::Sign && self.piece(token) == sign)
    }

    /// Reads `words` if they come next.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let seen = self.sees(words);
        if seen {
            self.at += words.split(' ').count();
        }
        seen
    }

    /// Reads `sign` if it comes next.
    pub(super) fn eat_sign(&mut self, sign: &str) -> bool {
        let seen = self.is_sign(0, sign);
        self.at += usize::from(seen);
        seen
    }

    /// Reads `words`, which have to come.
    pub(super) fn expect(&mut self, words: &str) -> Result {
        for word in words.split(' ') {
            if !self.eat(word) {
                return Err(self.expected(&[word]));
            }
        }
        Ok(())
    }

    /// Reads `sign`, which has to come.
    pub(super) fn expect_sign(&mut self, sign: &str) -> Result {
        if self.eat_sign(sign) { Ok(()) } else { Err(self.expected(&[sign])) }
    }

    /// Nothing may follow.
    pub(super) fn expect_end(&self) -> Result {
        if self.is_done() { Ok(()) } else { Err(self.expected(&[";"])) }
    }

    /// A name: a word, which stands for itself in lower case, or quoted. `what` it names goes into the message.
    pub(super) fn name(&mut self, what: &str) -> Result<String> {
        let Some(token) = self.peek() else { return Err(self.expected_what(what)) };
        let name = match token.kind {
            Kind::Word => self.piece(token).to_lowercase(),
            Kind::Quoted if self.piece(token).starts_with('"') => unquoted(self.piece(token)),
            Kind::Quoted => {
                let bare = self.piece(token).trim_matches('`');
                return Err(Mistake::new(token.span, "a backtick quotes no name here", format!("write \"{bare}\"")));
            }
            Kind::Text | Kind::Escaped => {
                let help = format!("write \"{}\" for a name; '..' is a text", text(self.piece(token), token.kind));
                return Err(Mistake { help, ..self.expected_what(what) });
            }
            Kind::Number => return Err(Mistake { help: self.no_name(token), ..self.expected_what(what) }),
            Kind::Sign if self.is_sign(0, "(") => {
                return Err(Mistake { help: format!("write {what} before it"), ..self.expected_what(what) });
            }
            _ => return Err(self.expected_what(what)),
        };
        if let Some(mistake) = self.hyphened(token) {
            return Err(mistake);
        }
        if name.trim().is_empty() {
            return Err(Mistake::new(token.span, format!("{what} is empty"), "write a name between the quotes"));
        }
        if name.len() > crate::schema::MAX_NAME {
            let what = format!("{what} has {} bytes, and every engine takes {}", name.len(), crate::schema::MAX_NAME);
            return Err(Mistake::new(token.span, what, "choose a shorter one"));
        }
        self.at += 1;
        self.note(name.clone(), token.span);
        Ok(name)
    }

    /// What to write where a name begins with a digit.
    fn no_name(&self, digits: Token) -> String {
        let before = |by: usize| self.at.checked_sub(by).and_then(|at| self.tokens.get(at)).copied();
        if let (Some(number), Some(comma)) = (before(2), before(1))
            && number.kind == Kind::Number
            && (number.span.end, comma.span.end) == (comma.span.start, digits.span.start)
        {
            let (whole, rest) = (self.piece(number), self.piece(digits));
            return format!("is `{whole},{rest}` one number? Write {whole}.{rest}");
        }
        let rest = self.ahead(1).filter(|next| next.kind == Kind::Word && next.span.start == digits.span.end);
        let span = rest.map_or(digits.span, |rest| digits.span.to(rest.span));
        format!("a name begins with a letter, or stands in quotes: \"{}\"", span.of(self.text))
    }

    /// That a word goes on with a hyphen, which is no part of a name.
    fn hyphened(&self, word: Token) -> Option<Mistake> {
        let (hyphen, rest) = (self.ahead(1)?, self.ahead(2)?);
        let joined = hyphen.span.start == word.span.end && rest.span.start == hyphen.span.end;
        if word.kind != Kind::Word || rest.kind != Kind::Word || !joined || self.piece(hyphen) != "-" {
            return None;
        }
        let span = word.span.to(rest.span);
        let name = span.of(self.text);
        let help = format!("write {}, or in quotes: \"{name}\"", name.replace('-', "_"));
        Some(Mistake::new(span, format!("`{name}` is no name without quotes"), help))
    }

    /// The name of a table, enum or view: `name`, or `schema.name`.
    pub(super) fn path(&mut self, what: &str) -> Result<String> {
        let from = self.at;
        let mut name = self.part(what)?;
        if self.eat_sign(".") {
            name = format!("{name}.{}", self.part(what)?);
            self.note(name.clone(), self.since(from));
        }
        Ok(name)
    }

    /// A column with its table: `table.column` or `schema.table.column`.
    pub(super) fn column_path(&mut self) -> Result<(String, String)> {
        let mut table = self.part("the name of a table")?;
        let help = "write the table, a dot and the column: users.name";
        self.expect_sign(".").map_err(|mistake| Mistake { help: help.into(), ..mistake })?;
        let mut column = self.name("the name of a column")?;
        if self.eat_sign(".") {
            table = format!("{table}.{column}");
            column = self.name("the name of a column")?;
        }
        Ok((table, column))
    }

    /// One part of a path, which holds no dot itself.
    fn part(&mut self, what: &str) -> Result<String> {
        let span = self.here();
        let name = self.name(what)?;
        if name.contains('.') {
            return Err(Mistake::new(
                span,
                format!("{what} holds a dot"),
                "write \"schema\".\"name\", or choose another",
            ));
        }
        Ok(name)
    }

    /// The new name of what is at `path`: it stays in its schema.
    pub(super) fn new_name(&mut self, path: &str, what: &str) -> Result<String> {
        let to = self.part(what)?;
        Ok(path.split_once('.').map_or_else(|| to.clone(), |(schema, _)| format!("{schema}.{to}")))
    }

    /// Names in brackets with commas between.
    pub(super) fn names(&mut self, what: &str) -> Result<Vec<String>> {
        self.list(|cursor| cursor.name(what))
    }

    /// What `item` reads, in brackets with commas between, at least once.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        self.expect_sign("(")?;
        let mut items = vec![item(self)?];
        while self.eat_sign(",") {
            self.no_comma_last()?;
            items.push(item(self)?);
        }
        if self.eat_sign(")") { Ok(items) } else { Err(self.expected(&[",", ")"])) }
    }

    /// Refuses a bracket that closes right behind a comma.
    pub(super) fn no_comma_last(&self) -> Result {
        if !self.is_sign(0, ")") {
            return Ok(());
        }
        Err(Mistake::new(self.here(), "a comma stands before `)`", "leave the comma out"))
    }

    /// A text in quotes.
    pub(super) fn literal(&mut self, what: &str) -> Result<String> {
        let read = self.peek().and_then(|token| Some((string(self.piece(token), token.kind)?, token.span)));
        let Some((read, span)) = read else {
            let word = self.peek().filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
            let help = word.map(|token| format!("write '{}'", self.piece(token).trim_matches('"')));
            return Err(Mistake { help: help.unwrap_or_default(), ..self.expected_what(what) });
        };
        // One that stands there as it is has been told of the file as a whole.
        if read.contains('\0') && !span.of(self.text).contains('\0') {
            return Err(Mistake::new(span, "the text holds a NUL, which no engine keeps", "leave it out"));
        }
        self.at += 1;
        self.note(read.clone(), span);
        Ok(read)
    }

    /// A whole number, which may be negative.
    pub(super) fn integer(&mut self, what: &str) -> Result<i64> {
        let from = self.at;
        let sign = if self.eat_sign("-") { "-" } else { "" };
        let digits = self.peek().filter(|token| token.kind == Kind::Number);
        let number = digits.and_then(|token| format!("{sign}{}", self.piece(token)).parse().ok());
        match number {
            Some(number) => {
                self.at += 1;
                Ok(number)
            }
            None => {
                self.at = from;
                Err(self.expected_what(what))
            }
        }
    }

    /// Remembers where a name stands.
    pub(super) fn note(&mut self, name: String, span: Span) {
        self.names.push((name, span));
    }

    /// Remembers the place of a name that convention gives; one that is written stands where it is written.
    pub(super) fn note_given(&mut self, name: &str, span: Span) {
        if self.names.iter().all(|(other, _)| other != name) {
            self.note(name.to_owned(), span);
        }
    }

    /// The names read so far, which are then forgotten.
    pub(super) fn take_names(&mut self) -> Names {
        std::mem::take(&mut self.names)
    }

    /// That one of `words` or signs was expected and something else stands there.
    pub(super) fn expected(&self, words: &[&str]) -> Mistake {
        let shown: Vec<String> =
            words.iter().map(|word| if *word == ";" { END.into() } else { quoted(word) }).collect();
        let mut mistake = self.expected_what(&either(&shown));
        if !mistake.help.is_empty() {
            return mistake;
        }
        let found = self.peek().map(|token| self.piece(token).to_lowercase()).unwrap_or_default();
        let word = self.peek().is_some_and(|token| token.kind == Kind::Word);
        let value = self.peek().is_some_and(|token| token.kind != Kind::Sign);
        let mut letters = words.iter().copied().filter(|words| word && words.starts_with(char::is_alphabetic));
        let part = letters.clone().find(|words| words.split(' ').any(|word| word == found));
        let near = part.or_else(|| nearest(&found, letters.clone()));
        let near = near.or_else(|| letters.find(|words| nearest(&found, words.split(' ')).is_some()));
        mistake.help = match (near, words) {
            (Some(near), _) => format!("did you mean {}?", quoted(near)),
            _ if word && BEGINNINGS.contains(&found.as_str()) && words.contains(&";") => {
                "is a `;` missing before it?".into()
            }
            _ if value && (!word || is_plain(&found)) && words.contains(&"(") => {
                "write `(` before it, and `)` where it ends".into()
            }
            _ if value && words.contains(&",") => "is a `,` missing before it?".into(),
            (_, [")"]) if value => "is a `)` missing before it?".into(),
            (_, [one]) if !self.is_done() && one.starts_with(char::is_alphabetic) => {
                format!("write {} before it", one.to_uppercase())
            }
            _ => String::new(),
        };
        mistake
    }

    /// That `what` was expected and something else stands there.
    pub(super) fn expected_what(&self, what: &str) -> Mistake {
        let found = self.peek().map_or_else(|| END.to_owned(), |token| format!("`{}`", shortened(self.piece(token))));
        if let Some(string) = self.broken_string() {
            return string;
        }
        Mistake::new(self.here(), format!("expected {what}, found {found}"), "")
    }

    /// A word that touches the end of a string: most likely the string was to go on.
    fn broken_string(&self) -> Option<Mistake> {
        let before = self.tokens.get(self.at.checked_sub(1)?)?;
        let here = self.peek()?;
        (before.kind == Kind::Text && here.kind == Kind::Word && before.span.end == here.span.start)
            .then(|| ends_early(self.text, before.span))
    }
}

/// Words that begin a statement and stand inside none.
pub(super) const BEGINNINGS: [&str; 5] = ["create", "alter", "drop", "insert", "comment"];

const END: &str = "the end of the statement";

/// The string at `span` ends where a word goes on.
pub(super) fn ends_early(text: &str, span: Span) -> Mistake {
    let what = format!("a string opened here ends at `{}`", shortened(span.of(text)));
    Mistake::new(span, what, "write `''` for a quote inside a string")
}

/// The text of a string token, whatever its kind; `None` where it is no string.
pub(super) fn string(piece: &str, kind: Kind) -> Option<String> {
    matches!(kind, Kind::Text | Kind::Escaped | Kind::Dollar).then(|| text(piece, kind))
}

fn text(piece: &str, kind: Kind) -> String {
    match kind {
        Kind::Escaped => unescaped(&piece[2..piece.len() - 1]),
        Kind::Dollar => {
            let tag = piece[1..].find('$').map_or(1, |at| at + 2);
            piece[tag..piece.len() - tag].to_owned()
        }
        _ => piece[1..piece.len() - 1].replace("''", "'"),
    }
}

/// What stands between the quotes of `E'..'`, with its backslashes resolved.
fn unescaped(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' => drop(rest.next()),
            '\\' => {
                out.push(escape(&mut rest));
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The character that stands behind a backslash.
fn escape(rest: &mut std::str::Chars<'_>) -> char {
    let kind = rest.clone().next();
    let (radix, most) = match kind {
        Some('0'..='7') => (8, 3),
        Some('x') => (16, 2),
        Some('u') => (16, 4),
        Some('U') => (16, 8),
        _ => (10, 0),
    };
    if radix != 8 {
        rest.next();
    }
    if most > 0 {
        let text = rest.as_str();
        let length = text.chars().take(most).take_while(|c| c.is_digit(radix)).count();
        let number = u32::from_str_radix(&text[..length], radix).ok().and_then(char::from_u32);
        *rest = text[length..].chars();
        return number.unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    match kind {
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        other => other.unwrap_or('\\'),
    }
}

/// The name between double quotes.
pub(super) fn unquoted(piece: &str) -> String {
    piece[1..piece.len() - 1].replace("\"\"", "\"")
}

/// A word as messages show it.
pub(super) fn quoted(word: &str) -> String {
    format!("`{}`", word.to_uppercase())
}

/// `a`, `a or b`, `a, b or c`
pub(super) fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The beginning of a long piece.
fn shortened(piece: &str) -> String {
    let line = piece.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    if short.len() == piece.len() { short } else { short + ".." }
}
