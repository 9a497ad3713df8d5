//! New words in an old text: what stays the same keeps its blanks and comments.

use std::borrow::Cow;

use super::{Part, Reader};
use crate::syntax::{Flavour, Kind, Span, Token, lex};

impl Reader<'_, '_> {
    /// Puts `said` in the place of `part`; the words that both begin and end with stay as they are written.
    pub(super) fn splice(&mut self, part: &Part, said: &str) {
        let new: Vec<Token> =
            lex(said, Flavour::PORTABLE).into_iter().filter(|token| token.kind != Kind::Blank).collect();
        let same = |old: usize, at: usize| {
            let (old, is, next) = (self.tokens[old], new[at].span.of(said), new.get(at + 1));
            let was = old.span.of(self.text);
            // What stands before a point may be a table, whose case counts for some.
            let table = next.is_some_and(|next| next.span.of(said) == ".");
            let folds = matches!(old.kind, Kind::Word | Kind::Number | Kind::Bytes) && !table;
            was == is || (was == "!=" && is == "<>") || (folds && was.eq_ignore_ascii_case(is))
        };
        let least = part.len().min(new.len());
        let head = (0..least).take_while(|by| same(part.start + by, *by)).count();
        let tail = (1..=least - head).take_while(|by| same(part.end - by, new.len() - by)).count();
        let (from, to) = (part.start + head, part.end - tail);
        let (first, last) = (head, new.len() - tail);
        if from == to && first == last {
            return;
        }
        let begin = new.get(first).map_or(said.len(), |token| token.span.start);
        let end = if first == last { begin } else { new[last - 1].span.end };
        let span = match (from == to, from == part.start) {
            (false, _) => self.span(&(from..to)),
            (true, true) => Span { start: self.span(part).start, end: self.span(part).start },
            (true, false) => Span { start: self.tokens[from - 1].span.end, end: self.tokens[from - 1].span.end },
        };
        self.edit(span, &said[begin..end]);
    }
}

/// `text` with all edits; of two in one place the outer counts.
pub(super) fn edited(text: &str, mut edits: Vec<(Span, String)>) -> Cow<'_, str> {
    if edits.is_empty() {
        return Cow::Borrowed(text);
    }
    edits.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let (mut out, mut at) = (String::new(), 0);
    for (span, new) in edits {
        if span.start < at {
            continue;
        }
        glue(&mut out, &text[at..span.start]);
        glue(&mut out, &new);
        at = span.end;
    }
    glue(&mut out, &text[at..]);
    Cow::Owned(out)
}

/// Puts `more` behind `out`, with a blank between where two words or two operators would become one.
fn glue(out: &mut String, more: &str) {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '\'' | '"' | '`');
    let sign = |c: char| "+-*/<>=~!@#%^&|?:".contains(c);
    if let (Some(last), Some(first)) = (out.chars().next_back(), more.chars().next())
        && ((word(last) && word(first)) || (sign(last) && sign(first)))
    {
        out.push(' ');
    }
    out.push_str(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits() {
        let at = |start, end| Span { start, end };
        for (edits, text) in [
            (vec![], "a=b/*c*/+d"),
            (vec![(at(2, 3), "-1")], "a= -1/*c*/+d"),
            (vec![(at(9, 10), "x"), (at(0, 1), "y")], "y=b/*c*/+x"),
            (vec![(at(0, 3), "z"), (at(2, 3), "lost")], "z/*c*/+d"),
            (vec![(at(1, 1), "e"), (at(10, 10), "f")], "a e=b/*c*/+d f"),
        ] {
            let edits = edits.into_iter().map(|(span, new)| (span, new.to_owned())).collect();
            assert_eq!(edited("a=b/*c*/+d", edits), text);
        }
    }
}
