//! Rules for data: the values at paths.

use super::expressions::{INTRINSIC, JSONATA_OPERATION, place_in};
use super::integration::PARAMETER_TYPE;
use super::rule::{Proof, Rule};
use super::{Checker, Severity};
use crate::asl::StateMachine;
use crate::flow::{self, Kind, MAX_PAYLOAD};

pub(super) static RULES: &[&Rule] = &[&IMPOSSIBLE, &UNLIKELY, &ITEMS, &TYPE, &CONTEXT, &COMPARISON, &TOO_LARGE];

static IMPOSSIBLE: Rule = Rule {
    code: "impossible-path",
    severity: Severity::Error,
    proof: &[
        Proof::failure(
            "The JSONPath '$.missing' specified for the field 'value.$' could not be found in the input",
            "localstack/localstack, test_base_path_based_on_data",
        ),
        Proof::failure(
            "The JSONata expression '$states.input.missing' specified for the field 'Output' returned nothing (undefined).",
            "localstack/localstack, test_undefined_reference",
        ),
    ],
    title: "A path leads to a value",
    explanation: "Whichever states run before this one, the data has no value at the path: the state fails with \
                  `States.ParameterPathFailure`, `States.Runtime` or `States.QueryEvaluationError`. After a Parallel state \
                  the result is a list with one element for each branch; after a Map state, one for each item.",
    wrong: r#"{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"id": 1}, "End": true}}}], "Next": "Use"}, "Use": {"Type": "Pass", "Parameters": {"id.$": "$.id"}, "End": true}}}"#,
    right: r#"{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"id": 1}, "End": true}}}], "Next": "Use"}, "Use": {"Type": "Pass", "Parameters": {"id.$": "$[0].id"}, "End": true}}}"#,
    express: false,
};

static UNLIKELY: Rule = Rule {
    code: "unlikely-path",
    severity: Severity::Warning,
    proof: &[],
    title: "A path leads to a member that the API returns",
    explanation: "In AWS's model of the API, the result has no such member for this pattern. After `.sync`, the result is the \
                  description of the finished job. Also reported for the sample input of the check, for a \
                  comparison of a Choice state that is not always evaluated, and for a part of a JSONata expression, which \
                  then has no value.",
    wrong: r#"{"StartAt": "Query", "States": {"Query": {"Type": "Task", "Resource": "arn:aws:states:::athena:startQueryExecution.sync", "Parameters": {"QueryString": "SELECT 1", "WorkGroup": "primary"}, "Next": "Use"}, "Use": {"Type": "Pass", "Parameters": {"id.$": "$.QueryExecutionId"}, "End": true}}}"#,
    right: r#"{"StartAt": "Query", "States": {"Query": {"Type": "Task", "Resource": "arn:aws:states:::athena:startQueryExecution.sync", "Parameters": {"QueryString": "SELECT 1", "WorkGroup": "primary"}, "Next": "Use"}, "Use": {"Type": "Pass", "Parameters": {"id.$": "$.QueryExecution.QueryExecutionId"}, "End": true}}}"#,
    express: false,
};

static TYPE: Rule = Rule {
    code: "expression-type",
    severity: Severity::Error,
    proof: &[
        Proof::failure(
            "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type. Expected \
             'array', but was 'number' for value: 1",
            "localstack/localstack, test_map_state_items_eval_jsonata_fail",
        ),
        Proof::failure(
            "The MaxConcurrencyPath field refers to value \"NoNumber\" which is not a valid integer: \
             $.MaxConcurrencyValue",
            "localstack/localstack, test_max_concurrency_path",
        ),
    ],
    title: "A path or an expression gives the type that its field accepts",
    explanation: "`Items` accepts an array (in distributed mode also an object), `Seconds`, `SecondsPath` and similar fields \
                  a number, `Timestamp` and `TimestampPath` a timestamp with its offset from UTC, a `Condition` `true` or \
                  `false`. A function is no value.",
    wrong: r#"{"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% {\"a\": 1} %}", "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    right: r#"{"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% [1, 2] %}", "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}, "End": true}"#,
    express: false,
};

