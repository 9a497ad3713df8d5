//! What a column can hold, whatever the engine: [`Value`] owned, [`Cell`] borrowed, [`Type`] declared.
//!
//! Nothing here is behind a feature: foreign types convert in files of their own under `value/`.

mod calendar;
mod check;
mod compound;
mod decimal;
mod number;
#[cfg(test)]
pub(crate) mod random;
mod row;
mod text;
mod time;
mod types;

#[cfg(feature = "chrono-0_4")]
mod chrono;
#[cfg(feature = "rust_decimal-1")]
mod decimal_crate;
#[cfg(feature = "jiff-0_2")]
mod jiff;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "uuid-1")]
mod uuid;

pub use decimal::Decimal;
#[cfg(feature = "json")]
pub use json::Json;
pub use row::{Cell, Cells, Row};
pub use time::{Date, Time, Timestamp};
pub use types::Type;

/// One value of one column, as it travels to a driver.
///
/// JSON travels as [`Value::Text`] and enums as the text of their variant; the statement's types tell them apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// Every integer width; drivers check the range of the column's type.
    Int(i64),
    /// A floating point number.
    Real(f64),
    /// Text, JSON text, or an enum's variant.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A calendar day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A moment: microseconds in UTC, or on a wall clock without zone, by the column's type.
    Timestamp(Timestamp),
    /// A UUID, big endian.
    Uuid([u8; 16]),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Many values in one parameter: a list to look in, or one column of many rows. Its type is that of the elements;
    /// elements that are arrays again are rows. No column holds one.
    Array(Vec<Value>),
}

impl Value {
    /// Whether this is SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Value};

    /// Sessions keep a value per column of each changed row, and every cell read goes through a `Cell` by value.
    #[test]
    fn values_and_cells_stay_small() {
        assert!(size_of::<Value>() <= 32 && size_of::<Cell<'_>>() <= 24);
    }
}
