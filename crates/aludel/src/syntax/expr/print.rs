//! A tree into text.

use super::parse::{binary, may_be_called, power};
use super::{Call, Expr, Form, Name};
use crate::syntax::spell;

/// Which brackets are written.
#[derive(Clone, Copy)]
pub(super) enum Brackets {
    /// Those without which it would be read as something else.
    Fewest,
    /// Those without which some engine reads something else: engines agree on the order of AND, OR, comparisons and the
    /// four kinds of calculation, and on little else.
    Careful,
}

pub(super) fn print(expr: &Expr, brackets: Brackets) -> String {
    let mut printer = Printer { out: String::new(), brackets };
    printer.expr(expr, power::LEAST);
    printer.out
}

struct Printer {
    out: String,
    brackets: Brackets,
}

/// How strongly what holds `expr` together binds.
fn strength(expr: &Expr) -> u8 {
    match expr {
        Expr::Chain { all: false, .. } => power::OR,
        Expr::Chain { all: true, .. } => power::AND,
        Expr::Unary { op, .. } if op == "NOT" => power::NOT,
        Expr::Unary { op, .. } if op == "-" || op == "+" => power::SIGN,
        Expr::Unary { .. } => power::OTHER,
        Expr::Is { .. } | Expr::Distinct { .. } => power::IS,
        Expr::Binary { op, .. } => binary(op),
        Expr::Quantified { op, .. } if op.ends_with("LIKE") || op.ends_with("TO") => power::MATCH,
        Expr::Quantified { op, .. } => binary(op),
        Expr::In { .. } | Expr::Between { .. } | Expr::Like { .. } => power::MATCH,
        Expr::Zone { .. } => power::ZONE,
        Expr::Collate { .. } => power::COLLATE,
        Expr::Subscript { .. } => power::SUBSCRIPT,
        Expr::Raw { whole: false, .. } => power::LEAST,
        _ => power::WHOLE,
    }
}

impl Printer {
    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Writes an operand: where brackets are the fewest it has to bind as strongly as the one, else as the other.
    fn operand(&mut self, expr: &Expr, fewest: u8, careful: u8) {
        let least = match self.brackets {
            Brackets::Fewest => fewest,
            Brackets::Careful => careful,
        };
        self.expr(expr, least);
    }

    /// Writes `expr`, in brackets where it binds less strongly than `least`.
    fn expr(&mut self, expr: &Expr, least: u8) {
        if strength(expr) < least {
            self.text("(");
            self.bare(expr);
            self.text(")");
        } else {
            self.bare(expr);
        }
    }

    fn list(&mut self, list: &[Expr]) {
        for (at, expr) in list.iter().enumerate() {
            self.text(if at == 0 { "" } else { ", " });
            self.expr(expr, power::LEAST);
        }
    }

    fn path(&mut self, path: &[Name]) {
        let names: Vec<_> = path.iter().map(|name| spell(&name.text)).collect();
        self.text(&names.join("."));
    }

