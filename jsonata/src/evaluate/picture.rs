//! `$formatNumber`: numbers by a picture, as in XPath's `format-number`.

use super::engine::Result;
use super::error::fault;
use super::number;
use super::value::Value;

/// The meaning of the characters in a picture.
struct Signs {
    decimal: char,
    grouping: char,
    exponent: char,
    minus: String,
    percent: String,
    per_mille: String,
    zero: char,
    digit: char,
    separator: char,
}

impl Signs {
    fn new(options: &Value) -> Self {
        let text = |name: &str, default: &str| match options {
            Value::Object(object) => match object.members().get(name) {
                Some(Value::String(text)) => text.to_string(),
                _ => default.to_owned(),
            },
            _ => default.to_owned(),
        };
        let sign = |name: &str, default: char| text(name, &default.to_string()).chars().next().unwrap_or(default);
        Self {
            decimal: sign("decimal-separator", '.'),
            grouping: sign("grouping-separator", ','),
            exponent: sign("exponent-separator", 'e'),
            minus: text("minus-sign", "-"),
            percent: text("percent", "%"),
            per_mille: text("per-mille", "\u{2030}"),
            zero: sign("zero-digit", '0'),
            digit: sign("digit", '#'),
            separator: sign("pattern-separator", ';'),
        }
    }

    fn is_digit(&self, sign: char) -> bool {
        (self.zero as u32..self.zero as u32 + 10).contains(&(sign as u32))
    }

    fn is_active(&self, sign: char) -> bool {
        self.is_digit(sign) || [self.decimal, self.exponent, self.grouping, self.digit, self.separator].contains(&sign)
    }
}

/// One half of a picture, parsed.
struct Parts {
    prefix: String,
    suffix: String,
    active: Vec<char>,
    mantissa: Vec<char>,
    exponent: Option<Vec<char>>,
    integer: Vec<char>,
    fraction: Vec<char>,
    picture: String,
}

fn find(signs: &[char], sign: char) -> Option<usize> {
    signs.iter().position(|own| *own == sign)
}

fn take_apart(picture: &str, signs: &Signs) -> Parts {
    let all: Vec<char> = picture.chars().collect();
    let opens = |sign: &char| signs.is_active(*sign) && *sign != signs.exponent;
    let from = all.iter().position(opens).unwrap_or(0);
    let to = all.iter().rposition(opens).map_or(all.len(), |at| at + 1);
    let active = all[from..to].to_vec();
    let exponent_at = find(&all[from..], signs.exponent).filter(|at| from + at <= to);
    let (mantissa, exponent) = match exponent_at {
        Some(at) => (active[..at.min(active.len())].to_vec(), Some(active.get(at + 1..).unwrap_or_default().to_vec())),
        None => (active.clone(), None),
    };
    let suffix: Vec<char> = all[to..].to_vec();
    let (integer, fraction) = match find(&mantissa, signs.decimal) {
        Some(at) => (mantissa[..at].to_vec(), mantissa[at + 1..].to_vec()),
        None => (mantissa.clone(), suffix.clone()),
    };
    Parts {
        prefix: all[..from].iter().collect(),
        suffix: suffix.into_iter().collect(),
        active,
        mantissa,
        exponent,
        integer,
        fraction,
        picture: picture.to_owned(),
    }
}

