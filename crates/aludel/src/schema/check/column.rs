//! The problems of columns: names, types, defaults, and who makes their values.

use std::collections::BTreeMap;

use super::Checker;
use crate::schema::print::type_name;
use crate::schema::{Column, Default, name, text};
use crate::{Type, Value};

impl Checker<'_> {
    pub(super) fn columns(&mut self) {
        let mut seen: BTreeMap<String, &Column> = BTreeMap::new();
        for column in &self.table.columns {
            if let Some(other) = seen.insert(column.name.to_lowercase(), column) {
                let what = if other.name == column.name {
                    format!("the column `{}` is declared twice, first by {}", column.name, other.origin)
                } else {
                    let (one, other, first) = (&column.name, &other.name, &other.origin);
                    format!("the columns `{one}` and `{other}` ({first}) differ in case only")
                };
                self.tell(&column.origin, what, "rename one of the fields, or give it #[column(name = \"..\")]");
            }
            if let Some(fault) = name::fault(&column.name) {
                let what = format!("the column's name `{}` {fault}", column.name.escape_debug());
                self.tell(&column.origin, what, "give the field another #[column(name = \"..\")]");
            }
            self.column(column);
        }
    }

    fn column(&mut self, column: &Column) {
        match &column.ty {
            Type::Varchar(0) | Type::Char(0) => {
                self.tell(&column.origin, "a length of 0 holds nothing", "write #[column(length = 255)]");
            }
            Type::Numeric(0, _) => {
                self.tell(&column.origin, "a precision of 0 holds nothing", "write #[column(precision = (12, 2))]");
            }
            Type::Numeric(digits, _) if *digits > 38 => {
                self.tell(&column.origin, format!("a precision of {digits} is above 38"), "write at most 38");
            }
            Type::Numeric(digits, scale) if scale > digits => {
                let what = format!("the scale {scale} is above the precision {digits}");
                self.tell(&column.origin, what, format!("write a precision of at least {scale}"));
            }
            Type::Enum(of) if !self.schema.enums.contains_key(of.as_ref()) => {
                self.tell(&column.origin, format!("enum `{of}` is not in the schema"), "create it first");
            }
            _ => {}
        }
        match &column.default {
            Some(Default::Value(value)) => self.default_value(column, value),
            Some(Default::Now) if !matches!(column.ty, Type::Timestamp | Type::TimestampTz) => {
                let what = format!("`default = now` on a column of type {}", type_name(&column.ty));
                self.tell(&column.origin, what, "make it a timestamp, or write the default as an expression");
            }
            Some(Default::Expression(expression)) => self.default_expression(expression, &column.origin),
            _ => {}
        }
        if let Some(made) = &column.generated {
            self.expression(&format!("what makes column `{}`", column.name), &made.expression, &column.origin);
            if text::names(&made.expression, &column.name) {
                let what = format!("column `{}` is made from itself", column.name);
                self.tell(&column.origin, what, "name other columns only");
            }
        }
        self.identity(column);
    }

    fn identity(&mut self, column: &Column) {
        if column.identity.is_none() {
            return;
        }
        let sole = self.table.primary_key.as_ref().is_some_and(|key| key.columns == [column.name.as_str()]);
        if !sole {
            let what = format!("column `{}` is an identity and not the whole key", column.name);
            self.tell(&column.origin, what, "make it the only key field, or assign its values yourself");
        }
        if !matches!(column.ty, Type::SmallInt | Type::Integer | Type::BigInt) {
            let what = format!("column `{}` is an identity of type {}", column.name, type_name(&column.ty));
            self.tell(&column.origin, what, "make it an integer");
        }
        if column.default.is_some() || column.generated.is_some() {
            let what = format!("column `{}` is an identity and has a default", column.name);
            self.tell(&column.origin, what, "leave the default out");
        }
    }

    fn default_value(&mut self, column: &Column, value: &Value) {
        let variants = self.schema.variants(&column.ty);
        if let Some((fault, help)) = misfit(value, &column.ty, variants) {
            let what =
                format!("the default of column `{}` does not fit {}: {fault}", column.name, type_name(&column.ty));
            self.tell(&column.origin, what, help);
        }
    }
}

/// Why `value` cannot stand in a column of type `ty`, and what to write.
fn misfit(value: &Value, ty: &Type, variants: &[String]) -> Option<(String, String)> {
    let fault = |fault: String, help: String| Some((fault, help));
    let longer = |text: &str, most: u32| {
        let long = text.chars().count();
        (long > usize::try_from(most).unwrap_or(usize::MAX))
            .then(|| (format!("it has {long} characters"), format!("write at most {most}")))
    };
    let range = |number: i64, low: i64, high: i64| {
        (number < low || number > high).then(|| (format!("{number} is out of range"), format!("write {low} to {high}")))
    };
    match (value, ty) {
        (Value::Text(text), _) if text.contains('\0') => fault("it holds a NUL".into(), "leave it out".into()),
        (Value::Text(text), Type::Varchar(most) | Type::Char(most)) => longer(text, *most),
        (Value::Text(text), Type::Enum(_)) if !variants.contains(text) => {
            fault(format!("`{text}` is no variant"), format!("write one of: {}", variants.join(", ")))
        }
        (Value::Int(number), Type::SmallInt) => range(*number, i16::MIN.into(), i16::MAX.into()),
        (Value::Int(number), Type::Integer) => range(*number, i32::MIN.into(), i32::MAX.into()),
        (Value::Real(number), Type::Real | Type::Double) if !number.is_finite() => {
            fault("it is not finite".into(), "write a number".into())
        }
        (Value::Decimal(number), Type::Numeric(digits, scale))
            if !number.fits(*digits, *scale) || number.rescale(*scale) != Some(*number) =>
        {
            let help =
                format!("write at most {} digits before the point and {scale} behind", digits.saturating_sub(*scale));
            fault(format!("{number} has too many digits"), help)
        }
        (Value::Bool(_), Type::Bool)
        | (Value::Int(_), Type::BigInt | Type::Real | Type::Double | Type::Numeric(..))
        | (Value::Real(_), Type::Real | Type::Double)
        | (Value::Text(_), Type::Text | Type::Json | Type::Enum(_))
        | (Value::Bytes(_), Type::Bytes)
        | (Value::Date(_), Type::Date)
        | (Value::Time(_), Type::Time)
        | (Value::Timestamp(_), Type::Timestamp | Type::TimestampTz)
        | (Value::Uuid(_), Type::Uuid)
        | (Value::Decimal(_), Type::Numeric(..)) => None,
        _ => fault("it is of another type".into(), "write a value of the field's own type".into()),
    }
}
