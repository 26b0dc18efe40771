//! Every parameter of every API that a spec describes, through a task, in each of its patterns and in both query
//! languages. `tools/validate_parameters.py` validates the written definitions with botocore.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use sfn_tasks::catalog::{self, Action, Shape, Structure};
use sfn_tasks::prelude::*;
use sfn_tasks::value::Expression;

#[path = "seed_gallery/properties.rs"]
mod properties;

/// How a scalar is set.
#[derive(Clone, Copy)]
enum Given {
    Literal,
    /// By an expression that both query languages have.
    Expression,
}

fn structure(structure: &Structure, given: Given, depth: usize) -> Payload {
    let wanted = |required: bool| if structure.union { true } else { required || depth < 6 };
    let members = structure.members.iter().filter(|member| wanted(member.required));
    let count = if structure.union { 1 } else { usize::MAX };
    Payload::Object(
        members.take(count).map(|member| (member.name.into(), value(&member.shape, given, depth + 1))).collect(),
    )
}

fn value(shape: &Shape, given: Given, depth: usize) -> Payload {
    match (shape, given) {
        (Shape::List(list), _) => {
            let least = usize::try_from(list.min_items.unwrap_or(1)).unwrap().max(1);
            // In JSONPath, an element of a list cannot be known only at run time, but the whole list can.
            Payload::Array((0..least).map(|_| value(&list.items, Given::Literal, depth + 1)).collect())
        }
        (Shape::Map(map), _) => Payload::Object(vec![("key".into(), value(&map.values, given, depth + 1))].into()),
        (Shape::Structure(inner), _) => structure(inner, given, depth),
        (_, Given::Expression) => Payload::Expression(Expression::Either {
            json_path: "$.value".into(),
            jsonata: "$states.input.value".into(),
        }),
        (Shape::String(text), _) => "x".repeat(usize::try_from(text.min_length.unwrap_or(1)).unwrap().max(1)).into(),
        (Shape::Enum(kind), _) => kind.values[0].0.into(),
        (Shape::Integer(number), _) => (number.minimum.unwrap_or(1.0) as i64).into(),
        (Shape::Number(number), _) => number.minimum.unwrap_or(0.5).into(),
        (Shape::Boolean, _) => true.into(),
        (Shape::Timestamp, _) => "2026-01-31T12:00:00Z".into(),
        (Shape::Blob, _) => "YQ==".into(),
        (Shape::Json, _) => payload!({ "a": [1, true, null] }),
        (other, _) => panic!("{other:?} has no literal here"),
    }
}

fn actions() -> impl Iterator<Item = &'static Action> {
    catalog::services().iter().flat_map(|service| service.actions.iter().copied())
}

fn render(action: &Action, resource: &str, given: Given, language: QueryLanguage) -> Json {
    let parameters = match action.body_member {
        Some(_) => payload!({ "a": 1 }),
        None => structure(action.parameters, given, 0),
    };
    let machine = StateMachine::builder(Task::raw("Task", resource, parameters)).query_language(language);
    let machine = machine.build_unchecked().unwrap_or_else(|problems| panic!("{resource}: {problems}"));
    serde_json::from_str(&machine.to_string()).unwrap()
}

/// Whether any scalar of the value is a literal, other than in a list.
fn has_literal(json: &Json) -> bool {
    match json {
        Json::Object(members) => members.iter().any(|(name, value)| !name.ends_with(".$") && has_literal(value)),
        Json::Array(_) => false,
        Json::String(text) => !text.starts_with("{%"),
        _ => true,
    }
}

#[test]
fn every_parameter_takes_literals_and_expressions() {
    let mut definitions = serde_json::Map::new();
    for action in actions().filter(|action| action.resource_member.is_none()) {
        for pattern in action.patterns {
            let name = pattern.resource.rsplit(":::").next().unwrap();
            let json_path = render(action, pattern.resource, Given::Literal, QueryLanguage::JsonPath);
            let jsonata = render(action, pattern.resource, Given::Literal, QueryLanguage::Jsonata);
            let (parameters, arguments) =
                (&json_path["States"]["Task"]["Parameters"], &jsonata["States"]["Task"]["Arguments"]);
            assert_eq!(parameters, arguments, "{name}");
            assert!(parameters.is_object(), "{name}");
            definitions.insert(name.to_owned(), json_path);

            if action.body_member.is_none() {
                for (language, field) in
                    [(QueryLanguage::JsonPath, "Parameters"), (QueryLanguage::Jsonata, "Arguments")]
                {
                    let machine = render(action, pattern.resource, Given::Expression, language);
                    assert!(!has_literal(&machine["States"]["Task"][field]), "{name}: {machine}");
                }
            }
        }
    }
    assert!(definitions.len() > 50, "{} definitions", definitions.len());
    write("catalog.json", Json::Object(definitions));
}

#[test]
fn the_tasks_of_the_seed_are_written_down() {
    let cases = properties::cases();
    let machines = cases.into_iter().map(|(name, text)| (name, serde_json::from_str::<Json>(&text).unwrap()));
    write("seed.json", Json::Object(machines.collect()));
}

fn write(name: &str, definitions: Json) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, serde_json::to_string(&json!(definitions)).unwrap()).unwrap();
    println!("written: {}", path.display());
}