fn check(parts: &Parts, signs: &Signs) -> Result<()> {
    let all: Vec<char> = parts.picture.chars().collect();
    let count = |text: &str| if text.is_empty() { 0 } else { parts.picture.matches(text).count() };
    let is_digit = |sign: &char| signs.is_digit(*sign);
    let decimal = find(&all, signs.decimal);
    let (percent, per_mille) = (count(&signs.percent), count(&signs.per_mille));
    let mut code = None;
    if all.iter().filter(|sign| **sign == signs.decimal).count() > 1 {
        code = Some("D3081");
    }
    if percent > 1 {
        code = Some("D3082");
    }
    if per_mille > 1 {
        code = Some("D3083");
    }
    if percent > 0 && per_mille > 0 {
        code = Some("D3084");
    }
    if !parts.mantissa.iter().any(|sign| signs.is_digit(*sign) || *sign == signs.digit) {
        code = Some("D3085");
    }
    if parts.active.iter().any(|sign| !signs.is_active(*sign)) {
        code = Some("D3086");
    }
    match decimal {
        Some(at) => {
            let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
            if beside.filter_map(|at| all.get(at)).any(|sign| *sign == signs.grouping) {
                code = Some("D3087");
            }
        }
        None if parts.integer.last() == Some(&signs.grouping) => code = Some("D3088"),
        None => {}
    }
    if all.windows(2).any(|two| two[0] == signs.grouping && two[1] == signs.grouping) {
        code = Some("D3089");
    }
    if find(&parts.integer, signs.digit).is_some_and(|at| parts.integer[..at].iter().any(is_digit)) {
        code = Some("D3090");
    }
    let last = parts.fraction.iter().rposition(|sign| *sign == signs.digit);
    if last.is_some_and(|at| parts.fraction[at..].iter().any(is_digit)) {
        code = Some("D3091");
    }
    if let Some(exponent) = &parts.exponent {
        if !exponent.is_empty() && percent + per_mille > 0 {
            code = Some("D3092");
        }
        if exponent.is_empty() || !exponent.iter().all(is_digit) {
            code = Some("D3093");
        }
    }
    code.map_or(Ok(()), |code| Err(fault(code)))
}

/// The format of a number.
struct Layout {
    groups: Vec<usize>,
    regular: usize,
    least_integer: usize,
    scaling: usize,
    fraction_groups: Vec<usize>,
    least_fraction: usize,
    most_fraction: usize,
    least_exponent: usize,
}

/// If all positions are multiples of one number, that number.
pub(super) fn regular(positions: &[usize]) -> usize {
    fn divisor(one: usize, other: usize) -> usize {
        if other == 0 { one } else { divisor(other, one % other) }
    }
    let Some(factor) = positions.iter().copied().reduce(divisor) else { return 0 };
    if factor > 0 && (1..=positions.len()).all(|index| positions.contains(&(index * factor))) { factor } else { 0 }
}

fn lay_out(parts: &Parts, signs: &Signs) -> Layout {
    let counts = |part: &[char]| part.iter().filter(|sign| signs.is_digit(**sign) || **sign == signs.digit).count();
    let digits = |part: &[char]| part.iter().filter(|sign| signs.is_digit(**sign)).count();
    let places = |part: &[char]| -> Vec<usize> {
        part.iter().enumerate().filter(|(_, sign)| **sign == signs.grouping).map(|(at, _)| at).collect()
    };
    let groups: Vec<usize> = places(&parts.integer).into_iter().map(|at| counts(&parts.integer[at..])).collect();
    let fraction_groups = places(&parts.fraction).into_iter().map(|at| counts(&parts.fraction[..at])).collect();
    let mut least_integer = digits(&parts.integer);
    let scaling = least_integer;
    let mut least_fraction = digits(&parts.fraction);
    let mut most_fraction = counts(&parts.fraction);
    let exponent = parts.exponent.is_some();
    if least_integer == 0 && most_fraction == 0 {
        if exponent {
            (least_fraction, most_fraction) = (1, 1);
        } else {
            least_integer = 1;
        }
    }
    if exponent && least_integer == 0 && parts.integer.contains(&signs.digit) {
        least_integer = 1;
    }
    if least_integer == 0 && least_fraction == 0 {
        least_fraction = 1;
    }
    Layout {
        regular: regular(&groups),
        groups,
        least_integer,
        scaling,
        fraction_groups,
        least_fraction,
        most_fraction,
        least_exponent: parts.exponent.as_deref().map_or(0, digits),
    }
}

