//! Integers and times by a picture, as in XPath's `format-integer` and `format-dateTime`.

use super::engine::{Result, finite};
use super::error::fault;
use super::number::show;
use super::picture::regular;
use super::text::quote;

const FEW: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const DECADES: [&str; 9] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"];
const MAGNITUDES: [&str; 4] = ["Thousand", "Million", "Billion", "Trillion"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const ROMAN: [(f64, &str); 13] = [
    (1000.0, "m"),
    (900.0, "cm"),
    (500.0, "d"),
    (400.0, "cd"),
    (100.0, "c"),
    (90.0, "xc"),
    (50.0, "l"),
    (40.0, "xl"),
    (10.0, "x"),
    (9.0, "ix"),
    (5.0, "v"),
    (4.0, "iv"),
    (1.0, "i"),
];
/// The zero digits of the scripts that have decimal digits.
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

fn words(number: f64, after: bool, ordinal: bool) -> String {
    let and = if after { " and " } else { "" };
    let comma = if after { ", " } else { "" };
    if number <= 19.0 {
        let list = if ordinal { &ORDINALS } else { &FEW };
        return format!("{and}{}", list.get(number as usize).copied().unwrap_or_default());
    }
    if number < 100.0 {
        let (tens, rest) = ((number / 10.0).floor(), number % 10.0);
        let word = DECADES.get(tens as usize - 2).copied().unwrap_or_default();
        return if rest > 0.0 {
            format!("{and}{word}-{}", words(rest, false, ordinal))
        } else if ordinal {
            format!("{and}{}ieth", &word[..word.len() - 1])
        } else {
            format!("{and}{word}")
        };
    }
    let (front, rest) = if number < 1000.0 {
        (format!("{comma}{} Hundred", FEW[(number / 100.0).floor() as usize]), number % 100.0)
    } else {
        let magnitude = ((number.log10() / 3.0).floor() as usize).clamp(1, MAGNITUDES.len());
        let factor = 10f64.powi(magnitude as i32 * 3);
        let many = (number / factor).floor();
        (format!("{comma}{} {}", words(many, false, false), MAGNITUDES[magnitude - 1]), number - many * factor)
    };
    if rest > 0.0 {
        format!("{front}{}", words(rest, true, ordinal))
    } else if ordinal {
        format!("{front}th")
    } else {
        front
    }
}

fn value_of_word(word: &str) -> Option<f64> {
    let is = |own: &&str| own.eq_ignore_ascii_case(word);
    if let Some(index) = FEW.iter().position(is).or_else(|| ORDINALS.iter().position(is)) {
        return Some(index as f64);
    }
    if word.eq_ignore_ascii_case("hundredth") {
        return Some(100.0);
    }
    for (index, own) in DECADES.iter().enumerate() {
        if own.eq_ignore_ascii_case(word) || format!("{}ieth", &own[..own.len() - 1]).eq_ignore_ascii_case(word) {
            return Some((index as f64 + 2.0) * 10.0);
        }
    }
    let magnitude = MAGNITUDES
        .iter()
        .position(|own| own.eq_ignore_ascii_case(word) || format!("{own}th").eq_ignore_ascii_case(word))?;
    Some(10f64.powi(magnitude as i32 * 3 + 3))
}

fn from_words(text: &str) -> Option<f64> {
    let text = text.replace(", ", " ").replace(" and ", " ");
    let mut segments = vec![0.0];
    for word in text.split([' ', '-', '\\', '\t', '\n']) {
        let value = value_of_word(word)?;
        let top = segments.pop().unwrap_or(0.0);
        if value < 100.0 {
            if top >= 1000.0 {
                segments.extend([top, value]);
            } else {
                segments.push(top + value);
            }
        } else {
            segments.push(top * value);
        }
    }
    Some(segments.iter().sum())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Upper,
    Lower,
    Title,
}

#[derive(Debug, Clone, PartialEq)]
enum Primary {
    Decimal,
    Letters,
    Roman,
    Words,
    Sequence(String),
}

/// The format of an integer.
#[derive(Debug, Clone)]
struct Integer {
    primary: Primary,
    case: Case,
    ordinal: bool,
    zero: u32,
    mandatory: usize,
    optional: usize,
    /// The distance between separators if it is always the same.
    regular: usize,
    /// Separators, from the right.
    separators: Vec<(usize, char)>,
    /// How many digits to read, if another number follows directly.
    width: Option<usize>,
}

fn integer_picture(picture: &str) -> Result<Integer> {
    let mut format = Integer {
        primary: Primary::Decimal,
        case: Case::Lower,
        ordinal: false,
        zero: 0x30,
        mandatory: 0,
        optional: 0,
        regular: 0,
        separators: Vec::new(),
        width: None,
    };
    let primary = match picture.rsplit_once(';') {
        Some((primary, modifier)) => {
            format.ordinal = modifier.starts_with('o');
            primary
        }
        None => picture,
    };
    (format.primary, format.case) = match primary {
        "A" => (Primary::Letters, Case::Upper),
        "a" => (Primary::Letters, Case::Lower),
        "I" => (Primary::Roman, Case::Upper),
        "i" => (Primary::Roman, Case::Lower),
        "W" => (Primary::Words, Case::Upper),
        "Ww" => (Primary::Words, Case::Title),
        "w" => (Primary::Words, Case::Lower),
        _ => {
            let mut zero = None;
            let mut position = 0;
            for sign in primary.chars().rev() {
                let code = sign as u32;
                if let Some(group) = ZEROS.iter().copied().find(|group| (*group..group + 10).contains(&code)) {
                    format.mandatory += 1;
                    position += 1;
                    if *zero.get_or_insert(group) != group {
                        return Err(fault("D3131"));
                    }
                } else if sign == '#' {
                    position += 1;
                    format.optional += 1;
                } else {
                    format.separators.push((position, sign));
                }
            }
            if let Some(zero) = zero {
                format.zero = zero;
                let positions: Vec<usize> = format.separators.iter().map(|(position, _)| *position).collect();
                let alike = format.separators.windows(2).all(|two| two[0].1 == two[1].1);
                format.regular = if alike { regular(&positions) } else { 0 };
                (Primary::Decimal, Case::Lower)
            } else {
                (Primary::Sequence(primary.to_owned()), Case::Lower)
            }
        }
    };
    Ok(format)
}

fn write_integer(value: f64, format: &Integer) -> Result<String> {
    let negative = value < 0.0;
    let value = finite(value.abs())?;
    if value.is_nan() {
        return Ok("NaN".into());
    }
    let mut out = match &format.primary {
        Primary::Letters => {
            let first = if format.case == Case::Upper { b'A' } else { b'a' };
            let mut letters = Vec::new();
            let mut rest = value;
            while rest > 0.0 && rest.is_finite() {
                letters.push(char::from(first + ((rest - 1.0) % 26.0) as u8));
                rest = ((rest - 1.0) / 26.0).floor();
            }
            letters.iter().rev().collect()
        }
        Primary::Roman => {
            let mut roman = String::new();
            let mut rest = value;
            if rest > 1e6 {
                return Err(fault("D3130").with("value", quote("i")));
            }
            for (worth, sign) in ROMAN {
                while rest >= worth {
                    roman.push_str(sign);
                    rest -= worth;
                }
            }
            if format.case == Case::Upper { roman.to_uppercase() } else { roman }
        }
        Primary::Words => {
            let written = words(value, false, format.ordinal);
            match format.case {
                Case::Upper => written.to_uppercase(),
                Case::Lower => written.to_lowercase(),
                Case::Title => written,
            }
        }
        Primary::Decimal => {
            let written = show(value);
            let padded = format!("{}{written}", "0".repeat(format.mandatory.saturating_sub(written.len())));
            let digit = |sign: char| {
                let moved = (sign as u32).saturating_add(format.zero).saturating_sub(0x30);
                char::from_u32(moved).unwrap_or(sign)
            };
            let mut digits: Vec<char> =
                if format.zero == 0x30 { padded.chars().collect() } else { padded.chars().map(digit).collect() };
            let length = digits.len();
            if let Some(groups) = length.saturating_sub(1).checked_div(format.regular) {
                let sign = format.separators.first().map_or(',', |(_, sign)| *sign);
                for group in 1..=groups {
                    digits.insert(length - group * format.regular, sign);
                }
            } else {
                for (position, sign) in format.separators.iter().rev() {
                    // Separators further left are inserted already, and do not move this one.
                    let at = digits.len().saturating_sub(*position);
                    digits.insert(at.min(digits.len()), *sign);
                }
            }
            let mut out: String = digits.iter().collect();
            if format.ordinal {
                let last = digits.last();
                let teen = digits.len() > 1 && digits.get(digits.len() - 2) == Some(&'1');
                out.push_str(match last {
                    Some('1') if !teen => "st",
                    Some('2') if !teen => "nd",
                    Some('3') if !teen => "rd",
                    _ => "th",
                });
            }
            out
        }
        Primary::Sequence(token) => return Err(fault("D3130").with("value", quote(token))),
    };
    if negative {
        out.insert(0, '-');
    }
    Ok(out)
}

/// `$formatInteger`.
pub(super) fn format_integer(value: f64, picture: &str) -> Result<String> {
    write_integer(value.floor(), &integer_picture(picture)?)
}

/// `$parseInteger`: nothing if the text is not such a number.
pub(super) fn parse_integer(text: &str, picture: &str) -> Result<Option<f64>> {
    read_integer(text, &integer_picture(picture)?)
}

fn read_integer(text: &str, format: &Integer) -> Result<Option<f64>> {
    Ok(match &format.primary {
        Primary::Letters => {
            let first = if format.case == Case::Upper { 'A' } else { 'a' } as u32;
            let mut value = 0.0;
            for sign in text.chars() {
                value = value * 26.0 + f64::from(sign as u32) - f64::from(first) + 1.0;
            }
            Some(value)
        }
        Primary::Roman => {
            let (mut value, mut most) = (0.0, 1.0);
            for sign in text.to_uppercase().chars().rev() {
                let worth = match sign {
                    'M' => 1000.0,
                    'D' => 500.0,
                    'C' => 100.0,
                    'L' => 50.0,
                    'X' => 10.0,
                    'V' => 5.0,
                    'I' => 1.0,
                    _ => return Ok(None),
                };
                if worth < most {
                    value -= worth;
                } else {
                    most = worth;
                    value += worth;
                }
            }
            Some(value)
        }
        Primary::Words => from_words(&text.to_lowercase()),
        Primary::Decimal => {
            let mut digits = text.to_owned();
            if format.ordinal {
                digits = digits.chars().take(digits.chars().count().saturating_sub(2)).collect();
            }
            let separators: Vec<char> =
                if format.regular > 0 { vec![','] } else { format.separators.iter().map(|(_, sign)| *sign).collect() };
            digits.retain(|sign| !separators.contains(&sign));
            let digits: String = digits
                .chars()
                .map(|sign| {
                    if format.zero == 0x30 {
                        return sign;
                    }
                    (sign as u32).checked_sub(format.zero).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(sign)
                })
                .collect();
            // Like `parseInt` of JavaScript: it ignores what follows the digits.
            let digits = digits.trim_start();
            let (sign, rest) = match digits.strip_prefix('-') {
                Some(rest) => (-1.0, rest),
                None => (1.0, digits.strip_prefix('+').unwrap_or(digits)),
            };
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest[..length].parse::<f64>().ok().map(|value| sign * value)
        }
        Primary::Sequence(token) => return Err(fault("D3130").with("value", quote(token))),
    })
}

#[derive(Debug, Clone)]
enum Part {
    Literal(String),
    Marker(Marker),
}

#[derive(Debug, Clone)]
struct Marker {
    component: char,
    most: Option<usize>,
    /// Names instead of numbers.
    names: Option<Case>,
    integer: Option<Integer>,
    /// The modifier `t`: `Z` means no offset.
    traditional: bool,
    /// The number of digits in the year.
    year: Option<usize>,
}

fn date_picture(picture: &str) -> Result<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    let literal = |parts: &mut Vec<Part>, text: &str| {
        if !text.is_empty() {
            parts.push(Part::Literal(text.replace("]]", "]")));
        }
    };
    let mut rest = picture;
    while let Some((front, behind)) = rest.split_once('[') {
        literal(&mut parts, front);
        if let Some(behind) = behind.strip_prefix('[') {
            parts.push(Part::Literal("[".into()));
            rest = behind;
            continue;
        }
        let Some((inside, behind)) = behind.split_once(']') else { return Err(fault("D3135")) };
        rest = behind;
        let inside: String = inside.split_whitespace().collect();
        let marker = marker(&inside, &mut parts)?;
        parts.push(Part::Marker(marker));
    }
    literal(&mut parts, rest);
    Ok(parts)
}

