//! Texts as patterns: wildcards that a user typed find themselves.

use super::Match;
use crate::dialect::Pattern;

/// One step of a pattern.
#[derive(Clone, Copy)]
enum Step {
    /// Any number of characters.
    Any,
    /// One character.
    One,
    /// This character.
    Literal(char),
}

/// `text` written so that it is found where `how` says.
pub(super) fn write(text: &str, how: Match, pattern: Pattern) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    if pattern == Pattern::Plain {
        out.push_str(text);
        return out;
    }
    if how == Match::Pattern {
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let step = match letter {
                '%' => Step::Any,
                '_' => Step::One,
                '\\' => Step::Literal(letters.next().unwrap_or('\\')),
                other => Step::Literal(other),
            };
            push(step, pattern, &mut out);
        }
        return out;
    }
    if how != Match::Starts {
        push(Step::Any, pattern, &mut out);
    }
    for letter in text.chars() {
        push(Step::Literal(letter), pattern, &mut out);
    }
    if how != Match::Ends {
        push(Step::Any, pattern, &mut out);
    }
    out
}

fn push(step: Step, pattern: Pattern, out: &mut String) {
    let glob = pattern == Pattern::Glob;
    match step {
        Step::Any => out.push(if glob { '*' } else { '%' }),
        Step::One => out.push(if glob { '?' } else { '_' }),
        Step::Literal(letter) if glob && matches!(letter, '*' | '?' | '[') => out.extend(['[', letter, ']']),
        Step::Literal(letter) if !glob && matches!(letter, '%' | '_' | '!') => out.extend(['!', letter]),
        Step::Literal(letter) => out.push(letter),
    }
}