/// `$formatNumber`.
pub(super) fn format_number(value: f64, picture: &str, options: &Value) -> Result<String> {
    let signs = Signs::new(options);
    let pictures: Vec<&str> = picture.split(signs.separator).collect();
    if pictures.len() > 2 {
        return Err(fault("D3080"));
    }
    let parts: Vec<Parts> = pictures.iter().map(|picture| take_apart(picture, &signs)).collect();
    parts.iter().try_for_each(|parts| check(parts, &signs))?;
    let own_negative = parts.len() == 2 && value < 0.0;
    let part = &parts[usize::from(own_negative)];
    let layout = lay_out(part, &signs);
    let prefix =
        if value < 0.0 && !own_negative { format!("{}{}", signs.minus, part.prefix) } else { part.prefix.clone() };
    if !value.is_finite() {
        return Ok(format!("{prefix}Infinity{}", part.suffix));
    }

    let mut mantissa = value;
    if !signs.percent.is_empty() && part.picture.contains(&signs.percent) {
        mantissa *= 100.0;
    } else if !signs.per_mille.is_empty() && part.picture.contains(&signs.per_mille) {
        mantissa *= 1000.0;
    }
    let mut exponent = None;
    if layout.least_exponent > 0 {
        let scaling = i32::try_from(layout.scaling).unwrap_or(i32::MAX).min(308);
        let (most, least) = (10f64.powi(scaling), 10f64.powi(scaling - 1));
        let mut power = 0i32;
        if mantissa != 0.0 {
            while mantissa.abs() < least && power > -700 {
                mantissa *= 10.0;
                power -= 1;
            }
            while mantissa.abs() > most && power < 700 {
                mantissa /= 10.0;
                power += 1;
            }
        }
        exponent = Some(power);
    }
    let places = layout.most_fraction.min(100);
    let rounded = number::round(mantissa, places as i32).abs();
    let in_digits = |text: String| -> String {
        let digit = |sign: char| match sign.to_digit(10) {
            Some(digit) => char::from_u32(signs.zero as u32 + digit).unwrap_or(sign),
            None => sign,
        };
        text.chars().map(digit).collect()
    };
    let written = in_digits(format!("{rounded:.places$}"));
    let (integer, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let integer = integer.trim_start_matches(signs.zero);
    let fraction = fraction.trim_end_matches(signs.zero);
    let zeros = |wanted: usize, text: &str| signs.zero.to_string().repeat(wanted.saturating_sub(text.chars().count()));
    let mut integer: Vec<char> = format!("{}{integer}", zeros(layout.least_integer, integer)).chars().collect();
    let mut fraction: Vec<char> = format!("{fraction}{}", zeros(layout.least_fraction, fraction)).chars().collect();
    let length = integer.len();
    if let Some(groups) = length.saturating_sub(1).checked_div(layout.regular) {
        for group in 1..=groups {
            integer.insert(length - group * layout.regular, signs.grouping);
        }
    } else {
        // Each inserted separator moves the separators after it.
        for (grown, position) in layout.groups.iter().enumerate() {
            if let Some(at) = (length + grown).checked_sub(*position) {
                integer.insert(at, signs.grouping);
            }
        }
    }
    for position in &layout.fraction_groups {
        if *position <= fraction.len() {
            fraction.insert(*position, signs.grouping);
        }
    }
    let mut out: String = prefix;
    out.extend(integer);
    if part.picture.contains(signs.decimal) && !fraction.is_empty() {
        out.push(signs.decimal);
        out.extend(fraction);
    } else if !part.picture.contains(signs.decimal) {
        out.extend(fraction);
    }
    if let Some(power) = exponent {
        out.push(signs.exponent);
        if power < 0 {
            out.push_str(&signs.minus);
        }
        let digits = in_digits(power.abs().to_string());
        out.push_str(&zeros(layout.least_exponent, &digits));
        out.push_str(&digits);
    }
    out.push_str(&part.suffix);
    Ok(out)
}
