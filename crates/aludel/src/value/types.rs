//! Column types, in the words of the portable schema.

use std::borrow::Cow;

/// What a column is declared as; every engine has its own spelling of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `BOOLEAN`
    Bool,
    /// `SMALLINT`, 16 bits
    SmallInt,
    /// `INTEGER`, 32 bits
    Integer,
    /// `BIGINT`, 64 bits
    BigInt,
    /// `REAL`, 32 bits
    Real,
    /// `DOUBLE PRECISION`, 64 bits
    Double,
    /// `NUMERIC(precision, scale)`
    Numeric(u8, u8),
    /// `CHAR(n)`, characters
    Char(u32),
    /// `VARCHAR(n)`, characters
    Varchar(u32),
    /// `TEXT`
    Text,
    /// `BYTEA`
    Bytes,
    /// `DATE`
    Date,
    /// `TIME`, microseconds
    Time,
    /// `TIMESTAMP`, a wall clock without zone, microseconds
    Timestamp,
    /// `TIMESTAMPTZ`, a moment in UTC, microseconds
    TimestampTz,
    /// `UUID`
    Uuid,
    /// `JSONB`
    Json,
    /// An enum declared by name; its variants are in the schema.
    Enum(Cow<'static, str>),
    /// A type that only some engines have, as they spell it: `INTERVAL`, `TEXT[]`. No field of a model is of one.
    Other(Cow<'static, str>),
}
