//! Names of variables and functions.

use std::collections::BTreeSet;

/// Keywords of Rust, and names of the prelude that a variable would shadow.
const TAKEN: [&str; 59] = [
    "abstract",
    "all",
    "any",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "context",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "errors",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "goto",
    "if",
    "impl",
    "in",
    "intrinsic",
    "jsonata",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "not",
    "override",
    "path",
    "payload",
    "priv",
    "pub",
    "ref",
    "reference",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "use",
    "var",
    "while",
];

/// `Get order (again)` becomes `get_order_again`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut previous = '_';
    for sign in name.chars() {
        if sign.is_ascii_alphanumeric() {
            if sign.is_ascii_uppercase() && (previous.is_ascii_lowercase() || previous.is_ascii_digit()) {
                snake.push('_');
            }
            snake.push(sign.to_ascii_lowercase());
        } else if !snake.ends_with('_') && !snake.is_empty() {
            snake.push('_');
        }
        previous = sign;
    }
    let snake = snake.trim_matches('_');
    match snake.chars().next() {
        None => "state".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("state_{snake}"),
        Some(_) => snake.to_owned(),
    }
}

/// A name that no other variable has.
pub(super) fn variable(wanted: &str, taken: &BTreeSet<String>) -> String {
    let mut snake = snake(wanted);
    // A very long name is hard to read.
    if snake.len() > 40 {
        let end = snake[..40].rfind('_').unwrap_or(40);
        snake.truncate(end);
    }
    if TAKEN.contains(&snake.as_str()) {
        snake.push_str("_state");
    }
    let mut name = snake.clone();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{snake}_{number}");
        number += 1;
    }
    name
}

pub(super) fn function(wanted: &str) -> String {
    variable(wanted, &BTreeSet::new())
}
