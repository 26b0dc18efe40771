//! `--spec`: the command line supports the user's own integrations like the library does.

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
    assert!(told.contains("`quantity` must be at least 1, not 0"), "{told}");
}

#[test]
fn the_catalog_the_policy_and_the_picture_know_it() {
    let (status, told) = run(&["catalog", "acme:quote", "--spec", SPEC]);
    assert!(status == Some(0) && told.contains("Prices an order"), "{told}");
    let (status, told) = run(&["policy", "-", "--spec", SPEC]);
    assert!(status == Some(0) && told.contains("function:pricing:live"), "{told}");
    let (status, told) = run(&["graph", "-", "--spec", SPEC]);
    assert!(status == Some(0) && told.contains("acme: quote"), "{told}");
}

#[test]
fn a_spec_that_cannot_be_used_is_told() {
    let (status, told) = run(&["check", "-", "--spec", "no-such.json"]);
    assert!(status == Some(2) && told.contains("no-such.json"), "{told}");
    let (status, told) = run(&["check", "-", "--spec", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    assert!(status == Some(2) && told.contains("Cargo.toml:1:") && told.contains("this is not JSON"), "{told}");
}

#[test]
fn each_fault_of_a_spec_has_a_line() {
    let folder = std::env::temp_dir().join(format!("sfn-tasks-faults-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let file = folder.join("acme.json");
    let text = std::fs::read_to_string(SPEC).expect("it is there");
    let text = text.replacen("lambda:invoke", "lambda:invok", 1).replacen("\"sync:2\": {}", "\"sink\": {}", 1);
    std::fs::write(&file, text).expect("it can be written");
    let (status, told) = run(&["check", "-", "--spec", &file.to_string_lossy()]);
    let lines: Vec<&str> = told.lines().collect();
    assert!(status == Some(2) && lines.len() == 3, "{told}");
    assert!(lines[0].starts_with("error: ") && lines[0].contains("acme.json:10:16: /actions/quote/calls: "), "{told}");
    // The example has the pattern, too.
    assert!(lines[1].contains("the pattern `sink` is unknown; the known patterns are"), "{told}");
    assert!(lines[2].contains("does not support the pattern `sync:2`"), "{told}");
    std::fs::remove_dir_all(folder).expect("it can be removed");
}

#[test]
fn diff_export_and_rust_know_it() {
    let folder = std::env::temp_dir().join(format!("sfn-tasks-specs-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let (old, new) = (folder.join("old.asl.json"), folder.join("new.asl.json"));
    let right = DEFINITION.replace("\"quantity\":0", "\"quantity\":3");
    std::fs::write(&old, r#"{"StartAt":"End","States":{"End":{"Type":"Succeed"}}}"#).expect("it can be written");
    std::fs::write(&new, &right).expect("it can be written");
    let (old, new) = (old.to_string_lossy(), new.to_string_lossy());
    let (_, told) = run(&["diff", &old, &new, "--spec", SPEC]);
    assert!(told.contains("may lambda:InvokeFunction on") && told.contains("function:pricing:live"), "{told}");
    let (status, told) = run(&["export", &new, "--spec", SPEC]);
    assert!(status == Some(0) && told.contains("function:pricing:live"), "{told}");
    let (status, told) = run(&["rust", &new, "--spec", SPEC]);
    assert!(status == Some(0) && told.contains("use crate::tasks;"), "{told}");
    assert!(told.contains("tasks::acme::Quote::new()") && told.contains("tasks::acme::Order::new()"), "{told}");
    // The input of an activity has a type too.
    let pack = r#"{"StartAt":"Pack","States":{"Pack":{"Type":"Task","TimeoutSeconds":60,"Resource":"arn:aws:states:eu-central-1:111122223333:activity:pack",
"Parameters":{"order.$":"$.order","gift":true},"End":true}}}"#;
    std::fs::write(&*new, pack).expect("it can be written");
    let (_, told) = run(&["rust", &new, "--spec", SPEC]);
    let built = "tasks::acme::Pack::new().input(tasks::acme::Parcel::new().order(path(\"$.order\")).gift(true))";
    let joined: String = told.lines().map(str::trim).collect();
    assert!(joined.contains(built), "{told}");
    std::fs::write(&*new, pack.replace("gift", "bow")).expect("it can be written");
    let (_, told) = run(&["rust", &new, "--spec", SPEC]);
    assert!(told.contains("Value::unchecked("), "a payload is no parcel: {told}");
    // A value that the spec refuses is reported.
    std::fs::write(&*new, DEFINITION).expect("it can be written");
    let (_, told) = run(&["rust", &new, "--spec", SPEC]);
    assert!(told.contains("the checker reports 1 error"), "{told}");
    std::fs::remove_dir_all(folder).expect("it can be removed");
}
