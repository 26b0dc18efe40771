//! What a user says on purpose is believed, and what is said of findings holds.

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
    // At run time, where the name of the member ends with `.$`.
    let machine = StateMachine::new(Task::new("A", call().parameter("Priority", path("$.priority")))).unwrap();
    assert_eq!(codes(&machine), ["unknown-parameter"]);
    // A value that AWS has added to an enumeration.
    let machine = StateMachine::new(Task::new("A", call().parameter("LogType", "Head"))).unwrap();
    assert_eq!(codes(&machine), ["parameter-value"]);
    // Within a structure.
    let attribute = sqs::MessageAttributeValue::new().data_type("String").string_value("x").parameter("Brand", 1);
    let send = sqs::SendMessage::new().queue_url("https://sqs.eu-west-1.amazonaws.com/111122223333/q");
    let machine = StateMachine::new(Task::new("A", send.message_body("m").message_attributes("a", attribute))).unwrap();
    assert_eq!(codes(&machine), ["unknown-parameter"]);
    // What is known and right gives no finding.
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
    let forgotten = |name: &str| Pass::new(name).parameters(payload!({ "a": "$.b" }));
    let machine = StateMachine::builder(forgotten("A")).build().unwrap();
    assert_eq!(codes(&machine), ["forgotten-dollar"]);
    assert!(StateMachine::builder(forgotten("A")).deny("warnings").build().is_err());
    assert!(StateMachine::builder(forgotten("A")).allow("forgotten-dollar").build().unwrap().warnings().is_empty());
    assert!(StateMachine::new(forgotten("A").allow("forgotten-dollar")).unwrap().warnings().is_empty());
    assert!(StateMachine::new(forgotten("A").deny("forgotten-dollar")).is_err());
    // What a state says holds against what the machine says, and within the state.
    let outer = Parallel::new("P").branch(forgotten("A")).allow("forgotten-dollar");
    let problems = StateMachine::builder(outer.next(forgotten("B"))).deny("warnings").build().unwrap_err();
    let places: Vec<&str> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(places, ["/States/B/Parameters/a"]);
    // An error can be allowed too.
    let loops = || Pass::new("A").next(goto("A"));
    assert!(StateMachine::new(loops()).is_err());
    assert!(StateMachine::builder(loops()).warn("no-end").build().is_ok());
}

#[test]
fn a_code_that_does_not_exist_is_told() {
    let machine = StateMachine::builder(Pass::new("A")).allow("forgoten-dollar").build().unwrap();
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
