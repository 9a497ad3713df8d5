//! Fields made of other fields: NULL or a value, and the tuples that composite keys are.

use super::{Cells, Value};
use crate::Result;
use crate::model::{Field, Part, Pending};

impl<T: Field> Field for Option<T> {
    const PART: &'static Part = &Part::Nullable(T::PART);
    const COMPARED: bool = T::COMPARED;

    #[inline]
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        let width = T::PART.width();
        let null = match width {
            1 => cells.take_null()?,
            _ => {
                let null = cells.all_null(width)?;
                cells.skip(if null { width } else { 0 });
                null
            }
        };
        if null { Ok(None) } else { T::read(cells).map(Some) }
    }

    #[inline]
    fn write(&self, out: &mut Vec<Value>) {
        match self {
            Some(value) => value.write(out),
            None => out.extend((0..T::PART.width()).map(|_| Value::Null)),
        }
    }

    fn blank() -> Self {
        None
    }

    #[inline]
    fn same(&self, kept: &[Value]) -> bool {
        match self {
            Some(value) => value.same(kept),
            None => kept.iter().all(Value::is_null),
        }
    }

    fn pending(&self) -> Option<Pending> {
        self.as_ref().and_then(T::pending)
    }

    fn resolve(&mut self, key: &[Value]) -> Result<()> {
        match self {
            Some(value) => value.resolve(key),
            None => Ok(()),
        }
    }

    fn unresolve(&mut self, pending: Pending) {
        let mut value = T::blank();
        value.unresolve(pending);
        *self = Some(value);
    }
}

macro_rules! tuples {
    ($(($($part:ident $at:tt),+);)*) => {$(
        impl<$($part: Field),+> Field for ($($part,)+) {
            const PART: &'static Part = &Part::Tuple(&[$($part::PART),+]);
            const COMPARED: bool = $($part::COMPARED)&&+;

            #[inline]
            fn read(cells: &mut Cells<'_>) -> Result<Self> {
                Ok(($($part::read(cells)?,)+))
            }

            #[inline]
            fn write(&self, out: &mut Vec<Value>) {
                $(self.$at.write(out);)+
            }

            fn blank() -> Self {
                ($($part::blank(),)+)
            }

            fn same(&self, kept: &[Value]) -> bool {
                let mut rest = kept;
                $(
                    let Some((here, after)) = rest.split_at_checked($part::PART.width()) else { return false };
                    if !self.$at.same(here) {
                        return false;
                    }
                    rest = after;
                )+
                rest.is_empty()
            }
        }
    )*};
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: Field + PartialEq + std::fmt::Debug>(value: T, written: &[Value]) {
        let mut out = Vec::new();
        value.write(&mut out);
        assert_eq!(out, written);
        assert_eq!(T::PART.width(), written.len());
        assert!(value.same(&out));
        let mut cells = Cells::new(&written);
        assert_eq!(T::read(&mut cells).unwrap(), value);
        assert_eq!(cells.position(), written.len());
    }

    #[test]
    fn null_takes_as_many_columns_as_the_value() {
        round_trip(None::<i64>, &[Value::Null]);
        round_trip(Some(3_i64), &[Value::Int(3)]);
        round_trip(None::<(i64, String)>, &[Value::Null, Value::Null]);
        round_trip(Some((3_i64, String::from("x"))), &[Value::Int(3), Value::Text("x".to_owned())]);
    }

    #[test]
    fn tuples_are_their_parts_in_order() {
        round_trip((1_i64,), &[Value::Int(1)]);
        round_trip((1_i64, (true, 2_u8)), &[Value::Int(1), Value::Bool(true), Value::Int(2)]);
        round_trip((1_i64, true, 2_u8, None::<i32>), &[Value::Int(1), Value::Bool(true), Value::Int(2), Value::Null]);
        assert!(!(1_i64, 2_i64).same(&[Value::Int(1)]));
        assert!(!(1_i64,).same(&[Value::Int(1), Value::Int(2)]));
    }
}
