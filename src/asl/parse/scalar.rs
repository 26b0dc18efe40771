//! The value of a YAML scalar without quotation marks.

use std::borrow::Cow;

use crate::value::{Json, Number, Text};

/// Resolves a scalar without quotation marks by the core schema of YAML 1.2.2, chapter 10.3.2.
pub(super) fn resolve(text: Cow<'_, str>) -> Result<Json, String> {
    Ok(match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Err("JSON has no number `.nan`".to_owned()),
        other if matches!(other.trim_start_matches(['+', '-']), ".inf" | ".Inf" | ".INF") => {
            return Err(format!("JSON has no number `{other}`"));
        }
        other => match number(other) {
            Some(number) => Json::Number(number),
            None => Json::String(Text::Owned(text.into_owned())),
        },
    })
}

fn number(text: &str) -> Option<Number> {
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(Number::from);
    match text.get(..2) {
        Some("0o") => return radix(&text[2..], 8),
        Some("0x") => return radix(&text[2..], 16),
        _ => {}
    }
    if let Some(number) = Number::from_text(text) {
        return Some(number);
    }
    // YAML accepts `+1`, `.5` and `1.`, which JSON does not. `08` stays text: it is text in YAML 1.1 and eight in
    // YAML 1.2, and if it is an account ID, a number would lose the zero.
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = rest.split_at(digits);
    let fraction = rest.strip_prefix('.');
    let decimals = fraction.map_or(0, |fraction| fraction.bytes().take_while(u8::is_ascii_digit).count());
    if digits + decimals == 0 {
        return None;
    }
    let (decimals, exponent) = fraction.map_or(("", rest), |fraction| fraction.split_at(decimals));
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_none() {
        String::new()
    } else {
        format!(".{}", if decimals.is_empty() { "0" } else { decimals })
    };
    Number::from_text(&format!("{sign}{whole}{point}{exponent}"))
}
