//! The checker accepts any input: it does not panic, and the findings are in the order of the document, each with an existing
//! position.
#![allow(clippy::unwrap_used)]

use std::time::Instant;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sfn_tasks::asl::StateMachine;
use sfn_tasks::check::{Options, check};
use sfn_tasks::expression::{Intrinsic, JsonPath, Jsonata};
use sfn_tasks::value::{Json, Object};

const WORDS: &[&str] = &[
    "Type",
    "Next",
    "End",
    "StartAt",
    "States",
    "Branches",
    "ItemProcessor",
    "Iterator",
    "ProcessorConfig",
    "Mode",
    "Choices",
    "Default",
    "Condition",
    "Variable",
    "StringEquals",
    "NumericLessThanPath",
    "IsPresent",
    "And",
    "Or",
    "Not",
    "Retry",
    "Catch",
    "ErrorEquals",
    "MaxAttempts",
    "BackoffRate",
    "Resource",
    "Parameters",
    "Arguments",
    "Assign",
    "Output",
    "Credentials",
    "ItemReader",
    "ReaderConfig",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "Seconds",
    "Timestamp",
    "TimeoutSeconds",
    "InputPath",
    "ResultPath",
    "ItemsPath",
    "QueryLanguage",
    "Key.$",
    "TableName",
    "Item",
    "a",
    "b",
    "a/b~c",
    "",
];

const TEXTS: &[&str] = &[
    "Task",
    "Pass",
    "Choice",
    "Wait",
    "Map",
    "Parallel",
    "Fail",
    "Succeed",
    "JSONata",
    "JSONPath",
    "DISTRIBUTED",
    "a",
    "b",
    "$",
    "$.a[0]",
    "$$.Task.Token",
    "$a.b",
    "States.Format('{}', $.a)",
    "{% $states.input %}",
    "{% $a.(b; $c) %}",
    "{% (",
    "States.ALL",
    "${Name}",
    "arn:aws:states:::dynamodb:putItem",
    "arn:aws:states:::aws-sdk:s3:getObject.sync",
    "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "2030-01-01T00:00:00Z",
    "größe",
];

/// A random tree of words of the language.
fn document() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::from),
        select(TEXTS).prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        Just(Json::Placeholder("Name".into())),
    ];
    leaf.prop_recursive(8, 80, 6, |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Json::from),
            4 => vec((select(WORDS), inner), 0..10).prop_map(|members| Json::Object(members.into_iter().collect::<Object>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_document_can_be_checked(json in document(), express in any::<bool>()) {
        let machine = StateMachine::new(json);
        for finding in check(&machine, &Options::default().express(express)) {
            prop_assert!(machine.json().pointer(&finding.pointer).is_some(), "{finding}");
        }
    }

    #[test]
    fn any_state_can_be_checked(state in document(), other in document()) {
        let states: Object = [("a", state), ("b", other)].into_iter().collect();
        let machine: Object = [("StartAt", Json::from("a")), ("States", Json::Object(states))].into_iter().collect();
        check(&StateMachine::new(machine), &Options::default());
    }

    #[test]
    fn any_text_can_be_parsed(text in any::<String>(), path in "[$.a\\[\\]'*?(),:@0 -]{0,12}", call in "States\\.(Format|Array)[('{}$.a,)\\\\ ]{0,12}") {
        for text in [&text, &path, &call] {
            for offset in [JsonPath::parse(text).err(), Intrinsic::parse(text).err(), Jsonata::parse(text).err()].into_iter().flatten() {
                prop_assert!(text.is_char_boundary(offset.offset), "{text}: {offset:?}");
            }
        }
    }
}

#[test]
fn findings_stand_in_the_order_of_the_document() {
    let text = r#"{"StartAt": "A", "States": {"A": {"End": true, "Catch": [{"Next": "X", "ErrorEquals": []}], "Type": "Task"},
        "A": 1}, "Extra": 0}"#;
    let machine: StateMachine = text.replace("\"A\": 1", "\"B\": 1").parse().unwrap();
    let found: Vec<String> = check(&machine, &Options::default()).into_iter().map(|finding| finding.pointer).collect();
    assert_eq!(found, ["/States/A", "/States/A/Catch/0/Next", "/States/A/Catch/0/ErrorEquals", "/States/B", "/Extra",]);
}

#[test]
fn time_grows_with_the_number_of_states() {
    let machine = |states: usize| {
        let members = (0..states).map(|at| {
            let text = format!(
                r#"{{"Type": "Pass", "Parameters": {{"n.$": "$.n"}}, "Assign": {{"v{at}": 1}}, "Next": "S{}"}}"#,
                at + 1
            );
            (format!("S{at}"), StateMachine::from_json(&text).unwrap().into_json())
        });
        let end = StateMachine::from_json(r#"{"Type": "Succeed"}"#).unwrap().into_json();
        let states: Object = members.chain([(format!("S{states}"), end)]).collect();
        StateMachine::new(
            [("StartAt", Json::from("S0")), ("States", Json::Object(states))].into_iter().collect::<Object>(),
        )
    };
    let time = |states: usize| {
        let machine = machine(states);
        let begin = Instant::now();
        let found = check(&machine, &Options::default());
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert!(codes.iter().all(|code| *code == "definition-size"), "{codes:?}");
        begin.elapsed()
    };
    let (small, large) = (time(2_000), time(20_000));
    println!("2,000 states in {small:?}, 20,000 in {large:?}");
    // With ten times the states, a quadratic check would take a hundred times as long.
    assert!(large < small * 40, "2,000 states in {small:?}, 20,000 in {large:?}");
}

#[test]
fn findings_by_the_thousand_take_no_long_time() {
    let state = StateMachine::from_json(r#"{"Type": "Pass", "Next": "nowhere", "Parameters": {"a.$": "$x"}}"#).unwrap();
    let states: Object = (0..5_000).map(|at| (format!("State {at}"), state.json().clone())).collect();
    let machine: Object = [("StartAt", Json::from("State 0")), ("States", Json::Object(states))].into_iter().collect();
    let begin = Instant::now();
    let found = check(&StateMachine::new(machine), &Options::default());
    println!("{} findings in {:?}", found.len(), begin.elapsed());
    assert_eq!(found.len(), 10_000);
}

#[test]
fn hostile_texts_take_no_long_time() {
    let all = Instant::now();
    for text in ["<", "{", "%", "${", "{{", "[", "(", "$", "'", "..", "{%", "${a", "\\"] {
        let begin = Instant::now();
        let long = text.repeat(100_000 / text.len());
        let call = format!("States.Array({})", format!("{text},").repeat(30_000));
        let members = [
            ("Bucket", Json::from(long.clone())),
            ("Key.$", Json::from(format!("$.{long}"))),
            ("Body.$", Json::from(call)),
        ];
        let task: Object = [
            ("Type", Json::from("Task")),
            ("Resource", Json::from("arn:aws:states:::aws-sdk:s3:putObject.waitForTaskToken")),
            ("Parameters", Json::Object(members.into_iter().collect())),
            ("End", Json::from(true)),
        ]
        .into_iter()
        .collect();
        let states: Object = [("A", Json::Object(task))].into_iter().collect();
        check(
            &StateMachine::new([("States", Json::Object(states))].into_iter().collect::<Object>()),
            &Options::default(),
        );
        println!("{text}: {:?}", begin.elapsed());
    }
    assert!(all.elapsed().as_secs() < 60, "{:?}", all.elapsed());
}
