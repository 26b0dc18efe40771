//! Rules for `Retry` and `Catch`.

use std::collections::HashSet;

use super::rule::{Proof, Rule};
use super::suggest::did_you_mean;
use super::{Checker, Severity};
use crate::asl::errors;
use crate::asl::{Machine, Node, State, StateType};
use crate::expression::placeholder;

/// Error names of Step Functions in addition to the constants of the library.
const MORE_NAMES: [&str; 2] = ["States.ReferencePathConflict", "States.Http.StatusCode"];

/// Errors of HTTP tasks contain the status: `States.Http.StatusCode.404`.
const STATUS_CODE: &str = "States.Http.StatusCode.";

pub(super) static RULES: &[&Rule] = &[&EMPTY, &ALL, &UNKNOWN, &REPEATED, &DELAY];

static EMPTY: Rule = Rule {
    code: "no-error-names",
    severity: Severity::Error,
    proof: &[Proof::guide("`ErrorEquals` is a non-empty array", "concepts-error-handling")],
    title: "A retrier or catcher has at least one error name",
    explanation: "`ErrorEquals` has at least one name; `States.ALL` matches all errors.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": []}], "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["States.ALL"]}], "End": true}"#,
    express: false,
};

static ALL: Rule = Rule {
    code: "states-all",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and at end of list",
        "aws/aws-cdk#10530",
    )],
    title: "`States.ALL` is the only name in the last retrier or catcher",
    explanation: "It is the only name in its `ErrorEquals`, and its retrier or catcher is the last one: others after it would \
                  never be used.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["States.ALL", "States.Timeout"]}], "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["States.ALL"]}], "End": true}"#,
    express: false,
};

static UNKNOWN: Rule = Rule {
    code: "unknown-error-name",
    severity: Severity::Warning,
    proof: &[],
    title: "An error name of Step Functions exists",
    explanation: "The prefix `States.` belongs to Step Functions; any other name can be an error of your own code, but one \
                  such as `State.Timeout` is most likely a mistake. A name that a Fail state of the same definition raises is accepted.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["States.TimeOut"]}], "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["States.Timeout"]}], "End": true}"#,
    express: false,
};

static REPEATED: Rule = Rule {
    code: "repeated-error-name",
    severity: Severity::Warning,
    proof: &[],
    title: "An error name is in one retrier or catcher only",
    explanation: "The first one with the name of an error handles it; a later one is never used. `States.Timeout` is also the \
                  error of a missed heartbeat, so `States.HeartbeatTimeout` belongs before it. `States.TaskFailed` matches \
                  every error but `States.Timeout`, so the errors of a service or of your code belong before it.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}, {"ErrorEquals": ["Busy", "Slow"]}], "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}, {"ErrorEquals": ["Slow"]}], "End": true}"#,
    express: false,
};

static DELAY: Rule = Rule {
    code: "retry-delay",
    severity: Severity::Warning,
    proof: &[],
    title: "The maximum delay is greater than the first interval",
    explanation: "`MaxDelaySeconds` limits how far the interval grows from `IntervalSeconds`, so it must be greater.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxDelaySeconds": 5}], "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxDelaySeconds": 60}], "End": true}"#,
    express: false,
};

/// The errors that the Fail states of a definition raise.
pub(super) fn raised<'a>(definition: &Machine<'a>) -> HashSet<&'a str> {
    definition
        .walk()
        .filter(|state| state.state_type() == StateType::Fail)
        .filter_map(|state| state.text("Error"))
        .collect()
}

pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>) {
    for (field, element) in [("Retry", "retrier"), ("Catch", "catcher")] {
        let Some(list) = state.get(field) else { continue };
        let elements: Vec<Node<'_>> = list.elements().collect();
        let mut seen = HashSet::new();
        for (at, rule) in elements.iter().enumerate() {
            if let Some(names) = rule.get("ErrorEquals") {
                error_names(checker, &names, element, at + 1 == elements.len(), &mut seen);
            }
        }
        if field == "Retry" {
            elements.iter().for_each(|retrier| delay(checker, retrier));
        }
    }
}

fn error_names<'a>(
    checker: &mut Checker<'_>,
    names: &Node<'a>,
    element: &str,
    last: bool,
    seen: &mut HashSet<&'a str>,
) {
    let Some(array) = names.json().as_array() else { return };
    if array.is_empty() {
        checker
            .add(&EMPTY, names, format!("the {element} has no error names"))
            .help("write `[\"States.ALL\"]` to match all errors");
    }
    let missed_heartbeats_are_handled = seen.contains("States.Timeout");
    let failures_are_handled = seen.contains("States.TaskFailed");
    for node in names.elements() {
        let Some(name) = node.json().as_str() else { continue };
        if name == "States.ALL" {
            if array.len() > 1 {
                checker
                    .add(&ALL, &node, "`States.ALL` must be the only name")
                    .help(format!("move it to its own {element}, as the last one"));
            } else if !last {
                checker
                    .add(&ALL, &node, format!("`States.ALL` is not in the last {element}"))
                    .help(format!("move it after every other {element}"));
            }
        } else if known(name) || checker.raised.contains(name) || placeholder::is_in(name) {
        } else if let Some(help) = slip(name) {
            checker.add(&UNKNOWN, &node, format!("nothing raises an error `{name}`")).help(help);
        } else if name.starts_with("States.") {
            let message = format!("Step Functions has no error `{name}`");
            checker.add(&UNKNOWN, &node, message).help = did_you_mean(name, known_names())
                .or_else(|| Some("the name of your own error cannot start with `States.`".into()));
        }
        if !seen.insert(name) && name != "States.ALL" {
            checker
                .add(&REPEATED, &node, format!("`{name}` is handled by an earlier {element}, so it is never used here"))
                .help("remove it here");
        } else if name == "States.HeartbeatTimeout" && missed_heartbeats_are_handled {
            let message = format!("an earlier {element} of `States.Timeout` handles missed heartbeats too");
            checker.add(&REPEATED, &node, message).help(format!("move this {element} before it"));
        } else if failures_are_handled && !name.starts_with("States.") && !placeholder::is_in(name) {
            let message = format!("an earlier {element} of `States.TaskFailed` handles `{name}` too");
            checker.add(&REPEATED, &node, message).help(format!("move this {element} before it"));
        }
    }
}

/// An error name of Step Functions that a name without the prefix `States.` was probably meant to be.
fn slip(name: &str) -> Option<String> {
    let begins = name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("state"));
    (begins && !name.starts_with("States.")).then(|| did_you_mean(name, known_names())).flatten()
}

/// All error names of Step Functions.
fn known_names() -> impl Iterator<Item = &'static str> {
    errors::NAMES.iter().copied().chain(MORE_NAMES)
}

fn known(name: &str) -> bool {
    known_names().any(|known| known == name) || name.starts_with(STATUS_CODE)
}

fn delay(checker: &mut Checker<'_>, retrier: &Node<'_>) {
    let interval = retrier.integer("IntervalSeconds").unwrap_or(1);
    if let (Some(most), Some(node)) = (retrier.integer("MaxDelaySeconds"), retrier.get("MaxDelaySeconds")) {
        if most <= interval && most > 0 && retrier.has("IntervalSeconds") {
            checker
                .add(
                    &DELAY,
                    &node,
                    format!("the maximum of {most} seconds is not greater than the first interval of {interval}"),
                )
                .help("set `MaxDelaySeconds` to a value greater than `IntervalSeconds`");
        }
    }
}
