//! Text into tokens. Every byte belongs to exactly one of them, whatever the text is.

/// A piece of a text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Where the next one begins.
    pub end: usize,
}

impl Span {
    /// What stands there in `text`.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// From the start of this one to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start, end: other.end }
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword without quotes.
    Word,
    /// `"name"`, `` `name` `` or `[name]`.
    Quoted,
    /// `'text'`
    Text,
    /// `E'text'` with backslashes
    Escaped,
    /// `X'00ff'`
    Bytes,
    /// `$tag$ text $tag$`
    Dollar,
    /// A number.
    Number,
    /// An operator, bracket or other sign: one token for operators of several characters.
    Sign,
    /// Blanks and line ends.
    Blank,
    /// `-- ..` to the end of the line, or `/* .. */`, which may hold others.
    Comment,
    /// A string, name or comment that never ends: the rest of the text.
    Open,
}

/// A token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// What differs between texts in telling tokens apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flavour {
    /// Comments may hold comments; else the first `*/` ends them, and so does the end of the text.
    pub(crate) nested: bool,
    /// `[name]` is a name; else `[` is a sign.
    pub(crate) brackets: bool,
    /// `E'..'` is a string with backslashes; else a word and a string.
    pub(crate) escapes: bool,
}

impl Flavour {
    /// The portable text, which is PostgreSQL's.
    pub(crate) const PORTABLE: Flavour = Flavour { nested: true, brackets: false, escapes: true };
}

/// The tokens of `text`, blanks and comments among them.
pub(crate) fn lex(text: &str, flavour: Flavour) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let (kind, length) = next(&text[at..], first, flavour);
        tokens.push(Token { kind, span: Span { start: at, end: at + length } });
        at += length;
    }
    tokens
}

/// The kind and length of the token at the start of `rest`, which is not empty.
fn next(rest: &str, first: char, flavour: Flavour) -> (Kind, usize) {
    let second = rest[first.len_utf8()..].chars().next();
    let closed = |kind, length: Option<usize>| length.map_or((Kind::Open, rest.len()), |length| (kind, length));
    match first {
        _ if first.is_whitespace() => (Kind::Blank, run(rest, char::is_whitespace)),
        '-' if second == Some('-') => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if second == Some('*') => match comment(rest, flavour.nested) {
            None if !flavour.nested => (Kind::Comment, rest.len()),
            length => closed(Kind::Comment, length),
        },
        '\'' => closed(Kind::Text, quoted(rest, b'\'')),
        'e' | 'E' if second == Some('\'') && flavour.escapes => closed(Kind::Escaped, escaped(rest)),
        'x' | 'X' if second == Some('\'') => closed(Kind::Bytes, quoted(&rest[1..], b'\'').map(|length| length + 1)),
        '"' => closed(Kind::Quoted, quoted(rest, b'"')),
        '`' => closed(Kind::Quoted, quoted(rest, b'`')),
        '[' if flavour.brackets => closed(Kind::Quoted, rest.find(']').map(|at| at + 1)),
        '$' => match tag(rest) {
            Some(tag) => closed(Kind::Dollar, rest[tag.len()..].find(tag).map(|at| at + 2 * tag.len())),
            None => (Kind::Sign, 1),
        },
        '.' if second.is_some_and(|c| c.is_ascii_digit()) => (Kind::Number, number(rest)),
        _ if first.is_ascii_digit() => (Kind::Number, number(rest)),
        _ if begins_word(first) => (Kind::Word, run(rest, |c| begins_word(c) || c.is_ascii_digit() || c == '$')),
        ':' if second == Some(':') => (Kind::Sign, 2),
        _ if is_operator(first) => (Kind::Sign, operator(rest)),
        _ => (Kind::Sign, first.len_utf8()),
    }
}

fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c == '_' || (!c.is_ascii() && !c.is_whitespace())
}

fn run(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !belongs(c)).unwrap_or(rest.len())
}

/// The length of what stands between two `quote`s at the start of `rest`, a doubled one being part of it.
fn quoted(rest: &str, quote: u8) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        at += bytes[at..].iter().position(|byte| *byte == quote)? + 1;
        if bytes.get(at) != Some(&quote) {
            return Some(at);
        }
        at += 1;
    }
}

/// The length of `E'..'`, in which a backslash takes the next character along.
fn escaped(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 2;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'\\', Some(_)) | (b'\'', Some(b'\'')) => at += 2,
            (b'\'', _) => return Some(at + 1),
            _ => at += 1,
        }
    }
}

fn comment(rest: &str, nested: bool) -> Option<usize> {
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (2, 1);
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)) {
            (b'*', Some(b'/')) if depth == 1 => return Some(at + 2),
            (b'*', Some(b'/')) => (at, depth) = (at + 2, depth - 1),
            (b'/', Some(b'*')) if nested => (at, depth) = (at + 2, depth + 1),
            _ => at += 1,
        }
    }
}

