//! JSON columns: `serde_json::Value` as it is, and any serde type in [`Json`].

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Cell, Cells, Type, Value};
use crate::model::{Field, Leaf, Part};
use crate::{Error, Result};

/// A column that keeps a `T` as JSON; `T` has a `Default`, which is what the field holds before it is set.
///
/// Reading fails with a decode error where the kept JSON does not fit `T`, so give new fields of `T` a `#[serde(default)]`.
/// An UPDATE does not compare its old value, since engines keep JSON in spellings of their own.
///
/// ```
/// use aludel::Json;
///
/// #[derive(serde::Serialize, serde::Deserialize, Default)]
/// struct Settings {
///     dark: bool,
/// }
///
/// let mut settings = Json(Settings::default());
/// settings.dark = true;
/// assert!(settings.0.dark);
/// ```
///
/// A value that serde cannot write as JSON (a map whose keys are no text) is refused before it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T> std::ops::Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> std::ops::DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Json(value)
    }
}

const PART: &Part = &Part::Column(Leaf::new(&Type::Json));

/// Reads a `T` from the next cell. Numbers and booleans come bare where a column was declared `JSON` by another tool.
fn read<T: DeserializeOwned>(cells: &mut Cells<'_>) -> Result<T> {
    let parsed = match cells.take()? {
        Cell::Text(text) => serde_json::from_str(text),
        Cell::Bytes(bytes) => serde_json::from_slice(bytes),
        Cell::Int(value) => T::deserialize(serde_json::Value::from(value)),
        Cell::Real(value) => T::deserialize(serde_json::Value::from(value)),
        Cell::Bool(value) => T::deserialize(serde_json::Value::from(value)),
        other => return Err(cells.mismatch("JSON", other)),
    };
    parsed.map_err(|error| {
        // serde_json's own message can quote the value, so only the place is passed on.
        let (at, kind) = (cells.position(), error.classify());
        let (line, place) = (error.line(), error.column());
        let name = std::any::type_name::<T>();
        Error::decode(format!("column {at} holds JSON that is no {name} ({kind:?} error at {line}:{place})"))
    })
}

impl<T: Serialize + DeserializeOwned + Default + Send + Sync + 'static> Field for Json<T> {
    const PART: &'static Part = PART;
    const COMPARED: bool = false;

    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        read(cells).map(Json)
    }

    /// What cannot be written goes out as bytes, which a session refuses for a JSON column.
    fn write(&self, out: &mut Vec<Value>) {
        out.push(serde_json::to_string(&self.0).map_or(Value::Bytes(Vec::new()), Value::Text));
    }

    fn blank() -> Self {
        Json(T::default())
    }
}

impl Field for serde_json::Value {
    const PART: &'static Part = PART;
    const COMPARED: bool = false;

    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        read(cells)
    }

    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Text(self.to_string()));
    }

    /// JSON `null`
    fn blank() -> Self {
        serde_json::Value::Null
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Row = Json<BTreeMap<String, Vec<u8>>>;

    fn read<T: Field>(value: Value) -> Result<T> {
        T::read(&mut Cells::new(&[value].as_slice()))
    }

    #[test]
    fn json_comes_back_as_it_went() {
        let row: Row = Json(BTreeMap::from([("a".to_owned(), vec![1, 2])]));
        let mut out = Vec::new();
        row.write(&mut out);
        assert_eq!(out, [Value::Text(r#"{"a":[1,2]}"#.to_owned())]);
        assert!(row.same(&out));
        assert_eq!(read::<Row>(out.remove(0)).unwrap(), row);
        let any = read::<serde_json::Value>(Value::Text(r#"{"b": [null, 1.5]}"#.to_owned())).unwrap();
        any.write(&mut out);
        assert_eq!(out, [Value::Text(r#"{"b":[null,1.5]}"#.to_owned())]);
    }

    #[test]
    fn bare_values_of_other_declarations_are_read() {
        assert_eq!(read::<serde_json::Value>(Value::Int(1)).unwrap(), serde_json::json!(1));
        assert_eq!(read::<Json<f64>>(Value::Real(1.5)).unwrap(), Json(1.5));
        assert_eq!(read::<Json<bool>>(Value::Bool(true)).unwrap(), Json(true));
        assert_eq!(read::<Json<String>>(Value::Bytes(b"\"x\"".to_vec())).unwrap(), Json("x".to_owned()));
    }

    #[test]
    fn errors_name_the_place_and_never_the_value() {
        let error = read::<Row>(Value::Text(r#"{"a": ["secret"]}"#.to_owned())).unwrap_err().to_string();
        assert!(error.contains("1:") && !error.contains("secret"), "{error}");
        assert!(read::<Row>(Value::Null).is_err());
    }

    #[test]
    fn what_is_no_json_is_refused_before_it_is_sent() {
        let row = Json(BTreeMap::from([((1_u8, 2_u8), true)]));
        let mut out = Vec::new();
        row.write(&mut out);
        let error = out[0].check(&Type::Json, "settings").unwrap_err();
        assert_eq!((error.field.as_ref(), error.code.as_ref()), ("settings", "type"));
    }
}
