//! Checks constants in fields: their types and ranges.

use super::rules::{OUT_OF_RANGE, TIMESTAMP, UNKNOWN_VALUE, WRONG_TYPE};
use crate::asl::Node;
use crate::asl::fields::Operand;
use crate::check::Checker;
use crate::check::suggest::{did_you_mean, list};
use crate::value::Number;

pub(super) fn wrong_type(checker: &mut Checker<'_>, node: &Node<'_>, expected: &str) {
    let finding = checker.add(&WRONG_TYPE, node, format!("{expected}, not {}", node.json().kind()));
    let quoted = node.json().as_str().map(str::trim);
    if let Some(text) = quoted.filter(|text| matches!(*text, "true" | "false") || text.parse::<f64>().is_ok()) {
        finding.help(format!("remove the quotation marks: `{text}`"));
    }
}

pub(super) fn one_of(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, values: &[&'static str]) {
    let Some(text) = node.json().as_str() else {
        wrong_type(checker, node, &format!("`{name}` must be a string"));
        return;
    };
    if !values.contains(&text) {
        let help = did_you_mean(text, values.iter().copied())
            .unwrap_or_else(|| format!("use {}", list(values.iter().copied(), "or")));
        checker.add(&UNKNOWN_VALUE, node, format!("`{name}` cannot be `{text}`")).help(help);
    }
}

pub(super) fn integer(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, least: i64, most: i64) {
    match node.json().as_number() {
        Some(number) if number.is_whole() => bounds(checker, node, name, number, least as f64, most as f64),
        _ => wrong_type(checker, node, &format!("`{name}` must be an integer")),
    }
}

pub(super) fn number(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, least: f64, most: f64) {
    match node.json().as_number() {
        Some(number) => bounds(checker, node, name, number, least, most),
        None => wrong_type(checker, node, &format!("`{name}` must be a number")),
    }
}

fn bounds(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, number: &Number, least: f64, most: f64) {
    let value = number.as_f64();
    if value < least {
        checker.add(&OUT_OF_RANGE, node, format!("`{name}` must be at least {least}, not {number}"));
    } else if value > most {
        checker.add(&OUT_OF_RANGE, node, format!("`{name}` must be at most {most}, not {number}"));
    }
}

pub(super) fn comparison(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, operand: Operand) {
    let json = node.json();
    let fits = match operand {
        Operand::Text => json.as_str().is_some(),
        Operand::Number => json.as_number().is_some(),
        Operand::Boolean => json.as_bool().is_some(),
        Operand::Timestamp => return timestamp(checker, node, name),
    };
    if !fits {
        let what = match operand {
            Operand::Number => "a number",
            Operand::Boolean => "`true` or `false`",
            Operand::Text | Operand::Timestamp => "a string",
        };
        wrong_type(checker, node, &format!("`{name}` must be {what}"));
    }
}

pub(super) fn timestamp(checker: &mut Checker<'_>, node: &Node<'_>, name: &str) {
    match node.json().as_str() {
        None => wrong_type(checker, node, &format!("`{name}` must be a string with a timestamp")),
        Some(text) if is_timestamp(text) => {}
        Some(text) => checker
            .add(&TIMESTAMP, node, format!("`{text}` is not a valid timestamp"))
            .help("write it like `2030-01-31T12:00:00Z`"),
    }
}

/// Whether the text is a date and time in the format of RFC 3339, with uppercase `T` and `Z`.
fn is_timestamp(text: &str) -> bool {
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
