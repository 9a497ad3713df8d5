//! What can be told of an expression without an engine: its type, and whether it always holds.

use super::{Aggregate, Binary, Expr, Function, List, Unary};
use crate::Type;

impl Expr {
    /// The type, where it can be told.
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Expr::Column { ty, .. } | Expr::Excluded(_, ty) | Expr::Value(_, ty) | Expr::Cast(_, ty) => Some(ty),
            Expr::Outer(inner) => inner.ty(),
            Expr::Binary(left, operator, right) => match operator {
                Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Rem => wider(left.ty(), right.ty()),
                Binary::Concat => Some(&Type::Text),
                _ => Some(&Type::Bool),
            },
            Expr::Unary(Unary::Neg, operand) => operand.ty(),
            Expr::Unary(Unary::Not, _)
            | Expr::IsNull(..)
            | Expr::Same(..)
            | Expr::In(..)
            | Expr::Between(..)
            | Expr::Like { .. }
            | Expr::Exists(..) => Some(&Type::Bool),
            Expr::Call(function, arguments) => match function {
                Function::Now => Some(&Type::TimestampTz),
                Function::Lower | Function::Upper | Function::Trim | Function::Substring | Function::Replace => {
                    Some(&Type::Text)
                }
                Function::Length => Some(&Type::BigInt),
                Function::Abs
                | Function::Round
                | Function::Coalesce
                | Function::NullIf
                | Function::Least
                | Function::Greatest => arguments.iter().find_map(Expr::ty),
            },
            Expr::Case(branches, otherwise) => {
                branches.iter().map(|(_, result)| result).chain(otherwise.as_deref()).find_map(Expr::ty)
            }
            Expr::Scalar(select) => select.columns.first().and_then(Expr::ty),
            Expr::Aggregate { function, of, .. } => match (function, of.as_deref().and_then(Expr::ty)) {
                (Aggregate::Count, _) => Some(&Type::BigInt),
                (Aggregate::Sum, Some(Type::SmallInt | Type::Integer)) => Some(&Type::BigInt),
                (Aggregate::Avg, Some(Type::SmallInt | Type::Integer | Type::BigInt)) => Some(&Type::Double),
                (_, ty) => ty,
            },
            Expr::RowNumber { .. } => Some(&Type::BigInt),
            Expr::Row(_) | Expr::Pending(_) | Expr::Raw(_) => None,
        }
    }

    /// How many digits after the point its values can have, where it calculates with decimals and that can be told.
    pub(super) fn scale(&self) -> Option<u8> {
        match self {
            Expr::Binary(left, Binary::Add | Binary::Sub, right) => Some(left.scale()?.max(right.scale()?)),
            Expr::Binary(left, Binary::Mul, right) => left.scale()?.checked_add(right.scale()?),
            Expr::Binary(..) => None,
            Expr::Outer(inner) | Expr::Unary(Unary::Neg, inner) => inner.scale(),
            Expr::Call(Function::Abs | Function::Coalesce | Function::Least | Function::Greatest, arguments) => {
                arguments.iter().try_fold(0, |most, argument| Some(argument.scale()?.max(most)))
            }
            Expr::Call(..) | Expr::Case(..) | Expr::Scalar(_) => None,
            Expr::Aggregate { function: Aggregate::Sum | Aggregate::Min | Aggregate::Max, of: Some(of), .. } => {
                of.scale()
            }
            other => match other.ty()? {
                Type::Numeric(_, scale) => Some(*scale),
                Type::SmallInt | Type::Integer | Type::BigInt => Some(0),
                _ => None,
            },
        }
    }

    /// Whether it holds for every row (true) or for none (false), where that can be told: a list without values is the
    /// one constant there is, and what connectives make of it.
    ///
    /// A statement whose filter is false need not be sent.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Expr::In(_, List::Values(values, _), negated) if values.is_empty() => Some(*negated),
            Expr::In(_, List::Rows(rows, _), negated) if rows.is_empty() => Some(*negated),
            Expr::Unary(Unary::Not, operand) => operand.truth().map(|truth| !truth),
            Expr::Binary(left, operator @ (Binary::And | Binary::Or), right) => {
                let decides = *operator == Binary::Or;
                let (mut all, mut rest) = (right.truth(), left.as_ref());
                while all != Some(decides) {
                    let (next, operand) = match rest {
                        Expr::Binary(left, inner, right) if inner == operator => (Some(left.as_ref()), right.as_ref()),
                        last => (None, last),
                    };
                    all = match (operand.truth(), all) {
                        (Some(truth), _) if truth == decides => Some(decides),
                        (Some(_), Some(_)) => Some(!decides),
                        _ => None,
                    };
                    match next {
                        Some(next) => rest = next,
                        None => break,
                    }
                }
                all
            }
            _ => None,
        }
    }

    /// Whether it can stand beside any operator without brackets.
    pub(super) fn is_atomic(&self) -> bool {
        match self {
            Expr::Column { .. }
            | Expr::Excluded(..)
            | Expr::Value(..)
            | Expr::Call(..)
            | Expr::Cast(..)
            | Expr::Case(..)
            | Expr::Row(_)
            | Expr::RowNumber { .. }
            | Expr::Exists(_, false)
            | Expr::Scalar(_)
            | Expr::Aggregate { .. } => true,
            Expr::Outer(inner) => inner.is_atomic(),
            other => other.truth().is_some(),
        }
    }

    /// How a message names it.
    pub(super) fn described(&self) -> String {
        match self {
            Expr::Column { name, .. } | Expr::Excluded(name, _) => format!("column `{name}`"),
            Expr::Outer(inner) => inner.described(),
            _ => String::from("this expression"),
        }
    }
}

/// The type of a calculation: fractions win over whole numbers.
fn wider<'t>(left: Option<&'t Type>, right: Option<&'t Type>) -> Option<&'t Type> {
    let fractional = |ty: &&Type| matches!(ty, Type::Numeric(..) | Type::Real | Type::Double);
    left.filter(fractional).or(right.filter(fractional)).or(left).or(right)
}