fn marker(text: &str, before: &mut [Part]) -> Result<Marker> {
    let component = text.chars().next().unwrap_or(' ');
    let behind = text.get(component.len_utf8()..).unwrap_or_default();
    let (modifiers, least, most) = match behind.rsplit_once(',') {
        Some((modifiers, width)) => {
            let number = |text: &str| {
                let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
                digits.parse::<usize>().ok().map(|width| width.min(100))
            };
            match width.split_once('-') {
                Some((least, most)) => (modifiers, number(least), number(most)),
                None => (modifiers, number(width), None),
            }
        }
        None => (behind, None, None),
    };
    let default = match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => Some("1"),
        'F' | 'P' | 'C' | 'E' => Some("n"),
        'm' | 's' => Some("01"),
        'Z' | 'z' => Some("01:01"),
        _ => None,
    };
    let last = modifiers.chars().next_back().filter(|last| modifiers.chars().count() > 1 && "atco".contains(*last));
    let presentation = match (modifiers, last) {
        ("", _) => default,
        (modifiers, Some(last)) => Some(&modifiers[..modifiers.len() - last.len_utf8()]),
        (modifiers, None) => Some(modifiers),
    };
    let Some(presentation) = presentation else {
        return Err(fault("D3132").with("value", quote(&component.to_string())));
    };
    let mut marker = Marker { component, most, names: None, integer: None, traditional: last == Some('t'), year: None };
    if presentation.starts_with('n') {
        marker.names = Some(Case::Lower);
    } else if presentation.starts_with("Nn") {
        marker.names = Some(Case::Title);
    } else if presentation.starts_with('N') {
        marker.names = Some(Case::Upper);
    } else if "YMDdFWwXxHhmsf".contains(component) {
        let pattern = match last {
            Some(last) => format!("{presentation};{last}"),
            None => presentation.to_owned(),
        };
        let mut format = integer_picture(&pattern)?;
        format.mandatory = format.mandatory.max(least.unwrap_or(0));
        if component == 'Y' {
            if let Some(most) = most {
                marker.year = Some(most);
                format.mandatory = most;
            } else if format.mandatory + format.optional >= 2 {
                marker.year = Some(format.mandatory + format.optional);
            }
        }
        // Two numbers without anything between them: the first one has a fixed width.
        if let Some(Part::Marker(Marker { integer: Some(front), .. })) = before.last_mut() {
            front.width = Some(front.mandatory);
        }
        marker.integer = Some(format);
    }
    if matches!(component, 'Z' | 'z') {
        marker.integer = Some(integer_picture(presentation)?);
    }
    Ok(marker)
}

