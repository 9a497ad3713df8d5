//! Integers, floating point numbers and booleans as fields.
//!
//! Unsigned integers take the next wider signed column, so that every engine can hold all their values; `u64` has none
//! wider than `BIGINT` and is refused above `i64::MAX` before it is sent.

use super::{Cell, Cells, Decimal, Type, Value};
use crate::model::{Field, Leaf, Part};
use crate::{Error, Result};

/// An integer from whatever form an engine gives: sums arrive as decimals on some, comparisons as booleans on others.
#[inline]
fn integer(cells: &mut Cells<'_>) -> Result<i64> {
    match cells.take()? {
        Cell::Int(value) => Ok(value),
        other => odd_integer(cells, other),
    }
}

#[cold]
fn odd_integer(cells: &Cells<'_>, cell: Cell<'_>) -> Result<i64> {
    let whole = match cell {
        Cell::Bool(value) => Some(i64::from(value)),
        Cell::Decimal(value) => value.to_integer().and_then(|value| i64::try_from(value).ok()),
        Cell::Real(value) => value_of_whole(value),
        _ => None,
    };
    whole.ok_or_else(|| cells.mismatch("an integer", cell))
}

/// A float that is exactly an integer, as that integer.
fn value_of_whole(value: f64) -> Option<i64> {
    // Beyond 2^53 neighbouring integers share one float, so which was meant cannot be told.
    if value.fract() != 0.0 || value.abs() > 9_007_199_254_740_992.0 {
        return None;
    }
    format!("{value:.0}").parse().ok()
}

#[cold]
fn out_of_range(cells: &Cells<'_>, name: &str) -> Error {
    Error::decode(format!(
        "column {} holds an integer out of the range of {name}: read it as a wider type",
        cells.position()
    ))
}

macro_rules! integers {
    ($($int:ident: $ty:ident;)*) => {$(
        impl Field for $int {
            const PART: &'static Part = &Part::Column(Leaf::new(&Type::$ty));

            #[inline]
            fn read(cells: &mut Cells<'_>) -> Result<Self> {
                let value = integer(cells)?;
                $int::try_from(value).map_err(|_| out_of_range(cells, stringify!($int)))
            }

            #[inline]
            fn write(&self, out: &mut Vec<Value>) {
                out.push(Value::Int(i64::from(*self)));
            }

            fn blank() -> Self {
                0
            }

            #[inline]
            fn same(&self, kept: &[Value]) -> bool {
                matches!(kept, [Value::Int(value)] if *value == i64::from(*self))
            }
        }
    )*};
}

integers! {
    i8: SmallInt;
    i16: SmallInt;
    i32: Integer;
    i64: BigInt;
    u8: SmallInt;
    u16: Integer;
    u32: BigInt;
}

impl Field for u64 {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::BigInt));

    #[inline]
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        let value = integer(cells)?;
        u64::try_from(value).map_err(|_| out_of_range(cells, "u64"))
    }

    /// Above `i64::MAX` it writes a decimal, which a session refuses for an integer column.
    #[inline]
    fn write(&self, out: &mut Vec<Value>) {
        out.push(match i64::try_from(*self) {
            Ok(value) => Value::Int(value),
            Err(_) => Value::Decimal(Decimal::new(i128::from(*self), 0)),
        });
    }

    fn blank() -> Self {
        0
    }
}

impl Field for bool {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::Bool));

    #[inline]
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        match cells.take()? {
            Cell::Bool(value) => Ok(value),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            other => Err(cells.mismatch("a boolean (or 0 or 1)", other)),
        }
    }

    #[inline]
    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Bool(*self));
    }

    fn blank() -> Self {
        false
    }

    #[inline]
    fn same(&self, kept: &[Value]) -> bool {
        matches!(kept, [Value::Bool(value)] if value == self)
    }
}

/// The nearest float: the halves convert without loss, so only the sum rounds.
fn real_of(value: i64) -> f64 {
    let low = u32::try_from(value & 0xffff_ffff).expect("32 bits were kept");
    let high = i32::try_from(value >> 32).expect("32 bits are left");
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

impl Field for f64 {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::Double));
    const COMPARED: bool = false;

    #[inline]
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        match cells.take()? {
            Cell::Real(value) => Ok(value),
            Cell::Int(value) => Ok(real_of(value)),
            Cell::Decimal(value) => Ok(value.to_f64()),
            other => Err(cells.mismatch("a number", other)),
        }
    }

    #[inline]
    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Real(*self));
    }

    fn blank() -> Self {
        0.0
    }
}

impl Field for f32 {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::Real));
    const COMPARED: bool = false;

    #[inline]
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        #[expect(clippy::cast_possible_truncation, reason = "the column was declared with the precision of f32")]
        let value = f64::read(cells)? as f32;
        Ok(value)
    }

    #[inline]
    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Real(f64::from(*self)));
    }

    fn blank() -> Self {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Field>(value: Value) -> Result<T> {
        let row = [value];
        T::read(&mut Cells::new(&row.as_slice()))
    }

    fn round_trip<T: Field + PartialEq + std::fmt::Debug>(value: T, written: Value) {
        let mut out = Vec::new();
        value.write(&mut out);
        assert_eq!(out, [written]);
        assert!(value.same(&out));
        assert_eq!(T::read(&mut Cells::new(&out.as_slice())).unwrap(), value);
    }

    #[test]
    fn every_width_keeps_its_ends() {
        round_trip(i8::MIN, Value::Int(-128));
        round_trip(u8::MAX, Value::Int(255));
        round_trip(i16::MIN, Value::Int(-32_768));
        round_trip(u16::MAX, Value::Int(65_535));
        round_trip(i32::MIN, Value::Int(-2_147_483_648));
        round_trip(u32::MAX, Value::Int(4_294_967_295));
        round_trip(i64::MIN, Value::Int(i64::MIN));
        round_trip(i64::MAX, Value::Int(i64::MAX));
        round_trip(9_223_372_036_854_775_807_u64, Value::Int(i64::MAX));
        round_trip(true, Value::Bool(true));
        round_trip(f64::MIN_POSITIVE, Value::Real(f64::MIN_POSITIVE));
        round_trip(0.1_f32, Value::Real(f64::from(0.1_f32)));
    }

    #[test]
    fn engines_may_give_other_forms() {
        assert_eq!(read::<i64>(Value::Bool(true)).unwrap(), 1);
        assert_eq!(read::<i64>(Value::Real(-3.0)).unwrap(), -3);
        assert_eq!(read::<i32>(Value::Decimal(Decimal::new(700, 2))).unwrap(), 7);
        assert!(read::<bool>(Value::Int(1)).unwrap());
        assert_eq!(read::<f64>(Value::Int(i64::MAX)).unwrap(), 9_223_372_036_854_775_807.0);
        assert_eq!(read::<f64>(Value::Int(-1)).unwrap(), -1.0);
        assert_eq!(read::<f64>(Value::Decimal(Decimal::new(-125, 2))).unwrap(), -1.25);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(read::<i8>(Value::Int(128)).is_err());
        assert!(read::<u32>(Value::Int(-1)).is_err());
        assert!(read::<u64>(Value::Int(-1)).is_err());
        assert!(read::<i64>(Value::Null).is_err());
        assert!(read::<i64>(Value::Real(0.5)).is_err());
        assert!(read::<i64>(Value::Real(1e17)).is_err());
        assert!(read::<i64>(Value::Real(f64::NAN)).is_err());
        assert!(read::<i64>(Value::Text("1".to_owned())).is_err());
        assert!(read::<bool>(Value::Int(2)).is_err());
    }
}
