//! Which transition a Choice state uses.

use std::cmp::Ordering;

use super::evaluate::{Here, expression_of};
use super::fault::Fault;
use crate::expression::evaluate::equal;
use crate::run::Timestamp;
use crate::value::Json;

/// Whether a rule matches.
pub(super) fn holds<'a>(rule: &'a Json, here: &Here<'_, 'a>, location: &str) -> Result<bool, Fault> {
    if let Some(condition) = rule.get("Condition") {
        return match condition {
            Json::Bool(value) => Ok(*value),
            Json::String(text) => {
                let expression = expression_of(text).unwrap_or(text);
                let location = format!("{location}/Condition");
                Ok(here.jsonata_of(expression, &location, "boolean")?.as_bool() == Some(true))
            }
            _ => Ok(false),
        };
    }
    let parts = |name: &str| rule.get(name).and_then(Json::as_array);
    if let Some(parts) = parts("And") {
        for part in parts {
            if !holds(part, here, location)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if let Some(parts) = parts("Or") {
        for part in parts {
            if holds(part, here, location)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(inner) = rule.get("Not") {
        return Ok(!holds(inner, here, location)?);
    }
    let Some(variable) = rule.get("Variable").and_then(Json::as_str) else { return Ok(false) };
    let Some((operator, operand)) = rule
        .as_object()
        .into_iter()
        .flat_map(|rule| rule.iter())
        .find(|(name, _)| !["Variable", "Next", "Comment", "Assign", "Output"].contains(name))
    else {
        return Ok(false);
    };
    let value = here.optional(variable);
    if operator == "IsPresent" {
        return Ok(value.is_some() == (operand.as_bool() == Some(true)));
    }
    let invalid = |path: &str| {
        Fault::runtime(format!("Invalid path '{path}': The choice state's condition path references an invalid value."))
    };
    let value = value.ok_or_else(|| invalid(variable))?;
    match (operator.strip_suffix("Path"), operand) {
        (Some(bare), Json::String(path)) => {
            let operand = here.optional(path).ok_or_else(|| invalid(path))?;
            Ok(compares(bare, &value, &operand))
        }
        _ => Ok(compares(operator, &value, operand)),
    }
}

/// Whether the value and the operand satisfy the operator. A value of another type than the operator's does not.
fn compares(operator: &str, value: &Json, operand: &Json) -> bool {
    let is = |found: bool| found == (operand.as_bool() == Some(true));
    let time = |json: &Json| json.as_str().and_then(Timestamp::parse);
    match operator {
        "IsNull" => is(*value == Json::Null),
        "IsNumeric" => is(value.as_number().is_some()),
        "IsString" => is(value.as_str().is_some()),
        "IsBoolean" => is(value.as_bool().is_some()),
        "IsTimestamp" => is(time(value).is_some()),
        "BooleanEquals" => value.as_bool().is_some() && equal(value, operand),
        "StringMatches" => match (value, operand) {
            (Json::String(text), Json::String(pattern)) => matches(pattern, text),
            _ => false,
        },
        _ => {
            let (order, relation) = if let Some(relation) = operator.strip_prefix("String") {
                let order = value.as_str().zip(operand.as_str()).map(|(value, operand)| {
                    // Compares like Java: by UTF-16 units.
                    value.encode_utf16().cmp(operand.encode_utf16())
                });
                (order, relation)
            } else if let Some(relation) = operator.strip_prefix("Numeric") {
                let numbers = value.as_number().zip(operand.as_number());
                let order = numbers.and_then(|(value, operand)| match (value.as_i64(), operand.as_i64()) {
                    (Some(value), Some(operand)) => Some(value.cmp(&operand)),
                    _ => value.as_f64().partial_cmp(&operand.as_f64()),
                });
                (order, relation)
            } else if let Some(relation) = operator.strip_prefix("Timestamp") {
                (time(value).zip(time(operand)).map(|(value, operand)| value.cmp(&operand)), relation)
            } else {
                return false;
            };
            order.is_some_and(|order| match relation {
                "Equals" => order == Ordering::Equal,
                "LessThan" => order == Ordering::Less,
                "GreaterThan" => order == Ordering::Greater,
                "LessThanEquals" => order != Ordering::Greater,
                "GreaterThanEquals" => order != Ordering::Less,
                _ => false,
            })
        }
    }
}

/// Whether a text matches a pattern in which `*` matches any text and `\*` is a literal star.
fn matches(pattern: &str, text: &str) -> bool {
    #[derive(PartialEq)]
    enum Sign {
        Any,
        One(char),
    }
    let mut signs = Vec::new();
    let mut rest = pattern.chars();
    while let Some(sign) = rest.next() {
        signs.push(match sign {
            '*' => Sign::Any,
            '\\' => Sign::One(rest.next().unwrap_or('\\')),
            sign => Sign::One(sign),
        });
    }
    let text: Vec<char> = text.chars().collect();
    // The last star, and where to try next: the work is at most the pattern's length times the text's.
    let (mut at, mut sign, mut star) = (0, 0, None);
    while at < text.len() {
        match signs.get(sign) {
            Some(Sign::Any) => {
                star = Some((sign, at));
                sign += 1;
            }
            Some(Sign::One(wanted)) if *wanted == text[at] => {
                at += 1;
                sign += 1;
            }
            _ => match star {
                Some((behind, from)) => {
                    star = Some((behind, from + 1));
                    sign = behind + 1;
                    at = from + 1;
                }
                None => return false,
            },
        }
    }
    signs[sign..].iter().all(|sign| *sign == Sign::Any)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, wanted) in [
            ("log-*.txt", "log-1.txt", true),
            ("log-*.txt", "log-.txt.txt", true),
            ("log-*.txt", "log-1.text", false),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("a*b*c", "axxbxxbc", true),
            ("a\\\\*", "a\\x", true),
        ] {
            assert_eq!(matches(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
