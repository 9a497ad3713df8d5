//! One form for all spellings of one meaning.

use super::{Call, Expr, Form, Name, Ty};

impl Expr {
    /// The one form of everything that means the same: what a server's own words become when they are read back, and
    /// what two people write for one rule.
    ///
    /// Casts of constants go into them, unless less of the constant is left; other casts stay, for `a / b` and
    /// `a::numeric / b` are not the same. What is divided keeps whether it is whole by its type: so do the constants in it.
    pub(crate) fn normal(self) -> Expr {
        self.normal_in(false)
    }

    fn normal_in(self, divided: bool) -> Expr {
        let divided = divided || matches!(&self, Expr::Binary { op, .. } if matches!(op.as_str(), "/" | "%"));
        let Ok(expr) = self.map(|part| Ok::<_, std::convert::Infallible>(part.normal_in(divided)));
        match expr {
            Expr::Cast { of, ty } => cast(*of, ty, divided),
            Expr::Number(text) if divided => exact(&text),
            expr => one(expr),
        }
    }

    fn boxed(self) -> Box<Expr> {
        Box::new(self)
    }
}

/// The normal form of an expression whose parts are normal.
fn one(expr: Expr) -> Expr {
    match expr {
        Expr::Binary { op, left, right } => operator(op, left, right),
        Expr::Unary { op, of } => prefix(op, *of),
        Expr::Chain { all, of } => chain(all, of),
        Expr::Quantified { left, op, all, of } => quantified(left, op, all, *of),
        Expr::In { of, list, not } => within(of, list, not),
        Expr::Between { of, low, high, not, symmetric } => between(*of, *low, *high, not, symmetric),
        Expr::Like { of, how, pattern, escape, not } => {
            // What escapes when nothing is said.
            let escape = escape.filter(|escape| **escape != Expr::Text("\\".into()));
            Expr::Like { of, how, pattern, escape, not }
        }
        Expr::Case { of, when, other } => Expr::Case { of, when, other: other.filter(|other| **other != Expr::Null) },
        Expr::Call(call) => self::call(call),
        Expr::Current { word: "CURRENT_TIMESTAMP", digits: None, .. } => Call::plain("now", Vec::new()),
        Expr::Number(text) => Expr::Number(number(&text)),
        Expr::Name(mut path) => {
            path.iter_mut().for_each(|name| *name = Name::new(std::mem::take(&mut name.text)));
            Expr::Name(path)
        }
        expr => expr,
    }
}

/// Operators that are another spelling of a word, as servers say it.
fn operator(op: String, left: Box<Expr>, right: Box<Expr>) -> Expr {
    let (how, not) = match op.as_str() {
        "~~" => ("LIKE", false),
        "!~~" => ("LIKE", true),
        "~~*" => ("ILIKE", false),
        "!~~*" => ("ILIKE", true),
        "~" | "!~" if matches!(&*right, Expr::Call(call) if is_escape(call)) => ("SIMILAR TO", op.starts_with('!')),
        "=" | "<>" => return equality(op == "<>", *left, *right),
        _ => return Expr::Binary { op, left, right },
    };
    match *right {
        Expr::Call(call) if is_escape(&call) => {
            let mut arguments = call.arguments.into_iter().map(Expr::boxed);
            let (Some(pattern), escape) = (arguments.next(), arguments.next()) else {
                return Expr::Binary { op, left, right: Expr::Null.boxed() };
            };
            one(Expr::Like { of: left, how, pattern, escape, not })
        }
        pattern => Expr::Like { of: left, how, pattern: pattern.boxed(), escape: None, not },
    }
}

/// The functions that stand behind ESCAPE and SIMILAR TO.
fn is_escape(call: &Call) -> bool {
    let known = matches!(call.known(), Some("like_escape" | "similar_to_escape" | "similar_escape"));
    known && matches!(call.arguments.len(), 1 | 2)
}

/// Rows are equal where all their parts are.
fn equality(not: bool, left: Expr, right: Expr) -> Expr {
    let op = if not { "<>" } else { "=" };
    match (left, right) {
        (Expr::Row(left), Expr::Row(right)) if left.len() == right.len() && left.len() > 1 => {
            let pairs = left.into_iter().zip(right);
            let of = pairs.map(|(left, right)| equality(not, left, right)).collect();
            chain(!not, of)
        }
        (left, right) => Expr::Binary { op: op.into(), left: left.boxed(), right: right.boxed() },
    }
}

fn prefix(op: String, of: Expr) -> Expr {
    if op != "NOT" {
        return if op == "+" { of } else { Expr::Unary { op, of: of.boxed() } };
    }
    match of {
        Expr::Unary { op, of } if op == "NOT" => *of,
        Expr::Is { of, what, not } => Expr::Is { of, what, not: !not },
        Expr::Distinct { left, right, not } => Expr::Distinct { left, right, not: !not },
        Expr::In { of, list, not } => Expr::In { of, list, not: !not },
        Expr::Like { of, how, pattern, escape, not } => Expr::Like { of, how, pattern, escape, not: !not },
        of => Expr::Unary { op, of: of.boxed() },
    }
}

