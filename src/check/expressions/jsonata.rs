//! JSONata expressions, and the names in them.

use super::rules::{
    CONTEXT, FORGOTTEN_BRACES, JSONATA, JSONATA_OPERATION, STATES_MEMBER, UNKNOWN_FUNCTION, UNQUALIFIED,
};
use crate::asl::Node;
use crate::check::fields::{Available, Place};
use crate::check::suggest::{did_you_mean, list, shorten};
use crate::check::{Checker, Severity, scope};
use crate::expression::{Jsonata, context, intrinsic, jsonata, placeholder};
use crate::value::Json;

/// Checks a string that may be a JSONata expression.
pub(in crate::check) fn text(checker: &mut Checker<'_>, node: &Node<'_>, value: &str, place: Place<'_>) {
    match jsonata::unwrap(value) {
        Ok(Some(expression)) => match Jsonata::parse(expression) {
            Ok(found) => {
                names(checker, node, &found, place);
                problems(checker, node, expression, &found);
                if let Some(quoted) = quoted(expression) {
                    let message = format!("`{}` is plain text, because it is in quotation marks", shorten(&quoted));
                    checker.add(&FORGOTTEN_BRACES, node, message).help(format!("write `{}`", shorten(&quoted)));
                }
            }
            Err(error) => {
                let place = place_in(expression, error.offset);
                checker.add(&JSONATA, node, format!("`{}`: {}{place}", shorten(value), error.message)).help =
                    error.help;
            }
        },
        Ok(None) => {
            let leads = ["$states.", "$.", "$$.", intrinsic::PREFIX].into_iter().any(|start| value.starts_with(start));
            let trimmed = value.trim();
            if trimmed.len() < value.len() && matches!(jsonata::unwrap(trimmed), Ok(Some(_))) {
                checker
                    .add(
                        &FORGOTTEN_BRACES,
                        node,
                        format!("`{}` is plain text, because there are spaces around it", shorten(value)),
                    )
                    .help("start the string with `{%` and end it with `%}`");
            } else if leads
                && !node.pointer().ends_with("Path")
                && !value.contains(char::is_whitespace)
                && !placeholder::is_in(value)
            {
                let help = "write it as an expression: `{% $states.input… %}`";
                let message = format!("`{}` is plain text: `{{%` and `%}}` are missing", shorten(value));
                checker.add(&FORGOTTEN_BRACES, node, message).help(help);
            }
        }
        Err(_) if placeholder::is_in(value) => {}
        Err(error) => {
            checker.add(&JSONATA, node, format!("`{}`: {}", shorten(value), error.message)).help = error.help;
        }
    }
}

/// An expression that is a string literal of another expression, which makes it text.
fn quoted(expression: &str) -> Option<String> {
    let text: String = serde_json::from_str(expression.trim()).ok()?;
    matches!(jsonata::unwrap(&text), Ok(Some(_))).then_some(text)
}

/// Checks the condition of a choice rule.
pub(in crate::check) fn condition(checker: &mut Checker<'_>, node: &Node<'_>, place: Place<'_>) {
    match node.json() {
        Json::Bool(_) => {}
        Json::String(value) if !matches!(jsonata::unwrap(value), Ok(None)) || placeholder::is_in(value) => {
            text(checker, node, value, place);
        }
        other => {
            let message = format!("`Condition` must be an expression, not {}", other.kind());
            checker.add(&JSONATA, node, message).help("write `{% … %}`");
        }
    }
}

/// The place in the expression: the character, counted from the opening braces, and the text at it.
pub(in crate::check) fn place_in(expression: &str, offset: usize) -> String {
    let (front, rest) = expression.split_at_checked(offset).unwrap_or((expression, ""));
    let signs = front.chars().count() + 3;
    match rest.trim() {
        "" => format!(" (at character {signs}, the end)"),
        rest => format!(" (at character {signs}: `{}`)", shorten(rest)),
    }
}

/// Reports parts that are valid but fail at every evaluation, or probably do not do what was meant.
fn problems(checker: &mut Checker<'_>, node: &Node<'_>, expression: &str, found: &Jsonata) {
    for problem in &found.problems {
        let place = place_in(expression, problem.offset);
        let finding = checker.add(&JSONATA_OPERATION, node, format!("{}{place}", problem.message));
        finding.help = problem.help.clone();
        if !problem.fails {
            finding.severity = Severity::Warning;
        }
    }
}

/// Checks the names in an expression.
fn names(checker: &mut Checker<'_>, node: &Node<'_>, found: &Jsonata, place: Place<'_>) {
    for name in &found.unqualified {
        let help = match name.as_str() {
            "states" => "write `$states`".to_owned(),
            "input" | "context" | "result" | "errorOutput" => format!("write `$states.{name}`"),
            "$" | "$$" => "write `$states.input` for the input, `$states.context` for the context object".to_owned(),
            _ => format!("write `$states.input.{name}`, `${name}` for a variable, or `'{name}'` for text"),
        };
        checker.add(&UNQUALIFIED, node, format!("`{name}` does not refer to anything")).help(help);
    }
    for name in found.functions.iter().filter(|name| !Jsonata::is_function(name)) {
        let help = match name.as_str() {
            "eval" => Some("use `$parse` to read JSON".to_owned()),
            _ => did_you_mean(name, jsonata::functions()).map(|help| help.replacen('`', "`$", 1)),
        };
        checker.add(&UNKNOWN_FUNCTION, node, format!("there is no function `${name}`")).help = help;
    }
    for path in &found.states {
        let Some((member, rest)) = path.split_first() else { continue };
        states_member(checker, node, member, rest, place);
    }
    for name in &found.variables {
        scope::check_use(checker, node, name, found.needed.contains(name), place);
    }
}

fn states_member(checker: &mut Checker<'_>, node: &Node<'_>, member: &str, rest: &[String], place: Place<'_>) {
    match member {
        "input" => {}
        "context" => {
            if let Err(error) = context::check_members("$states.context", rest.iter().map(String::as_str)) {
                checker.add(&CONTEXT, node, error.message).help = error.help;
            }
        }
        "result" if place.available != Available::Result => {
            checker.add(&STATES_MEMBER, node, "`$states.result` is not available in this field").help(
                "it is available in `Output` and `Assign` of a Task, Parallel or Map state; use `$states.input` or a variable",
            );
        }
        "errorOutput" if place.available != Available::Error => {
            checker
                .add(&STATES_MEMBER, node, "`$states.errorOutput` is not available in this field")
                .help("it is available in `Output` and `Assign` of a catcher: assign it to a variable there");
        }
        "result" | "errorOutput" => {}
        _ => {
            let help = did_you_mean(member, jsonata::STATES_MEMBERS)
                .unwrap_or_else(|| format!("the members of `$states` are {}", list(jsonata::STATES_MEMBERS, "and")));
            checker.add(&STATES_MEMBER, node, format!("`$states` has no member `{member}`")).help(help);
        }
    }
}
