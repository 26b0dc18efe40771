//! The interpreter never panics or hangs, and its memory is limited.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::run::{Mock, Mocks, Runner};

fuzz_target!(|text: &str| {
    let Ok(machine) = StateMachine::from_json(text) else { return };
    let answer = || Mock::returns(json!({ "Payload": [1, { "a": "b" }] }));
    let tasks = machine.walk().map(|state| state.name().to_owned()).collect::<Vec<_>>();
    let mocks = tasks.into_iter().fold(Mocks::new(), |mocks, name| mocks.state(name, answer()));
    let runner = Runner::new(&machine).mocks(mocks).max_steps(2_000);
    let _ = runner.run(json!({ "a": [1, 2, { "b": null }], "Payload": { "t": "2024-01-01T00:00:00Z" } }));
    let _ = runner.express().run(json!([1, "x"]));
});