fn chain(all: bool, of: Vec<Expr>) -> Expr {
    let mut parts = Vec::with_capacity(of.len());
    for part in of {
        match part {
            Expr::Chain { all: other, of } if other == all => parts.extend(of),
            part => parts.push(part),
        }
    }
    Expr::Chain { all, of: parts }
}

/// `= ANY (ARRAY[..])` is IN, and `<> ALL (ARRAY[..])` is NOT IN.
fn quantified(left: Box<Expr>, op: String, all: bool, of: Expr) -> Expr {
    let op = match op.as_str() {
        "~~" => "LIKE".to_owned(),
        "!~~" => "NOT LIKE".to_owned(),
        "~~*" => "ILIKE".to_owned(),
        "!~~*" => "NOT ILIKE".to_owned(),
        _ => op,
    };
    let not = match (op.as_str(), all) {
        ("=", false) => false,
        ("<>", true) => true,
        _ => return Expr::Quantified { left, op, all, of: of.boxed() },
    };
    match of {
        Expr::Array(list) if !list.is_empty() => within(left, list, not),
        Expr::Cast { of, ty } if matches!(*of, Expr::Array(_)) && ty.arrays > 0 => quantified(left, op, all, *of),
        select @ Expr::Select { head: "", .. } => within(left, vec![select], not),
        of => Expr::Quantified { left, op, all, of: of.boxed() },
    }
}

fn within(of: Box<Expr>, mut list: Vec<Expr>, not: bool) -> Expr {
    let single = list.len() == 1 && !matches!(list[0], Expr::Select { .. });
    if single { equality(not, *of, list.remove(0)) } else { Expr::In { of, list, not } }
}

fn between(of: Expr, low: Expr, high: Expr, not: bool, symmetric: bool) -> Expr {
    let compare = |op: &str, bound: &Expr| {
        let (left, right) = (of.clone().boxed(), bound.clone().boxed());
        Expr::Binary { op: op.into(), left, right }
    };
    let bounds = |low, high| match not {
        false => Expr::Chain { all: true, of: vec![compare(">=", low), compare("<=", high)] },
        true => Expr::Chain { all: false, of: vec![compare("<", low), compare(">", high)] },
    };
    if symmetric { chain(not, vec![bounds(&low, &high), bounds(&high, &low)]) } else { bounds(&low, &high) }
}

/// What a constant is as another type; a cast of anything else stays.
fn cast(of: Expr, ty: Ty, divided: bool) -> Expr {
    let plain = ty.arrays == 0;
    let of = match of {
        Expr::Text(text) if plain && ty.built_in().is_some_and(|name| NUMERIC.contains(&name)) => {
            constant_number(&text).unwrap_or(Expr::Text(text))
        }
        of => of,
    };
    match (of, ty.built_in()) {
        (Expr::Text(text), Some("boolean")) if plain => match text.to_ascii_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "on" | "1" => Expr::Bool(true),
            "f" | "false" | "n" | "no" | "off" | "0" => Expr::Bool(false),
            _ => Expr::Text(text),
        },
        (Expr::Cast { of, ty: inner }, _) if inner == ty => Expr::Cast { of, ty },
        (of, _) if is_constant(&of) && !narrows(&of, &ty) && !(divided && is_another_kind(&of, &ty)) => of,
        (of, _) => Expr::Cast { of: of.boxed(), ty },
    }
}

const WHOLE: [&str; 3] = ["smallint", "integer", "bigint"];
const NUMERIC: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];

/// The digits of a constant number.
fn digits(of: &Expr) -> Option<&str> {
    match of {
        Expr::Number(text) => Some(text),
        Expr::Unary { of, .. } => digits(of),
        _ => None,
    }
}

/// Whether a constant loses digits or letters as `ty`.
fn narrows(of: &Expr, ty: &Ty) -> bool {
    let argument = |at: usize| ty.arguments.get(at).and_then(|argument| argument.parse::<usize>().ok());
    let Some(name) = ty.built_in().filter(|_| ty.arrays == 0) else { return false };
    match (of, name) {
        (Expr::Text(text), "varchar" | "char" | "bpchar") => {
            let most = argument(0).or((name == "char").then_some(1));
            most.is_some_and(|most| text.chars().count() > most)
        }
        (Expr::Text(_), _) => !ty.arguments.is_empty(),
        _ => {
            let behind = digits(of).and_then(|digits| digits.split_once('.')).map_or(0, |(_, behind)| behind.len());
            match name {
                "numeric" if ty.arguments.is_empty() => false,
                "numeric" => behind > argument(1).unwrap_or(0),
                name => behind > 0 && WHOLE.contains(&name),
            }
        }
    }
}

