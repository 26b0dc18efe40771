//! Deliberate exceptions: unknown values that the user sets on purpose, and allowed findings.

#![allow(clippy::unwrap_used)]

use sfn_tasks::check::{Level, Options, Severity, check};
use sfn_tasks::prelude::*;
use sfn_tasks::tasks::{lambda, sqs};

fn call() -> lambda::Invoke {
    lambda::Invoke::new().function_name("price")
}

fn codes(machine: &StateMachine) -> Vec<&str> {
    machine.warnings().iter().map(|finding| finding.code).collect()
}

#[test]
fn a_parameter_that_the_library_does_not_know_is_a_warning_and_a_known_one_is_checked() {
    let machine = StateMachine::new(Task::new("A", call().parameter("Priority", "high"))).unwrap();
    assert_eq!(codes(&machine), ["unknown-parameter"]);
    assert!(machine.to_string().contains(r#""Priority":"high""#));
    // Known only at run time: the name of the member ends with `.$`.
    let machine = StateMachine::new(Task::new("A", call().parameter("Priority", path("$.priority")))).unwrap();
    assert_eq!(codes(&machine), ["unknown-parameter"]);
    // A value that AWS has added to an enumeration.
    let machine = StateMachine::new(Task::new("A", call().parameter("LogType", "Head"))).unwrap();
    assert_eq!(codes(&machine), ["parameter-value"]);
    // In a structure.
    let attribute = sqs::MessageAttributeValue::new().data_type("String").string_value("x").parameter("Brand", 1);
    let send = sqs::SendMessage::new().queue_url("https://sqs.eu-west-1.amazonaws.com/111122223333/q");
    let machine = StateMachine::new(Task::new("A", send.message_body("m").message_attributes("a", attribute))).unwrap();
    assert_eq!(codes(&machine), ["unknown-parameter"]);
    // A known, correct value causes no finding.
    let machine = StateMachine::new(Task::new("A", call().parameter("LogType", "Tail"))).unwrap();
    assert_eq!(codes(&machine), [""; 0]);
}

#[test]
fn only_what_was_said_on_purpose_is_believed() {
    let task = Task::new("A", call().payload(path("$.a[")).parameter("Priority", "high"));
    let problems = StateMachine::new(task).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["path"]);
}

#[test]
fn a_raw_resource_goes_through() {
    for resource in ["arn:aws:states:::greeter:greet", "arn:aws:states:::aws-sdk:s3:listBukets", "greeter"] {
        let task = Task::raw("A", resource, payload!({ "Name": path("$.name") }));
        let machine = StateMachine::new(task).unwrap();
        assert!(matches!(codes(&machine)[..], ["unknown-integration" | "resource"]), "{resource}");
    }
}

#[test]
fn a_raw_call_of_a_known_api_has_what_the_api_requires() {
    let call = |parameters| Task::raw("A", "arn:aws:states:::aws-sdk:s3:getObject", parameters);
    let problems = StateMachine::new(call(payload!({ "bucket": "b", "Key": "k" }))).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["missing-parameter"]);
    StateMachine::new(call(payload!({ "Bucket": "b", "Key": "k" }))).unwrap();
    StateMachine::new(call(payload!({ "Key": "k" })).allow("missing-parameter")).unwrap();
}

#[test]
fn a_field_takes_the_place_of_what_the_builder_sets() {
    let machine = StateMachine::new(
        Task::new("A", call())
            .comment("a")
            .timeout(path("$.seconds"))
            .field("Comment", "b")
            .field("Retry", payload!([]))
            .field("TimeoutSeconds", 5)
            .field("Resource", "arn:aws:lambda:eu-west-1:111122223333:function:other")
            .field("Priority", "high"),
    )
    .unwrap();
    let text = machine.to_string();
    for (key, value) in [("Comment", "\"b\""), ("Retry", "[]"), ("TimeoutSeconds", "5"), ("Priority", "\"high\"")] {
        assert_eq!(text.matches(&format!("\"{key}\":")).count(), 1, "{text}");
        assert!(text.contains(&format!("\"{key}\":{value}")), "{text}");
    }
    assert!(!text.contains("TimeoutSecondsPath"), "{text}");
    assert_eq!(codes(&machine), ["unknown-field"]);
    let read: sfn_tasks::asl::StateMachine = text.parse().unwrap();
    assert_eq!(&read, machine.asl());
    let policy = machine.policy(&Scope::default()).unwrap().to_string();
    assert!(policy.contains("function:other") && !policy.contains("function:price"), "{policy}");
}

