//! `uuid::Uuid`, version 1.

use uuid::Uuid;

use super::time::malformed;
use super::{Cell, Cells, Type, Value};
use crate::Result;
use crate::model::{Field, Leaf, Part};

impl Field for Uuid {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::Uuid));

    #[inline]
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        match cells.take()? {
            Cell::Uuid(bytes) => Ok(Uuid::from_bytes(bytes)),
            Cell::Text(text) => Uuid::try_parse(text).map_err(|_| malformed(cells, "a UUID")),
            // Others keep the sixteen bytes as they are.
            Cell::Bytes(bytes) if bytes.len() == 16 => Uuid::from_slice(bytes).map_err(|_| malformed(cells, "a UUID")),
            other => Err(cells.mismatch("a UUID", other)),
        }
    }

    #[inline]
    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Uuid(*self.as_bytes()));
    }

    fn blank() -> Self {
        Uuid::nil()
    }

    // Only the session calls this, when an entity is added.
    fn fresh() -> Option<Self> {
        Some(Uuid::now_v7())
    }

    #[inline]
    fn same(&self, kept: &[Value]) -> bool {
        matches!(kept, [Value::Uuid(bytes)] if bytes == self.as_bytes())
    }
}

crate::model::keys!(Uuid);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_uuid_is_read() {
        let uuid = Uuid::from_u128(0x5e00_0000_0000_7000_8000_0000_0000_0010);
        let mut out = Vec::new();
        uuid.write(&mut out);
        assert!(uuid.same(&out) && !Uuid::nil().same(&out));
        out.push(Value::Text(uuid.to_string()));
        out.push(Value::Text(uuid.simple().to_string().to_uppercase()));
        out.push(Value::Bytes(uuid.as_bytes().to_vec()));
        for value in out {
            assert_eq!(Uuid::read(&mut Cells::new(&[value].as_slice())).unwrap(), uuid);
        }
        for value in [Value::Text("5e".to_owned()), Value::Bytes(vec![0; 15]), Value::Null] {
            assert!(Uuid::read(&mut Cells::new(&[value].as_slice())).is_err());
        }
    }
}
