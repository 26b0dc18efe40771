//! What stands inside of strings: paths, intrinsic functions and JSONata, and the payloads that hold them.

use super::fields::{Available, Place};
use super::rule::Rule;
use super::suggest::{did_you_mean, list};
use super::{Checker, Severity, scope};
use crate::asl::{Node, QueryLanguage};
use crate::expression::json_path::Root;
use crate::expression::{Intrinsic, JsonPath, Jsonata, SyntaxError, context, intrinsic, jsonata, placeholder};
use crate::value::Json;

pub(super) static RULES: &[&Rule] = &[
    &PATH,
    &REFERENCE_PATH,
    &RESULT_PATH,
    &INTRINSIC,
    &CONTEXT,
    &DOLLAR_KEY,
    &DOLLAR_KEY_IN_JSONATA,
    &DUPLICATE_KEY,
    &FORGOTTEN_DOLLAR,
    &JSONATA,
    &UNQUALIFIED,
    &UNKNOWN_FUNCTION,
    &STATES_MEMBER,
    &FORGOTTEN_BRACES,
];

static PATH: Rule = Rule {
    code: "path",
    severity: Severity::Error,
    title: "A path is a JSONPath",
    explanation: "A path begins with `$` (the input or result), `$$` (the context object) or `$name` (a variable). Names \
                  with blanks or other special signs stand in brackets: `$['the name']`.",
    wrong: r#"{"Type": "Pass", "InputPath": "$.order.", "End": true}"#,
    right: r#"{"Type": "Pass", "InputPath": "$.order", "End": true}"#,
    express: false,
};

static REFERENCE_PATH: Rule = Rule {
    code: "reference-path",
    severity: Severity::Error,
    title: "A reference path points at a single node",
    explanation: "Where a state wants one value, its path has names and indexes only: no `*`, no `..`, no filter, no \
                  slice and no function.",
    wrong: r#"{"Type": "Wait", "SecondsPath": "$.delays[*]", "Next": "Done"}"#,
    right: r#"{"Type": "Wait", "SecondsPath": "$.delays[0]", "Next": "Done"}"#,
    express: false,
};

static RESULT_PATH: Rule = Rule {
    code: "result-path",
    severity: Severity::Error,
    title: "A result goes into the state's input",
    explanation: "`ResultPath` says where in the input the result is put, so it begins with `$`: the context object and \
                  variables cannot be written to by it. `null` throws the result away.",
    wrong: r#"{"Type": "Pass", "Result": 1, "ResultPath": "$$.Execution.Input", "End": true}"#,
    right: r#"{"Type": "Pass", "Result": 1, "ResultPath": "$.result", "End": true}"#,
    express: false,
};

static INTRINSIC: Rule = Rule {
    code: "intrinsic-function",
    severity: Severity::Error,
    title: "A call of an intrinsic function is right",
    explanation: "The function exists, gets as many arguments as it takes, and literals among them are of the right type. \
                  Strings stand in single quotation marks. A field holds at most ten calls.",
    wrong: r#"{"Type": "Pass", "Parameters": {"text.$": "States.Format('{} of {}', $.part)"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"text.$": "States.Format('{} of {}', $.part, $.whole)"}, "End": true}"#,
    express: false,
};

static CONTEXT: Rule = Rule {
    code: "context-object",
    severity: Severity::Error,
    title: "The context object has the member",
    explanation: "It has `Execution`, `State`, `StateMachine`, `Task` and `Map`, each with a few members.",
    wrong: r#"{"Type": "Pass", "Parameters": {"id.$": "$$.Execution.Identifier"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"id.$": "$$.Execution.Id"}, "End": true}"#,
    express: false,
};

static DOLLAR_KEY: Rule = Rule {
    code: "dollar-key",
    severity: Severity::Error,
    title: "A key that ends in `.$` has a path or a call as its value",
    explanation: "The ending says that the value is worked out at run time. A constant stands under the key without it.",
    wrong: r#"{"Type": "Pass", "Parameters": {"kind.$": "order"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"kind": "order"}, "End": true}"#,
    express: false,
};

