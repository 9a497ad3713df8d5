//! The proleptic Gregorian calendar, and the one spelling in which days and times are kept as text.
//!
//! Text orders as the times do because every part has a fixed width. Writing goes into a buffer on the stack; reading
//! takes the spellings of other tools too (`T`, fewer digits, an offset), since databases outlive the programs that
//! filled them.

pub(super) const DAY: i64 = 86_400_000_000;

/// Enough for the longest spelling, that of `Timestamp(i64::MIN)`.
pub(super) type Buffer = [u8; 32];

/// Days since 1970-01-01 of a year, month and day.
///
/// Years are counted from 1 March, which puts the leap day last, so that month lengths follow one linear formula.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of the days since 1970-01-01: the inverse of [`days`].
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

fn length_of_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Writes ASCII into a [`Buffer`].
struct Pen<'b> {
    buffer: &'b mut Buffer,
    at: usize,
}

impl<'b> Pen<'b> {
    fn byte(&mut self, byte: u8) {
        self.buffer[self.at] = byte;
        self.at += 1;
    }

    /// `value`, which is not negative, in at least `width` digits.
    fn number(&mut self, mut value: i64, mut width: usize) {
        while width < 19 && value >= 10_i64.pow(u32::try_from(width).unwrap_or(18)) {
            width += 1;
        }
        let end = self.at + width;
        for place in self.buffer[self.at..end].iter_mut().rev() {
            *place = b'0' + u8::try_from(value % 10).unwrap_or(0);
            value /= 10;
        }
        self.at = end;
    }

    fn date(&mut self, days: i64) {
        let (year, month, day) = civil(days);
        // Such years are refused before they are sent; they are only ever shown.
        if !(0..=9999).contains(&year) {
            self.byte(if year < 0 { b'-' } else { b'+' });
        }
        self.number(year.abs(), 4);
        self.byte(b'-');
        self.number(month, 2);
        self.byte(b'-');
        self.number(day, 2);
    }

    fn time(&mut self, micros: i64) {
        let seconds = micros / 1_000_000;
        self.number(seconds / 3_600, 2);
        self.byte(b':');
        self.number(seconds / 60 % 60, 2);
        self.byte(b':');
        self.number(seconds % 60, 2);
        self.byte(b'.');
        self.number(micros % 1_000_000, 6);
    }

    fn done(self) -> &'b str {
        std::str::from_utf8(&self.buffer[..self.at]).expect("only ASCII was written")
    }
}

/// `YYYY-MM-DD`
pub(super) fn write_date(days: i64, buffer: &mut Buffer) -> &str {
    let mut pen = Pen { buffer, at: 0 };
    pen.date(days);
    pen.done()
}

/// `HH:MM:SS.ffffff`; hours run on above 24 and a negative time has a sign, though neither is ever sent.
pub(super) fn write_time(micros: i64, buffer: &mut Buffer) -> &str {
    let mut pen = Pen { buffer, at: 0 };
    if micros < 0 {
        pen.byte(b'-');
    }
    pen.time(micros.checked_abs().unwrap_or(i64::MAX));
    pen.done()
}

/// `YYYY-MM-DD HH:MM:SS.ffffff`
pub(super) fn write_timestamp(micros: i64, buffer: &mut Buffer) -> &str {
    let mut pen = Pen { buffer, at: 0 };
    pen.date(micros.div_euclid(DAY));
    pen.byte(b' ');
    pen.time(micros.rem_euclid(DAY));
    pen.done()
}

/// Reads ASCII from the front of a text.
struct Eye<'t>(&'t [u8]);

impl Eye<'_> {
    fn take(&mut self, any: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        any.contains(first).then(|| self.0 = rest)?;
        Some(*first)
    }

    /// All digits at the front, from `least` to `most` of them: their value and number.
    fn digits(&mut self, least: usize, most: usize) -> Option<(i64, usize)> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(least..=most).contains(&count) {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some((digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')), count))
    }

    /// Exactly two digits, whatever follows.
    fn two(&mut self, most: i64) -> Option<i64> {
        let (head, rest) = self.0.split_at_checked(2)?;
        if !head.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        let value = i64::from(head[0] - b'0') * 10 + i64::from(head[1] - b'0');
        (value <= most).then_some(value)
    }

    fn date(&mut self) -> Option<i64> {
        let sign = self.take(b"+-");
        let (year, _) = if sign.is_some() { self.digits(4, 6)? } else { self.digits(4, 4)? };
        let year = if sign == Some(b'-') { -year } else { year };
        self.take(b"-")?;
        let month = self.two(12)?;
        self.take(b"-")?;
        let day = self.two(31)?;
        (month >= 1 && day >= 1 && day <= length_of_month(year, month)).then(|| days(year, month, day))
    }

    /// Digits of a second beyond the sixth are dropped.
    fn time(&mut self) -> Option<i64> {
        let hour = self.two(23)?;
        self.take(b":")?;
        let minute = self.two(59)?;
        let mut micros = (hour * 60 + minute) * 60_000_000;
        if self.take(b":").is_some() {
            micros += self.two(59)? * 1_000_000;
            if self.take(b".,").is_some() {
                let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let (kept, _) = Eye(&self.0[..count.min(6)]).digits(1, 6)?;
                micros += kept * 10_i64.pow(u32::try_from(6_usize.saturating_sub(count)).unwrap_or(0));
                self.0 = &self.0[count..];
            }
        }
        Some(micros)
    }

    /// What an offset at the end says: microseconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.0.is_empty() {
            return Some(0);
        }
        self.take(b" ");
        if self.take(b"Zz").is_some() {
            return Some(0);
        }
        if let Some(rest) = self.0.strip_prefix(b"UTC") {
            self.0 = rest;
            return Some(0);
        }
        let sign = self.take(b"+-")?;
        let mut minutes = self.two(23)? * 60;
        if self.take(b":").is_some() || !self.0.is_empty() {
            minutes += self.two(59)?;
        }
        Some(if sign == b'-' { -minutes } else { minutes } * 60_000_000)
    }

    fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

/// A day; a time of day beside it has to be midnight.
pub(super) fn read_date(text: &str) -> Option<i64> {
    let mut eye = Eye(text.as_bytes());
    let days = eye.date()?;
    if eye.take(b" T").is_some() && eye.time()? != 0 {
        return None;
    }
    eye.end(days)
}

/// A time of day.
pub(super) fn read_time(text: &str) -> Option<i64> {
    let mut eye = Eye(text.as_bytes());
    let micros = eye.time()?;
    eye.end(micros)
}

/// A moment in UTC: a day alone is its midnight, and no offset means UTC.
pub(super) fn read_timestamp(text: &str) -> Option<i64> {
    let mut eye = Eye(text.as_bytes());
    let day = eye.date()?.checked_mul(DAY)?;
    if eye.take(b" Tt").is_none() {
        return eye.end(day);
    }
    let micros = day.checked_add(eye.time()?)?;
    let offset = eye.offset()?;
    eye.end(micros.checked_sub(offset)?)
}
