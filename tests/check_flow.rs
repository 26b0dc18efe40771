//! The data-flow rules: which values a path can have.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Options, check};
use sfn_tasks::value::Json;

const CODES: [&str; 9] = [
    "impossible-path",
    "unlikely-path",
    "items-not-a-list",
    "context-not-here",
    "comparison-type",
    "expression-type",
    "intrinsic-function",
    "jsonata-operation",
    "parameter-type",
];

fn findings_with(states: &str, options: &Options) -> Vec<String> {
    let text = format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
    let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
    let found = check(&machine, options).into_iter().filter(|it| CODES.contains(&it.code));
    found.map(|it| format!("{} {} {}", it.code, it.pointer, it.help.unwrap_or(it.message))).collect()
}

fn findings(states: &str) -> Vec<String> {
    findings_with(states, &Options::default())
}

/// A Pass state with this output.
fn pass(name: &str, result: &str, next: &str) -> String {
    format!(r#""{name}": {{"Type": "Pass", "Result": {result}, "Next": "{next}"}}"#)
}

fn reading(name: &str, path: &str) -> String {
    format!(r#""{name}": {{"Type": "Pass", "Parameters": {{"x.$": "{path}"}}, "End": true}}"#)
}

#[test]
fn a_path_is_followed_through_what_states_write() {
    let machine = |path: &str| {
        format!("{}, {}", pass("A", r#"{"order": {"id": 1, "lines": [{"sku": "a"}]}}"#, "B"), reading("B", path))
    };
    for fine in ["$", "$.order.id", "$.order.lines[0].sku", "$.order.lines[*].skuu", "$..nope", "$$.Execution.Id"] {
        assert_eq!(findings(&machine(fine)), [""; 0], "{fine}");
    }
    assert_eq!(
        findings(&machine("$.order.ids")),
        ["impossible-path /States/B/Parameters/x.$ did you mean `$.order.id`?"]
    );
    assert_eq!(findings(&machine("$.id")), ["impossible-path /States/B/Parameters/x.$ did you mean `$.order.id`?"]);
    assert_eq!(findings(&machine("$.order.lines.sku")).len(), 1);
    assert_eq!(findings(&machine("$.order.lines[1].sku")).len(), 1);
    assert_eq!(findings(&machine("States.Format('{}', $.nope)")).len(), 1);
}

#[test]
fn what_comes_from_outside_can_be_anything() {
    assert_eq!(findings(&reading("A", "$.a.b.c")), [""; 0]);
    let task = r#""A": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:f", "Next": "B"}"#;
    assert_eq!(findings(&format!("{task}, {}", reading("B", "$.a.b"))), [""; 0]);
    let options = Options::default().input(Json::from(serde_json::json!({"a": {"b": 1}})));
    assert_eq!(
        findings_with(&reading("A", "$.a.bb"), &options),
        ["unlikely-path /States/A/Parameters/x.$ did you mean `$.a.b`?"]
    );
    assert_eq!(findings_with(&reading("A", "$.a.b"), &options), [""; 0]);
}

#[test]
fn fields_do_what_they_do() {
    let state = |fields: &str| format!(r#""A": {{"Type": "Pass", "Result": {{"n": 1}}, {fields}, "Next": "B"}}"#);
    let found = |fields: &str, path: &str| findings(&format!("{}, {}", state(fields), reading("B", path))).len();
    assert_eq!((found(r#""ResultPath": "$.r""#, "$.r.n"), found(r#""ResultPath": "$.r""#, "$.r.m")), (0, 1));
    assert_eq!(found(r#""ResultPath": "$.r""#, "$.other"), 0);
    assert_eq!((found(r#""ResultPath": null"#, "$.n"), found(r#""OutputPath": "$.n""#, "$.n")), (0, 1));
    assert_eq!(found(r#""OutputPath": "$.m""#, "$"), 1);
    let on_input = r#""A": {"Type": "Pass", "Result": {"n": 1}, "Next": "C"}, "C": {"Type": "Pass", "InputPath": "$.n", "Next": "B"}"#;
    assert_eq!(findings(&format!("{on_input}, {}", reading("B", "$.n"))).len(), 1);
}

#[test]
fn parallel_states_give_a_list_and_map_states_too() {
    let branch =
        |fields: &str| format!(r#"{{"StartAt": "P", "States": {{"P": {{"Type": "Pass", {fields}, "End": true}}}}}}"#);
    let parallel = |next: &str| {
        format!(
            r#""A": {{"Type": "Parallel", "Branches": [{}, {}], {next}}}"#,
            branch(r#""Result": {"a": 1}"#),
            branch(r#""Result": {"b": 1}"#).replace("\"P\"", "\"Q\"")
        )
    };
    let found = |next: &str, path: &str| findings(&format!("{}, {}", parallel(next), reading("B", path)));
    assert_eq!(found(r#""Next": "B""#, "$[1].b"), [""; 0]);
    assert_eq!(found(r#""Next": "B""#, "$.b"), ["impossible-path /States/B/Parameters/x.$ did you mean `$[1].b`?"]);
    assert_eq!(
        found(r#""ResultPath": "$.both", "Next": "B""#, "$.b"),
        ["unlikely-path /States/B/Parameters/x.$ did you mean `$.both[1].b`?"]
    );
    let map = format!(
        r#""A": {{"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": {}, "Next": "B"}}"#,
        branch(r#""Parameters": {"i.$": "$$.Map.Item.Index"}"#)
    );
    assert_eq!(findings(&format!("{map}, {}", reading("B", "$[0].i"))), [""; 0]);
    assert_eq!(findings(&format!("{map}, {}", reading("B", "$.i"))).len(), 1);
    let of_number = map.replace("\"A\"", "\"M\"").replace("$.items", "$.n");
    let found = findings(&format!("{}, {of_number}, {}", pass("A", r#"{"n": 5}"#, "M"), reading("B", "$[0].i")));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("items-not-a-list /States/M/ItemsPath"), "{found:?}");
}

#[test]
fn results_of_apis_are_known_by_their_pattern() {
    let task = |resource: &str| {
        format!(
            r#""A": {{"Type": "Task", "Resource": "arn:aws:states:::{resource}", "Parameters": {{"QueryString": "q", "WorkGroup": "w"}}, "ResultPath": "$.query", "Next": "B"}}"#
        )
    };
    let found = |resource: &str, path: &str| findings(&format!("{}, {}", task(resource), reading("B", path)));
    assert_eq!(found("athena:startQueryExecution", "$.query.QueryExecutionId"), [""; 0]);
    assert_eq!(
        found("athena:startQueryExecution.sync", "$.query.QueryExecutionId"),
        ["unlikely-path /States/B/Parameters/x.$ did you mean `$.query.QueryExecution.QueryExecutionId`?"]
    );
    assert_eq!(found("athena:startQueryExecution.sync", "$.query.QueryExecution.Status.State"), [""; 0]);
    assert_eq!(
        found("aws-sdk:athena:startQueryExecution", "$.query.QueryExecutionID"),
        ["unlikely-path /States/B/Parameters/x.$ did you mean `$.query.QueryExecutionId`?"]
    );
    assert_eq!(found("aws-sdk:athena:startQueryExecution", "$.query.SdkHttpMetadata.HttpStatusCode"), [""; 0]);
}

#[test]
fn handlers_get_the_error() {
    let task = r#""A": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:f",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "End": true}"#;
    assert_eq!(findings(&format!("{task}, {}", reading("B", "$.Cause"))), [""; 0]);
    assert_eq!(findings(&format!("{task}, {}", reading("B", "$.error.Cause"))).len(), 1);
    let kept = task.replace("\"Next\": \"B\"", "\"ResultPath\": \"$.error\", \"Next\": \"B\"");
    assert_eq!(findings(&format!("{kept}, {}", reading("B", "$.error.Cause"))), [""; 0]);
    assert_eq!(findings(&format!("{kept}, {}", reading("B", "$.error.Message"))).len(), 1);
}

#[test]
fn jsonata_and_variables() {
    let machine = |expression: &str| {
        format!(
            r#""A": {{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {{"order": {{"id": 1}}}}, "Assign": {{"v": {{"n": 1}}, "l": [{{"a": 1}}]}}, "Next": "B"}},
               "B": {{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{{% {expression} %}}", "End": true}}"#
        )
    };
    for fine in [
        "$states.input.order.id",
        "$v.n",
        "$l.a",
        "$exists($states.input.nope)",
        "$states.input.nope ? 1 : 2",
        "$states.context.Execution.Id",
        "$l[0].a",
    ] {
        assert_eq!(findings(&machine(fine)), [""; 0], "{fine}");
    }
    for wrong in ["$states.input.id", "$v.m", "$l.b", "$states.input.order.id.x"] {
        assert_eq!(findings(&machine(wrong)).len(), 1, "{wrong}");
    }
}

#[test]
fn ways_that_join_have_what_either_has() {
    let machine = |path: &str| {
        format!(
            r#""A": {{"Type": "Choice", "Choices": [{{"Variable": "$.n", "NumericEquals": 1, "Next": "L"}}], "Default": "R"}},
               {}, {}, {}"#,
            pass("L", r#"{"l": 1}"#, "B"),
            pass("R", r#"{"r": 1}"#, "B"),
            reading("B", path)
        )
    };
    assert_eq!(
        (findings(&machine("$.l")).len(), findings(&machine("$.r")).len(), findings(&machine("$.x")).len()),
        (0, 0, 1)
    );
    // The analysis of a loop that nests values deeper and deeper ends.
    let looping = r#""A": {"Type": "Pass", "Parameters": {"in.$": "$"}, "Next": "A"}"#;
    assert_eq!(findings(looping), [""; 0]);
}

#[test]
fn comparisons_and_the_context_object() {
    let choice = r#""B": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "C"}], "Default": "C"}, "C": {"Type": "Succeed"}"#;
    assert_eq!(findings(&format!("{}, {choice}", pass("A", r#"{"n": 1}"#, "B"))), [""; 0]);
    let found = findings(&format!("{}, {choice}", pass("A", r#"{"n": "1"}"#, "B")));
    assert_eq!(
        found,
        [
            "comparison-type /States/B/Choices/0/NumericEquals `NumericEquals` is never true: `$.n` is a string, not a number"
        ]
    );
    // The types of an API's response
    let publish = r#""A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:eu-west-1:111122223333:t", "Message": "m"}, "Next": "B"}"#;
    let of_result = |path: &str| findings(&format!("{publish}, {}", choice.replace("$.n", path)));
    assert_eq!(of_result("$.MessageId").len(), 1);
    assert_eq!(of_result("$.SdkHttpMetadata.HttpStatusCode"), [""; 0]);
    assert_eq!(findings(&reading("A", "$$.Map.Item.Value")).len(), 1);
    assert_eq!(findings(&reading("A", "$$.Task.Token")).len(), 1);
    let waits = r#""A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 5,
        "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "MessageBody.$": "$$.Task.Token"}, "End": true}"#;
    assert_eq!(findings(waits), [""; 0]);
}

#[test]
fn a_payload_that_no_state_can_hand_on_is_told() {
    let state = |size: usize| format!(r#""A": {{"Type": "Pass", "Result": "{}", "End": true}}"#, "x".repeat(size));
    let told = |size| {
        let text = format!(r#"{{"StartAt": "A", "States": {{{}}}}}"#, state(size));
        let machine: StateMachine = text.parse().unwrap();
        check(&machine, &Options::default()).iter().any(|it| it.code == "payload-too-large")
    };
    assert_eq!((told(256 * 1024 - 2), told(256 * 1024)), (false, true));
}

#[test]
fn constants_of_several_states_add_up() {
    let found = |size: usize, path: &str| {
        let text = "x".repeat(size);
        let add = |name: &str, at: &str, next: &str| {
            format!(r#""{name}": {{"Type": "Pass", "Result": "{text}", "ResultPath": "{at}", "Next": "{next}"}}"#)
        };
        let states = format!(
            r#"{}, {}, {}, "D": {{"Type": "Succeed"}}"#,
            pass("A", "{}", "B"),
            add("B", "$.one", "C"),
            add("C", path, "D")
        );
        let text = format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
        let machine: StateMachine = text.parse().unwrap();
        let found = check(&machine, &Options::default());
        found.iter().filter(|it| it.code == "payload-too-large").map(|it| it.pointer.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(100 * 1024, "$.two"), [""; 0]);
    assert_eq!(found(150 * 1024, "$.one"), [""; 0]);
    assert_eq!(found(150 * 1024, "$.two"), ["/States/C"]);
    assert_eq!(found(300 * 1024, "$.two"), ["/States/B/Result", "/States/C/Result"]);
}

#[test]
fn work_grows_with_the_definition_and_not_faster() {
    let mut states = String::new();
    for number in 0..10_000 {
        let next = if number == 9_999 { r#""End": true"#.to_owned() } else { format!(r#""Next": "S{}""#, number + 1) };
        let name = if number == 0 { "A".to_owned() } else { format!("S{number}") };
        let comma = if number == 0 { "" } else { "," };
        let _ =
            write!(states, r#"{comma}"{name}": {{"Type": "Pass", "Result": 1, "ResultPath": "$.r{number}", {next}}}"#);
    }
    assert_eq!(findings(&states), [""; 0]);
}

#[test]
fn states_within_other_states_are_followed() {
    let inner = |path: &str| {
        let states = format!("{}, {}", pass("I", r#"{"id": 1}"#, "B"), reading("B", path));
        format!(r#"{{"StartAt": "I", "States": {{{states}}}}}"#)
    };
    let map = |path: &str| format!(r#""A": {{"Type": "Map", "ItemProcessor": {}, "End": true}}"#, inner(path));
    let parallel = |path: &str| format!(r#""A": {{"Type": "Parallel", "Branches": [{}], "End": true}}"#, inner(path));
    let both = |path: &str| {
        let map = format!(r#"{{"StartAt": "A", "States": {{{}}}}}"#, map(path));
        format!(r#""P": {{"Type": "Parallel", "Branches": [{map}], "End": true}}, {}"#, pass("A", "[]", "P"))
    };
    for states in [map("$.ids"), parallel("$.ids"), both("$.ids")] {
        assert_eq!(findings(&states).len(), 1, "{states}");
    }
    for states in [map("$.id"), parallel("$.id"), both("$.id")] {
        assert_eq!(findings(&states), [""; 0], "{states}");
    }
}

#[test]
fn the_values_of_a_map_are_known() {
    let item = |path: &str| {
        let task = r#""A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "t", "Key": {"id": {"S": "1"}}}, "ResultPath": "$.row", "Next": "B"}"#;
        findings(&format!("{task}, {}", reading("B", path))).len()
    };
    assert_eq!((item("$.row.Item.name.S"), item("$.row.Item.tags.SS[0]"), item("$.row.Item.name.M.x.N")), (0, 0, 0));
    assert_eq!((item("$.row.Item.name"), item("$.row.Item.name.Text"), item("$.row.Item.name.M.x.Text")), (0, 1, 1));
}

#[test]
fn parts_of_jsonata_expressions_are_followed() {
    let found = |expression: &str| {
        let first = r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"n": 1, "list": [{"a": 1}]}, "Assign": {"v": {"x": 1}}, "Next": "B"}"#;
        let second = format!(
            r#""B": {{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {{"r": "{{% {expression} %}}"}}, "End": true}}"#
        );
        findings(&format!("{first}, {second}"))
    };
    for fine in [
        "$states.input.n + 1",
        "$exists($states.input.m) ? $states.input.m : 0",
        "$states.input.m ?: 1",
        "$states.input.m = null",
        "$states.input.list[a = 1].a",
        "$states.input.list[0].a",
        "$map($states.input.list, function($v) { $v.y })",
        "($v := {'y': 1}; $v.y)",
        "$sum($states.input.list.a)",
        "$states.context.Execution.Id & 'x'",
    ] {
        assert_eq!(found(fine), [""; 0], "{fine}");
    }
    for (wrong, help) in [
        ("$states.input.m + 1", "did you mean `$states.input.n`?"),
        ("'x' & $v.y", "did you mean `$v.x`?"),
        ("$sum($states.input.lists.a)", "did you mean `$states.input.list`?"),
        ("{'a': [$states.input.n.x]}", "there is nothing at `$states.input.n.x`: `$states.input.n` is a number"),
        ("$states.input.n > 0 ? $states.input.m : 1", "did you mean `$states.input.n`?"),
        (
            "$states.input.list[a = 1].b",
            "there is nothing at `$states.input.list.b`: `$states.input.list` is a list, a value that the definition builds",
        ),
    ] {
        assert_eq!(found(wrong), [format!("unlikely-path /States/B/Output/r {help}")], "{wrong}");
    }
    // The result of an expression is known in later states.
    let first = r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% {'id': 'x' & $states.input.n} %}", "Next": "B"}"#;
    assert_eq!(findings(&format!("{first}, {}", reading("B", "$.id"))), [""; 0]);
    assert_eq!(findings(&format!("{first}, {}", reading("B", "$.ids"))).len(), 1);
}

#[test]
fn fields_get_the_type_that_they_accept() {
    let first = pass(
        "A",
        r#"{"n": 3, "less": -1, "half": 1.5, "word": "soon", "digits": "5", "time": "2030-01-31T12:00:00Z", "list": [1], "many": 101}"#,
        "B",
    );
    let found = |state: &str| findings(&format!("{first}, \"B\": {{{state}, \"End\": true}}")).len();
    let wait = |field: &str, path: &str| found(&format!(r#""Type": "Wait", "{field}": "{path}""#));
    assert_eq!((wait("SecondsPath", "$.n"), wait("SecondsPath", "$.digits")), (0, 0));
    for wrong in ["$.less", "$.half", "$.word", "$.time", "$.list", "$"] {
        assert_eq!(wait("SecondsPath", wrong), 1, "{wrong}");
    }
    assert_eq!(
        (wait("TimestampPath", "$.time"), wait("TimestampPath", "$.n"), wait("TimestampPath", "$.word")),
        (0, 1, 1)
    );
    let map = |field: &str, path: &str| {
        let processor = r#""ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "P", "States": {"P": {"Type": "Succeed"}}}"#;
        found(&format!(r#""Type": "Map", "ItemsPath": "$.list", "{field}": "{path}", {processor}"#))
    };
    assert_eq!((map("MaxConcurrencyPath", "$.n"), map("MaxConcurrencyPath", "$.word")), (0, 1));
    let percentage = |path: &str| map("ToleratedFailurePercentagePath", path);
    assert_eq!((percentage("$.half"), percentage("$.less"), percentage("$.many")), (0, 1, 1));

    let jsonata = |field: &str, expression: &str| {
        let start = r#""A": {"Type": "Pass", "Output": {"n": 3, "word": "soon", "list": [1]}, "QueryLanguage": "JSONata", "Next": "B"}"#;
        let state = format!(r#""B": {{"QueryLanguage": "JSONata", {field}: "{{% {expression} %}}", "End": true}}"#);
        findings(&format!("{start}, {state}")).len()
    };
    let seconds = r#""Type": "Wait", "Seconds""#;
    assert_eq!((jsonata(seconds, "$states.input.n"), jsonata(seconds, "$states.input.word")), (0, 1));
    assert_eq!((jsonata(seconds, "$count($states.input.list)"), jsonata(seconds, "$string(3)")), (0, 1));
    let items = r#""Type": "Map", "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Succeed"}}}, "Items""#;
    assert_eq!((jsonata(items, "$states.input.list"), jsonata(items, "$states.input.n")), (0, 1));
    assert_eq!(jsonata(items, "$f := function($x) { $x }"), 1);
}

#[test]
fn functions_get_the_types_that_they_accept() {
    let call = |call: &str| {
        let first = pass("A", r#"{"n": 3, "word": "soon", "list": ["a", "b"], "order": {"id": 1}}"#, "B");
        findings(&format!("{first}, {}", reading("B", call)))
    };
    for fine in [
        "States.MathAdd($.n, 1)",
        "States.ArrayLength($.list)",
        "States.ArrayGetItem($.list, 1)",
        "States.ArrayGetItem(States.Array($.n, $.word), 0)",
        "States.JsonMerge($.order, $.order, false)",
        "States.Format($.word)",
        "States.ArrayContains($.list, $.n)",
    ] {
        assert_eq!(call(fine), [""; 0], "{fine}");
    }
    let told = |message: &str| [format!("intrinsic-function /States/B/Parameters/x.$ {message}")];
    for (wrong, message) in [
        ("States.MathAdd($.word, 1)", "argument 1 of `States.MathAdd` is a string, but must be a number"),
        ("States.ArrayLength($.order)", "argument 1 of `States.ArrayLength` is an object, but must be an array"),
        ("States.StringToJson($.list)", "argument 1 of `States.StringToJson` is a list, but must be a string"),
        ("States.ArrayGetItem($.list, 2)", "the first element has the index 0, the last 1"),
        (
            "States.Format('{}', States.ArrayGetItem(States.Array(1), 1))",
            "the first element has the index 0, the last 0",
        ),
    ] {
        assert_eq!(call(wrong), told(message), "{wrong}");
    }
    let merged = r#""A": {"Type": "Pass", "Parameters": {"m.$": "States.JsonMerge($.x, States.StringToJson('{}'), false)"}, "Next": "B"}"#;
    assert_eq!(findings(&format!("{merged}, {}", reading("B", "$.m.anything"))), [""; 0]);

    let jsonata = |expression: &str| {
        let list = r#""A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::aws-sdk:s3:listObjectsV2", "Arguments": {"Bucket": "b"}, "Assign": {"page": "{% $states.result %}"}, "Output": {"n": 3, "word": "a", "words": ["a"], "none": null}, "Next": "B"}"#;
        let state = format!(
            r#""B": {{"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{{% {expression} %}}", "End": true}}"#
        );
        findings(&format!("{list}, {state}"))
    };
    for fine in [
        "$uppercase($states.input.word)",
        "$sum([$states.input.n, 1])",
        "$join($states.input.words)",
        "$states.input.word & $states.input.n",
        "$count($page.Contents) + 1",
        "$page.KeyCount + 1",
        "$page.Name ~> $uppercase()",
        "$string($states.input.n) ~> $uppercase",
        "($uppercase := function($x) { $x }; $uppercase($states.input.n))",
        "$length($string($states.input.n)) > 1",
    ] {
        assert_eq!(jsonata(fine), [""; 0], "{fine}");
    }
    for wrong in [
        "$uppercase($states.input.n)",
        "$states.input.n ~> $uppercase()",
        "$sum($states.input.words)",
        "$states.input.word + 1",
        "$states.input.word < 3",
        "$states.input.none + 1",
        "$count($states.input.words) & 'x' & $lowercase($length('a'))",
        "$page.Contents + 1",
        "$uppercase($page)",
        "$uppercase($count($page.Contents))",
    ] {
        let found = jsonata(wrong);
        assert!(found.len() == 1 && found[0].starts_with("jsonata-operation /States/B/Output "), "{wrong}: {found:?}");
    }
}

#[test]
fn map_states_pass_items_batches_and_what_a_writer_wrote() {
    let machine = |fields: &str, inside: &str, after: &str| {
        let processor = format!(
            r#""ItemProcessor": {{"ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}, "StartAt": "P", "States": {{"P": {{"Type": "Pass", "Parameters": {{"v.$": "{inside}"}}, "End": true}}}}}}"#
        );
        let map = format!(r#""M": {{"Type": "Map", "ItemsPath": "$.list", {fields}, {processor}, "Next": "B"}}"#);
        findings(&format!("{}, {map}, {}", pass("A", r#"{"list": [{"id": 1}]}"#, "M"), reading("B", after))).len()
    };
    let selector = |path: &str| machine(&format!(r#""ItemSelector": {{"x.$": "{path}"}}"#), "$.x", "$[0].v");
    assert_eq!(
        (selector("$$.Map.Item.Value.id"), selector("$$.Map.Item.Value.ID"), selector("$$.Map.Item.Index")),
        (0, 1, 0)
    );
    let batch = |path: &str| machine(r#""ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"k": 1}}"#, path, "$");
    assert_eq!(
        (batch("$.Items[0].id"), batch("$.BatchInput.k"), batch("$.id"), batch("$.BatchInput.id")),
        (0, 0, 1, 1)
    );
    // An item of a distributed Map state is the input of its own execution.
    assert_eq!(machine(r#""Label": "m""#, "$$.Execution.Input.anything", "$"), 0);
    let writer = r#""ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}"#;
    let after = |path: &str| machine(writer, "$.id", path);
    assert_eq!((after("$.ResultWriterDetails.Key"), after("$.MapRunArn"), after("$[0].v")), (0, 0, 1));
}

#[test]
fn variables_get_the_result_of_a_state() {
    let found = |assigned: &str| {
        let state = format!(
            r#""A": {{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {{"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "MessageBody": "m"}}, "ResultSelector": {{"id.$": "$.MessageId"}}, "Assign": {{"v.$": "{assigned}"}}, "Next": "B"}}"#
        );
        findings(&format!("{state}, {}", reading("B", "$v"))).len()
    };
    assert_eq!((found("$.MessageId"), found("$.id"), found("$.MessageID")), (0, 1, 1));
    let nested = |suffix: &str| {
        let state = format!(
            r#""A": {{"Type": "Task", "Resource": "arn:aws:states:::states:startExecution{suffix}", "Parameters": {{"StateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:s"}}, "Next": "B"}}"#
        );
        findings(&format!("{state}, {}", reading("B", "$.Output.id"))).len()
    };
    assert_eq!((nested(".sync:2"), nested(".sync")), (0, 1));
    // A nested execution that gets the token can answer with anything.
    let answered = |input: &str| {
        let state = format!(
            r#""A": {{"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {{"StateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:s", "Input": {input}}}, "Next": "B"}}"#
        );
        findings(&format!("{state}, {}", reading("B", "$.approved"))).len()
    };
    assert_eq!((answered(r#"{"token.$": "$$.Task.Token"}"#), answered(r#"{"name.$": "$$.State.Name"}"#)), (0, 1));
}

#[test]
fn a_test_of_presence_protects_only_its_path() {
    let task = r#""A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:athena:getQueryResults", "Parameters": {"QueryExecutionId": "q"}, "ResultPath": "$.rows", "Next": "C"}"#;
    let found = |present: &str, variable: &str| {
        let rule = format!(
            r#"{{"And": [{{"Variable": "{present}", "IsPresent": true}}, {{"Variable": "{variable}", "StringEquals": "x"}}], "Next": "D"}}"#
        );
        let choice =
            format!(r#""C": {{"Type": "Choice", "Choices": [{rule}], "Default": "D"}}, "D": {{"Type": "Succeed"}}"#);
        findings(&format!("{task}, {choice}")).len()
    };
    assert_eq!(found("$.rows", "$.rows.NextToken"), 0);
    assert_eq!(found("$.rows", "$.rows.NextTokens"), 1);
    assert_eq!(found("$.rows.NextTokens", "$.rows.NextTokens"), 0);
    assert_eq!(found("$.rows.NextTokens.x", "$.rows.NextTokens"), 0);
    // Responses are known deep inside.
    let cell = |name: &str| found("$.rows", &format!("$.rows.ResultSet.Rows[1].Data[0].{name}"));
    assert_eq!((cell("VarCharValue"), cell("VarcharValue")), (0, 1));
}

#[test]
fn a_result_goes_to_an_object() {
    let found = |input: &str, path: &str| {
        let task = format!(
            r#""B": {{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:f", "ResultPath": "{path}", "Catch": [{{"ErrorEquals": ["States.ALL"], "ResultPath": "{path}", "Next": "C"}}], "Next": "C"}}, "C": {{"Type": "Succeed"}}"#
        );
        findings(&format!("{}, {task}", pass("A", input, "B")))
    };
    for (input, path) in [("{}", "$.r"), ("{\"a\": {}}", "$.a.r"), ("{}", "$.a.b"), ("[1]", "$"), ("{\"a\": 1}", "$.a")]
    {
        assert_eq!(found(input, path), [""; 0], "{input} {path}");
    }
    let told = |message: &str| {
        ["Catch/0/ResultPath", "ResultPath"].map(|at| format!("impossible-path /States/B/{at} {message}"))
    };
    let mut wrong = found("{\"a\": \"x\"}", "$.a.r");
    wrong.sort();
    assert_eq!(wrong, told("there is no place for `$.a.r`: `$.a` is a string"));
    assert_eq!(found("[1]", "$.r").len(), 2);
}

#[test]
fn parameters_and_credentials_get_values_of_their_type() {
    let first = r#""A": {"Type": "Pass", "Result": {"name": "t", "key": {"id": {"S": "1"}}, "list": [1], "role": "arn:aws:iam::111122223333:role/r", "sub": {"Ref": "Name"}, "rows": [{"Detail": {}, "DetailType": "d", "Source": "s"}], "wrong": [{"Source": [1]}]}, "Next": "B"}"#;
    let found = |resource: &str, fields: &str| {
        let task =
            format!(r#""B": {{"Type": "Task", "Resource": "arn:aws:states:::{resource}", {fields}, "End": true}}"#);
        findings(&format!("{first}, {task}"))
    };
    let item = |table: &str, key: &str| {
        found("dynamodb:getItem", &format!(r#""Parameters": {{"TableName.$": "{table}", "Key.$": "{key}"}}"#)).len()
    };
    assert_eq!((item("$.name", "$.key"), item("$.list", "$.key"), item("$.name", "$.list")), (0, 1, 1));
    assert_eq!(item("$.sub", "$.key"), 0);
    let events = |path: &str| found("events:putEvents", &format!(r#""Parameters": {{"Entries.$": "{path}"}}"#));
    assert_eq!(events("$.rows"), [""; 0]);
    assert_eq!(
        events("$.wrong"),
        [
            "parameter-type /States/B/Parameters/Entries.$ `Source` must be a string, but the value has another type: a list"
        ]
    );
    let message =
        r#""Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "MessageBody.$": "$.key"}"#;
    assert_eq!(found("sqs:sendMessage", message), [""; 0]);
    assert_eq!(found("aws-sdk:sqs:sendMessage", message), [""; 0]);
    let role =
        |path: &str| found("sqs:sendMessage", &format!(r#"{message}, "Credentials": {{"RoleArn.$": "{path}"}}"#));
    assert_eq!((role("$.role").len(), role("$.roles").len()), (0, 1));
}

#[test]
fn both_sides_of_a_comparison_exist() {
    let found = |path: &str| {
        let choice = format!(
            r#""B": {{"Type": "Choice", "Choices": [{{"Variable": "$.n", "NumericLessThanPath": "{path}", "Next": "C"}}], "Default": "C"}}, "C": {{"Type": "Succeed"}}"#
        );
        findings(&format!("{}, {choice}", pass("A", r#"{"n": 1, "most": 5, "word": "x"}"#, "B")))
    };
    assert_eq!(found("$.most"), [""; 0]);
    assert_eq!(found("$.mosts"), ["impossible-path /States/B/Choices/0/NumericLessThanPath did you mean `$.most`?"]);
    assert!(found("$.word")[0].starts_with("comparison-type "));
}