#[test]
fn a_path_given_to_a_field_makes_it_its_twin() {
    let machine = StateMachine::new(
        Task::new("A", call()).timeout(Duration::from_secs(5)).field("TimeoutSeconds", path("$.seconds")),
    )
    .unwrap();
    let text = machine.to_string();
    assert!(text.contains(r#""TimeoutSecondsPath":"$.seconds""#) && !text.contains(r#""TimeoutSeconds":"#), "{text}");
}

#[test]
fn a_field_of_a_wrong_kind_is_still_an_error() {
    let problems = StateMachine::new(Pass::new("A").field("Next", "Nowhere")).unwrap_err();
    assert!(problems.iter().any(|problem| problem.code == "unknown-state"), "{problems}");
}

#[test]
fn findings_are_allowed_and_denied_in_the_machine_and_in_a_state() {
    let waiting = |name: &str| {
        let send = sqs::SendMessage::new().queue_url("https://sqs.eu-west-1.amazonaws.com/111122223333/q");
        Task::new(name, send.message_body(task_token())).wait_for_task_token()
    };
    assert!(StateMachine::builder(waiting("A")).build().is_err());
    for code in ["callback-timeout", "warnings"] {
        let machine = StateMachine::builder(waiting("A")).warn(code).build().unwrap();
        assert_eq!(codes(&machine), ["callback-timeout"]);
    }
    assert!(StateMachine::builder(waiting("A")).warn("warnings").deny("callback-timeout").build().is_err());
    assert!(StateMachine::builder(waiting("A")).allow("callback-timeout").build().unwrap().warnings().is_empty());
    assert!(StateMachine::new(waiting("A").allow("callback-timeout")).unwrap().warnings().is_empty());
    assert!(StateMachine::builder(waiting("A").deny("callback-timeout")).build().is_err());
    // A level of a state has priority over that of the state machine, and applies inside the state.
    let outer = Parallel::new("P").branch(waiting("A")).allow("callback-timeout");
    let problems = StateMachine::builder(outer.next(waiting("B"))).build().unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(places, ["/States/B/Resource"]);
    // An error can be allowed too.
    let loops = || Pass::new("A").next(goto("A"));
    assert!(StateMachine::new(loops()).is_err());
    assert!(StateMachine::builder(loops()).warn("no-end").build().is_ok());
}

#[test]
fn a_code_that_does_not_exist_is_told() {
    assert!(StateMachine::new(Pass::new("A").allow("forgoten-dollar")).is_err());
    let machine = StateMachine::builder(Pass::new("A")).allow("forgoten-dollar").warn("unknown-code").build().unwrap();
    assert_eq!(codes(&machine), ["unknown-code"]);
    assert_eq!(machine.warnings()[0].help.as_deref(), Some("did you mean `forgotten-dollar`?"));
}

#[test]
fn options_say_what_becomes_of_findings_of_a_file() {
    let machine: sfn_tasks::asl::StateMachine = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Parameters": {"x": "$.x"}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x": "$.x"}, "Next": "C"}}}"#
        .parse()
        .unwrap();
    let found = |options: Options| -> Vec<(String, Severity)> {
        check(&machine, &options).into_iter().map(|finding| (finding.pointer, finding.severity)).collect()
    };
    let (a, b, c) = ("/States/A/Parameters/x", "/States/B/Parameters/x", "/States/B/Next");
    let all = [(a, Severity::Warning), (b, Severity::Warning), (c, Severity::Error)];
    let own = |list: &[(&str, Severity)]| list.iter().map(|(at, bad)| ((*at).to_owned(), *bad)).collect::<Vec<_>>();
    assert_eq!(found(Options::default()), own(&all));
    assert_eq!(found(Options::default().allow("all")), []);
    let options = Options::default().level("forgotten-dollar", "A", Level::Allow).deny("warnings");
    assert_eq!(found(options), own(&[(b, Severity::Error), (c, Severity::Error)]));
    let options = Options::default().level("all", "/States/B", Level::Allow);
    assert_eq!(found(options), own(&[(a, Severity::Warning)]));
}