const DAY: f64 = 86_400_000.0;

/// The days from 1970 to a date; months count from 0, and can be more than the months of a year.
fn days_of(year: f64, month: f64, day: f64) -> f64 {
    let year = year + (month / 12.0).floor();
    let month = month.rem_euclid(12.0);
    let shifted = if month < 2.0 { year - 1.0 } else { year };
    let era = (shifted / 400.0).floor();
    let of_era = shifted - era * 400.0;
    let of_year = ((153.0 * ((month + 10.0) % 12.0) + 2.0) / 5.0).floor();
    let days = of_era * 365.0 + (of_era / 4.0).floor() - (of_era / 100.0).floor() + of_year;
    era * 146_097.0 + days - 719_468.0 + day - 1.0
}

/// Year, month (from 0) and day for a number of days since 1970.
fn date_of(days: f64) -> (f64, f64, f64) {
    let shifted = days + 719_468.0;
    let era = (shifted / 146_097.0).floor();
    let of_era = shifted - era * 146_097.0;
    let year = ((of_era - (of_era / 1460.0).floor() + (of_era / 36_524.0).floor() - (of_era / 146_096.0).floor())
        / 365.0)
        .floor();
    let of_year = of_era - (365.0 * year + (year / 4.0).floor() - (year / 100.0).floor());
    let month = ((5.0 * of_year + 2.0) / 153.0).floor();
    let day = of_year - ((153.0 * month + 2.0) / 5.0).floor() + 1.0;
    let month = if month < 10.0 { month + 2.0 } else { month - 10.0 };
    (year + era * 400.0 + if month < 2.0 { 1.0 } else { 0.0 }, month, day)
}

