//! Exact decimal numbers without a foreign crate.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::Error;

/// An exact decimal number: `mantissa` divided by ten to the power of `scale`.
///
/// Equality, order and hash are those of the number: `1.5` and `1.50` are equal.
///
/// ```
/// use aludel::Decimal;
///
/// let price: Decimal = "19.990".parse()?;
/// assert_eq!(price, Decimal { mantissa: 1999, scale: 2 });
/// assert_eq!(price.to_string(), "19.990");
/// assert_eq!(price.rescale(1).map(|price| price.to_string()), Some("20.0".to_owned()));
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    /// All digits, with the sign.
    pub mantissa: i128,
    /// How many of them stand after the point.
    pub scale: u8,
}

/// Ten to the power of `exponent`, where an `i128` holds it.
fn power(exponent: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(exponent))
}

impl Decimal {
    /// The same number with `scale` digits after the point; digits beyond are rounded, half away from zero.
    ///
    /// `None` where the digits do not fit an `i128`.
    pub fn rescale(self, scale: u8) -> Option<Self> {
        let mantissa = match scale.cmp(&self.scale) {
            Ordering::Equal => self.mantissa,
            Ordering::Greater if self.mantissa == 0 => 0,
            Ordering::Greater => self.mantissa.checked_mul(power(scale - self.scale)?)?,
            Ordering::Less => match power(self.scale - scale) {
                // A divisor beyond i128 is more than twice any mantissa: what is left rounds to nothing.
                None => 0,
                Some(divisor) => {
                    let (whole, rest) = (self.mantissa / divisor, self.mantissa % divisor);
                    // The divisor is even and above 1, so half of it is exact and `abs` cannot overflow.
                    if rest.abs() >= divisor / 2 { whole + rest.signum() } else { whole }
                }
            },
        };
        Some(Decimal { mantissa, scale })
    }

    /// The same number without zeros at the end of its fraction.
    #[must_use]
    pub fn normalize(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The number where it is an integer.
    pub fn to_integer(self) -> Option<i128> {
        let whole = self.normalize();
        (whole.scale == 0).then_some(whole.mantissa)
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().expect("digits with a point are a float")
    }

    /// Whether it can be a `NUMERIC(precision, scale)` after rounding to that scale.
    pub(crate) fn fits(self, precision: u8, scale: u8) -> bool {
        let limit = power(precision).map_or(u128::MAX, i128::unsigned_abs);
        self.rescale(scale).is_some_and(|number| number.mantissa.unsigned_abs() < limit)
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
            (Some(one), Some(other)) => one.mantissa.cmp(&other.mantissa),
            // The one that overflows at the other's scale is the greater by size, so its sign decides.
            (None, _) => self.mantissa.cmp(&0),
            (_, None) => 0.cmp(&other.mantissa),
        }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Decimal { mantissa: i128::from(value), scale: 0 }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let sign = if self.mantissa < 0 { "-" } else { "" };
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
    fn from_str(text: &str) -> Result<Self, Error> {
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
        Ok(scale) => Some(Decimal { mantissa, scale }),
        Err(_) if mantissa == 0 => Some(Decimal { mantissa, scale: 0 }),
        Err(_) => {
            let zeros = u8::try_from(scale.checked_neg()?).ok()?;
            Some(Decimal { mantissa: mantissa.checked_mul(power(zeros)?)?, scale: 0 })
        }
    }
}
