//! Points in time: milliseconds since 1970, read and written as RFC 3339.

use std::fmt;
use std::time::Duration;

/// A point in virtual time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time that many milliseconds after the beginning of 1970, UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the beginning of 1970, UTC.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The time that much later, at most the last possible time.
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis).min(LAST))
    }

    /// The duration since an earlier time.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Reads a time like a Wait state, which also accepts `t` and `z`, and a time without seconds.
    pub(super) fn parse_offset(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let fraction = text.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count());
        if fraction > 9 {
            return None;
        }
        Self::parse(&text).or_else(|| {
            // `2024-03-01T12:00Z`
            let (minutes, offset) = text.split_at_checked(16)?;
            offset.starts_with(['Z', '+', '-']).then(|| Self::parse(&format!("{minutes}:00{offset}")))?
        })
    }

    /// Reads a time in RFC 3339: `2024-03-01T12:00:00.5Z`, `2024-03-01T13:00:00+01:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| -> Option<i64> {
            let part = bytes.get(range)?;
            part.iter()
                .all(u8::is_ascii_digit)
                .then(|| part.iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')))
        };
        let sign = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|byte| wanted.contains(byte));
        if !(sign(4, b"-") && sign(7, b"-") && sign(10, b"T") && sign(13, b":") && sign(16, b":")) {
            return None;
        }
        let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
        let (hour, minute, second) = (digits(11..13)?, digits(14..16)?, digits(17..19)?);
        if !(1..=12).contains(&month)
            || !(1..=days_in(year, month)).contains(&day)
            || hour > 23
            || minute > 59
            || second > 59
        {
            return None;
        }
        let mut at = 19;
        let mut millis = 0;
        if sign(at, b".") {
            let length = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length == 0 {
                return None;
            }
            for place in 0..3 {
                millis = millis * 10 + if place < length { i64::from(bytes[at + 1 + place] - b'0') } else { 0 };
            }
            at += 1 + length;
        }
        let offset = match bytes.get(at)? {
            b'Z' if bytes.len() == at + 1 => 0,
            direction @ (b'+' | b'-') if bytes.len() == at + 6 && sign(at + 3, b":") => {
                let (hours, minutes) = (digits(at + 1..at + 3)?, digits(at + 4..at + 6)?);
                if hours > 18 || minutes > 59 {
                    return None;
                }
                (hours * 60 + minutes) * if *direction == b'-' { -1 } else { 1 }
            }
            _ => return None,
        };
        let days = days_from_civil(year, month, day);
        Some(Self((((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + millis))
    }
}

/// The end of the year 9999.
const LAST: i64 = 253_402_300_799_999;

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar (Howard Hinnant's algorithm).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, millis) = (self.0.div_euclid(1000), self.0.rem_euclid(1000));
        let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        // Step Functions writes no fraction if it is zero.
        if millis > 0 { write!(f, ".{millis:03}Z") } else { f.write_str("Z") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        for (text, written) in [
            ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
            ("2024-03-01T00:30:00.1234+01:00", "2024-02-29T23:30:00.123Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(Timestamp::parse(text).map(|time| time.to_string()).as_deref(), Some(written), "{text}");
        }
        assert_eq!(Timestamp::parse("1970-01-01T00:00:01Z"), Some(Timestamp(1000)));
        for same in ["1970-01-01t00:00:01z", "1970-01-01T01:00:01+01:00", "1970-01-01T00:00:01.000000000Z"] {
            assert_eq!(Timestamp::parse_offset(same), Some(Timestamp(1000)), "{same}");
        }
        assert_eq!(Timestamp::parse_offset("1970-01-01T00:01Z"), Some(Timestamp(60_000)));
        for wrong in ["1970-01-01T00Z", "1970-01-01T00:00:01", "1970-01-01T00:00:01.0000000000Z", "é"] {
            assert_eq!(Timestamp::parse_offset(wrong), None, "{wrong}");
        }
        for wrong in [
            "",
            "2023-02-29T00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01 00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-01T25:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }
}
