//! Days, times and moments as counts.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::calendar::{self, DAY};
use super::{Cell, Cells, Type, Value};
use crate::model::{Field, Leaf, Part};
use crate::{Error, Result};

/// The days from 0000-01-01 to 9999-12-31.
const YEARS: Range<i64> = -719_528..2_932_897;

/// A calendar day: days since 1970-01-01, proleptic Gregorian.
///
/// As text it is `YYYY-MM-DD`.
///
/// ```
/// use aludel::Date;
///
/// let day: Date = "2024-02-29".parse()?;
/// assert_eq!(day, Date(19_782));
/// assert_eq!(day.to_string(), "2024-02-29");
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// A time of day: microseconds since midnight.
///
/// As text it is `HH:MM:SS.ffffff`, always with six digits.
///
/// ```
/// use aludel::Time;
///
/// let time: Time = "12:30".parse()?;
/// assert_eq!(time.to_string(), "12:30:00.000000");
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// Microseconds since 1970-01-01 00:00:00, in UTC or on a wall clock by the column's type.
///
/// As text it is `YYYY-MM-DD HH:MM:SS.ffffff`, always with six digits and without offset, so that texts order as the
/// moments do.
///
/// ```
/// use aludel::Timestamp;
///
/// let moment: Timestamp = "2024-02-29T12:30:00.5+02:00".parse()?;
/// assert_eq!(moment.to_string(), "2024-02-29 10:30:00.500000");
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Date {
    /// The text, written into `buffer`: the way to it that does not allocate.
    pub fn spell(self, buffer: &mut [u8; 32]) -> &str {
        calendar::write_date(i64::from(self.0), buffer)
    }

    /// Whether its year is 0000 to 9999, as every engine can keep it.
    pub(crate) fn is_storable(self) -> bool {
        YEARS.contains(&i64::from(self.0))
    }
}

impl Time {
    /// The text, written into `buffer`: the way to it that does not allocate.
    pub fn spell(self, buffer: &mut [u8; 32]) -> &str {
        calendar::write_time(self.0, buffer)
    }

    /// Whether it lies within one day.
    pub(crate) fn is_storable(self) -> bool {
        (0..DAY).contains(&self.0)
    }
}

impl Timestamp {
    /// The text, written into `buffer`: the way to it that does not allocate.
    pub fn spell(self, buffer: &mut [u8; 32]) -> &str {
        calendar::write_timestamp(self.0, buffer)
    }

    /// The day it lies in, and the time of that day.
    pub fn split(self) -> (Date, Time) {
        let day = i32::try_from(self.0.div_euclid(DAY)).expect("i64 microseconds span some 10^8 days");
        (Date(day), Time(self.0.rem_euclid(DAY)))
    }

    /// Whether its year is 0000 to 9999, as every engine can keep it.
    pub(crate) fn is_storable(self) -> bool {
        YEARS.contains(&self.0.div_euclid(DAY))
    }
}

impl Field for Date {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::Date));

    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        match cells.take()? {
            Cell::Date(value) => Ok(value),
            Cell::Text(text) => text.parse().map_err(|_| malformed(cells, "a day, `YYYY-MM-DD`")),
            Cell::Timestamp(value) if value.split().1 == Time(0) => Ok(value.split().0),
            other => Err(cells.mismatch("a day", other)),
        }
    }

    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Date(*self));
    }

    fn blank() -> Self {
        Date(0)
    }

    fn same(&self, kept: &[Value]) -> bool {
        matches!(kept, [Value::Date(value)] if value == self)
    }
}

crate::model::keys!(Date, Timestamp);

impl Field for Time {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::Time));

    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        match cells.take()? {
            Cell::Time(value) => Ok(value),
            Cell::Text(text) => text.parse().map_err(|_| malformed(cells, "a time of day, `HH:MM:SS.ffffff`")),
            other => Err(cells.mismatch("a time of day", other)),
        }
    }

    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Time(*self));
    }

    fn blank() -> Self {
        Time(0)
    }

    fn same(&self, kept: &[Value]) -> bool {
        matches!(kept, [Value::Time(value)] if value == self)
    }
}

impl Field for Timestamp {
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::TimestampTz));

    #[inline]
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        match cells.take()? {
            Cell::Timestamp(value) => Ok(value),
            Cell::Text(text) => text.parse().map_err(|_| malformed(cells, "a time, `YYYY-MM-DD HH:MM:SS.ffffff`")),
            Cell::Date(Date(day)) => Ok(Timestamp(i64::from(day) * DAY)),
            other => Err(cells.mismatch("a time", other)),
        }
    }

    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Timestamp(*self));
    }

    fn blank() -> Self {
        Timestamp(0)
    }

    fn same(&self, kept: &[Value]) -> bool {
        matches!(kept, [Value::Timestamp(value)] if value == self)
    }
}

/// A decode error for the text just taken, which is not spelled as `expected`.
#[cold]
pub(super) fn malformed(cells: &Cells<'_>, expected: &str) -> Error {
    Error::decode(format!("column {} holds text that is not {expected}", cells.position()))
}

