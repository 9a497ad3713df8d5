//! Text into a tree, by the precedences of PostgreSQL.

mod operand;
mod string;
mod words;

pub(super) use words::may_be_called;

use super::{At, Expr, Fault, Name, Ty, ty};
use crate::syntax::{Flavour, Kind, Span, Token, lex};

/// How deep an expression may nest. People write a tenth of it; far beyond it the stack would end.
const DEEPEST: usize = 100;

pub(super) fn parse(text: &str) -> Result<Expr> {
    let mut parser = Parser::new(text);
    let expr = parser.expr(power::LEAST)?;
    match parser.token() {
        None => Ok(expr),
        Some(_) => Err(parser.expected("an operator or the end")),
    }
}

/// How strongly operators bind, from the weakest.
pub(super) mod power {
    pub(in crate::syntax::expr) const LEAST: u8 = 0;
    pub(in crate::syntax::expr) const OR: u8 = 1;
    pub(in crate::syntax::expr) const AND: u8 = 2;
    pub(in crate::syntax::expr) const NOT: u8 = 3;
    pub(in crate::syntax::expr) const IS: u8 = 4;
    pub(in crate::syntax::expr) const COMPARE: u8 = 5;
    pub(in crate::syntax::expr) const MATCH: u8 = 6;
    pub(in crate::syntax::expr) const OTHER: u8 = 7;
    pub(in crate::syntax::expr) const ADD: u8 = 8;
    pub(in crate::syntax::expr) const MULTIPLY: u8 = 9;
    pub(in crate::syntax::expr) const RAISE: u8 = 10;
    pub(in crate::syntax::expr) const ZONE: u8 = 11;
    pub(in crate::syntax::expr) const COLLATE: u8 = 12;
    pub(in crate::syntax::expr) const SIGN: u8 = 13;
    pub(in crate::syntax::expr) const SUBSCRIPT: u8 = 14;
    pub(in crate::syntax::expr) const CAST: u8 = 15;
    pub(in crate::syntax::expr) const WHOLE: u8 = 16;
}

/// How strongly the operator `op` between two operands binds.
pub(super) fn binary(op: &str) -> u8 {
    match op {
        "=" | "<" | ">" | "<=" | ">=" | "<>" => power::COMPARE,
        "+" | "-" => power::ADD,
        "*" | "/" | "%" => power::MULTIPLY,
        "^" => power::RAISE,
        _ => power::OTHER,
    }
}

/// Reads tokens from the left.
struct Parser<'a> {
    text: &'a str,
    /// All tokens but blanks and comments.
    tokens: Vec<Token>,
    at: usize,
    /// How many expressions are being read, one within the other.
    depth: usize,
    /// At least the height of the tree read so far in the innermost of them.
    height: usize,
}

type Result<T> = std::result::Result<T, Fault>;

