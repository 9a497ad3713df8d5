//! What most engines spell alike.

use super::Template;
use crate::sql::{Binary, Function};

/// Operators as the standard has them.
pub(super) fn binary(operator: Binary) -> Template {
    match operator {
        Binary::Eq => "{0} = {1}",
        Binary::Ne => "{0} <> {1}",
        Binary::Lt => "{0} < {1}",
        Binary::Le => "{0} <= {1}",
        Binary::Gt => "{0} > {1}",
        Binary::Ge => "{0} >= {1}",
        Binary::And => "{0} AND {1}",
        Binary::Or => "{0} OR {1}",
        Binary::Add => "{0} + {1}",
        Binary::Sub => "{0} - {1}",
        Binary::Mul => "{0} * {1}",
        Binary::Div => "{0} / {1}",
        Binary::Rem => "{0} % {1}",
        Binary::Concat => "{0} || {1}",
    }
}

/// Functions as most engines have them.
pub(super) fn function(function: Function) -> Template {
    match function {
        Function::Now => "CURRENT_TIMESTAMP",
        Function::Lower => "lower({0})",
        Function::Upper => "upper({0})",
        Function::Trim => "trim({0})",
        Function::Length => "char_length({0})",
        Function::Abs => "abs({0})",
        Function::Round => "round({0}, {1})",
        Function::Coalesce => "coalesce({*})",
        Function::NullIf => "nullif({0}, {1})",
        Function::Substring => "substr({0}, {1}, {2})",
        Function::Replace => "replace({0}, {1}, {2})",
        Function::Least => "least({0}, {1})",
        Function::Greatest => "greatest({0}, {1})",
    }
}