/// `Display`, `FromStr` and serde by the portable spelling.
macro_rules! spelled {
    ($($ty:ident, $read:path, $hint:literal;)*) => {$(
        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.spell(&mut [0; 32]))
            }
        }

        impl FromStr for $ty {
            type Err = Error;

            #[doc = concat!("Reads ", $hint, "; also `T` between day and time, fewer digits, an offset.")]
            ///
            /// # Errors
            /// A decode error where the text is spelled otherwise, or is no day or time of the calendar.
            fn from_str(text: &str) -> Result<Self> {
                $read(text)
                    .and_then(|value| value.try_into().ok().map($ty))
                    .ok_or_else(|| Error::decode(concat!("the text is not ", $hint)))
            }
        }

        impl serde::Serialize for $ty {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.spell(&mut [0; 32]))
            }
        }

        impl<'de> serde::Deserialize<'de> for $ty {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(|_| serde::de::Error::custom(concat!("expected ", $hint)))
            }
        }
    )*};
}

spelled! {
    Date, calendar::read_date, "a day, `YYYY-MM-DD`";
    Time, calendar::read_time, "a time of day, `HH:MM:SS.ffffff`";
    Timestamp, calendar::read_timestamp, "a time, `YYYY-MM-DD HH:MM:SS.ffffff`";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::random::Random;

    #[test]
    fn spellings_have_fixed_widths() {
        for (micros, text) in [
            (0, "1970-01-01 00:00:00.000000"),
            (-1, "1969-12-31 23:59:59.999999"),
            (951_782_400_000_001, "2000-02-29 00:00:00.000001"),
            (-719_528 * DAY, "0000-01-01 00:00:00.000000"),
            (2_932_897 * DAY - 1, "9999-12-31 23:59:59.999999"),
            (2_932_897 * DAY, "+10000-01-01 00:00:00.000000"),
            (-719_528 * DAY - 1, "-0001-12-31 23:59:59.999999"),
            (i64::MIN, "-290308-12-21 19:59:05.224192"),
        ] {
            assert_eq!(Timestamp(micros).to_string(), text);
        }
        assert_eq!(Time(DAY - 1).to_string(), "23:59:59.999999");
        assert_eq!(Date(-1).to_string(), "1969-12-31");
        assert_eq!(format!("{:>12}|", Date(0)), "  1970-01-01|");
    }

    #[test]
    fn only_four_digit_years_are_storable() {
        for (micros, storable) in
            [(-719_528 * DAY, true), (-719_528 * DAY - 1, false), (2_932_897 * DAY - 1, true), (2_932_897 * DAY, false)]
        {
            assert_eq!(Timestamp(micros).is_storable(), storable, "{micros}");
        }
        assert!(!Date(i32::MAX).is_storable() && !Date(i32::MIN).is_storable() && Date(0).is_storable());
        assert!(!Time(DAY).is_storable() && !Time(-1).is_storable() && Time(0).is_storable());
    }

    #[test]
    fn spellings_of_others_are_read() {
        for text in [
            "2024-02-29 10:30:00.500000",
            "2024-02-29T10:30:00.5",
            "2024-02-29T10:30:00.5Z",
            "2024-02-29 10:30:00.5 UTC",
            "2024-02-29T10:30:00.500000999+00:00",
            "2024-02-29 12:30:00,5+02",
            "2024-02-29 08:00:00.5-0230",
            "2024-03-01 00:29:00.5 +13:59",
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), "2024-02-29 10:30:00.500000", "{text}");
        }
        assert_eq!("2024-02-29".parse::<Timestamp>().unwrap().to_string(), "2024-02-29 00:00:00.000000");
        assert_eq!("2024-02-29 10:30".parse::<Timestamp>().unwrap().to_string(), "2024-02-29 10:30:00.000000");
        assert_eq!("2024-02-29 00:00:00".parse::<Date>().unwrap().to_string(), "2024-02-29");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "2024-04-31",
            "24-01-01",
            "12024-01-01",
            "2024-1-1",
            "2024-01-01 24:00:00",
            "2024-01-01 00:60",
            "2024-01-01 00:00:60",
            "2024-01-01 00:00:00.",
            "2024-01-01 00:00:00 CET",
            "2024-01-01 00:00:00+",
            "2024-01-01 00:00:00+1",
            "2024-01-01 00:00:00+01:",
            "2024-01-01x",
            "２０２４-01-01",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        assert!("2024-01-01 00:00:01".parse::<Date>().is_err());
        assert!("00:00:00Z".parse::<Time>().is_err());
    }

    #[test]
    fn text_and_count_are_inverse_and_order_alike() {
        let mut random = Random::new(1);
        let mut last: Option<(Timestamp, String)> = None;
        for _ in 0..Random::cases(20_000) {
            let moment = Timestamp(random.between(-719_528 * DAY, 2_932_897 * DAY - 1));
            let text = moment.to_string();
            assert_eq!(text.len(), 26);
            assert_eq!(text.parse::<Timestamp>().unwrap(), moment);
            let (date, time) = moment.split();
            assert_eq!(format!("{date} {time}"), text);
            assert_eq!(date.to_string().parse::<Date>().unwrap(), date);
            assert_eq!(time.to_string().parse::<Time>().unwrap(), time);
            if let Some((before, spelled)) = &last {
                assert_eq!(before.cmp(&moment), spelled.cmp(&text));
            }
            last = Some((moment, text));
        }
        for _ in 0..Random::cases(5_000) {
            let moment = Timestamp(random.between(i64::MIN, i64::MAX));
            assert_eq!(moment.to_string().parse::<Timestamp>().unwrap(), moment);
        }
    }
}
