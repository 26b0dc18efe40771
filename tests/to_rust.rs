//! Definitions as Rust. `tools/rust_check.py` checks that the Rust compiles and renders the same definition.

#![cfg(feature = "rust")]

use sfn_tasks::asl::StateMachine;
use sfn_tasks::to_rust::{Module, Options, module};

fn written(states: &str) -> Module {
    let text = format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
    let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
    module(&machine, &Options::new("flow"))
}

/// The statements of the function.
fn body(states: &str) -> String {
    let module = written(states);
    assert_eq!(module.left_out, [], "{}", module.text);
    let (_, body) = module.text.split_once("Problems> {\n").unwrap_or_else(|| panic!("{}", module.text));
    body.trim_end_matches("\n}\n")
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_way_is_followed_and_a_loop_jumps_back() {
    assert_eq!(
        body(
            r#""A": {"Type": "Wait", "Seconds": 5, "Next": "B"},
               "B": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "A"}], "Default": "C"},
               "C": {"Type": "Succeed"}"#
        ),
        "let b = Choice::new(\"B\")\n    .when(var(\"$.n\").less_than(3), goto(\"A\"))\n    \
         .otherwise(Succeed::new(\"C\"));\nlet a = Wait::seconds(\"A\", Duration::from_secs(5)).next(b);\nStateMachine::new(a)"
            .replace("let b", "let a = Wait::seconds(\"A\", Duration::from_secs(5));\nlet b")
            .replace("let a = Wait::seconds(\"A\", Duration::from_secs(5)).next(b);\nStateMachine::new(a)", "StateMachine::new(a.next(b))")
    );
}

#[test]
fn a_handler_that_two_states_share_stands_once() {
    let task = |next: &str| {
        format!(
            r#"{{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {{"TopicArn": "${{T}}", "Message": "x"}},
                "Catch": [{{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "H"}}], {next}}}"#
        )
    };
    let body = body(&format!(
        r#""A": {}, "B": {}, "H": {{"Type": "Fail", "Error": "Sad"}}"#,
        task(r#""Next": "B""#),
        task(r#""End": true"#)
    ));
    assert_eq!(body.matches("Fail::new(\"H\").error(\"Sad\")").count(), 1, "{body}");
    assert_eq!(body.matches("goto(\"H\")").count(), 1, "{body}");
    assert!(body.contains("sns::Publish::new().topic_arn(reference(\"T\")).message(\"x\")"), "{body}");
    assert!(body.ends_with("StateMachine::new(a.next(b))"), "{body}");
}

#[test]
fn what_the_library_does_not_know_is_raw() {
    let body = body(
        r#""A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "Parameters": {}, "Next": "B"},
           "B": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "Payload.$": "$", "New": 1}, "End": true}"#,
    );
    assert!(body.contains(r#"Task::raw("A", "arn:aws:states:::aws-sdk:s3:listBuckets", payload!({}))"#), "{body}");
    assert!(
        body.contains(r#"lambda::Invoke::new().function_name("f").payload(state_input()).parameter("New", 1)"#),
        "{body}"
    );
    assert!(body.contains(".without_default_retry()"), "{body}");
}

#[test]
fn both_languages() {
    let body = body(
        r#""A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
               "Arguments": {"QueueUrl": "{% $url %}", "MessageBody": {"token": "{% $states.context.Task.Token %}", "n": [1, null, "{%$x%}"]}},
               "TimeoutSeconds": 7200, "Assign": {"id": "{% $states.result.MessageId %}"}, "End": true}"#,
    );
    for part in [
        r#".queue_url(jsonata("$url"))"#,
        r#"payload!({ "token": task_token(), "n": [1, null, jsonata("{%$x%}")] })"#,
        ".timeout(Duration::from_secs(2 * 60 * 60))",
        r#".assign("id", jsonata("$states.result.MessageId"))"#,
        ".query_language(QueryLanguage::Jsonata)",
    ] {
        assert!(body.contains(part), "{part} in\n{body}");
    }
}

#[test]
fn names_are_those_of_rust() {
    let body = body(
        r#""A": {"Type": "Pass", "Comment": "a long enough comment to need a variable", "Next": "Match"},
           "Match": {"Type": "Pass", "Comment": "a long enough comment to need a variable", "Next": "2nd try (again)"},
           "2nd try (again)": {"Type": "Pass", "Comment": "a long enough comment to need a variable", "Next": "Größe"},
           "Größe": {"Type": "Pass", "Comment": "a long enough comment to need a variable", "End": true}"#,
    );
    for name in ["let a =", "let match_state =", "let state_2nd_try_again =", "let gr_e ="] {
        assert!(body.contains(name), "{name} in\n{body}");
    }
}

#[test]
fn what_has_no_form_is_told_with_its_place() {
    let module = written(r#""A": {"Type": "Succeed"}, "Lost": {"Type": "Succeed"}"#);
    assert_eq!(module.left_out, [("/States/Lost".to_owned(), "the state `Lost` is unreachable".to_owned())]);
    let module = written(
        r#""A": {"Type": "Parallel", "End": true, "Branches": [{"Comment": "c", "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]}"#,
    );
    assert_eq!(module.left_out[0].0, "/States/A/Branches/0/Comment");
}

#[test]
fn nothing_that_is_parsed_makes_it_panic() {
    for text in [
        "[]",
        "{}",
        r#"{"StartAt": 1, "States": []}"#,
        r#"{"StartAt": "A", "States": {"A": 5, "B": {"Type": "Task"}}}"#,
        r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [1, {"Next": "A"}], "Default": "A"}}}"#,
        r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "Next": "A", "Retry": {}, "Catch": [[]]}}}"#,
        r#"{"StartAt": "", "States": {"": {"Type": "Wait", "Next": ""}}}"#,
    ] {
        let machine: StateMachine = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
        assert!(module(&machine, &Options::new("")).text.contains("pub fn state()"), "{text}");
    }
}

