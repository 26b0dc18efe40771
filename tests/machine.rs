//! State machines that a user builds: definitions and findings.

use sfn_tasks::StateMachine;
use sfn_tasks::prelude::*;
use sfn_tasks::tasks::dynamodb::{self, AttributeValue};
use sfn_tasks::tasks::{activity, lambda, sns, sqs, states};

fn asl(chain: impl IntoChain) -> serde_json::Value {
    serde_json::from_str(&StateMachine::new(chain).expect("the machine is right").to_string()).expect("JSON comes out")
}

fn problems(chain: impl IntoChain) -> String {
    StateMachine::new(chain).expect_err("something is wrong").to_string()
}

fn put(value: AttributeValue) -> Task<dynamodb::PutItem> {
    Task::new("Put", dynamodb::PutItem::new().table_name("t").item("a", value))
}

#[test]
fn attribute_values_of_all_ten_kinds() {
    let cases = [
        (AttributeValue::s("x"), r#"{"S":"x"}"#),
        (AttributeValue::n(10), r#"{"N":"10"}"#),
        (AttributeValue::n("1.50"), r#"{"N":"1.50"}"#),
        (AttributeValue::b("aGk="), r#"{"B":"aGk="}"#),
        (AttributeValue::ss(["a", "b"]), r#"{"SS":["a","b"]}"#),
        (AttributeValue::ns([1, 2]), r#"{"NS":["1","2"]}"#),
        (AttributeValue::bs(["aGk="]), r#"{"BS":["aGk="]}"#),
        (AttributeValue::m([("k", AttributeValue::bool(true))]), r#"{"M":{"k":{"BOOL":true}}}"#),
        (AttributeValue::l([AttributeValue::null(true), AttributeValue::s("y")]), r#"{"L":[{"NULL":true},{"S":"y"}]}"#),
        (AttributeValue::s(path("$.s")), r#"{"S.$":"$.s"}"#),
        (AttributeValue::ss(path("$.all")), r#"{"SS.$":"$.all"}"#),
        (AttributeValue::bool(path("$.flag")), r#"{"BOOL.$":"$.flag"}"#),
        (AttributeValue::n(intrinsic::format("{}", [path("$.count")])), r#"{"N.$":"States.Format('{}', $.count)"}"#),
        (AttributeValue::s(reference("Name")), r#"{"S":"${Name}"}"#),
        (AttributeValue::s(context::execution_name()), r#"{"S.$":"$$.Execution.Name"}"#),
    ];
    for (value, expected) in cases {
        let expected: serde_json::Value = serde_json::from_str(expected).expect("the case is JSON");
        assert_eq!(asl(put(value))["States"]["Put"]["Parameters"]["Item"]["a"], expected);
    }
}

#[test]
fn a_list_with_run_time_elements_is_a_call_in_json_path_and_a_list_in_jsonata() {
    let value = || AttributeValue::ss(vec![sfn_tasks::value::Value::<String>::from("a"), path("$.b").into()]);
    let json_path = asl(put(value()));
    assert_eq!(json_path["States"]["Put"]["Parameters"]["Item"]["a"]["SS.$"], "States.Array('a', $.b)");

    let value =
        AttributeValue::ss(vec![sfn_tasks::value::Value::<String>::from("a"), jsonata("$states.input.b").into()]);
    let machine = StateMachine::builder(put(value)).query_language(QueryLanguage::Jsonata).build();
    let machine = machine.expect("the machine is right").to_string();
    assert!(
        machine.contains(r#""Arguments":{"TableName":"t","Item":{"a":{"SS":["a","{% $states.input.b %}"]}}}"#),
        "{machine}"
    );
}

#[test]
fn the_language_comes_from_the_machine_the_state_or_the_default_and_presets_follow_it() {
    let invoke = || Task::new("Invoke", lambda::Invoke::new().function_name("f")).without_default_retry();
    assert_eq!(asl(invoke())["States"]["Invoke"]["Parameters"]["Payload.$"], "$");
    let machine = StateMachine::builder(invoke()).query_language(QueryLanguage::Jsonata).build().expect("right");
    assert!(
        machine.to_string().contains(r#""Arguments":{"FunctionName":"f","Payload":"{% $states.input %}"}"#),
        "{machine}"
    );
    let one = asl(invoke().query_language(QueryLanguage::Jsonata));
    assert_eq!(one["States"]["Invoke"]["QueryLanguage"], "JSONata");
    assert_eq!(one["States"]["Invoke"]["Arguments"]["Payload"], "{% $states.input %}");
}

#[test]
fn the_language_of_a_machine_holds_in_branches_and_processors() {
    let inner = Pass::new("Inner").output(jsonata("$states.input.a"));
    let machine = StateMachine::builder(Map::new("Map", inner).items(jsonata("$states.input.items")))
        .query_language(QueryLanguage::Jsonata)
        .build();
    assert!(machine.expect("right").to_string().contains(r#""Output":"{% $states.input.a %}""#));
}

#[test]
fn an_expression_of_the_other_language_is_reported_with_its_translation() {
    let machine =
        StateMachine::builder(put(AttributeValue::s(path("$.order.id")))).query_language(QueryLanguage::Jsonata);
    let problems = machine.build().expect_err("JSONPath in JSONata").to_string();
    assert!(problems.contains("/States/Put/Arguments/Item/a/S"), "{problems}");
    assert!(problems.contains(r#"help: write `jsonata("$states.input.order.id")`"#), "{problems}");
}

#[test]
fn a_literal_is_never_taken_for_an_expression() {
    let put_text = put(AttributeValue::s("{% $x %}")).allow("forgotten-braces");
    let machine = StateMachine::builder(put_text).query_language(QueryLanguage::Jsonata).build();
    let text = machine.expect("right").to_string();
    assert!(text.contains(r#""S":"{% \"{% $x %}\" %}""#), "{text}");
    assert_eq!(
        asl(put(AttributeValue::s("$.x")).allow("forgotten-dollar"))["States"]["Put"]["Parameters"]["Item"]["a"]["S"],
        "$.x"
    );
}

#[test]
fn references_stand_unquoted_where_they_are_no_text() {
    let send = Task::new(
        "Send",
        sqs::SendMessage::new().queue_url(reference("Queue")).message_body("x").delay_seconds(reference("Delay")),
    );
    let text = StateMachine::new(send).expect("right").to_string();
    assert!(text.contains(r#""QueueUrl":"${Queue}","MessageBody":"x","DelaySeconds":${Delay}}"#), "{text}");
}

#[test]
fn durations_that_do_not_divide_are_reported() {
    let send = sqs::SendMessage::new().queue_url("u").message_body("x").delay_seconds(Duration::from_millis(1500));
    let problems = problems(Task::new("Send", send).timeout(Duration::from_millis(2500)));
    assert!(problems.contains("1.5s is not a whole number of seconds"), "{problems}");
    assert!(problems.contains("/States/Send/TimeoutSeconds: 2.5s is not a whole number of seconds"), "{problems}");
}

#[test]
fn an_express_machine_refuses_what_waits() {
    let start =
        || states::StartExecution::new().state_machine_arn("arn:aws:states:eu-west-1:123456789012:stateMachine:m");
    let express = |task: Task<states::StartExecution>| StateMachine::builder(task).express().build();
    assert!(express(Task::new("Start", start())).is_ok());
    let refused = express(Task::new("Start", start()).run_job()).expect_err("a job");
    assert!(refused.to_string().contains("Express"), "{refused}");
    let token = start().input(payload!({ "token": task_token() }));
    let refused = express(Task::new("Start", token).wait_for_task_token()).expect_err("a token");
    assert!(refused.to_string().contains("Express"), "{refused}");
}

#[test]
fn a_callback_without_the_token_is_reported() {
    let send =
        sqs::SendMessage::new().queue_url("https://sqs.eu-west-1.amazonaws.com/123456789012/q").message_body("x");
    let problems = problems(Task::new("Send", send).wait_for_task_token());
    assert!(problems.contains("token"), "{problems}");
}

#[test]
fn nested_executions_have_three_ways_to_wait() {
    let start_with = |input: Payload| {
        Task::new("Start", states::StartExecution::new().state_machine_arn(reference("Arn")).input(input))
    };
    let start = || start_with(payload!({ "a": path("$.a") }));
    let resource = |task| asl(task)["States"]["Start"]["Resource"].as_str().map(str::to_owned).unwrap_or_default();
    assert_eq!(resource(start()), "arn:aws:states:::states:startExecution");
    assert_eq!(resource(start().run_job()), "arn:aws:states:::states:startExecution.sync:2");
    assert_eq!(resource(start().run_job_with_text_output()), "arn:aws:states:::states:startExecution.sync");
    let waiting =
        start_with(payload!({ "token": task_token() })).wait_for_task_token().timeout(Duration::from_secs(60));
    assert_eq!(resource(waiting), "arn:aws:states:::states:startExecution.waitForTaskToken");
}

#[test]
fn an_activity_and_a_function_are_called_by_their_arn() {
    let work = Task::new("Work", activity::InvokeActivity::new().activity_arn(reference("ActivityArn")));
    assert_eq!(
        asl(work)["States"]["Work"],
        serde_json::json!({ "Type": "Task", "Resource": "${ActivityArn}", "End": true })
    );
    let call =
        lambda::InvokeFunction::new().function_arn(reference("FunctionArn")).payload(payload!({ "a": path("$.a") }));
    let state = &asl(Task::new("Call", call).without_default_retry())["States"]["Call"];
    assert_eq!(state["Resource"], "${FunctionArn}");
    assert_eq!(state["Parameters"], serde_json::json!({ "a.$": "$.a" }));
    let dynamic = lambda::InvokeFunction::new().function_arn(path("$.arn"));
    let problems = problems(Task::new("Call", dynamic));
    assert!(problems.contains("must be known before run time"), "{problems}");
}

#[test]
fn a_state_built_twice_is_one_and_a_name_used_twice_is_an_error() {
    let same = || Succeed::new("Done");
    let choice = Choice::new("Which?").when(var("$.a").is_present(), same()).otherwise(same());
    assert_eq!(asl(choice)["States"].as_object().map(serde_json::Map::len), Some(2));
    let other = Choice::new("Which?").when(var("$.a").is_present(), same()).otherwise(Fail::new("Done"));
    assert!(problems(other).contains("two different states have the name `Done`"));
}

#[test]
fn a_fragment_is_used_twice_under_two_prefixes() {
    let fragment = || {
        Pass::new("One")
            .next(Choice::new("Again?").when(var("$.again").equals(true), goto("One")).otherwise(Pass::new("Two")))
    };
    let machine = asl(fragment().prefixed("First ").next(fragment().prefixed("Second ")));
    let names: Vec<&String> = machine["States"].as_object().expect("states").keys().collect();
    assert_eq!(names, ["First One", "First Again?", "First Two", "Second One", "Second Again?", "Second Two"]);
    assert_eq!(machine["States"]["First Two"]["Next"], "Second One");
    assert_eq!(machine["States"]["Second Again?"]["Choices"][0]["Next"], "Second One");
}

#[test]
fn conditions_of_every_kind() {
    let cases = [
        (var("$.a").equals("x"), r#"{"Variable":"$.a","StringEquals":"x"}"#),
        (var("$.a").equals(1), r#"{"Variable":"$.a","NumericEquals":1}"#),
        (var("$.a").numeric_less_than(path("$.b")), r#"{"Variable":"$.a","NumericLessThanPath":"$.b"}"#),
        (
            var("$.a").timestamp_greater_than_equals("2026-01-01T00:00:00Z"),
            r#"{"Variable":"$.a","TimestampGreaterThanEquals":"2026-01-01T00:00:00Z"}"#,
        ),
        (var("$.a").string_matches("a*"), r#"{"Variable":"$.a","StringMatches":"a*"}"#),
        (var("$.a").is_not_null(), r#"{"Variable":"$.a","IsNull":false}"#),
        (
            not(var("$.a").is_null().and(var("$.b").equals(true)).or(var("$.c").is_string())),
            concat!(
                r#"{"Not":{"Or":[{"And":[{"Variable":"$.a","IsNull":true},{"Variable":"$.b","BooleanEquals":true}]},"#,
                r#"{"Variable":"$.c","IsString":true}]}}"#
            ),
        ),
    ];
    for (condition, expected) in cases {
        let machine = asl(Choice::new("C").when(condition, Succeed::new("Yes")).otherwise(Succeed::new("No")));
        let mut expected: serde_json::Value = serde_json::from_str(expected).expect("the case is JSON");
        expected["Next"] = "Yes".into();
        assert_eq!(machine["States"]["C"]["Choices"][0], expected);
    }
}

#[test]
fn publish_takes_text_objects_and_paths() {
    let publish = |message: sfn_tasks::value::Value<Payload>| {
        let topic = "arn:aws:sns:eu-west-1:123456789012:t";
        asl(Task::new("P", sns::Publish::new().topic_arn(topic).message(message)))["States"]["P"]["Parameters"].clone()
    };
    assert_eq!(publish("hello".into())["Message"], "hello");
    assert_eq!(publish(path("$.m").into())["Message.$"], "$.m");
    assert_eq!(
        publish(payload!({ "a": path("$.a"), "b": [1, null] }).into())["Message"],
        serde_json::json!({ "a.$": "$.a", "b": [1, null] })
    );
}

#[test]
fn what_the_library_does_not_know_is_carried_through() {
    let raw = Task::raw("Raw", "arn:${Partition}:states:::aws-sdk:s3:listBuckets", payload!({ "MaxBuckets": 5 }));
    let machine = StateMachine::builder(raw).partition("aws-us-gov").build().expect("right");
    assert!(
        machine.to_string().contains(r#""Resource":"arn:aws-us-gov:states:::aws-sdk:s3:listBuckets""#),
        "{machine}"
    );
    let unknown =
        Task::new("Get", dynamodb::GetItem::new().table_name("t").key("a", AttributeValue::s("b")).parameter("New", 1));
    let machine = StateMachine::builder(unknown).build_unchecked().expect("it can be written").to_string();
    assert!(machine.contains(r#""New":1"#), "{machine}");
}

#[test]
fn all_problems_come_at_once() {
    let get = Task::new("Get", dynamodb::GetItem::new().table_name("").key("a", AttributeValue::s("b")))
        .result_path("$.a[*]")
        .retry(Retry::all().backoff_rate(0.5));
    let problems = problems(get.next(goto("Nowhere")));
    for expected in
        ["/States/Get/Next", "/States/Get/ResultPath", "/States/Get/Retry/0", "/States/Get/Parameters/TableName"]
    {
        assert!(problems.contains(expected), "{expected} is missing in\n{problems}");
    }
}

#[test]
fn a_hundred_thousand_states_are_built_and_rendered() {
    let mut chain = Chain::from(Pass::new("State 0"));
    for index in 1..100_000 {
        chain = chain.next(Pass::new(format!("State {index}")));
    }
    let machine = StateMachine::builder(chain).build_unchecked().expect("it can be written");
    let text = machine.to_string();
    assert_eq!(text, machine.to_string());
    assert!(text.ends_with(r#""State 99999":{"Type":"Pass","End":true}}}"#));
}

#[test]
fn machines_in_one_another_have_a_bound() {
    let mut chain = Chain::from(Pass::new("Innermost"));
    for depth in 0..10_000 {
        chain = Parallel::new(format!("Level {depth}")).branch(chain).into();
    }
    assert!(problems(chain).contains("state machines are nested more than 30 levels deep"));
}
