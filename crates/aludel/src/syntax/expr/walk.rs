//! Every part of an expression, and the names among them.

use super::{Call, Expr, Name};

impl Expr {
    /// The parts one level below, in the order they are written.
    pub(crate) fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::Name(_)
            | Expr::Null
            | Expr::Bool(_)
            | Expr::Text(_)
            | Expr::Number(_)
            | Expr::Bits(..)
            | Expr::Current { .. }
            | Expr::Select { .. }
            | Expr::Raw { .. } => Vec::new(),
            Expr::Unary { of, .. }
            | Expr::Is { of, .. }
            | Expr::Named(_, of)
            | Expr::Cast { of, .. }
            | Expr::Collate { of, .. } => vec![of],
            Expr::Binary { left, right, .. } | Expr::Distinct { left, right, .. } => vec![left, right],
            Expr::Quantified { left, of, .. } => vec![left, of],
            Expr::Zone { of, zone } => vec![of, zone],
            Expr::Chain { of, .. } | Expr::Row(of) | Expr::Array(of) | Expr::Call(Call { arguments: of, .. }) => {
                of.iter().collect()
            }
            Expr::In { of, list, .. } => std::iter::once(&**of).chain(list).collect(),
            Expr::Between { of, low, high, .. } => vec![of, low, high],
            Expr::Like { of, pattern, escape, .. } => {
                [of, pattern].into_iter().chain(escape).map(|part| &**part).collect()
            }
            Expr::Case { of, when, other } => {
                let when = when.iter().flat_map(|(condition, result)| [condition, result]);
                of.iter().map(|of| &**of).chain(when).chain(other.iter().map(|other| &**other)).collect()
            }
            Expr::Subscript { of, from, to } => {
                let to = to.iter().flatten();
                std::iter::once(of).chain(from).chain(to).map(|part| &**part).collect()
            }
        }
    }

    /// The same with `change` made to each part one level below.
    ///
    /// # Errors
    /// The first that `change` gives.
    pub(crate) fn map<E>(self, mut change: impl FnMut(Expr) -> Result<Expr, E>) -> Result<Expr, E> {
        let mut one = |of: Box<Expr>| change(*of).map(Box::new);
        Ok(match self {
            leaf @ (Expr::Name(_)
            | Expr::Null
            | Expr::Bool(_)
            | Expr::Text(_)
            | Expr::Number(_)
            | Expr::Bits(..)
            | Expr::Current { .. }
            | Expr::Select { .. }
            | Expr::Raw { .. }) => leaf,
            Expr::Unary { op, of } => Expr::Unary { op, of: one(of)? },
            Expr::Is { of, what, not } => Expr::Is { of: one(of)?, what, not },
            Expr::Named(name, of) => Expr::Named(name, one(of)?),
            Expr::Cast { of, ty } => Expr::Cast { of: one(of)?, ty },
            Expr::Collate { of, name } => Expr::Collate { of: one(of)?, name },
            Expr::Binary { op, left, right } => Expr::Binary { op, left: one(left)?, right: one(right)? },
            Expr::Distinct { left, right, not } => Expr::Distinct { left: one(left)?, right: one(right)?, not },
            Expr::Quantified { left, op, all, of } => Expr::Quantified { left: one(left)?, op, all, of: one(of)? },
            Expr::Zone { of, zone } => Expr::Zone { of: one(of)?, zone: one(zone)? },
            Expr::Chain { all, of } => Expr::Chain { all, of: each(of, &mut change)? },
            Expr::Row(of) => Expr::Row(each(of, &mut change)?),
            Expr::Array(of) => Expr::Array(each(of, &mut change)?),
            Expr::Call(call) => Expr::Call(Call { arguments: each(call.arguments, &mut change)?, ..call }),
            Expr::In { of, list, not } => Expr::In { of: one(of)?, list: each(list, &mut change)?, not },
            Expr::Between { of, low, high, not, symmetric } => {
                Expr::Between { of: one(of)?, low: one(low)?, high: one(high)?, not, symmetric }
            }
            Expr::Like { of, how, pattern, escape, not } => {
                Expr::Like { of: one(of)?, how, pattern: one(pattern)?, escape: escape.map(one).transpose()?, not }
            }
            Expr::Case { of, when, other } => {
                let of = of.map(&mut one).transpose()?;
                let other = other.map(&mut one).transpose()?;
                let when = when.into_iter().map(|(condition, result)| Ok((change(condition)?, change(result)?)));
                Expr::Case { of, when: when.collect::<Result<_, E>>()?, other }
            }
            Expr::Subscript { of, from, to } => Expr::Subscript {
                of: one(of)?,
                from: from.map(&mut one).transpose()?,
                to: to.map(|to| to.map(one).transpose()).transpose()?,
            },
        })
    }

    /// It and every part of it, from the left.
    pub(crate) fn all(&self) -> Vec<&Expr> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(expr) = open.pop() {
            found.push(expr);
            open.extend(expr.parts().into_iter().rev());
        }
        found
    }

    /// The columns it names, with their places: no function, no type, no field of EXTRACT, no unit of time, no collation,
    /// and nothing within a subselect.
    pub(crate) fn names<'a>(&'a self) -> Vec<&'a Name> {
        let all = self.all();
        let units: Vec<&Expr> = all.iter().filter_map(|expr| expr.unit()).collect();
        let column = |expr: &'a Expr| match expr {
            Expr::Name(path) if !units.iter().any(|unit| std::ptr::eq(*unit, expr)) => path.last(),
            _ => None,
        };
        all.into_iter().filter_map(column).collect()
    }

    /// The argument that is a word of its own: `DAY` in `TIMESTAMPDIFF(DAY, a, b)`.
    fn unit(&self) -> Option<&Expr> {
        match self {
            Expr::Call(call) if matches!(call.known(), Some("timestampdiff" | "timestampadd")) => {
                call.arguments.first()
            }
            _ => None,
        }
    }
}

fn each<E>(of: Vec<Expr>, change: &mut impl FnMut(Expr) -> Result<Expr, E>) -> Result<Vec<Expr>, E> {
    of.into_iter().map(change).collect()
}
