//! The condition of a choice rule, in one line.

use crate::asl::ChoiceRule;
use crate::value::Json;

/// Conditions deeper than this are left out.
const MAX_DEPTH: usize = 8;

/// `$.count < 3 and not ($.done = true)`; empty if the rule has no condition.
pub(super) fn describe(rule: &ChoiceRule<'_>) -> String {
    describe_at(rule, 0)
}

fn describe_at(rule: &ChoiceRule<'_>, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return "…".to_owned();
    }
    if let Some(condition) = rule.condition() {
        let inside = condition.trim().strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
        return words(inside.unwrap_or(condition));
    }
    for (member, between) in [("And", " and "), ("Or", " or ")] {
        if rule.has(member) {
            let parts: Vec<String> = rule.operands().iter().map(|operand| operand_text(operand, depth)).collect();
            return parts.join(between);
        }
    }
    if rule.has("Not") {
        return rule
            .operands()
            .first()
            .map(|operand| format!("not ({})", describe_at(operand, depth + 1)))
            .unwrap_or_default();
    }
    comparison(rule)
}

/// An operand of `And` or `Or`, in brackets if it is made of several conditions itself.
fn operand_text(operand: &ChoiceRule<'_>, depth: usize) -> String {
    let text = describe_at(operand, depth + 1);
    if operand.has("And") || operand.has("Or") { format!("({text})") } else { text }
}

fn comparison(rule: &ChoiceRule<'_>) -> String {
    let variable = rule.variable().unwrap_or_default();
    let other = ["Variable", "Next", "Comment", "Assign", "Output"];
    let Some((operator, value)) = rule.members().find(|(name, _)| !other.contains(name)) else {
        return words(variable);
    };
    let value = value.json();
    if let Some(kind) = operator.strip_prefix("Is") {
        let not = if value.as_bool() == Some(false) { "not " } else { "" };
        return words(&format!("{variable} is {not}{}", kind.to_lowercase()));
    }
    words(&format!("{variable} {} {}", symbol(operator), literal(value)))
}

/// The operator without the type that it compares: `<` for `NumericLessThan`.
fn symbol(operator: &str) -> &str {
    let operator = operator.strip_suffix("Path").unwrap_or(operator);
    let types = ["String", "Numeric", "Boolean", "Timestamp"];
    let comparison = types.iter().find_map(|name| operator.strip_prefix(name)).unwrap_or(operator);
    match comparison {
        "Equals" => "=",
        "LessThan" => "<",
        "LessThanEquals" => "≤",
        "GreaterThan" => ">",
        "GreaterThanEquals" => "≥",
        "Matches" => "matches",
        other => other,
    }
}

fn literal(value: &Json) -> String {
    match value {
        // A path compares with another part of the input, and says so by its `$`.
        Json::String(text) if text.starts_with('$') => text.to_string(),
        other => other.to_string(),
    }
}

/// The text with its white space as single spaces.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::asl::StateMachine;

    fn texts(choices: &str) -> Vec<String> {
        let text = format!(r#"{{"StartAt":"C","States":{{"C":{{"Type":"Choice","Choices":{choices}}}}}}}"#);
        let machine = StateMachine::from_json(&text).unwrap();
        let choice = machine.states().next().unwrap();
        choice.choices().map(|rule| super::describe(&rule)).collect()
    }

    #[test]
    fn conditions_are_short() {
        let texts = texts(
            r#"[
            {"Variable": "$.a", "StringEquals": "x", "Next": "N"},
            {"Variable": "$.a", "NumericLessThanEqualsPath": "$.b", "Next": "N"},
            {"Variable": "$.a", "IsPresent": false, "Next": "N"},
            {"Not": {"Variable": "$.a", "BooleanEquals": true}, "Next": "N"},
            {"And": [{"Variable": "$.a", "IsNull": true}, {"Or": [{"Variable": "$.b", "TimestampGreaterThan": "t"}]}]},
            {"Condition": "{% $count($x)\n   > 1 %}"},
            {}, 7
            ]"#,
        );
        assert_eq!(
            texts,
            [
                "$.a = \"x\"",
                "$.a ≤ $.b",
                "$.a is not present",
                "not ($.a = true)",
                "$.a is null and ($.b > \"t\")",
                "$count($x) > 1",
                "",
                ""
            ]
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("{}{{}}{}", r#"{"Not":"#.repeat(40), "}".repeat(40));
        assert!(texts(&format!("[{deep}]"))[0].contains("not (…)"));
    }
}