/// The day (since 1970) on which the first week of a month or year begins: the week with its first Thursday.
fn first_week(year: f64, month: f64) -> f64 {
    let first = days_of(year, month, 1.0);
    let weekday = (first + 3.0).rem_euclid(7.0) + 1.0;
    if weekday > 4.0 { first + 8.0 - weekday } else { first - (weekday - 1.0) }
}

fn week(today: f64, start: f64, next: f64, previous: f64, most: f64) -> f64 {
    let weeks = |start: f64| ((today - start) / 7.0 + 1.0).floor();
    let week = weeks(start);
    if week > most && today >= next {
        1.0
    } else if week < 1.0 {
        weeks(previous)
    } else {
        week
    }
}

/// The number of a component.
fn component(millis: f64, component: char) -> f64 {
    let days = (millis / DAY).floor();
    let time = millis - days * DAY;
    let (year, month, day) = date_of(days);
    let hour = (time / 3_600_000.0).floor();
    match component {
        'Y' => year,
        'M' => month + 1.0,
        'D' => day,
        'd' => days - days_of(year, 0.0, 1.0) + 1.0,
        'F' => (days + 3.0).rem_euclid(7.0) + 1.0,
        'W' => {
            let first = |year: f64| first_week(year, 0.0);
            week(days, first(year), first(year + 1.0), first(year - 1.0), 52.0)
        }
        'w' => {
            let first = |month: f64| first_week(year, month);
            week(days, first(month), first(month + 1.0), first(month - 1.0), 4.0)
        }
        'X' => {
            if days < first_week(year, 0.0) {
                year - 1.0
            } else if days >= first_week(year + 1.0, 0.0) {
                year + 1.0
            } else {
                year
            }
        }
        'x' => {
            if days < first_week(year, month) {
                (month - 1.0).rem_euclid(12.0) + 1.0
            } else if days >= first_week(year, month + 1.0) {
                (month + 1.0).rem_euclid(12.0) + 1.0
            } else {
                month + 1.0
            }
        }
        'H' => hour,
        'h' => (hour + 11.0) % 12.0 + 1.0,
        'P' => f64::from(u8::from(hour >= 12.0)),
        'm' => (time / 60_000.0).floor() % 60.0,
        's' => (time / 1000.0).floor() % 60.0,
        'f' => (time % 1000.0).floor(),
        _ => 0.0,
    }
}

