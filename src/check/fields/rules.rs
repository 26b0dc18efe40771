//! The rules of this family.

use crate::check::Severity;
use crate::check::rule::{Proof, Rule};

pub(in crate::check) static RULES: &[&Rule] = &[
    &UNKNOWN_FIELD,
    &MISSING_FIELD,
    &CONFLICTING_FIELDS,
    &WRONG_TYPE,
    &OUT_OF_RANGE,
    &UNKNOWN_VALUE,
    &TIMESTAMP,
    &JSONPATH_FIELD,
    &JSONATA_FIELD,
    &MIXED_LANGUAGES,
    &PAYLOAD,
];

pub(in crate::check) static UNKNOWN_FIELD: Rule = Rule {
    code: "unknown-field",
    severity: Severity::Error,
    proof: &[
        Proof::refusal("SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported", "floci-io/floci#2735"),
        Proof::refusal("Field 'QueryLanguage' is not supported", "floci-io/floci#2968"),
    ],
    title: "An object has only fields of the Amazon States Language",
    explanation: "Step Functions rejects an unknown field, and a field that belongs to another type of state. Letter \
                  case matters.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutInSeconds": 5, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutSeconds": 5, "End": true}"#,
    express: false,
};

pub(in crate::check) static MISSING_FIELD: Rule = Rule {
    code: "missing-field",
    severity: Severity::Error,
    proof: &[
        Proof::refusal(
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty",
            "localstack/localstack, test_parallel_state_empty_branches",
        ),
        Proof::refusal(
            "SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt]",
            "localstack/localstack, test_validate_state_machine_definition_type_standard",
        ),
    ],
    title: "Required fields are present",
    explanation: "Some fields are required, and some groups of fields need one of them.",
    wrong: r#"{"Type": "Task", "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "End": true}"#,
    express: false,
};

pub(in crate::check) static CONFLICTING_FIELDS: Rule = Rule {
    code: "conflicting-fields",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "a Task state cannot include both `TimeoutSeconds` and `TimeoutSecondsPath`, a Map state not both `MaxConcurrency` and `MaxConcurrencyPath`",
        "state-task",
    )],
    title: "Fields that exclude each other are not used together",
    explanation: "A field has either a value or a path to it, not both.",
    wrong: r#"{"Type": "Wait", "Seconds": 5, "SecondsPath": "$.delay", "Next": "Done"}"#,
    right: r#"{"Type": "Wait", "SecondsPath": "$.delay", "Next": "Done"}"#,
    express: false,
};

pub(in crate::check) static WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "each field is given with the type of its value, such as a positive integer or a string",
        "state-task",
    )],
    title: "A field has a value of its type",
    explanation: "A number in quotation marks is a string. In a JSONata state, most values can be an expression.",
    wrong: r#"{"Type": "Wait", "Seconds": "5", "Next": "Done"}"#,
    right: r#"{"Type": "Wait", "Seconds": 5, "Next": "Done"}"#,
    express: false,
};

pub(in crate::check) static OUT_OF_RANGE: Rule = Rule {
    code: "out-of-range",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "timeouts are positive, `MaxAttempts` is at most 99999999, `MaxDelaySeconds` less than 31622401",
        "concepts-error-handling",
    )],
    title: "A number is in the range of its field",
    explanation: "Times are whole seconds from 1 to 99,999,999 (a Wait state may also wait 0 seconds); other numbers \
                  have their own ranges.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutSeconds": 0, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutSeconds": 60, "End": true}"#,
    express: false,
};

pub(in crate::check) static UNKNOWN_VALUE: Rule = Rule {
    code: "unknown-value",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, …]",
        "localstack/localstack, test_state_name_invalid_state_definition",
    )],
    title: "A field with fixed values has one of them",
    explanation: "Examples are the type of a state, the query language and the mode of a Map state.",
    wrong: r#"{"Type": "Fial"}"#,
    right: r#"{"Type": "Fail"}"#,
    express: false,
};

pub(in crate::check) static TIMESTAMP: Rule = Rule {
    code: "timestamp",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp",
        "localstack/localstack, test_wait_timestamp_invalid",
    )],
    title: "A timestamp has the format of RFC 3339",
    explanation: "A date, `T`, a time with seconds, and `Z` or an offset from UTC.",
    wrong: r#"{"Type": "Wait", "Timestamp": "2030-01-31 12:00", "Next": "Done"}"#,
    right: r#"{"Type": "Wait", "Timestamp": "2030-01-31T12:00:00Z", "Next": "Done"}"#,
    express: false,
};

pub(in crate::check) static JSONPATH_FIELD: Rule = Rule {
    code: "jsonpath-field",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "the fields of JSONPath are invalid in a state or workflow whose query language is JSONata",
        "transforming-data",
    )],
    title: "A JSONata state has no JSONPath fields",
    explanation: "With JSONata, `Arguments`, `Output` and `Assign` replace `InputPath`, `Parameters`, `ResultSelector`, \
                  `ResultPath` and `OutputPath`, and an expression replaces every other path.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Parameters": {"id": 1}, "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id": 1}, "End": true}"#,
    express: false,
};

pub(in crate::check) static JSONATA_FIELD: Rule = Rule {
    code: "jsonata-field",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
        "floci-io/floci#2968",
    )],
    title: "A JSONPath state has no JSONata fields",
    explanation: "`Arguments`, `Output`, `Items` and `Condition` are available only in JSONata states. A state machine without \
                  `QueryLanguage` uses JSONPath.",
    wrong: r#"{"Type": "Pass", "Output": {"id": 1}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"id": 1}, "End": true}"#,
    express: false,
};

pub(in crate::check) static MIXED_LANGUAGES: Rule = Rule {
    code: "mixed-languages",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
        "localstack/localstack, test_validate_state_machine_definition_type_standard",
    )],
    title: "A JSONata state machine has no JSONPath states",
    explanation: "Single states of a JSONPath state machine can use JSONata, but not the other way around.",
    wrong: r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true}}}"#,
    right: r#"{"QueryLanguage": "JSONPath", "StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true}}}"#,
    express: false,
};

pub(in crate::check) static PAYLOAD: Rule = Rule {
    code: "payload-template",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "`Parameters`, `ResultSelector` and `ItemSelector` are collections of key-value pairs",
        "input-output-inputpath-params",
    )],
    title: "`Parameters`, `ResultSelector` and `ItemSelector` are objects",
    explanation: "A path as the whole value is not evaluated: its text is passed unchanged. (AWS also accepts arrays.)",
    wrong: r#"{"Type": "Pass", "Parameters": "$.order", "End": true}"#,
    right: r#"{"Type": "Pass", "InputPath": "$.order", "End": true}"#,
    express: false,
};
