//! Cargo features choose only builders. Facts do not depend on them: this test passes with every set of features.
//!
//! The important run is `cargo test --no-default-features --test features`.

#![allow(clippy::unwrap_used)]

use std::fs;

use sfn_tasks::check::{Options, check};
use sfn_tasks::graph::Picture;
use sfn_tasks::iam::{self, Scope};
use sfn_tasks::{asl, catalog};

fn machine(resource: &str, parameters: &str) -> asl::StateMachine {
    let text = format!(
        r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "{resource}", "Parameters": {parameters}, "End": true}}}}}}"#
    );
    text.parse().unwrap()
}

#[test]
fn the_catalog_has_every_spec() {
    let specs = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/spec")).unwrap();
    let specs = specs.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut specs: Vec<String> =
        specs.filter_map(|file| file.strip_suffix(".json").map(str::to_owned)).filter(|it| !it.contains('.')).collect();
    specs.sort();
    let mut known: Vec<&str> = catalog::services().iter().map(|service| service.name).collect();
    known.sort_unstable();
    assert_eq!(known, specs);
    for service in catalog::services() {
        assert!(!service.title.is_empty() && !service.actions.is_empty(), "{}", service.name);
        for action in service.actions {
            assert!(!action.patterns.is_empty(), "{}:{}", service.name, action.name);
        }
    }
}

#[test]
fn a_right_call_is_right_and_a_wrong_one_is_wrong_in_every_build() {
    let right = machine("arn:aws:states:::lambda:invoke", r#"{"FunctionName": "f"}"#);
    assert_eq!(check(&right, &Options::default()), []);
    let policy = iam::policy(&right, &Scope::default(), &iam::Options::default()).unwrap();
    assert_eq!(policy.statements()[0].actions, ["lambda:InvokeFunction"]);
    let wrong = machine("arn:aws:states:::dynamodb:getItem", r#"{"TableName": "t", "Kye": {}}"#);
    let codes: Vec<_> = check(&wrong, &Options::default()).into_iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["missing-parameter", "unknown-parameter"]);
    let pictures = Picture::new(&machine("arn:aws:states:::sns:publish", "{}")).mermaid();
    assert!(pictures.contains("SNS"), "{pictures}");
}