/// Whether a constant number is whole by its notation and not as `ty`, or the other way round.
fn is_another_kind(of: &Expr, ty: &Ty) -> bool {
    let (Some(digits), Some(name)) = (digits(of), ty.built_in().filter(|_| ty.arrays == 0)) else { return false };
    match name {
        "real" | "double precision" => true,
        "numeric" => !digits.contains('.') || !ty.arguments.is_empty(),
        _ => false,
    }
}

/// A number that is divided: `2.` and `2e0` are no whole numbers, as 2 is one.
fn exact(text: &str) -> Expr {
    let value = number(text);
    let whole = text.starts_with("0x") || !text.contains(['.', 'e']) || value.contains('.');
    let value = Expr::Number(value);
    if whole {
        return value;
    }
    let ty = Ty { name: vec![Name::new("numeric")], arguments: Vec::new(), arrays: 0 };
    Expr::Cast { of: value.boxed(), ty }
}

fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Null | Expr::Bool(_) | Expr::Text(_) | Expr::Number(_) | Expr::Bits(..) => true,
        Expr::Unary { op, of } => op == "-" && matches!(**of, Expr::Number(_)),
        Expr::Array(list) => list.iter().all(is_constant),
        _ => false,
    }
}

/// The number that a text says.
fn constant_number(text: &str) -> Option<Expr> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    let value = Expr::Number(number(&digits.to_ascii_lowercase()));
    is_number.then(|| if digits == text { value } else { Expr::Unary { op: "-".into(), of: value.boxed() } })
}

/// A number as digits only: no exponent, no `_`, a digit before the point and none behind it but what counts.
fn number(text: &str) -> String {
    let text = text.replace('_', "");
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).map_or_else(|_| text.clone(), |value| value.to_string());
    }
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let Some(exponent) = exponent.parse::<i32>().ok().filter(|exponent| exponent.abs() < 400) else { return text };
    let mut digits = format!("{whole}{fraction}");
    let mut point = i32::try_from(whole.len()).unwrap_or(i32::MAX).saturating_add(exponent);
    while point < 0 {
        digits.insert(0, '0');
        point += 1;
    }
    let point = usize::try_from(point).unwrap_or_default();
    while digits.len() < point {
        digits.push('0');
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    // What was written behind the point stays, for `1.50` has two digits; an exponent leaves none that were not.
    let fraction = if text.contains('e') { fraction.trim_end_matches('0') } else { fraction };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Functions under one name, and with plain arguments.
fn call(call: Call) -> Expr {
    let Some(name) = call.known().map(str::to_owned) else { return Expr::Call(call) };
    let Call { form, mut arguments, .. } = call;
    let count = arguments.len();
    match (form, name.as_str(), count) {
        (Form::Extract, ..) | (Form::Plain, "date_part", 2) => Call::plain("extract", arguments),
        (Form::Trim("LEADING"), ..) => Call::plain("ltrim", trimmed(arguments)),
        (Form::Trim("TRAILING"), ..) => Call::plain("rtrim", trimmed(arguments)),
        (Form::Trim(_), ..) | (Form::Plain, "btrim" | "trim", _) => Call::plain("btrim", trimmed(arguments)),
        (Form::Plain, "ltrim" | "rtrim", _) => Call::plain(&name, trimmed(arguments)),
        (Form::Substring, ..) | (Form::Plain, "substr" | "substring", _) => Call::plain("substring", arguments),
        // Which of the two is looked for is what the one begins with and the other ends with.
        (Form::Position, ..) => {
            arguments.reverse();
            Call::plain("strpos", arguments)
        }
        (Form::Plain, "position", 2) => Call::plain("strpos", arguments),
        (Form::Overlay, ..) => Call::plain("overlay", arguments),
        (Form::Plain, "char_length" | "character_length" | "length", 1) => Call::plain("length", arguments),
        (Form::Plain, "transaction_timestamp" | "now", 0) => Call::plain("now", arguments),
        (Form::Plain, "pow" | "power", 2) => Call::plain("power", arguments),
        (Form::Plain, "ceiling" | "ceil", 1) => Call::plain("ceil", arguments),
        (Form::Plain, "timezone", 2) => {
            let (zone, of) = (arguments.remove(0).boxed(), arguments.remove(0).boxed());
            Expr::Zone { of, zone }
        }
        _ => Expr::Call(Call { name: vec![Name::new(name)], form, arguments }),
    }
}

/// Blanks are what is trimmed when nothing is said.
fn trimmed(mut arguments: Vec<Expr>) -> Vec<Expr> {
    arguments.truncate(if arguments.get(1) == Some(&Expr::Text(" ".into())) { 1 } else { arguments.len() });
    arguments
}
