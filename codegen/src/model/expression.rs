//! Paths and intrinsic functions in examples. This finds typing mistakes; the checker of the library parses them completely.

use crate::fault::did_you_mean;

const FUNCTIONS: [&str; 18] = [
    "States.Array",
    "States.ArrayContains",
    "States.ArrayGetItem",
    "States.ArrayLength",
    "States.ArrayPartition",
    "States.ArrayRange",
    "States.ArrayUnique",
    "States.Base64Decode",
    "States.Base64Encode",
    "States.Format",
    "States.Hash",
    "States.JsonMerge",
    "States.JsonToString",
    "States.MathAdd",
    "States.MathRandom",
    "States.StringSplit",
    "States.StringToJson",
    "States.UUID",
];

/// The members of the context object, and their members.
const CONTEXT: [(&str, &[&str]); 5] = [
    ("Execution", &["Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"]),
    ("State", &["EnteredTime", "Name", "RetryCount"]),
    ("StateMachine", &["Id", "Name"]),
    ("Task", &["Token"]),
    ("Map", &["Item"]),
];

/// An error for a string that is JSONata.
pub(super) fn jsonata_fault(text: &str) -> Option<String> {
    let is_jsonata = text.starts_with("{%") && text.ends_with("%}");
    is_jsonata.then(|| {
        "examples are written in JSONPath, and their JSONata form is derived: write a key that ends with `.$`, and a path".to_owned()
    })
}

/// An error in a JSONata expression without `{% %}`.
pub(super) fn bare_jsonata_fault(text: &str) -> Option<String> {
    if text.contains("{%") || text.contains("%}") {
        return Some("write the expression without `{%` and `%}`".to_owned());
    }
    // In a comment or a regular expression, brackets need not match.
    if text.contains('/') { None } else { unbalanced(text) }
}

/// An error in the value of a key that ends with `.$`.
pub(super) fn fault(text: &str) -> Option<String> {
    if text.starts_with("States.") {
        let name = text.split('(').next().unwrap_or_default();
        if !FUNCTIONS.contains(&name) {
            return Some(format!("there is no intrinsic function `{name}`{}", did_you_mean(name, FUNCTIONS)));
        }
        if !text.ends_with(')') {
            return Some(format!("`{text}` does not end with the `)` of its function"));
        }
        return unbalanced(text);
    }
    let steps = text.strip_prefix("$$").or(text.strip_prefix('$'))?;
    if let Some(fault) = unbalanced(text) {
        return Some(fault);
    }
    let right = steps.is_empty() || steps.starts_with(['.', '[']);
    // Brackets can contain anything, such as a filter or a quoted name, so their content is skipped.
    let bare: String = outside(steps).collect();
    let empty = bare.ends_with('.') || bare.contains("...") || bare.replace("..", "").contains(".[.");
    if !right || empty || bare.contains(char::is_whitespace) {
        return Some(format!("`{text}` is not a JSONPath: write it like `$.order.lines[0]`"));
    }
    unknown_in_context(text)
}

/// An error for an unknown member of the context object.
fn unknown_in_context(text: &str) -> Option<String> {
    let mut names = text.strip_prefix("$$.")?.split(['.', '[']);
    let first = names.next()?;
    let Some((_, members)) = CONTEXT.iter().find(|(known, _)| *known == first) else {
        let hint = did_you_mean(first, CONTEXT.map(|(known, _)| known));
        return Some(format!("the context object has no `{first}`{hint}"));
    };
    let second = names.next().filter(|second| !second.is_empty() && !members.contains(second))?;
    Some(format!("`$$.{first}` has no `{second}`{}", did_you_mean(second, members.iter().copied())))
}

/// The characters outside of brackets and quotation marks, with one `[` for each pair of brackets.
fn outside(text: &str) -> impl Iterator<Item = char> {
    let (mut depth, mut quote, mut escaped) = (0_usize, false, false);
    text.chars().filter(move |sign| {
        if quote {
            quote = escaped || *sign != '\'';
            escaped = !escaped && *sign == '\\';
            return false;
        }
        match sign {
            '\'' => quote = true,
            '[' | '(' => {
                depth += 1;
                return depth == 1;
            }
            ']' | ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    })
}

/// The first unmatched bracket or quotation mark.
fn unbalanced(text: &str) -> Option<String> {
    let (mut open, mut quote, mut escaped) = (Vec::new(), None, false);
    for sign in text.chars() {
        if quote.is_some() {
            quote = quote.filter(|quote| escaped || sign != *quote);
            escaped = !escaped && sign == '\\';
            continue;
        }
        match sign {
            '\'' | '"' | '`' => quote = Some(sign),
            '[' => open.push(']'),
            '(' => open.push(')'),
            '{' => open.push('}'),
            ']' | ')' | '}' if open.pop() != Some(sign) => return Some(format!("`{text}` has an unmatched `{sign}`")),
            _ => {}
        }
    }
    let missing = quote.or_else(|| open.pop());
    missing.map(|sign| format!("a `{sign}` is missing in `{text}`"))
}
