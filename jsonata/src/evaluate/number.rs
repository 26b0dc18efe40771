//! Numbers as JavaScript writes, reads and rounds them.

use super::engine::Result;
use super::error::fault;
use super::text;
use super::value::Value;

/// A number in the format of JavaScript.
pub(crate) fn show(number: f64) -> String {
    ryu_js::Buffer::new().format(number).to_owned()
}

/// A number with at most 15 digits: the format of JSONata.
pub(crate) fn rounded(number: f64) -> f64 {
    if number.fract() == 0.0 {
        return number;
    }
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// Rounds half to even at a decimal place.
pub(crate) fn round(number: f64, precision: i32) -> f64 {
    let shift = |number: f64, by: i32| -> f64 {
        let shown = show(number);
        let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        format!("{digits}e{}", exponent.saturating_add(by)).parse().unwrap_or(number)
    };
    let number = if precision == 0 { number } else { shift(number, precision) };
    // JavaScript rounds half up.
    let mut result = (number + 0.5).floor();
    if number.fract() == 0.0 || number.abs() > 4e15 {
        result = number;
    } else if result - number > 0.5 {
        result -= 1.0;
    }
    if (result - number).abs() == 0.5 && (result % 2.0).abs() == 1.0 {
        result -= 1.0;
    }
    if precision != 0 {
        result = shift(result, precision.saturating_neg());
    }
    if result == 0.0 { 0.0 } else { result }
}

/// `$number` of a text.
pub(crate) fn parse(text: &str) -> Result<f64> {
    let decimal = || {
        let rest = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (rest, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        let whole = match mantissa.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction),
            None => digits(mantissa),
        };
        let exponent = exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
        (whole && exponent).then(|| text.parse::<f64>().ok()).flatten().filter(|number| number.is_finite())
    };
    let based = || {
        let digits = text.get(2..).filter(|digits| !digits.is_empty())?;
        let radix = match text.get(..2)? {
            "0x" | "0X" => 16,
            "0o" | "0O" => 8,
            "0b" | "0B" => 2,
            _ => return None,
        };
        let mut number = 0.0;
        for digit in digits.chars() {
            number = number * f64::from(radix) + f64::from(digit.to_digit(radix)?);
        }
        Some(number)
    };
    decimal().or_else(based).ok_or_else(|| fault("D3030").with("value", text::quote(text)))
}

/// `$number`.
pub(crate) fn of_value(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::Undefined => Value::Undefined,
        Value::Number(number) => Value::Number(*number),
        Value::Bool(value) => Value::Number(f64::from(u8::from(*value))),
        Value::String(text) => Value::Number(parse(text)?),
        other => return Err(fault("D3030").with("value", super::engine::json(other))),
    })
}

/// `$formatBase`.
pub(crate) fn in_base(number: f64, radix: Option<f64>) -> Result<String> {
    let number = round(number, 0);
    let radix = radix.map_or(10.0, |radix| round(radix, 0));
    if !(2.0..=36.0).contains(&radix) {
        return Err(fault("D3100").with("value", show(radix)));
    }
    if radix == 10.0 || !number.is_finite() {
        return Ok(show(number));
    }
    let mut digits = Vec::new();
    let mut rest = number.abs();
    while rest >= 1.0 {
        digits.push(char::from_digit((rest % radix) as u32, radix as u32).unwrap_or('0'));
        rest = (rest / radix).floor();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if number < 0.0 {
        digits.push('-');
    }
    Ok(digits.iter().rev().collect())
}