static ITEMS: Rule = Rule {
    code: "items-not-a-list",
    severity: Severity::Error,
    proof: &[
        Proof::failure(
            "Map state input must be an array but was: true",
            "localstack/localstack, test_map_state_items_input_types",
        ),
        Proof::failure(
            "The JSONata expression '$ItemsVar' specified for the field 'Items' returned an unexpected result type. \
             Expected 'array', but was 'null'",
            "localstack/localstack, test_map_state_items_variable_sampling",
        ),
    ],
    title: "A Map state iterates over a list",
    explanation: "`Items`, the value at `ItemsPath`, or otherwise the input of the state is a list.",
    wrong: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "Next": "B"}, "B": {"Type": "Map", "ItemsPath": "$.n", "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}, "End": true}}}"#,
    right: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": [1]}, "Next": "B"}, "B": {"Type": "Map", "ItemsPath": "$.n", "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}, "End": true}}}"#,
    express: false,
};

static CONTEXT: Rule = Rule {
    code: "context-not-here",
    severity: Severity::Warning,
    proof: &[],
    title: "A member of the context object is available in this state",
    explanation: "`Task.Token` is available in a Task state that waits for a callback or a job, `Map.Item` in a Map state and in \
                  the states inside it.",
    wrong: r#"{"Type": "Pass", "Parameters": {"index.$": "$$.Map.Item.Index"}, "End": true}"#,
    right: r#"{"Type": "Map", "ItemSelector": {"index.$": "$$.Map.Item.Index"}, "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}, "End": true}"#,
    express: false,
};

static COMPARISON: Rule = Rule {
    code: "comparison-type",
    severity: Severity::Warning,
    proof: &[],
    title: "A comparison has a type that the value can have",
    explanation: "A comparison with a value of another type is false, without an error: the rule is never chosen.",
    wrong: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": "5"}, "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 5, "Next": "C"}], "Default": "C"}, "C": {"Type": "Succeed"}}}"#,
    right: r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 5}, "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 5, "Next": "C"}], "Default": "C"}, "C": {"Type": "Succeed"}}}"#,
    express: false,
};

static TOO_LARGE: Rule = Rule {
    code: "payload-too-large",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "the input and the output of a task, a state or an execution have at most 256 KiB as text",
        "service-quotas",
    )],
    title: "The output of a state has at most 256 KiB",
    explanation: "The constants in the definition that the state passes on are already larger: the execution \
                  fails with `States.DataLimitExceeded`. Store the data in Amazon S3 and pass its key.",
    wrong: "",
    right: r#"{"Type": "Pass", "Result": {"bucket": "orders", "key": "all.json"}, "End": true}"#,
    express: false,
};

/// Reports constants that are too large, and returns the states that contain them.
fn check_size(checker: &mut Checker<'_>, machine: &StateMachine) -> Vec<String> {
    let mut found = Vec::new();
    for state in machine.walk() {
        for field in ["Result", "Parameters", "Arguments", "Output"] {
            let Some(node) = state.get(field) else { continue };
            let size = node.json().to_string().len();
            // The text of a path is longer than its value may be. With twice the limit, there is no doubt.
            let limit = if field == "Result" { MAX_PAYLOAD } else { 2 * MAX_PAYLOAD };
            if size > limit {
                let message =
                    format!("`{field}` has {size} bytes; the output of a state can have at most {MAX_PAYLOAD}");
                checker.add(&TOO_LARGE, &node, message).help("store it in Amazon S3 and pass its key");
                found.push(state.pointer());
            }
        }
    }
    found
}

pub(super) fn check(checker: &mut Checker<'_>, machine: &StateMachine) {
    let large = check_size(checker, machine);
    let own = checker.options.catalog.own_calls(machine);
    for found in flow::impossible(machine, checker.options.input.as_ref(), own) {
        let rule = match found.kind {
            Kind::Size if large.contains(&found.pointer) => continue,
            Kind::Size => &TOO_LARGE,
            Kind::Type => &TYPE,
            Kind::Parameter => &PARAMETER_TYPE,
            Kind::Argument => &INTRINSIC,
            Kind::Operation { .. } => &JSONATA_OPERATION,
            Kind::Path => &IMPOSSIBLE,
            Kind::UnlikelyPath => &UNLIKELY,
            Kind::Context => &CONTEXT,
            Kind::Items => &ITEMS,
            Kind::Comparison => &COMPARISON,
        };
        let place = found.place.map_or_else(String::new, |(expression, offset)| place_in(&expression, offset));
        let finding = checker.add_at(rule, found.pointer, format!("{}{place}", found.message));
        finding.help = found.help;
        if found.kind == (Kind::Operation { fails: false }) {
            finding.severity = Severity::Warning;
        }
    }
}
