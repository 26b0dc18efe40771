//! Offline runs: results according to the guide, and the errors of workflows that cannot run.
#![cfg(feature = "run")]

use std::time::Duration;

use serde_json::{Value, json};
use sfn_tasks::asl::{Format, Source, StateMachine};
use sfn_tasks::run::{
    Coverage, FieldValidation, Mock, Mocks, Problem, Run, Runner, StateTest, Status, Suite, TaskError, Timestamp,
};
use sfn_tasks::value::Json;

fn machine(definition: Value) -> StateMachine {
    StateMachine::new(Json::from(definition))
}

/// A state machine with these states. The first one is the start.
fn states(start: &str, states: Value) -> StateMachine {
    machine(json!({ "StartAt": start, "States": states }))
}

fn task(name: &str, more: Value) -> Value {
    let mut task = json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": { "FunctionName": name, "Payload.$": "$" }, "End": true });
    for (key, value) in more.as_object().expect("an object") {
        task[key] = value.clone();
    }
    task
}

fn run(machine: &StateMachine, input: Value) -> Run {
    Runner::new(machine).run(input).expect("a run")
}

/// A state machine with one Pass state that evaluates an expression in its parameters.
fn evaluate(expression: &str, input: Value) -> Result<Value, String> {
    let machine = states("P", json!({ "P": { "Type": "Pass", "Parameters": { "v.$": expression }, "End": true } }));
    let run = run(&machine, input);
    match run.output() {
        Ok(output) => Ok(Value::from(output)["v"].clone()),
        Err(failure) => Err(failure.to_string()),
    }
}

#[test]
fn paths_lead_where_they_lead_on_aws() {
    let input = json!({ "a": [{ "n": 1, "k": "x" }, { "n": 2.5, "k": "y" }, { "k": null }], "b": { "c": { "n": 9 } } });
    for (path, expected) in [
        ("$.a[0].n", json!(1)),
        ("$.a[-1].k", json!(null)),
        ("$.a[*].n", json!([1, 2.5])),
        ("$..n", json!([1, 2.5, 9])),
        ("$.a[0:2].k", json!(["x", "y"])),
        ("$.a[-2:].k", json!(["y", null])),
        ("$.a[0,2].k", json!(["x", null])),
        ("$.a[0]['k','n']", json!({ "k": "x", "n": 1 })),
        ("$.a[?(@.n > 1)].k", json!(["y"])),
        ("$.a[?(@.n)].k", json!(["x", "y"])),
        ("$.a[?(!(@.n))].k", json!([null])),
        ("$.a[?(@.k == 'x' || @.n == 2.5)].n", json!([1, 2.5])),
        ("$.a[?(@.k in ['y', 'z'])].n", json!([2.5])),
        ("$.a[?(@.k =~ /X/i)].n", json!([1])),
        ("$.a[?(@.n == $.b.c.n)]", json!([])),
        ("$.a.length()", json!(3)),
        ("$.nothing[*].n", json!([])),
        ("$$.Execution.Name", json!("test")),
    ] {
        assert_eq!(evaluate(path, input.clone()), Ok(expected), "{path}");
    }
    let error = evaluate("$.b.d", input).unwrap_err();
    assert!(error.contains("The JSONPath '$.b.d' specified for the field 'v.$' could not be found"), "{error}");
}

#[test]
fn intrinsic_functions_give_what_the_guide_says() {
    let input =
        json!({ "list": [1, 2, 2, 3], "text": "a,b;;c", "json": "{\"x\": [1]}", "o": { "x": 1 }, "p": { "x": 2 } });
    for (call, expected) in [
        ("States.Format('{} and \\{{}\\}', $.o, 1.5)", json!("{x=1} and {1.5}")),
        ("States.StringToJson($.json)", json!({ "x": [1] })),
        ("States.JsonToString($.o)", json!("{\"x\":1}")),
        ("States.Array($.o, 'a', null, true)", json!([{ "x": 1 }, "a", null, true])),
        ("States.ArrayPartition($.list, 3)", json!([[1, 2, 2], [3]])),
        ("States.ArrayContains($.list, 3)", json!(true)),
        ("States.ArrayRange(1, 9, 3)", json!([1, 4, 7])),
        ("States.ArrayGetItem($.list, 3)", json!(3)),
        ("States.ArrayLength($.list)", json!(4)),
        ("States.ArrayUnique($.list)", json!([1, 2, 3])),
        ("States.Base64Decode(States.Base64Encode('grün'))", json!("grün")),
        ("States.Hash('a', 'SHA-1')", json!("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8")),
        ("States.JsonMerge($.o, $.p, false)", json!({ "x": 2 })),
        ("States.MathAdd(1, -3)", json!(-2)),
        ("States.StringSplit($.text, ',;')", json!(["a", "b", "c"])),
        ("States.MathRandom(5, 6)", json!(5)),
        (
            "States.ArrayRange(-9000000000000000000, 9000000000000000000, 9000000000000000000)",
            json!([-9000000000000000000i64, 0, 9000000000000000000i64]),
        ),
    ] {
        assert_eq!(evaluate(call, input.clone()), Ok(expected), "{call}");
    }
    let uuid = evaluate("States.UUID()", json!({})).unwrap();
    assert_eq!((uuid.as_str().unwrap().len(), evaluate("States.UUID()", json!({})).unwrap() == uuid), (36, true));
    let error = evaluate("States.ArrayGetItem($.list, 9)", input.clone()).unwrap_err();
    assert!(
        error.starts_with("States.IntrinsicFailure: ") && error.contains("States.ArrayGetItem($.list, 9)"),
        "{error}"
    );
    // A wrong argument fails when the state runs, and a catcher can handle it, even if the argument is a literal.
    for call in [
        "States.ArrayRange(0, 1000, 1)",
        "States.MathAdd(2147483648, 0)",
        "States.Hash('text', 'MD4')",
        "States.Format('{} {}', 1)",
        "States.ArrayLength('text')",
        "States.ArrayPartition($.list, 0)",
        "States.StringToJson('{')",
    ] {
        let error = evaluate(call, input.clone()).unwrap_err();
        assert!(error.starts_with("States.IntrinsicFailure: "), "{error}");
        assert!(error.contains(&format!("The function '{call}' had the following error: ")), "{error}");
    }
    let error = evaluate("States.Format('{}', $.gone.far)", input).unwrap_err();
    assert!(error.contains("'$.gone.far'"), "{error}");
}

/// A function gets the input of the state, also where only the template knows its ARN.
#[test]
fn a_function_without_parameters_gets_the_input() {
    for resource in ["arn:aws:lambda:us-east-1:111122223333:function:f", "${FunctionArn}"] {
        let machine = states("F", json!({ "F": { "Type": "Task", "Resource": resource, "End": true } }));
        let run = Runner::new(&machine).mock("F", json!(1)).run(json!({ "n": 7 })).expect("a run");
        let sent: Vec<_> = run.calls("F").iter().map(|call| Value::from(call.parameters())).collect();
        assert_eq!(sent, [json!({ "n": 7 })], "{resource}");
    }
}