    fn bare(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(path) => self.path(path),
            Expr::Null => self.text("NULL"),
            Expr::Bool(value) => self.text(if *value { "TRUE" } else { "FALSE" }),
            Expr::Text(text) => self.text(&format!("'{}'", text.replace('\'', "''"))),
            Expr::Number(text) | Expr::Raw { text, .. } => self.text(text),
            Expr::Bits(letter, digits) => self.text(&format!("{letter}'{digits}'")),
            Expr::Current { word, digits, .. } => {
                self.text(word);
                digits.iter().for_each(|digits| self.text(&format!("({digits})")));
            }
            Expr::Call(call) => self.call(call),
            Expr::Named(name, of) => {
                self.text(&format!("{} => ", spell(&name.text)));
                self.expr(of, power::LEAST);
            }
            Expr::Cast { of, ty } => {
                self.text("CAST(");
                self.expr(of, power::LEAST);
                self.text(&format!(" AS {})", ty.print()));
            }
            Expr::Case { of, when, other } => self.case(of.as_deref(), when, other.as_deref()),
            Expr::Row(of) => {
                self.text(if of.len() < 2 { "ROW(" } else { "(" });
                self.list(of);
                self.text(")");
            }
            Expr::Array(of) => {
                self.text("ARRAY[");
                self.list(of);
                self.text("]");
            }
            Expr::Select { head, text, .. } => {
                let blank = if head.is_empty() { "" } else { " " };
                self.text(&format!("{head}{blank}({text})"));
            }
            _ => self.operator(expr),
        }
    }

    /// What is held together by an operator.
    fn operator(&mut self, expr: &Expr) {
        let own = strength(expr);
        match expr {
            Expr::Unary { op, of } => {
                self.text(op);
                let begin = self.out.len();
                let signed = own == power::SIGN;
                self.operand(of, if signed || own == power::NOT { own } else { own + 1 }, power::WHOLE);
                // `--` would begin a comment.
                if !signed || self.out[begin..].starts_with(|c: char| !c.is_alphanumeric() && !"('\"_".contains(c)) {
                    self.out.insert(begin, ' ');
                }
            }
            Expr::Binary { op, left, right } => {
                // A row of one operator is read from the left everywhere.
                let again = matches!(&**left, Expr::Binary { op: first, .. } if first == op);
                let careful = match own {
                    power::COMPARE => power::ADD,
                    power::ADD | power::MULTIPLY => own,
                    _ => power::WHOLE,
                };
                let whole = careful == power::WHOLE;
                self.operand(
                    left,
                    if own == power::COMPARE { own + 1 } else { own },
                    if again && whole { own } else { careful },
                );
                self.text(&format!(" {op} "));
                self.operand(right, own + 1, if careful == own { own + 1 } else { careful });
            }
            Expr::Chain { all, of } => {
                for (at, part) in of.iter().enumerate() {
                    self.text(if at == 0 { "" } else { [" OR ", " AND "][usize::from(*all)] });
                    self.expr(part, own + 1);
                }
            }
            Expr::Is { of, what, not } => {
                self.operand(of, own + 1, power::ADD);
                self.text(if *not { " IS NOT " } else { " IS " });
                self.text(what);
            }
            Expr::Distinct { left, right, not } => {
                let op = if *not { " IS NOT DISTINCT FROM " } else { " IS DISTINCT FROM " };
                self.between(left, own + 1, op, right, own + 1);
            }
            Expr::Quantified { left, op, all, of } => {
                let left_least = if matches!(own, power::COMPARE | power::MATCH) { own + 1 } else { own };
                self.expr(left, left_least);
                self.text(&format!(" {op} {} ", if *all { "ALL" } else { "ANY" }));
                self.bracketed(std::slice::from_ref(&**of));
            }
            Expr::Zone { of, zone } => self.between(of, own, " AT TIME ZONE ", zone, own + 1),
            Expr::Collate { of, name } => {
                self.expr(of, own);
                self.text(" COLLATE ");
                self.path(name);
            }
            Expr::Subscript { of, from, to } => {
                self.expr(of, power::SUBSCRIPT);
                self.text("[");
                from.iter().for_each(|from| self.expr(from, power::LEAST));
                if let Some(to) = to {
                    self.text(":");
                    to.iter().for_each(|to| self.expr(to, power::LEAST));
                }
                self.text("]");
            }
            _ => self.matching(expr),
        }
    }

    fn between(&mut self, left: &Expr, left_least: u8, op: &str, right: &Expr, right_least: u8) {
        self.expr(left, left_least);
        self.text(op);
        self.expr(right, right_least);
    }

    fn matching(&mut self, expr: &Expr) {
        let least = match self.brackets {
            Brackets::Fewest => power::MATCH + 1,
            Brackets::Careful => power::ADD,
        };
        let no = |not: &bool| if *not { " NOT" } else { "" };
        match expr {
            Expr::In { of, list, not } => {
                self.expr(of, least);
                self.text(&format!("{} IN ", no(not)));
                self.bracketed(list);
            }
            Expr::Between { of, low, high, not, symmetric } => {
                self.expr(of, least);
                self.text(&format!("{} BETWEEN{} ", no(not), if *symmetric { " SYMMETRIC" } else { "" }));
                self.between(low, least, " AND ", high, least);
            }
            Expr::Like { of, how, pattern, escape, not } => {
                self.between(of, least, &format!("{} {how} ", no(not)), pattern, least);
                if let Some(escape) = escape {
                    self.text(" ESCAPE ");
                    self.expr(escape, least);
                }
            }
            _ => {}
        }
    }

    /// `(a, b)`; a subselect has its brackets.
    fn bracketed(&mut self, list: &[Expr]) {
        let select = matches!(list, [Expr::Select { head: "", .. }]);
        self.text(if select { "" } else { "(" });
        self.list(list);
        self.text(if select { "" } else { ")" });
    }

    fn case(&mut self, of: Option<&Expr>, when: &[(Expr, Expr)], other: Option<&Expr>) {
        self.text("CASE");
        if let Some(of) = of {
            self.text(" ");
            self.expr(of, power::LEAST);
        }
        for (condition, result) in when {
            self.text(" WHEN ");
            self.expr(condition, power::LEAST);
            self.text(" THEN ");
            self.expr(result, power::LEAST);
        }
        if let Some(other) = other {
            self.text(" ELSE ");
            self.expr(other, power::LEAST);
        }
        self.text(" END");
    }

    fn call(&mut self, call: &Call) {
        let plain = matches!(call.form, Form::Plain | Form::Distinct | Form::Star);
        match call.name.as_slice() {
            [name] if !plain => self.text(&name.text.to_uppercase()),
            [name] if may_be_called(&name.text) => self.text(&name.text),
            [name] => self.text(&format!("\"{}\"", name.text.replace('"', "\"\""))),
            path => self.path(path),
        }
        self.text("(");
        match (call.form, call.arguments.as_slice()) {
            (Form::Star, _) => self.text("*"),
            (Form::Distinct, arguments) => {
                self.text("DISTINCT ");
                self.list(arguments);
            }
            (Form::Extract, [Expr::Text(field), of]) => {
                // Fields are words, but any text may stand there.
                match may_be_called(field) {
                    true => self.text(field),
                    false => self.text(&format!("'{}'", field.replace('\'', "''"))),
                }
                self.text(" FROM ");
                self.expr(of, power::LEAST);
            }
            (Form::Trim(side), [of, what @ ..]) => {
                self.text(side);
                for what in what {
                    self.text(" ");
                    self.expr(what, power::LEAST);
                }
                self.text(" FROM ");
                self.expr(of, power::LEAST);
            }
            (Form::Position, [what, of]) => self.between(what, power::MATCH + 1, " IN ", of, power::LEAST),
            (Form::Substring | Form::Overlay, arguments) => {
                let words: &[_] = if call.form == Form::Overlay { &["", " PLACING "] } else { &[""] };
                for (argument, word) in arguments.iter().zip(words.iter().chain(&[" FROM ", " FOR "])) {
                    self.text(word);
                    self.expr(argument, power::LEAST);
                }
            }
            (_, arguments) => self.list(arguments),
        }
        self.text(")");
    }
}
