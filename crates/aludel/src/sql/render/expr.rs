//! Expressions.

use super::Writer;
use crate::sql::pattern;
use crate::sql::{Aggregate, Binary, Expr, Fragment, Function, Match, Unary};
use crate::{Error, Result, Type, Value};

impl Writer<'_> {
    /// Writes `keyword` and the condition; nothing at all where the condition always holds.
    pub(super) fn filter(&mut self, keyword: &str, condition: Option<&Expr>) -> Result<()> {
        match condition {
            Some(condition) if condition.truth() != Some(true) => {
                self.push(keyword);
                self.expr(condition)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        match self.rounded(expr) {
            None => self.exact(expr),
            Some(scale) => {
                self.push("round(");
                self.exact(expr)?;
                self.push(", ");
                self.push(&scale.to_string());
                self.push(")");
                Ok(())
            }
        }
    }

    /// To how many digits the engine's floating point has to be rounded, for `expr` to be the decimal it stands for.
    fn rounded(&self, expr: &Expr) -> Option<u8> {
        let calculates = matches!(
            expr,
            Expr::Binary(_, Binary::Add | Binary::Sub | Binary::Mul, _)
                | Expr::Aggregate { function: Aggregate::Sum, .. }
        );
        if !self.dialect.decimals_float || !calculates || !matches!(expr.ty(), Some(Type::Numeric(..))) {
            return None;
        }
        expr.scale().filter(|scale| *scale <= self.dialect.decimal_digits)
    }

    fn exact(&mut self, expr: &Expr) -> Result<()> {
        if let Some(truth) = expr.truth() {
            self.push(if truth { "TRUE" } else { "FALSE" });
            return Ok(());
        }
        match expr {
            Expr::Column { path, name, .. } => self.column(path, name),
            Expr::Outer(inner) => self.outer(|writer| writer.expr(inner))?,
            Expr::Excluded(name, _) => self.excluded(name),
            Expr::Value(value, ty) => self.param(value.clone(), ty),
            Expr::Binary(left, operator, right) => self.binary(left, *operator, right)?,
            Expr::Unary(Unary::Not, operand) => {
                self.push("NOT ");
                self.operand(operand)?;
            }
            Expr::Unary(Unary::Neg, operand) => {
                self.comparable(operand, "calculating with")?;
                self.push("-");
                self.operand(operand)?;
            }
            Expr::Call(function, arguments) => {
                if matches!(function, Function::Abs | Function::Round | Function::Least | Function::Greatest) {
                    arguments.iter().try_for_each(|argument| self.comparable(argument, "calculating with"))?;
                }
                let template = (self.dialect.function)(*function, arguments.first().and_then(Expr::ty));
                let arguments: Vec<&Expr> = arguments.iter().collect();
                self.template(template, &arguments)?;
            }
            Expr::Cast(operand, ty) => {
                let template = (self.dialect.cast)(operand.ty(), ty);
                self.template(&template, &[operand])?;
            }
            Expr::Case(branches, otherwise) => self.case(branches, otherwise.as_deref())?,
            Expr::IsNull(operand, negated) => {
                self.operand(operand)?;
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::Same(left, right, negated) => {
                self.same_digits(left, right)?;
                let template = self.dialect.same[usize::from(*negated)];
                self.template(template, &[left, right])?;
            }
            Expr::In(of, list, negated) => self.list(of, list, *negated)?,
            Expr::Between(of, low, high) => {
                self.comparable(of, "comparing")?;
                self.operand(of)?;
                self.push(" BETWEEN ");
                self.operand(low)?;
                self.push(" AND ");
                self.operand(high)?;
            }
            Expr::Like { of, text, how, fold } => self.like(of, text, *how, *fold)?,
            Expr::Exists(select, negated) => {
                self.push(if *negated { "NOT EXISTS (" } else { "EXISTS (" });
                self.select(select)?;
                self.push(")");
            }
            Expr::Scalar(select) => {
                self.push("(");
                self.select(select)?;
                self.push(")");
            }
            Expr::Aggregate { function, of, distinct, filter } => {
                self.aggregate(*function, of.as_deref(), *distinct, filter.as_deref())?;
            }
            Expr::RowNumber { partition, order } => {
                self.push("row_number() OVER (");
                for (at, key) in partition.iter().enumerate() {
                    self.push(if at == 0 { "PARTITION BY " } else { ", " });
                    self.expr(key)?;
                }
                self.push(if partition.is_empty() || order.is_empty() { "" } else { " " });
                self.order("ORDER BY ", order)?;
                self.push(")");
            }
            Expr::Pending(_) => {
                return Err(Error::usage(
                    "the statement names an entity that has no key yet: flush the session before, or use the entity's key",
                ));
            }
            Expr::Row(parts) => {
                self.push("(");
                for (at, part) in parts.iter().enumerate() {
                    self.comma(at);
                    self.expr(part)?;
                }
                self.push(")");
            }
            Expr::Raw(fragments) => {
                for fragment in fragments {
                    match fragment {
                        Fragment::Text(text) => self.push(text),
                        Fragment::Name(name) => self.name(name),
                        Fragment::Expr(expr) => self.operand(expr)?,
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes `expr` so that it can stand beside any operator.
    pub(super) fn operand(&mut self, expr: &Expr) -> Result<()> {
        if expr.is_atomic() || self.rounded(expr).is_some() {
            return self.expr(expr);
        }
        self.push("(");
        self.expr(expr)?;
        self.push(")");
        Ok(())
    }

    fn binary(&mut self, left: &Expr, operator: Binary, right: &Expr) -> Result<()> {
        match operator {
            Binary::And | Binary::Or => return self.chain(left, operator, right),
            Binary::Eq | Binary::Ne => self.same_digits(left, right)?,
            Binary::Concat => {}
            Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge => {
                self.comparable(left, "comparing")?;
                self.comparable(right, "comparing")?;
            }
            Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Rem => {
                self.comparable(left, "calculating with")?;
                self.comparable(right, "calculating with")?;
            }
        }
        let template = (self.dialect.binary)(operator, [left.ty(), right.ty()]);
        self.template(template, &[left, right])
    }

    /// Writes a chain of one connective without brackets, and without the operands that decide nothing.
    fn chain(&mut self, left: &Expr, operator: Binary, right: &Expr) -> Result<()> {
        let mut operands = vec![right];
        let mut rest = left;
        while let Expr::Binary(left, inner, right) = rest
            && *inner == operator
        {
            operands.push(right);
            rest = left;
        }
        operands.push(rest);
        let word = if operator == Binary::And { " AND " } else { " OR " };
        let mut first = true;
        for operand in operands.into_iter().rev().filter(|operand| operand.truth().is_none()) {
            if !first {
                self.push(word);
            }
            first = false;
            // Comparisons bind tighter than connectives everywhere; of raw text nobody knows.
            match operand {
                Expr::Binary(_, Binary::And | Binary::Or, _) | Expr::Outer(_) | Expr::Raw(_) => {
                    self.operand(operand)?
                }
                comparison => self.expr(comparison)?,
            }
        }
        Ok(())
    }

    fn case(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Result<()> {
        self.push("CASE");
        for (condition, result) in branches {
            self.push(" WHEN ");
            self.expr(condition)?;
            self.push(" THEN ");
            self.expr(result)?;
        }
        if let Some(otherwise) = otherwise {
            self.push(" ELSE ");
            self.expr(otherwise)?;
        }
        self.push(" END");
        Ok(())
    }

    fn like(&mut self, of: &Expr, text: &Expr, how: Match, fold: bool) -> Result<()> {
        let search = (self.dialect.search)(how, fold);
        if let Expr::Value(value, ty) = text {
            let bound = match value {
                Value::Text(text) => Value::Text(pattern::write(text, how, search.pattern)),
                other => other.clone(),
            };
            return self.template(search.bound, &[of, &Expr::Value(bound, ty.clone())]);
        }
        match search.computed {
            Some(template) => self.template(template, &[of, text]),
            None => Err(Error::usage(format!(
                "{} cannot tell case in a LIKE whose pattern is not a value: bind the pattern as a value, or search \
                 without regard to case",
                self.dialect.name
            ))),
        }
    }

    fn aggregate(
        &mut self,
        function: Aggregate,
        of: Option<&Expr>,
        distinct: bool,
        filter: Option<&Expr>,
    ) -> Result<()> {
        if let (Some(of), true) = (of, function != Aggregate::Count) {
            self.comparable(of, "aggregating")?;
        }
        let around = (self.dialect.aggregate)(function, of.and_then(Expr::ty));
        let (before, behind) = around.split_once("{0}").unwrap_or(("", ""));
        self.push(before);
        self.push(match function {
            Aggregate::Count => "count(",
            Aggregate::Sum => "sum(",
            Aggregate::Avg => "avg(",
            Aggregate::Min => "min(",
            Aggregate::Max => "max(",
        });
        if distinct {
            self.push("DISTINCT ");
        }
        match (of, filter.filter(|_| !self.dialect.aggregate_filter)) {
            (None, None) => self.push("*"),
            (Some(of), None) => self.expr(of)?,
            (of, Some(filter)) => {
                self.push("CASE WHEN ");
                self.expr(filter)?;
                self.push(" THEN ");
                match of {
                    Some(of) => self.expr(of)?,
                    None => self.push("1"),
                }
                self.push(" END");
            }
        }
        self.push(")");
        if self.dialect.aggregate_filter
            && let Some(filter) = filter
        {
            self.push(" FILTER (WHERE ");
            self.expr(filter)?;
            self.push(")");
        }
        self.push(behind);
        Ok(())
    }

    /// Writes `template` with `operands` in the places it has for them; each place brings its own parameters.
    pub(super) fn template(&mut self, template: &str, operands: &[&Expr]) -> Result<()> {
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('{') {
            self.push(before);
            let Some((place, behind)) = behind.split_once('}') else { break };
            if place == "*" {
                for (at, operand) in operands.iter().enumerate() {
                    self.comma(at);
                    self.expr(operand)?;
                }
            } else {
                let operand = place.parse::<usize>().ok().and_then(|at| operands.get(at)).ok_or_else(|| {
                    Error::usage(format!("`{template}` takes more arguments than the {} given", operands.len()))
                })?;
                let opened = before.ends_with('(') || before.ends_with(", ");
                let closed = behind.starts_with([')', ',']) || behind.starts_with(" AS ");
                if opened && closed { self.expr(operand)? } else { self.operand(operand)? }
            }
            rest = behind;
        }
        self.push(rest);
        Ok(())
    }

    /// # Errors
    /// A usage error where a decimal that the engine keeps as text meets a number of another type: `1.5` and `1.50` are
    /// not one text.
    fn same_digits(&self, left: &Expr, right: &Expr) -> Result<()> {
        match (left.ty(), right.ty()) {
            (Some(one), Some(other)) if one != other => {
                self.comparable(left, "comparing")?;
                self.comparable(right, "comparing")
            }
            _ => Ok(()),
        }
    }

    /// # Errors
    /// A usage error where `expr` is a decimal that the engine keeps as text.
    pub(super) fn comparable(&self, expr: &Expr, doing: &str) -> Result<()> {
        let limit = self.dialect.decimal_digits;
        match expr.ty() {
            Some(Type::Numeric(digits, scale)) if *digits > limit => Err(Error::usage(format!(
                "{doing} {} does not work on {}: it is NUMERIC({digits}, {scale}), and decimals of more than {limit} \
                 digits are text there, exact but without order; declare at most {limit} digits, keep the smallest \
                 unit (cents) as i64, or fetch the rows and do it in Rust",
                expr.described(),
                self.dialect.name
            ))),
            _ => Ok(()),
        }
    }
}
