//! What is settled before a value is sent: the precision that its column keeps, and whether the column can hold it.
//!
//! Engines differ in what they refuse and what they silently change, so none of them is asked.

use std::borrow::Cow;

use super::{Decimal, Type, Value};
use crate::FieldError;

impl Value {
    /// Brings the value to the precision that a column of type `ty` keeps, and tells whether that changed it.
    ///
    /// Decimals take the column's scale, rounded half away from zero. Times have microseconds already.
    pub(crate) fn fit(&mut self, ty: &Type) -> bool {
        let (Value::Decimal(number), Type::Numeric(_, scale)) = (self, ty) else { return false };
        let Some(fitted) = number.rescale(*scale) else { return false };
        let changed = fitted != *number;
        *number = fitted;
        changed
    }

    /// Whether a column of type `ty` can hold the value on every engine; `field` is who the answer names.
    ///
    /// # Errors
    /// `length`: more characters than declared. `nul`: text with a NUL character. `range`: an integer, a number of
    /// digits, a year or a time of day that the column cannot hold, NaN or an infinity. `type`: what serde could not write
    /// as JSON.
    #[inline]
    pub(crate) fn check(&self, ty: &Type, field: impl Into<Cow<'static, str>>) -> Result<(), FieldError> {
        match problem(self, ty) {
            None => Ok(()),
            Some((code, message)) => Err(FieldError { field: field.into(), code: Cow::Borrowed(code), message }),
        }
    }
}

