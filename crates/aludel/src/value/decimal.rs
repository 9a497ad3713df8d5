//! Exact decimal numbers without a foreign crate.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::time::malformed;
use super::{Cell, Cells, Type, Value};
use crate::model::{Field, Leaf, Part};
use crate::{Error, Result};

/// An exact decimal number: `mantissa` divided by ten to the power of `scale`.
///
/// Equality, order and hash are those of the number: `1.5` and `1.50` are equal. To serde it is text, since a number of
/// JSON loses digits on its way.
///
/// ```
/// use aludel::Decimal;
///
/// let price: Decimal = "19.990".parse()?;
/// assert_eq!(price, Decimal::new(1999, 2));
/// assert_eq!(price.to_string(), "19.990");
/// assert_eq!(price.rescale(1).map(|price| price.to_string()), Some("20.0".to_owned()));
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Decimal {
    // As bytes, since the alignment of an i128 would make every value and every cell half as large again.
    mantissa: [u8; 16],
    scale: u8,
}

/// Ten to the power of `exponent`, where an `i128` holds it.
fn power(exponent: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(exponent))
}

impl Decimal {
    /// `mantissa` divided by ten to the power of `scale`.
    pub const fn new(mantissa: i128, scale: u8) -> Self {
        Decimal { mantissa: mantissa.to_ne_bytes(), scale }
    }

    /// All digits, with the sign.
    pub const fn mantissa(self) -> i128 {
        i128::from_ne_bytes(self.mantissa)
    }

    /// How many of the digits stand after the point.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The same number with `scale` digits after the point; digits beyond are rounded, half away from zero.
    ///
    /// `None` where the digits do not fit an `i128`.
    pub fn rescale(self, scale: u8) -> Option<Self> {
        let mantissa = match scale.cmp(&self.scale) {
            Ordering::Equal => self.mantissa(),
            Ordering::Greater if self.mantissa() == 0 => 0,
            Ordering::Greater => self.mantissa().checked_mul(power(scale - self.scale)?)?,
            Ordering::Less => match power(self.scale - scale) {
                // A divisor beyond i128 is more than twice any mantissa: what is left rounds to nothing.
                None => 0,
                Some(divisor) => {
                    let (whole, rest) = (self.mantissa() / divisor, self.mantissa() % divisor);
                    // The divisor is even and above 1, so half of it is exact and `abs` cannot overflow.
                    if rest.abs() >= divisor / 2 { whole + rest.signum() } else { whole }
                }
            },
        };
        Some(Decimal::new(mantissa, scale))
    }

    /// The same number without zeros at the end of its fraction.
    #[must_use]
    pub fn normalize(self) -> Self {
        let (mut mantissa, mut scale) = (self.mantissa(), self.scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Decimal::new(mantissa, scale)
    }

    /// The number where it is an integer.
    pub fn to_integer(self) -> Option<i128> {
        let whole = self.normalize();
        (whole.scale == 0).then_some(whole.mantissa())
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().expect("digits with a point are a float")
    }

    /// Whether it can be a `NUMERIC(precision, scale)` after rounding to that scale.
    pub(crate) fn fits(self, precision: u8, scale: u8) -> bool {
        let limit = power(precision).map_or(u128::MAX, i128::unsigned_abs);
        self.rescale(scale).is_some_and(|number| number.mantissa().unsigned_abs() < limit)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.normalize(), other.normalize());
        (one.mantissa, one.scale) == (other.mantissa, other.scale)
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let number = self.normalize();
        (number.mantissa, number.scale).hash(state);
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.rescale(scale), other.rescale(scale)) {
            (Some(one), Some(other)) => one.mantissa().cmp(&other.mantissa()),
            // The one that overflows at the other's scale is the greater by size, so its sign decides.
            (None, _) => self.mantissa().cmp(&0),
            (_, None) => 0.cmp(&other.mantissa()),
        }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Decimal::new(i128::from(value), 0)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa().unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let sign = if self.mantissa() < 0 { "-" } else { "" };
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// Reads digits with an optional sign, point and exponent (`-12.50`, `1.2e-5`).
    ///
    /// # Errors
    /// A decode error where the text is no number or has more digits than an `i128`.
    fn from_str(text: &str) -> Result<Self> {
        parse(text).ok_or_else(|| Error::decode("the text is no decimal number of at most 38 digits, such as `-12.50`"))
    }
}

fn parse(text: &str) -> Option<Decimal> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut mantissa = 0_i128;
    for digit in whole.bytes().chain(fraction.bytes()) {
        if !digit.is_ascii_digit() {
            return None;
        }
        let digit = i128::from(digit - b'0');
        mantissa = mantissa.checked_mul(10)?.checked_add(if negative { -digit } else { digit })?;
    }
    let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    match u8::try_from(scale) {
        Ok(scale) => Some(Decimal::new(mantissa, scale)),
        Err(_) if mantissa == 0 => Some(Decimal::new(mantissa, 0)),
        Err(_) => {
            let zeros = u8::try_from(scale.checked_neg()?).ok()?;
            Some(Decimal::new(mantissa.checked_mul(power(zeros)?)?, 0))
        }
    }
}

