//! Measures runs of state machines.

use serde_json::{Value, json};
use sfn_tasks::asl::StateMachine;
use sfn_tasks::run::{Mock, Runner};
use sfn_tasks::value::Json;

fn main() {
    divan::main();
}

/// Ten states: five tasks, each followed by a Pass state.
#[divan::bench]
fn ten_states(bencher: divan::Bencher<'_, '_>) {
    ten(
        bencher,
        json!({}),
        json!({ "Parameters": { "FunctionName": "f", "Payload.$": "$" } }),
        json!({ "Parameters": { "id.$": "$.Payload.id", "text.$": "States.Format('{}', $.StatusCode)" } }),
    );
}

/// The same in JSONata.
#[divan::bench]
fn ten_states_jsonata(bencher: divan::Bencher<'_, '_>) {
    ten(
        bencher,
        json!({ "QueryLanguage": "JSONata" }),
        json!({ "Arguments": { "FunctionName": "f", "Payload": "{% $states.input %}" } }),
        json!({ "Output": { "id": "{% $states.input.Payload.id %}", "text": "{% $string($states.input.StatusCode) %}" } }),
    );
}

fn ten(bencher: divan::Bencher<'_, '_>, machine: Value, task: Value, pass: Value) {
    let with = |mut state: Value, members: &[&Value]| {
        for (name, value) in members.iter().flat_map(|members| members.as_object().into_iter().flatten()) {
            state[name] = value.clone();
        }
        state
    };
    let mut states = serde_json::Map::new();
    for number in 0..5 {
        let next = if number == 4 { json!({ "End": true }) } else { json!({ "Next": format!("T{}", number + 1) }) };
        states.insert(format!("P{number}"), with(json!({ "Type": "Pass" }), &[&pass, &next]));
        let call =
            json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": format!("P{number}") });
        states.insert(format!("T{number}"), with(call, &[&task]));
    }
    let definition = with(json!({ "StartAt": "T0", "States": states }), &[&machine]);
    let machine = StateMachine::new(Json::from(definition));
    let runner = (0..5).fold(Runner::new(&machine), |runner, number| {
        runner.mock(format!("T{number}"), Mock::returns(json!({ "StatusCode": 200, "Payload": { "id": number } })))
    });
    bencher.bench(|| runner.run(json!({ "id": 7 })).map(|run| run.output().cloned()));
}

/// An inline Map with this number of items.
#[divan::bench(args = [1_000, 5_000])]
fn inline_items(bencher: divan::Bencher<'_, '_>, count: usize) {
    let machine = StateMachine::new(Json::from(json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map",
        "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } }, "End": true } } })));
    let input = Value::from((0..count).collect::<Vec<_>>());
    let runner = Runner::new(&machine);
    bencher.bench(|| runner.run(input.clone()));
}

/// A distributed Map with this number of items.
#[divan::bench(args = [1_000, 10_000, 100_000])]
fn items(bencher: divan::Bencher<'_, '_>, count: usize) {
    let machine = StateMachine::new(Json::from(
        json!({ "StartAt": "Each", "States": { "Each": { "Type": "Map", "ResultPath": null,
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" }, "StartAt": "P",
            "States": { "P": { "Type": "Pass", "End": true } } }, "End": true } } }),
    ));
    let input = Value::from((0..count).collect::<Vec<_>>());
    let runner = Runner::new(&machine);
    bencher.bench(|| runner.run(input.clone()));
}

/// A loop over this number of states.
#[divan::bench(args = [1_000, 10_000, 100_000])]
fn states(bencher: divan::Bencher<'_, '_>, count: u64) {
    let machine = StateMachine::new(Json::from(json!({ "StartAt": "Add", "States": {
        "Add": { "Type": "Pass", "Parameters": { "n.$": "States.MathAdd($.n, 2)" }, "Next": "More?" },
        "More?": { "Type": "Choice", "Choices": [{ "Variable": "$.n", "NumericLessThan": count, "Next": "Add" }], "Default": "Done" },
        "Done": { "Type": "Succeed" },
    } })));
    let runner = Runner::new(&machine).express();
    bencher.bench(|| runner.run(json!({ "n": 0 })));
}
