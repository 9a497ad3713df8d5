//! Values on their way into columns.

use super::kind::{self, is_fractional};
use super::say::{Result, Saying};
use super::{Assigned, fill, is_whole};
use crate::Type;
use crate::syntax::expr::{Call, Expr, Form, Name, Ty};

impl Saying<'_> {
    /// `expr` as the value of a column of type `to`, in the form in which the column keeps it.
    pub(in crate::dialect) fn assigned(&self, expr: Expr, to: &Type) -> Result {
        match expr {
            Expr::Case { of, when, other } => {
                let results = when.into_iter().map(|(condition, result)| Ok((condition, self.finished(result, to)?)));
                let when = results.collect::<Result<_>>()?;
                let other = other.map(|other| self.finished(*other, to).map(Box::new)).transpose()?;
                self.say(Expr::Case { of, when, other })
            }
            Expr::Call(Call { name, form: Form::Plain, arguments }) if matches!(name.as_slice(), [name] if name.text == "coalesce") =>
            {
                let each = arguments.into_iter().map(|argument| self.finished(argument, to));
                self.call(Call { name, form: Form::Plain, arguments: each.collect::<Result<_>>()? })
            }
            Expr::Select { head: "", text, span } => {
                Ok(Expr::Select { head: "", text: self.subselect(text, Some(to))?, span })
            }
            Expr::Text(_) if *to == Type::Bool => match cast(expr, "boolean").normal() {
                Expr::Text(text) => Err(format!("constant '{text}' of type BOOLEAN")),
                constant => self.say(constant),
            },
            Expr::Text(_) => self.constant(expr, Some(to)),
            // The type rounds to its digits, and so does this.
            Expr::Cast { of, ty } if kind::named(&ty).as_ref() == Some(to) && self.is_long(to) => {
                self.assigned(*of, to)
            }
            expr => self.computed(expr, to),
        }
    }

    /// The same as words that are not said again.
    fn finished(&self, expr: Expr, to: &Type) -> Result {
        let text = self.assigned(expr, to)?.spell_out();
        Ok(Expr::Raw { whole: is_whole(&text), text })
    }

    fn computed(&self, expr: Expr, to: &Type) -> Result {
        let from = self.ty(&expr);
        let bare = matches!(expr, Expr::Name(_));
        let constant = matches!(&expr, Expr::Number(_) | Expr::Unary { .. }) && self.is_long(to);
        let constant = constant.then(|| self.constant(expr.clone(), Some(to))).transpose()?;
        // A number that has more digits than the column stays a number, and is rounded.
        if let Some(text @ Expr::Raw { .. }) = constant {
            return Ok(text);
        }
        let computed = !bare && !matches!(&expr, Expr::Cast { .. });
        let literal = matches!(&expr, Expr::Number(text) if !text.contains('e'));
        let digits =
            if let Expr::Number(text) = &expr { text.split_once('.').map_or(0, |(_, tail)| tail.len()) } else { 0 };
        let fits = literal && matches!(to, Type::Numeric(_, scale) if digits <= usize::from(*scale));
        let said = self.say(expr)?;
        let Some(from) = from.filter(|_| !(fits && is_fractional(to) && !self.is_long(to))) else { return Ok(said) };
        match (self.phrases.assigned)(&Assigned { from: &from, to, computed })? {
            Some(template) => Ok(fill(&template, &[said])),
            None => Ok(said),
        }
    }

    /// Whether decimals of this type are text to the engine.
    fn is_long(&self, ty: &Type) -> bool {
        matches!(ty, Type::Numeric(digits, _) if *digits > self.dialect.decimal_digits)
    }
}

/// `expr` cast to a built-in type.
fn cast(expr: Expr, ty: &str) -> Expr {
    Expr::Cast { of: Box::new(expr), ty: Ty { name: vec![Name::new(ty)], arguments: Vec::new(), arrays: 0 } }
}