impl Field for Decimal {
    /// `NUMERIC(15, 4)` unless the field says `precision`: the most digits that every engine compares and sums exactly.
    const PART: &'static Part = &Part::Column(Leaf::new(&Type::Numeric(15, 4)));
    const COMPARED: bool = false;

    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        match cells.take()? {
            Cell::Decimal(value) => Ok(value),
            Cell::Int(value) => Ok(Decimal::from(value)),
            // The shortest digits that name the float are those that were stored, up to 15 of them.
            Cell::Real(value) => parse(&value.to_string()).ok_or_else(|| malformed(cells, "a decimal number")),
            Cell::Text(text) => parse(text).ok_or_else(|| malformed(cells, "a decimal number")),
            other => Err(cells.mismatch("a decimal number", other)),
        }
    }

    fn write(&self, out: &mut Vec<Value>) {
        out.push(Value::Decimal(*self));
    }

    fn blank() -> Self {
        Decimal::new(0, 0)
    }

    fn same(&self, kept: &[Value]) -> bool {
        matches!(kept, [Value::Decimal(value)] if value == self)
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| serde::de::Error::custom("expected a decimal number such as \"-12.50\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::random::Random;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn text_is_read_and_written() {
        for (text, mantissa, scale, printed) in [
            ("0", 0, 0, "0"),
            ("-12.50", -1250, 2, "-12.50"),
            (".5", 5, 1, "0.5"),
            ("5.", 5, 0, "5"),
            ("+0.05", 5, 2, "0.05"),
            ("-0.05", -5, 2, "-0.05"),
            ("1.2e-5", 12, 6, "0.000012"),
            ("1.2E3", 1200, 0, "1200"),
            ("0e300", 0, 0, "0"),
            ("-170141183460469231731687303715884105728", i128::MIN, 0, "-170141183460469231731687303715884105728"),
        ] {
            let read = decimal(text);
            assert_eq!((read.mantissa(), read.scale()), (mantissa, scale), "{text}");
            assert_eq!(read.to_string(), printed);
        }
        for text in [
            "",
            "-",
            ".",
            "1.2.3",
            "1e",
            "e5",
            "1e39",
            "--1",
            " 1",
            "0x1",
            "NaN",
            "inf",
            "1e-256",
            "170141183460469231731687303715884105728",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn rounding_goes_half_away_from_zero() {
        for (text, scale, rounded) in [
            ("1.005", 2, "1.01"),
            ("-1.005", 2, "-1.01"),
            ("1.004999", 2, "1.00"),
            ("0.5", 0, "1"),
            ("-0.5", 0, "-1"),
            ("0.49", 0, "0"),
            ("9.95", 1, "10.0"),
            ("7", 3, "7.000"),
        ] {
            assert_eq!(decimal(text).rescale(scale).unwrap().to_string(), rounded, "{text} to {scale}");
        }
        assert_eq!(Decimal::new(i128::MAX, 60).rescale(0), Some(Decimal::new(0, 0)));
        assert_eq!(Decimal::new(i128::MAX, 0).rescale(1), None);
    }

    #[test]
    fn numbers_compare_whatever_their_scale() {
        assert_eq!(decimal("1.50"), decimal("1.5"));
        assert!(Decimal::new(i128::MAX, 0) > decimal("0.00001"));
        assert!(Decimal::new(i128::MIN, 0) < decimal("0.00001"));
        let mut random = Random::new(2);
        for _ in 0..Random::cases(5_000) {
            let scale = u8::try_from(random.between(0, 9)).unwrap();
            let one = Decimal::new(i128::from(random.between(-999_999, 999_999)), scale);
            let scale = u8::try_from(random.between(0, 9)).unwrap();
            let other = Decimal::new(i128::from(random.between(-999_999, 999_999)), scale);
            assert_eq!(one.cmp(&other), one.to_f64().partial_cmp(&other.to_f64()).unwrap(), "{one} {other}");
            assert_eq!(decimal(&one.to_string()), one);
            let wide = one.rescale(12).unwrap();
            assert_eq!(wide, one);
            assert_eq!(wide.normalize().to_string(), one.normalize().to_string());
        }
    }

    #[test]
    fn fifteen_digits_survive_a_float() {
        let mut random = Random::new(3);
        for _ in 0..Random::cases(5_000) {
            let number = Decimal::new(i128::from(random.between(-999_999_999_999_999, 999_999_999_999_999)), 4);
            let row = [Value::Real(number.to_f64())];
            assert_eq!(Decimal::read(&mut Cells::new(&row.as_slice())).unwrap(), number);
        }
    }
}
