//! Patterns of LIKE, rewritten so that every engine finds the same.

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// `%`
    Any,
    /// `_`
    One,
    /// This character.
    Character(char),
}

/// The pieces of `pattern`, in which `escape` takes the meaning from the character behind it; `None` where nothing stands
/// behind the last one.
fn pieces(pattern: &str, escape: Option<char>) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        pieces.push(match c {
            c if Some(c) == escape => Piece::Character(rest.next()?),
            '%' => Piece::Any,
            '_' => Piece::One,
            c => Piece::Character(c),
        });
    }
    Some(pieces)
}

/// `pattern` for GLOB, where brackets take the meaning from a character.
pub(super) fn glob(pattern: &str, escape: Option<char>) -> Option<String> {
    let mut out = String::new();
    for piece in pieces(pattern, escape)? {
        match piece {
            Piece::Any => out.push('*'),
            Piece::One => out.push('?'),
            Piece::Character(c @ ('*' | '?' | '[')) => out.extend(['[', c, ']']),
            Piece::Character(c) => out.push(c),
        }
    }
    Some(out)
}

/// `pattern` for LIKE, and whether `!` has to escape in it.
pub(super) fn like(pattern: &str, escape: Option<char>) -> Option<(String, bool)> {
    let pieces = pieces(pattern, escape)?;
    let escapes = pieces.iter().any(|piece| matches!(piece, Piece::Character('%' | '_' | '\\')));
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Any => out.push('%'),
            Piece::One => out.push('_'),
            Piece::Character(c @ ('%' | '_' | '!')) if escapes => out.extend(['!', c]),
            Piece::Character(c) => out.push(c),
        }
    }
    Some((out, escapes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, escape, found) in [
            ("a%_", Some('\\'), "a*? | a%_"),
            ("100\\%!", Some('\\'), "100%! | 100!%!! escaped"),
            ("a!_b\\", Some('!'), "a_b\\ | a!_b\\ escaped"),
            ("[a]*?!", Some('\\'), "[[]a][*][?]! | [a]*?!"),
            ("%\\", None, "*\\ | %\\ escaped"),
        ] {
            let (like, escapes) = like(pattern, escape).unwrap();
            let shown = format!("{} | {like}{}", glob(pattern, escape).unwrap(), if escapes { " escaped" } else { "" });
            assert_eq!(shown, found);
        }
        assert_eq!(glob("a\\", Some('\\')), None);
    }
}
