//! Reading a configuration never panics, and a configuration that can be read can be used.
#![no_main]

#[allow(dead_code)]
#[path = "../../cli/src/arguments.rs"]
mod arguments;
#[allow(dead_code)]
#[path = "../../cli/src/configuration.rs"]
mod configuration;
#[allow(dead_code)]
#[path = "../../cli/src/output.rs"]
mod output;

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::check;

// The configuration and, after a line of dashes, the comment of a state.
fuzz_target!(|text: &str| {
    let (toml, comment) = text.split_once("\n---\n").unwrap_or((text, ""));
    let Ok(configuration) = configuration::Configuration::of(toml, "sfn-tasks.toml", Path::new("/")) else { return };
    let comment = serde_json::Value::from(comment);
    let machine = format!(r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Pass", "Comment": {comment}, "End": 1}}}}}}"#);
    let machine: StateMachine = machine.parse().expect("a definition");
    let levels = arguments::Levels { allow: vec![], warn: vec![], deny: vec![], ignore_comments: false };
    let options = configuration.check_options(Path::new("/a.asl.json"), &machine, &levels);
    let _ = check(&machine, &options);
});
