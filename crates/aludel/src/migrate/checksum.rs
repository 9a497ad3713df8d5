//! What a revision means, in 32 digits.

use super::{Revision, Step, Work};
use crate::schema::WideFnv;
use crate::syntax::{Flavour, Kind, is_plain, lex};

impl Revision {
    /// A sum over what applying the revision does: 32 hexadecimal digits.
    ///
    /// It stays the same whatever happens to comments, white space, line ends, the case of keywords, the spelling of
    /// operations, the message, and the way back, which a person may mend in a file that is applied already. It differs
    /// where an operation, a word of data, an engine or a text in quotes does.
    pub fn checksum(&self) -> String {
        let mut sum = Sum(WideFnv::new());
        sum.part(&self.edition.to_string());
        for step in &self.up {
            step_of(step, &mut sum);
        }
        sum.0.hex()
    }
}

fn step_of(step: &Step, sum: &mut Sum) {
    let mut only: Vec<&str> = step.only.iter().map(String::as_str).collect();
    only.sort_unstable();
    sum.part(&format!("only {}", only.join(" ")));
    match &step.work {
        Work::Change(op) => sum.tokens("change", &op.print()),
        Work::Data(text) => sum.tokens("data", text),
        Work::Raw(text) => sum.tokens("raw", text),
        Work::Run { name, arguments } => {
            sum.part("run");
            sum.part(name);
            arguments.iter().for_each(|argument| sum.part(argument));
        }
    }
    for instead in &step.instead {
        let mut engines: Vec<&str> = instead.engines.iter().map(String::as_str).collect();
        engines.sort_unstable();
        sum.tokens(&format!("instead {}", engines.join(" ")), &instead.text);
    }
}

/// A hash of parts.
struct Sum(WideFnv);

impl Sum {
    /// Adds a text with its length, so that no two lists of parts look alike.
    fn part(&mut self, text: &str) {
        // Eight bytes whatever the machine: a sum is read where it was not made.
        let length = text.len() as u64;
        self.0.add(length.to_le_bytes().into_iter().chain(text.bytes()));
    }

    /// Adds the tokens of a statement: words without regard to case, a name in quotes that needs none as a word.
    fn tokens(&mut self, what: &str, text: &str) {
        self.part(what);
        for token in lex(text, Flavour::PORTABLE) {
            let piece = token.span.of(text);
            match token.kind {
                Kind::Blank | Kind::Comment => {}
                Kind::Word => self.part(&piece.to_lowercase()),
                Kind::Quoted if is_plain(&piece[1..piece.len() - 1]) => self.part(&piece[1..piece.len() - 1]),
                _ => self.part(piece),
            }
        }
        self.part("");
    }
}
