//! Random documents: a written document reads back equal, in JSON and in YAML, and every value has its position.
#![allow(clippy::unwrap_used)]

use proptest::collection::vec;
use proptest::prelude::*;
use sfn_tasks::asl::{Format, Node, Source, StateMachine};
use sfn_tasks::value::{Json, Number, Object};

fn number() -> impl Strategy<Value = Json> {
    let written = prop_oneof![
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f64>()
            .prop_filter("JSON has finite numbers", |value| value.is_finite())
            .prop_map(|value| format!("{value:e}")),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
    ];
    written.prop_map(|text| Json::Number(Number::from_text(&text).unwrap()))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\\n]{0,30}",
        "[\\n \\t:#-]{0,6}",
        Just("States.ALL".to_owned()),
        Just("{% $states.input %}".to_owned()),
        "(Type|Next|States|Branches|ItemProcessor|Choices|Not|End)",
        "\\$\\{[A-Za-z]{1,5}\\}",
    ]
}

/// A random document. An unquoted placeholder is only for JSON: in YAML it is a string.
fn document(placeholders: bool) -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        number(),
        text().prop_map(Json::from),
        "[ -z]{1,10}".prop_map(move |name| match placeholders && !name.trim().is_empty() {
            true => Json::Placeholder(name.into()),
            false => Json::from(name),
        }),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Json::from),
            vec((text(), inner), 0..24).prop_map(|members| Json::Object(members.into_iter().collect::<Object>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn json_comes_back(json in document(true)) {
        let machine = StateMachine::new(json);
        for text in [format!("{machine}"), format!("{machine:#}")] {
            let read = StateMachine::from_json(&text).unwrap();
            // Compare texts, because the order of members matters too.
            prop_assert_eq!(read.to_string(), machine.to_string());
            prop_assert_eq!(&read, &machine);
        }
    }

    #[test]
    fn json_is_that_of_serde_json(json in document(false)) {
        let text = json.to_string();
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        let (ours, text) = (Json::from(theirs.clone()).to_string(), theirs.to_string());
        // Only our output escapes characters that a terminal could act on.
        if ours.matches("\\u").count() == text.matches("\\u").count() {
            prop_assert_eq!(ours, text);
        }
        prop_assert_eq!(serde_json::Value::from(&json), theirs);
    }

    #[test]
    fn values_are_found_where_they_stand(json in document(true), pretty: bool) {
        let text = if pretty { format!("{json:#}") } else { json.to_string() };
        let source = Source::new(text, Format::Json);
        let mut open = vec![Node::root(&json)];
        while let Some(node) = open.pop() {
            let place = source.locate(&node.pointer()).unwrap();
            let line = source.text().split('\n').nth(place.line - 1).unwrap();
            let at: String = line.chars().skip(place.column - 1).collect();
            let value = &source.text()[place.bytes];
            prop_assert!(at.starts_with(value.split('\n').next().unwrap()));
            prop_assert_eq!(&StateMachine::from_json(value).unwrap().into_json(), node.json());
            open.extend(node.elements());
            open.extend(node.members().map(|(_, member)| member));
        }
    }

    #[test]
    fn canonical_order_changes_nothing_else(json in document(true)) {
        let mut machine = StateMachine::new(json.clone());
        machine.canonicalize();
        prop_assert_eq!(machine.json(), &json);
    }

    #[test]
    fn no_text_panics(text in "[\\[\\]{}\":,0-9eE+\\-.$a-z\\\\ \\nä]{0,40}") {
        let source = Source::new(text.clone(), Format::Json);
        if let Err(error) = source.parse() {
            prop_assert!(error.location().bytes.end <= text.len());
        }
    }
}

/// The document with each number that has an exponent in one spelling: YAML has another one than JSON.
#[cfg(feature = "yaml")]
fn by_value(json: &Json) -> Json {
    match json {
        Json::Number(number) if number.to_string().contains(['e', 'E']) => {
            Json::Number(Number::from_text(&format!("{:e}", number.as_f64())).unwrap())
        }
        Json::Array(elements) => Json::Array(elements.iter().map(by_value).collect()),
        Json::Object(object) => {
            Json::Object(object.iter().map(|(name, value)| (name.to_owned(), by_value(value))).collect::<Object>())
        }
        other => other.clone(),
    }
}

#[cfg(feature = "yaml")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn yaml_comes_back(json in document(false)) {
        let text = json.to_yaml();
        let read = Source::new(&*text, Format::Yaml).parse();
        prop_assert_eq!(read.map(|read| by_value(&read).to_string()), Ok(by_value(&json).to_string()), "{}", text);
    }
}