#[test]
fn retries_wait_longer_each_time_and_then_a_catcher_takes_over() {
    let machine = states(
        "Work",
        json!({
            "Work": task("f", json!({
                "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 3, "MaxDelaySeconds": 10 }],
                "Catch": [{ "ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "Sorry" }],
            })),
            "Sorry": { "Type": "Pass", "OutputPath": "$.error.Cause", "End": true },
        }),
    );
    let run = Runner::new(&machine).mock("Work", Mock::fails("Busy", "no time")).run(json!({ "id": 1 })).unwrap();
    assert_eq!(run.output().unwrap(), &json!("no time"));
    // 2, 6, and 10 instead of 18.
    assert_eq!(run.duration(), Duration::from_secs(18));
    let times: Vec<u64> = run.calls("Work").iter().map(|call| call.time().since(run.started()).as_secs()).collect();
    assert_eq!(times, [0, 2, 8, 18]);
    assert_eq!(run.calls("Work")[3].attempt(), 3);
    assert_eq!(run.way(), ["Work", "Sorry"]);
    assert!(run.went("Sorry") && !run.went("Elsewhere"));
}

#[test]
fn timeouts_and_heartbeats_end_a_task() {
    let machine = states("W", json!({ "W": task("f", json!({ "TimeoutSeconds": 30, "HeartbeatSeconds": 10 })) }));
    let end = |mock: Mock| {
        let run = Runner::new(&machine).mock("W", mock).run(json!({})).unwrap();
        (run.error().map(str::to_owned), run.duration().as_secs())
    };
    let timeout = Some("States.Timeout".to_owned());
    let seconds = Duration::from_secs;
    assert_eq!(end(Mock::never()), (timeout.clone(), 10));
    assert_eq!(end(Mock::never().heartbeats(seconds(9))), (timeout, 30));
    assert_eq!(end(Mock::returns(json!({})).after(seconds(25)).heartbeats(seconds(5))), (None, 25));
    let endless = states("W", json!({ "W": task("f", json!({})) }));
    let problem = Runner::new(&endless).mock("W", Mock::never()).run(json!({})).unwrap_err();
    assert!(matches!(problem, Problem::Endless { .. }), "{problem}");
}

#[test]
fn the_machine_itself_times_out() {
    let machine = machine(json!({ "StartAt": "W", "TimeoutSeconds": 60,
        "States": { "W": { "Type": "Wait", "Seconds": 61, "End": true } } }));
    let run = run(&machine, json!({}));
    assert_eq!((run.status(), run.error()), (Status::TimedOut, Some("States.Timeout")));
    assert_eq!(run.duration().as_secs(), 60);
}

#[test]
fn no_execution_takes_longer_than_a_year() {
    let wait = |seconds: u64| {
        let machine = states(
            "W",
            json!({ "W": { "Type": "Wait", "Seconds": seconds, "Next": "V" }, "V": { "Type": "Wait", "Seconds": 0, "End": true } }),
        );
        let run = run(&machine, json!({}));
        (run.status(), run.duration().as_secs())
    };
    let year = 365 * 24 * 3600;
    assert_eq!(wait(year), (Status::Succeeded, year));
    assert_eq!(wait(year + 60), (Status::TimedOut, year));
}

#[test]
fn branches_run_at_the_same_time_and_fail_together() {
    let branch =
        |name: &str| json!({ "StartAt": name, "States": { name: task(name, json!({ "OutputPath": "$.Payload" })) } });
    let machine =
        states("Both", json!({ "Both": { "Type": "Parallel", "Branches": [branch("A"), branch("B")], "End": true } }));
    let answer = |seconds, value: i32| Mock::returns(json!({ "Payload": value })).after(Duration::from_secs(seconds));
    let runner = Runner::new(&machine).mock("A", answer(50, 1)).mock("B", answer(20, 2));
    let run = runner.clone().run(json!({})).unwrap();
    assert_eq!((run.output().unwrap(), run.duration().as_secs()), (&json!([1, 2]).into(), 50));
    let run = runner.mock("B", Mock::fails("Broken", "b").after(Duration::from_secs(5))).run(json!({})).unwrap();
    assert_eq!((run.error(), run.cause(), run.duration().as_secs()), (Some("Broken"), Some("b"), 5));
    assert_eq!(run.visits("A")[0].output(), None);
}

#[test]
fn items_run_as_many_at_once_as_may() {
    let machine = states(
        "Each",
        json!({ "Each": { "Type": "Map", "MaxConcurrency": 2, "ItemSelector": { "i.$": "$$.Map.Item.Index" },
        "ItemProcessor": { "StartAt": "T", "States": { "T": task("f", json!({ "OutputPath": "$.Payload" })) } }, "End": true } }),
    );
    let mock = Mock::calls(|call| json!({ "Payload": Value::from(call.parameters())["Payload"]["i"] }))
        .after(Duration::from_secs(10));
    let run = Runner::new(&machine).mock("T", mock).run(json!(["a", "b", "c", "d", "e"])).unwrap();
    assert_eq!((run.output().unwrap(), run.duration().as_secs()), (&json!([0, 1, 2, 3, 4]).into(), 30));
    assert_eq!(run.calls("T")[4].iteration(), [4]);
}

#[test]
fn a_distributed_map_tolerates_as_many_failures_as_it_says() {
    let map = |tolerated: u32| {
        states(
            "Each",
            json!({ "Each": { "Type": "Map", "ToleratedFailureCount": tolerated, "ItemBatcher": { "MaxItemsPerBatch": 2 },
            "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "T", "States": { "T": task("f", json!({ "OutputPath": "$.Payload" })) } }, "End": true } }),
        )
    };
    let mock = || {
        Mock::calls(|call| match Value::from(call.parameters())["Payload"]["Items"][0] == 3 {
            true => Err(TaskError::new("Odd", "three")),
            false => Ok(json!({ "Payload": "fine" })),
        })
    };
    let input = json!([1, 2, 3, 4, 5]);
    // Each failed item of the batch counts, and its result is the error.
    let run = Runner::new(&map(2)).mock("T", mock()).run(input.clone()).unwrap();
    let output = Value::from(run.output().unwrap());
    assert_eq!((&output[0], &output[2]), (&json!("fine"), &json!("fine")));
    assert_eq!(
        (&output[1]["Status"], &output[1]["Error"], &output[1]["Cause"]),
        (&json!("FAILED"), &json!("Odd"), &json!("three"))
    );
    assert!(run.steps()[1].in_child_execution());
    for tolerated in [0, 1] {
        let run = Runner::new(&map(tolerated)).mock("T", mock()).run(input.clone()).unwrap();
        assert_eq!(run.error(), Some("States.ExceedToleratedFailureThreshold"));
    }
}

#[test]
fn of_two_tolerances_each_holds() {
    let ends = |count: u32, percentage: u32| {
        let machine = states(
            "Each",
            json!({ "Each": { "Type": "Map", "ToleratedFailureCount": count, "ToleratedFailurePercentage": percentage,
                "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" }, "StartAt": "F",
                    "States": { "F": { "Type": "Choice", "Choices": [{ "Variable": "$", "NumericLessThan": 3, "Next": "No" }],
                        "Default": "Yes" }, "No": { "Type": "Fail", "Error": "No" }, "Yes": { "Type": "Succeed" } } }, "End": true } }),
        );
        run(&machine, json!([1, 2, 3, 4])).status()
    };
    assert_eq!([ends(2, 0), ends(0, 50), ends(2, 50)], [Status::Succeeded; 3]);
    assert_eq!([ends(1, 0), ends(0, 49), ends(1, 50), ends(2, 49), ends(0, 0)], [Status::Failed; 5]);
}

#[test]
fn variables_belong_to_their_scope() {
    let machine = states(
        "Set",
        json!({
            "Set": { "Type": "Pass", "Assign": { "x": 1 }, "Next": "Each" },
            "Each": { "Type": "Map", "ItemProcessor": { "StartAt": "Inner", "States": {
                "Inner": { "Type": "Pass", "Assign": { "x.$": "States.MathAdd($x, $)" }, "Next": "See" },
                "See": { "Type": "Pass", "Parameters": { "x.$": "$x" }, "End": true },
            } }, "Next": "Last" },
            "Last": { "Type": "Pass", "Parameters": { "x.$": "$x", "items.$": "$[*].x" }, "End": true },
        }),
    );
    assert_eq!(run(&machine, json!([10, 20])).output().unwrap(), &json!({ "x": 1, "items": [11, 21] }));
}

#[test]
fn other_machines_are_started() {
    let inner = states(
        "Double",
        json!({ "Double": { "Type": "Pass", "Parameters": { "sum.$": "States.MathAdd($.n, $.n)" }, "End": true } }),
    );
    let outer = |pattern: &str, path: &str| {
        states(
            "Start",
            json!({ "Start": { "Type": "Task", "Resource": format!("arn:aws:states:::states:startExecution{pattern}"),
            "Parameters": { "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:doubler", "Input": { "n.$": "$.n" } },
            "OutputPath": path, "End": true } }),
        )
    };
    let end = |pattern, path| {
        let outer = outer(pattern, path);
        let run = Runner::new(&outer).machine("doubler", &inner).run(json!({ "n": 4 })).unwrap();
        Value::from(run.output().unwrap())
    };
    assert_eq!(end(".sync:2", "$.Output.sum"), json!(8));
    assert_eq!(end(".sync", "$.Output"), json!("{\"sum\":8}"));
    assert!(end("", "$.ExecutionArn").as_str().unwrap().contains(":execution:doubler:"));
    let failing = states("F", json!({ "F": { "Type": "Fail", "Error": "Inner" } }));
    let outer = outer(".sync:2", "$");
    let run = Runner::new(&outer).machine("doubler", &failing).run(json!({ "n": 4 })).unwrap();
    assert_eq!(run.error(), Some("States.TaskFailed"));
    assert!(run.cause().unwrap().contains("\"Error\":\"Inner\""));
}

#[test]
fn a_task_without_a_mock_is_named_and_so_are_the_others() {
    let machine =
        states("A", json!({ "A": task("a", json!({ "Next": "B", "End": false })), "B": task("b", json!({})) }));
    let problem = Runner::new(&machine).run(json!({ "x": 1 })).unwrap_err().to_string();
    assert!(problem.contains("`A`") && problem.contains("\"x\":1") && problem.contains("`B`"), "{problem}");
    let mocks = Mocks::new().api("lambda:invoke", Mock::returns(json!({ "Payload": 1 })).times(1));
    let problem = Runner::new(&machine).mocks(mocks).run(json!({})).unwrap_err();
    assert!(matches!(&problem, Problem::Exhausted { state, answers: 1 } if state == "B"), "{problem}");
    let problem =
        Runner::new(&machine).mock("A", Mock::returns(json!({ "StatusCode": "200" }))).run(json!({})).unwrap_err();
    assert!(problem.to_string().contains("Field 'StatusCode' must be a number"), "{problem}");
}

#[test]
fn endless_loops_end_by_the_event_limit() {
    let machine = states("Again", json!({ "Again": { "Type": "Pass", "Next": "Again" } }));
    let run = run(&machine, json!({}));
    assert_eq!(run.error(), Some("States.Runtime"));
    assert!(run.cause().unwrap().contains("25000"));
    let problem = Runner::new(&machine).express().max_steps(1000).run(json!({})).unwrap_err();
    assert_eq!(problem, Problem::TooLong(1000));
    let retry = json!({ "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 99999999, "IntervalSeconds": 1, "BackoffRate": 1 }] });
    let machine = states("W", json!({ "W": task("f", retry) }));
    let runner = Runner::new(&machine).mock("W", Mock::fails("Busy", ""));
    assert!(runner.run(json!({})).unwrap().cause().unwrap().contains("25000"));
    assert_eq!(runner.express().max_steps(100).run(json!({})).unwrap_err(), Problem::TooLong(100));
}

#[test]
fn data_beyond_the_quota_fails() {
    let machine =
        states("P", json!({ "P": { "Type": "Pass", "Parameters": { "a.$": "$", "b.$": "$" }, "End": true } }));
    let run = run(&machine, json!("x".repeat(200_000)));
    assert_eq!(run.error(), Some("States.DataLimitExceeded"));
}

#[test]
fn a_hundred_thousand_states_and_items_need_no_stack() {
    let count = 100_000;
    let mut all = serde_json::Map::new();
    for number in 0..count {
        let next = if number + 1 == count {
            json!({ "Type": "Succeed" })
        } else {
            json!({ "Type": "Pass", "Next": format!("S{}", number + 1) })
        };
        all.insert(format!("S{number}"), next);
    }
    let machine = states("S0", Value::Object(all));
    let run = Runner::new(&machine).express().run(json!({ "x": 1 })).unwrap();
    assert_eq!(run.steps().len(), count);
    let machine = states(
        "Each",
        json!({ "Each": { "Type": "Map", "ItemProcessor": {
        "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
        "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } }, "ResultPath": null, "End": true } }),
    );
    let items: Vec<usize> = (0..30_000).collect();
    assert_eq!(Runner::new(&machine).run(json!(items)).unwrap().steps().len(), 30_001);
}

#[test]
fn the_history_has_the_form_of_get_execution_history() {
    let machine = states(
        "W",
        json!({ "W": task("f", json!({ "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "E" }] })), "E": { "Type": "Succeed" } }),
    );
    let start = Timestamp::parse("2024-02-29T12:00:00Z").unwrap();
    let run = Runner::new(&machine).start(start).mock("W", Mock::fails("Bad", "cause")).run(json!({ "a": 1 })).unwrap();
    let kinds: Vec<&str> = run.history().iter().map(|event| event.event_type()).collect();
    assert_eq!(
        kinds,
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskFailed",
            "TaskStateExited",
            "SucceedStateEntered",
            "SucceedStateExited",
            "ExecutionSucceeded"
        ]
    );
    let failed = Value::from(&run.history()[4].to_json());
    assert_eq!(
        failed,
        json!({ "timestamp": "2024-02-29T12:00:00Z", "type": "TaskFailed", "id": 5, "previousEventId": 4,
        "taskFailedEventDetails": { "resourceType": "lambda", "resource": "invoke", "error": "Bad", "cause": "cause" } })
    );
}

#[test]
fn coverage_counts_what_the_runs_of_a_suite_took() {
    let machine = states(
        "C",
        json!({
            "C": { "Type": "Choice", "Choices": [{ "Variable": "$.n", "NumericGreaterThan": 0, "Next": "Up" }], "Default": "Down" },
            "Up": { "Type": "Succeed" }, "Down": { "Type": "Fail" },
        }),
    );
    let mut coverage = Coverage::new(&machine);
    coverage.add(&run(&machine, json!({ "n": 1 })));
    assert_eq!(coverage.counts(), (3, 5));
    let missing: Vec<String> = coverage.missing().map(ToString::to_string).collect();
    assert_eq!(missing, ["state `Down`", "`C` -> `Down` (default)"]);
    coverage.add(&run(&machine, json!({ "n": 0 })));
    assert_eq!(coverage.percent(), 100.0);
}

#[test]
fn items_come_from_files_and_results_go_to_files() {
    let machine = states(
        "Each",
        json!({ "Each": { "Type": "Map",
        "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSONL", "MaxItems": 2 },
            "Parameters": { "Bucket": "in", "Key.$": "$.key" } },
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
            "StartAt": "P", "States": { "P": { "Type": "Pass", "OutputPath": "$.n", "End": true } } },
        "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "out", "Prefix": "x" } },
        "End": true } }),
    );
    let problem = Runner::new(&machine).run(json!({ "key": "a.jsonl" })).unwrap_err();
    assert!(problem.to_string().contains("`Each`"), "{problem}");
    let folder = std::env::temp_dir().join(format!("sfn-tasks-run-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("in")).unwrap();
    std::fs::write(folder.join("in/a.jsonl"), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n").unwrap();
    let runner = Runner::new(&machine).objects(&folder);
    let run = runner.run(json!({ "key": "a.jsonl" })).unwrap();
    let output = Value::from(run.output().unwrap());
    let key = output["ResultWriterDetails"]["Key"].as_str().unwrap().replace("manifest.json", "SUCCEEDED_0.json");
    let written: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("out").join(key)).unwrap()).unwrap();
    assert_eq!((&written[0]["Status"], &written[1]["Output"]), (&json!("SUCCEEDED"), &json!("2")));
    let run = runner.run(json!({ "key": "../../etc/passwd" })).unwrap();
    assert_eq!(run.error(), Some("States.ItemReaderFailed"));
    let run =
        Runner::new(&machine).mock("Each", Mock::returns(json!([{ "n": 7 }]))).run(json!({ "key": "a" })).unwrap();
    assert_eq!(run.steps().len(), 2);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn jsonata_machines_run_with_what_step_functions_adds() {
    let machine = machine(json!({ "QueryLanguage": "JSONata", "StartAt": "Ask", "States": {
        "Ask": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": { "FunctionName": "f", "Payload": { "sum": "{% $sum($states.input.n) %}" } },
            "Assign": { "parts": "{% $partition($states.result.Payload, 2) %}" },
            "Output": "{% $states.result.Payload[0] %}", "Next": "Big?" },
        "Big?": { "Type": "Choice", "Choices": [{ "Condition": "{% $states.input > 1 and $count($parts) = 2 %}", "Next": "Yes" }], "Default": "No" },
        "Yes": { "Type": "Succeed", "Output": { "parts": "{% $parts %}", "hash": "{% $hash('a', 'MD5') %}" } },
        "No": { "Type": "Fail", "Error": "{% 'Not ' & 'big' %}" },
    } }));
    let run = Runner::new(&machine).mock("Ask", json!({ "Payload": [5, 6, 7] })).run(json!({ "n": [1, 2] })).unwrap();
    assert_eq!(run.calls("Ask")[0].parameters(), &json!({ "FunctionName": "f", "Payload": { "sum": 3 } }));
    assert_eq!(run.output().unwrap(), &json!({ "parts": [[5, 6], [7]], "hash": "0cc175b9c0f1b6a831c399e269772661" }));
    let run = Runner::new(&machine).mock("Ask", json!({ "Payload": [1] })).run(json!({ "n": 1 })).unwrap();
    assert_eq!(run.error(), Some("Not big"));
    let run = Runner::new(&machine).mock("Ask", json!({ "Payload": [] })).run(json!({ "n": 1 })).unwrap();
    assert_eq!(run.error(), Some("States.QueryEvaluationError"));
    assert!(
        run.cause().unwrap().contains(
            "'$partition($states.result.Payload, 2)' specified for the field 'Assign/parts' returned nothing"
        )
    );
}

#[test]
fn expressions_tell_the_time_of_the_run() {
    let machine = machine(json!({ "QueryLanguage": "JSONata", "StartAt": "W", "States": {
        "W": { "Type": "Wait", "Seconds": 3600, "Output": "{% [$now(), $now('[Y]-[M01]'), $millis()] %}", "End": true } } }));
    let runner = Runner::new(&machine).start(Timestamp::parse("2024-02-29T23:30:00Z").unwrap());
    let expected = json!(["2024-03-01T00:30:00.000Z", "2024-03", 1_709_253_000_000i64]);
    assert_eq!(runner.run(json!({})).unwrap().output().unwrap(), &expected);
}

#[test]
fn an_expression_that_goes_on_for_ever_is_an_error() {
    for expression in ["($f := function($n) { $f($n + 1) }; $f(0))", "($f := function($n) { 1 + $f($n) }; $f(0))"] {
        let machine = machine(json!({ "QueryLanguage": "JSONata", "StartAt": "P", "States": {
            "P": { "Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true } } }));
        assert_eq!(run(&machine, json!({})).error(), Some("States.QueryEvaluationError"), "{expression}");
    }
}

#[test]
fn a_redriven_execution_goes_on_where_it_failed() {
    let machine = states(
        "First",
        json!({
            "First": { "Type": "Pass", "Assign": { "kept": "v" }, "Next": "Charge" },
            "Charge": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": { "FunctionName.$": "$kept", "Payload": { "count.$": "$$.Execution.RedriveCount" } },
                "Retry": [{ "ErrorEquals": ["Down"], "MaxAttempts": 1 }], "End": true },
        }),
    );
    let runner = Runner::new(&machine).mock("Charge", Mock::fails("Down", "").times(3).then(json!({ "Payload": 1 })));
    let failed = runner.run(json!({ "a": 1 })).unwrap();
    assert_eq!((failed.error(), failed.calls("Charge").len()), (Some("Down"), 2));
    let run = runner.redrive(&failed).unwrap();
    assert_eq!(run.output().unwrap(), &json!({ "Payload": 1 }));
    assert_eq!((run.redrive_count(), run.way()), (1, vec!["First", "Charge"]));
    let counts: Vec<_> = run
        .calls("Charge")
        .iter()
        .map(|call| call.parameters().pointer("/Payload/count").unwrap().to_string())
        .collect();
    assert_eq!(counts, ["0", "0", "1", "1"], "the retries start again");
    let types: Vec<_> = run.history().iter().map(|event| event.event_type()).collect();
    let at = types.iter().position(|name| *name == "ExecutionRedriven").unwrap();
    assert_eq!(types[at - 1..=at + 1], ["ExecutionFailed", "ExecutionRedriven", "TaskScheduled"]);
    assert_eq!(run.history()[at].to_json().pointer("/executionRedrivenEventDetails/redriveCount").unwrap(), &json!(1));
    assert!(run.history().iter().enumerate().all(|(at, event)| event.id() == at as u64 + 1));
    assert_eq!(types.iter().filter(|name| **name == "TaskStateEntered").count(), 1);

    assert_eq!(runner.redrive(&run).unwrap_err().to_string(), "the execution cannot be redriven: it succeeded");
    let express = Runner::new(&machine).express().mock("Charge", Mock::fails("No", "")).run(json!({})).unwrap();
    assert!(runner.redrive(&express).unwrap_err().to_string().contains("Standard"));
    let other = states("A", json!({ "A": { "Type": "Succeed" } }));
    assert!(Runner::new(&other).redrive(&failed).unwrap_err().to_string().contains("another definition"));
}

#[test]
fn a_redrive_does_again_only_the_branches_and_items_that_did_not_end_well() {
    let item = |mode: &str, kind: &str| {
        json!({ "Type": "Map", "MaxConcurrency": 2, "End": true, "ItemProcessor": {
            "ProcessorConfig": { "Mode": mode, "ExecutionType": kind }, "StartAt": "Before", "States": {
                "Before": { "Type": "Pass", "Next": "Item" },
                "Item": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {
                    "FunctionName": "f", "Payload.$": "$" }, "OutputPath": "$.Payload", "End": true } } } })
    };
    for (mode, kind, before) in
        [("INLINE", "STANDARD", 5), ("DISTRIBUTED", "STANDARD", 5), ("DISTRIBUTED", "EXPRESS", 7)]
    {
        let machine = states("Each", json!({ "Each": item(mode, kind) }));
        let answer = |broken: &'static str| {
            Mock::calls(move |call| match call.parameters().pointer("/Payload").unwrap().to_string() {
                item if item == broken => Err(TaskError::new("Bad", "item")),
                item => Ok(json!({ "Payload": format!("done {item}") })),
            })
        };
        let failed = Runner::new(&machine).mock("Item", answer("3")).run(json!([1, 2, 3, 4, 5])).unwrap();
        assert!(failed.error().is_some(), "{mode}");
        let run = Runner::new(&machine).mock("Item", answer("none")).redrive(&failed).unwrap();
        assert_eq!(run.output().unwrap(), &json!(["done 1", "done 2", "done 3", "done 4", "done 5"]), "{mode} {kind}");
        let calls = |item: i32| {
            run.calls("Item")
                .iter()
                .filter(|call| call.parameters().pointer("/Payload").unwrap() == &json!(item))
                .count()
        };
        assert_eq!([calls(1), calls(2), calls(3)], [1, 1, 2], "{mode} {kind}");
        assert_eq!(run.visits("Before").len(), before, "{mode} {kind}");
        let redriven = run.history().iter().filter(|event| event.event_type() == "MapRunRedriven").count();
        assert_eq!(redriven, usize::from(mode == "DISTRIBUTED"));
    }

    let machine = states(
        "Both",
        json!({ "Both": { "Type": "Parallel", "Next": "Done", "Branches": [
            { "StartAt": "Good", "States": { "Good": task("good", json!({ "End": true })) } },
            { "StartAt": "Bad", "States": { "Bad": task("bad", json!({ "End": true })) } },
            { "StartAt": "Late", "States": {
                "Late": { "Type": "Wait", "Seconds": 60, "Next": "Later" }, "Later": { "Type": "Pass", "Result": 3, "End": true } } },
        ] }, "Done": { "Type": "Succeed" } }),
    );
    let runner = Runner::new(&machine)
        .mock("Good", json!(1))
        .mock("Bad", Mock::fails("No", "").after(Duration::from_secs(1)).then(json!(2)));
    let runner = runner.field_validation(sfn_tasks::run::FieldValidation::None);
    let failed = runner.run(json!({})).unwrap();
    let run = runner.redrive(&failed).unwrap();
    assert_eq!(run.output().unwrap(), &json!([1, 2, 3]));
    assert_eq!([run.calls("Good").len(), run.calls("Bad").len(), run.visits("Late").len()], [1, 2, 1]);
    assert_eq!(run.duration().as_secs(), 61);
}

#[test]
fn an_express_workflow_ends_after_five_minutes() {
    let machine = states("W", json!({ "W": { "Type": "Wait", "Seconds": 301, "End": true } }));
    let run = Runner::new(&machine).express().run(json!({})).unwrap();
    assert_eq!((run.status(), run.error(), run.duration().as_secs()), (Status::TimedOut, Some("States.Timeout"), 300));
    assert!(Runner::new(&machine).run(json!({})).unwrap().output().is_ok());
    let never = states("T", json!({ "T": task("f", json!({ "End": true })) }));
    let run = Runner::new(&never).express().mock("T", Mock::never()).run(json!({})).unwrap();
    assert_eq!(run.status(), Status::TimedOut);
}

#[test]
fn what_a_task_started_and_did_not_wait_for_goes_on_to_its_end() {
    let child = states(
        "Wait",
        json!({ "Wait": { "Type": "Wait", "Seconds": 60, "Next": "Late" }, "Late": { "Type": "Pass", "End": true } }),
    );
    let parent = states(
        "Start",
        json!({ "Start": { "Type": "Task", "Resource": "arn:aws:states:::states:startExecution",
        "Parameters": { "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Child", "Input": {} }, "End": true } }),
    );
    let run = Runner::new(&parent).machine("Child", &child).run(json!({})).unwrap();
    assert!(run.output().is_ok() && run.went("Late"));
    assert_eq!(run.duration().as_secs(), 0, "the execution itself ended at once");
}

#[test]
fn a_redrive_goes_on_within_nested_states_and_as_often_as_it_fails() {
    let inner = json!({ "StartAt": "Inner", "States": { "Inner": { "Type": "Parallel", "End": true, "Branches": [
        { "StartAt": "Ok", "States": { "Ok": task("ok", json!({})) } },
        { "StartAt": "Bad", "States": { "Bad": task("bad", json!({})) } },
    ] } } });
    let machine = states(
        "Each",
        json!({ "Each": { "Type": "Map", "ItemProcessor": inner, "MaxConcurrency": 1, "Next": "After" },
            "After": { "Type": "Pass", "End": true } }),
    );
    // The second item fails twice: once in the first run, once in the first redrive.
    let fails = Mock::returns(json!({})).then(Mock::fails("Down", "")).then(Mock::fails("Down", "again"));
    let runner = Runner::new(&machine).mock("Ok", json!({})).mock("Bad", fails.then(json!({})));
    let first = runner.run(json!([1, 2, 3])).unwrap();
    assert_eq!((first.error(), first.calls("Ok").len(), first.calls("Bad").len()), (Some("Down"), 2, 2));
    let second = runner.redrive(&first).unwrap();
    assert_eq!((second.cause(), second.redrive_count(), second.calls("Bad").len()), (Some("again"), 1, 3));
    let third = runner.redrive(&second).unwrap();
    assert_eq!(third.output().unwrap(), &json!([[{}, {}], [{}, {}], [{}, {}]]));
    // The successful part of the second item, and the whole first item, did not run again.
    assert_eq!((third.redrive_count(), third.calls("Ok").len(), third.calls("Bad").len()), (2, 3, 5));
    let kinds: Vec<_> = third.history().iter().filter(|event| event.event_type() == "ExecutionRedriven").collect();
    assert_eq!(kinds.len(), 2);
    assert!(third.history().windows(2).all(|pair| pair[0].id() + 1 == pair[1].id()));
    assert!(runner.redrive(&third).unwrap_err().to_string().contains("succeeded"));
}

#[test]
fn a_redrive_after_too_much_data_begins_the_state_anew() {
    let text = "x".repeat(200_000);
    let machine = states(
        "Both",
        json!({ "Both": { "Type": "Parallel", "End": true, "Branches": [
            { "StartAt": "A", "States": { "A": task("a", json!({})) } },
            { "StartAt": "B", "States": { "B": task("b", json!({})) } },
        ] } }),
    );
    let large = Mock::returns(json!({ "Payload": text }));
    let runner = Runner::new(&machine)
        .mock("A", large.clone().then(json!({ "Payload": 1 })))
        .mock("B", large.then(json!({ "Payload": 2 })));
    let failed = runner.run(json!({})).unwrap();
    assert_eq!(failed.error(), Some("States.DataLimitExceeded"));
    let run = runner.redrive(&failed).unwrap();
    assert_eq!(run.output().unwrap(), &json!([{ "Payload": 1 }, { "Payload": 2 }]));
    assert_eq!((run.calls("A").len(), run.calls("B").len()), (2, 2));
}

#[test]
fn a_redrive_enters_a_fail_state_again_and_gives_a_machine_its_whole_time() {
    let machine = states("No", json!({ "No": { "Type": "Fail", "Error": "No" } }));
    let failed = run(&machine, json!({}));
    let again = Runner::new(&machine).redrive(&failed).unwrap();
    assert_eq!((again.error(), again.way()), (Some("No"), vec!["No", "No"]));

    let machine = machine_of_seconds(10);
    let slow = Mock::returns(json!({}))
        .after(Duration::from_secs(12))
        .then(Mock::returns(json!({ "done": true })).after(Duration::from_secs(8)));
    let runner = Runner::new(&machine).mock("Work", slow);
    let late = runner.run(json!({})).unwrap();
    assert_eq!((late.status(), late.duration().as_secs()), (Status::TimedOut, 10));
    let run = runner.redrive(&late).unwrap();
    assert_eq!(run.output().unwrap(), &json!({ "done": true }));
    assert_eq!(run.duration().as_secs(), 18);
}

fn machine_of_seconds(seconds: u32) -> StateMachine {
    machine(json!({ "TimeoutSeconds": seconds, "StartAt": "Work", "States": { "Work": task("work", json!({})) } }))
}

#[test]
fn what_is_sent_is_checked_before_a_mock_answers() {
    let machine = |resource: &str| {
        states(
            "Call",
            json!({ "Call": { "Type": "Task", "QueryLanguage": "JSONata", "Resource": resource,
                "Arguments": "{% $states.input %}", "End": true } }),
        )
    };
    let cause = |resource: &str, input: Value| {
        let machine = machine(resource);
        let run = Runner::new(&machine).mock("Call", json!({})).run(input).unwrap();
        assert!(run.error().is_none_or(|error| error == "States.Runtime"), "{:?}", run.error());
        run.cause().map(|cause| cause[cause.rfind("Task: ").unwrap() + 6..].to_owned())
    };
    let get = "arn:aws:states:::dynamodb:getItem";
    let key = json!({ "Id": { "S": "1" } });
    assert_eq!(cause(get, json!({ "TableName": "T", "Key": key })), None);
    assert_eq!(cause(get, json!({ "TableName": "T" })).unwrap(), "[The field 'Key' is required but was missing]");
    assert_eq!(
        cause(get, json!({ "TableName": "T", "Key": key, "Kee": 1 })).unwrap(),
        "[The field 'Kee' is not supported by Step Functions]"
    );
    assert_eq!(
        cause(get, json!({ "TableName": "T", "Key": ["1"] })).unwrap(),
        "[The value of the field 'Key' has an invalid format]"
    );
    let events = "arn:aws:states:::events:putEvents";
    let entry = |detail: Value| json!({ "Entries": [{ "Source": "s", "DetailType": "d", "Detail": detail }] });
    assert_eq!([cause(events, entry(json!("{}"))), cause(events, entry(json!({ "free": [1] })))], [None, None]);
    assert!(cause(events, entry(json!([1]))).unwrap().contains("'Detail'"));
    let list = "arn:aws:states:::aws-sdk:s3:listObjectsV2";
    assert_eq!(cause(list, json!({ "Bucket": "b" })), None);
    assert_eq!(cause(list, json!({})).unwrap(), "[The field 'Bucket' is required but was missing]");
    // The check can be turned off.
    let machine = machine(get);
    let runner = Runner::new(&machine).field_validation(sfn_tasks::run::FieldValidation::None).mock("Call", json!({}));
    assert!(runner.run(json!({})).unwrap().output().is_ok());
}

#[test]
fn an_item_knows_where_it_comes_from() {
    let of = |mode: &str, input: Value| {
        let machine = states(
            "Each",
            json!({ "Each": { "Type": "Map", "End": true,
                "ItemSelector": { "item.$": "$$.Map.Item" },
                "ItemProcessor": { "ProcessorConfig": { "Mode": mode, "ExecutionType": "STANDARD" },
                    "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } } }),
        );
        Value::from(run(&machine, input).output().unwrap())
    };
    assert_eq!(of("INLINE", json!([7])), json!([{ "item": { "Index": 0, "Value": 7, "Source": "STATE_DATA" } }]));
    assert_eq!(
        of("DISTRIBUTED", json!({ "a": 7 })),
        json!([{ "item": { "Index": 0, "Key": "a", "Value": 7, "Source": "STATE_DATA" } }])
    );
}

/// Measured on AWS by users: <https://github.com/floci-io/floci/issues/2737>.
#[test]
fn expressions_are_bounded_as_on_aws() {
    let evaluate = |expression: String| {
        let machine = machine(json!({ "QueryLanguage": "JSONata", "StartAt": "P", "States": {
            "P": { "Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true } } }));
        let run = run(&machine, json!({}));
        match run.output() {
            Ok(output) => Ok(Value::from(output)),
            Err(failure) => {
                assert_eq!(failure.error.as_deref(), Some("States.QueryEvaluationError"));
                let cause = failure.cause.unwrap();
                Err(cause[cause.find("threw an error").unwrap()..].to_owned())
            }
        }
    };
    let deep =
        Err("threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. \
                    Consider rewriting as tail-recursive"
            .to_owned());
    let large =
        Err("threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive \
                     memory usage"
            .to_owned());
    assert_eq!(evaluate(format!("1{}", "+1".repeat(99))), Ok(json!(100)));
    assert_eq!(evaluate(format!("1{}", "+1".repeat(100))), deep);
    assert_eq!(evaluate(format!("{}1{}", "(".repeat(99), ")".repeat(99))), Ok(json!(1)));
    assert_eq!(evaluate(format!("{}1{}", "(".repeat(100), ")".repeat(100))), deep);
    let calls = |n: u32| format!("($f := function($x){{ $x <= 0 ? 0 : 1 + $f($x-1) }}; $f({n}))");
    assert_eq!(evaluate(calls(31)), Ok(json!(31)));
    assert_eq!(evaluate(calls(32)), deep);
    assert_eq!(evaluate("[1..873782] ~> $count()".into()), Ok(json!(873_782)));
    assert_eq!(evaluate("$sum([1..873783])".into()), large);
    assert_eq!(evaluate("$count($range(1, 360145, 1))".into()), Ok(json!(360_145)));
    assert_eq!(evaluate("$range(1, 360146, 1)".into()), large);
    assert_eq!(evaluate("{'k': 1/0}".into()), Ok(json!({ "k": "Infinity" })));
    let endless = evaluate("($f := function($x){ $f($x+1) }; $f(1))".into());
    assert_eq!(
        endless,
        Err("threw an error during evaluation: Expression evaluation timeout: Check for infinite loop".into())
    );
}

#[test]
fn values_are_compared_with_literals() {
    let machine = states("P", json!({ "P": { "Type": "Pass", "End": true } }));
    let run = run(&machine, json!({ "n": 3, "t": "x", "b": true, "f": 2.5 }));
    let output = run.output().unwrap();
    let at = |name: &str| output.get(name).unwrap();
    assert_eq!(at("n"), 3);
    assert_eq!(at("t"), "x");
    assert_eq!(at("b"), true);
    assert_eq!(at("f"), 2.5);
    assert!(at("n") != 4 && at("t") != "y" && at("n") != "3");
}

/// Step Functions reads the number at a path from its text: `"2"` is one, and `2.0` is none.
#[test]
fn numbers_at_paths_are_read_from_their_text() {
    let distributed = json!({ "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
        "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } });
    let map = |more: Value| {
        let mut map = json!({ "Type": "Map", "ItemsPath": "$.items", "ItemProcessor": distributed, "End": true });
        more.as_object().expect("an object").iter().for_each(|(key, value)| map[key] = value.clone());
        states("S", json!({ "S": map }))
    };
    let reader = |config: Value| {
        json!({ "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config,
            "Parameters": { "Bucket": "b", "Key": "k" } } })
    };
    let figure = |field: &str, value: &str, kind: &str| {
        format!("The {field}Path field refers to value \"{value}\" which is not a valid {kind}: $.v")
    };
    let wait = states("S", json!({ "S": { "Type": "Wait", "SecondsPath": "$.v", "End": true } }));
    let cases = [
        (map(json!({ "MaxConcurrencyPath": "$.v" })), "MaxConcurrency"),
        (map(json!({ "ToleratedFailureCountPath": "$.v" })), "ToleratedFailureCount"),
        (map(json!({ "ItemBatcher": { "MaxItemsPerBatchPath": "$.v" } })), "MaxItemsPerBatch"),
        (map(reader(json!({ "InputType": "JSON", "MaxItemsPath": "$.v" }))), "MaxItems"),
        (wait, "Seconds"),
    ];
    for (machine, field) in &cases {
        let run = |value: Value| {
            let mut runner = Runner::new(machine);
            if field == &"MaxItems" {
                runner = runner.mock("S", Mock::returns(json!([1, 2, 3])));
            }
            runner.run(json!({ "items": [1], "v": value })).expect("a run")
        };
        for value in [json!(2), json!("2")] {
            assert_eq!(run(value.clone()).status(), Status::Succeeded, "{field} {value}");
        }
        for (value, text) in [(json!(2.0), "2.0"), (json!("2.0"), "2.0"), (json!(true), "true"), (json!(null), "null")]
        {
            let run = run(value);
            let cause = run.cause().unwrap_or_default().to_owned();
            let wanted = match *field {
                "Seconds" => format!("The SecondsPath parameter cannot be parsed as a long value: $.v == {text}"),
                field => figure(field, text, "integer"),
            };
            assert_eq!(run.error(), Some("States.Runtime"), "{field} {text}");
            assert!(cause.ends_with(&wanted), "{cause}");
        }
    }
    let share = map(json!({ "ToleratedFailurePercentagePath": "$.v" }));
    assert_eq!(run(&share, json!({ "items": [1], "v": "2.5" })).status(), Status::Succeeded);
    let cause = run(&share, json!({ "items": [1], "v": "much" })).cause().map(str::to_owned);
    assert!(cause.is_some_and(|cause| cause.ends_with(&figure("ToleratedFailurePercentage", "much", "float"))));
}

/// An invalid result of an expression is an evaluation error, which a catcher can handle.
#[test]
fn figures_of_expressions_that_cannot_be_are_caught() {
    for (field, value, said) in [
        ("MaxConcurrency", -1, "MaxConcurrency cannot be negative."),
        ("ToleratedFailureCount", -1, "ToleratedFailureCount cannot be negative."),
        ("ToleratedFailurePercentage", 101, "ToleratedFailurePercentage must be between 0 and 100."),
    ] {
        let map = json!({ "Type": "Map", "Items": [1], field: "{% $states.input.v %}", "End": true,
            "Catch": [{ "ErrorEquals": ["States.QueryEvaluationError"], "Next": "Caught" }],
            "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } });
        let machine = machine(json!({ "QueryLanguage": "JSONata", "StartAt": "S",
            "States": { "S": map, "Caught": { "Type": "Succeed" } } }));
        let run = run(&machine, json!({ "v": value }));
        let cause = Value::from(run.output().expect("an output"))["Cause"].to_string();
        assert!(cause.contains(said), "{cause}");
    }
}

/// Invalid requests for a test of one state, with the messages of the API.
#[test]
fn a_test_of_one_state_says_what_it_cannot_be_asked() {
    let processor = json!({ "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } });
    let distributed = json!({ "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
        "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } });
    let map = StateTest::alone(json!({ "Type": "Map", "ItemProcessor": processor, "End": true }));
    let writer = StateTest::alone(json!({ "Type": "Map", "ItemProcessor": distributed, "End": true,
        "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "b" } } }));
    let pass = states("P", json!({ "P": { "Type": "Pass", "End": true } }));
    let lambda = StateTest::alone(task("f", json!({}))).returns(json!({ "StatusCode": 200, "Payload": 1 }));
    let context = |context: Value| lambda.clone().context(context);
    for (test, said) in [
        (StateTest::of(&pass, "Q"), "State not found in definition"),
        (
            map.clone().map_iteration_failure_count(1),
            "TestState does not support MapIterationFailureCount when a mock is not specified.",
        ),
        (
            map.clone().returns(json!([1])).map_iteration_failure_count(2),
            "Map iteration failure count must be less than or equal to the number of Map iterations",
        ),
        (map.returns(json!({})), "Mocked result must be an array."),
        (writer.clone().returns(json!([1])), "Mocked result must be a JSON object."),
        (
            context(json!({ "Map": {} })),
            "Invalid Context object provided: 'Map' field is not supported when mocking a Context object",
        ),
        (context(json!({ "Other": {} })), "Invalid Context object provided: Field 'Other' is not allowed"),
        (context(json!({ "State": { "Id": 1 } })), "Invalid Context object provided: Field 'Id' is not allowed"),
        (
            context(json!({ "Execution": { "Id": 1 } })),
            "Invalid Context object provided: Execution.Id must be a string",
        ),
    ] {
        let error = test.run(json!([1])).expect_err(said);
        assert_eq!((error.code, error.message.as_str()), ("ValidationException", said));
    }
    let told = json!({ "MapRunArn": "arn", "ResultWriterDetails": { "Bucket": "b", "Key": "k" } });
    let answer = writer.returns(told.clone()).run(json!([1])).expect("an answer");
    assert_eq!(answer.output().map(Value::from), Some(told));
    let known = json!({ "Execution": { "Id": "arn", "Input": {}, "RedriveCount": 1 }, "Task": { "Token": "t" } });
    assert!(context(known).run(json!([1])).is_ok());
}

/// A mock in TestState is the response of the API: times, and the output of a nested execution, are strings.
#[test]
fn a_test_of_one_state_takes_what_the_api_answers() {
    let start = |resource: &str| {
        StateTest::alone(json!({ "Type": "Task", "Resource": resource, "End": true,
            "Parameters": { "StateMachineArn": "arn", "Input": {} } }))
    };
    let waits = start("arn:aws:states:::states:startExecution.sync:2");
    let told = |output: Value, date: Value| json!({ "ExecutionArn": "arn", "StateMachineArn": "arn", "Status": "SUCCEEDED", "StartDate": date, "Output": output });
    let said = |answer: Value| waits.clone().field_validation(FieldValidation::Present).returns(answer).run(json!({}));
    assert!(said(told(json!("{}"), json!("2025-01-01T00:00:00Z"))).is_ok());
    for (answer, field) in [(told(json!({}), json!("now")), "Output"), (told(json!("{}"), json!(1)), "StartDate")] {
        let error = said(answer).expect_err(field);
        assert_eq!(error.message, format!("Mock result schema validation error: Field '{field}' must be a string"));
    }
}

#[test]
fn a_test_of_one_state_shows_what_became_of_items_and_variables() {
    let map = StateTest::alone(json!({ "Type": "Map", "ItemsPath": "$.items", "End": true,
        "ItemSelector": { "at.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value" },
        "ItemBatcher": { "MaxItemsPerBatch": 2 }, "Assign": { "count.$": "States.ArrayLength($)" },
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } }));
    let answer = map.variables(json!({ "a": 1 })).returns(json!([1, 2])).run(json!({ "items": ["x", "y", "z"] }));
    let answer = answer.expect("an answer");
    let shown = Value::from(&Json::Object(answer.inspection().clone()));
    let item = |at: u64, value: &str| json!({ "at": at, "v": value });
    assert_eq!(shown["afterItemSelector"], json!([item(0, "x"), item(1, "y"), item(2, "z")]));
    assert_eq!(
        shown["afterItemBatcher"],
        json!([{ "Items": [item(0, "x"), item(1, "y")] }, { "Items": [item(2, "z")] }])
    );
    assert_eq!(shown["variables"], json!({ "a": 1, "count": 2 }));
}

/// Null is like a missing field.
#[test]
fn null_headers_are_no_headers() {
    let machine = states(
        "S",
        json!({ "S": { "Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke",
        "Parameters": { "ApiEndpoint": "e", "Method": "GET", "Headers.$": "$.headers" }, "End": true } }),
    );
    let answer =
        json!({ "ApiEndpoint": "e", "Headers": {}, "ResponseBody": {}, "StatusCode": 200, "StatusText": "OK" });
    let run = |headers: Value| {
        let run = Runner::new(&machine).mock("S", Mock::returns(answer.clone()));
        run.run(json!({ "headers": headers })).expect("a run").status()
    };
    assert_eq!(run(json!(null)), Status::Succeeded);
    assert_eq!(run(json!({ "a": ["b"] })), Status::Succeeded);
    assert_eq!(run(json!({ "a": "b" })), Status::Failed);
}

/// "A `States.Runtime` error isn't retriable, and will always cause the execution to fail", says the guide on errors.
#[test]
fn a_wrong_path_in_a_branch_fails_the_execution_at_once() {
    let inner =
        json!({ "StartAt": "Inner", "States": { "Inner": { "Type": "Pass", "InputPath": "$.no", "End": true } } });
    let around = |kind: Value| {
        let mut outer = json!({ "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Caught" }], "End": true,
            "Retry": [{ "ErrorEquals": ["States.ALL"] }] });
        kind.as_object().expect("an object").iter().for_each(|(key, value)| outer[key] = value.clone());
        states("Outer", json!({ "Outer": outer, "Caught": { "Type": "Succeed" } }))
    };
    for (machine, events) in [
        (around(json!({ "Type": "Parallel", "Branches": [inner] })), 5),
        (around(json!({ "Type": "Map", "ItemProcessor": inner })), 6),
    ] {
        let runner = Runner::new(&machine);
        let run = runner.run(json!([{}])).expect("a run");
        assert_eq!((run.status(), run.error()), (Status::Failed, Some("States.Runtime")));
        let again = runner.redrive(&run).expect("a redrive");
        assert_eq!((again.status(), again.redrive_count()), (Status::Failed, 1));
        assert!(run.cause().is_some_and(|cause| cause.contains("the state 'Inner'")), "{:?}", run.cause());
        let kinds: Vec<&str> = run.history().iter().map(sfn_tasks::run::Event::event_type).collect();
        assert_eq!((kinds.len(), kinds.last()), (events, Some(&"ExecutionFailed")));
    }
}

/// A reference without quotation marks, as templates of SAM have it, must have a value where it decides what happens.
#[test]
fn a_reference_that_decides_needs_a_value() {
    let text = r#"{"StartAt": "Wait", "States": {
        "Wait": {"Type": "Wait", "Seconds": ${Delay}, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Parameters": {"limit": ${Limit}, "to": "${Team}"}, "End": true}}}"#;
    let machine = Source::new(text, Format::Json).state_machine().unwrap();
    let problem = Runner::new(&machine).run(json!({})).unwrap_err();
    assert!(
        matches!(&problem, Problem::Reference { pointer, name } if pointer == "/States/Wait/Seconds" && name == "Delay")
    );
    assert!(problem.to_string().starts_with("`${Delay}` at /States/Wait/Seconds has no value"), "{problem}");

    let machine = machine.substitute([("Delay", "3600"), ("Limit", "5"), ("Team", "shop")]);
    let run = Runner::new(&machine).run(json!({})).unwrap();
    assert_eq!(run.duration(), Duration::from_secs(3600));
    assert_eq!(run.output(), Ok(&json!({ "limit": 5, "to": "shop" }).into()));

    let cases = json!({
        "substitutions": { "Delay": 60, "Limit": 5, "Team": "shop" },
        "cases": [{ "expect": { "output": { "limit": 5, "to": "shop" }, "seconds": 60 } }]
    });
    let machine = Source::new(text, Format::Json).state_machine().unwrap();
    let report = Suite::read(&cases.into()).unwrap().run(&machine);
    assert!(report.results().iter().all(|result| result.failures().is_empty()), "{:?}", report.results());
    let faults = Suite::read(&json!({ "substitutions": { "a/b": [1] }, "cases": [] }).into()).unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "/substitutions/a~1b: the value of `${a/b}` must be a string, a number or a boolean, not an array"
    );
}

#[test]
fn a_mock_for_what_is_not_a_task_is_reported() {
    let machine: StateMachine = r#"{"StartAt": "Charge", "States": {
        "Charge": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "t", "Message": "m"}, "Next": "Note"},
        "Note": {"Type": "Pass", "End": true}}}"#
        .parse()
        .unwrap();
    let runner = Runner::new(&machine).mock("Charge", json!({ "MessageId": "1" }));
    assert!(runner.run(json!({})).is_ok());
    let problem = |state: &str| runner.clone().mock(state, json!({})).run(json!({})).unwrap_err().to_string();
    assert_eq!(problem("Chrage"), "there is a mock for `Chrage`, but no such state\nhelp: did you mean `Charge`?");
    assert!(problem("fulfil_the_order").contains("use the name of the state"), "{}", problem("fulfil_the_order"));
    assert!(problem("Note").contains("`Note`, which calls nothing"), "{}", problem("Note"));
}
