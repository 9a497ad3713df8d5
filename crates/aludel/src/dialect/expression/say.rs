//! One expression, said by an engine.

use super::kind::{self, is_fractional, is_integer, is_moment};
use super::{Names, Phrase, Phrases, When, fill, pattern};
use crate::dialect::Dialect;
use crate::schema::fit;
use crate::sql::{Binary, Function};
use crate::syntax::expr::{Call, Expr, Form, Name, Ty};
use crate::{Type, Value};

/// What an engine lacks, as the end of `it has no ..`.
pub(in crate::dialect) type Result<T = Expr> = std::result::Result<T, String>;

/// Says the text of a subselect, whose columns become the values of a column of this type where one is given.
pub(in crate::dialect) type Subselect<'a> = dyn Fn(&str, Option<&Type>) -> Result<String> + 'a;

pub(in crate::dialect) struct Saying<'a> {
    pub(in crate::dialect) dialect: &'a Dialect,
    pub(in crate::dialect) phrases: &'a Phrases,
    pub(in crate::dialect) names: Names<'a>,
    pub(in crate::dialect) when: When,
    /// Without it subselects stand as they are.
    pub(in crate::dialect) select: Option<&'a Subselect<'a>>,
}

impl Saying<'_> {
    pub(super) fn ty(&self, expr: &Expr) -> Option<Type> {
        kind::of(expr, self.names)
    }

    pub(super) fn boxed(&self, expr: Expr) -> Result<Box<Expr>> {
        self.say(expr).map(Box::new)
    }

    fn all(&self, exprs: Vec<Expr>) -> Result<Vec<Expr>> {
        exprs.into_iter().map(|expr| self.say(expr)).collect()
    }

    fn text(&self, text: &str) -> Expr {
        let text = (self.phrases.constant)(&Value::Text(text.to_owned()), &Type::Text);
        Expr::Raw { text, whole: true }
    }

    pub(in crate::dialect) fn say(&self, expr: Expr) -> Result {
        Ok(match expr {
            Expr::Name(path) => self.name(&path)?,
            Expr::Text(text) => self.text(&text),
            Expr::Number(text) if text.contains('_') || text.starts_with("0x") => Expr::Number(text).normal(),
            Expr::Current { word, digits, .. } => self.current(word, digits.as_deref())?,
            Expr::Unary { op, of } if matches!(op.as_str(), "NOT" | "-" | "+") => {
                Expr::Unary { op, of: self.boxed(*of)? }
            }
            // Some engines have no sign behind it.
            Expr::Unary { op, of } if op == "~" => fill("-{0} - 1", &[self.say(*of)?]),
            Expr::Unary { op, .. } => return Err(format!("operator `{op}`")),
            Expr::Binary { op, left, right } => self.binary(op, *left, *right)?,
            Expr::Is { of, what, not } => {
                let what = if what == "UNKNOWN" { "NULL" } else { what };
                Expr::Is { of: self.boxed(*of)?, what, not }
            }
            Expr::Distinct { left, right, not } => {
                fill(self.dialect.same[usize::from(!not)], &self.both(*left, *right)?)
            }
            Expr::In { of, list, not } => self.within(*of, list, not)?,
            symmetric @ Expr::Between { symmetric: true, .. } => self.say(symmetric.normal())?,
            Expr::Between { of, low, high, not, .. } => {
                let [of, low, high] = self.ordered([*of, *low, *high])?.map(Box::new);
                Expr::Between { of, low, high, not, symmetric: false }
            }
            Expr::Like { of, how: "LIKE", pattern, escape, not } => self.like(*of, *pattern, escape, not)?,
            Expr::Like { how, .. } => return Err(how.to_owned()),
            Expr::Case { of: Some(of), when, other } => self.simple_case(*of, when, other)?,
            Expr::Call(call) => self.call(call)?,
            Expr::Named(..) => return Err("arguments by name".into()),
            Expr::Cast { of, ty } => self.cast(*of, &ty)?,
            Expr::Collate { of, name } => {
                let name = name.last().map_or("", |name| &name.text);
                let plain = ["C", "POSIX", "ucs_basic"].contains(&name);
                let known = (self.dialect.reach.collation)(name);
                if !plain && !known {
                    return Err(format!("collation `{name}`"));
                }
                let name = if plain { self.phrases.plain_collation } else { name };
                fill(&format!("{{0}} COLLATE {name}"), &[self.say(*of)?])
            }
            Expr::Zone { .. } => return Err("AT TIME ZONE".into()),
            Expr::Array(_) | Expr::Subscript { .. } => return Err("arrays".into()),
            Expr::Quantified { left, op, all, of } => {
                let shown = format!("`{op} {}`", if all { "ALL" } else { "ANY" });
                match (Expr::Quantified { left, op, all, of }).normal() {
                    Expr::Quantified { left, op, all, of } if matches!(*of, Expr::Select { .. }) => match (&*op, all) {
                        ("=", false) => self.within(*left, vec![*of], false)?,
                        ("<>", true) => self.within(*left, vec![*of], true)?,
                        _ => return Err(shown),
                    },
                    Expr::Quantified { .. } => return Err(shown),
                    // A list that was written as an array.
                    list => self.say(list)?,
                }
            }
            Expr::Select { head: "ARRAY", .. } => return Err("arrays".into()),
            Expr::Select { head, text, span } => Expr::Select { head, text: self.subselect(text, None)?, span },
            other => other.map(|part| self.say(part))?,
        })
    }

    pub(super) fn subselect(&self, text: String, to: Option<&Type>) -> Result<String> {
        self.select.map_or(Ok(text.clone()), |select| select(&text, to))
    }

    /// A column, by the name the table has for it.
    fn name(&self, path: &[Name]) -> Result {
        let column = self.names.column(path);
        let known = column.map(|column| column.name.as_str());
        let Names::Of(table) = self.names else { return Ok(self.path(path, known)) };
        let (Some(name), before) = (path.last(), path.len() > 1 && !path[path.len() - 2].is(&table.name)) else {
            return Err("such names".into());
        };
        if before {
            return Err("columns of other tables in an expression".into());
        }
        let text = self.dialect.spelled(known.unwrap_or(&name.text));
        Ok(Expr::Raw { text, whole: true })
    }

    /// A name with what stands before it; `known` is what it is called where that is known.
    fn path(&self, path: &[Name], known: Option<&str>) -> Expr {
        let mut text = String::new();
        for (at, name) in path.iter().enumerate() {
            let known = known.filter(|_| at + 1 == path.len());
            if at > 0 {
                text.push('.');
            }
            // Bare words that no table has may be words of the engine's own.
            text.push_str(&match known {
                Some(known) => self.dialect.spelled(known),
                None if name.quoted || path.len() > 1 => self.dialect.spelled(&name.text),
                None => name.text.clone(),
            });
        }
        Expr::Raw { text, whole: true }
    }

    fn current(&self, word: &str, digits: Option<&str>) -> Result {
        match (word, digits) {
            ("CURRENT_TIMESTAMP", None | Some("6")) => self.clock(),
            ("CURRENT_DATE", _) if self.when == When::Once => {
                Ok(Expr::Raw { text: "CURRENT_DATE".into(), whole: true })
            }
            ("CURRENT_DATE", _) => Err(CLOCK.into()),
            (word, Some(digits)) => Err(format!("{word}({digits})")),
            (word, None) => Err(word.to_owned()),
        }
    }

    fn clock(&self) -> Result {
        match self.when {
            When::Once => Ok(fill((self.dialect.function)(Function::Now, None), &[])),
            When::Always => Err(CLOCK.into()),
        }
    }

    fn binary(&self, op: String, left: Expr, right: Expr) -> Result {
        let types = [self.ty(&left), self.ty(&right)];
        let any = |is: fn(&Type) -> bool| types.iter().flatten().any(is);
        let operator = match op.as_str() {
            "=" | "<>" => return Ok(joined(op, self.both(left, right)?)),
            "<" | ">" | "<=" | ">=" => return Ok(joined(op, self.ordered([left, right])?)),
            "+" | "-" if any(is_moment) => return Err("calculation with days and times".into()),
            "%" if self.phrases.cuts && any(is_fractional) => return Err("`%` of numbers with a rest".into()),
            "/" => Some(Binary::Div),
            "||" => Some(Binary::Concat),
            "+" | "-" | "*" | "%" | "&" | "|" | "<<" | ">>" => None,
            op => return Err(format!("operator `{op}`")),
        };
        let operands = [self.say(left)?, self.say(right)?];
        let template = operator.map(|operator| (self.dialect.binary)(operator, types.each_ref().map(Option::as_ref)));
        let plain = format!("{{0}} {op} {{1}}");
        match template {
            Some(template) if template != plain => Ok(fill(template, &operands)),
            _ => Ok(joined(op, operands)),
        }
    }

    fn within(&self, of: Expr, list: Vec<Expr>, not: bool) -> Result {
        if let (Expr::Row(_), true) = (&of, list.iter().all(|item| matches!(item, Expr::Row(_)))) {
            let equal = |item| Expr::Binary { op: "=".into(), left: Box::new(of.clone()), right: Box::new(item) };
            let any = Expr::Chain { all: false, of: list.into_iter().map(equal).collect() };
            let any = if not { Expr::Unary { op: "NOT".into(), of: Box::new(any) } } else { any };
            return self.say(any);
        }
        let mut operands = self.alike(std::iter::once(of).chain(list).collect())?;
        Ok(Expr::In { of: Box::new(operands.remove(0)), list: operands, not })
    }

    fn both(&self, left: Expr, right: Expr) -> Result<[Expr; 2]> {
        let ty =
            [&left, &right].into_iter().filter(|operand| !is_constant(operand)).find_map(|operand| self.ty(operand));
        Ok([self.constant(left, ty.as_ref())?, self.constant(right, ty.as_ref())?])
    }

    /// The same operands, constants among them written as the type of the others keeps them.
    pub(super) fn alike(&self, operands: Vec<Expr>) -> Result<Vec<Expr>> {
        let ty = operands.iter().filter(|operand| !is_constant(operand)).find_map(|operand| self.ty(operand));
        operands.into_iter().map(|operand| self.constant(operand, ty.as_ref())).collect()
    }

    /// The same, where it counts which is less: decimals that are kept as text have to be numbers for that.
    fn ordered<const N: usize>(&self, operands: [Expr; N]) -> Result<[Expr; N]> {
        let is_text = |ty: Type| matches!(ty, Type::Numeric(digits, _) if digits > self.dialect.decimal_digits);
        let texts = operands.each_ref().map(|operand| self.ty(operand).is_some_and(is_text));
        let kept = operands.iter().filter(|operand| !is_constant(operand)).find_map(|operand| self.ty(operand));
        let ty = kept.filter(|_| !texts.contains(&true));
        let mut said = Vec::with_capacity(N);
        for (operand, text) in operands.into_iter().zip(texts) {
            let operand = self.constant(operand, ty.as_ref())?;
            said.push(if text { fill(self.phrases.decimal, &[operand]) } else { operand });
        }
        said.try_into().map_err(|_| "such a comparison".to_owned())
    }

    /// `expr`, as a column of type `ty` keeps it where it is a constant.
    pub(super) fn constant(&self, expr: Expr, ty: Option<&Type>) -> Result {
        let bare = match &expr {
            Expr::Cast { of, ty: to } if matches!(**of, Expr::Text(_)) && kind::named(to).as_ref() == ty => of,
            expr => expr,
        };
        let negative = negative(bare);
        let bare = negative.as_ref().unwrap_or(bare);
        let value = match (bare, ty) {
            (Expr::Text(text), Some(ty)) if is_moment(ty) || matches!(ty, Type::Uuid | Type::Bytes) => {
                match fit(Value::Text(text.clone()), ty) {
                    Ok(value) => Some((value, ty)),
                    Err(_) => return Err(format!("constant '{text}' of type {}", crate::schema::type_name(ty))),
                }
            }
            (Expr::Text(_) | Expr::Number(_), Some(ty @ Type::Numeric(digits, _)))
                if *digits > self.dialect.decimal_digits =>
            {
                let (Expr::Text(text) | Expr::Number(text)) = bare else { return self.say(expr) };
                fit(Value::Text(text.clone()), ty).ok().map(|value| (value, ty))
            }
            _ => None,
        };
        match value {
            Some((value, ty)) => Ok(Expr::Raw { text: (self.phrases.constant)(&value, ty), whole: true }),
            None => self.say(expr),
        }
    }

    fn like(&self, of: Expr, pattern: Expr, escape: Option<Box<Expr>>, not: bool) -> Result {
        let of = self.boxed(of)?;
        let escape = match escape.as_deref() {
            None => Some(Some('\\')),
            Some(Expr::Text(text)) if text.chars().count() < 2 => Some(text.chars().next()),
            Some(_) => None,
        };
        let (Expr::Text(text), Some(escape)) = (&pattern, escape) else {
            let escape = match escape {
                Some(Some(c)) if self.phrases.glob || c != '\\' => Some(self.text(&c.to_string())),
                Some(_) => None,
                None => return Err("ESCAPE that is computed".into()),
            };
            let (pattern, escape) = (self.boxed(pattern)?, escape.map(Box::new));
            return Ok(Expr::Like { of, how: "LIKE", pattern, escape, not });
        };
        let ends = || "pattern that ends with what escapes".to_owned();
        if self.phrases.glob {
            let template = if not { "{0} NOT GLOB {1}" } else { "{0} GLOB {1}" };
            let text = pattern::glob(text, escape).ok_or_else(ends)?;
            return Ok(fill(template, &[*of, self.text(&text)]));
        }
        let (text, escapes) = pattern::like(text, escape).ok_or_else(ends)?;
        let escape = escapes.then(|| Box::new(self.text("!")));
        Ok(Expr::Like { of, how: "LIKE", pattern: Box::new(self.text(&text)), escape, not })
    }

    fn simple_case(&self, of: Expr, when: Vec<(Expr, Expr)>, other: Option<Box<Expr>>) -> Result {
        let (values, results): (Vec<Expr>, Vec<Expr>) = when.into_iter().unzip();
        let mut said = self.alike(std::iter::once(of).chain(values).collect())?.into_iter();
        let of = said.next().map(Box::new);
        let when = said.zip(self.all(results)?).collect();
        Ok(Expr::Case { of, when, other: other.map(|other| self.boxed(*other)).transpose()? })
    }

    pub(super) fn call(&self, call: Call) -> Result {
        let Some(name) = call.known().map(str::to_owned) else {
            let path: Vec<_> = call.name.iter().map(|name| name.text.as_str()).collect();
            return Err(format!("function `{}`", path.join(".")));
        };
        let Call { name: path, form, mut arguments } = call;
        let name = match form {
            Form::Extract => "extract",
            Form::Trim("LEADING") => "ltrim",
            Form::Trim("TRAILING") => "rtrim",
            Form::Trim(_) => "btrim",
            Form::Substring if matches!(arguments.get(1), Some(Expr::Text(_))) => {
                return Err("SUBSTRING by a pattern".into());
            }
            Form::Substring => "substr",
            Form::Position => {
                arguments.reverse();
                "strpos"
            }
            _ => &name,
        };
        if let ("extract" | "date_part", [Expr::Text(field), of]) = (name, arguments.as_slice()) {
            let template = (self.phrases.field)(field).ok_or_else(|| format!("EXTRACT({field} FROM ..)"))?;
            return Ok(fill(template, &[self.say(of.clone())?]));
        }
        let phrase = (self.phrases.call)(name, &arguments);
        let texts = |argument: &Expr| matches!(self.ty(argument), Some(Type::Numeric(digits, _)) if digits > self.dialect.decimal_digits);
        if matches!(name, "min" | "max") && arguments.iter().any(texts) {
            return Err(format!("`{name}` of decimals of more than {} digits", self.dialect.decimal_digits));
        }
        let alike = matches!(name, "coalesce" | "nullif" | "greatest" | "least");
        let said = if alike { self.alike(arguments)? } else { self.all(arguments)? };
        Ok(match phrase {
            Phrase::Same => Expr::Call(Call { name: path, form, arguments: said }),
            Phrase::As(template) => fill(template, &said),
            Phrase::Pairs(template) => {
                let pair = |one: Expr, other: Expr| fill(template, &[one, other]);
                said.into_iter().reduce(pair).ok_or_else(|| format!("{name} of nothing"))?
            }
            Phrase::Each(each, between, all) => {
                let each: Vec<_> = said.iter().map(|one| fill(each, std::slice::from_ref(one)).spell_out()).collect();
                fill(all, &[Expr::Raw { text: each.join(between), whole: true }])
            }
            Phrase::Clock => self.clock()?,
            Phrase::Chance(template) if self.when == When::Once => fill(template, &said),
            Phrase::Chance(_) => return Err("chance in rules, indexes and generated columns".into()),
            Phrase::Missing if self.names.is_statement() && self.phrases.own.contains(&name) => {
                Expr::Call(Call { name: path, form, arguments: said })
            }
            Phrase::Missing => return Err(format!("function `{name}`")),
        })
    }

    fn cast(&self, of: Expr, ty: &Ty) -> Result {
        if ty.arrays > 0 {
            return Err("arrays".into());
        }
        let to = kind::named(ty);
        let to = to.ok_or_else(|| format!("type `{}`", ty.print()))?;
        let from = self.ty(&of);
        if let Type::Enum(name) = &to
            && self.names.is_own_type(name)
        {
            let arguments =
                if ty.arguments.is_empty() { String::new() } else { format!("({})", ty.arguments.join(", ")) };
            return Ok(fill(&format!("CAST({{0}} AS {}{arguments})", name.to_uppercase()), &[self.say(of)?]));
        }
        match (&of, &to) {
            (Expr::Null, _) => return Ok(Expr::Null),
            (Expr::Text(text), Type::Text | Type::Json | Type::Enum(_)) => return Ok(self.text(text)),
            (Expr::Text(_), ty) if is_moment(ty) || matches!(ty, Type::Uuid | Type::Bytes) => {
                return self.constant(of, Some(&to));
            }
            (Expr::Text(_), kind) if is_integer(kind) || is_fractional(kind) || *kind == Type::Bool => {
                let cast = Expr::Cast { of: Box::new(of), ty: ty.clone() };
                return match cast.normal() {
                    Expr::Text(text) => Err(format!("constant '{text}' of type {}", crate::schema::type_name(&to))),
                    constant => self.say(constant),
                };
            }
            (Expr::Number(text), ty) if is_fractional(ty) || (is_integer(ty) && !text.contains(['.', 'e'])) => {
                return self.say(of);
            }
            _ => {}
        }
        let said = self.say(of)?;
        if let Type::Other(name) = &to {
            let decimal = name == "NUMERIC";
            return if decimal { Ok(fill(self.phrases.decimal, &[said])) } else { Err(format!("type `{name}`")) };
        }
        let rest = from.as_ref().is_none_or(is_fractional);
        let said = if self.phrases.cuts && is_integer(&to) && rest { fill("round({0})", &[said]) } else { said };
        let cast = fill(&(self.dialect.cast)(from.as_ref(), &to), &[said]);
        let number = |number: u32| Expr::Number(number.to_string());
        Ok(match (&to, self.phrases.rounded) {
            (Type::Char(length) | Type::Varchar(length), _) => fill(self.phrases.head, &[cast, number(*length)]),
            (Type::Numeric(digits, scale), Some(rounded)) if *digits <= self.dialect.decimal_digits => {
                fill(rounded, &[cast, number(u32::from(*scale))])
            }
            _ => cast,
        })
    }
}

const CLOCK: &str = "clock in rules, indexes and generated columns";

fn is_constant(expr: &Expr) -> bool {
    matches!(expr, Expr::Text(_) | Expr::Number(_) | Expr::Null | Expr::Bool(_)) || negative(expr).is_some()
}

/// A number with its sign as one constant.
fn negative(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::Unary { op, of } if op == "-" => match &**of {
            Expr::Number(text) => Some(Expr::Number(format!("-{text}"))),
            _ => None,
        },
        _ => None,
    }
}

fn joined(op: String, [left, right]: [Expr; 2]) -> Expr {
    Expr::Binary { op, left: Box::new(left), right: Box::new(right) }
}
