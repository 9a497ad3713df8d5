//! Random expressions, all of whose trees some text has.

use super::{At, Call, Expr, Form, Name, Random, Ty};

const NAMES: [&str; 12] =
    ["a", "year", "Order", "select", "a b", "a\"b", "größe", "_", "value", "1st", "current_date", "date"];
const TEXTS: [&str; 8] = ["", "x", "it's", "\"", "\\", "a\nb", "; --", "t"];
const OPERATORS: [&str; 16] =
    ["=", "<>", "<", ">=", "+", "-", "*", "/", "%", "^", "||", "->>", "@>", "~~", "!~*", "?|"];
const FUNCTIONS: [&str; 10] =
    ["f", "lower", "coalesce", "Own", "position", "extract", "btrim", "now", "user", "timezone"];

impl Random {
    fn one_of<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.under(from.len())].clone()
    }

    fn under(&mut self, most: usize) -> usize {
        usize::try_from(self.between(0, i64::try_from(most).unwrap() - 1)).unwrap()
    }

    fn yes(&mut self) -> bool {
        self.under(2) == 0
    }

    fn name_of(&mut self) -> Name {
        Name::new(self.one_of(&NAMES))
    }

    fn boxed(&mut self, depth: usize) -> Box<Expr> {
        Box::new(self.expr(depth))
    }

    fn some(&mut self, depth: usize) -> Option<Box<Expr>> {
        self.yes().then(|| self.boxed(depth))
    }

    fn many(&mut self, depth: usize, least: usize) -> Vec<Expr> {
        (0..least + self.under(3)).map(|_| self.expr(depth)).collect()
    }

    fn leaf(&mut self) -> Expr {
        match self.under(8) {
            0 => Expr::Null,
            1 => Expr::Bool(self.yes()),
            2 => Expr::Text(self.one_of(&TEXTS).into()),
            3 => Expr::Number(self.one_of(&["0", "1.50", "1e3", "0xff", ".5", "12_000"]).into()),
            4 => Expr::Bits(self.one_of(&['X', 'B']), "01".into()),
            5 => Expr::Current {
                word: self.one_of(&["CURRENT_DATE", "CURRENT_TIMESTAMP", "USER"]),
                digits: None,
                span: At::default(),
            },
            6 => Expr::Select {
                head: self.one_of(&["", "EXISTS", "ARRAY"]),
                text: "SELECT 1".into(),
                span: At::default(),
            },
            _ => Expr::Name((0..1 + self.under(2)).map(|_| self.name_of()).collect()),
        }
    }

    fn ty_of(&mut self) -> Ty {
        let name = self.one_of(&["integer", "text", "double precision", "timestamptz", "varchar", "Mood", "char"]);
        let arguments = if name == "varchar" { vec!["5".into()] } else { Vec::new() };
        Ty { name: vec![Name::new(name)], arguments, arrays: self.under(5) / 4 }
    }

    fn call_of(&mut self, depth: usize) -> Expr {
        let call = |name: &str, form, arguments| Expr::Call(Call { name: vec![Name::new(name)], form, arguments });
        let name = self.one_of(&FUNCTIONS);
        let least = self.under(2);
        match self.under(8) {
            0 => call(name, Form::Star, Vec::new()),
            1 => call(name, Form::Distinct, self.many(depth, 1)),
            2 => {
                call("extract", Form::Extract, vec![Expr::Text(self.one_of(&["year", "a b"]).into()), self.expr(depth)])
            }
            3 => call("trim", Form::Trim(self.one_of(&["BOTH", "LEADING"])), {
                let of = self.expr(depth);
                std::iter::once(of).chain(self.some(depth).map(|what| *what)).collect()
            }),
            4 => call("position", Form::Position, vec![self.expr(depth), self.expr(depth)]),
            5 => call("substring", Form::Substring, {
                let of = vec![self.expr(depth), self.expr(depth)];
                of.into_iter().chain(self.some(depth).map(|count| *count)).collect()
            }),
            6 => call(name, Form::Plain, vec![Expr::Named(self.name_of(), self.boxed(depth))]),
            _ => call(name, Form::Plain, self.many(depth, least)),
        }
    }

    /// A row of conditions holds none of its own kind.
    fn chain_of(&mut self, depth: usize) -> Expr {
        let all = self.yes();
        let mut of = self.many(depth, 2);
        for part in &mut of {
            if matches!(part, Expr::Chain { all: other, .. } if *other == all) {
                *part = self.leaf();
            }
        }
        Expr::Chain { all, of }
    }

    fn subscript_of(&mut self, depth: usize) -> Expr {
        let of = self.boxed(depth);
        let to = self.yes().then(|| self.some(depth));
        let from = if to.is_none() { Some(self.boxed(depth)) } else { self.some(depth) };
        Expr::Subscript { of, from, to }
    }

    /// An expression of at most `depth` levels.
    pub(super) fn expr(&mut self, depth: usize) -> Expr {
        if depth == 0 {
            return self.leaf();
        }
        let depth = depth - 1;
        let not = self.yes();
        match self.under(20) {
            0 => Expr::Unary { op: self.one_of(&["NOT", "-", "+", "~", "@"]).into(), of: self.boxed(depth) },
            1..4 => {
                Expr::Binary { op: self.one_of(&OPERATORS).into(), left: self.boxed(depth), right: self.boxed(depth) }
            }
            4..6 => self.chain_of(depth),
            6 => Expr::Is { of: self.boxed(depth), what: self.one_of(&["NULL", "TRUE", "UNKNOWN"]), not },
            7 => Expr::Distinct { left: self.boxed(depth), right: self.boxed(depth), not },
            8 => Expr::In { of: self.boxed(depth), list: self.many(depth, 1), not },
            9 => Expr::Between {
                of: self.boxed(depth),
                low: self.boxed(depth),
                high: self.boxed(depth),
                not,
                symmetric: self.yes(),
            },
            10 => Expr::Like {
                of: self.boxed(depth),
                how: self.one_of(&["LIKE", "ILIKE", "SIMILAR TO"]),
                pattern: self.boxed(depth),
                escape: self.some(depth),
                not,
            },
            11 => Expr::Case {
                of: self.some(depth),
                when: (0..1 + self.under(2)).map(|_| (self.expr(depth), self.expr(depth))).collect(),
                other: self.some(depth),
            },
            12..14 => self.call_of(depth),
            14 => Expr::Cast { of: self.boxed(depth), ty: self.ty_of() },
            15 => Expr::Collate { of: self.boxed(depth), name: vec![self.name_of()] },
            16 => Expr::Zone { of: self.boxed(depth), zone: self.boxed(depth) },
            17 => self.subscript_of(depth),
            18 => match self.yes() {
                true => Expr::Row(self.many(depth, 0)),
                false => Expr::Array(self.many(depth, 0)),
            },
            _ => Expr::Quantified {
                left: self.boxed(depth),
                op: self.one_of(&["=", "<>", "~~", "LIKE", "NOT ILIKE", "+"]).into(),
                all: not,
                of: self.boxed(depth),
            },
        }
    }
}
