//! Expressions with a known value, in fields that need another type.

use super::rule::{Proof, Rule};
use super::scope::Scope;
use super::{Checker, Severity};
use crate::asl::{Node, ProcessorMode, QueryLanguage, State};
use crate::expression::jsonata::unwrap;
use crate::expression::placeholder;
use crate::value::Json;

pub(super) static RULES: &[&Rule] = &[&TYPE];

static TYPE: Rule = Rule {
    code: "expression-type",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type. Expected 'array', \
         but was 'number' for value: 1",
        "localstack/localstack, test_map_state_items_eval_jsonata_fail",
    )],
    title: "An expression returns the type that its field accepts",
    explanation: "This is checked for literals, and for variables to which only literals of one type are assigned. `Items` \
                  accepts an array (in distributed mode also an object), `Seconds` and similar fields a number, a `Condition` `true` or `false`.",
    wrong: r#"{"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% {\"a\": 1} %}", "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    right: r#"{"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% [1, 2] %}", "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    express: false,
};

/// The JSON type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    fn describe(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }
}

/// Fields with one value, and the type that they accept.
const FIELDS: &[(&str, Kind)] = &[
    ("Seconds", Kind::Number),
    ("TimeoutSeconds", Kind::Number),
    ("HeartbeatSeconds", Kind::Number),
    ("MaxConcurrency", Kind::Number),
    ("ToleratedFailureCount", Kind::Number),
    ("ToleratedFailurePercentage", Kind::Number),
    ("Timestamp", Kind::String),
    ("Error", Kind::String),
    ("Cause", Kind::String),
];

pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>, scope: &Scope<'_>) {
    if state.query_language() != QueryLanguage::Jsonata {
        return;
    }
    for (name, wanted) in FIELDS {
        if let Some(node) = state.get(name) {
            field(checker, &node, name, &[*wanted], scope);
        }
    }
    for rule in state.choices() {
        if let Some(node) = rule.get("Condition") {
            field(checker, &node, "Condition", &[Kind::Boolean], scope);
        }
    }
    if let Some(node) = state.get("Items") {
        let inline = state.processor().is_some_and(|processor| processor.mode() == Some(ProcessorMode::Inline));
        let wanted: &[Kind] = if inline { &[Kind::Array] } else { &[Kind::Array, Kind::Object] };
        // A string may be an expression, or a token that another tool replaces.
        if let Some(kind) =
            of_value(node.json()).filter(|kind| node.json().as_str().is_none() && !wanted.contains(kind))
        {
            let message = format!("`Items` accepts {}, not {}", wanted[0].describe(), kind.describe());
            checker.add(&TYPE, &node, message);
        }
        field(checker, &node, "Items", wanted, scope);
    }
}

fn field(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, wanted: &[Kind], scope: &Scope<'_>) {
    let Some(Ok(Some(expression))) = node.json().as_str().map(unwrap) else { return };
    let kind = match expression.trim().strip_prefix('$') {
        Some(name) => scope.kind(name),
        None => of_expression(expression),
    };
    if let Some(kind) = kind.filter(|kind| !wanted.contains(kind)) {
        let message =
            format!("`{name}` accepts {}, but the expression returns {}", wanted[0].describe(), kind.describe());
        checker.add(&TYPE, node, message);
    }
}

/// The type of the value that is assigned to a variable, if it is known.
pub(super) fn of_value(json: &Json) -> Option<Kind> {
    Some(match json {
        Json::Null => Kind::Null,
        Json::Bool(_) => Kind::Boolean,
        Json::Number(_) => Kind::Number,
        Json::String(text) if placeholder::is_in(text) => return None,
        Json::String(text) => match unwrap(text) {
            Ok(Some(expression)) => return of_expression(expression),
            _ => Kind::String,
        },
        Json::Array(_) => Kind::Array,
        Json::Object(_) => Kind::Object,
        Json::Placeholder(_) => return None,
    })
}

/// The type of an expression that is a literal. JSON is also JSONata, which accepts strings in single quotation
/// marks.
fn of_expression(expression: &str) -> Option<Kind> {
    let double;
    let text = match expression.contains('"') {
        true => expression,
        false => {
            double = expression.replace('\'', "\"");
            &double
        }
    };
    Some(match serde_json::from_str(text).ok()? {
        serde_json::Value::Null => Kind::Null,
        serde_json::Value::Bool(_) => Kind::Boolean,
        serde_json::Value::Number(_) => Kind::Number,
        serde_json::Value::String(_) => Kind::String,
        serde_json::Value::Array(_) => Kind::Array,
        serde_json::Value::Object(_) => Kind::Object,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_have_a_kind() {
        for (expression, kind) in [
            (" 1 ", Some(Kind::Number)),
            ("true", Some(Kind::Boolean)),
            ("{'a': [1]}", Some(Kind::Object)),
            ("'text'", Some(Kind::String)),
            ("[1, 'a']", Some(Kind::Array)),
            ("1 + 1", None),
            ("$x", None),
            ("{'a': $x}", None),
        ] {
            assert_eq!(of_expression(expression), kind, "{expression}");
        }
    }
}
