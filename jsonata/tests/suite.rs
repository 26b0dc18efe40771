//! The test suite of the reference implementation, which is not part of this project: `SFN_JSONATA_SUITE` names the
//! folder `test/test-suite` of a checkout of jsonata-js/jsonata. Without it, the test prints that it was skipped.
//!
//! `docs/jsonata-suite.md` contains the last result; `UPDATE=1` rewrites it.
#![cfg(feature = "evaluate")]

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use sfn_tasks_jsonata::evaluate::{Settings, Value, evaluate};
use sfn_tasks_jsonata::{Syntax, parse};

/// Cases that are known to differ, and why.
const KNOWN: &[(&str, &str)] = &[
    ("range-operator/case021.json#0", "the work for ten million elements is more than the limit"),
    ("range-operator/case024.json#0", "the work for ten million elements is more than the limit"),
    ("tail-recursion/case002.json#0", "the depth limit is higher than the limit that the case sets"),
    ("token-conversion/case002.json#0", "the expression has two mistakes, and this parser reports the other one"),
];

/// The outcome of a case.
#[derive(Debug, PartialEq)]
enum Outcome {
    Result(Json),
    Undefined,
    Code(String),
}

fn run(case: &Json, suite: &Path, group: &Path) -> Result<Outcome, String> {
    let text = match (case["expr"].as_str(), case["expr-file"].as_str()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(file)) => fs::read_to_string(group.join(file)).map_err(|error| error.to_string())?,
        _ => return Err("no expression".into()),
    };
    let ast = match parse(&text, Syntax::Plain) {
        Ok(ast) => ast,
        Err(error) => return Ok(Outcome::Code(error.code.into())),
    };
    let input = match (case.get("data"), case["dataset"].as_str()) {
        (Some(data), _) => Value::from(data),
        (None, Some(name)) => {
            let text =
                fs::read_to_string(suite.join(format!("datasets/{name}.json"))).map_err(|error| error.to_string())?;
            Value::from(
                &serde_json::from_str::<Json>(text.trim_start_matches('\u{feff}'))
                    .map_err(|error| error.to_string())?,
            )
        }
        _ => Value::Undefined,
    };
    let bindings: Vec<(&str, Value)> = case["bindings"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), Value::from(value)))
        .collect();
    let settings = Settings { millis: 1_700_000_000_000, ..Settings::default() };
    Ok(match evaluate(&ast, input, bindings, &settings) {
        Err(error) => Outcome::Code(error.code.into()),
        Ok(value) => match value.to_json() {
            Ok(Some(json)) => Outcome::Result(json),
            Ok(None) => Outcome::Undefined,
            Err(_) => Outcome::Result("a function".into()),
        },
    })
}

fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

#[test]
fn the_suite_of_the_reference() {
    let Some(suite) = std::env::var_os("SFN_JSONATA_SUITE") else {
        println!("skipped: SFN_JSONATA_SUITE does not name the folder test/test-suite of jsonata-js/jsonata");
        return;
    };
    let suite = Path::new(&suite);
    let (mut passed, mut applies, mut left_out) = (0, 0, 0);
    let mut failures = Vec::new();
    let mut groups: Vec<_> =
        fs::read_dir(suite.join("groups")).expect("groups").map(|entry| entry.expect("a group").path()).collect();
    groups.sort();
    for group in groups {
        let mut files: Vec<_> =
            fs::read_dir(&group).expect("a group").map(|entry| entry.expect("a case").path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
            // Text in Rust cannot contain a single UTF-16 surrogate.
            let Ok(cases) = serde_json::from_str::<Json>(&fs::read_to_string(file).expect("a file")) else {
                left_out += 1;
                continue;
            };
            let cases = match cases {
                Json::Array(cases) => cases,
                case => vec![case],
            };
            for (index, case) in cases.iter().enumerate() {
                let name = format!(
                    "{}/{}#{index}",
                    group.file_name().unwrap_or_default().to_string_lossy(),
                    file.file_name().unwrap_or_default().to_string_lossy()
                );
                // Step Functions has no `$eval`.
                if case["expr"].as_str().is_some_and(|text| text.contains("$eval")) {
                    left_out += 1;
                    continue;
                }
                applies += 1;
                let outcome = run(case, suite, &group);
                let code = case["code"].as_str().or(case["error"]["code"].as_str());
                let right = match &outcome {
                    Ok(Outcome::Result(json)) => case.get("result").is_some_and(|wanted| same(json, wanted)),
                    Ok(Outcome::Undefined) => case.get("undefinedResult").is_some(),
                    // Our limit counts work; the test's limit is a time.
                    Ok(Outcome::Code(found)) => {
                        code == Some(found) || code == Some("U1001") && ["D1011", "D1012"].contains(&found.as_str())
                    }
                    Err(_) => false,
                };
                if right {
                    passed += 1;
                } else {
                    failures.push((
                        name,
                        case["expr"].as_str().unwrap_or("(file)").to_owned(),
                        format!("{outcome:?}"),
                        case.clone(),
                    ));
                }
            }
        }
    }
    for (name, expression, outcome, case) in &failures {
        let wanted =
            case.get("result").or(case.get("code")).or(case.get("error")).cloned().unwrap_or("undefined".into());
        let cut = |text: String| text.chars().take(300).collect::<String>();
        println!(
            "{name}\n  {}\n  got {}\n  not {}",
            cut(expression.clone()),
            cut(outcome.clone()),
            cut(wanted.to_string())
        );
    }
    println!("{passed} of {applies} cases pass; {left_out} are left out");
    let page = format!(
        "# The test suite of the reference implementation\n\n`tests/suite.rs` of the crate `sfn-tasks-jsonata` runs the test \
         suite of jsonata-js/jsonata, which is not\npart of this project (`SFN_JSONATA_SUITE` names its folder \
         `test/test-suite`, `UPDATE=1` writes this page).\n\n{passed} of {applies} cases pass. {left_out} are left out: they use \
         `$eval`, which Step Functions does not have, or contain\nsingle UTF-16 surrogates, which text in Rust cannot contain. These \
         cases differ:\n\n| case | why |\n|---|---|\n{}\n",
        KNOWN.iter().map(|(case, why)| format!("| {case} | {why} |")).collect::<Vec<_>>().join("\n")
    );
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/jsonata-suite.md"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, &page).expect("docs/");
    }
    let unknown: Vec<&str> = failures
        .iter()
        .map(|(name, ..)| name.as_str())
        .filter(|name| !KNOWN.iter().any(|(known, _)| known == name))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}