pub(super) static DOLLAR_KEY_IN_JSONATA: Rule = Rule {
    code: "dollar-key-in-jsonata",
    severity: Severity::Error,
    title: "A JSONata state has no keys that end in `.$`",
    explanation: "With JSONata it is the braces of the value that make it an expression.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id.$": "$.id"}, "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id": "{% $states.input.id %}"}, "End": true}"#,
    express: false,
};

static DUPLICATE_KEY: Rule = Rule {
    code: "duplicate-key",
    severity: Severity::Error,
    title: "A key does not stand with and without `.$`",
    explanation: "Both name the same member of the result.",
    wrong: r#"{"Type": "Pass", "Parameters": {"id": 1, "id.$": "$.id"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"id.$": "$.id"}, "End": true}"#,
    express: false,
};

static FORGOTTEN_DOLLAR: Rule = Rule {
    code: "forgotten-dollar",
    severity: Severity::Warning,
    title: "A path stands under a key that ends in `.$`",
    explanation: "Under any other key it is a string like every other, and is handed on as it is.",
    wrong: r#"{"Type": "Pass", "Parameters": {"id": "$.id"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"id.$": "$.id"}, "End": true}"#,
    express: false,
};

static JSONATA: Rule = Rule {
    code: "jsonata",
    severity: Severity::Error,
    title: "What stands between `{%` and `%}` is JSONata",
    explanation: "The string begins with `{%` and ends with `%}`, and what is between them parses.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.( %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input %}", "End": true}"#,
    express: false,
};

static UNQUALIFIED: Rule = Rule {
    code: "jsonata-unqualified",
    severity: Severity::Error,
    title: "An expression starts from `$states` or a variable",
    explanation: "Step Functions evaluates expressions without a context value: `$`, `$$` and names that stand alone have \
                  nothing to refer to, but for places inside of a path, a filter or a function.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% states.input.id %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.id %}", "End": true}"#,
    express: false,
};

static UNKNOWN_FUNCTION: Rule = Rule {
    code: "jsonata-function",
    severity: Severity::Error,
    title: "A function that an expression calls exists",
    explanation: "These are the functions of JSONata 2.0.6 without `$eval`, those that Step Functions adds (`$partition`, \
                  `$range`, `$hash`, `$random`, `$uuid`, `$parse`), and those that the expression defines.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $eval($states.input.text) %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $parse($states.input.text) %}", "End": true}"#,
    express: false,
};

static STATES_MEMBER: Rule = Rule {
    code: "states-member",
    severity: Severity::Error,
    title: "A member of `$states` is there where it is used",
    explanation: "`input` and `context` are there always; `result` in `Output` and `Assign` of a Task, Parallel or Map \
                  state; `errorOutput` in `Output` and `Assign` of a catcher.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.result.id %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.id %}", "End": true}"#,
    express: false,
};

static FORGOTTEN_BRACES: Rule = Rule {
    code: "forgotten-braces",
    severity: Severity::Warning,
    title: "An expression stands between `{%` and `%}`, in a JSONata state",
    explanation: "Everywhere else it is a string like every other. The same goes for a path in a JSONata state.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id": "$states.input.id"}, "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id": "{% $states.input.id %}"}, "End": true}"#,
    express: false,
};

/// What kind of path a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any path, or `null`.
    Path,
    /// A reference path.
    Reference,
    /// A reference path into the input, or `null`.
    Result,
    /// A reference path or a call of an intrinsic function.
    OrCall,
}

/// Checks a field that holds a path.
pub(super) fn path_field(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, kind: Kind, place: Place<'_>) {
    let text = match node.json() {
        Json::String(text) => text,
        Json::Null if matches!(kind, Kind::Path | Kind::Result) => return,
        other => {
            checker.add(&PATH, node, format!("`{name}` is a path in a string, not {}", other.kind()));
            return;
        }
    };
    if kind == Kind::OrCall && intrinsic::looks_like_call(text) {
        call(checker, node, text, place);
    } else {
        path(checker, node, text, kind, place);
    }
}