/// `$tag$` at the start of `rest`.
fn tag(rest: &str) -> Option<&str> {
    let length = run(&rest[1..], |c| begins_word(c) || c.is_ascii_digit());
    let tag = rest.get(..length + 2)?;
    (tag.ends_with('$') && !rest[1..].starts_with(|c: char| c.is_ascii_digit())).then_some(tag)
}

fn number(rest: &str) -> usize {
    let digits = |at: usize| at + run(&rest[at..], |c| c.is_ascii_digit() || c == '_');
    if rest.starts_with("0x") || rest.starts_with("0X") {
        return 2 + run(&rest[2..], |c| c.is_ascii_hexdigit() || c == '_');
    }
    let mut end = digits(0);
    if rest[end..].starts_with('.') {
        end = digits(end + 1);
    }
    let exponent = rest[end..].strip_prefix(['e', 'E']).map(|tail| tail.strip_prefix(['+', '-']).unwrap_or(tail));
    match exponent {
        Some(tail) if tail.starts_with(|c: char| c.is_ascii_digit()) => digits(rest.len() - tail.len()),
        _ => end,
    }
}

/// Whether operators are made of it.
fn is_operator(c: char) -> bool {
    matches!(c, '+' | '-' | '*' | '/' | '<' | '>' | '=' | '~' | '!' | '@' | '#' | '%' | '^' | '&' | '|' | '?')
}

/// The length of the operator at the start of `rest`. One of several characters ends in `+` or `-` only if it holds a
/// character that no arithmetic has, so that `a<-1` compares with minus one.
fn operator(rest: &str) -> usize {
    let mut length = run(rest, is_operator);
    length = ["--", "/*"].iter().filter_map(|begin| rest[..length].find(begin)).min().unwrap_or(length).max(1);
    while length > 1
        && rest[..length].ends_with(['+', '-'])
        && !rest[..length].contains(['~', '!', '@', '#', '%', '^', '&', '|', '?'])
    {
        length -= 1;
    }
    // `*` is an operand in `count(*)`, and a sign of its own wherever it stands.
    if rest.starts_with('*') { 1 } else { length }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::random::Random;

    const OTHER: Flavour = Flavour { nested: false, brackets: true, escapes: false };

    fn shown(text: &str, flavour: Flavour) -> String {
        let tokens = lex(text, flavour);
        let tokens = tokens.iter().filter(|token| token.kind != Kind::Blank);
        tokens.map(|token| format!("{:?}:{}", token.kind, token.span.of(text))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn kinds() {
        for (text, tokens) in [
            ("a.b1$", "Word:a Sign:. Word:b1$"),
            ("größe<>'it''s'", "Word:größe Sign:<> Text:'it''s'"),
            ("\"a\"\"b\" `c`", "Quoted:\"a\"\"b\" Quoted:`c`"),
            (r"E'a\'b''c' x'00' e", r"Escaped:E'a\'b''c' Bytes:x'00' Word:e"),
            (
                "1.5e-3 .5 1. 0xff 1e 1st",
                "Number:1.5e-3 Number:.5 Number:1. Number:0xff Number:1 Word:e Number:1 Word:st",
            ),
            (
                "a<-1 a->>'b' a@-1 x::int",
                "Word:a Sign:< Sign:- Number:1 Word:a Sign:->> Text:'b' Word:a Sign:@- Number:1 Word:x Sign::: Word:int",
            ),
            ("a -- b\nc /* d /* e */ f */ g", "Word:a Comment:-- b Word:c Comment:/* d /* e */ f */ Word:g"),
            ("a+--b", "Word:a Sign:+ Comment:--b"),
            ("$x$ ' $y$ $x$ $$;$$ $1", "Dollar:$x$ ' $y$ $x$ Dollar:$$;$$ Sign:$ Number:1"),
            ("a[1]", "Word:a Sign:[ Number:1 Sign:]"),
            ("'a", "Open:'a"),
            ("/* a", "Open:/* a"),
            ("\"a", "Open:\"a"),
        ] {
            assert_eq!(shown(text, Flavour::PORTABLE), tokens);
        }
        assert_eq!(shown("[a b] /* c /* d */ e", OTHER), "Quoted:[a b] Comment:/* c /* d */ Word:e");
    }

    #[test]
    fn every_byte_is_in_one_token() {
        let mut random = Random::new(3);
        let pieces = [
            "a", "'", "\"", "`", "--", "/*", "*/", "\n", "$", "$$", "e'", "x'", "\\", "ü", "[", "]", "1.", " ", "::",
            "<-", "\u{a0}",
        ];
        for _ in 0..Random::cases(5_000) {
            let count = random.between(0, 12);
            let pick = |random: &mut Random| pieces[usize::try_from(random.between(0, 20)).unwrap()];
            let text: String = (0..count).map(|_| pick(&mut random)).collect();
            for flavour in [Flavour::PORTABLE, OTHER] {
                let mut end = 0;
                for token in lex(&text, flavour) {
                    assert!(token.span.start == end && token.span.end > end, "{text:?}");
                    end = token.span.end;
                }
                assert_eq!(end, text.len());
            }
        }
    }
}
