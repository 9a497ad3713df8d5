//! What strings say.

use super::{Parser, Result};
use crate::syntax::expr::Fault;
use crate::syntax::{Kind, Span};

impl Parser<'_> {
    /// Whether a string of any kind is `by` tokens ahead.
    pub(super) fn is_string(&self, by: usize) -> bool {
        self.ahead(by).is_some_and(|token| matches!(token.kind, Kind::Text | Kind::Escaped | Kind::Dollar))
    }

    /// A string, and those behind it on lines of their own, which go on with it.
    pub(super) fn string(&mut self) -> Result<String> {
        let mut value = String::new();
        while let Some(token) = self.token().filter(|_| self.is_string(0)) {
            let piece = self.piece(0);
            match token.kind {
                Kind::Escaped => value.push_str(&unescaped(piece, token.span)?),
                Kind::Dollar => {
                    let tag = piece[1..].find('$').map_or(1, |at| at + 2);
                    value.push_str(&piece[tag..piece.len() - tag]);
                }
                _ => value.push_str(&piece[1..piece.len() - 1].replace("''", "'")),
            }
            self.at += 1;
            let next = self.token().filter(|next| next.kind == Kind::Text);
            if !next.is_some_and(|next| self.text[token.span.end..next.span.start].contains('\n')) {
                break;
            }
        }
        Ok(value)
    }
}

/// What `E'..'` says.
fn unescaped(piece: &str, span: Span) -> Result<String> {
    let mut out = String::new();
    let mut rest = piece[2..piece.len() - 1].chars();
    while let Some(c) = rest.next() {
        let c = match c {
            // The second of two.
            '\'' => {
                rest.next();
                Some('\'')
            }
            '\\' => match rest.next() {
                Some('n') => Some('\n'),
                Some('t') => Some('\t'),
                Some('r') => Some('\r'),
                Some('b') => Some('\u{8}'),
                Some('f') => Some('\u{c}'),
                Some('x') => coded(&mut rest, 1, 2).filter(char::is_ascii),
                Some('u') => coded(&mut rest, 4, 4),
                Some('U') => coded(&mut rest, 8, 8),
                Some('0'..='7') => None,
                other => other,
            },
            c => Some(c),
        };
        match c {
            Some(c) => out.push(c),
            None => {
                let what = "a backslash stands before no character; write the character itself".into();
                return Err(Fault { span, what });
            }
        }
    }
    Ok(out)
}

/// The character whose number stands at the start of `rest`, in `least` to `most` hexadecimal digits.
fn coded(rest: &mut std::str::Chars<'_>, least: usize, most: usize) -> Option<char> {
    let digits: String = rest.clone().take(most).take_while(char::is_ascii_hexdigit).collect();
    rest.by_ref().take(digits.len()).for_each(drop);
    let code = u32::from_str_radix(&digits, 16).ok().filter(|code| *code > 0 && digits.len() >= least);
    code.and_then(char::from_u32)
}