fn path(checker: &mut Checker<'_>, node: &Node<'_>, text: &str, kind: Kind, place: Place<'_>) {
    if intrinsic::looks_like_call(text) {
        checker
            .add(&PATH, node, format!("`{}` is no path, and a function cannot stand here", shorten(text)))
            .help("work it out in a payload, such as `Parameters`, and give the path to the result");
        return;
    }
    match JsonPath::parse(text) {
        Ok(path) => {
            if kind == Kind::Result && path.root != Root::Value {
                checker
                    .add(&RESULT_PATH, node, format!("`{text}` does not lead into the state's input"))
                    .help("begin the path with `$.`");
                return;
            }
            if kind != Kind::Path {
                if let Err(error) = path.check_reference() {
                    syntax(checker, &REFERENCE_PATH, node, text, error);
                    return;
                }
            }
            check_root(checker, node, &path, place);
        }
        Err(_) if placeholder::is_in(text) => {}
        Err(error) => syntax(checker, &PATH, node, text, error),
    }
}

fn call(checker: &mut Checker<'_>, node: &Node<'_>, text: &str, place: Place<'_>) {
    match Intrinsic::parse(text) {
        Ok(call) => call.paths().into_iter().for_each(|path| check_root(checker, node, path, place)),
        Err(_) if placeholder::is_in(text) => {}
        Err(error) => syntax(checker, &INTRINSIC, node, text, error),
    }
}

fn syntax(checker: &mut Checker<'_>, rule: &'static Rule, node: &Node<'_>, text: &str, error: SyntaxError) {
    let place = match text.get(..error.offset).map_or(0, |before| before.chars().count()) {
        0 => String::new(),
        column => format!(" (at character {})", column + 1),
    };
    checker.add(rule, node, format!("`{}`: {}{place}", shorten(text), error.message)).help = error.help;
}

/// The text, cut where it would fill a screen.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Checks what a path starts from: the context object's members, or a variable.
fn check_root(checker: &mut Checker<'_>, node: &Node<'_>, path: &JsonPath<'_>, place: Place<'_>) {
    match path.root {
        Root::Value => {}
        Root::Context => {
            if let Err(error) = context::check_members("$$", path.leading_names()) {
                checker.add(&CONTEXT, node, error.message).help = error.help;
            }
        }
        Root::Variable(name) => scope::check_use(checker, node, name, place),
    }
}

/// Checks JSON with parts that are worked out at run time.
pub(super) fn payload(checker: &mut Checker<'_>, node: &Node<'_>, place: Place<'_>) {
    let mut open = vec![node.clone()];
    while let Some(node) = open.pop() {
        match node.json() {
            Json::String(text) => text_in_payload(checker, &node, text, place),
            Json::Array(_) => open.extend(node.elements()),
            Json::Object(_) => open.extend(node.members().filter_map(|(key, child)| match key.strip_suffix(".$") {
                Some(bare) => {
                    dollar_key(checker, &node, key, bare, &child, place);
                    None
                }
                None => Some(child),
            })),
            _ => {}
        }
    }
}

fn dollar_key(checker: &mut Checker<'_>, parent: &Node<'_>, key: &str, bare: &str, node: &Node<'_>, place: Place<'_>) {
    if place.language == QueryLanguage::Jsonata {
        checker
            .add(&DOLLAR_KEY_IN_JSONATA, node, format!("`{key}`: a JSONata state has no keys that end in `.$`"))
            .help(format!("write `\"{bare}\": \"{{% … %}}\"`"));
        return;
    }
    if parent.has(bare) {
        checker
            .add(&DUPLICATE_KEY, node, format!("`{bare}` is there both with and without `.$`"))
            .help("leave one of them out");
    }
    match node.json() {
        Json::String(text) if intrinsic::looks_like_call(text.trim_start()) => call(checker, node, text, place),
        Json::String(text) if text.starts_with('$') => path(checker, node, text, Kind::Path, place),
        Json::Placeholder(_) => {}
        Json::String(text) if placeholder::is_in(text) => {}
        other => {
            let what = match other.as_str() {
                Some(text) => format!("`{}`", shorten(text)),
                None => other.kind().to_owned(),
            };
            checker
                .add(&DOLLAR_KEY, node, format!("`{key}` wants a path or a call of an intrinsic function, not {what}"))
                .help(format!("write `{bare}` for a constant, or begin the value with `$`"));
        }
    }
}