/// What stands behind an operand.
enum Infix {
    Chain { all: bool },
    Is,
    Null { not: bool },
    Match { not: bool },
    Operator(String),
    Zone,
    Collate,
    Subscript,
    Cast,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let meant = |token: &Token| !matches!(token.kind, Kind::Blank | Kind::Comment);
        let tokens = lex(text, Flavour::PORTABLE).into_iter().filter(meant).collect();
        Parser { text, tokens, at: 0, depth: 0, height: 0 }
    }

    fn token(&self) -> Option<Token> {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> Option<Token> {
        self.tokens.get(self.at + by).copied()
    }

    fn piece(&self, by: usize) -> &'a str {
        self.ahead(by).map_or("", |token| token.span.of(self.text))
    }

    /// The place of the token at hand; the end of the text behind the last.
    fn span(&self) -> Span {
        self.token().map_or(Span { start: self.text.len(), end: self.text.len() }, |token| token.span)
    }

    fn expected(&self, what: &str) -> Fault {
        let found = match self.token() {
            None => "the end".to_owned(),
            Some(token) if token.kind == Kind::Open => "something that is not closed".to_owned(),
            Some(_) => format!("`{}`", self.piece(0)),
        };
        Fault { span: self.span(), what: format!("{what} is expected, found {found}") }
    }

    fn fault<T>(&self, what: impl Into<String>) -> Result<T> {
        Err(Fault { span: self.span(), what: what.into() })
    }

    fn is_sign(&self, by: usize, sign: &str) -> bool {
        self.ahead(by).is_some_and(|token| token.kind == Kind::Sign) && self.piece(by) == sign
    }

    fn is_word(&self, by: usize, word: &str) -> bool {
        self.ahead(by).is_some_and(|token| token.kind == Kind::Word) && self.piece(by).eq_ignore_ascii_case(word)
    }

    fn eat_sign(&mut self, sign: &str) -> bool {
        let is = self.is_sign(0, sign);
        self.at += usize::from(is);
        is
    }

    /// Passes over `words`, which have a blank between them, where all of them follow.
    fn eat(&mut self, words: &str) -> bool {
        let all = words.split(' ').enumerate().all(|(by, word)| self.is_word(by, word));
        self.at += if all { words.split(' ').count() } else { 0 };
        all
    }

    fn expect(&mut self, words: &str) -> Result<()> {
        if self.eat(words) { Ok(()) } else { Err(self.expected(&format!("`{}`", words.to_uppercase()))) }
    }

    fn expect_sign(&mut self, sign: &str) -> Result<()> {
        if self.eat_sign(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    /// An expression whose operators bind at least as strongly as `least`.
    fn expr(&mut self, least: u8) -> Result<Expr> {
        self.depth += 1;
        let outer = std::mem::take(&mut self.height);
        let expr = if self.depth > DEEPEST { self.too_deep() } else { self.operators(least) };
        self.height = outer.max(self.height + 1);
        self.depth -= 1;
        expr
    }

    fn too_deep<T>(&self) -> Result<T> {
        self.fault(format!("this is nested more than {DEEPEST} deep"))
    }

    fn operators(&mut self, least: u8) -> Result<Expr> {
        let mut left = self.prefix()?;
        // Comparisons and patterns have no order among themselves: `a < b < c` means nothing.
        let mut single = None;
        while let Some((infix, power)) = self.infix() {
            if power < least {
                break;
            }
            if single == Some(power) {
                return self
                    .fault(format!("`{}` cannot follow a comparison; put one of them in brackets", self.piece(0)));
            }
            single = matches!(power, power::COMPARE | power::MATCH).then_some(power);
            let longer = matches!((&infix, &left), (Infix::Chain { all }, Expr::Chain { all: of, .. }) if all == of);
            left = self.behind(left, infix, power)?;
            self.height += usize::from(!longer);
            if self.height > DEEPEST {
                return self.too_deep();
            }
        }
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Expr> {
        let Some(token) = self.token() else { return Err(self.expected("an operand")) };
        if self.is_word(0, "not") {
            self.at += 1;
            return Ok(Expr::Unary { op: "NOT".into(), of: self.expr(power::NOT).map(Box::new)? });
        }
        let piece = self.piece(0);
        if token.kind == Kind::Sign && piece.starts_with(OPERATOR) && !BETWEEN.contains(&piece) {
            self.at += 1;
            // A prefix binds as its operator does, but for the sign of a number.
            let least = if matches!(piece, "-" | "+") { power::SIGN } else { power::OTHER + 1 };
            return Ok(Expr::Unary { op: piece.into(), of: self.expr(least).map(Box::new)? });
        }
        self.operand()
    }

    /// What stands at hand, which is behind an operand, and how strongly it binds; nothing where the expression ends.
    fn infix(&self) -> Option<(Infix, u8)> {
        let token = self.token()?;
        let piece = self.piece(0);
        match token.kind {
            Kind::Sign => match piece {
                "::" => Some((Infix::Cast, power::CAST)),
                "[" => Some((Infix::Subscript, power::SUBSCRIPT)),
                "=>" => None,
                _ if piece.starts_with(OPERATOR) => {
                    let op = match piece {
                        "!=" => "<>",
                        "==" => "=",
                        _ => piece,
                    };
                    Some((Infix::Operator(op.to_owned()), binary(op)))
                }
                _ => None,
            },
            Kind::Word => {
                let not = piece.eq_ignore_ascii_case("not");
                let next = self.piece(usize::from(not)).to_ascii_lowercase();
                match next.as_str() {
                    "in" | "between" | "like" | "ilike" | "similar" => Some((Infix::Match { not }, power::MATCH)),
                    _ if not => None,
                    "and" => Some((Infix::Chain { all: true }, power::AND)),
                    "or" => Some((Infix::Chain { all: false }, power::OR)),
                    "is" => Some((Infix::Is, power::IS)),
                    "isnull" => Some((Infix::Null { not: false }, power::IS)),
                    "notnull" => Some((Infix::Null { not: true }, power::IS)),
                    "at" => Some((Infix::Zone, power::ZONE)),
                    "collate" => Some((Infix::Collate, power::COLLATE)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Reads the operator at hand and what belongs to it.
    fn behind(&mut self, left: Expr, infix: Infix, power: u8) -> Result<Expr> {
        let left = Box::new(left);
        if !matches!(infix, Infix::Match { .. }) {
            self.at += 1;
        }
        Ok(match infix {
            Infix::Chain { all } => {
                // `a AND (b AND c)` is one row of conditions, too.
                let mut of = row(*left, all);
                of.extend(row(self.expr(power + 1)?, all));
                Expr::Chain { all, of }
            }
            Infix::Is => return self.is(left),
            Infix::Null { not } => Expr::Is { of: left, what: "NULL", not },
            Infix::Match { not } => {
                self.at += usize::from(not);
                return self.matching(left, not);
            }
            Infix::Operator(op) => match self.quantifier() {
                Some(all) => self.quantified(left, op, all)?,
                None => Expr::Binary { op, left, right: self.expr(power + 1).map(Box::new)? },
            },
            Infix::Zone => {
                self.expect("time zone")?;
                Expr::Zone { of: left, zone: self.expr(power + 1).map(Box::new)? }
            }
            Infix::Collate => Expr::Collate { of: left, name: self.path("a collation")? },
            Infix::Subscript => self.subscript(left)?,
            Infix::Cast => Expr::Cast { of: left, ty: self.ty()? },
        })
    }

    fn is(&mut self, of: Box<Expr>) -> Result<Expr> {
        let not = self.eat("not");
        if self.eat("distinct from") {
            let right = self.expr(power::IS + 1).map(Box::new)?;
            return Ok(Expr::Distinct { left: of, right, not });
        }
        match ["NULL", "TRUE", "FALSE", "UNKNOWN"].into_iter().find(|what| self.eat(what)) {
            Some(what) => Ok(Expr::Is { of, what, not }),
            None => Err(self.expected("`NULL`, `TRUE`, `FALSE`, `UNKNOWN` or `DISTINCT FROM`")),
        }
    }

    /// IN, BETWEEN and the patterns.
    fn matching(&mut self, of: Box<Expr>, not: bool) -> Result<Expr> {
        let operand = |of: &mut Self| of.expr(power::MATCH + 1).map(Box::new);
        if self.eat("in") {
            self.expect_sign("(")?;
            if let Some(select) = self.select("")? {
                return Ok(Expr::In { of, list: vec![select], not });
            }
            return Ok(Expr::In { of, list: self.list(")")?, not });
        }
        if self.eat("between") {
            let symmetric = self.eat("symmetric");
            self.eat("asymmetric");
            let low = operand(self)?;
            self.expect("and")?;
            return Ok(Expr::Between { of, low, high: operand(self)?, not, symmetric });
        }
        let how = match (self.eat("like"), self.eat("ilike")) {
            (true, _) => "LIKE",
            (_, true) => "ILIKE",
            _ => {
                self.expect("similar to")?;
                "SIMILAR TO"
            }
        };
        if let Some(all) = self.quantifier() {
            let op = if not { format!("NOT {how}") } else { how.to_owned() };
            return self.quantified(of, op, all);
        }
        let pattern = operand(self)?;
        let escape = if self.eat("escape") { Some(operand(self)?) } else { None };
        Ok(Expr::Like { of, how, pattern, escape, not })
    }

    /// Whether `ANY (` or `ALL (` follows; passes over the word.
    fn quantifier(&mut self) -> Option<bool> {
        if !self.is_sign(1, "(") {
            return None;
        }
        if self.eat("all") { Some(true) } else { (self.eat("any") || self.eat("some")).then_some(false) }
    }

    fn quantified(&mut self, left: Box<Expr>, op: String, all: bool) -> Result<Expr> {
        self.expect_sign("(")?;
        let of = match self.select("")? {
            Some(select) => select,
            None => {
                let of = self.expr(power::LEAST)?;
                self.expect_sign(")")?;
                of
            }
        };
        Ok(Expr::Quantified { left, op, all, of: Box::new(of) })
    }

    fn subscript(&mut self, of: Box<Expr>) -> Result<Expr> {
        let bound = |of: &mut Self| match of.is_sign(0, ":") || of.is_sign(0, "]") {
            true => Ok(None),
            false => of.expr(power::LEAST).map(|expr| Some(Box::new(expr))),
        };
        let from = bound(self)?;
        let to = if self.eat_sign(":") { Some(bound(self)?) } else { None };
        if from.is_none() && to.is_none() {
            return Err(self.expected("an operand"));
        }
        self.expect_sign("]")?;
        Ok(Expr::Subscript { of, from, to })
    }

    /// One or more expressions with commas between, and the sign that closes them.
    fn list(&mut self, close: &str) -> Result<Vec<Expr>> {
        let mut list = vec![self.expr(power::LEAST)?];
        while self.eat_sign(",") {
            list.push(self.expr(power::LEAST)?);
        }
        if self.eat_sign(close) { Ok(list) } else { Err(self.expected(&format!("`,` or `{close}`"))) }
    }

    /// A name.
    fn name(&mut self, what: &str) -> Result<Name> {
        let Some(token) = self.token() else { return Err(self.expected(what)) };
        let piece = self.piece(0);
        let name = match token.kind {
            Kind::Word => Name { text: piece.to_ascii_lowercase(), quoted: false, span: token.span },
            Kind::Quoted if piece.starts_with('"') => {
                Name { text: piece[1..piece.len() - 1].replace("\"\"", "\""), quoted: true, span: token.span }
            }
            _ => return Err(self.expected(what)),
        };
        self.at += 1;
        Ok(name)
    }

    /// A name, or several with points between.
    fn path(&mut self, what: &str) -> Result<Vec<Name>> {
        let mut path = vec![self.name(what)?];
        while self.eat_sign(".") {
            path.push(self.name("a name")?);
        }
        Ok(path)
    }

    /// A type.
    fn ty(&mut self) -> Result<Ty> {
        let begin = self.at;
        let mut name = self.path("a type")?;
        // What is built in is found in this schema.
        if name.len() == 2
            && name[0].text == "pg_catalog"
            && let Some(known) = ty::canonical(&name[1].text).filter(|known| *known != "char")
        {
            name = vec![Name { text: known.to_owned(), ..name.swap_remove(1) }];
        }
        let [first] = name.as_slice() else { return self.ty_behind(name) };
        let mut words = first.text.clone();
        if !first.quoted && ty::SEVERAL.contains(&words.as_str()) {
            while ["precision", "varying", "character", "char"].iter().any(|word| self.is_word(0, word)) {
                words.push(' ');
                words.push_str(&self.piece(0).to_ascii_lowercase());
                self.at += 1;
            }
        }
        let arguments = self.ty_arguments()?;
        if matches!(words.as_str(), "time" | "timestamp") && !first.quoted {
            let zone = ["with time zone", "without time zone"].into_iter().find(|zone| self.eat(zone));
            words.extend(zone.into_iter().flat_map(|zone| [" ", zone]));
        }
        let span = self.tokens[begin].span.to(self.tokens[self.at - 1].span);
        match ty::canonical(&words) {
            // In quotes it is another type, of one byte.
            Some("char") if first.quoted => name.insert(0, Name::new("pg_catalog")),
            Some(known) => name = vec![Name { text: known.to_owned(), quoted: false, span }],
            _ if !first.quoted && words.contains(' ') => {
                return Err(Fault { span, what: format!("there is no type `{words}`") });
            }
            _ => {}
        }
        Ok(Ty { name, arguments, arrays: self.arrays()? })
    }

    fn ty_behind(&mut self, name: Vec<Name>) -> Result<Ty> {
        Ok(Ty { name, arguments: self.ty_arguments()?, arrays: self.arrays()? })
    }

    /// `(12, 2)`
    fn ty_arguments(&mut self) -> Result<Vec<String>> {
        let mut arguments = Vec::new();
        if !self.eat_sign("(") {
            return Ok(arguments);
        }
        loop {
            let sign = if self.eat_sign("-") { "-" } else { "" };
            let number = self.token().is_some_and(|token| token.kind == Kind::Number);
            if !number {
                return Err(self.expected("a number"));
            }
            arguments.push(format!("{sign}{}", self.piece(0)));
            self.at += 1;
            if self.eat_sign(")") {
                return Ok(arguments);
            }
            self.expect_sign(",")?;
        }
    }

    /// `[]` or `[3]`, or `ARRAY`: bounds are not kept by any engine.
    fn arrays(&mut self) -> Result<usize> {
        let mut arrays = 0;
        if self.eat("array") {
            arrays = 1;
        }
        while self.is_sign(0, "[") && (self.is_sign(1, "]") || self.is_sign(2, "]")) {
            self.at += 1;
            if !self.is_sign(0, "]") {
                if self.token().is_some_and(|token| token.kind != Kind::Number) {
                    return Err(self.expected("a number or `]`"));
                }
                self.at += 1;
            }
            self.at += 1;
            arrays += 1;
        }
        Ok(arrays)
    }
}

/// What an operator begins with.
const OPERATOR: [char; 16] = ['+', '-', '*', '/', '<', '>', '=', '~', '!', '@', '#', '%', '^', '&', '|', '?'];

/// Operators that stand between operands, and never before one.
const BETWEEN: [&str; 14] = ["*", "/", "%", "^", "=", "==", "<", ">", "<=", ">=", "<>", "!=", "||", "&&"];

/// The parts of a row of conditions, or the one condition.
fn row(expr: Expr, all: bool) -> Vec<Expr> {
    match expr {
        Expr::Chain { all: other, of } if other == all => of,
        expr => vec![expr],
    }
}