/// `$fromMillis`.
pub(super) fn from_millis(millis: f64, picture: Option<&str>, zone: Option<&str>) -> Result<String> {
    let offset = zone.map_or(0.0, |zone| {
        let zone = zone.trim_start();
        let (sign, digits) = match zone.strip_prefix('-') {
            Some(digits) => (-1.0, digits),
            None => (1.0, zone.strip_prefix('+').unwrap_or(zone)),
        };
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        sign * digits[..length].parse::<f64>().unwrap_or(0.0)
    });
    let (hours, minutes) = ((offset / 100.0).floor(), offset % 100.0);
    let local = millis.trunc() + (60.0 * hours + minutes) * 60_000.0;
    if !local.is_finite() || local.abs() > 8.64e15 {
        return Err(fault("D3110").with("value", show(millis)));
    }
    let parts = date_picture(picture.unwrap_or("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"))?;
    let mut out = String::new();
    for part in &parts {
        match part {
            Part::Literal(text) => out.push_str(text),
            Part::Marker(marker) => write_component(marker, local, hours, minutes, &mut out)?,
        }
    }
    Ok(out)
}

fn write_component(marker: &Marker, local: f64, hours: f64, minutes: f64, out: &mut String) -> Result<()> {
    let kind = marker.component;
    match kind {
        'C' | 'E' => out.push_str("ISO"),
        'P' => {
            let text = if component(local, 'P') > 0.0 { "pm" } else { "am" };
            out.push_str(&if marker.names == Some(Case::Upper) { text.to_uppercase() } else { text.to_owned() });
        }
        'Z' | 'z' => {
            let Some(format) = &marker.integer else { return Ok(()) };
            let offset = hours * 100.0 + minutes;
            if offset == 0.0 && marker.traditional {
                out.push('Z');
                return Ok(());
            }
            if kind == 'z' {
                out.push_str("GMT");
            }
            if offset >= 0.0 {
                out.push('+');
            }
            if format.regular > 0 {
                out.push_str(&write_integer(offset, format)?);
            } else {
                match format.mandatory {
                    1 | 2 => {
                        out.push_str(&write_integer(hours, format)?);
                        if minutes != 0.0 {
                            out.push(':');
                            out.push_str(&format_integer(minutes, "00")?);
                        }
                    }
                    3 | 4 => out.push_str(&write_integer(offset, format)?),
                    digits => return Err(fault("D3134").with("value", digits.to_string())),
                }
            }
        }
        _ => {
            let mut value = component(local, kind);
            if let (Some(digits), 'Y') = (marker.year, kind) {
                value %= 10f64.powi(digits.min(100) as i32);
            }
            match (marker.names, &marker.integer) {
                (Some(case), _) => {
                    let name = match kind {
                        'M' | 'x' => MONTHS.get(value as usize - 1).copied(),
                        'F' => DAYS.get(value as usize - 1).copied(),
                        _ => None,
                    };
                    let Some(name) = name else {
                        return Err(fault("D3133").with("value", quote(&kind.to_string())));
                    };
                    let name = match case {
                        Case::Upper => name.to_uppercase(),
                        Case::Lower => name.to_lowercase(),
                        Case::Title => name.to_owned(),
                    };
                    out.extend(name.chars().take(marker.most.unwrap_or(usize::MAX)));
                }
                (None, Some(format)) => out.push_str(&write_integer(value, format)?),
                (None, None) => {}
            }
        }
    }
    Ok(())
}

