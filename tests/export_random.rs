//! Writes random definitions, whose exported templates `tools/export_check.py` checks.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sfn_tasks::asl::StateMachine;
use sfn_tasks::catalog;
use sfn_tasks::export::Export;
use sfn_tasks::value::{Json, Number, Object};

/// Text that a template or its parser could interpret as its own syntax.
const TEXTS: &[&str] = &[
    "${Stage}-x",
    "${AWS::Region}",
    "costs ${5}",
    "${ not closed",
    "${!Stage}",
    "${${Stage}}",
    "${}",
    "$${Stage}",
    "$$${Stage}",
    "$${5}",
    "%${Stage}{",
    "%{ if x }",
    "%%{ if }",
    "{% $a & `${b}` %}",
    "<<JSON",
    "JSON",
    "it's \"quoted\" \\ `back`",
    "line\nline\u{2028}ü",
    "a\n::error::b",
    "\r\n\t",
    "\u{0}\u{7f}\u{85}\u{feff}",
    "e\u{301} \u{212b}",
    "=",
    "~",
    "on",
    "NO",
    "y",
    ".5",
    "+1",
    "1e3",
    "1_000",
    "0x1F",
    "0o17",
    "017",
    "12:30:45",
    "2020-01-01",
    ".inf",
    "<<",
    "*a",
    "&a",
    "!Ref a",
    "? a",
];

const NUMBERS: &[&str] = &["1e3", "-2.5E7", "1.0", "-0", "9007199254740993", "1.50"];

fn awkward() -> impl Strategy<Value = Json> {
    prop_oneof![
        1 => Just(Json::Null),
        1 => Just(Json::from(true)),
        1 => (0..1_000_000i64).prop_map(Json::from),
        1 => "[a-z ]{0,8}".prop_map(Json::from),
        2 => prop::sample::select(NUMBERS).prop_map(|it| Number::from_text(it).map_or(Json::Null, Json::Number)),
        6 => prop::sample::select(TEXTS).prop_map(Json::from),
    ]
}

fn payload() -> impl Strategy<Value = Json> {
    awkward().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::vec(("[a-z]{1,4}|Ref|Fn::(Sub|Transform)|a.b|\\$\\{Stage\\}", inner), 0..3).prop_map(
                |members| {
                    let mut object = Object::new();
                    for (name, value) in members {
                        object.insert(name, value);
                    }
                    Json::Object(object)
                }
            ),
        ]
    })
}