fn text_in_payload(checker: &mut Checker<'_>, node: &Node<'_>, value: &str, place: Place<'_>) {
    if place.language == QueryLanguage::Jsonata {
        return text(checker, node, value, place);
    }
    let path = value.starts_with("$.") || value.starts_with("$$.");
    if path && !placeholder::is_in(value) && JsonPath::parse(value).is_ok() {
        let name = node.pointer();
        let key = name.rsplit('/').next().unwrap_or_default();
        if !key.bytes().all(|sign| sign.is_ascii_digit()) {
            checker
                .add(&FORGOTTEN_DOLLAR, node, format!("`{value}` is handed on as a string, for its key lacks `.$`"))
                .help(format!("write `\"{key}.$\": \"{value}\"`"));
        }
    } else if matches!(jsonata::unwrap(value), Ok(Some(_))) {
        checker
            .add(
                &FORGOTTEN_BRACES,
                node,
                format!("`{}` is a string like every other in a JSONPath state", shorten(value)),
            )
            .help("set `QueryLanguage` to `JSONata`, or write a path");
    }
}

/// Checks a string that may be a JSONata expression.
pub(super) fn text(checker: &mut Checker<'_>, node: &Node<'_>, value: &str, place: Place<'_>) {
    match jsonata::unwrap(value) {
        Ok(Some(expression)) => match Jsonata::parse(expression) {
            Ok(found) => names(checker, node, &found, place),
            Err(_) if placeholder::is_in(value) => {}
            Err(error) => {
                checker.add(&JSONATA, node, format!("`{}`: {}", shorten(value), error.message)).help = error.help;
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
                        format!("`{}` is a string like every other: blanks stand around it", shorten(value)),
                    )
                    .help("begin the string with `{%` and end it with `%}`");
            } else if leads && !value.contains(char::is_whitespace) && !placeholder::is_in(value) {
                let help = "write it as an expression: `{% $states.input… %}`";
                let message = format!("`{}` is a string like every other: it lacks `{{%` and `%}}`", shorten(value));
                checker.add(&FORGOTTEN_BRACES, node, message).help(help);
            }
        }
        Err(_) if placeholder::is_in(value) => {}
        Err(error) => {
            checker.add(&JSONATA, node, format!("`{}`: {}", shorten(value), error.message)).help = error.help;
        }
    }
}

/// Checks the condition of a choice rule.
pub(super) fn condition(checker: &mut Checker<'_>, node: &Node<'_>, place: Place<'_>) {
    match node.json() {
        Json::Bool(_) => {}
        Json::String(value) if !matches!(jsonata::unwrap(value), Ok(None)) || placeholder::is_in(value) => {
            text(checker, node, value, place);
        }
        other => {
            let message = format!("`Condition` is an expression, not {}", other.kind());
            checker.add(&JSONATA, node, message).help("write `{% … %}`");
        }
    }
}

/// Checks the names that an expression uses.
fn names(checker: &mut Checker<'_>, node: &Node<'_>, found: &Jsonata, place: Place<'_>) {
    for name in &found.unqualified {
        let help = match name.as_str() {
            "states" => "write `$states`".to_owned(),
            "$" | "$$" => "write `$states.input` for the input, `$states.context` for the context object".to_owned(),
            _ => format!("write `$states.input.{name}`, `${name}` for a variable, or `'{name}'` for a text"),
        };
        checker.add(&UNQUALIFIED, node, format!("`{name}` has nothing to refer to")).help(help);
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
    found.variables.iter().for_each(|name| scope::check_use(checker, node, name, place));
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
            checker.add(&STATES_MEMBER, node, "`$states.result` is not there in this field").help(
                "it is there in `Output` and `Assign` of a Task, Parallel or Map state; use `$states.input` or a variable",
            );
        }
        "errorOutput" if place.available != Available::Error => {
            checker
                .add(&STATES_MEMBER, node, "`$states.errorOutput` is not there in this field")
                .help("it is there in `Output` and `Assign` of a catcher: assign it to a variable there");
        }
        "result" | "errorOutput" => {}
        _ => {
            let help = did_you_mean(member, jsonata::STATES_MEMBERS)
                .unwrap_or_else(|| format!("`$states` has {}", list(jsonata::STATES_MEMBERS, "and")));
            checker.add(&STATES_MEMBER, node, format!("`$states` has no member `{member}`")).help(help);
        }
    }
}
