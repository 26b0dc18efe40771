//! The expressions in strings are checked completely, and one mistake is reported once: each kind of fault gives exactly the
//! expected findings.

use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Options, check};

/// The findings of a definition, one in each line: severity, code and position.
fn findings(definition: &str) -> Vec<String> {
    let machine: StateMachine = definition.parse().unwrap_or_else(|error| panic!("{error}\n{definition}"));
    let found = check(&machine, &Options::default());
    found.iter().map(|finding| format!("{} {} {}", finding.severity, finding.code, finding.pointer)).collect()
}

/// A state machine with one state.
fn state(fields: &str) -> String {
    format!(r#"{{"StartAt": "A", "States": {{"A": {{{fields}, "End": true}}}}}}"#)
}

fn assert_findings(definition: &str, expected: &[&str]) {
    assert_eq!(findings(definition), expected, "{definition}");
}

#[test]
fn texts_of_intrinsic_functions() {
    for (call, wrong) in [
        (r#"States.Format('Dear {}', $.name)"#, false),
        (r#"States.Format('\\{\"a\": \"{}\"\\}', $.name)"#, false),
        (r#"States.StringToJson('{\"a\": [1]}')"#, false),
        (r#"States.Format('it\\'s {}', $.name)"#, false),
        (r#"States.Format('{\"a\": \"{}\"}', $.name)"#, true),
        (r#"States.Format('a \\\\{ b {}', $.name)"#, true),
        (r#"States.Format('a\\n{}', $.name)"#, true),
        (r#"States.Array('a\\t')"#, true),
        (r#"States.StringToJson('{a}')"#, true),
        (r#"States.ArrayLength(States.Format('{}', 1))"#, true),
        (r#"States.ArrayGetItem(States.MathAdd(1, 2), 0)"#, true),
        (r#"States.JsonMerge(States.Array(1), $.b, false)"#, true),
        (r#"States.ArrayGetItem($.a, 0)"#, false),
        (r#"States.ArrayGetItem($.a, -1)"#, true),
        (r#"States.Format('${Name}-{}', $.name)"#, false),
        (r#"States.Format('${Name}-{}')"#, true),
        (r#"States.Array($.a, $.${Field}, ${Number})"#, false),
    ] {
        let expected: &[&str] = if wrong { &["error intrinsic-function /States/A/Parameters/x.$"] } else { &[] };
        assert_findings(&state(&format!(r#""Type": "Pass", "Parameters": {{"x.$": "{call}"}}"#)), expected);
    }
}

#[test]
fn functions_and_filters_and_names_of_paths() {
    for (path, expected) in [
        ("$.a.length()", &[][..]),
        ("$.a.sum()", &["warning path-function /States/A/Parameters/x.$"]),
        ("States.Array($.a.avg())", &["warning path-function /States/A/Parameters/x.$"]),
        ("$.a[?(@.b == 'c' && !(@.d < 5))].e", &[]),
        ("$.a[?(@.b == c)]", &["warning path-filter /States/A/Parameters/x.$"]),
        ("$.a['b','c']", &[]),
        ("$['a','b'].c", &["error path /States/A/Parameters/x.$"]),
        ("$.a.${Field}.b", &[]),
        ("$.a.${Field}[", &["error path /States/A/Parameters/x.$"]),
    ] {
        assert_findings(&state(&format!(r#""Type": "Pass", "Parameters": {{"x.$": "{path}"}}"#)), expected);
    }
}

#[test]
fn what_was_meant_to_be_evaluated() {
    let pass = |payload: &str| state(&format!(r#""Type": "Pass", "Parameters": {payload}"#));
    assert_findings(&pass(r#"{"id": "States.UUID()"}"#), &["warning forgotten-dollar /States/A/Parameters/id"]);
    assert_findings(
        &pass(r#"{"all": "$", "list": ["States.Hash($.a, 'MD5')"]}"#),
        &["warning forgotten-dollar /States/A/Parameters/all", "warning forgotten-dollar /States/A/Parameters/list/0"],
    );
    assert_findings(&pass(r#"{"note": "States.ALL is an error name", "price": "$5", "name": "$name"}"#), &[]);
    let jsonata = |output: &str| {
        state(&format!(r#""Type": "Pass", "QueryLanguage": "JSONata", "Assign": {{"order": 1}}, "Output": {output}"#))
    };
    for text in ["where id = '{% $states.input.id %}' limit 1", "$order", "$order.id", "$uuid()", "$states.input.id"] {
        assert_findings(&jsonata(&format!(r#"{{"q": "{text}"}}"#)), &["warning forgotten-braces /States/A/Output/q"]);
    }
    for text in [" {% $states.input.a %}", "$.a", "$states.input.a"] {
        let fail = format!(
            r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{"A": {{"Type": "Fail", "Cause": "{text}"}}}}}}"#
        );
        assert_findings(&fail, &["warning forgotten-braces /States/A/Cause"]);
    }
    assert_findings(&jsonata(r#"{"a": "$unknown", "b": "100 %}% {%", "c": "$5.00"}"#), &[]);
    assert_findings(
        &pass(r#"{"text.$": "States.Format('Dear $.name')", "sql.$": "States.Format('{} $.a', $.b)"}"#),
        &["warning forgotten-dollar /States/A/Parameters/text.$"],
    );
    assert_findings(
        &pass(r#"{"path": "/orders/$.id", "query": "select json_extract(a, '$.b')"}"#),
        &["warning forgotten-dollar /States/A/Parameters/path"],
    );
    // A path instead of an ARN is one mistake.
    let task = r#""Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "$.topic", "Message": "m"}"#;
    assert_findings(&state(task), &["warning forgotten-dollar /States/A/Parameters/TopicArn"]);
}

#[test]
fn the_query_language_in_the_wrong_place_is_told_once() {
    let inside = r#"{"StartAt": "A", "States": {"QueryLanguage": "JSONata",
        "A": {"Type": "Pass", "Output": "{% $states.input %}", "Next": "B"}, "B": {"Type": "Succeed", "Output": 1}}}"#;
    assert_findings(inside, &["error unknown-field /States/QueryLanguage"]);
    let nowhere = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input %}", "Next": "B"}, "B": {"Type": "Succeed", "Output": 1}}}"#;
    assert_findings(nowhere, &["error jsonata-field /States/A/Output"]);
    let fields_of_both = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input %}", "Next": "B"}, "B": {"Type": "Succeed", "InputPath": "$"}}}"#;
    assert_findings(fields_of_both, &["error jsonata-field /States/A/Output"]);
    let parameters = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a": "{% 1 %}", "b": "{% 2 %}"}, "End": true}}}"#;
    assert_findings(parameters, &["warning forgotten-braces /States/A/Parameters/a"]);
    let processor = r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "ItemProcessor": {"QueryLanguage": "JSONata",
        "StartAt": "B", "States": {"B": {"Type": "Pass", "Output": "{% 1 %}", "End": true}}}}}}"#;
    assert_findings(processor, &["error unknown-field /States/A/ItemProcessor/QueryLanguage"]);
    let branch = r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [{"QueryLanguage": "JSONata",
        "StartAt": "B", "States": {"B": {"Type": "Pass", "Output": "{% 1 %}", "End": true}}}]}}}"#;
    assert_findings(branch, &["warning unknown-field /States/A/Branches/0/QueryLanguage"]);
    let comment = r#"{"StartAt": "A", "States": {"Comment": "orders", "A": {"Type": "Succeed"}}}"#;
    assert_findings(comment, &["error unknown-field /States/Comment"]);
}

#[test]
fn payload_templates_are_objects() {
    let pass = |payload: &str| state(&format!(r#""Type": "Pass", "Parameters": {payload}"#));
    for payload in [r#""$.x""#, "5", "true", "null"] {
        assert_findings(&pass(payload), &["error payload-template /States/A/Parameters"]);
    }
    for payload in ["{}", r#"[{"x.$": "$.y"}]"#, r#""${Payload}""#] {
        assert_findings(&pass(payload), &[]);
    }
}

#[test]
fn literals_are_what_they_are_said_to_be() {
    let task = |resource: &str, rest: &str| state(&format!(r#""Type": "Task", "Resource": "{resource}"{rest}"#));
    for (resource, expected) in [
        ("arn:aws:lambda:eu-west-1:123456789012:function:f:live", &[][..]),
        ("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${F}", &[]),
        ("arn:aws:lambda:eu-west-1:123456789012:layer:f", &["error resource /States/A/Resource"]),
        ("arn:aws:lambda:eu-west-1:123456789012:function:f:", &["error resource /States/A/Resource"]),
        ("arn:aws:lambda:eu-west-1:12345:function:f", &["warning malformed-literal /States/A/Resource"]),
        ("arn:aws:lambda:eu-wst1:123456789012:function:f", &["warning malformed-literal /States/A/Resource"]),
        ("arn:aws:states:eu-west-1:123456789012:execution:m:e", &["error resource /States/A/Resource"]),
        (
            "arn:aws:states:eu-west-1:123456789012:aws-sdk:s3:listBukkets",
            &["error unknown-integration /States/A/Resource"],
        ),
        ("arn:aws:states:::aws-sdk:logs:listTagsLogGroup", &["error unknown-integration /States/A/Resource"]),
        ("arn:aws:states:::aws-sdk:dynamodbb:getItem", &["error unknown-integration /States/A/Resource"]),
        // AWS's list can be older than the service.
        ("arn:aws:states:::aws-sdk:quantumledger9:getBlock", &["warning unknown-integration /States/A/Resource"]),
    ] {
        assert_findings(&task(resource, ""), expected);
    }
    let queue = |url: &str| {
        task(
            "arn:aws:states:::sqs:sendMessage",
            &format!(r#", "Parameters": {{"QueueUrl": "{url}", "MessageBody": "m"}}"#),
        )
    };
    assert_findings(&queue("https://sqs.eu-west-1.amazonaws.com/123456789012/q"), &[]);
    assert_findings(&queue("${QueueUrl}"), &[]);
    for url in ["arn:aws:sqs:eu-west-1:123456789012:q", "q", "https://sqs.eu-west1.amazonaws.com/123456789012/q"] {
        assert_findings(&queue(url), &["warning malformed-literal /States/A/Parameters/QueueUrl"]);
    }
    let role = |arn: &str| {
        task("arn:aws:lambda:eu-west-1:123456789012:function:f", &format!(r#", "Credentials": {{"RoleArn": "{arn}"}}"#))
    };
    assert_findings(&role("arn:aws:iam::123456789012:role/r"), &[]);
    assert_findings(
        &role("aws:arn:iam::123456789012:role/r"),
        &["warning malformed-literal /States/A/Credentials/RoleArn"],
    );
}

#[test]
fn error_names_can_match() {
    let task = |resource: &str, name: &str| {
        state(&format!(
            r#""Type": "Task", "Resource": "{resource}", "Retry": [{{"ErrorEquals": ["{name}"]}}],
            "Parameters": {{"TableName": "orders", "Item": {{"id": {{"S": "1"}}}}}}"#
        ))
    };
    let (optimized, sdk) = ("arn:aws:states:::dynamodb:putItem", "arn:aws:states:::aws-sdk:dynamodb:putItem");
    for (resource, name, code) in [
        (optimized, "DynamoDB.ConditionalCheckFailedException", None),
        (optimized, "DynamoDB.AmazonDynamoDBException", None),
        (optimized, "DynamoDb.ConditionalCheckFailedException", Some("error-prefix")),
        (sdk, "DynamoDb.ConditionalCheckFailedException", None),
        (sdk, "DynamoDb.DynamoDbException", None),
        (sdk, "DynamoDb.SdkClientException", None),
        (sdk, "DynamoDB.ConditionalCheckFailedException", Some("error-prefix")),
        (sdk, "DynamoDb.ConditionalCheckFaildException", Some("error-prefix")),
        (sdk, "ConditionalCheckFailedException", Some("error-prefix")),
        (sdk, "OutOfStock", None),
        (sdk, "States.TaskFailedId", Some("unknown-error-name")),
        (sdk, "State.Timeout", Some("unknown-error-name")),
        (sdk, "states.all", Some("unknown-error-name")),
        (sdk, "StateOfOrderWrong", None),
    ] {
        let expected = code.map(|code| format!("warning {code} /States/A/Retry/0/ErrorEquals/0"));
        assert_eq!(findings(&task(resource, name)), Vec::from_iter(expected), "{resource} {name}");
    }
}

#[test]
fn a_resource_that_cannot_be_called_leads_to_one_that_can() {
    for (resource, help) in [
        ("arn:aws:sns:eu-west-1:123456789012:topic", "`arn:aws:states:::sns:…`"),
        ("arn:aws:s3:::bucket", "`arn:aws:states:::aws-sdk:s3:…`"),
        ("arn:aws:rpcmessage:local::function:pack", "the ARN of an integration, a Lambda function or an activity"),
    ] {
        let text = format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "{resource}", "End": true}}}}}}"#
        );
        let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{error}"));
        let found = check(&machine, &Options::default());
        let told = found.iter().find(|finding| finding.code == "resource").and_then(|finding| finding.help.as_deref());
        assert!(told.is_some_and(|told| told.contains(help)), "{resource}: {told:?}");
    }
}

#[test]
fn a_failure_of_any_task_hides_what_comes_after_it() {
    let task = |names: &str| {
        format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "End": true,
            "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f",
            "Retry": [{{"ErrorEquals": ["States.TaskFailed", "Busy"]}}, {{"ErrorEquals": [{names}]}}]}}}}}}"#
        )
    };
    assert_findings(&task(r#""Slow""#), &["warning repeated-error-name /States/A/Retry/1/ErrorEquals/0"]);
    assert_findings(&task(r#""States.Timeout""#), &[]);
    assert_findings(&task(r#""States.ALL""#), &[]);
}

#[test]
fn a_branch_may_have_the_name_of_a_catchers_variable() {
    let parallel = |fields: &str| {
        format!(
            r#"{{"StartAt": "P", "States": {{"P": {{"Type": "Parallel", "Branches": [{{"StartAt": "B", "States": {{
            "B": {{"Type": "Pass", "Assign": {{"x": 1}}, "End": true}}}}}}], {fields} "Next": "D"}}, "D": {{"Type": "Succeed"}}}}}}"#
        )
    };
    let catch = r#""Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"x": 2}, "Next": "D"}],"#;
    assert_findings(&parallel(catch), &[]);
    let place = "error shadowed-variable /States/P/Branches/0/States/B/Assign/x";
    assert_findings(&parallel(r#""Assign": {"x": 2},"#), &[place]);
}

#[test]
fn long_names_are_not_compared() {
    let name = "x".repeat(100_000);
    let other = format!("{}y", "x".repeat(99_999));
    let machine: StateMachine = format!(r#"{{"StartAt": "{name}", "States": {{"{other}": {{"Type": "Succeed"}}}}}}"#)
        .parse()
        .unwrap_or_else(|error| panic!("{error}"));
    let found = check(&machine, &Options::default());
    let unknown = found.iter().find(|finding| finding.code == "unknown-state");
    assert!(unknown.is_some_and(|finding| finding.help.is_none() && finding.message.len() < 200), "{unknown:?}");
}

#[test]
fn a_report_does_not_grow_with_the_square_of_the_definition() {
    // Many findings whose positions contain a long name.
    let fields: String = (0..2_000).map(|at| format!(r#", "Field{at}": 1"#)).collect();
    let name = "n".repeat(100_000);
    let text = format!(r#"{{"StartAt": "{name}", "States": {{"{name}": {{"Type": "Succeed"{fields}}}}}}}"#);
    let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{error}"));
    let found = check(&machine, &Options::default());
    let bytes: usize = found.iter().map(|finding| finding.pointer.len() + finding.message.len()).sum();
    assert!(bytes < 20 << 20, "{bytes}");
    assert!(found.iter().any(|finding| finding.code == "too-many-findings"));
}

#[test]
fn literals_and_variables_in_fields_that_take_another_type() {
    let map = |value: &str, items: &str| {
        format!(
            r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{"A": {{"Type": "Pass", "Assign": {{"v": {value}}}, "Next": "M"}},
            "M": {{"Type": "Map", "Items": "{items}", "End": true,
                "ItemProcessor": {{"StartAt": "I", "States": {{"I": {{"Type": "Succeed"}}}}}}}}}}}}"#
        )
    };
    let wrong = &["error expression-type /States/M/Items"][..];
    for (value, items, expected) in [
        ("1", "{% 1 %}", wrong),
        ("1", "{% {'a': 1} %}", wrong),
        ("1", "{% $v %}", wrong),
        ("\"{% 'text' %}\"", "{% $v %}", wrong),
        ("[1]", "{% $v %}", &[]),
        ("\"{% $states.input.list %}\"", "{% $v %}", &[]),
        ("\"${List}\"", "{% $v %}", &[]),
        ("1", "{% [1, 2] %}", &[]),
        ("1", "{% [1..$v] %}", &[]),
    ] {
        assert_findings(&map(value, items), expected);
    }
    let two = r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"v": "x"}, "Next": "W"}, "W": {"Type": "Wait", "Seconds": "{% $v %}", "End": true}}}"#;
    assert_findings(two, &[]);
}

#[test]
fn constants_that_a_field_cannot_take() {
    let map = |items: &str, mode: &str| {
        let processor =
            format!(r#"{{"ProcessorConfig": {mode}, "StartAt": "I", "States": {{"I": {{"Type": "Succeed"}}}}}}"#);
        state(&format!(r#""Type": "Map", "QueryLanguage": "JSONata", "Items": {items}, "ItemProcessor": {processor}"#))
    };
    let (inline, distributed) = (r#"{"Mode": "INLINE"}"#, r#"{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}"#);
    for items in ["5", "true", "null"] {
        for mode in [inline, distributed] {
            assert_findings(&map(items, mode), &["error expression-type /States/A/Items"]);
        }
    }
    assert_findings(&map(r#""$.a""#, inline), &["warning forgotten-braces /States/A/Items"]);
    assert_findings(&map(r#"{"a": 1}"#, inline), &["error expression-type /States/A/Items"]);
    assert_findings(&map(r#"{"a": 1}"#, distributed), &[]);
    for items in ["[]", r#"["a"]"#, r#""{% $states.input %}""#, r#""${Items}""#] {
        assert_findings(&map(items, inline), &[]);
    }
    let version = |version: &str| {
        format!(r#"{{"StartAt": "A", "Version": {version}, "States": {{"A": {{"Type": "Succeed"}}}}}}"#)
    };
    assert_findings(&version(r#""1.0""#), &[]);
    assert_findings(&version(r#""2.0""#), &["warning unknown-value /Version"]);
    assert_findings(
        &state(r#""Type": "Pass", "Parameters": {"all": "$[?(@.size > 5)]", "price": "$[5 dollars]"}"#),
        &["warning forgotten-dollar /States/A/Parameters/all"],
    );
}

#[test]
fn a_text_of_one_character_has_one_character() {
    let glue = r#""Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun", "Parameters": {"JobName": "j", "ExecutionRoleSessionPolicy": "x"}"#;
    let machine: StateMachine = state(glue).parse().unwrap();
    let found = check(&machine, &Options::default());
    let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["`ExecutionRoleSessionPolicy` has 1 character, but must have at least 2"]);
}
