//! The rules of this family.

use crate::check::Severity;
use crate::check::rule::{Proof, Rule};

pub(in crate::check) static RULES: &[&Rule] = &[
    &PATH,
    &REFERENCE_PATH,
    &RESULT_PATH,
    &PATH_FUNCTION,
    &PATH_FILTER,
    &INTRINSIC,
    &CONTEXT,
    &DOLLAR_KEY,
    &DOLLAR_KEY_IN_JSONATA,
    &DUPLICATE_KEY,
    &FORGOTTEN_DOLLAR,
    &JSONATA,
    &JSONATA_OPERATION,
    &UNQUALIFIED,
    &UNKNOWN_FUNCTION,
    &STATES_MEMBER,
    &FORGOTTEN_BRACES,
];

pub(super) static PATH: Rule = Rule {
    code: "path",
    severity: Severity::Error,
    proof: &[
        Proof::refusal("SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath.", "aws-cloudformation/cfn-lint#4078"),
        Proof::failure(
            "Multi properties can only be used as path leafs",
            "a report of States.Runtime for `$['a','b'].v`",
        ),
    ],
    title: "A path is a valid JSONPath",
    explanation: "A path starts with `$` (the input or result), `$$` (the context object) or `$name` (a variable). Names \
                  with spaces or other special characters are written in brackets: `$['the name']`.",
    wrong: r#"{"Type": "Pass", "InputPath": "$.order.", "End": true}"#,
    right: r#"{"Type": "Pass", "InputPath": "$.order", "End": true}"#,
    express: false,
};

pub(super) static REFERENCE_PATH: Rule = Rule {
    code: "reference-path",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "a reference path has neither functions nor the operators `@`, `,`, `:` and `?`",
        "amazon-states-language-paths",
    )],
    title: "A reference path identifies a single node",
    explanation: "Where a state needs one value, its path has names and indexes only: no `*`, no `..`, no filter, no \
                  slice and no function.",
    wrong: r#"{"Type": "Wait", "SecondsPath": "$.delays[*]", "Next": "Done"}"#,
    right: r#"{"Type": "Wait", "SecondsPath": "$.delays[0]", "Next": "Done"}"#,
    express: false,
};

pub(super) static RESULT_PATH: Rule = Rule {
    code: "result-path",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "`ResultPath` is a place in the state's input; variables cannot be used in it",
        "workflow-variables",
    )],
    title: "A result is inserted into the state's input",
    explanation: "`ResultPath` is the place of the result in the input, so it starts with `$`: the context object and \
                  variables cannot be changed. `null` discards the result.",
    wrong: r#"{"Type": "Pass", "Result": 1, "ResultPath": "$$.Execution.Input", "End": true}"#,
    right: r#"{"Type": "Pass", "Result": 1, "ResultPath": "$.result", "End": true}"#,
    express: false,
};

pub(super) static PATH_FUNCTION: Rule = Rule {
    code: "path-function",
    severity: Severity::Warning,
    proof: &[],
    title: "A path calls no function but `length()`",
    explanation: "Step Functions accepts the other functions, but they have no result, and the state fails.",
    wrong: r#"{"Type": "Pass", "Parameters": {"total.$": "$.prices.sum()"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"count.$": "$.prices.length()"}, "End": true}"#,
    express: false,
};

pub(super) static PATH_FILTER: Rule = Rule {
    code: "path-filter",
    severity: Severity::Warning,
    proof: &[],
    title: "A filter compares paths with values",
    explanation: "It is written in parentheses and starts from `@` (the element) or `$`; strings in it are in quotation marks. \
                  Conditions are joined by `&&`, `||` and `!`.",
    wrong: r#"{"Type": "Pass", "Parameters": {"open.$": "$.orders[?(@.state == open)]"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"open.$": "$.orders[?(@.state == 'open')]"}, "End": true}"#,
    express: false,
};

pub(in crate::check) static INTRINSIC: Rule = Rule {
    code: "intrinsic-function",
    severity: Severity::Error,
    proof: &[
        Proof::refusal(
            "The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic function call",
            "localstack/localstack, test_illegal_escapes",
        ),
        Proof::failure("Invalid template in States.Format: matching '}' not found for '{'", "aws/aws-cdk#29261"),
    ],
    title: "A call of an intrinsic function is valid",
    explanation: "The function exists, the number of arguments is correct, and literals, nested calls and what earlier \
                  states wrote have the correct type. `States.ArrayGetItem` reads an element that exists. Strings are in single quotation marks; their escapes are `\\'`, `\\{`, `\\}` and `\\\\`. In \
                  the text of `States.Format` a brace is `{}` or escaped. A field contains at most ten calls.",
    wrong: r#"{"Type": "Pass", "Parameters": {"text.$": "States.Format('{} of {}', $.part)"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"text.$": "States.Format('{} of {}', $.part, $.whole)"}, "End": true}"#,
    express: false,
};

pub(super) static CONTEXT: Rule = Rule {
    code: "context-object",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "The JSONPath '$$.Execution.Input.no_such_jsonpath' specified for the field 'value.$' could not be found",
        "localstack/localstack, test_invalid_jsonpath",
    )],
    title: "The context object has the member",
    explanation: "It has `Execution`, `State`, `StateMachine`, `Task` and `Map`, each with its own members.",
    wrong: r#"{"Type": "Pass", "Parameters": {"id.$": "$$.Execution.Identifier"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"id.$": "$$.Execution.Id"}, "End": true}"#,
    express: false,
};

