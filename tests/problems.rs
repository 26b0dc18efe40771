//! Wrong programs that compile: one finding for one mistake, with the names of the builders.

#![allow(clippy::unwrap_used)]

use sfn_tasks::prelude::*;
use sfn_tasks::states::IntoChain;
use sfn_tasks::tasks::{lambda, sns, sqs};

fn call() -> lambda::Invoke {
    lambda::Invoke::new().function_name("price")
}

/// The findings: the code and the help of each.
fn said(made: Result<StateMachine, Problems>) -> Vec<(&'static str, String)> {
    let problems = made.unwrap_err();
    problems.iter().map(|problem| (problem.code, problem.help.clone().unwrap_or_default())).collect()
}

fn in_path(chain: impl IntoChain) -> Vec<(&'static str, String)> {
    said(StateMachine::new(chain))
}

fn in_jsonata(chain: impl IntoChain) -> Vec<(&'static str, String)> {
    said(StateMachine::builder(chain).query_language(QueryLanguage::Jsonata).build())
}

fn assert_said(found: &[(&'static str, String)], code: &str, help: &str) {
    let [(found_code, found_help)] = found else { panic!("{code} alone is expected, not {found:?}") };
    assert_eq!(*found_code, code);
    assert!(found_help.contains(help), "{code}: {found_help}");
}

#[test]
fn values_of_the_wrong_kind() {
    let task = |payload: Payload| Task::new("A", call().payload(payload));
    for (payload, code, help) in [
        (payload!({ "x": "$.x" }), "forgotten-dollar", r#"write `path("$.x")`"#),
        (payload!({ "x": "States.UUID()" }), "forgotten-dollar", r#"write `intrinsic::call("States.UUID()")`"#),
        (payload!({ "x": "s3://bucket/$.x" }), "forgotten-dollar", "`intrinsic::format("),
        (payload!({ "x.$": "$.x" }), "no-such-form", "write the key `x` with `path(…)`"),
        (payload!({ "x": jsonata("$x") }), "no-such-form", "`.query_language(QueryLanguage::Jsonata)`"),
        (payload!({ "x": context::map_item_value() }), "context-not-here", "`item_selector`"),
        (payload!({ "x": task_token() }), "context-not-here", "add `.wait_for_task_token()` to the task"),
        (payload!({ "x": reference("my function!") }), "no-such-form", ""),
        (payload!({ "x": reference("") }), "no-such-form", ""),
    ] {
        assert_said(&in_path(task(payload)), code, help);
    }
    for (payload, code, help) in [
        (payload!({ "x": "$states.input.x" }), "forgotten-braces", r#"write `jsonata("$states.input.x")`"#),
        (payload!({ "x": "{% $states.input.x %}" }), "forgotten-braces", r#"write `jsonata("$states.input.x")`"#),
        (payload!({ "x": path("$.x") }), "no-such-form", r#"write `jsonata("$states.input.x")`"#),
        (payload!({ "x": intrinsic::uuid() }), "no-such-form", "JSONata has its own functions"),
        (payload!({ "x": jsonata("$states.result") }), "states-member", "`$states.input`"),
    ] {
        assert_said(&in_jsonata(task(payload)), code, help);
    }
    for name in ["Queue.Arn", "AWS::Region", "module.queue-1.url", "upper(var.name)", "aws_sqs_queue.q[0].url"] {
        StateMachine::new(task(payload!({ "x": reference(name) }))).unwrap();
    }
    let waits = Task::new("A", call().payload(payload!({ "token": "$$.Task.Token" }))).wait_for_task_token();
    assert_said(&in_path(waits.timeout(Duration::from_secs(60))), "task-token", r#"write `"token": task_token()`"#);
}

#[test]
fn parameters_that_do_not_go_together() {
    let send = |queue: &str| sqs::SendMessage::new().queue_url(queue).message_body("Hello");
    let attribute = sqs::MessageAttributeValue::new().data_type("Binary").string_value("x");
    let publish = sns::Publish::new().message("Hello");
    for (task, told) in [
        (
            Task::new("A", send("https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo")).erase(),
            "requires a `message_group_id`: set it",
        ),
        // A name of a parameter becomes that of its setter at every depth; a value, such as `Binary`, stays.
        (
            Task::new(
                "A",
                send("https://sqs.eu-west-1.amazonaws.com/123456789012/orders").message_attributes("a", attribute),
            )
            .erase(),
            "`data_type` is `Binary`, so the value must be in `binary_value`",
        ),
        (Task::new("A", publish).erase(), "set one of `topic_arn`, `target_arn` and `phone_number`"),
    ] {
        let problems = StateMachine::new(task).unwrap_err();
        assert!(problems.to_string().contains(told), "{told}: {problems}");
    }
}

#[test]
fn times_that_the_service_cannot_count() {
    let task = Task::new("A", call()).timeout(Duration::from_millis(1500));
    let problems = StateMachine::new(task).unwrap_err().to_string();
    assert!(
        problems.contains("1.5s is not a whole number of seconds: round it, for example to 2 seconds"),
        "{problems}"
    );
}

#[test]
fn fields_that_a_state_does_not_take() {
    let task = || Task::new("A", call());
    assert_said(
        &in_path(task().result_selector("$.Payload")),
        "payload-template",
        r#"write `output_path("$.Payload")`"#,
    );
    let whole = in_path(task().result_selector(path("$.Payload")));
    assert_said(&whole, "no-such-form", r#"`payload!({ "value": path("$.Payload") })`"#);
    assert_said(
        &in_path(task().output(payload!({ "a": 1 }))),
        "jsonata-field",
        "`query_language` to `QueryLanguage::Jsonata`",
    );
    assert_said(&in_jsonata(task().result_path("$.a")), "jsonpath-field", "write `output`, or `assign` a variable");
    let handled = task().catch(Catch::all().output(payload!({ "a": 1 })), Fail::new("F"));
    let found = in_path(handled.result_path("$.a"));
    assert_said(&found, "jsonata-field", "write `result_path`, or set `query_language`");
    let wait = Wait::seconds("W", Duration::from_secs(1)).output(payload!({ "a": 1 }));
    assert_said(&in_path(wait.input_path("$.a")), "jsonata-field", "write `output_path`, or set `query_language`");
    assert_said(&in_jsonata(Pass::new("A").parameters(payload!({ "a": 1 }))), "unknown-field", "write `output`");
    let fixed = Pass::new("A").result(payload!({ "list": [{ "a": path("$.a") }] }));
    assert_said(&in_path(fixed), "no-such-form", "write `.parameters(…)` instead of `.result(…)`");
    let fixed = Pass::new("A").result(payload!({ "a": jsonata("$a") }));
    assert_said(&in_path(fixed), "no-such-form", "`.query_language(QueryLanguage::Jsonata)`");
    let braces = Pass::new("A").parameters(payload!({ "a": "{% $states.input.a %}" }));
    assert_said(&in_path(braces), "forgotten-braces", "write `path(…)`, or add `.query_language(");
    let writer = ResultWriter::new();
    let child =
        DistributedMap::new("D", ExecutionType::Express, Pass::new("P")).items(path("$.l")).result_writer(writer);
    assert_said(&in_path(child), "result-writer", "add `.bucket(…)`, or `.writer_config(…)`");
    let child = DistributedMap::new("D", ExecutionType::Express, Pass::new("P")).items(path("$.l"));
    let express = StateMachine::builder(child).express().build();
    assert_said(&said(express), "express-distributed-map", "write `Map` for `DistributedMap`");
}

#[test]
fn chains_that_lead_nowhere() {
    let elsewhere = "a transition cannot lead into another branch or processor, or out of its own";
    let out = Parallel::new("P").branch(Pass::new("A").next(goto("End"))).next(Pass::new("End"));
    assert_said(&in_path(out), "unknown-state", elsewhere);
    let own = Map::new("M", Pass::new("A").next(goto("M"))).items(path("$.l"));
    assert_said(&in_path(own), "unknown-state", elsewhere);
    assert_said(&in_path(Pass::new("Start").next(goto("Strat"))), "unknown-state", "did you mean `Start`?");
    assert_said(&in_path(Pass::new("A").next(goto("Ship"))), "unknown-state", "give the state itself once");
    assert_said(&in_path(Pass::new("A").end().next(Pass::new("B"))), "unreachable-state", "behind `.end()`");
    assert_said(&in_path(Pass::new("A").next(goto("A"))), "no-end", "`end()`");
    for empty in [goto("A"), Chain::default()] {
        assert_said(&in_path(empty), "no-states", "`goto(…)` alone is none");
    }
    assert_said(&in_path(Parallel::new("P")), "missing-field", "add `.branch(…)`");
    assert_said(&in_path(Pass::new("A").next(Choice::new("C"))), "missing-field", "add `.when(…)`");
    // The consequences of a missing state are not reported.
    assert_said(&in_path(Pass::new("A").next(Pass::new("A"))), "no-such-form", "rename one of them");
    let deep =
        |depth| (0..depth).fold(Chain::from(Pass::new("A")), |inner, at| inner.into_parallel(format!("P{at}")).into());
    assert_said(&in_path(deep(100)), "no-such-form", "");
}

#[test]
fn paths_and_variables_that_are_not_there() {
    let pass = |value: Payload| Pass::new("A").parameters(payload!({ "x": value }));
    assert_said(&in_path(pass(path("order.id").into())), "dollar-key", r#"write `path("$.order.id")`"#);
    assert_said(&in_path(pass(path("").into())), "dollar-key", "write `state_input()`");
    assert_said(&in_path(pass(path("$total").into())), "undefined-variable", r#"`.assign("total", …)`"#);
    let bare = Pass::new("A").output(jsonata("input.total"));
    assert_said(&in_jsonata(bare), "jsonata-unqualified", "write `$states.input`");
    let ask = |branch: Branch| Choice::new("C").when(branch, Pass::new("A")).otherwise(Pass::new("B"));
    let compared = in_path(ask(Branch::new(var("$.a").equals("$.b"))));
    assert_said(&compared, "forgotten-dollar", r#"write `.string_equals(path("$.b"))`"#);
    StateMachine::new(ask(Branch::new(var("$.a").equals("$")))).unwrap();
    for (fail, help) in [
        (Fail::new("F").cause("$.error.Cause"), r#"write `path("$.error.Cause")`"#),
        (Fail::new("F").error("$$.Execution.Name"), r#"write `path("$$.Execution.Name")`"#),
        (Fail::new("F").cause("States.Format('{}', $.a)"), "write `intrinsic::call("),
    ] {
        assert_said(&in_path(fail), "forgotten-dollar", help);
    }
    for (condition, help) in [
        ("$states.input.a == 1", "one `=` compares"),
        ("$states.input.a && $states.input.b", "write `and`"),
        ("$states.input.a || $states.input.b", "write `or`"),
    ] {
        assert_said(&in_jsonata(ask(Branch::new(jsonata(condition)))), "jsonata", help);
    }
    let read =
        |reader: ItemReader| DistributedMap::new("D", ExecutionType::Express, Pass::new("P")).item_reader(reader);
    let file = ItemReader::csv().bucket("b").key("k").csv_headers(CsvHeaders::FirstRow).prefix("p");
    assert_said(&in_path(read(file)), "item-reader", "remove it");
    let listing = ItemReader::objects().bucket("b").prefix(path("$.p")).key(path("$.k"));
    assert_said(&in_path(read(listing)), "item-reader", "remove it");
    let literal = Map::new("M", Pass::new("A")).items(vec![payload!(1)]);
    assert_said(&in_path(literal.item_selector(payload!({ "x": path("$.x") }))), "jsonata-field", "`.items(path(…))`");
    let found = in_path(ask(Branch::new(jsonata("$states.input.a > 1"))));
    assert_said(&found, "no-such-form", r#"`var("$.total").greater_than(1000)`"#);
    assert_said(&in_path(ask(Branch::new(all([])))), "missing-field", "give the list a condition");
}

#[test]
fn permissions_that_no_policy_can_hold() {
    let task = || Task::new("A", call());
    assert_said(&in_path(task().grant(["sqs"], ["*"])), "no-such-form", "such as `sqs:SendMessage`");
    assert_said(&in_path(task().grant_only([":Send"], ["*"])), "no-such-form", "such as `sqs:SendMessage`");
    assert_said(&in_path(task().resources(["price"])), "no-such-form", "write an ARN");
    let fine = task().grant(["sqs:Send*", "*"], ["*", "${QueueArn}", "arn:aws:sqs:*:*:jobs-*"]);
    StateMachine::new(fine).unwrap();
}

#[test]
fn errors_that_are_handled_in_the_wrong_way() {
    let task = || Task::new("A", call());
    let unknown = task().retry(Retry::on("States.TimeOut"));
    assert_said(&in_path(unknown), "unknown-error-name", "did you mean `States.Timeout`?");
    let order = task().catch(Catch::all(), Fail::new("F")).catch(Catch::on(errors::TIMEOUT), Fail::new("G"));
    assert_said(&in_path(order), "states-all", "move it after every other catcher");
    let none: [&str; 0] = [];
    assert_said(&in_path(task().retry(Retry::on(none))), "no-error-names", "write `Retry::all()`");
    assert_said(&in_path(task().catch(Catch::on(none), Fail::new("F"))), "no-error-names", "write `Catch::all()`");
    let delay = Retry::all().interval(Duration::from_secs(60)).max_delay(Duration::from_secs(10));
    assert_said(&in_path(task().retry(delay)), "retry-delay", "set `max_delay` to a value greater than `interval`");
    let beat = sqs::SendMessage::new().queue_url(reference("QueueUrl")).message_body(task_token());
    let beat = Task::new("A", beat).wait_for_task_token().timeout(Duration::from_secs(10));
    assert_said(
        &in_path(beat.heartbeat(Duration::from_secs(20))),
        "heartbeat",
        "set `heartbeat` to a value less than `timeout`",
    );
}