/// `$toMillis`: nothing if the text does not have that form.
pub(super) fn to_millis(text: &str, picture: Option<&str>, now: f64) -> Result<Option<f64>> {
    match picture {
        Some(picture) => read_date(text, picture, now),
        None => match read_iso(text) {
            Some(millis) => Ok(Some(millis)),
            None => Err(fault("D3110").with("value", quote(text))),
        },
    }
}

/// A timestamp of ISO 8601; parts can be left out, from right to left.
fn read_iso(text: &str) -> Option<f64> {
    let mut rest = text.as_bytes();
    let digits = |rest: &mut &[u8], count: usize| -> Option<f64> {
        let (front, behind) = rest.split_at_checked(count)?;
        if !front.iter().all(u8::is_ascii_digit) {
            return None;
        }
        *rest = behind;
        std::str::from_utf8(front).ok()?.parse().ok()
    };
    let sign = |rest: &mut &[u8], wanted: u8| -> bool {
        match rest.split_first() {
            Some((first, behind)) if *first == wanted => {
                *rest = behind;
                true
            }
            _ => false,
        }
    };
    let year = digits(&mut rest, 4)?;
    let (mut month, mut day) = (1.0, 1.0);
    if rest.first() == Some(&b'-') && rest.get(3) != Some(&b':') {
        sign(&mut rest, b'-');
        month = digits(&mut rest, 2)?;
        if rest.first() == Some(&b'-') {
            sign(&mut rest, b'-');
            day = digits(&mut rest, 2)?;
        }
    }
    let mut time = 0.0;
    if sign(&mut rest, b'T') {
        let hour = digits(&mut rest, 2)?;
        let minute = sign(&mut rest, b':').then(|| digits(&mut rest, 2))??;
        let second = sign(&mut rest, b':').then(|| digits(&mut rest, 2))??;
        if hour > 24.0 || minute > 59.0 || second > 59.0 {
            return None;
        }
        time = hour * 3_600_000.0 + minute * 60_000.0 + second * 1000.0;
    }
    if sign(&mut rest, b'.') {
        let length = rest.iter().take_while(|digit| digit.is_ascii_digit()).count();
        if length == 0 {
            return None;
        }
        let (fraction, behind) = rest.split_at(length);
        let shown: String = fraction.iter().take(3).map(|digit| char::from(*digit)).collect();
        time += format!("{shown:0<3}").parse::<f64>().ok()?;
        rest = behind;
    }
    if !(1.0..=12.0).contains(&month) || !(1.0..=31.0).contains(&day) {
        return None;
    }
    let mut millis = days_of(year, month - 1.0, day) * DAY + time;
    match rest.first() {
        None => return Some(millis),
        Some(b'Z') => rest = &rest[1..],
        Some(plus @ (b'+' | b'-')) => {
            let direction = if *plus == b'+' { 1.0 } else { -1.0 };
            rest = &rest[1..];
            let hours = digits(&mut rest, 2)?;
            sign(&mut rest, b':');
            let minutes = digits(&mut rest, 2)?;
            millis -= direction * (hours * 60.0 + minutes) * 60_000.0;
        }
        Some(_) => return None,
    }
    rest.is_empty().then_some(millis)
}