pub(super) static DOLLAR_KEY: Rule = Rule {
    code: "dollar-key",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic function call",
        "localstack/localstack, test_illegal_escapes",
    )],
    title: "The value of a key that ends with `.$` is a path or a call",
    explanation: "This suffix means that the value is evaluated at run time. The key of a constant does not have it.",
    wrong: r#"{"Type": "Pass", "Parameters": {"kind.$": "order"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"kind": "order"}, "End": true}"#,
    express: false,
};

pub(super) static DOLLAR_KEY_IN_JSONATA: Rule = Rule {
    code: "dollar-key-in-jsonata",
    severity: Severity::Warning,
    proof: &[],
    title: "In a JSONata state no key ends with `.$`",
    explanation: "In JSONata, the `{% %}` of the value make it an expression. AWS keeps the key unchanged, including \
                  `.$`.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id.$": "$.id"}, "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id": "{% $states.input.id %}"}, "End": true}"#,
    express: false,
};

pub(super) static DUPLICATE_KEY: Rule = Rule {
    code: "duplicate-key",
    severity: Severity::Warning,
    proof: &[],
    title: "A key is not present both with and without `.$`",
    explanation: "Both name the same member of the result.",
    wrong: r#"{"Type": "Pass", "Parameters": {"id": 1, "id.$": "$.id"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"id.$": "$.id"}, "End": true}"#,
    express: false,
};

pub(in crate::check) static FORGOTTEN_DOLLAR: Rule = Rule {
    code: "forgotten-dollar",
    severity: Severity::Warning,
    proof: &[],
    title: "The key of a path ends with `.$`",
    explanation: "With any other key it is plain text, which is passed unchanged. The same applies to calls of \
                  intrinsic functions, and to `Error`, `Cause` and the comparisons of strings, which have another form for paths: \
                  `CausePath`, `StringEqualsPath`.",
    wrong: r#"{"Type": "Pass", "Parameters": {"id": "$.id"}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"id.$": "$.id"}, "End": true}"#,
    express: false,
};

pub(super) static JSONATA: Rule = Rule {
    code: "jsonata",
    severity: Severity::Error,
    proof: &[
        Proof::refusal("INVALID_JSONATA_EXPRESSION", "floci-io/floci#2745"),
        Proof::guide(
            "braces that are not opened or closed at the ends of the string are a validation error",
            "transforming-data",
        ),
    ],
    title: "The text between `{%` and `%}` is JSONata",
    explanation: "The string starts with `{%` and ends with `%}`, and the text between them is valid.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.( %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input %}", "End": true}"#,
    express: false,
};

pub(in crate::check) static JSONATA_OPERATION: Rule = Rule {
    code: "jsonata-operation",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "an expression whose operands are of the wrong type fails with `States.QueryEvaluationError`, such as `$x + $y` \
         where one of them is not a number",
        "transforming-data",
    )],
    title: "Functions and operators have arguments that they accept",
    explanation: "The number of arguments of a function is correct. The arguments and operands have the correct type: \
                  literals, and what earlier states wrote. `&` joins strings, `+` adds numbers. An expression with such an \
                  error fails at every evaluation; if the value can be missing, it fails whenever there is one: a warning. \
                  `$hash`, `$partition` and `$range` accept fewer arguments than documented, but return nothing or one part: \
                  a warning.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $range(1, 'ten', 1) %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $range(1, 10, 1) %}", "End": true}"#,
    express: false,
};

pub(super) static UNQUALIFIED: Rule = Rule {
    code: "jsonata-unqualified",
    severity: Severity::Error,
    proof: &[Proof::refusal(
        "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported.",
        "floci-io/floci#2670",
    )],
    title: "Names in an expression start with `$states` or a variable",
    explanation: "Step Functions evaluates expressions without a context value: `$`, `$$` and names on their own do not refer \
                  to anything, except inside a path, a filter or a function.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% states.input.id %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.id %}", "End": true}"#,
    express: false,
};

pub(super) static UNKNOWN_FUNCTION: Rule = Rule {
    code: "jsonata-function",
    severity: Severity::Error,
    proof: &[Proof::failure(
        "T1006: Attempted to invoke a non-function",
        "localstack/localstack, test_math_random_seeded",
    )],
    title: "The functions in an expression exist",
    explanation: "These are the functions of JSONata 2.0.6 without `$eval`, those that Step Functions adds (`$partition`, \
                  `$range`, `$hash`, `$random`, `$uuid`, `$parse`), and those that the expression defines.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $eval($states.input.text) %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $parse($states.input.text) %}", "End": true}"#,
    express: false,
};

pub(super) static STATES_MEMBER: Rule = Rule {
    code: "states-member",
    severity: Severity::Error,
    proof: &[Proof::guide(
        "`$states.result` and `$states.errorOutput` where they are not accessible are caught when the machine is created",
        "workflow-variables",
    )],
    title: "A member of `$states` is available where it is used",
    explanation: "`input` and `context` are always available; `result` in `Output` and `Assign` of a Task, Parallel or Map \
                  state; `errorOutput` in `Output` and `Assign` of a catcher.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.result.id %}", "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.id %}", "End": true}"#,
    express: false,
};

pub(in crate::check) static FORGOTTEN_BRACES: Rule = Rule {
    code: "forgotten-braces",
    severity: Severity::Warning,
    proof: &[],
    title: "An expression is in a JSONata state, between `{%` and `%}`",
    explanation: "Everywhere else, and in the middle of a string, it is plain text. The same applies to a path in a \
                  JSONata state.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id": "$states.input.id"}, "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id": "{% $states.input.id %}"}, "End": true}"#,
    express: false,
};