#[test]
fn spaces_around_an_expression_are_kept() {
    let state = |output: &str| {
        body(&format!(
            r#""A": {{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {}, "End": true}}"#,
            serde_json::json!(output)
        ))
    };
    assert!(state("{% $x %}").contains(r#"jsonata("$x")"#));
    for output in ["{% $x\n%}", "{% $x%}", "{%  $x %}", "{%\u{e9}$x\u{e9}%}", "{%%}", "{% %}"] {
        let body = state(output);
        assert!(body.contains(&format!("jsonata({output:?})")), "{output:?} in\n{body}");
    }
}

#[test]
fn the_partition_of_the_resources_is_that_of_the_machine() {
    let machine = |partition: &str, other: &str| {
        body(&format!(
            r#""A": {{"Type": "Task", "Resource": "arn:{partition}:states:::sqs:sendMessage", "Parameters": {{"QueueUrl": "q", "MessageBody": "m"}}, "Next": "B"}},
               "B": {{"Type": "Task", "Resource": "arn:{other}:states:::aws-sdk:s3:listBuckets", "Parameters": {{}}, "End": true}}"#
        ))
    };
    for partition in ["aws-cn", "${AWS::Partition}"] {
        let body = machine(partition, partition);
        assert!(body.contains("let a = Task::new("), "{body}");
        assert!(body.contains(&format!(".partition({partition:?})")), "{body}");
    }
    let body = machine("aws", "aws-cn");
    assert!(body.contains("let a = Task::new(") && !body.contains(".partition("), "{body}");
}

#[test]
fn a_retrier_of_several_states_is_a_variable() {
    let task = |next: &str, attempts: u32| {
        format!(
            r#"{{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {{"FunctionName": "f"}},
                "Retry": [{{"ErrorEquals": ["Lambda.TooManyRequestsException", "Lambda.New"], "MaxAttempts": {attempts}}}], {next}}}"#
        )
    };
    let body = body(&format!(
        r#""A": {}, "B": {}, "C": {}"#,
        task(r#""Next": "B""#, 3),
        task(r#""Next": "C""#, 3),
        task(r#""End": true"#, 4)
    ));
    let retrier = "Retry::on([errors::lambda::TOO_MANY_REQUESTS_EXCEPTION, \"Lambda.New\"])";
    assert!(body.starts_with(&format!("let lambda_retry = {retrier}")), "{body}");
    assert_eq!(body.matches(".retry(lambda_retry.clone())").count(), 2, "{body}");
    assert_eq!(body.matches(".max_attempts(4)").count(), 1, "{body}");
}

#[test]
fn intrinsic_functions_are_called_by_name() {
    let value = |call: &str| {
        let body = body(&format!(
            r#""A": {{"Type": "Pass", "Parameters": {{"x.$": {}}}, "End": true}}"#,
            serde_json::json!(call)
        ));
        let (_, value) = body.split_once("\"x\": ").unwrap_or_else(|| panic!("{body}"));
        value.split_once(" }").map_or(value, |(value, _)| value).to_owned()
    };
    for (call, code) in [
        ("States.UUID()", "intrinsic::uuid()"),
        (
            "States.Format('s3://{}/{}', $.b, $$.Execution.Name)",
            r#"intrinsic::format("s3://{}/{}", [path("$.b"), path("$$.Execution.Name")])"#,
        ),
        ("States.Format('${Prefix}-{}', $.b)", r#"intrinsic::format("${Prefix}-{}", [path("$.b")])"#),
        (r"States.Format('\{it\'s {}\}', $.b)", r#"intrinsic::format("{{it's {}}}", [path("$.b")])"#),
        (
            "States.ArrayGetItem(States.StringSplit($.a, '/'), 2)",
            r#"intrinsic::array_get_item(intrinsic::string_split(path("$.a"), "/"), 2)"#,
        ),
        ("States.JsonMerge($.a, $.b, false)", r#"intrinsic::json_merge(path("$.a"), path("$.b"))"#),
        // Written differently than by a builder, or with arguments of several types.
        ("States.Format('{}',$.b)", r#"intrinsic::call("States.Format('{}',$.b)")"#),
        ("States.Array($.a, 'b')", r#"intrinsic::call("States.Array($.a, 'b')")"#),
        ("States.Nothing($.a)", r#"intrinsic::call("States.Nothing($.a)")"#),
        (r"States.Format('${A}\{{}', $.b)", r#"intrinsic::call(r"States.Format('${A}\{{}', $.b)")"#),
    ] {
        assert_eq!(value(call), code);
    }
}

#[test]
fn what_is_not_the_list_that_it_should_be_stays() {
    let body = body(
        r#""A": {"Type": "Choice", "Choices": "RULES", "Default": "B"}, "B": {"Type": "Parallel", "Branches": "${Branches}", "End": true}"#,
    );
    assert!(body.contains(r#".field("Choices", "RULES")"#), "{body}");
    assert!(body.contains(r#".field("Branches", reference("Branches"))"#), "{body}");
}