/// A Pass state with free JSON, or a call with references for its required parameters.
fn state() -> impl Strategy<Value = Object> {
    let calls: Vec<(String, Vec<&'static str>)> = catalog::services()
        .iter()
        .flat_map(|service| service.actions)
        .filter(|action| action.resource_member.is_none() && action.body_member.is_none())
        .flat_map(|action| {
            let required = || action.parameters.members.iter().filter(|member| member.required).map(|it| it.name);
            action.patterns.iter().map(move |it| (it.resource.replace("${Partition}", "aws"), required().collect()))
        })
        .collect();
    prop_oneof![
        payload().prop_map(|payload| {
            let mut state = Object::new();
            state.insert("Type", "Pass");
            state.insert("Result", payload);
            state
        }),
        (prop::sample::select(calls), any::<bool>()).prop_map(|((resource, required), discards)| {
            let mut parameters = Object::new();
            for name in required {
                parameters.insert(name, format!("${{{name}}}"));
            }
            let mut state = Object::new();
            state.insert("Type", "Task");
            state.insert("Resource", resource);
            state.insert("Parameters", parameters);
            if discards {
                state.insert("ResultPath", Json::Null);
            }
            state
        }),
    ]
}

fn machine() -> impl Strategy<Value = StateMachine> {
    prop::collection::vec(state(), 1..6).prop_map(|states| {
        let last = states.len() - 1;
        let mut members = Object::new();
        for (number, mut state) in states.into_iter().enumerate() {
            match number == last {
                true => state.insert("End", true),
                false => state.insert("Next", format!("State {}", number + 1)),
            };
            members.insert(format!("State {number}"), state);
        }
        let mut definition = Object::new();
        definition.insert("StartAt", "State 0");
        definition.insert("States", members);
        StateMachine::new(definition)
    })
}

#[test]
fn every_machine_can_be_exported_and_is_kept_whole() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config { cases: 100, ..Config::default() }, rng);
    let mut lines = std::cell::RefCell::new(String::new());
    runner
        .run(&machine(), |machine| {
            writeln!(lines.borrow_mut(), "{machine}").map_err(|error| TestCaseError::fail(error.to_string()))?;
            let export = Export::new(&machine);
            let template = export.cloud_formation().map_err(|problems| TestCaseError::fail(problems.to_string()))?;
            prop_assert_eq!(deployed(&template), filled(machine.json()));
            for text in [export.terraform(), export.cdk()] {
                prop_assert!(text.is_ok(), "{:?}", text);
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("export-random.jsonl");
    std::fs::write(path, lines.get_mut()).unwrap_or_else(|error| panic!("{error}"));
}

/// The value of each reference in these tests.
fn value(name: &str) -> String {
    format!("<{}>", name.replace("AWS::", "Aws"))
}

/// The definition that CloudFormation would pass to Step Functions. This is an independent implementation of the documentation
/// of `Fn::Sub` and `DefinitionSubstitutions`.
fn deployed(template: &sfn_tasks::export::Template) -> Json {
    let properties = template.json().pointer("/Resources/StateMachine/Properties").cloned().unwrap_or_default();
    let (text, substitutions) = match (properties.get("Definition"), properties.get("DefinitionString")) {
        (Some(definition), _) => (definition.to_string(), properties.get("DefinitionSubstitutions")),
        (_, Some(Json::String(text))) => (text.to_string(), properties.get("DefinitionSubstitutions")),
        (_, Some(call)) => {
            let text = call.pointer("/Fn::Sub/0").and_then(Json::as_str).unwrap_or_default();
            (text.to_owned(), call.pointer("/Fn::Sub/1"))
        }
        _ => panic!("no definition in {template:#}"),
    };
    let mut whole = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find("${") {
        whole.push_str(&rest[..start]);
        let end = start + rest[start..].find('}').unwrap_or_else(|| panic!("not closed: {rest}"));
        let key = &rest[start + 2..end];
        let known = substitutions.and_then(|it| it.get(key)).unwrap_or_else(|| panic!("`{key}` is not substituted"));
        match (known.as_str(), known.get("Ref").and_then(Json::as_str)) {
            (Some(text), _) => whole.push_str(text),
            (_, Some(name)) => whole.push_str(&value(name)),
            _ => panic!("{known}"),
        }
        rest = &rest[end + 1..];
    }
    whole.push_str(rest);
    filled(whole.parse::<StateMachine>().unwrap_or_else(|error| panic!("{error}: {whole}")).json())
}

/// The definition with a value for each of its references.
fn filled(json: &Json) -> Json {
    let text = |text: &str| {
        let mut whole = text.to_owned();
        let known = ["Stage", "AWS::Region"].into_iter().map(str::to_owned);
        let required = catalog::services().iter().flat_map(|service| service.actions);
        let required = required.flat_map(|action| action.parameters.members).map(|member| member.name.to_owned());
        for name in known.chain(required) {
            whole = whole.replace(&format!("${{{name}}}"), &value(&name));
        }
        whole
    };
    match json {
        Json::String(string) if string.contains("${") => text(string).into(),
        Json::Array(elements) => Json::Array(elements.iter().map(filled).collect()),
        Json::Object(object) => {
            let mut whole = Object::new();
            for (name, value) in object.iter() {
                whole.insert(text(name), filled(value));
            }
            Json::Object(whole)
        }
        other => other.clone(),
    }
}
