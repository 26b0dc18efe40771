//! Dates and times as text.

/// Whether the text is a date and time in the format of RFC 3339, with uppercase `T` and `Z`.
pub(crate) fn is_timestamp(text: &str) -> bool {
    let (date, rest) = match text.split_once('T') {
        Some(parts) => parts,
        None => return false,
    };
    let (time, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => return false,
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    let parts = |text: &str, separator: char, lengths: &[usize], most: &[u32]| {
        let parts: Vec<&str> = text.split(separator).collect();
        parts.len() == lengths.len()
            && parts.iter().zip(lengths).zip(most).all(|((part, length), most)| {
                part.len() == *length && digits(part) && part.parse::<u32>().is_ok_and(|value| value <= *most)
            })
    };
    let zone_fits = zone == "Z" || parts(&zone[1..], ':', &[2, 2], &[23, 59]) && !zone.starts_with('Z');
    parts(date, '-', &[4, 2, 2], &[9999, 12, 31])
        && exists(date)
        && parts(clock, ':', &[2, 2, 2], &[23, 59, 60])
        && digits(fraction)
        && zone_fits
}

/// Whether the date (`2024-02-29`) exists in the calendar.
fn exists(date: &str) -> bool {
    let mut parts = date.split('-').map(|part| part.parse::<u32>().unwrap_or(0));
    let (year, month, day) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let days = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn timestamps_are_those_of_rfc_3339() {
        for good in
            ["2016-03-14T01:59:00Z", "2024-02-29T00:00:00Z", "2030-12-31T23:59:60.123Z", "2016-03-14T01:59:00+02:00"]
        {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in [
            "",
            "2016-03-14",
            "2016-03-14T01:59Z",
            "2016-03-14T01:59:00",
            "2016-3-14T01:59:00Z",
            "2016-13-14T01:59:00Z",
            "2016-03-14 01:59:00Z",
            "2016-03-14T01:59:00Zx",
            "2016-03-14T01:59:00.Z",
            "x",
            "2016-02-30T01:59:00Z",
            "2023-02-29T01:59:00Z",
            "2016-00-10T01:59:00Z",
            "2016-04-31T01:59:00Z",
            "05-12-2016T01:59:00Z",
            "2016-03-14t01:59:00z",
        ] {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }
}
