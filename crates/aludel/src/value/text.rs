//! Text and bytes as fields.

use std::borrow::Cow;

use super::{Cell, Cells, Type, Value};
use crate::Result;
use crate::model::{Field, Leaf, Part};

/// The text of the next cell, borrowed from the row.
#[inline]
pub(super) fn text<'r>(cells: &mut Cells<'r>) -> Result<&'r str> {
    match cells.take()? {
        Cell::Text(value) => Ok(value),
        other => Err(cells.mismatch("text", other)),
    }
}

macro_rules! texts {
    ($($text:ty, $empty:expr;)*) => {$(
        impl Field for $text {
            const PART: &'static Part = &Part::Column(Leaf::new(&Type::Text));

            #[inline]
            fn read(cells: &mut Cells<'_>) -> Result<Self> {
                Ok(text(cells)?.to_owned().into())
            }

            #[inline]
            fn write(&self, out: &mut Vec<Value>) {
                out.push(Value::Text(self.to_string()));
            }

            fn blank() -> Self {
                $empty
            }

            #[inline]
            fn same(&self, kept: &[Value]) -> bool {
                let now: &str = self;
                matches!(kept, [Value::Text(value)] if value == now)
            }
        }
    )*};
}

texts! {
    String, String::new();
    Box<str>, Box::default();
    Cow<'static, str>, Cow::Borrowed("");
}

impl Field for Vec<u8> {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::Bytes));
    const COMPARED: bool = false;

    #[inline]
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        match cells.take()? {
            Cell::Bytes(value) => Ok(value.to_vec()),
            other => Err(cells.mismatch("bytes", other)),
        }
    }

    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Bytes(self.clone()));
    }

    fn blank() -> Self {
        Vec::new()
    }

    fn same(&self, kept: &[Value]) -> bool {
        matches!(kept, [Value::Bytes(value)] if value == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: Field + PartialEq + std::fmt::Debug>(value: T, written: Value) {
        let mut out = Vec::new();
        value.write(&mut out);
        assert_eq!(out, [written]);
        assert!(value.same(&out));
        assert!(!value.same(&[Value::Null]));
        assert_eq!(T::read(&mut Cells::new(&out.as_slice())).unwrap(), value);
        assert!(T::read(&mut Cells::new(&[Value::Int(1)].as_slice())).is_err());
    }

    #[test]
    fn every_kind_of_text_keeps_what_it_holds() {
        round_trip(String::from("ä"), Value::Text("ä".to_owned()));
        round_trip(Box::<str>::from(""), Value::Text(String::new()));
        round_trip(Cow::Borrowed("x"), Value::Text("x".to_owned()));
        round_trip(vec![0_u8, 255], Value::Bytes(vec![0, 255]));
    }
}