type Problem = (&'static str, String);

fn range(message: impl Into<String>) -> Option<Problem> {
    Some(("range", message.into()))
}

fn problem(value: &Value, ty: &Type) -> Option<Problem> {
    match value {
        Value::Bytes(_) if *ty == Type::Json => Some(("type", "must be something that JSON can say".to_owned())),
        Value::Null | Value::Bool(_) | Value::Bytes(_) | Value::Uuid(_) => None,
        Value::Int(value) => integer(*value, ty),
        Value::Real(value) => real(*value, ty),
        Value::Text(value) => text(value, ty),
        Value::Decimal(value) => decimal(*value, ty),
        Value::Date(value) if !value.is_storable() => range("must have a year from 0000 to 9999"),
        Value::Timestamp(value) if !value.is_storable() => range("must have a year from 0000 to 9999"),
        Value::Time(value) if !value.is_storable() => range("must lie between 00:00:00 and 23:59:59.999999"),
        Value::Array(values) => values.iter().find_map(|value| problem(value, ty)),
        Value::Date(_) | Value::Timestamp(_) | Value::Time(_) => None,
    }
}

fn integer(value: i64, ty: &Type) -> Option<Problem> {
    let fits = match ty {
        Type::SmallInt => i16::try_from(value).is_ok(),
        Type::Integer => i32::try_from(value).is_ok(),
        Type::Numeric(..) => return decimal(Decimal::from(value), ty),
        _ => true,
    };
    if fits { None } else { range(format!("must fit {} bits", if *ty == Type::SmallInt { 16 } else { 32 })) }
}

fn real(value: f64, ty: &Type) -> Option<Problem> {
    if !value.is_finite() {
        return range("must be a finite number");
    }
    if *ty == Type::Real && value.abs() > f64::from(f32::MAX) {
        return range("must fit a 32 bit floating point number");
    }
    None
}

fn text(value: &str, ty: &Type) -> Option<Problem> {
    if value.as_bytes().contains(&0) {
        return Some(("nul", "must not contain a NUL character".to_owned()));
    }
    match ty {
        // No character takes less than a byte, so most texts need no counting.
        Type::Varchar(most) | Type::Char(most) if value.len() > usize::try_from(*most).unwrap_or(usize::MAX) => {
            let length = value.chars().count();
            (length > usize::try_from(*most).unwrap_or(usize::MAX))
                .then(|| ("length", format!("must have at most {most} characters, has {length}")))
        }
        Type::Json if escapes_nul(value) => Some(("nul", "must not contain a NUL character".to_owned())),
        _ => None,
    }
}

/// Whether JSON text holds `\u0000` as an escape, not as part of `\\u0000`.
fn escapes_nul(json: &str) -> bool {
    json.match_indices("\\u0000").any(|(at, _)| {
        let before = json.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        before % 2 == 0
    })
}

fn decimal(value: Decimal, ty: &Type) -> Option<Problem> {
    match ty {
        Type::Numeric(precision, scale) if !value.fits(*precision, *scale) => {
            let whole = precision.saturating_sub(*scale);
            range(format!("must have at most {whole} digits before the point"))
        }
        Type::SmallInt | Type::Integer | Type::BigInt => {
            match value.to_integer().and_then(|value| i64::try_from(value).ok()) {
                Some(value) => integer(value, ty),
                None => range("must be at most 9223372036854775807"),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field;
    use crate::value::{Date, Time, Timestamp};

    fn check(value: impl Field, ty: Type) -> Option<String> {
        let mut out = Vec::new();
        value.write(&mut out);
        out[0].check(&ty, "field").err().map(|error| format!("{}: {}", error.code, error.message))
    }

    #[test]
    fn what_every_engine_holds_passes() {
        assert_eq!(check(String::from("äöü"), Type::Varchar(3)), None);
        assert_eq!(check(String::from(r#"{"a":"\\u0000"}"#), Type::Json), None);
        assert_eq!(check(i64::from(i32::MIN), Type::Integer), None);
        assert_eq!(check(9_223_372_036_854_775_807_u64, Type::BigInt), None);
        assert_eq!(check(Decimal::new(99_994, 3), Type::Numeric(4, 2)), None);
        assert_eq!(check(f32::MAX, Type::Real), None);
        assert_eq!(check(None::<i64>, Type::SmallInt), None);
    }

    #[test]
    fn what_some_engine_refuses_or_changes_is_refused() {
        let cases = [
            check(String::from("äöüx"), Type::Varchar(3)),
            check(String::from("abcd"), Type::Char(3)),
            check(String::from("a\0"), Type::Text),
            check(String::from(r#"{"a":"\u0000"}"#), Type::Json),
            check(32_768_i64, Type::SmallInt),
            check(i64::from(i32::MAX) + 1, Type::Integer),
            check(u64::MAX, Type::BigInt),
            check(f64::NAN, Type::Double),
            check(f64::NEG_INFINITY, Type::Double),
            check(1e39, Type::Real),
            check(Decimal::new(99_995, 3), Type::Numeric(4, 2)),
            check(Date(i32::MAX), Type::Date),
            check(Timestamp(i64::MIN), Type::TimestampTz),
            check(Time(-1), Type::Time),
        ];
        let codes: Vec<_> = cases.iter().map(|case| case.as_deref().unwrap_or("passed")).collect();
        expect_test::expect![[r#"
            length: must have at most 3 characters, has 4
            length: must have at most 3 characters, has 4
            nul: must not contain a NUL character
            nul: must not contain a NUL character
            range: must fit 16 bits
            range: must fit 32 bits
            range: must be at most 9223372036854775807
            range: must be a finite number
            range: must be a finite number
            range: must fit a 32 bit floating point number
            range: must have at most 2 digits before the point
            range: must have a year from 0000 to 9999
            range: must have a year from 0000 to 9999
            range: must lie between 00:00:00 and 23:59:59.999999"#]]
        .assert_eq(&codes.join("\n"));
    }

    #[test]
    fn decimals_take_the_scale_of_their_column() {
        let mut value = Value::Decimal(Decimal::new(12_345, 3));
        assert!(value.fit(&Type::Numeric(10, 2)));
        assert_eq!(value, Value::Decimal(Decimal::new(1_235, 2)));
        assert!(!value.fit(&Type::Numeric(10, 4)), "zeros at the end do not change a number");
    }
}
