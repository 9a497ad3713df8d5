//! Operands: constants, names, functions, and what stands in brackets.

use super::words::{CURRENT, WITH_DIGITS, may_be_name};
use super::{At, DEEPEST, Parser, Result, power};
use crate::syntax::expr::{Call, Expr, Form, ty};
use crate::syntax::{Kind, Span};

impl Parser<'_> {
    pub(super) fn operand(&mut self) -> Result<Expr> {
        let Some(token) = self.token() else { return Err(self.expected("an operand")) };
        match token.kind {
            Kind::Text | Kind::Escaped | Kind::Dollar => Ok(Expr::Text(self.string()?)),
            Kind::Bytes => {
                let piece = self.piece(0);
                self.leaf(Expr::Bits('X', piece[2..piece.len() - 1].to_owned()))
            }
            Kind::Number => self.number(),
            Kind::Quoted => self.named(),
            Kind::Word => self.word(),
            Kind::Sign if self.eat_sign("(") => self.bracket(),
            _ => Err(self.expected("an operand")),
        }
    }

    fn number(&mut self) -> Result<Expr> {
        let (end, piece) = (self.span().end, self.piece(0));
        let next = self.ahead(1).filter(|next| next.kind == Kind::Word && next.span.start == end);
        if next.is_some() {
            return self.fault(format!("`{piece}` is no number with `{}` right behind it", self.piece(1)));
        }
        self.leaf(Expr::Number(piece.to_ascii_lowercase()))
    }

    fn word(&mut self) -> Result<Expr> {
        let word = self.piece(0).to_ascii_lowercase();
        if let Some(bits) = self.prefixed(&word)? {
            return Ok(bits);
        }
        let current = CURRENT.into_iter().find(|current| current.eq_ignore_ascii_case(&word));
        if let (Some(current), false) = (current, self.is_sign(1, ".")) {
            return self.current(current);
        }
        let bracket = self.is_sign(1, "(");
        match word.as_str() {
            "null" => self.leaf(Expr::Null),
            "true" => self.leaf(Expr::Bool(true)),
            "false" => self.leaf(Expr::Bool(false)),
            "case" => self.case(),
            "cast" if bracket => self.cast(),
            "array" if self.is_sign(1, "[") => {
                self.at += 1;
                self.array()
            }
            "array" | "exists" if bracket => self.subselect(if word == "array" { "ARRAY" } else { "EXISTS" }),
            "row" if bracket => {
                self.at += 2;
                Ok(Expr::Row(if self.eat_sign(")") { Vec::new() } else { self.list(")")? }))
            }
            "extract" | "trim" | "substring" | "position" | "overlay" if bracket => self.special(&word),
            _ if !may_be_name(&word) => Err(self.expected("an operand")),
            _ => self.named(),
        }
    }

    fn leaf(&mut self, expr: Expr) -> Result<Expr> {
        self.at += 1;
        Ok(expr)
    }

    /// A string that a letter right before it makes something else.
    fn prefixed(&mut self, word: &str) -> Result<Option<Expr>> {
        let Some(next) = self.ahead(1).filter(|next| next.span.start == self.span().end) else { return Ok(None) };
        match (word, next.kind) {
            ("b", Kind::Text) => {
                let digits = self.piece(1);
                self.at += 2;
                Ok(Some(Expr::Bits('B', digits[1..digits.len() - 1].to_owned())))
            }
            ("n", Kind::Text) => {
                self.at += 1;
                self.string().map(|text| Some(Expr::Text(text)))
            }
            ("u", _) if self.is_sign(1, "&") => self.fault("`U&` is not portable; write the characters themselves"),
            _ => Ok(None),
        }
    }

    fn current(&mut self, word: &'static str) -> Result<Expr> {
        let span = At(self.span());
        self.at += 1;
        let mut digits = None;
        if WITH_DIGITS.contains(&word) && self.eat_sign("(") {
            if self.token().is_none_or(|token| token.kind != Kind::Number) {
                return Err(self.expected("a number"));
            }
            digits = Some(self.piece(0).to_owned());
            self.at += 1;
            self.expect_sign(")")?;
        }
        Ok(Expr::Current { word, digits, span })
    }

    /// A column, a function, or a type before the text of its constant.
    fn named(&mut self) -> Result<Expr> {
        if let Some(typed) = self.typed() {
            return Ok(typed);
        }
        let path = self.path("an operand")?;
        if !self.eat_sign("(") {
            return Ok(Expr::Name(path));
        }
        let mut form = if self.eat("distinct") { Form::Distinct } else { Form::Plain };
        let mut arguments = Vec::new();
        if form == Form::Plain && self.eat_sign("*") {
            form = Form::Star;
            self.expect_sign(")")?;
        } else if form == Form::Distinct || !self.eat_sign(")") {
            arguments = self.arguments()?;
        }
        Ok(Expr::Call(Call { name: path, form, arguments }))
    }

    /// `DATE '2020-01-01'`
    fn typed(&mut self) -> Option<Expr> {
        let begin = self.at;
        let word = self.piece(0).to_ascii_lowercase();
        let known = ty::canonical(&word).is_some() || ty::SEVERAL.contains(&word.as_str());
        if known || self.is_string(1) {
            if let (Ok(ty), true) = (self.ty(), self.is_string(0))
                && let Ok(text) = self.string()
            {
                return Some(Expr::Cast { of: Box::new(Expr::Text(text)), ty });
            }
            self.at = begin;
        }
        None
    }

    /// Arguments of a function and the bracket that closes them.
    pub(super) fn arguments(&mut self) -> Result<Vec<Expr>> {
        let mut arguments = Vec::new();
        loop {
            arguments.push(if self.is_sign(1, "=>") {
                let name = self.name("a name")?;
                self.at += 1;
                Expr::Named(name, self.expr(power::LEAST).map(Box::new)?)
            } else {
                self.expr(power::LEAST)?
            });
            if self.eat_sign(")") {
                return Ok(arguments);
            }
            if !self.eat_sign(",") {
                return Err(self.expected("`,` or `)`"));
            }
        }
    }

    fn case(&mut self) -> Result<Expr> {
        self.at += 1;
        let of = if self.is_word(0, "when") { None } else { Some(self.expr(power::LEAST).map(Box::new)?) };
        let mut when = Vec::new();
        while self.eat("when") {
            let condition = self.expr(power::LEAST)?;
            self.expect("then")?;
            when.push((condition, self.expr(power::LEAST)?));
        }
        if when.is_empty() {
            return Err(self.expected("`WHEN`"));
        }
        let other = if self.eat("else") { Some(self.expr(power::LEAST).map(Box::new)?) } else { None };
        if self.eat("end") { Ok(Expr::Case { of, when, other }) } else { Err(self.expected("`WHEN`, `ELSE` or `END`")) }
    }

    fn cast(&mut self) -> Result<Expr> {
        self.at += 2;
        let of = self.expr(power::LEAST).map(Box::new)?;
        self.expect("as")?;
        let ty = self.ty()?;
        self.expect_sign(")")?;
        Ok(Expr::Cast { of, ty })
    }

    /// `[a, b]`, or `[[a], [b]]`.
    fn array(&mut self) -> Result<Expr> {
        self.expect_sign("[")?;
        if self.eat_sign("]") {
            return Ok(Expr::Array(Vec::new()));
        }
        if !self.is_sign(0, "[") {
            return self.list("]").map(Expr::Array);
        }
        self.depth += 1;
        let outer = std::mem::take(&mut self.height);
        if self.depth > DEEPEST {
            return self.too_deep();
        }
        let mut rows = vec![self.array()?];
        while self.eat_sign(",") {
            rows.push(self.array()?);
        }
        self.height = outer.max(self.height + 1);
        self.depth -= 1;
        self.expect_sign("]")?;
        Ok(Expr::Array(rows))
    }

    /// What follows an opened bracket.
    fn bracket(&mut self) -> Result<Expr> {
        if let Some(select) = self.select("")? {
            return Ok(select);
        }
        let mut list = self.list(")")?;
        Ok(if list.len() == 1 { list.remove(0) } else { Expr::Row(list) })
    }

    fn subselect(&mut self, head: &'static str) -> Result<Expr> {
        self.at += 2;
        match self.select(head)? {
            Some(select) => Ok(select),
            None => Err(self.expected("`SELECT`")),
        }
    }

    /// A subselect up to and with the bracket that closes it, where one follows.
    pub(super) fn select(&mut self, head: &'static str) -> Result<Option<Expr>> {
        if !["select", "with", "values"].iter().any(|word| self.is_word(0, word)) {
            return Ok(None);
        }
        let mut text = String::new();
        let Span { start, mut end } = self.span();
        let mut open = 1_usize;
        while let Some(token) = self.token() {
            let piece = self.piece(0);
            match (token.kind, piece) {
                (Kind::Open, _) | (Kind::Sign, ";") => break,
                (Kind::Sign, "(") => open += 1,
                (Kind::Sign, ")") => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Ok(Some(Expr::Select { head, text, span: At(Span { start, end }) }));
            }
            if token.span.start > end {
                text.push(' ');
            }
            text.push_str(piece);
            end = token.span.end;
        }
        Err(self.expected("`)`"))
    }

    /// Functions whose arguments are told apart by words.
    fn special(&mut self, word: &str) -> Result<Expr> {
        let name = vec![self.name("a function")?];
        self.expect_sign("(")?;
        let (form, arguments) = match word {
            "extract" if self.is_word(1, "from") || self.is_string(0) => self.extract()?,
            "trim" => self.trim()?,
            "position" => self.position()?,
            "substring" | "overlay" => self.section(word)?,
            _ => (Form::Plain, self.arguments()?),
        };
        Ok(Expr::Call(Call { name, form, arguments }))
    }

    fn extract(&mut self) -> Result<(Form, Vec<Expr>)> {
        let field = if self.is_string(0) { self.string()? } else { self.name("a field")?.text };
        if !self.eat("from") && !self.eat_sign(",") {
            return Err(self.expected("`FROM`"));
        }
        Ok((Form::Extract, vec![Expr::Text(field.to_ascii_lowercase()), self.last()?]))
    }

    fn position(&mut self) -> Result<(Form, Vec<Expr>)> {
        // The word IN belongs to the function, so what stands before it has none of its own.
        let what = self.expr(power::MATCH + 1)?;
        if self.eat("in") {
            return Ok((Form::Position, vec![what, self.last()?]));
        }
        self.expect_sign(",")?;
        Ok((Form::Plain, vec![what, self.last()?]))
    }

    /// The last argument, and the bracket behind it.
    fn last(&mut self) -> Result<Expr> {
        let of = self.expr(power::LEAST)?;
        self.expect_sign(")")?;
        Ok(of)
    }

    fn trim(&mut self) -> Result<(Form, Vec<Expr>)> {
        let side = ["BOTH", "LEADING", "TRAILING"].into_iter().find(|side| self.eat(side));
        let sided = Form::Trim(side.unwrap_or("BOTH"));
        if self.eat("from") {
            return Ok((sided, vec![self.last()?]));
        }
        let first = self.expr(power::LEAST)?;
        if self.eat("from") {
            return Ok((sided, vec![self.last()?, first]));
        }
        let mut arguments = vec![first];
        if self.eat_sign(",") {
            arguments.extend(self.arguments()?);
        } else {
            self.expect_sign(")")?;
        }
        Ok((side.filter(|_| arguments.len() < 3).map_or(Form::Plain, Form::Trim), arguments))
    }

    /// `x FROM 2 FOR 3`, and what OVERLAY puts there.
    fn section(&mut self, word: &str) -> Result<(Form, Vec<Expr>)> {
        let mut arguments = vec![self.expr(power::LEAST)?];
        if self.eat_sign(",") {
            arguments.extend(self.arguments()?);
            return Ok((Form::Plain, arguments));
        }
        let form = if word == "overlay" { Form::Overlay } else { Form::Substring };
        if form == Form::Overlay {
            self.expect("placing")?;
            arguments.push(self.expr(power::LEAST)?);
        }
        if form == Form::Substring && self.eat("for") {
            arguments.extend([Expr::Number("1".into()), self.expr(power::LEAST)?]);
        } else {
            self.expect("from")?;
            arguments.push(self.expr(power::LEAST)?);
            if self.eat("for") {
                arguments.push(self.expr(power::LEAST)?);
            }
        }
        self.expect_sign(")")?;
        Ok((form, arguments))
    }
}
