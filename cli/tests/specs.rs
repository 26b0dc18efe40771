//! Specs of a company's own services teach the command line what a library with them knows.

use assert_cmd::Command;

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/private-integration/spec/acme.json");
const DEFINITION: &str = r#"{"StartAt":"Quote","States":{"Quote":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
"Parameters":{"FunctionName":"arn:aws:lambda:eu-central-1:111122223333:function:pricing","Qualifier":"live",
"Payload":{"sku":"A-100","quantity":0}},"End":true}}}"#;

fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::cargo_bin("sfn-tasks")
        .expect("the binary is built")
        .args(arguments)
        .write_stdin(DEFINITION)
        .output()
        .expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn a_call_of_ones_own_is_checked() {
    assert_eq!(run(&["check", "-"]).0, Some(0));
    let (status, told) = run(&["check", "-", "--spec", SPEC]);
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains("`quantity` is at least 1, not 0"), "{told}");
}

#[test]
fn the_catalog_and_the_policy_know_it() {
    let (status, told) = run(&["catalog", "acme:quote", "--spec", SPEC]);
    assert!(status == Some(0) && told.contains("Prices an order"), "{told}");
    let (status, told) = run(&["policy", "-", "--spec", SPEC]);
    assert!(status == Some(0) && told.contains("function:pricing:live"), "{told}");
}

#[test]
fn a_spec_that_cannot_be_used_is_told() {
    let (status, told) = run(&["check", "-", "--spec", "no-such.json"]);
    assert!(status == Some(2) && told.contains("no-such.json"), "{told}");
    let (status, told) = run(&["check", "-", "--spec", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    assert!(status == Some(2) && told.contains("Cargo.toml:1:") && told.contains("this is not JSON"), "{told}");
}
