//! How fast a state machine runs.

use serde_json::{Value, json};
use sfn_tasks::asl::StateMachine;
use sfn_tasks::run::{Mock, Runner};
use sfn_tasks::value::Json;

fn main() {
    divan::main();
}

/// Ten states: five tasks, each with a Pass behind it.
#[divan::bench]
fn ten_states(bencher: divan::Bencher<'_, '_>) {
    let mut states = serde_json::Map::new();
    for number in 0..5 {
        let next = if number == 4 { json!({ "End": true }) } else { json!({ "Next": format!("T{}", number + 1) }) };
        let mut pass = json!({ "Type": "Pass", "Parameters": { "id.$": "$.Payload.id", "text.$": "States.Format('{}', $.StatusCode)" } });
        for (name, value) in next.as_object().into_iter().flatten() {
            pass[name] = value.clone();
        }
        states.insert(format!("P{number}"), pass);
        states.insert(
            format!("T{number}"),
            json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": format!("P{number}"),
                "Parameters": { "FunctionName": "f", "Payload.$": "$" } }),
        );
    }
    let machine = StateMachine::new(Json::from(json!({ "StartAt": "T0", "States": states })));
    let runner = (0..5).fold(Runner::new(&machine), |runner, number| {
        runner.mock(format!("T{number}"), Mock::returns(json!({ "StatusCode": 200, "Payload": { "id": number } })))
    });
    bencher.bench(|| runner.run(json!({ "id": 7 })));
}

/// So many items of a distributed Map.
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

/// A loop of so many states.
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