#[test]
fn no_way_overlooks_a_warning() {
    let send = || {
        let send = sqs::SendMessage::new().queue_url("https://sqs.eu-west-1.amazonaws.com/111122223333/q");
        Task::new("A", send.message_body(task_token())).wait_for_task_token()
    };
    let problems = StateMachine::new(send()).unwrap_err().to_string();
    assert!(problems.contains("set `.timeout(…)` or `.heartbeat(…)`"), "{problems}");
    assert!(problems.contains(r#"`.allow("callback-timeout")` on the state accepts it"#), "{problems}");
    assert!(StateMachine::new(send().timeout(Duration::from_secs(60))).is_ok());
    // The builder of a JSONata state machine also returns its warnings.
    for text in ["$states.result", "{% $states.result %}", "from {% $states.result %} on"] {
        let task = Task::new("A", call()).output(payload!({ "price": text }));
        let jsonata = StateMachine::builder(task).query_language(QueryLanguage::Jsonata);
        let problems = jsonata.clone().build().unwrap_err().to_string();
        assert!(problems.contains("[forgotten-braces]") && problems.contains("`jsonata(\""), "{problems}");
        assert_eq!(codes(&jsonata.warn("forgotten-braces").build().unwrap()), ["forgotten-braces"]);
    }
    // Findings that are based on AWS's model of a result are reported too.
    let query = sfn_tasks::tasks::athena::StartQueryExecution::new().query_string("SELECT 1").work_group("primary");
    let query = Task::new("A", query).run_job();
    let problems = StateMachine::new(query.next(Wait::seconds("B", path("$.QueryExecutionId")))).unwrap_err();
    assert!(problems.to_string().contains("did you mean `$.QueryExecution.QueryExecutionId`?"), "{problems}");
    let outside = Task::new("A", call().payload(payload!({ "token": task_token() })));
    let problems = StateMachine::new(outside).unwrap_err().to_string();
    assert!(problems.contains("add `.wait_for_task_token()` to the task"), "{problems}");
}

#[test]
fn a_path_that_was_written_as_a_text_is_a_problem_that_speaks_of_the_builders() {
    let task = || Task::new("A", call().qualifier("$.version"));
    for made in [StateMachine::new(task()), StateMachine::builder(task()).build()] {
        let problems = made.unwrap_err();
        let finding = problems.iter().next().unwrap();
        assert_eq!((finding.code, finding.severity), ("forgotten-dollar", Severity::Warning));
        assert!(finding.help.as_deref().unwrap().starts_with("write `path(\"$.version\")`"), "{finding}");
    }
}

#[test]
fn own_retriers_come_first_and_take_their_errors_from_the_advised_ones() {
    let retry = |task: Task<lambda::Invoke>| -> serde_json::Value {
        let machine = StateMachine::new(task).unwrap();
        serde_json::from_str::<serde_json::Value>(&machine.to_string()).unwrap()["States"]["A"]["Retry"].clone()
    };
    let advised = retry(Task::new("A", call()));
    let names = advised[0]["ErrorEquals"].as_array().unwrap();
    let first = names[0].as_str().unwrap();
    let own = retry(Task::new("A", call()).retry(Retry::on([first]).max_attempts(0)));
    assert_eq!(own[0]["ErrorEquals"], serde_json::json!([first]));
    assert_eq!(own[1]["ErrorEquals"].as_array().unwrap(), &names[1..]);
    // A retrier for all errors leaves no errors to the default retrier.
    let own = retry(Task::new("A", call()).retry(Retry::all().max_attempts(1)));
    assert_eq!(own.as_array().unwrap().len(), 1);
    let all = names.iter().map(|name| name.as_str().unwrap());
    let own = retry(Task::new("A", call()).retry(Retry::on(all.collect::<Vec<_>>()).max_attempts(1)));
    assert_eq!(own.as_array().unwrap().len(), 1);
}

#[test]
fn conditions_of_a_jsonata_state_are_one_expression_or_one_finding() {
    let machine = |condition: Condition| {
        StateMachine::builder(Choice::new("C").when(condition, Succeed::new("S")).otherwise(Fail::new("F")))
            .query_language(QueryLanguage::Jsonata)
            .build()
    };
    let both = all([jsonata("$a > 1").into(), not(jsonata("$b").into())]);
    let text = machine(both).unwrap_err().to_string();
    assert!(text.contains("undefined-variable") && !text.contains("no-such-form"), "{text}");
    let both = all([jsonata("$states.input.a > 1").into(), not(jsonata("$states.input.b").into())]);
    let text = machine(both).unwrap().to_string();
    assert!(text.contains(r#""Condition":"{% ($states.input.a > 1) and ($not($states.input.b)) %}""#), "{text}");
    let problems = machine(var("$.order.total").greater_than(1000)).unwrap_err();
    assert_eq!(problems.iter().count(), 1, "{problems}");
    assert!(problems.to_string().contains(r#"write `jsonata("$states.input.order.total > 1000")`"#), "{problems}");
}

#[test]
fn braces_of_a_template_match_or_are_told() {
    let text = |template: &str, values: usize| {
        let call = intrinsic::format(template, vec![path("$.a"); values]);
        StateMachine::new(Pass::new("A").parameters(payload!({ "v": call }))).map(|it| it.to_string())
    };
    for template in [r#"{{"id": "{}"}}"#, r#"\{"id": "{}"\}"#] {
        assert!(text(template, 1).unwrap().contains(r#"States.Format('\\{\"id\": \"{}\"\\}', $.a)"#), "{template}");
    }
    assert!(text("${Env}-{}", 1).unwrap().contains("States.Format('${Env}-{}', $.a)"));
    assert!(text("it's {}", 1).unwrap().contains(r"States.Format('it\\'s {}', $.a)"));
    for (template, values) in [(r#"{"id": "{}"}"#, 1), ("{ }", 1), ("}", 0), ("{} {}", 1), ("{}", 0), ("x", 2)] {
        let problems = text(template, values).unwrap_err();
        assert_eq!(problems.iter().count(), 1, "{template}: {problems}");
    }
}

#[test]
fn a_reader_and_a_writer_speak_the_language_of_their_state() {
    let map = || {
        let reader =
            ItemReader::json().bucket("b").key("k").expected_bucket_owner("111122223333").items_pointer("/a/b");
        DistributedMap::new("D", ExecutionType::Express, Pass::new("I"))
            .item_reader(reader)
            .result_writer(ResultWriter::new().bucket("b").prefix("p").expected_bucket_owner("111122223333"))
    };
    let in_path = StateMachine::new(map()).unwrap().to_string();
    let in_jsonata = StateMachine::builder(map()).query_language(QueryLanguage::Jsonata).build().unwrap().to_string();
    for (text, field) in [(&in_path, "Parameters"), (&in_jsonata, "Arguments")] {
        assert!(
            text.contains(&format!(r#""{field}":{{"Bucket":"b","Key":"k","ExpectedBucketOwner":"111122223333"}}"#)),
            "{text}"
        );
        assert!(
            text.contains(&format!(r#""{field}":{{"Bucket":"b","Prefix":"p","ExpectedBucketOwner":"111122223333"}}"#)),
            "{text}"
        );
        assert!(text.contains(r#""ItemsPointer":"/a/b""#), "{text}");
    }
}

#[test]
fn an_expression_is_one_element_or_the_whole_list_and_never_either() {
    use sfn_tasks::tasks::athena::StartQueryExecution;
    let query = || StartQueryExecution::new().query_string("SELECT ?");
    let parameters = |query: StartQueryExecution| StateMachine::new(Task::new("A", query)).map(|it| it.to_string());
    let list =
        [path("$.a").into_value(), intrinsic::array(["1", "2"]).into_value(), context::execution_name().into_value()];
    for value in list {
        let value: Value<String> = value;
        let problems = parameters(query().execution_parameters(value)).unwrap_err().to_string();
        assert!(problems.contains("call the setter with the prefix `set_`"), "{problems}");
    }
    let whole = parameters(query().set_execution_parameters(path("$.a"))).unwrap();
    assert!(whole.contains(r#""ExecutionParameters.$":"$.a""#), "{whole}");
    let one = parameters(query().execution_parameters("x").execution_parameters(element(path("$.a")))).unwrap();
    assert!(one.contains(r#""ExecutionParameters.$":"States.Array('x', $.a)""#), "{one}");
    let one = StateMachine::builder(Task::new("A", query().execution_parameters(element(jsonata("$states.input.a")))))
        .query_language(QueryLanguage::Jsonata)
        .build();
    assert!(one.unwrap().to_string().contains(r#""ExecutionParameters":["{% $states.input.a %}"]"#));
}

#[test]
fn an_option_sets_what_it_holds_and_nothing_else() {
    let none: Option<&str> = None;
    let task = |qualifier: Option<&str>, seconds: Option<Duration>| {
        let machine = StateMachine::new(Task::new("A", call().qualifier(qualifier)).timeout(seconds)).unwrap();
        machine.to_string()
    };
    let text = task(none, None);
    assert!(!text.contains("Qualifier") && !text.contains("TimeoutSeconds"), "{text}");
    let text = task(Some("1"), Some(Duration::from_secs(5)));
    assert!(text.contains(r#""Qualifier":"1""#) && text.contains(r#""TimeoutSeconds":5"#), "{text}");
}

#[test]
fn choices_are_read_from_text_and_those_of_tomorrow_are_believed() {
    use sfn_tasks::tasks::lambda::LogType;
    assert_eq!("Tail".parse(), Ok(LogType::Tail));
    assert_eq!(LogType::try_from("None"), Ok(LogType::None));
    assert_eq!(LogType::Tail.to_string(), "Tail");
    let unknown = "tail".parse::<LogType>().unwrap_err().to_string();
    assert_eq!(
        unknown,
        "`tail` is not a value of `LogType`: write `Tail`; `LogType::other` accepts a value that AWS added later"
    );
    let near = "G1X".parse::<sfn_tasks::tasks::glue::WorkerType>().unwrap_err().to_string();
    assert!(near.starts_with("`G1X` is not a value of `WorkerType`: write `G.1X`;"), "{near}");
    assert_eq!(OutputType::try_from("JSONL"), Ok(OutputType::Jsonl));
    let near = "JSON-L".parse::<OutputType>().unwrap_err().to_string();
    assert!(near.starts_with("`JSON-L` is not a value of `OutputType`: write `JSONL`;"), "{near}");
    let writer = ResultWriter::new().writer_config(Transformation::other("UNWRAP"), OutputType::Jsonl);
    let map = DistributedMap::new("D", ExecutionType::Express, Pass::new("I")).items(path("$.l")).result_writer(writer);
    let machine = StateMachine::new(map).unwrap();
    assert!(machine.to_string().contains(r#""WriterConfig":{"Transformation":"UNWRAP","OutputType":"JSONL"}"#));
    assert_eq!(codes(&machine), ["unknown-value"]);
    let machine = StateMachine::new(Task::new("A", call().log_type(LogType::other("Head")))).unwrap();
    assert_eq!(codes(&machine), ["parameter-value"]);
    assert!(machine.to_string().contains(r#""LogType":"Head""#));
}

#[test]
fn every_kind_of_number_and_text_is_a_literal() {
    let machine = StateMachine::new(Pass::new("A").result(payload!({
        "numbers": [1_i8, 1_u8, 1_i16, 1_u16, 1_i32, 1_u32, 1_i64, 1_u64, 1_isize, 1_usize, 0.1_f32, 0.1_f64],
        "large": [u128::MAX, i128::MIN],
        "texts": [Box::<str>::from("a"), std::sync::Arc::<str>::from("a"), std::borrow::Cow::from("a")],
    })))
    .unwrap();
    let text = machine.to_string();
    assert!(text.contains("[1,1,1,1,1,1,1,1,1,1,0.1,0.1]"), "{text}");
    assert!(
        text.contains("[340282366920938463463374607431768211455,-170141183460469231731687303715884105728]"),
        "{text}"
    );
    assert!(text.contains(r#"["a","a","a"]"#), "{text}");
    let problems = StateMachine::new(Pass::new("A").result(f32::NAN)).unwrap_err().to_string();
    assert!(problems.contains("JSON has no number for NaN"), "{problems}");
}

#[test]
fn an_author_narrows_what_is_derived() {
    use sfn_tasks::prelude::*;
    use sfn_tasks::tasks::ecs;
    let task = || {
        let target = ecs::LaunchTarget::ec2();
        Task::new("Run", ecs::RunTask::new().task_definition("report").launch_target(target))
    };
    let policy = |task: Task<_>| StateMachine::new(task).unwrap().policy(&Scope::default()).unwrap();
    let passed: Vec<_> = policy(task()).wide().map(|grant| grant.actions.clone()).collect();
    assert_eq!(passed, [["iam:PassRole"]]);
    // A role narrows only `iam:PassRole`.
    let role = "arn:aws:iam::111122223333:role/report";
    let narrowed = policy(task().resources([role]));
    assert_eq!(narrowed.wide().count(), 0);
    let text = narrowed.to_string();
    assert!(text.contains(role) && text.contains("task-definition/report") && !text.contains("role/*"), "{text}");
    assert!(text.contains("iam:PassedToService"), "{text}");
    // `grant_only` replaces all derived permissions.
    let only = policy(task().grant_only(["ecs:RunTask"], ["*"]).grant_only(["iam:PassRole"], [role]));
    let actions: Vec<_> = only.statements().iter().map(|statement| statement.actions.clone()).collect();
    assert_eq!(actions, [["ecs:RunTask"], ["iam:PassRole"]]);
    assert!(!only.to_string().contains("PassedToService"));
    // For a raw call that does not exist, the author grants the permissions.
    let raw = Task::raw("Raw", "arn:aws:states:::aws-sdk:s3:copyObjct", payload!({})).grant(["s3:GetObject"], ["*"]);
    assert_eq!(StateMachine::new(raw).unwrap().policy(&Scope::default()).unwrap().statements().len(), 1);
}

#[test]
fn a_handler_of_missed_heartbeats_comes_before_that_of_timeouts() {
    let ask = |first: &str, second: &str| {
        let send = sqs::SendMessage::new().queue_url(reference("QueueUrl")).message_body(task_token());
        let task = Task::new("Ask", send).wait_for_task_token().heartbeat(Duration::from_secs(60));
        StateMachine::new(
            task.catch(Catch::on([first]), Fail::new("First")).catch(Catch::on([second]), Fail::new("Second")),
        )
    };
    ask(errors::HEARTBEAT_TIMEOUT, errors::TIMEOUT).unwrap();
    let problems = ask(errors::TIMEOUT, errors::HEARTBEAT_TIMEOUT).unwrap_err();
    let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.pointer.as_str())).collect();
    assert_eq!(found, [("repeated-error-name", "/States/Ask/Catch/1/ErrorEquals/0")]);
}
