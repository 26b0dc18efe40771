//! Checks constants in fields: their types and ranges.

use super::rules::{OUT_OF_RANGE, TIMESTAMP, UNKNOWN_VALUE, WRONG_TYPE};
use crate::asl::Node;
use crate::asl::fields::Operand;
use crate::check::Checker;
use crate::check::suggest::{did_you_mean, list};
use crate::expression::timestamp::is_timestamp;
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