/// The regular expression that reads a part.
fn pattern(part: &Part) -> Result<String> {
    let marker = match part {
        Part::Literal(text) => {
            let escape =
                |sign: char| if ".*+?^${}()|[]\\".contains(sign) { format!("\\{sign}") } else { sign.to_string() };
            return Ok(text.chars().map(escape).collect());
        }
        Part::Marker(marker) => marker,
    };
    Ok(match (marker.component, &marker.integer) {
        ('Z' | 'z', Some(format)) => {
            let gmt = if marker.component == 'z' { "GMT" } else { "" };
            let minutes = match (format.regular, format.separators.first()) {
                (1.., Some((_, sign))) => format!("{sign}[0-9]+"),
                _ => String::new(),
            };
            format!("{gmt}[-+][0-9]+{minutes}")
        }
        ('f', _) => "[0-9]+".into(),
        (_, Some(format)) => match &format.primary {
            Primary::Letters if format.case == Case::Upper => "[A-Z]+".into(),
            Primary::Letters => "[a-z]+".into(),
            Primary::Roman if format.case == Case::Upper => "[MDCLXVI]+".into(),
            Primary::Roman => "[mdclxvi]+".into(),
            Primary::Words => {
                let decades =
                    DECADES.iter().flat_map(|word| [(*word).to_owned(), format!("{}ieth", &word[..word.len() - 1])]);
                let large = MAGNITUDES.iter().flat_map(|word| [(*word).to_owned(), format!("{word}th")]);
                let small = FEW.iter().chain(&ORDINALS).map(|word| (*word).to_owned());
                let all: Vec<String> = small.chain(decades).chain(["hundredth".into()]).chain(large).collect();
                format!("(?:{}|and|[\\-, ])+", all.join("|"))
            }
            Primary::Decimal => {
                let count = format.width.map_or("+".to_owned(), |width| format!("{{{width}}}"));
                format!("[0-9]{count}{}", if format.ordinal { "(?:th|st|nd|rd)" } else { "" })
            }
            Primary::Sequence(token) => return Err(fault("D3130").with("value", quote(token))),
        },
        ('M' | 'x' | 'F' | 'P', None) => "[a-zA-Z]+".into(),
        (other, None) => return Err(fault("D3133").with("value", quote(&other.to_string()))),
    })
}

