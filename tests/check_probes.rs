//! Probes: correct definitions, and copies with a single fault. The checker must report it with the right code and position.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Diagnostic, Options, Severity, check};

const BASES: &[(&str, &str)] = &[
    (
        "task",
        r#"{"Comment": "c", "Version": "1.0", "TimeoutSeconds": 900, "StartAt": "A", "States": {
        "A": {"Type": "Task", "Comment": "c", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "InputPath": "$.in",
            "Parameters": {"id.$": "$.id", "list": [1, 2], "now.$": "$$.Execution.StartTime"}, "ResultSelector": {"x.$": "$.y"},
            "ResultPath": "$.result", "OutputPath": "$.result", "TimeoutSeconds": 60, "HeartbeatSeconds": 20,
            "Retry": [{"ErrorEquals": ["Lambda.TooManyRequestsException", "States.Timeout"], "IntervalSeconds": 2, "MaxAttempts": 5,
                "BackoffRate": 1.5, "MaxDelaySeconds": 30, "JitterStrategy": "FULL"}, {"ErrorEquals": ["States.ALL"]}],
            "Catch": [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "F"}, {"ErrorEquals": ["States.ALL"], "Next": "F"}],
            "Next": "Z"},
        "F": {"Type": "Fail", "Error": "E", "CausePath": "States.Format('{}', $.error.Cause)"}, "Z": {"Type": "Succeed"}}}"#,
    ),
    (
        "choice",
        r#"{"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Choices": [
            {"Variable": "$.kind", "StringEquals": "a", "Next": "P"},
            {"And": [{"Variable": "$.n", "NumericGreaterThan": 1}, {"Not": {"Variable": "$.b", "BooleanEquals": true}}], "Next": "P"},
            {"Or": [{"Variable": "$.t", "TimestampLessThan": "2030-01-01T00:00:00Z"}, {"Variable": "$.x", "IsPresent": false}], "Next": "P"},
            {"Variable": "$.a", "NumericEqualsPath": "$.b", "Next": "P"}], "Default": "S"},
        "P": {"Type": "Pass", "Result": {"ok": true}, "ResultPath": "$.x", "Next": "S"}, "S": {"Type": "Succeed"}}}"#,
    ),
    (
        "wait",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 5, "Next": "B"}, "B": {"Type": "Wait", "SecondsPath": "$.s", "Next": "C"},
        "C": {"Type": "Wait", "Timestamp": "2030-01-01T00:00:00Z", "Next": "D"}, "D": {"Type": "Wait", "TimestampPath": "$.t", "End": true}}}"#,
    ),
    (
        "parallel",
        r#"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}, {"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "D"}, "D": {"Type": "Succeed"}}}],
            "Retry": [{"ErrorEquals": ["States.BranchFailed"]}], "ResultSelector": {"all.$": "$[*][*]"}, "End": true}}}"#,
    ),
    (
        "map",
        r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 3,
            "ItemSelector": {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}, "End": true}}}"#,
    ),
    (
        "iterator",
        r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "Parameters": {"v.$": "$$.Map.Item.Value"},
            "Iterator": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}, "End": true}}}"#,
    ),
    (
        "distributed",
        r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "rows", "MaxConcurrency": 1000, "ToleratedFailurePercentage": 5,
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 10},
                "Parameters": {"Bucket": "b", "Key.$": "$.key"}},
            "ItemBatcher": {"MaxItemsPerBatch": 10, "BatchInput": {"a.$": "$.a"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "A", "States": {
                "A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:headObject", "Parameters": {"Bucket": "b", "Key.$": "$.Items[0].k"}, "End": true}}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSONL"},
                "Parameters": {"Bucket": "b", "Prefix": "p"}}, "End": true}}}"#,
    ),
    (
        "listing",
        r#"{"StartAt": "M", "States": {"M": {"Type": "Map",
            "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "ReaderConfig": {"InputType": "PARQUET", "Transformation": "LOAD_AND_FLATTEN"},
                "Parameters": {"Bucket": "b", "Prefix": "p/"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "End": true}}}"#,
    ),
    (
        "jsonata",
        r#"{"QueryLanguage": "JSONata", "StartAt": "T", "States": {
        "T": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutSeconds": "{% $states.input.timeout %}",
            "Arguments": {"id": "{% $states.input.id %}", "all": "{% $sum($states.input.items.price) %}", "who": "{% $states.context.Execution.Id %}"},
            "Assign": {"total": "{% $states.result.total %}", "tries": 0}, "Output": "{% $merge([$states.input, $states.result]) %}",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"why": "{% $states.errorOutput.Cause %}"}, "Output": "{% $states.errorOutput %}", "Next": "F"}],
            "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Condition": "{% $total > 10 and $tries < 3 %}", "Assign": {"tries": "{% $tries + 1 %}"}, "Next": "W"}], "Default": "M"},
        "W": {"Type": "Wait", "Seconds": "{% $tries * 2 %}", "Next": "M"},
        "M": {"Type": "Map", "Items": "{% $states.input.items %}", "ItemSelector": {"item": "{% $states.context.Map.Item.Value %}", "total": "{% $total %}"},
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Assign": {"inner": 1}, "Output": {"t": "{% $total & $uuid() %}"}, "End": true}}}, "Next": "Z"},
        "Z": {"Type": "Succeed", "Output": "{% $map([1..3], function($v, $i) { $v * $i }) %}"},
        "F": {"Type": "Fail", "Error": "E", "Cause": "{% $why %}"}}}"#,
    ),
    (
        "mixed",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x.$": "$.x", "y": 1}, "Next": "B"},
        "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"x": "{% $x + $y %}", "a": 1}, "Next": "C"},
        "C": {"Type": "Pass", "Parameters": {"x.$": "$x", "f.$": "States.Format('{} {}', $x.a, States.MathAdd($y, 1))", "h.$": "States.Hash($.a, 'SHA-256')"}, "End": true}}}"#,
    ),
    (
        "activity",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:work",
        "TimeoutSecondsPath": "$.timeout", "HeartbeatSecondsPath": "$.beat", "Credentials": {"RoleArn": "arn:aws:iam::123456789012:role/r"}, "End": true}}}"#,
    ),
    (
        "sdk",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:rds:describeDBInstances",
        "Parameters": {"DbInstanceIdentifier.$": "$.id", "MaxRecords": 20}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", "HeartbeatSeconds": 60,
        "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": {"token.$": "$$.Task.Token"}}, "End": true}}}"#,
    ),
    (
        "dynamodb",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
        "Parameters": {"TableName": "orders", "Item": {"id": {"S.$": "$.id"}, "n": {"N": "1"}}, "ReturnValues": "ALL_OLD"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "${Table}", "Key": {"id": {"S": "1"}}}, "End": true}}}"#,
    ),
    (
        "lambda",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "TimeoutSeconds": 60,
        "Parameters": {"FunctionName": "f", "Payload": {"in.$": "$", "token.$": "$$.Task.Token"}}, "End": true}}}"#,
    ),
    (
        "sqs",
        r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 60,
        "Arguments": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "MessageBody": {"token": "{% $states.context.Task.Token %}"}}, "End": true}}}"#,
    ),
    (
        "execution",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:m", "Input": {"a": 1, "b.$": "$.b"}},
        "ResultSelector": {"x.$": "$.Output.x"}, "End": true}}}"#,
    ),
    (
        "express",
        r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish",
        "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:t", "Message": {"a": 1}}, "End": true}}}"#,
    ),
    (
        "placeholders",
        r#"{"StartAt": "A", "TimeoutSeconds": ${Timeout}, "States": {"A": {"Type": "Task", "Resource": "${Resource}", "TimeoutSeconds": "${T}",
        "Parameters": {"a.$": "States.Format('s3://${Bucket}/{}', $.k)", "b.$": "${Path}", "c": ${Object}}, "Next": "${Next}"}, "B": {"Type": "Succeed"}}}"#,
    ),
];