/// The value of a part.
fn read_part(marker: &Marker, text: &str) -> Result<Option<f64>> {
    let named = |names: &[&str]| {
        let cut = |name: &str| -> String { name.chars().take(marker.most.unwrap_or(usize::MAX)).collect() };
        names.iter().position(|name| cut(name) == text).map(|index| index as f64 + 1.0)
    };
    Ok(match (marker.component, &marker.integer) {
        ('Z' | 'z', Some(format)) => {
            let text = if marker.component == 'z' { text.get(3..).unwrap_or_default() } else { text };
            let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
            let separator = format.separators.first().filter(|_| format.regular > 0);
            let (hours, minutes) = match separator {
                Some((_, sign)) => {
                    text.split_once(*sign).map_or((0.0, 0.0), |(hours, rest)| (number(hours), number(rest)))
                }
                None if text.len() <= 3 => (number(text), 0.0),
                None => (number(&text[..3]), number(&text[3..])),
            };
            Some(hours * 60.0 + minutes)
        }
        ('f', _) => {
            let digits: String = text.chars().take(3).collect();
            format!("0.{digits}").parse::<f64>().ok().map(|fraction| fraction * 1000.0)
        }
        (_, Some(format)) => read_integer(text, format)?,
        ('M' | 'x', None) => named(&MONTHS),
        ('F', None) => named(&DAYS),
        ('P', None) => match text {
            "am" | "AM" => Some(0.0),
            "pm" | "PM" => Some(1.0),
            _ => None,
        },
        _ => None,
    })
}

fn read_date(text: &str, picture: &str, now: f64) -> Result<Option<f64>> {
    let parts = date_picture(picture)?;
    let mut whole = String::from("^");
    for part in &parts {
        whole.push_str(&format!("({})", pattern(part)?));
    }
    whole.push('$');
    let Ok(regex) = super::regex::Regex::new(&whole, "i") else { return Ok(None) };
    let Ok(Some(found)) = regex.find(text, 0) else { return Ok(None) };
    let mut known: Vec<(char, f64)> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if let (Part::Marker(marker), Some(range)) = (part, found.groups.get(index).cloned().flatten()) {
            if let Some(value) = read_part(marker, &text[range])? {
                known.retain(|(own, _)| *own != marker.component);
                known.push((marker.component, value));
            }
        }
    }
    if known.is_empty() {
        return Ok(None);
    }
    let get = |known: &[(char, f64)], component: char| {
        known.iter().find(|(own, _)| *own == component).map(|(_, value)| *value)
    };
    // A set of components fits if it contains every component that was found, and at least one was found.
    let fits = |all: &str, allowed: &str| {
        let given: Vec<char> = all.chars().filter(|own| get(&known, *own).is_some_and(|value| value != 0.0)).collect();
        !given.is_empty() && given.iter().all(|own| allowed.contains(*own))
    };
    let (dates, times) = ("YXMxWwdD", "PHhmsf");
    let by_month = fits(dates, "YMD");
    let by_day = !by_month && fits(dates, "Yd");
    let by_week_of_month = fits(dates, "Xxw");
    let by_week = !by_week_of_month && fits(dates, "XW");
    let half_days = !fits(times, "Hmsf") && fits(times, "Phmsf");
    let date = if by_day {
        "YD"
    } else if by_week_of_month {
        "XxwF"
    } else if by_week {
        "XWF"
    } else {
        "YMD"
    };
    let time = if half_days { "Phmsf" } else { "Hmsf" };
    let (mut started, mut ended) = (false, false);
    for own in date.chars().chain(time.chars()) {
        match get(&known, own) {
            Some(_) => {
                started = true;
                if ended {
                    return Err(fault("D3136"));
                }
            }
            None if started => {
                known.push((own, if "MDd".contains(own) { 1.0 } else { 0.0 }));
                ended = true;
            }
            None => known.push((own, component(now, own))),
        }
    }
    if by_week_of_month || by_week {
        return Err(fault("D3136"));
    }
    let value = |own: char| get(&known, own).unwrap_or(0.0);
    let year = value('Y');
    let days = if by_day {
        days_of(year, 0.0, 1.0) + value('d') - 1.0
    } else {
        let month = get(&known, 'M').filter(|month| *month > 0.0).map_or(0.0, |month| month - 1.0);
        days_of(year, month, value('D'))
    };
    let hour = if half_days {
        (if value('h') == 12.0 { 0.0 } else { value('h') }) + if value('P') == 1.0 { 12.0 } else { 0.0 }
    } else {
        value('H')
    };
    let zone = get(&known, 'Z').filter(|zone| *zone != 0.0).or(get(&known, 'z')).unwrap_or(0.0);
    let time = hour * 3_600_000.0 + value('m') * 60_000.0 + value('s') * 1000.0 + value('f').floor();
    Ok(Some(days * DAY + time - zone * 60_000.0))
}