/// An edit that adds a fault to a correct definition.
enum Edit {
    /// Another value, or a new member.
    Set(&'static str, &'static str),
    /// A member is removed.
    Cut(&'static str),
    /// A key is renamed.
    Key(&'static str, &'static str),
}

use Edit::{Cut, Key, Set};

const FAULTS: &[(&str, &str, Edit, &str)] = &[
    ("start-missing", "task", Cut("/StartAt"), "missing-field"),
    ("start-unknown", "task", Set("/StartAt", r#""a""#), "unknown-state"),
    ("start-no-string", "task", Set("/StartAt", "1"), "wrong-type"),
    ("states-missing", "task", Cut("/States"), "missing-field"),
    ("states-empty", "task", Set("/States", "{}"), "no-states"),
    ("states-no-object", "task", Set("/States", "[]"), "no-states"),
    ("state-no-object", "task", Set("/States/Z", "1"), "wrong-type"),
    ("machine-unknown-field", "task", Set("/Timeout", "1"), "unknown-field"),
    ("machine-timeout-zero", "task", Set("/TimeoutSeconds", "0"), "out-of-range"),
    ("machine-language", "task", Set("/QueryLanguage", r#""JSONpath""#), "unknown-value"),
    ("type-missing", "task", Cut("/States/Z/Type"), "missing-field"),
    ("type-unknown", "task", Set("/States/Z/Type", r#""Success""#), "unknown-value"),
    ("type-case", "task", Set("/States/Z/Type", r#""succeed""#), "unknown-value"),
    ("state-unknown-field", "task", Key("/States/A/TimeoutSeconds", "Timeoutseconds"), "unknown-field"),
    ("state-foreign-field", "wait", Set("/States/A/Resource", r#""x""#), "unknown-field"),
    ("succeed-with-next", "task", Set("/States/Z/Next", r#""A""#), "unknown-field"),
    ("fail-with-end", "task", Set("/States/F/End", "true"), "unknown-field"),
    ("choice-with-end", "choice", Set("/States/C/End", "true"), "unknown-field"),
    ("comment-no-string", "task", Set("/Comment", "1"), "wrong-type"),
    ("next-unknown", "task", Set("/States/A/Next", r#""Y""#), "unknown-state"),
    ("next-case", "task", Set("/States/A/Next", r#""z""#), "unknown-state"),
    ("next-and-end", "task", Set("/States/A/End", "true"), "next-or-end"),
    ("next-nor-end", "task", Cut("/States/A/Next"), "next-or-end"),
    ("end-false", "wait", Set("/States/D/End", "false"), "next-or-end"),
    ("end-no-boolean", "wait", Set("/States/D/End", r#""true""#), "wrong-type"),
    ("unreachable", "choice", Set("/States/X", r#"{"Type": "Succeed"}"#), "unreachable-state"),
    ("unreachable-loop", "wait", Set("/States/X", r#"{"Type": "Pass", "Next": "X"}"#), "unreachable-state"),
    ("no-end", "wait", Set("/States/D", r#"{"Type": "Wait", "Seconds": 1, "Next": "A"}"#), "no-end"),
    (
        "long-name",
        "choice",
        Set(
            "/States/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            r#"{"Type": "Succeed"}"#,
        ),
        "state-name",
    ),
    ("duplicate-name", "parallel", Key("/States/P/Branches/1/States/D", "A"), "duplicate-state-name"),
    ("branch-leaves", "parallel", Set("/States/P/Branches/1/States/B/Next", r#""P""#), "unknown-state"),
    ("branches-empty", "parallel", Set("/States/P/Branches", "[]"), "missing-field"),
    ("branches-missing", "parallel", Cut("/States/P/Branches"), "missing-field"),
    ("branch-without-start", "parallel", Cut("/States/P/Branches/0/StartAt"), "missing-field"),
    ("branch-unknown-field", "parallel", Set("/States/P/Branches/0/ProcessorConfig", "{}"), "unknown-field"),
    ("resource-missing", "task", Cut("/States/A/Resource"), "missing-field"),
    ("resource-no-arn", "task", Set("/States/A/Resource", r#""my-function""#), "resource"),
    ("resource-path", "task", Set("/States/A/Resource", r#""$.arn""#), "resource"),
    ("resource-of-topic", "task", Set("/States/A/Resource", r#""arn:aws:sns:eu-west-1:123456789012:t""#), "resource"),
    ("timeout-zero", "task", Set("/States/A/TimeoutSeconds", "0"), "out-of-range"),
    ("timeout-negative", "task", Set("/States/A/TimeoutSeconds", "-1"), "out-of-range"),
    ("timeout-fraction", "task", Set("/States/A/TimeoutSeconds", "1.5"), "wrong-type"),
    ("timeout-string", "task", Set("/States/A/TimeoutSeconds", r#""60""#), "wrong-type"),
    ("timeout-twice", "task", Set("/States/A/TimeoutSecondsPath", r#""$.t""#), "conflicting-fields"),
    ("heartbeat-long", "task", Set("/States/A/HeartbeatSeconds", "60"), "heartbeat"),
    ("retry-no-array", "task", Set("/States/A/Retry", "{}"), "wrong-type"),
    ("retry-no-errors", "task", Cut("/States/A/Retry/0/ErrorEquals"), "missing-field"),
    ("retry-empty-errors", "task", Set("/States/A/Retry/0/ErrorEquals", "[]"), "no-error-names"),
    ("retry-all-not-alone", "task", Set("/States/A/Retry/1/ErrorEquals", r#"["States.ALL", "X"]"#), "states-all"),
    ("retry-all-not-last", "task", Set("/States/A/Retry/0/ErrorEquals", r#"["States.ALL"]"#), "states-all"),
    ("catch-all-not-last", "task", Set("/States/A/Catch/0/ErrorEquals", r#"["States.ALL"]"#), "states-all"),
    (
        "retry-unknown-states-error",
        "task",
        Set("/States/A/Retry/0/ErrorEquals", r#"["States.Timeouts"]"#),
        "unknown-error-name",
    ),
    ("retry-interval-zero", "task", Set("/States/A/Retry/0/IntervalSeconds", "0"), "out-of-range"),
    ("retry-attempts-negative", "task", Set("/States/A/Retry/0/MaxAttempts", "-1"), "out-of-range"),
    ("retry-backoff-low", "task", Set("/States/A/Retry/0/BackoffRate", "0.5"), "out-of-range"),
    ("retry-backoff-string", "task", Set("/States/A/Retry/0/BackoffRate", r#""2""#), "wrong-type"),
    ("retry-delay-low", "task", Set("/States/A/Retry/0/MaxDelaySeconds", "1"), "retry-delay"),
    ("retry-delay-high", "task", Set("/States/A/Retry/0/MaxDelaySeconds", "31622401"), "out-of-range"),
    ("retry-jitter", "task", Set("/States/A/Retry/0/JitterStrategy", r#""PARTIAL""#), "unknown-value"),
    ("retry-unknown-field", "task", Key("/States/A/Retry/0/MaxAttempts", "MaxAttempt"), "unknown-field"),
    ("catch-no-next", "task", Cut("/States/A/Catch/0/Next"), "missing-field"),
    ("catch-unknown-next", "task", Set("/States/A/Catch/0/Next", r#""G""#), "unknown-state"),
    ("catch-result-path", "task", Set("/States/A/Catch/0/ResultPath", r#""$$.error""#), "result-path"),
    ("wait-with-retry", "wait", Set("/States/A/Retry", "[]"), "unknown-field"),
    ("input-path", "task", Set("/States/A/InputPath", r#""in""#), "path"),
    ("input-path-number", "task", Set("/States/A/InputPath", "1"), "path"),
    ("output-path-open", "task", Set("/States/A/OutputPath", r#""$.a[""#), "path"),
    ("result-path-wildcard", "task", Set("/States/A/ResultPath", r#""$.a[*]""#), "reference-path"),
    ("result-path-context", "task", Set("/States/A/ResultPath", r#""$$.a""#), "result-path"),
    ("result-path-variable", "mixed", Set("/States/C/ResultPath", r#""$x""#), "result-path"),
    ("dollar-key-constant", "task", Set("/States/A/Parameters/id.$", r#""id""#), "dollar-key"),
    ("dollar-key-number", "task", Set("/States/A/Parameters/id.$", "1"), "dollar-key"),
    ("dollar-key-bad-path", "task", Set("/States/A/Parameters/id.$", r#""$.a b""#), "path"),
    ("dollar-key-twice", "task", Set("/States/A/Parameters/id", "1"), "duplicate-key"),
    ("context-unknown-field", "task", Set("/States/A/Parameters/now.$", r#""$$.Execution.Start""#), "context-object"),
    ("context-unknown-root", "task", Set("/States/A/Parameters/now.$", r#""$$.Executions.Id""#), "context-object"),
    ("fail-both", "task", Set("/States/F/Cause", r#""c""#), "conflicting-fields"),
    (
        "intrinsic-unknown",
        "mixed",
        Set("/States/C/Parameters/f.$", r#""States.Concat('a', 'b')""#),
        "intrinsic-function",
    ),
    ("intrinsic-count", "mixed", Set("/States/C/Parameters/f.$", r#""States.MathAdd(1)""#), "intrinsic-function"),
    (
        "intrinsic-format",
        "mixed",
        Set("/States/C/Parameters/f.$", r#""States.Format('{} {}', $.a)""#),
        "intrinsic-function",
    ),
    ("intrinsic-open", "mixed", Set("/States/C/Parameters/f.$", r#""States.Format('{}', $.a""#), "intrinsic-function"),
    (
        "intrinsic-algorithm",
        "mixed",
        Set("/States/C/Parameters/h.$", r#""States.Hash($.a, 'SHA256')""#),
        "intrinsic-function",
    ),
    (
        "intrinsic-depth",
        "mixed",
        Set(
            "/States/C/Parameters/f.$",
            r#""States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(1)))))))))))""#,
        ),
        "intrinsic-function",
    ),
    ("jsonpath-undefined-var", "mixed", Set("/States/C/Parameters/x.$", r#""$z""#), "undefined-variable"),
    ("choice-empty", "choice", Set("/States/C/Choices", "[]"), "missing-field"),
    ("choice-missing", "choice", Cut("/States/C/Choices"), "missing-field"),
    ("choice-no-next", "choice", Cut("/States/C/Choices/0/Next"), "choice-next"),
    ("choice-nested-next", "choice", Set("/States/C/Choices/1/And/0/Next", r#""P""#), "choice-next"),
    ("choice-two-operators", "choice", Set("/States/C/Choices/0/StringMatches", r#""a*""#), "choice-rule"),
    ("choice-no-operator", "choice", Cut("/States/C/Choices/0/StringEquals"), "choice-rule"),
    ("choice-no-variable", "choice", Cut("/States/C/Choices/0/Variable"), "choice-rule"),
    ("choice-unknown-operator", "choice", Key("/States/C/Choices/0/StringEquals", "StringEqual"), "unknown-field"),
    ("choice-string-for-number", "choice", Set("/States/C/Choices/1/And/0/NumericGreaterThan", r#""1""#), "wrong-type"),
    ("choice-number-for-string", "choice", Set("/States/C/Choices/0/StringEquals", "1"), "wrong-type"),
    ("choice-timestamp", "choice", Set("/States/C/Choices/2/Or/0/TimestampLessThan", r#""tomorrow""#), "timestamp"),
    ("choice-is-present", "choice", Set("/States/C/Choices/2/Or/1/IsPresent", r#""false""#), "wrong-type"),
    ("choice-path-operand", "choice", Set("/States/C/Choices/3/NumericEqualsPath", "5"), "path"),
    ("choice-variable", "choice", Set("/States/C/Choices/0/Variable", r#""kind""#), "path"),
    ("choice-and-empty", "choice", Set("/States/C/Choices/1/And", "[]"), "missing-field"),
    ("choice-and-object", "choice", Set("/States/C/Choices/1/And", "{}"), "wrong-type"),
    ("choice-not-array", "choice", Set("/States/C/Choices/1/And/1/Not", "[]"), "wrong-type"),
    ("choice-default-unknown", "choice", Set("/States/C/Default", r#""T""#), "unknown-state"),
    ("choice-target-unknown", "choice", Set("/States/C/Choices/0/Next", r#""T""#), "unknown-state"),
    (
        "choice-condition-in-jsonpath",
        "choice",
        Set("/States/C/Choices/0", r#"{"Condition": "{% true %}", "Next": "P"}"#),
        "jsonata-field",
    ),
    ("wait-nothing", "wait", Cut("/States/A/Seconds"), "missing-field"),
    ("wait-two", "wait", Set("/States/A/Timestamp", r#""2030-01-01T00:00:00Z""#), "conflicting-fields"),
    ("wait-negative", "wait", Set("/States/A/Seconds", "-1"), "out-of-range"),
    ("wait-timestamp", "wait", Set("/States/C/Timestamp", r#""2030-01-01""#), "timestamp"),
    ("wait-path-wildcard", "wait", Set("/States/B/SecondsPath", r#""$..s""#), "reference-path"),
    ("map-no-processor", "map", Cut("/States/M/ItemProcessor"), "missing-field"),
    (
        "map-two-processors",
        "map",
        Set("/States/M/Iterator", r#"{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}"#),
        "conflicting-fields",
    ),
    ("map-mode", "map", Set("/States/M/ItemProcessor/ProcessorConfig/Mode", r#""Inline""#), "unknown-value"),
    ("map-items-path", "map", Set("/States/M/ItemsPath", r#""$.items[*]""#), "reference-path"),
    ("map-concurrency", "map", Set("/States/M/MaxConcurrency", "-1"), "out-of-range"),
    ("map-concurrency-twice", "map", Set("/States/M/MaxConcurrencyPath", r#""$.n""#), "conflicting-fields"),
    (
        "inline-with-itemreader",
        "map",
        Set(
            "/States/M/ItemReader",
            r#"{"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}}"#,
        ),
        "map-mode",
    ),
    ("inline-with-label", "map", Set("/States/M/Label", r#""l""#), "map-mode"),
    (
        "inline-with-execution-type",
        "map",
        Set("/States/M/ItemProcessor/ProcessorConfig/ExecutionType", r#""EXPRESS""#),
        "map-mode",
    ),
    ("iterator-selector-twice", "iterator", Set("/States/M/ItemSelector", "{}"), "conflicting-fields"),
    ("distributed-no-type", "distributed", Cut("/States/M/ItemProcessor/ProcessorConfig/ExecutionType"), "map-mode"),
    (
        "distributed-type",
        "distributed",
        Set("/States/M/ItemProcessor/ProcessorConfig/ExecutionType", r#""Express""#),
        "unknown-value",
    ),
    (
        "dmap-label-41",
        "distributed",
        Set("/States/M/Label", r#""aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#),
        "map-label",
    ),
    ("dmap-label-sign", "distributed", Set("/States/M/Label", r#""a:b""#), "map-label"),
    (
        "dmap-reader-bad-resource",
        "distributed",
        Set("/States/M/ItemReader/Resource", r#""arn:aws:states:::s3:getItem""#),
        "item-reader",
    ),
    (
        "dmap-reader-lambda",
        "distributed",
        Set("/States/M/ItemReader/Resource", r#""arn:aws:lambda:eu-west-1:123456789012:function:f""#),
        "item-reader",
    ),
    ("dmap-reader-no-key", "distributed", Cut("/States/M/ItemReader/Parameters/Key.$"), "item-reader"),
    ("dmap-reader-no-parameters", "distributed", Cut("/States/M/ItemReader/Parameters"), "missing-field"),
    (
        "dmap-reader-type",
        "distributed",
        Set("/States/M/ItemReader/ReaderConfig/InputType", r#""XML""#),
        "unknown-value",
    ),
    (
        "dmap-reader-given",
        "distributed",
        Set("/States/M/ItemReader/ReaderConfig/CSVHeaderLocation", r#""GIVEN""#),
        "item-reader",
    ),
    (
        "dmap-reader-header-in-json",
        "distributed",
        Set("/States/M/ItemReader/ReaderConfig/InputType", r#""JSON""#),
        "item-reader",
    ),
    (
        "dmap-reader-unknown-field",
        "distributed",
        Key("/States/M/ItemReader/ReaderConfig/MaxItems", "MaxItem"),
        "unknown-field",
    ),
    ("dmap-flatten-type", "listing", Cut("/States/M/ItemReader/ReaderConfig/InputType"), "item-reader"),
    ("dmap-batcher-empty", "distributed", Cut("/States/M/ItemBatcher/MaxItemsPerBatch"), "missing-field"),
    ("dmap-batcher-zero", "distributed", Set("/States/M/ItemBatcher/MaxItemsPerBatch", "0"), "out-of-range"),
    ("dmap-batcher-bytes", "distributed", Set("/States/M/ItemBatcher/MaxInputBytesPerBatch", "262145"), "out-of-range"),
    ("dmap-percentage", "distributed", Set("/States/M/ToleratedFailurePercentage", "101"), "out-of-range"),
    (
        "dmap-writer-resource",
        "distributed",
        Set("/States/M/ResultWriter/Resource", r#""arn:aws:states:::s3:getObject""#),
        "result-writer",
    ),
    ("dmap-writer-no-bucket", "distributed", Cut("/States/M/ResultWriter/Parameters/Bucket"), "result-writer"),
    (
        "dmap-writer-transformation",
        "distributed",
        Set("/States/M/ResultWriter/WriterConfig/Transformation", r#""ZIP""#),
        "unknown-value",
    ),
    (
        "dmap-express-callback",
        "distributed",
        Set(
            "/States/M/ItemProcessor/States/A/Resource",
            r#""arn:aws:states:::aws-sdk:s3:headObject.waitForTaskToken""#,
        ),
        "express-pattern",
    ),
    ("jsonata-syntax", "jsonata", Set("/States/T/Output", r#""{% $states.input. %}""#), "jsonata"),
    ("jsonata-open", "jsonata", Set("/States/T/Output", r#""{% $states.input""#), "jsonata"),
    ("jsonata-empty", "jsonata", Set("/States/T/Output", r#""{% %}""#), "jsonata"),
    ("jsonata-bare-dollar", "jsonata", Set("/States/T/Output", r#""{% $.id %}""#), "jsonata-unqualified"),
    (
        "jsonata-states-without-dollar",
        "jsonata",
        Set("/States/T/Output", r#""{% states.input %}""#),
        "jsonata-unqualified",
    ),
    ("jsonata-dollar-suffix-key", "jsonata", Key("/States/T/Arguments/id", "id.$"), "dollar-key-in-jsonata"),
    (
        "jsonata-result-in-args",
        "jsonata",
        Set("/States/T/Arguments/id", r#""{% $states.result.id %}""#),
        "states-member",
    ),
    (
        "jsonata-result-in-choice",
        "jsonata",
        Set("/States/C/Choices/0/Condition", r#""{% $states.result %}""#),
        "states-member",
    ),
    ("jsonata-error-in-output", "jsonata", Set("/States/T/Output", r#""{% $states.errorOutput %}""#), "states-member"),
    (
        "jsonata-result-in-catch",
        "jsonata",
        Set("/States/T/Catch/0/Output", r#""{% $states.result %}""#),
        "states-member",
    ),
    ("jsonata-states-member", "jsonata", Set("/States/T/Output", r#""{% $states.output %}""#), "states-member"),
    (
        "jsonata-context-member",
        "jsonata",
        Set("/States/T/Output", r#""{% $states.context.Execution.Ident %}""#),
        "context-object",
    ),
    (
        "jsonata-undefined-var",
        "jsonata",
        Set("/States/C/Choices/0/Condition", r#""{% $totals > 1 %}""#),
        "undefined-variable",
    ),
    ("jsonata-inner-var-outside", "jsonata", Set("/States/Z/Output", r#""{% $inner %}""#), "undefined-variable"),
    ("jsonata-unknown-function", "jsonata", Set("/States/T/Output", r#""{% $summ([1]) %}""#), "jsonata-function"),
    ("jsonata-eval", "jsonata", Set("/States/T/Output", r#""{% $eval('1') %}""#), "jsonata-function"),
    ("jsonata-condition-plain", "jsonata", Set("/States/C/Choices/0/Condition", r#""true""#), "jsonata"),
    ("jsonata-no-condition", "jsonata", Cut("/States/C/Choices/0/Condition"), "choice-rule"),
    ("jsonata-with-variable", "jsonata", Set("/States/C/Choices/0/Variable", r#""$.x""#), "jsonpath-field"),
    ("jsonata-with-parameters", "jsonata", Key("/States/T/Arguments", "Parameters"), "jsonpath-field"),
    ("jsonata-with-result-path", "jsonata", Set("/States/T/ResultPath", r#""$.x""#), "jsonpath-field"),
    (
        "jsonata-with-seconds-path",
        "jsonata",
        Set("/States/W", r#"{"Type": "Wait", "SecondsPath": "$.s", "Next": "M"}"#),
        "jsonpath-field",
    ),
    ("jsonata-with-items-path", "jsonata", Set("/States/M/ItemsPath", r#""$.x""#), "jsonpath-field"),
    ("jsonata-pass-result", "jsonata", Set("/States/M/ItemProcessor/States/I/Result", "1"), "jsonpath-field"),
    ("jsonata-timeout-text", "jsonata", Set("/States/T/TimeoutSeconds", r#""soon""#), "wrong-type"),
    (
        "jsonpath-state-in-jsonata-machine",
        "jsonata",
        Set("/States/Z", r#"{"Type": "Succeed", "QueryLanguage": "JSONPath"}"#),
        "mixed-languages",
    ),
    ("arguments-in-jsonpath", "task", Key("/States/A/Parameters", "Arguments"), "jsonata-field"),
    ("output-in-jsonpath", "choice", Set("/States/P/Output", "{}"), "jsonata-field"),
    ("assign-reserved-states", "mixed", Key("/States/A/Assign/y", "states"), "variable-name"),
    ("assign-bad-name", "mixed", Set("/States/A/Assign/1st", "1"), "variable-name"),
    ("assign-part", "mixed", Set("/States/A/Assign/a.b", "1"), "variable-name"),
    ("assign-dollar", "mixed", Set("/States/A/Assign/$a", "1"), "variable-name"),
    ("assign-no-object", "mixed", Set("/States/A/Assign", r#""x""#), "variable-name"),
    ("assign-in-succeed", "task", Set("/States/Z/Assign", r#"{"a": 1}"#), "unknown-field"),
    ("assign-shadowed", "jsonata", Key("/States/M/ItemProcessor/States/I/Assign/inner", "total"), "shadowed-variable"),
    ("credentials", "activity", Set("/States/A/Credentials/Role", r#""r""#), "unknown-field"),
    (
        "sdk-unknown-service",
        "sdk",
        Set("/States/A/Resource", r#""arn:aws:states:::aws-sdk:rdss:describeDBInstances""#),
        "unknown-integration",
    ),
    (
        "sdk-unknown-action",
        "sdk",
        Set("/States/A/Resource", r#""arn:aws:states:::aws-sdk:rds:describeDbInstances""#),
        "unknown-integration",
    ),
    (
        "sdk-pascal-action",
        "sdk",
        Set("/States/A/Resource", r#""arn:aws:states:::aws-sdk:rds:DescribeDBInstances""#),
        "unknown-integration",
    ),
    (
        "sdk-sync",
        "sdk",
        Set("/States/A/Resource", r#""arn:aws:states:::aws-sdk:rds:describeDBInstances.sync""#),
        "unsupported-pattern",
    ),
    ("sdk-param-unknown", "sdk", Set("/States/A/Parameters/Identifier", r#""x""#), "unknown-parameter"),
    (
        "sdk-param-case",
        "sdk",
        Key("/States/A/Parameters/DbInstanceIdentifier.$", "dbInstanceIdentifier.$"),
        "unknown-parameter",
    ),
    ("sdk-param-type", "sdk", Set("/States/A/Parameters/MaxRecords", "[]"), "parameter-type"),
    ("sdk-param-missing", "sdk", Cut("/States/B/Parameters/QueueUrl"), "missing-parameter"),
    (
        "sdk-param-enum",
        "sdk",
        Set(
            "/States/B",
            r#"{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "Parameters": {"Bucket": "b", "Key": "k", "StorageClass": "GLACIR"}, "End": true}"#,
        ),
        "parameter-value",
    ),
    (
        "sdk-nested-list",
        "sdk",
        Set("/States/A/Parameters/Filters", r#"[{"Name": "engine", "Valus": ["x"]}]"#),
        "unknown-parameter",
    ),
    ("sdk-nested-missing", "sdk", Set("/States/A/Parameters/Filters", r#"[{"Name": "engine"}]"#), "missing-parameter"),
    (
        "sdk-nested-type",
        "sdk",
        Set("/States/A/Parameters/Filters", r#"[{"Name": "engine", "Values": "aurora"}]"#),
        "parameter-type",
    ),
    (
        "sdk-nested-map",
        "sdk",
        Set("/States/B/Parameters/MessageAttributes", r#"{"kind": {"DataType": "String", "StringValeu": "x"}}"#),
        "unknown-parameter",
    ),
    (
        "sdk-nested-number-as-text",
        "sdk",
        Set("/States/B/Parameters/MessageAttributes", r#"{"kind": {"DataType": "Number", "StringValue": 1}}"#),
        "parameter-type",
    ),
    ("sdk-token-missing", "sdk", Set("/States/B/Parameters/MessageBody", r#""x""#), "task-token"),
];

/// Faults that need the catalog of optimized integrations.
const INTEGRATION_FAULTS: &[(&str, &str, Edit, &str)] = &[
    (
        "unknown-service",
        "dynamodb",
        Set("/States/A/Resource", r#""arn:aws:states:::dynamo:putItem""#),
        "unknown-integration",
    ),
    (
        "unknown-action",
        "dynamodb",
        Set("/States/A/Resource", r#""arn:aws:states:::dynamodb:scan""#),
        "unknown-integration",
    ),
    (
        "action-case",
        "dynamodb",
        Set("/States/A/Resource", r#""arn:aws:states:::dynamodb:PutItem""#),
        "unknown-integration",
    ),
    (
        "dynamodb-token",
        "dynamodb",
        Set("/States/A/Resource", r#""arn:aws:states:::dynamodb:putItem.waitForTaskToken""#),
        "unsupported-pattern",
    ),
    (
        "lambda-sync",
        "lambda",
        Set("/States/A/Resource", r#""arn:aws:states:::lambda:invoke.sync""#),
        "unsupported-pattern",
    ),
    (
        "suffix-unknown",
        "lambda",
        Set("/States/A/Resource", r#""arn:aws:states:::lambda:invoke.waitForToken""#),
        "unsupported-pattern",
    ),
    ("token-missing", "lambda", Cut("/States/A/Parameters/Payload/token.$"), "task-token"),
    ("token-as-text", "lambda", Key("/States/A/Parameters/Payload/token.$", "token"), "task-token"),
    ("token-missing-jsonata", "sqs", Set("/States/A/Arguments/MessageBody", r#""{% $states.input %}""#), "task-token"),
    ("param-missing-required", "dynamodb", Cut("/States/A/Parameters/TableName"), "missing-parameter"),
    ("param-all-missing", "dynamodb", Cut("/States/A/Parameters"), "missing-parameter"),
    ("param-unknown", "dynamodb", Set("/States/A/Parameters/Table", r#""t""#), "unknown-parameter"),
    ("param-wrong-case", "dynamodb", Key("/States/A/Parameters/TableName", "tableName"), "unknown-parameter"),
    ("param-wrong-type", "dynamodb", Set("/States/A/Parameters/TableName", "5"), "parameter-type"),
    ("param-wrong-type-object", "dynamodb", Set("/States/B/Parameters/Key", r#""1""#), "parameter-type"),
    ("param-enum", "dynamodb", Set("/States/A/Parameters/ReturnValues", r#""ALL""#), "parameter-value"),
    (
        "param-conflict",
        "express",
        Set("/States/A/Parameters/TargetArn", r#""arn:aws:sns:eu-west-1:123456789012:endpoint/x""#),
        "parameter-rule",
    ),
    ("param-none-of", "express", Cut("/States/A/Parameters/TopicArn"), "parameter-rule"),
    ("param-jsonata-unknown", "sqs", Key("/States/A/Arguments/QueueUrl", "QueueURL"), "unknown-parameter"),
];

fn findings(text: &str) -> Vec<Diagnostic> {
    let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
    check(&machine, &Options::default())
}

fn base(name: &str) -> &'static str {
    BASES.iter().find(|(base, _)| *base == name).unwrap().1
}

/// The definition with the fault in it. Members that an edit adds come last.
fn edited(name: &str, edit: &Edit) -> String {
    let mut json: Value = serde_json::from_str(base(name)).unwrap();
    let (Set(pointer, _) | Cut(pointer) | Key(pointer, _)) = edit;
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap_or_else(|| panic!("{name}: {pointer}"));
    let old = parent.get(last).cloned();
    match (parent, edit) {
        (Value::Object(object), Set(_, value)) => {
            drop(object.insert(last.into(), serde_json::from_str(value).unwrap()))
        }
        (Value::Array(array), Set(_, value)) => {
            array[last.parse::<usize>().unwrap()] = serde_json::from_str(value).unwrap()
        }
        (Value::Object(object), Cut(_)) => assert!(object.shift_remove(last).is_some(), "{name}: {pointer}"),
        (Value::Object(object), Key(_, key)) => {
            object.shift_remove(last);
            object.insert((*key).into(), old.unwrap_or_else(|| panic!("{name}: {pointer}")));
        }
        _ => panic!("{name}: {pointer}"),
    }
    json.to_string()
}

#[test]
fn right_definitions_have_no_fault() {
    for (name, text) in BASES {
        let found = findings(text);
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

/// Faults for which it is unknown whether AWS rejects them.
const WARNED: &[&str] = &[
    "retry-unknown-states-error",
    "retry-delay-low",
    "dollar-key-twice",
    "inline-with-label",
    "inline-with-execution-type",
    "jsonata-dollar-suffix-key",
];

fn find(faults: &[(&str, &str, Edit, &str)]) {
    let mut missed = Vec::new();
    for (name, base, edit, code) in faults {
        let found = findings(&edited(base, edit));
        let (Set(pointer, _) | Cut(pointer) | Key(pointer, _)) = edit;
        let place = pointer.rsplit_once('/').unwrap().0;
        let severity = if WARNED.contains(name) { Severity::Warning } else { Severity::Error };
        let hit = found.iter().find(|finding| finding.code == *code && finding.severity == severity);
        match hit {
            None => missed.push(format!("{name}: {found:#?}")),
            // The finding is near the edit, unless the edit causes a fault elsewhere.
            Some(finding) if !finding.pointer.starts_with(place) && !place.starts_with(&finding.pointer) => {
                missed.push(format!("{name} is reported at the wrong position: {finding}"));
            }
            Some(_) => {}
        }
    }
    println!("{} of {} faults found", faults.len() - missed.len(), faults.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_fault_of_the_language_is_found() {
    find(FAULTS);
}

#[test]
fn every_fault_of_an_integration_is_found() {
    find(INTEGRATION_FAULTS);
}

#[test]
fn an_express_workflow_waits_for_nothing() {
    let codes = |name: &str| -> Vec<&str> {
        let machine: StateMachine = base(name).parse().unwrap();
        let found = check(&machine, &Options::default().express(true));
        found.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.code).collect()
    };
    assert_eq!(codes("express"), [""; 0]);
    assert_eq!(codes("execution"), ["express-pattern"]);
    assert_eq!(codes("lambda"), ["express-pattern"]);
    assert_eq!(codes("activity"), ["express-pattern"]);
    assert_eq!(codes("distributed"), ["express-distributed-map"]);
}
